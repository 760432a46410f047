"""How firm each seat is: the places an entry takes when one reviewer or one criterion is left out, or
when the weights shift a little.

The shortlist is taken as it stood: only the ranked entries are compared, and nobody is cut again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from awards.scoring.arithmetic import EXACT, Sheet, attainable, stage_scores
from awards.scoring.ranking import RANKED, Count, Outcome, rank_category
from awards.scoring.rule import CategoryRule, Rule

SHIFT = Decimal("0.1")
Piles = Mapping[tuple[str, str], Sequence[Sheet]]
Scores = Mapping[tuple[str, str], Fraction]


@dataclass(frozen=True)
class Change:
    """One thing done differently. kind: "reviewer" or "criterion" (left out), "stage_weight" or
    "criterion_weight" (`shift` is the part added, e.g. -0.1)."""

    kind: str
    name: str
    shift: Decimal = Decimal(0)


@dataclass(frozen=True)
class Stability:
    """Best and worst place over all changes; the changes that give or take this entry's seat."""

    entry: str
    best: int
    worst: int
    swayed_by: tuple[Change, ...]

    @property
    def is_firm(self) -> bool:
        return not self.swayed_by


def stability(counted: Count, *, shift: Decimal = SHIFT) -> dict[str, Stability]:
    """By entry code, for every ranked entry of a category. Reviewers must be the same person under the same name
    throughout, so count the real panel and not the letters of a public record.

    A change that leaves an entry without enough marks sways it and moves no place.
    """
    rule, category = counted.rule, counted.category
    rule = replace(rule, stages=tuple(replace(stage, advance=()) for stage in rule.stages))
    before = {standing.entry: standing for standing in counted.standings if standing.status == RANKED}
    piles = {key: pile for key, pile in counted.piles.items() if key[0] in before}
    scores = {
        (code, stage): score for code in before for stage, score in counted.outcome.scores[code].items()
    }
    places = {code: [place] for code, standing in before.items() if (place := standing.place)}
    swayed: dict[str, list[Change]] = {code: [] for code in before}
    for change, after in _variants(rule, category, sorted(before), piles, scores, shift):
        for place, group, seat in after.places:
            for code in group.entries:
                places[code].append(place)
                if seat is not before[code].seat:
                    swayed[code].append(change)
        for code in after.blocked:
            swayed[code].append(change)
    return {
        code: Stability(code, min(places[code]), max(places[code]), tuple(swayed[code])) for code in before
    }


def _variants(
    rule: Rule,
    category: CategoryRule,
    codes: list[str],
    piles: Piles,
    scores: Scores,
    shift: Decimal,
) -> Iterator[tuple[Change, Outcome]]:
    """Every change with what becomes of the category under it; only the touched scores are computed again."""
    fewer = replace(rule, least=max(rule.high + rule.low + 1, rule.least - 1))
    for reviewer in sorted({sheet.reviewer for pile in piles.values() for sheet in pile}):
        touched = {
            key: [sheet for sheet in pile if sheet.reviewer != reviewer]
            for key, pile in piles.items()
            if any(sheet.reviewer == reviewer for sheet in pile)
        }
        known = {key: score for key, score in scores.items() if key not in touched}
        known.update(stage_scores(fewer, category, touched))
        after = rank_category(fewer, category, codes, {**piles, **touched}, known)
        yield Change("reviewer", reviewer), after
    if len(category.criteria) > 1:
        for criterion in category.criteria:
            rest = tuple(c for c in category.criteria if c != criterion)
            other = _with_floor(rule, rule, category, replace(category, criteria=rest))
            if other is not None:
                yield Change("criterion", criterion.code), _ranked_anew(rule, other, codes, piles)
    for by in (-shift, shift):
        yield from _shifted(rule, category, codes, piles, scores, by)


def _shifted(
    rule: Rule,
    category: CategoryRule,
    codes: list[str],
    piles: Piles,
    scores: Scores,
    by: Decimal,
) -> Iterator[tuple[Change, Outcome]]:
    """Each weight alone, larger or smaller by the part `by`."""
    if len(rule.stages) > 1:
        for stage in rule.stages:
            heavier = replace(stage, weight=EXACT.multiply(stage.weight, 1 + by))
            new = replace(rule, stages=tuple(heavier if s == stage else s for s in rule.stages))
            other = _with_floor(rule, new, category, category)
            if other is not None:
                change = Change("stage_weight", stage.code, by)
                yield change, rank_category(new, other, codes, piles, scores)
    if rule.combine == "weighted" and len(category.criteria) > 1:
        for criterion in category.criteria:
            heavier = replace(criterion, weight=EXACT.multiply(criterion.weight, 1 + by))
            criteria = tuple(heavier if c == criterion else c for c in category.criteria)
            other = _with_floor(rule, rule, category, replace(category, criteria=criteria))
            if other is not None:
                change = Change("criterion_weight", criterion.code, by)
                yield change, _ranked_anew(rule, other, codes, piles)


def _ranked_anew(rule: Rule, category: CategoryRule, codes: list[str], piles: Piles) -> Outcome:
    return rank_category(rule, category, codes, piles, stage_scores(rule, category, piles))


def _with_floor(old_rule: Rule, rule: Rule, old: CategoryRule, new: CategoryRule) -> CategoryRule | None:
    """The changed category with the floor at the same part of what can be attained; None if nothing can."""
    before, after = _attainable(old_rule, old), _attainable(rule, new)
    if not before or not after:
        return None
    floor = Fraction(old.floor) * after / before
    return replace(new, floor=floor)  # type: ignore[arg-type]  # exact, for it is compared and never printed


def _attainable(rule: Rule, category: CategoryRule) -> Fraction:
    parts = (
        Fraction(stage.weight) * Fraction(attainable(rule.combine, category.criteria_in(stage.code)))
        for stage in rule.stages
    )
    return sum(parts, Fraction())
