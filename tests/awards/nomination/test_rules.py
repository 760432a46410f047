"""Counting of 字, phones, places, figures and completeness, by tables and by properties."""

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.campaign.rules.working_days import Calendar
from awards.catalogue import FIELDS
from awards.nomination.models import Metric
from awards.nomination.rules.completeness import completeness, gaps_of
from awards.nomination.rules.limits import (
    claimed_vs_recorded,
    correction_due,
    correction_problem,
    has_lapsed,
    partners_problem,
    places_problem,
    records_warnings,
)
from awards.nomination.rules.measured import MEANT, measured_by
from awards.nomination.rules.text_limits import TextLimits, length_problem
from units.counting import SPACES, WIDE, WIDTHLESS, count_characters
from units.moments import SHANGHAI
from units.phones import mask_phone, normalise_phone, phone_problem


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \n\t　", 0),
        ("服务企业", 4),
        ("服务，企业。", 6),
        ("service", 1),
        ("two words", 2),
        ("建成5G基站1200座", 7),
        ("5G", 1),
        ("36.5℃", 1),
        ("3,000,000元", 2),
        ("投资1.2亿元，增长15%", 9),
        ("２０２６年", 5),
        ("2026年", 2),
        ("2026-10-09", 1),
        ("“三个最佳”", 6),
        ("《办法》", 4),
        ("——……", 4),
        ("买买提·艾力", 6),
        ("①建立②完善", 6),
        ("100㎡", 2),
        ("好👍👍好", 3),
        ("👨‍👩‍👧", 1),
        ("𠮷野家", 3),
        ("葛󠄀城", 2),
        ("ひらがなカタカナ", 8),
        ("ㄅㄆ", 2),
        ("한글", 2),
        ("﨑", 1),
        ("㐀", 1),
        ("a\u200bb", 1),
        ("中\u200b文", 2),
        ("中　文", 2),
        ("中\u00a0文", 2),
        ("https://example.cn/a?b=1", 1),
        ("A类(甲)", 5),
        ("A类（甲）", 5),
        ("it's", 1),
        ("it’s", 3),
        ("第1项:Python与Excel", 6),
    ],
)
def test_characters_are_counted_as_wps_counts_them(text, count):
    assert count_characters(text) == count


def in_ranges(character: str, ranges) -> bool:
    return any(low <= ord(character) <= high for low, high in ranges)


texts = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("中文，。a1 　\n“👍𠮷\u200b")))


@given(texts)
def test_counting_agrees_with_walking_the_ranges(text):
    count, running = 0, False
    for character in text:
        if in_ranges(character, WIDTHLESS):
            continue
        if in_ranges(character, WIDE):
            count, running = count + 1, False
        elif in_ranges(character, SPACES):
            running = False
        else:
            count, running = count + (not running), True

    assert count_characters(text) == count


@given(texts, texts)
def test_texts_apart_count_as_much_as_together(one, other):
    assert count_characters(f"{one}\n{other}") == count_characters(one) + count_characters(other)


@given(st.characters())
def test_every_character_is_of_one_kind(character):
    assert sum(in_ranges(character, ranges) for ranges in (WIDE, SPACES, WIDTHLESS)) <= 1
    if not in_ranges(character, SPACES + WIDTHLESS):
        assert count_characters(character) == 1
        assert character != " "


@given(st.characters())
def test_every_space_of_unicode_is_a_space(character):
    assert character.isspace() == in_ranges(character, SPACES)


def as_javascript(ranges):
    """The inside of a character class for a JavaScript expression with the flag `u`."""
    return "".join(
        f"\\u{{{low:x}}}" if low == high else f"\\u{{{low:x}}}-\\u{{{high:x}}}" for low, high in ranges
    )


def test_the_page_counts_by_the_same_ranges():
    script = (Path(__file__).parents[3] / "static/js/form.js").read_text(encoding="utf-8")
    joined = re.sub(r'"\s*\+\s*"', "", script).replace("\\\\", "\\")

    for ranges in (WIDE, SPACES, WIDTHLESS):
        assert f'"{as_javascript(ranges)}"' in joined


