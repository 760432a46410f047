"""The checklist and its verdict, likeness of texts, names found and masked."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.nomination.rules.limits import in_operation_long_enough
from awards.screening.rules.blindness import Span, find_identity, mask
from awards.screening.rules.checklist import (
    CHECKLIST,
    Answer,
    Facts,
    Mark,
    Way,
    automatic_marks,
    checks_for,
    verdict,
)
from awards.screening.rules.similarity import SIMILAR_FROM, alike, similarity

PASS, FIX, FAIL = Mark(Answer.PASS), Mark(Answer.FIX, "请补充"), Mark(Answer.FAIL, "不在范围")


def marks(category: str = "F", **others: Mark) -> dict[str, Mark]:
    return {check.code: PASS for check in checks_for(category)} | others


def test_checks_have_codes_of_their_own_and_fit_their_categories():
    codes = [check.code for check in CHECKLIST]

    assert len(set(codes)) == len(codes)
    assert "legality" in {check.code for check in checks_for("Z")}
    assert "legality" not in {check.code for check in checks_for("F") + checks_for("X")}
    assert {check.code for check in CHECKLIST if check.automatic} == set(
        automatic_marks(Facts(2026, date(2026, 3, 1), date(2026, 11, 6)))
    )


@pytest.mark.parametrize(
    ("given_marks", "rounds", "way", "problem"),
    [
        (marks(), 0, Way.QUALIFY, None),
        (marks(seal=FIX), 0, Way.RETURN, None),
        (marks(seal=FIX), 1, Way.RETURN, None),
        (marks(seal=FIX), 2, Way.INELIGIBLE, "已退回补正2次"),
        (marks(unit=FAIL), 0, Way.INELIGIBLE, None),
        (marks(unit=FAIL, seal=FIX), 0, Way.INELIGIBLE, None),
        ({"unit": FAIL}, 0, Way.INELIGIBLE, None),
        ({"unit": FIX}, 0, None, "“工作属于本年度”尚未审查。"),
        ({}, 0, None, "“申报单位在评选范围内”尚未审查。"),
        (marks(seal=Mark(Answer.FIX, " ")), 0, None, "“盖章页清晰有效”为需补正，须写明原因。"),
        (marks(unit=Mark(Answer.FAIL)), 0, None, "“申报单位在评选范围内”为不通过，须写明原因。"),
    ],
)
def test_the_marks_allow_one_way_only(given_marks, rounds, way, problem):
    conclusion = verdict("F", given_marks, rounds)

    assert conclusion.way == way
    assert [other for other in Way if conclusion.allows(other)] == ([way] if way else [])
    assert (problem is None) == (conclusion.problems == ())
    assert problem is None or any(one.startswith(problem) for one in conclusion.problems)


def test_a_question_of_another_category_is_refused():
    with pytest.raises(ValueError, match="legality"):
        verdict("F", marks(legality=PASS))


answers = st.sampled_from([PASS, FIX, FAIL, Mark(Answer.FIX), Mark(Answer.FAIL)])


@given(
    st.dictionaries(st.sampled_from([check.code for check in checks_for("Z")]), answers), st.integers(0, 3)
)
def test_a_file_qualifies_only_when_everything_passed(given_marks, rounds):
    conclusion = verdict("Z", given_marks, rounds)
    complete = set(given_marks) == {check.code for check in checks_for("Z")}

    assert conclusion.allows(Way.QUALIFY) == (complete and all(mark == PASS for mark in given_marks.values()))
    if conclusion.allows(Way.RETURN):
        assert complete
        assert rounds < 2
        assert not any(mark.answer == Answer.FAIL for mark in given_marks.values())


@pytest.mark.parametrize(
    ("started", "closing", "enough"),
    [
        (date(2026, 8, 6), date(2026, 11, 6), True),
        (date(2026, 8, 7), date(2026, 11, 6), False),
        (date(2025, 11, 30), date(2026, 2, 28), True),
        (date(2025, 12, 1), date(2026, 2, 28), False),
        (date(2027, 11, 29), date(2028, 2, 28), False),
        (date(2026, 12, 1), date(2026, 11, 6), False),
        (date(2025, 3, 1), date(2026, 11, 6), True),
    ],
)
def test_three_months_are_counted_by_the_calendar(started, closing, enough):
    assert in_operation_long_enough(started, closing) is enough


@given(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(0, 200))
def test_longer_in_operation_is_never_worse(started, days):
    closing = started + timedelta(days=days)

    if in_operation_long_enough(started, closing):
        assert in_operation_long_enough(started, closing + timedelta(days=1))
        assert days >= 89
    else:
        assert days <= 92


@pytest.mark.parametrize(
    ("change", "code", "answer", "reason"),
    [
        ({}, "year", Answer.PASS, ""),
        ({"started_on": None}, "year", Answer.FIX, "未填实施起始日期。"),
        ({"started_on": date(2027, 1, 1)}, "year", Answer.FAIL, "实施起始日期在2026年之后。"),
        ({"started_on": date(2026, 10, 1)}, "year", Answer.FAIL, "截止申报时运行不满3个月。"),
        ({"quota_problem": "本单位名额（2个）已用完。"}, "quota", Answer.FAIL, "本单位名额（2个）已用完。"),
        ({"repeats": ["与2020-F-003相似"]}, "repeat", Answer.FAIL, "与2020-F-003相似。"),
        ({"gaps": ["摘要未填", "推广价值未填"]}, "form", Answer.FIX, "摘要未填；推广价值未填。"),
        ({"records_remarks": ["引用1条。", "1个季度。"]}, "records", Answer.FIX, "引用1条；1个季度。"),
    ],
)
def test_rows_answer_the_automatic_questions(change, code, answer, reason):
    facts = {"year": 2026, "started_on": date(2026, 3, 1), "closing_on": date(2026, 11, 6)} | change
    proposed = automatic_marks(Facts(**facts))

    assert proposed[code] == Mark(answer, reason)
    assert all(mark == PASS for other, mark in proposed.items() if other != code)


TEXT = "围绕企业开办环节，推行全程帮办服务，将办理时限由三个工作日压缩至半个工作日。"


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        (TEXT, TEXT, 1),
        (TEXT, TEXT.replace("，", " ").replace("。", ""), 1),
        ("ＡＢＣＤ１２３", "abcd123", 1),
        ("甲乙丙丁", "乙丙丁戊", Fraction(1, 3)),
        ("甲乙丙", "丁戊己", 0),
        ("甲乙", "甲乙", 1),
        ("甲乙", "甲乙丙", 0),
        ("", "", 0),
        ("，。", "！？", 0),
    ],
)
def test_likeness_looks_at_letters_only(one, other, share):
    assert similarity(one, other) == share


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_symmetric_and_within_bounds(one, other):
    share = similarity(one, other)

    assert share == similarity(other, one)
    assert 0 <= share <= 1
    assert similarity(one, one) == (1 if any(character.isalnum() for character in one) else 0)


def test_alike_texts_come_most_alike_first():
    near = TEXT.replace("三个工作日", "五个工作日")
    found = alike(TEXT, {"far": "推进老旧小区改造", "near": near, "same": TEXT})

    assert [one.key for one in found] == ["same", "near"]
    assert found[0].percent == 100
    assert SIMILAR_FROM <= found[1].share < 1


NAMES = ["东营区行政审批服务局", "区行政审批服务局", "审批局", "财政局", "区委 编办", "A局"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("由区行政审批服务局牵头", ["区行政审批服务局"]),
        ("由东营区行政审批服务局牵头", ["东营区行政审批服务局"]),
        ("由区行政审批 服务局牵头", ["区行政审批 服务局"]),
        ("由区行政审批\n服务局牵头", ["区行政审批\n服务局"]),
        ("审批局、财政局和审批局", ["审批局", "财政局", "审批局"]),
        ("审批局财政局", ["审批局", "财政局"]),
        ("会同区委编办", ["区委编办"]),
        ("会同ａ局", ["ａ局"]),
        ("财\u200b政局", ["财\u200b政局"]),
        ("财税政策由局里制定", []),
        ("", []),
    ],
)
def test_names_are_found_however_they_are_typed(text, found):
    spans = find_identity(text, NAMES)

    assert [text[span.start : span.end] for span in spans] == found


def test_overlapping_names_are_hidden_whole_under_the_longest():
    spans = find_identity("甲乙丙丁戊", ["乙丙丁戊", "甲乙丙"])

    assert spans == [Span(0, 5, "乙丙丁戊")]


def test_a_name_of_one_character_hides_nothing():
    assert find_identity("区里的局", ["局", " 区 ", ""]) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("财政局与审批局合作", "某单位与某单位合作"),
        ("各单位合作", "各单位合作"),
        ("", ""),
    ],
)
def test_masked_text_shows_a_word_for_each_name(text, shown):
    segments = mask(text, find_identity(text, NAMES))

    assert "".join(segment.text for segment in segments) == shown
    assert [segment.text for segment in segments if segment.hidden] == ["某单位"] * shown.count("某单位")


@pytest.mark.parametrize("spans", [[Span(0, 2, "a"), Span(1, 3, "b")], [Span(2, 9, "a")], [Span(2, 2, "a")]])
def test_spans_that_do_not_fit_are_refused(spans):
    with pytest.raises(ValueError, match="spans"):
        mask("甲乙丙丁", spans)


pieces = st.text(alphabet="甲乙丙Ａa （( \n丁", max_size=30)


@given(pieces, st.lists(st.text(alphabet="甲乙丙aA(", min_size=1, max_size=4), max_size=4))
def test_no_name_is_left_in_what_is_shown(text, names):
    spans = find_identity(text, names)
    shown = [segment.text for segment in mask(text, spans) if not segment.hidden]

    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(find_identity(piece, names) == [] for piece in shown)
    if not spans:
        assert "".join(shown) == text
