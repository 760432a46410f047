"""The rows of a frozen ranking: its standings with figures for reading, places, firmness, sentences. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from awards.nomination.rules.codes import code_key
from awards.scoring.arithmetic import exact_mean, figure
from awards.scoring.ranking import BLOCKED, Count, Standing
from awards.scoring.stability import Stability, stability
from awards.scoring.story import Storyteller, awaits_a_stage

# Beyond it the places under every change would take longer than a freeze may; the page then says so.
STABILITY_LIMIT = 150


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


def lines_of(counted: Count, names: Mapping[str, str], *, stage: str | None = None) -> list[Line]:
    """All lines of a category, counted with the reviewers' real keys. names: criterion → label; stage: the one
    just closed, None at the end."""
    places = _score_places(counted.standings, stage) if stage else {}
    story = Storyteller(counted, names, stage=stage, score_places=places)
    firmness = stability(counted) if len(counted.standings) <= STABILITY_LIMIT else {}
    return [
        Line(
            standing=standing,
            criteria=_criteria(counted, standing.entry),
            sheets=_sheets(counted, standing.entry),
            stage_place=places.get(standing.entry),
            order=order,
            tie_note=story.tie_note(standing),
            why=story.why(standing),
            stability=firmness.get(standing.entry),
        )
        for order, standing in enumerate(
            sorted(counted.standings, key=_reading_order(places, stage)), start=1
        )
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


def _sheets(counted: Count, entry: str) -> dict[str, int]:
    """Stage → valid sheets."""
    return {
        code: len(pile) for code in counted.rule.stage_codes if (pile := counted.piles.get((entry, code)))
    }


def _criteria(counted: Count, entry: str) -> dict[str, dict[str, str]]:
    """Mean of each criterion over all valid sheets, untrimmed, for reading."""
    return {
        code: {
            criterion.code: str(figure(exact_mean([sheet.marks[criterion.code] for sheet in pile]), 2))
            for criterion in counted.category.criteria_in(code)
        }
        for code in counted.rule.stage_codes
        if (pile := counted.piles.get((entry, code)))
    }