def test_a_length_problem_tells_number_and_limit():
    assert length_problem("摘要", 300, 300) is None
    assert length_problem("摘要", 312, 300) == "摘要已写312字，超出12字（上限300字），提交前须删减。"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("0546-8221234", "0546-8221234"),
        ("0546—8221234", "0546-8221234"),
        ("（0546）８２２１２３４", "0546-8221234"),
        ("05468221234", "05468221234"),
        ("8221234", "8221234"),
        ("0546-8221234 转 801", "0546-8221234转801"),
        ("0546-8221234-801", "0546-8221234-801"),
        ("010-65123456", "010-65123456"),
        ("+86 546 8221234", "05468221234"),
        ("+86-10-65123456", "010-65123456"),
        ("+86 0546-8221234", "0546-8221234"),
        ("12345", "12345"),
        ("400-800-1234", "400-800-1234"),
    ],
)
def test_phone_numbers_are_taken_as_offices_write_them(typed, number):
    assert normalise_phone(typed) == number
    assert phone_problem(typed) is None


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("1381234567", "现为10位"),
        ("138123456789", "现为12位"),
        ("12812345678", "前两位不对"),
        ("0546-822", "无法识别"),
        ("办公室", "无法识别"),
        ("", "无法识别"),
    ],
)
def test_other_numbers_are_refused_with_the_reason(typed, problem):
    assert problem in phone_problem(typed)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("138 1234 5678", "138****5678"),
        ("0546-8221234", "0546-****234"),
        ("05468221234", "0546-****234"),
        ("8221234", "****234"),
        ("0546-8221234-801", "0546-****234"),
        ("张三13812345678", "****"),
    ],
)
def test_masked_numbers_keep_only_the_ends(typed, shown):
    assert mask_phone(typed) == shown


@given(st.text(alphabet="0123456789-（）转 １３", max_size=20))
def test_a_mask_never_shows_a_whole_number(typed):
    digits = re.sub(r"\D", "", normalise_phone(typed))

    assert digits not in mask_phone(typed) or len(digits) <= 3


@pytest.mark.parametrize(
    ("in_category", "in_all", "problem"),
    [
        (0, 0, None),
        (0, 1, None),
        (1, 1, "本单位在该类别的名额（1个）已用完。"),
        (1, 2, "本单位在该类别的名额（1个）已用完。"),
        (0, 2, "本单位名额（2个）已用完。"),
    ],
)
def test_a_unit_has_one_place_a_category_and_two_in_all(in_category, in_all, problem):
    assert places_problem(in_category, in_all) == problem


@pytest.mark.parametrize(
    ("partners", "problem"),
    [
        ([], None),
        ([2, 3, 4], None),
        ([2, 3, 4, 5], "联合申报单位4个，超过上限3个。"),
        ([2, 2], "联合申报单位有重复。"),
        ([1], "牵头单位不能同时是联合申报单位。"),
    ],
)
def test_partners_are_few_and_different(partners, problem):
    assert partners_problem(1, partners) == problem


@pytest.mark.parametrize(
    ("claimed", "recorded", "flagged", "sentence"),
    [
        ("110", "100", False, ""),
        ("110.01", "100", True, "申报数高于记录10.0%。"),
        ("112.5", "100", True, "申报数高于记录12.5%。"),
        ("90", "100", False, ""),
        ("80", "100", True, "申报数低于记录20.0%。"),
        ("0", "0", False, ""),
        ("5", "0", True, "没有可对照的记录。"),
        ("0.33", "0.3", False, ""),
    ],
)
def test_a_gap_of_more_than_a_tenth_is_flagged(claimed, recorded, flagged, sentence):
    gap = claimed_vs_recorded(Decimal(claimed), Decimal(recorded))

    assert gap.flagged is flagged
    assert gap.sentence == sentence


def test_the_share_of_a_gap_is_exact():
    assert claimed_vs_recorded(Decimal(4), Decimal(3)).share == Fraction(1, 3)
    with pytest.raises(ValueError, match="negative"):
        claimed_vs_recorded(Decimal(-1), Decimal(3))


@pytest.mark.parametrize(
    ("days", "count"),
    [
        ([], 2),
        ([date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 31)], 1),
        ([date(2026, 3, 31), date(2026, 4, 1)], 1),
        ([date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 2)], 0),
        ([date(2025, 3, 1), date(2026, 3, 1), date(2026, 3, 2)], 0),
    ],
)
def test_thin_records_are_warned_about(days, count):
    assert len(records_warnings(days)) == count


