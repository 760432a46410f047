"""Names, numbers and dates as official papers write them."""

from datetime import date

import pytest

from units.papers.typesetting import balanced, chinese_period, in_quotes


@pytest.mark.parametrize(
    ("name", "said"),
    [("企业开办全程帮办", "“企业开办全程帮办”"), ("“代表护学路”共建行动", "“‘代表护学路’共建行动”")],
)
def test_quotation_marks_inside_a_quoted_name_become_single(name, said):
    assert in_quotes(name) == said


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 12, 10), date(2026, 12, 16), "2026年12月10日至16日"),
        (date(2026, 9, 28), date(2026, 10, 12), "2026年9月28日至10月12日"),
        (date(2026, 12, 28), date(2027, 1, 4), "2026年12月28日至2027年1月4日"),
        (date(2026, 12, 10), date(2026, 12, 10), "2026年12月10日"),
    ],
)
def test_a_period_names_each_part_once(first, last, text):
    assert chinese_period(first, last) == text


def test_a_long_title_is_broken_where_a_word_begins():
    title = "服务企业服务项目服务基层服务群众优秀示范项目评选"
    assert balanced(title) == ["服务企业服务项目服务基层", "服务群众优秀示范项目评选"]
