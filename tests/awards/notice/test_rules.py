"""The scope of objections, their due days, and the numbers their senders keep."""

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.campaign.rules.working_days import Calendar
from awards.notice.models import Ground, Outcome
from awards.notice.rules import (
    ABOUT_MARKS,
    ALPHABET,
    CODES,
    CONSEQUENCES,
    IN_SCOPE,
    ObjectionFacts,
    Route,
    acceptance_due,
    lookup_code,
    normalise_lookup_code,
    parse_receipt,
    receipt_number,
    ruling_due,
    scope,
)
from units.moments import SHANGHAI

PUBLISHED = datetime(2026, 12, 9, 9, tzinfo=SHANGHAI)
CLOSES = datetime(2026, 12, 17, tzinfo=SHANGHAI)
GOOD = {
    "filed_at": datetime(2026, 12, 11, 10, tzinfo=SHANGHAI),
    "ground": "facts",
    "statement": "所列帮办企业数与实际不符。",
    "is_named": True,
    "name": "某企业",
    "contact": "0546-8221234",
    "evidence": 1,
}
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("change", "route", "reason"),
    [
        ({}, Route.ACCEPT, "在公示期内实名提出"),
        ({"ground": "eligibility"}, Route.ACCEPT, "在公示期内实名提出"),
        ({"filed_at": PUBLISHED}, Route.ACCEPT, "在公示期内实名提出"),
        ({"filed_at": CLOSES - SECOND}, Route.ACCEPT, "在公示期内实名提出"),
        ({"filed_at": CLOSES}, Route.REFUSE, "提交时公示已于12月16日（周三）24:00截止。"),
        ({"filed_at": PUBLISHED - SECOND}, Route.REFUSE, "提交时公示尚未发布。"),
        ({"ground": "score"}, Route.REFUSE, "只对得分或名次有不同意见"),
        ({"ground": "other"}, Route.REFUSE, "没有涉及材料真实性或参评资格。"),
        ({"statement": " \n"}, Route.REFUSE, "没有写明事实。"),
        ({"evidence": 0}, Route.REFUSE, "没有提供证据"),
        ({"name": ""}, Route.REFUSE, "实名异议没有署名。"),
        ({"contact": " "}, Route.REFUSE, "实名异议没有留联系方式"),
        ({"is_named": False, "name": "", "contact": ""}, Route.LEAD, "匿名提交"),
        ({"is_named": False, "ground": "score"}, Route.REFUSE, "只对得分或名次有不同意见"),
    ],
)
def test_the_scope_of_an_objection(change, route, reason):
    suggestion = scope(ObjectionFacts(**(GOOD | change)), PUBLISHED, CLOSES)

    assert suggestion.route == route
    assert [one for one in suggestion.reasons if one.startswith(reason)]
    assert len(suggestion.reasons) == 1


def test_a_refusal_names_everything_at_once():
    facts = ObjectionFacts(CLOSES, "score", "", is_named=True)

    assert len(scope(facts, PUBLISHED, CLOSES).reasons) == 6


def test_the_rules_know_every_ground_and_outcome_of_the_models():
    assert {*IN_SCOPE, ABOUT_MARKS, "other"} == set(Ground.values)
    assert set(CONSEQUENCES) == set(Outcome.values)


def test_what_follows_from_a_ruling():
    assert CONSEQUENCES["not_upheld"].keeps
    assert not CONSEQUENCES["not_upheld"].corrects
    assert CONSEQUENCES["partly"].keeps
    assert CONSEQUENCES["partly"].corrects
    assert not CONSEQUENCES["upheld"].keeps
    assert [outcome for outcome, after in CONSEQUENCES.items() if after.successor] == ["upheld"]


CALENDAR = Calendar(
    {
        day: chinese_calendar.is_workday(day)
        for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    },
    {2026},
)


@pytest.mark.parametrize(
    ("moment", "accepted_by", "ruled_by", "extended_to"),
    [
        (
            "2026-12-11 10:00",
            date(2026, 12, 15),
            date(2026, 12, 25),
            date(2027, 1, 11),
        ),  # 元旦 rests, decreed or not
        ("2026-09-29 23:59", date(2026, 10, 8), date(2026, 10, 19), date(2026, 11, 2)),
        ("2026-02-13 08:00", date(2026, 2, 24), date(2026, 3, 5), date(2026, 3, 19)),
    ],
)
def test_answers_are_due_in_working_days(moment, accepted_by, ruled_by, extended_to):
    moment = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)

    assert acceptance_due(CALENDAR, moment) == accepted_by
    assert ruling_due(CALENDAR, moment) == ruled_by
    assert ruling_due(CALENDAR, moment, extended=True) == extended_to


@pytest.mark.parametrize(
    ("typed", "parsed"),
    [
        ("2026-YY-007", ("2026", 7)),
        (" ２０２６－yy－007 ", ("2026", 7)),
        ("2026—YY—1234", ("2026", 1234)),
        ("2026-YY-000", None),
        ("2026-YY-7", None),
        ("2026-F-007", None),
        ("", None),
    ],
)
def test_receipts_are_read_as_typed(typed, parsed):
    assert parse_receipt(typed) == parsed


@given(st.from_regex(r"[A-Z0-9]+(-[A-Z0-9]+)?", fullmatch=True), st.integers(1, 99999))
def test_receipts_are_read_as_printed(campaign, sequence):
    assert parse_receipt(receipt_number(campaign, sequence)) == (campaign, sequence)


def test_receipts_begin_at_one():
    assert receipt_number("2026", 7) == "2026-YY-007"
    with pytest.raises(ValueError, match="from 1"):
        receipt_number("2026", 0)


def test_lookup_codes_have_no_letters_that_look_alike():
    assert not set("0O1IL2Z5S8B6UV") & set(ALPHABET) - {"V"}
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert CODES > 2**54


@given(st.integers(0, CODES - 1), st.integers(0, CODES - 1))
def test_lookup_codes_tell_numbers_apart(one, other):
    code = lookup_code(one)

    assert (code == lookup_code(other)) == (one == other)
    assert len(code) == 14
    assert normalise_lookup_code(code) == code
    assert normalise_lookup_code(f" {code.lower().replace('-', ' ')} ") == code


@pytest.mark.parametrize("text", ["", "3KMQ-7ACD", "3KMQ-7ACD-TVX0", "3KMQ-7ACD-TVXYY"])
def test_what_is_no_lookup_code_is_not_taken(text):
    assert normalise_lookup_code(text) is None


def test_a_number_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="fit"):
        lookup_code(CODES)