def test_a_file_is_returned_twice_at_most():
    assert correction_problem(1) is None
    assert correction_problem(2) == "已退回补正2次，达到上限2次，不能再退回。"


def test_a_correction_is_due_on_the_third_working_day_and_lapses_after_it():
    due = correction_due(Calendar({}, {2026}), datetime(2026, 11, 4, 10, tzinfo=SHANGHAI))

    assert due == datetime(2026, 11, 9, 17, 30, tzinfo=SHANGHAI)
    assert not has_lapsed(due, due)
    assert has_lapsed(due, due.replace(second=1))


def full_answers(category: str) -> dict[str, object]:
    answers = {one.code: "内容" for one in FIELDS if one.asked_of(category)}
    return answers | {
        "leader_phone": "13812345678",
        "contact_phone": "0546-8221234",
        "service_kinds": ["people"],
        "pledged": True,
        "satisfaction_sample": 0,
    }


@pytest.mark.parametrize("category", "FZX")
def test_a_full_form_has_no_gaps(category):
    states = completeness(category, full_answers(category))

    assert gaps_of(states) == []
    assert all(state.done == state.total for state in states)


@pytest.mark.parametrize("category", "FZX")
def test_an_empty_form_lacks_everything_asked_of_its_category(category):
    states = completeness(category, {})

    assert [gap.code for gap in gaps_of(states)] == [one.code for one in FIELDS if one.asked_of(category)]
    assert sum(state.done for state in states) == 0


@pytest.mark.parametrize(
    ("category", "change", "gap"),
    [
        ("F", {"spread": " 　"}, ("spread", "推广价值未填")),
        ("F", {"pledged": False}, ("pledged", "申报承诺未确认")),
        ("F", {"claims": []}, ("claims", "量化成效未添加")),
        ("F", {"contact_phone": "1381"}, ("contact_phone", "联系人电话：手机号码应为11位，现为4位")),
        ("Z", {"document_number": ""}, ("document_number", "制度文号未填")),
        ("X", {"investment_done": None}, ("investment_done", "完成投资未填")),
        ("F", {"title": "项" * 31}, ("title", "项目名称已写31字，超出1字（上限30字），提交前须删减")),
        ("F", {"summary": "摘" * 312}, ("summary", "摘要已写312字，超出12字（上限300字），提交前须删减")),
        (
            "F",
            {"background": "背" * 1000, "practice": "做" * 1000},
            ("background", "事迹材料已写2006字，超出6字（上限2000字），提交前须删减"),
        ),
    ],
)
def test_each_gap_is_named_once(category, change, gap):
    gaps = gaps_of(completeness(category, full_answers(category) | change))

    assert [(one.code, one.text) for one in gaps] == [gap]


def test_the_campaigns_own_limits_are_used():
    answers = full_answers("F") | {"title": "项" * 31}

    assert gaps_of(completeness("F", answers, limits=TextLimits(title=31))) == []


@pytest.mark.parametrize(
    ("indicator", "measure", "sum_of_the_log"),
    [
        ("受益群众", "人", "beneficiaries"),
        ("累计惠及居民", "人次", "beneficiaries"),
        ("服务企业", "家", "beneficiaries"),
        ("办结诉求", "件", "problems_closed"),
        ("协调解决企业难题", "个", "problems_closed"),
        ("收集意见诉求", "条", "problems_received"),
        ("志愿服务时长", "小时", "hours"),
        ("参加活动党员人次", "", "attendance"),
        ("开展宣讲活动场次", "场", "events"),
        ("诉求办结率", "%", "other"),
        ("群众满意率", "%", "other"),
        ("办理时限", "天", "other"),
        ("为企业节约资金", "万元", "other"),
        ("压减申请材料", "份", "other"),
    ],
)
def test_a_figure_is_held_against_what_its_name_means(indicator, measure, sum_of_the_log):
    assert measured_by(Metric.OTHER, indicator, measure) == sum_of_the_log
    assert measured_by(Metric.EVENTS, indicator, measure) == Metric.EVENTS


def test_every_sum_that_a_name_can_mean_is_one_of_the_log():
    assert MEANT.keys() == set(Metric) - {Metric.OTHER}
