"""From the sheets of a year to the standings: stages, finals, ties, places, seats (docs/scoring.md).

Pure and exact; built into the public checker as well: standard library only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial

from awards.scoring.arithmetic import Sheet, figure, half_up, stage_scores, tie_measure, valid_piles
from awards.scoring.rule import UNTRIMMED_MEAN, CategoryRule, Rule

RANKED, NOT_SHORTLISTED, BLOCKED = "ranked", "not_shortlisted", "blocked"


# ---- what is ranked, and what comes out ----


@dataclass(frozen=True)
class Entry:
    code: str
    category: str


@dataclass(frozen=True)
class Standing:
    """One line of the ranking; the figures carry exactly the rule's decimals.

    seat: True, False, or None where a shared place does not fit and the panel votes again.
    """

    entry: str
    category: str
    status: str
    stages: Mapping[str, Decimal]
    final: Decimal | None = None
    place: int | None = None
    tie_broken_by: str | None = None
    seat: bool | None = False
    blocked_in: str | None = None


@dataclass(frozen=True)
class Group:
    """Entries that share a place (mostly one), and the step that separated a lone one from its equals."""

    entries: list[str]
    broken_by: str | None = None


@dataclass(frozen=True)
class Outcome:
    """One category, ranked but not yet printed: figures as later steps use them."""

    scores: Mapping[str, Mapping[str, Fraction]]
    finals: Mapping[str, Fraction]
    places: Sequence[tuple[int, Group, bool | None]]
    blocked: Mapping[str, str]
    cut: Collection[str]


@dataclass(frozen=True)
class Count:
    """One category counted: its valid sheets, what came of them, and the lines of it as printed."""

    rule: Rule
    category: CategoryRule
    piles: Mapping[tuple[str, str], Sequence[Sheet]]
    outcome: Outcome
    standings: Sequence[Standing]

    def measure(self, step: str, entry: str) -> Fraction:
        """What a step of the tie rule compares."""
        scores = {(entry, stage): score for stage, score in self.outcome.scores[entry].items()}
        return tie_measure(self.rule, self.category, scores, self.piles)(step, entry)


def count(rule: Rule, entries: Iterable[Entry], sheets: Iterable[Sheet]) -> list[Count]:
    """Every category, by its code.

    Expects distinct entries and one sheet for each entry, stage and reviewer, with marks in range;
    sheets of a stage an entry did not reach have no effect.
    """
    codes: dict[str, list[str]] = {category.code: [] for category in rule.categories}
    for entry in entries:
        codes[entry.category].append(entry.code)
    sheets = list(sheets)
    return [
        _count_category(rule, category, codes[category.code], sheets)
        for category in sorted(rule.categories, key=lambda category: category.code)
    ]


def _count_category(
    rule: Rule, category: CategoryRule, codes: Collection[str], sheets: Iterable[Sheet]
) -> Count:
    piles = valid_piles(rule, category, codes, sheets)
    scores = stage_scores(rule, category, piles)
    outcome = rank_category(rule, category, codes, piles, scores)
    return Count(rule, category, piles, outcome, list(_printed(rule, category, outcome)))


def standings(rule: Rule, entries: Iterable[Entry], sheets: Iterable[Sheet]) -> list[Standing]:
    """The standings of every category, sorted by category, place (none last) and entry."""
    return [line for counted in count(rule, entries, sheets) for line in counted.standings]


def rank_category(
    rule: Rule,
    category: CategoryRule,
    codes: Iterable[str],
    piles: Mapping[tuple[str, str], Sequence[Sheet]],
    scores: Mapping[tuple[str, str], Fraction],
) -> Outcome:
    """Rank the entries of one category by their stage scores; the piles tell equals apart."""
    reached, blocked, cut = _run_stages(rule, category, sorted(codes), scores)
    weights = [(stage.code, Fraction(stage.weight)) for stage in rule.stages]
    finals = {
        code: half_up(sum((own[stage] * weight for stage, weight in weights), Fraction()), rule.places)
        for code, own in reached.items()
        if code not in blocked and code not in cut
    }
    groups = _groups(finals, _usable_ties(rule, category), tie_measure(rule, category, scores, piles))
    return Outcome(reached, finals, list(_with_seats(category, finals, groups)), blocked, cut)


def _printed(rule: Rule, category: CategoryRule, outcome: Outcome) -> Iterator[Standing]:
    def stages(code: str) -> dict[str, Decimal]:
        return {stage: figure(score, rule.places) for stage, score in outcome.scores[code].items()}

    for place, group, seat in outcome.places:
        for code in group.entries:
            final = figure(outcome.finals[code], rule.places)
            yield Standing(code, category.code, RANKED, stages(code), final, place, group.broken_by, seat)
    for code in sorted({*outcome.blocked, *outcome.cut}):
        status = BLOCKED if code in outcome.blocked else NOT_SHORTLISTED
        where = outcome.blocked.get(code)
        yield Standing(code, category.code, status, stages(code), blocked_in=where)


def _run_stages(
    rule: Rule, category: CategoryRule, codes: Sequence[str], scores: Mapping[tuple[str, str], Fraction]
) -> tuple[dict[str, dict[str, Fraction]], dict[str, str], set[str]]:
    """Walk the stages: every entry's scores so far, stage by stage; who is blocked where; who is cut."""
    reached: dict[str, dict[str, Fraction]] = {code: {} for code in codes}
    blocked: dict[str, str] = {}
    cut: set[str] = set()
    going = list(codes)
    for stage in rule.stages:
        # A blocked entry has no score: it takes none of the places that go on.
        blocked.update({code: stage.code for code in going if (code, stage.code) not in scores})
        going = [code for code in going if code not in blocked]
        for code in going:
            reached[code][stage.code] = scores[code, stage.code]
        places = dict(stage.advance).get(category.code)
        if places is not None and len(going) > places:
            best_first = sorted((scores[code, stage.code] for code in going), reverse=True)
            stays = [c for c in going if places and scores[c, stage.code] >= best_first[places - 1]]
            cut.update(set(going).difference(stays))
            going = stays
    return reached, blocked, cut


