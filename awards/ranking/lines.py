"""The rows of a frozen ranking, made from its record: figures for reading, places, firmness, sentences.

Pure. What the record says is copied; only what it does not carry is computed from the same sheets.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from awards.nomination.rules.codes import code_key
from awards.scoring.numbers import exact_mean, figure
from awards.scoring.ranking import BLOCKED, Entry, Sheet, Standing, tie_measure, valid_piles
from awards.scoring.rule import CategoryRule, Rule
from awards.scoring.stability import Stability, stability
from awards.scoring.story import Storyteller, awaits_a_stage

# Beyond it the places under every change would take longer than a freeze may; the page then says so.
STABILITY_LIMIT = 150

Names = Mapping[str, Mapping[str, str]]  # category → criterion → label
Piles = Mapping[tuple[str, str], Sequence[Sheet]]


@dataclass(frozen=True)
class Line:
    """One entry as the page, the papers and the sheets show it."""

    standing: Standing
    criteria: dict[str, dict[str, str]]
    sheets: dict[str, int]
    stage_place: int | None
    order: int
    tie_note: str
    why: str
    stability: Stability | None


def lines_of(
    rule: Rule,
    record: Mapping[str, Any],
    sheets: Sequence[Sheet],
    names: Names,
    *,
    stage: str | None = None,
) -> list[Line]:
    """All lines of a record. sheets: with the reviewers' real keys; stage: the one just closed, None at the end."""
    standings = read_standings(record)
    codes = defaultdict(list)
    for standing in standings:
        codes[standing.category].append(standing.entry)
    piles = valid_piles(rule, {c.code: codes[c.code] for c in rule.categories}, sheets)
    result = []
    for category in rule.categories:
        own = [standing for standing in standings if standing.category == category.code]
        result += _of_category(rule, category, own, piles, names.get(category.code, {}), stage)
    return result


def read_standings(record: Mapping[str, Any]) -> list[Standing]:
    """The standings exactly as the record prints them."""
    category_of = {entry["code"]: entry["category"] for entry in record["entries"]}
    return [
        Standing(
            entry=row["entry"],
            category=category_of[row["entry"]],
            status=row["status"],
            stages={code: Decimal(score) for code, score in row["stages"].items()},
            final=None if row["final"] is None else Decimal(row["final"]),
            place=row["place"],
            tie_broken_by=row["tie_broken_by"],
            seat=row["seat"],
            blocked_in=row.get("blocked_in"),
        )
        for row in record["standings"]
    ]


def _of_category(
    rule: Rule,
    category: CategoryRule,
    standings: Sequence[Standing],
    piles: Piles,
    names: Mapping[str, str],
    stage: str | None,
) -> list[Line]:
    counts = Counter({key: len(pile) for key, pile in piles.items()})
    places = _score_places(standings, stage) if stage else {}
    scores = {s.entry: {code: Fraction(score) for code, score in s.stages.items()} for s in standings}
    measure = tie_measure(rule, category, scores, piles)
    story = Storyteller(rule, category, names, standings, counts, measure, stage=stage, score_places=places)
    firmness = _stability(rule, category, standings, piles)
    return [
        Line(
            standing=standing,
            criteria=_criteria(rule, category, standing.entry, piles),
            sheets={
                s.code: counts[standing.entry, s.code] for s in rule.stages if counts[standing.entry, s.code]
            },
            stage_place=places.get(standing.entry),
            order=order,
            tie_note=story.tie_note(standing),
            why=story.why(standing),
            stability=firmness.get(standing.entry),
        )
        for order, standing in enumerate(sorted(standings, key=_reading_order(places, stage)), start=1)
    ]


def _score_places(standings: Sequence[Standing], stage: str) -> dict[str, int]:
    """Places by the score of one stage, equals sharing theirs: 1 2 2 4."""
    scores = {s.entry: s.stages[stage] for s in standings if stage in s.stages}
    counted = Counter(scores.values())
    place_of, place = {}, 1
    for score in sorted(counted, reverse=True):
        place_of[score] = place
        place += counted[score]
    return {entry: place_of[score] for entry, score in scores.items()}


def _reading_order(places: Mapping[str, int], stage: str | None):
    """Ranked first; then who waits for the next stage; blocked where a hand is needed; last the cut ones."""

    def key(standing: Standing):
        if standing.place is not None:
            group = 0
        elif awaits_a_stage(standing, stage):
            group = 1
        else:
            group = 2 if standing.status == BLOCKED else 3
        return group, standing.place or places.get(standing.entry, 0), code_key(standing.entry)

    return key


def _criteria(rule: Rule, category: CategoryRule, entry: str, piles: Piles) -> dict[str, dict[str, str]]:
    """Mean of each criterion over all valid sheets, untrimmed, for reading."""
    return {
        stage.code: {
            criterion.code: str(figure(exact_mean([sheet.marks[criterion.code] for sheet in pile]), 2))
            for criterion in category.criteria_in(stage.code)
        }
        for stage in rule.stages
        if (pile := piles.get((entry, stage.code)))
    }


def _stability(
    rule: Rule, category: CategoryRule, standings: Sequence[Standing], piles: Piles
) -> dict[str, Stability]:
    if len(standings) > STABILITY_LIMIT:
        return {}
    codes = {standing.entry for standing in standings}
    entries = [Entry(code, category.code) for code in codes]
    own = [sheet for (code, _), pile in piles.items() if code in codes for sheet in pile]
    return stability(rule, entries, own)
