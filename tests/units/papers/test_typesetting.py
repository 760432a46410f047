"""Names, numbers and dates as official papers write them."""

import pytest

from units.papers.typesetting import balanced, in_quotes


@pytest.mark.parametrize(
    ("name", "said"),
    [("企业开办全程帮办", "“企业开办全程帮办”"), ("“代表护学路”共建行动", "“‘代表护学路’共建行动”")],
)
def test_quotation_marks_inside_a_quoted_name_become_single(name, said):
    assert in_quotes(name) == said


def test_a_long_title_is_broken_where_a_word_begins():
    title = "服务企业服务项目服务基层服务群众优秀示范项目评选"
    assert balanced(title) == ["服务企业服务项目服务基层", "服务群众优秀示范项目评选"]
