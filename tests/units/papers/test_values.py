"""What people type into cells, and what becomes of it."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from units.papers import values
from units.papers.values import Unreadable


@pytest.mark.parametrize(
    "typed",
    [
        "2020.6.1",
        "2020．6．1",
        "2020年6月1日",
        "2020年06月01日",
        "2020 年 6 月 1 日",
        "２０２０－６－１",
        "20200601",
        "２０２００６０１",
        "2020-06-01",
        "2020/6/1",
        "2020-06-01 09:30:00",
        20200601,
        20200601.0,
        43983,
        43983.4,
        "43983",
        date(2020, 6, 1),
        datetime(2020, 6, 1, 9, 30),  # noqa: DTZ001
    ],
)
def test_a_day_is_read_in_every_way_offices_write_it(typed):
    assert values.date_value(typed) == date(2020, 6, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "2020.13.1",
        "2020.2.30",
        "20201301",
        "6.1",
        "2020年6月",
        "20.6.1",
        "1.6.2020",
        "1820-01-01",
        "待定",
        12,
        "2020.6.1.2",
    ],
)
def test_what_is_no_certain_day_is_refused(typed):
    with pytest.raises(Unreadable, match="2020-06-01"):
        values.date_value(typed)


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        (3, 3),
        (3.0, 3),
        ("１２３", 123),
        ("1,234人次", 1234),
        ("1，234 人次", 1234),
        ("12户", 12),
        ("1.2万", 12000),
        (0, 0),
    ],
)
def test_counts_are_read(typed, count):
    assert values.whole_number(typed) == count


@pytest.mark.parametrize(
    "typed", ["3.5", 3.5, -1, "-1", "约30", "12,34", "3只", "十", "1e3", True, float("inf"), date(2026, 1, 1)]
)
def test_what_is_no_certain_count_is_refused(typed):
    with pytest.raises(Unreadable):
        values.whole_number(typed)


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("301,705元", "301705.00"),
        (301705.10000000003, "301705.10"),
        ("￥1,200.5", "1200.50"),
        ("3.2万元", "32000.00"),
        ("０.５", "0.50"),
        (0, "0.00"),
    ],
)
def test_money_is_read_exactly(typed, yuan):
    read = values.amount(typed)
    assert isinstance(read, Decimal)
    assert str(read) == yuan


@pytest.mark.parametrize("typed", ["1.234", 0.005, "-5", "1万美元"])
def test_money_that_would_have_to_be_rounded_or_guessed_is_refused(typed):
    with pytest.raises(Unreadable):
        values.amount(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (13800000000.0, "13800000000"),
        (13800000000, "13800000000"),
        ("１３８ ００００ ００００", "13800000000"),
        ("0546－8220000", "0546-8220000"),
        ("（0546）8220000", "0546-8220000"),
        ("8220000", "8220000"),
        ("0546-8220000-801", "0546-8220000-801"),
        ("0546-8220000 转 801", "0546-8220000转801"),
        ("+86 139 0000 0000", "13900000000"),
        ("\u202d13800000000\u202c", "13800000000"),
        ("12345", "12345"),
    ],
)
def test_phones_become_text(typed, number):
    assert values.phone(typed) == number


@pytest.mark.parametrize("typed", ["1.38E+10", "1380000000", "138000000001", "无", 110.5])
def test_what_is_no_phone_is_refused(typed):
    with pytest.raises(Unreadable, match=r"号码(应为11位|无法识别)"):
        values.phone(typed)


def test_labels_are_found_whatever_the_spaces_and_named_when_not():
    kind = values.choice({"服务企业": "enterprise", "企业": "enterprise", "服务项目": "project"})
    assert kind(" 服务　企业 ") == "enterprise"
    assert kind("企业") == "enterprise"
    with pytest.raises(Unreadable, match="没有“服务群众”，应为服务企业、企业、服务项目之一"):
        kind("服务群众")


def test_text_is_cleaned_and_numbers_in_it_keep_no_decimal_point():
    assert values.text("　区财政局\u200b \u202e　机关党委 ") == "区财政局 机关党委"
    assert values.text(20260012.0) == "20260012"
    assert values.text("ＡＢ１２") == "AB12"
    assert values.limited_text(3)("一二三") == "一二三"
    with pytest.raises(Unreadable, match="共4字，最多3字"):
        values.limited_text(3)("一二三四")


def test_lists_in_a_cell_are_split_and_doubles_dropped():
    assert values.several(values.text)("区财政局、区审计局；区财政局\n区统计局、") == [
        "区财政局",
        "区审计局",
        "区统计局",
    ]


def test_width_counts_full_width_marks_twice():
    assert values.display_width("评选 2026") == 9
    assert values.display_width("一\n二三") == 4


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("区 民 政 局", "区民政局"),
        ("区民政局\n机关党委", "区民政局机关党委"),
        (" 第１党支部 ", "第1党支部"),
        ("A B 公司 C D", "A B公司C D"),
        ("区\u3164民\u00ad政\u2800局", "区民政局"),
        ("\u3164\u115f", ""),
    ],
)
def test_a_name_is_read_without_the_blanks_that_stretch_it(written, name):
    assert values.name_text(written) == name


@pytest.mark.parametrize(
    "typed", ["2026年3月12日（星期四）", "2026.3.12 周四", "2026-03-12(礼拜四)", "20260312星期四"]
)
def test_a_date_may_name_its_weekday(typed):
    assert values.date_value(typed) == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026年3月12日（星期五）", "是星期四"),
        ("2026.3.12-3.14", "只填开始的一天"),
        ("2026年3月12日至14日", "只填开始的一天"),
        ("2026-03-12~2026-03-14", "只填开始的一天"),
    ],
)
def test_a_wrong_weekday_and_several_days_are_told(typed, words):
    with pytest.raises(Unreadable, match=words):
        values.date_value(typed)


@pytest.mark.parametrize("typed", ["12，5", "1，2345", "12，34，567", "12,5", "1e1", "１，２"])
def test_a_comma_that_may_be_a_point_is_asked_about(typed):
    with pytest.raises(Unreadable):
        values.amount(typed)
