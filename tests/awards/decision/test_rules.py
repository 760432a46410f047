"""Quorum, majority and departures, by tables."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.decision.rules import (
    Base,
    Departure,
    Seated,
    Tally,
    VotingRule,
    decision_problems,
    departures,
    outcome,
    quorum_met,
    quorum_needed,
    tally_problems,
    votes_needed,
)

TWO_THIRDS_PRESENT = VotingRule(threshold=Fraction(2, 3), over=False, base=Base.PRESENT)
HALF_PRESENT = VotingRule(base=Base.PRESENT)


@pytest.mark.parametrize(("entitled", "needed"), [(1, 1), (3, 2), (6, 4), (7, 5), (9, 6), (10, 7)])
def test_two_thirds_make_a_quorum(entitled, needed):
    assert quorum_needed(entitled) == needed
    assert quorum_met(needed, entitled)
    assert not quorum_met(needed - 1, entitled)


def test_a_committee_without_members_has_no_quorum():
    assert not quorum_met(0, 0)


@pytest.mark.parametrize(
    ("rule", "entitled", "present", "needed"),
    [
        (VotingRule(), 7, 5, 4),
        (VotingRule(), 8, 6, 5),
        (HALF_PRESENT, 7, 5, 3),
        (HALF_PRESENT, 8, 6, 4),
        (TWO_THIRDS_PRESENT, 9, 9, 6),
        (TWO_THIRDS_PRESENT, 9, 8, 6),
        (TWO_THIRDS_PRESENT, 9, 7, 5),
    ],
)
def test_the_votes_a_motion_needs(rule, entitled, present, needed):
    assert votes_needed(entitled, present, rule) == needed


@given(st.integers(1, 60), st.integers(1, 60))
def test_more_than_half_is_never_exactly_half(entitled, present):
    for rule, base in ((VotingRule(), entitled), (HALF_PRESENT, present)):
        needed = votes_needed(entitled, present, rule)
        assert needed * 2 > base
        assert (needed - 1) * 2 <= base


@pytest.mark.parametrize(
    ("tally", "rule", "quorate", "passed", "sentence"),
    [
        (Tally(7, 6, 4, 1, 1), VotingRule(), True, True,
         "应到会7人，实到6人，赞成4票，反对1票，弃权1票；须4票赞成，通过。"),
        (Tally(7, 5, 3, 2), VotingRule(), True, False,
         "应到会7人，实到5人，赞成3票，反对2票，弃权0票；须4票赞成，未通过。"),
        (Tally(7, 5, 3, 1, 0, 1), HALF_PRESENT, True, True,
         "应到会7人，实到5人，赞成3票，反对1票，弃权0票，无效1票；须3票赞成，通过。"),
        (Tally(7, 4, 4), VotingRule(), False, False, "应到会7人，实到4人，不足5人，会议无效。"),
    ],
)  # fmt: skip
def test_a_tally_becomes_a_sentence_of_the_minutes(tally, rule, quorate, passed, sentence):
    result = outcome(tally, rule)

    assert (result.quorate, result.passed, result.sentence) == (quorate, passed, sentence)


@pytest.mark.parametrize(
    ("tally", "problem"),
    [
        (Tally(7, 8, 8), "到会8人，应在0至应到会7人之间。"),
        (Tally(7, 6, 4, 1), "赞成、反对、弃权和无效票合计5票，与到会6人不符。"),
        (Tally(7, 6, 7, -1), "票数不能小于0。"),
        (Tally(0, 0, 0), "应到会人数须大于0。"),
    ],
)
def test_an_impossible_tally_is_named_and_refused(tally, problem):
    assert problem in tally_problems(tally)
    with pytest.raises(ValueError, match=problem):
        outcome(tally)


RANKED = [
    Seated("F1", "F", 1, True),
    Seated("F2", "F", 2, True),
    Seated("F3", "F", 3, None),
    Seated("F4", "F", 3, None),
    Seated("F5", "F", 5, False),
    Seated("F6", "F", None, False),
    Seated("Z1", "Z", 1, True),
]


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        (["F1", "F2", "Z1"], []),
        (["F1", "F2", "F3", "Z1"], []),
        (["F1", "Z1"], [Departure("F2", "F", 2, taken_in=False)]),
        (
            ["F1", "F5", "Z1"],
            [Departure("F2", "F", 2, taken_in=False), Departure("F5", "F", 5, taken_in=True)],
        ),
    ],
)
def test_departures_from_the_ranking_are_found(decided, expected):
    assert departures(RANKED, decided) == expected


def test_an_entry_unknown_to_the_ranking_is_refused():
    with pytest.raises(ValueError, match="X9"):
        departures(RANKED, ["X9"])


@pytest.mark.parametrize(
    ("decided", "reasons", "problems"),
    [
        (["F1", "F2", "F3", "Z1"], {}, []),
        (["F1", "F2"], {"Z1": "材料存疑"}, []),
        (["F1", "F2", "F3", "F4", "Z1"], {}, ["F类审定4项，超过名额3项。"]),
        (["F1", "F2"], {"Z1": "  "}, ["Z1（排名内未列）须写明理由。"]),
        (["F1", "F2", "F5", "Z1"], {}, ["F5（排名外增列）须写明理由。"]),
        (["F1", "F2", "F6", "Z1"], {"F6": "理由"}, ["F6没有名次，不能列入。"]),
    ],
)
def test_a_list_needs_seats_and_reasons(decided, reasons, problems):
    assert decision_problems(RANKED, decided, {"F": 3, "Z": 1}, reasons) == problems
