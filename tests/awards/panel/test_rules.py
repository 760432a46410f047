"""Ties, draws, assignments and panels: tables, and invariants checked against brute force."""

import hashlib
import time
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards.panel.rules.assignment import Unassignable, assign, queue_order
from awards.panel.rules.composition import (
    Member,
    panel_problems,
    pool_warnings,
)
from awards.panel.rules.conflicts import (
    DECLARED,
    Belonging,
    EntryFacts,
    PastPost,
    ReviewerFacts,
    Tie,
    conflicts,
)
from awards.panel.rules.draw import Candidate, Drawn, PoolTooSmall, draw
from awards.panel.rules.lots import lot

# the organiser, two departments below it, a branch of each, and a department of another committee
ORGANISER, FINANCE, FINANCE_BRANCH, TAX, TAX_BRANCH, ABROAD = "org", "fin", "fin-1", "tax", "tax-1", "abroad"
TOPS = {ORGANISER: None, FINANCE_BRANCH: FINANCE, TAX_BRANCH: TAX}
ON = date(2026, 11, 16)


def at(unit: str) -> Belonging:
    return Belonging(unit, TOPS.get(unit, unit))


def post(unit: str, since: date | None = None, until: date | None = None) -> PastPost:
    return PastPost(at(unit), since, until)


@pytest.mark.parametrize(
    ("employer", "posts", "lead", "partners", "ties"),
    [
        (FINANCE, [], FINANCE, [], [Tie.OWN_UNIT]),
        (FINANCE_BRANCH, [], FINANCE_BRANCH, [], [Tie.OWN_UNIT]),
        (FINANCE, [], FINANCE_BRANCH, [], [Tie.OWN_UNIT]),
        (FINANCE_BRANCH, [], FINANCE, [], [Tie.PARENT_OR_CHILD]),
        (TAX, [], FINANCE, [], []),
        (ORGANISER, [], FINANCE, [], []),
        (ORGANISER, [], ORGANISER, [], [Tie.OWN_UNIT]),
        (FINANCE, [], ORGANISER, [], []),
        (None, [], FINANCE, [TAX], []),
        (None, [], ORGANISER, [], []),
        (ABROAD, [], FINANCE, [TAX], []),
        (TAX_BRANCH, [], FINANCE, [TAX], [Tie.CO_APPLICANT]),
        (TAX, [], FINANCE, [ORGANISER], []),
        (ORGANISER, [], FINANCE, [ORGANISER], []),
        (TAX, [post(FINANCE, until=date(2023, 11, 16))], FINANCE, [], [Tie.PAST_POST]),
        (TAX, [post(FINANCE, until=date(2023, 11, 15))], FINANCE, [], []),
        (TAX, [post(FINANCE_BRANCH)], FINANCE, [], [Tie.PAST_POST]),
        (TAX, [post(FINANCE, since=date(2026, 11, 17))], FINANCE, [], []),
        (TAX, [post(ORGANISER)], FINANCE, [], []),
        (None, [post(TAX)], FINANCE, [TAX], [Tie.PAST_POST]),
        (FINANCE, [post(FINANCE)], FINANCE, [FINANCE], [Tie.OWN_UNIT, Tie.CO_APPLICANT, Tie.PAST_POST]),
    ],
)
def test_ties_are_computed_from_posts(employer, posts, lead, partners, ties):
    reviewer = ReviewerFacts(at(employer) if employer else None, tuple(posts))
    entry = EntryFacts("2026-F-001", at(lead), tuple(at(one) for one in partners))

    assert conflicts(reviewer, entry, ON) == ties


def test_a_declared_tie_binds_its_own_entry_only():
    reviewer = ReviewerFacts(at(TAX), declared={"2026-F-001": frozenset({Tie.DECLARED_KIN})})

    assert conflicts(reviewer, EntryFacts("2026-F-001", at(FINANCE)), ON) == [Tie.DECLARED_KIN]
    assert conflicts(reviewer, EntryFacts("2026-F-002", at(FINANCE)), ON) == []


def test_every_tie_has_a_chinese_label():
    assert len({tie.label for tie in Tie}) == len(Tie)
    assert len(DECLARED) == 5
    assert max(map(len, Tie)) <= 20


def test_a_lot_can_be_checked_with_any_sha256_program():
    assert lot("seed", "reviewer1") == hashlib.sha256(b"seed|reviewer1").hexdigest()


POOL = [Candidate(f"reviewer{number}") for number in range(1, 22)]


def people(lines, drawn: Drawn) -> list[str]:
    return [line.candidate.key for line in lines if line.drawn == drawn]


def test_a_draw_fills_seats_and_reserves_and_tells_of_everybody():
    pool = [*POOL, Candidate("reviewer22", excluded="本人提出不参加")]
    lines = draw(pool, 7, 2, "2026-F-written")

    assert len(people(lines, Drawn.SEAT)) == 7
    assert len(people(lines, Drawn.RESERVE)) == 2
    assert [line.number for line in lines if line.drawn == Drawn.SEAT] == list(range(1, 8))
    assert {line.candidate for line in lines} == set(pool)
    assert all(line.reason for line in lines)
    assert lines[-1].candidate.key == "reviewer22"
    assert (lines[-1].drawn, lines[-1].reason) == (Drawn.EXCLUDED, "本人提出不参加")


