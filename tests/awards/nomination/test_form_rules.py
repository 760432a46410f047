"""Rules around the form: what a remark opens, what a submission's digest covers, who may begin."""

import pytest

from awards.catalogue import FIELDS, SECTIONS, label_of, open_answers, part_of_check, typed
from awards.nomination.models import Nomination
from awards.nomination.rules.completeness import Gap, SectionState, percent_of
from awards.nomination.rules.eligibility import first_refusal, questions_for
from awards.nomination.rules.freezing import canonical_bytes, digest_of_content
from awards.screening.rules.checklist import CHECKLIST

# ---------------------------------------------------------------- parts


@pytest.mark.parametrize(
    ("remarked", "opened"),
    [
        ([], set()),
        (["summary"], {"summary"}),
        (["leader_phone"], {"leader_phone"}),
        (["body"], {"background", "practice", "innovation", "effect", "spread"}),
        (["attachments"], {"attachments", "sealed"}),
        (["sealed"], {"sealed"}),
        (
            ["figures", "title"],
            {"claims", "satisfaction_sample", "satisfaction_percent", "evidence", "title"},
        ),
        (["nonsense"], set()),
    ],
)
def test_a_remark_opens_its_answer_or_its_whole_section(remarked, opened):
    assert open_answers(remarked) == opened


def test_every_answer_of_the_form_stands_in_a_section_and_can_be_opened():
    assert {one.section for one in FIELDS} == {one.code for one in SECTIONS}
    for one in FIELDS:
        assert one.code in open_answers([one.code])
        assert one.code in open_answers([one.section])


def test_a_typed_answer_is_a_column_called_what_the_form_calls_it():
    for one in typed():
        assert Nomination._meta.get_field(one.code).verbose_name == label_of(one.code)


def test_whatever_screening_remarks_opens_something():
    for check in CHECKLIST:
        assert open_answers([part_of_check(check.code)]), check


# ---------------------------------------------------------------- freezing


def test_the_canonical_form_is_sorted_tight_and_unescaped():
    content = {"b": ["甲", True, None, 1], "a": {"d": "1.50", "c": "“引号”\n"}}

    assert canonical_bytes(content) == '{"a":{"c":"“引号”\\n","d":"1.50"},"b":["甲",true,null,1]}'.encode()


def test_the_digest_knows_no_order_of_keys_but_every_character():
    assert digest_of_content({"a": "1", "b": "2"}) == digest_of_content({"b": "2", "a": "1"})
    assert digest_of_content({"a": "1"}) != digest_of_content({"a": "1 "})
    with pytest.raises(ValueError):
        canonical_bytes({"a": float("nan")})


# ---------------------------------------------------------------- eligibility and time


def test_the_first_no_in_the_order_of_the_questions_stops():
    questions = questions_for(2026)
    answers = {question.code: True for question in questions}

    assert 5 <= len(questions) <= 8
    assert first_refusal(answers, questions) is None
    assert first_refusal(answers | {"secrets": False, "running": False}, questions).code == "running"
    assert first_refusal({}, questions) == questions[0]


def test_a_form_with_a_gap_is_never_a_hundred_percent():
    states = [SectionState("basics", "基本信息", 299, 300, (Gap("title", "项目名称未填"),))]
    assert percent_of(states) == 99
    assert percent_of([]) == 0
