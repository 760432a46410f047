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

from awards.scoring.arithmetic import TooFewMarks, is_complete, sheet_total, stage_score
from awards.scoring.numbers import exact_mean, figure, half_up
from awards.scoring.rule import UNTRIMMED_MEAN, CategoryRule, CriterionRule, Rule, StageRule

RANKED, NOT_SHORTLISTED, BLOCKED = "ranked", "not_shortlisted", "blocked"


# ---- what is ranked, and what comes out ----


@dataclass(frozen=True)
class Entry:
    code: str
    category: str


@dataclass(frozen=True)
class Sheet:
    """One reviewer's marks, criterion → mark; one with a criterion left open does not count."""

    entry: str
    stage: str
    reviewer: str
    marks: Mapping[str, Decimal]


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


def standings(rule: Rule, entries: Iterable[Entry], sheets: Iterable[Sheet]) -> list[Standing]:
    """The standings of every category, sorted by category, place (none last) and entry.

    Expects distinct entries and one sheet for each entry, stage and reviewer, with marks in range;
    sheets of a stage an entry did not reach have no effect.
    """
    codes: dict[str, list[str]] = {category.code: [] for category in rule.categories}
    for entry in entries:
        codes[entry.category].append(entry.code)
    piles = valid_piles(rule, codes, sheets)
    result = []
    for category in sorted(rule.categories, key=lambda category: category.code):
        outcome = rank_category(rule, category, codes[category.code], piles)
        result += _printed(rule, category, outcome)
    return result


def valid_piles(
    rule: Rule, codes: Mapping[str, Iterable[str]], sheets: Iterable[Sheet]
) -> dict[tuple[str, str], list[Sheet]]:
    """The complete sheets by (entry, stage); codes: the entries of each category."""
    criteria = {
        (entry, stage.code): category.criteria_in(stage.code)
        for category in rule.categories
        for stage in rule.stages
        for entry in codes[category.code]
    }
    piles = defaultdict(list)
    for sheet in sheets:
        if is_complete(criteria[sheet.entry, sheet.stage], sheet.marks):
            piles[sheet.entry, sheet.stage].append(sheet)
    return piles


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


def rank_category(
    rule: Rule,
    category: CategoryRule,
    codes: Iterable[str],
    piles: Mapping[tuple[str, str], Sequence[Sheet]],
    known: Mapping[tuple[str, str], Fraction] | None = None,
) -> Outcome:
    """Rank the entries of one category; `known`: stage scores that need not be computed again."""
    scores, blocked, cut = _run_stages(rule, category, sorted(codes), piles, known or {})
    weights = [(stage.code, Fraction(stage.weight)) for stage in rule.stages]
    finals = {
        code: half_up(sum((own[stage] * weight for stage, weight in weights), Fraction()), rule.places)
        for code, own in scores.items()
        if code not in blocked and code not in cut
    }
    groups = _groups(finals, _usable_ties(rule, category), tie_measure(rule, category, scores, piles))
    return Outcome(scores, finals, list(_with_seats(category, finals, groups)), blocked, cut)


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
    rule: Rule,
    category: CategoryRule,
    codes: Sequence[str],
    piles: Mapping[tuple[str, str], Sequence[Sheet]],
    known: Mapping[tuple[str, str], Fraction],
) -> tuple[dict[str, dict[str, Fraction]], dict[str, str], set[str]]:
    """Walk the stages: every entry's scores so far, stage by stage; who is blocked where; who is cut."""
    scores: dict[str, dict[str, Fraction]] = {code: {} for code in codes}
    blocked: dict[str, str] = {}
    cut: set[str] = set()
    going = list(codes)
    for stage in rule.stages:
        criteria = category.criteria_in(stage.code)
        for code in going:
            try:
                score = known.get((code, stage.code))
                if score is None:
                    marks = [sheet.marks for sheet in piles.get((code, stage.code), ())]
                    score = stage_score(rule, criteria, marks)
                scores[code][stage.code] = score
            except TooFewMarks:
                blocked[code] = stage.code
        # A blocked entry has no score: it takes none of the places that go on.
        going = [code for code in going if code not in blocked]
        places = dict(stage.advance).get(category.code)
        if places is not None and len(going) > places:
            best_first = sorted((scores[code][stage.code] for code in going), reverse=True)
            stays = [c for c in going if places and scores[c][stage.code] >= best_first[places - 1]]
            cut.update(set(going).difference(stays))
            going = stays
    return scores, blocked, cut


# ---- ties, places, seats ----


def _usable_ties(rule: Rule, category: CategoryRule) -> list[str]:
    """The category's steps without those that name a stage or criterion it lacks."""
    known = {UNTRIMMED_MEAN}
    known.update(f"stage:{stage.code}" for stage in rule.stages)
    known.update(f"criterion:{criterion.code}" for criterion in category.criteria)
    return [step for step in category.ties if step in known]


def tie_measure(
    rule: Rule,
    category: CategoryRule,
    scores: Mapping[str, Mapping[str, Fraction]],
    piles: Mapping[tuple[str, str], Sequence[Sheet]],
) -> Callable[[str, str], Fraction]:
    """A function (step, entry) → figure; asked only for entries that are tied."""

    def mean_in(stage: StageRule, code: str, criterion: CriterionRule | None) -> Fraction:
        """Exact mean, over all valid sheets, of one criterion or (None) of the totals."""
        every = [sheet.marks for sheet in piles[code, stage.code]]
        if criterion is not None:
            return exact_mean([marks[criterion.code] for marks in every])
        criteria = category.criteria_in(stage.code)
        return exact_mean([sheet_total(rule.combine, criteria, marks) for marks in every])

    def measure(step: str, code: str) -> Fraction:
        kind, _, name = step.partition(":")
        if kind == "stage":
            return scores[code][name]
        criterion = next((c for c in category.criteria if kind == "criterion" and c.code == name), None)
        having = [s for s in rule.stages if criterion is None or criterion.is_used_in(s.code)]
        parts = (Fraction(stage.weight) * mean_in(stage, code, criterion) for stage in having)
        return sum(parts, Fraction())

    return measure


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