@given(st.permutations(POOL), st.text(max_size=20))
def test_the_same_seed_draws_the_same_people_in_any_listing(pool, seed):
    assert draw(pool, 7, 2, seed) == draw(POOL, 7, 2, seed)


def test_another_seed_draws_other_people():
    drawn = {tuple(people(draw(POOL, 7, 2, str(seed)), Drawn.SEAT)) for seed in range(20)}

    assert len(drawn) == 20


def test_everybody_has_the_same_chance():
    counts = dict.fromkeys((one.key for one in POOL), 0)
    for seed in range(600):
        for key in people(draw(POOL, 7, 0, str(seed)), Drawn.SEAT):
            counts[key] += 1

    assert min(counts.values()) > 150  # 200 expected, standard deviation under 12
    assert max(counts.values()) < 250


@given(st.sampled_from(POOL), st.text(max_size=5))
def test_excluding_one_moves_up_the_next_and_nobody_else(left, seed):
    before = people(draw(POOL, 7, 14, seed), Drawn.SEAT) + people(draw(POOL, 7, 14, seed), Drawn.RESERVE)
    pool = [Candidate(one.key, "回避") if one == left else one for one in POOL]
    after = draw(pool, 7, 13, seed)

    assert people(after, Drawn.SEAT) + people(after, Drawn.RESERVE) == [
        key for key in before if key != left.key
    ]


def test_one_unit_fills_no_more_than_its_share():
    pool = [Candidate(f"reviewer{number}", unit=number % 4) for number in range(12)]
    lines = draw(pool, 4, 8, "seed", per_unit=1)

    assert {line.candidate.unit for line in lines if line.drawn == Drawn.SEAT} == {0, 1, 2, 3}
    assert len(people(lines, Drawn.RESERVE)) == 8


@pytest.mark.parametrize(
    ("pool", "seats", "per_unit"),
    [(POOL[:6], 7, None), ([Candidate("a", unit=1), Candidate("b", unit=1)], 2, 1)],
)
def test_a_pool_too_small_is_refused(pool, seats, per_unit):
    with pytest.raises(PoolTooSmall, match="少于"):
        draw(pool, seats, 0, "seed", per_unit)


def test_nobody_is_drawn_twice():
    with pytest.raises(ValueError, match="twice"):
        draw([Candidate("a"), Candidate("a")], 1, 0, "seed")


def loads_of(lines, reviewers) -> dict:
    return {one: sum(line.reviewer == one for line in lines) for one in reviewers}


@st.composite
def small_cases(draw_value):
    entries = [f"e{number}" for number in range(draw_value(st.integers(1, 4)))]
    reviewers = [f"r{number}" for number in range(draw_value(st.integers(1, 4)))]
    pairs = list(product(entries, reviewers))
    ties = draw_value(st.sets(st.sampled_from(pairs), max_size=len(pairs)))
    per_entry = draw_value(st.integers(1, 3))
    caps = {one: draw_value(st.integers(0, 4)) for one in reviewers}
    return entries, reviewers, ties, per_entry, caps, draw_value(st.sampled_from("abc"))


def brute_force(entries, reviewers, ties, per_entry, caps) -> list[int]:
    """The sums of squared loads of every legal assignment there is."""
    choices = [
        list(combinations([one for one in reviewers if (entry, one) not in ties], per_entry))
        for entry in entries
    ]
    sums = []
    for chosen in product(*choices):
        loads = [sum(one in readers for readers in chosen) for one in reviewers]
        if all(load <= caps[one] for load, one in zip(loads, reviewers, strict=True)):
            sums.append(sum(load * load for load in loads))
    return sums


@settings(max_examples=400, deadline=None)
@given(small_cases())
def test_an_assignment_is_found_whenever_one_exists_and_is_the_most_even(case):
    entries, reviewers, ties, per_entry, caps, seed = case
    possible = brute_force(entries, reviewers, ties, per_entry, caps)
    if not possible:
        with pytest.raises(Unassignable) as refusal:
            assign(entries, reviewers, ties, per_entry, caps, seed)
        assert refusal.value.entries
        assert set(refusal.value.entries) <= set(entries)
        return

    lines = assign(entries, reviewers, ties, per_entry, caps, seed)
    loads = loads_of(lines, reviewers)

    assert [line.entry for line in lines] == [entry for entry in entries for _ in range(per_entry)]
    assert len({(line.entry, line.reviewer) for line in lines}) == len(lines)
    assert not {(line.entry, line.reviewer) for line in lines} & ties
    assert all(loads[one] <= caps[one] for one in reviewers)
    assert sum(load * load for load in loads.values()) == min(possible)


