"""What a standing means, in words: how its place came about, and which step separated it from its equals.

Pure; the sentences are frozen with the ranking, so that nobody reads another reason later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from awards.scoring.arithmetic import figure
from awards.scoring.numbers import plain
from awards.scoring.ranking import BLOCKED, NOT_SHORTLISTED, RANKED, Count, Standing
from awards.scoring.words import stage_name, step_text

Value = TypeVar("Value")


def known(value: Value | None) -> Value:
    """What its status gives a standing: a place, a final, the stage it is blocked in."""
    assert value is not None
    return value


class Storyteller:
    """Tells every standing of one category. names: its criteria by code; stage: the one just closed, None for the
    final ranking; score_places: entry → place by the score of that stage.
    """

    def __init__(
        self,
        counted: Count,
        names: Mapping[str, str],
        *,
        stage: str | None = None,
        score_places: Mapping[str, int] | None = None,
    ):
        self.rule, self.category, self.names = counted.rule, counted.category, names
        self.ranked = [standing for standing in counted.standings if standing.status == RANKED]
        self.piles, self.measure = counted.piles, counted.measure
        self.stage, self.score_places = stage, score_places or {}

    # ---- ties

    def tie_note(self, standing: Standing) -> str:
        """Who has the same final, and what separated them, with both figures; empty without equals."""
        equals = [other for other in self.ranked if other.final == standing.final]
        if standing.status != RANKED or len(equals) < 2:
            return ""
        others = [other for other in equals if other.entry != standing.entry]
        shared = [other for other in others if other.place == standing.place]
        if shared:
            tail = "，放不下，待评委会复议" if standing.seat is None else ""
            return f"与另外{len(shared)}件各步均同分，并列第{standing.place}名{tail}"
        places = "、".join(str(place) for place in sorted({known(other.place) for other in others}))
        words = f"与第{places}名同分，按{step_text(known(standing.tie_broken_by), self.names)}裁定"
        return words + self._comparison(standing, others)

    def _comparison(self, standing: Standing, others: Sequence[Standing]) -> str:
        """（90.76＞90.71）: against the nearest one that this very step set apart."""
        step, place = known(standing.tie_broken_by), known(standing.place)
        own = self.measure(step, standing.entry)
        figures = [(known(other.place), self.measure(step, other.entry)) for other in others]
        apart = [(other, value) for other, value in figures if value != own]
        if not apart:
            return ""
        _, value = min(apart, key=lambda pair: (abs(pair[0] - place), -pair[0]))
        places = next(
            (n for n in range(self.rule.places, 12) if figure(own, n) != figure(value, n)), self.rule.places
        )
        sign = "＞" if own > value else "＜"
        return f"（{figure(own, places)}{sign}{figure(value, places)}）"

    # ---- why this place

    def why(self, standing: Standing) -> str:
        """One sentence: the sum, the place, the gap to the next, and what that means for a seat."""
        if standing.status == RANKED:
            return f"{self._sum(standing)}；{self._place(standing)}，{self._seat(standing)}。"
        if standing.status == NOT_SHORTLISTED:
            return self._cut(standing)
        return self._blocked(standing)

    def _sum(self, standing: Standing) -> str:
        if len(self.rule.stages) == 1 and self.rule.stages[0].weight == 1:
            code = self.rule.stages[0].code
            return f"{stage_name(code)}{standing.final}分（有效{len(self.piles[standing.entry, code])}份）"
        parts = "＋".join(
            f"{stage_name(stage.code)}{standing.stages[stage.code]}×{plain(stage.weight)}"
            for stage in self.rule.stages
        )
        return f"{parts}＝{standing.final}分"

    def _place(self, standing: Standing) -> str:
        place = f"第{standing.place}名"
        after = known(standing.place)
        below = next((other for other in self.ranked if known(other.place) > after), None)
        if any(o.place == standing.place and o.entry != standing.entry for o in self.ranked):
            return f"并列{place}"
        if below is None:
            return place
        gap = known(standing.final) - known(below.final)
        return f"{place}，高出第{below.place}名{gap}分" if gap else f"{place}，与第{below.place}名同分"

    def _seat(self, standing: Standing) -> str:
        if standing.seat:
            return f"在{self.category.seats}个名额内"
        if standing.seat is None:
            return "余下名额放不下并列的各件，待复议"
        if known(standing.final) < self.category.floor:
            return f"低于入选分数线{plain(self.category.floor)}分"
        return "名额已满"

    def _cut(self, standing: Standing) -> str:
        code = list(standing.stages)[-1]
        places = next(
            dict(stage.advance).get(self.category.code) for stage in self.rule.stages if stage.code == code
        )
        where = f"，第{self.score_places[standing.entry]}名" if standing.entry in self.score_places else ""
        return f"{stage_name(code)}{standing.stages[code]}分{where}，取前{places}名，未入围。"

    def _blocked(self, standing: Standing) -> str:
        where = known(standing.blocked_in)
        if self.stage and self.stage in standing.stages:
            place = self.score_places[standing.entry]
            score = standing.stages[self.stage]
            return f"{stage_name(self.stage)}{score}分，第{place}名，待{stage_name(where)}。"
        have = len(self.piles.get((standing.entry, where), ()))
        return f"{stage_name(where)}有效评分{have}份，不足{self.rule.least}份，不排名。"


def awaits_a_stage(standing: Standing, stage: str | None) -> bool:
    """Whether an entry is blocked only because the next stage has not been held yet."""
    return standing.status == BLOCKED and stage is not None and stage in standing.stages
