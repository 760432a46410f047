"""Rules around the form: what a remark opens, what a submission's digest covers, who may begin."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.nomination.models import Nomination
from awards.nomination.queries import FORM_FIELDS
from awards.nomination.rules import (
    EVERY_ANSWER,
    PART_LABELS,
    PARTS,
    SECTIONS,
    canonical_bytes,
    changed_keys,
    digest_of_content,
    first_refusal,
    open_answers,
    part_of,
    questions_for,
    text_changes,
    time_left,
)
from awards.screening.rules.remarks import PART_OF_CHECK

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


def test_every_answer_of_the_form_and_every_item_asked_for_has_its_part():
    asked = {item.code for section in SECTIONS for item in section.items}

    assert set(FORM_FIELDS) | asked <= EVERY_ANSWER
    for answer in EVERY_ANSWER:
        assert answer in PARTS[part_of(answer)]
        assert answer in PART_LABELS or Nomination._meta.get_field(answer).verbose_name


def test_whatever_screening_remarks_opens_something():
    for part in PART_OF_CHECK.values():
        assert open_answers([part]), part


# ---------------------------------------------------------------- freezing


def test_the_canonical_form_is_sorted_tight_and_unescaped():
    content = {"b": ["甲", True, None, 1], "a": {"d": "1.50", "c": "“引号”\n"}}

    assert canonical_bytes(content) == '{"a":{"c":"“引号”\\n","d":"1.50"},"b":["甲",true,null,1]}'.encode()


def test_the_digest_knows_no_order_of_keys_but_every_character():
    assert digest_of_content({"a": "1", "b": "2"}) == digest_of_content({"b": "2", "a": "1"})
    assert digest_of_content({"a": "1"}) != digest_of_content({"a": "1 "})
    with pytest.raises(ValueError):
        canonical_bytes({"a": float("nan")})


SENTENCES = st.lists(st.text(alphabet="甲乙。；\n！1 ", max_size=6), max_size=12).map("".join)


@given(SENTENCES, SENTENCES)
def test_the_woven_text_gives_both_texts_back(old, new):
    pieces = text_changes(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new


def test_a_changed_sentence_stands_alone_in_the_comparison():
    pieces = text_changes("一句。二句。三句。", "一句。二句改。三句。")

    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "一句。"), ("gone", "二句。"), ("new", "二句改。"), ("same", "三句。"),
    ]  # fmt: skip


def test_changed_keys_are_those_that_differ_came_or_went():
    assert changed_keys({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 5, "d": 4}) == ["b", "d", "c"]


# ---------------------------------------------------------------- eligibility and time


def test_the_first_no_in_the_order_of_the_questions_stops():
    questions = questions_for(2026)
    answers = {question.code: True for question in questions}

    assert 5 <= len(questions) <= 8
    assert first_refusal(answers, questions) is None
    assert first_refusal(answers | {"secrets": False, "running": False}, questions).code == "running"
    assert first_refusal({}, questions) == questions[0]


@pytest.mark.parametrize(
    ("until", "now", "words"),
    [
        (datetime(2026, 11, 6, 9, 30, tzinfo=UTC), datetime(2026, 11, 3, 2, 0, tzinfo=UTC), "还有3天"),
        (datetime(2026, 11, 6, 9, 30, tzinfo=UTC), datetime(2026, 11, 5, 16, 0, tzinfo=UTC), "今天截止"),
        (datetime(2026, 11, 6, 9, 30, tzinfo=UTC), datetime(2026, 11, 5, 15, 59, tzinfo=UTC), "还有1天"),
        (datetime(2026, 11, 6, 9, 30, tzinfo=UTC), datetime(2026, 11, 6, 9, 30, tzinfo=UTC), "今天截止"),
        (datetime(2026, 11, 6, 9, 30, tzinfo=UTC), datetime(2026, 11, 6, 9, 30, 1, tzinfo=UTC), "已截止"),
    ],
)
def test_the_time_left_counts_the_days_of_shanghai(until, now, words):
    assert time_left(until, now) == words