@settings(deadline=None)
@given(small_cases(), st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_readers_in_any_listing(case, shuffler):
    entries, reviewers, ties, per_entry, caps, seed = case
    if not brute_force(entries, reviewers, ties, per_entry, caps):
        return
    shuffled = shuffler.sample(entries, len(entries)), shuffler.sample(reviewers, len(reviewers))

    lines = assign(entries, reviewers, ties, per_entry, caps, seed)

    assert lines == assign(entries, reviewers, ties, per_entry, caps, seed)
    assert set(lines) == set(assign(*shuffled, ties, per_entry, caps, seed))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.integers(3, 9), st.integers(1, 3), st.data())
def test_with_few_ties_loads_differ_by_one_at_most(count, size, per_entry, data):
    entries, reviewers = list(range(count)), [f"r{number}" for number in range(size)]
    tied = data.draw(st.lists(st.sampled_from(reviewers), min_size=count, max_size=count))
    ties = {(entry, one) for entry, one in zip(entries, tied, strict=True) if entry % size == 0}
    if per_entry == size:
        ties = set()

    loads = loads_of(assign(entries, reviewers, ties, per_entry, count, "seed"), reviewers)

    assert sum(loads.values()) == count * per_entry
    assert max(loads.values()) - min(loads.values()) <= 1


def test_the_greedy_choice_is_repaired_where_it_would_block():
    # r0 may read all, r1 only e0; each may read one: e0 must go to r1 whatever the lots say
    ties = {("e1", "r1")}
    for seed in "abcdefgh":
        lines = assign(["e0", "e1"], ["r0", "r1"], ties, 1, 1, seed)
        assert {(line.entry, line.reviewer) for line in lines} == {("e0", "r1"), ("e1", "r0")}


def test_the_greedy_choice_is_evened_out_where_it_was_unlucky():
    # whenever both entries first get r0 and r2, one of the others is left with nothing to read
    for seed in range(30):
        lines = assign(["e0", "e1"], ["r0", "r1", "r2", "r3"], {("e0", "r3"), ("e1", "r1")}, 2, 9, str(seed))
        assert sorted(line.reviewer for line in lines) == ["r0", "r1", "r2", "r3"]


def test_entries_without_enough_reviewers_are_named():
    with pytest.raises(Unassignable, match="2026-F-002共1件") as refusal:
        assign(["2026-F-001", "2026-F-002"], ["a", "b"], {("2026-F-002", "a")}, 2, 9, "seed")

    assert refusal.value.entries == ("2026-F-002",)


def test_a_list_with_a_double_is_refused():
    with pytest.raises(ValueError, match="twice"):
        assign(["e", "e"], ["a"], set(), 1, 9, "seed")


def test_five_hundred_entries_are_assigned_quickly_and_evenly():
    entries, reviewers = list(range(500)), [f"reviewer{number}" for number in range(9)]
    ties = {(entry, reviewers[entry % 9]) for entry in entries} | {
        (entry, reviewers[0]) for entry in range(300)
    }
    started = time.process_time()

    loads = loads_of(assign(entries, reviewers, ties, 5, 300, "seed"), reviewers)

    assert time.process_time() - started < 3
    assert sum(loads.values()) == 2500
    assert loads["reviewer0"] == 500 - len([one for one in entries if (one, "reviewer0") in ties])
    others = [load for one, load in loads.items() if one != "reviewer0"]
    assert max(others) - min(others) <= 1


def test_each_reviewer_reads_in_an_order_of_their_own():
    entries = [f"2026-F-{number:03d}" for number in range(1, 31)]
    orders = {one: queue_order(entries, one, "seed") for one in ("a", "b", "c")}

    assert all(sorted(order) == entries for order in orders.values())
    assert len({tuple(order) for order in orders.values()}) == 3
    assert queue_order(reversed(entries), "a", "seed") == orders["a"]
    without = [entry for entry in entries if entry != orders["a"][0]]
    assert queue_order(without, "a", "seed") == orders["a"][1:]


def panel(size: int) -> list[Member]:
    return [Member(number, unit=number) for number in range(size)]


@pytest.mark.parametrize(
    ("members", "problems"),
    [
        (panel(7), []),
        (panel(5), []),
        (panel(6), ["评审组现有6人，人数应为单数。"]),
        (panel(3), ["评审组现有3人，少于最少有效评分数5。"]),
        ([*panel(6), Member(0, 9)], ["评审组中有人重复。"]),
    ],
)
def test_a_panel_is_odd_and_large_enough(members, problems):
    assert panel_problems(members, least=5) == problems


def test_a_panel_that_trimming_would_empty_is_refused():
    assert "评审组现有1人，去掉1个最高分和1个最低分后没有剩余。" in panel_problems(panel(1), least=1)


def test_a_pool_below_three_times_the_seats_is_pointed_out():
    assert pool_warnings(21, 7) == []
    assert pool_warnings(20, 7) == ["可抽取20人，不足评委名额7的3倍（21人）。"]