# ---- ties, places, seats ----


def _usable_ties(rule: Rule, category: CategoryRule) -> list[str]:
    """The category's steps without those that name a stage or criterion it lacks."""
    known = {UNTRIMMED_MEAN}
    known.update(f"stage:{stage.code}" for stage in rule.stages)
    known.update(f"criterion:{criterion.code}" for criterion in category.criteria)
    return [step for step in category.ties if step in known]


def _groups(
    finals: Mapping[str, Fraction], ties: Sequence[str], measure: Callable[[str, str], Fraction]
) -> list[Group]:
    """All ranked entries, best first, those that share a place together."""
    groups = []
    for equals in _best_first(finals, finals.__getitem__):
        groups += _separated(equals, ties, measure)
    return groups


def _separated(
    equals: list[str], ties: Sequence[str], measure: Callable[[str, str], Fraction]
) -> list[Group]:
    """Split entries of equal final step by step; the step that leaves an entry alone broke its tie."""
    groups = [Group(equals)]
    for step in ties:
        finer = []
        for group in groups:
            if len(group.entries) == 1:
                finer.append(group)
                continue
            parts = _best_first(group.entries, partial(measure, step))
            finer += [Group(part, step if len(part) == 1 else None) for part in parts]
        groups = finer
    return groups


def _best_first(codes: Iterable[str], key: Callable[[str], Fraction]) -> list[list[str]]:
    """Entries with equal keys together, the highest key first, entries by code within."""
    by_key = defaultdict(list)
    for code in codes:
        by_key[key(code)].append(code)
    return [sorted(by_key[value]) for value in sorted(by_key, reverse=True)]


def _with_seats(
    category: CategoryRule, finals: Mapping[str, Fraction], groups: Iterable[Group]
) -> Iterator[tuple[int, Group, bool | None]]:
    """Count the places 1 2 2 4; seats go down them while they last and the floor is reached."""
    place, left, floor = 1, category.seats, Fraction(category.floor)
    for group in groups:
        size = len(group.entries)
        if not left or finals[group.entries[0]] < floor:
            seat = False
        elif size <= left:
            seat = True
            left -= size
        else:
            # The seats that are left belong to this place: the panel's re-vote fills them.
            seat = None
            left = 0
        yield place, group, seat
        place += size
