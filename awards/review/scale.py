"""The drawn scale beside a mark: band limits in steps of half a point, and where a mark lies on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

from awards.review.rules import BANDS, band_of
from awards.scoring.numbers import plain
from awards.scoring.rule import STEP

# Share of the maximum → place on a drawing 136 wide. 差 is compressed: most marks lie in the upper bands.
KNOTS = ((Decimal(0), 4.0), (Decimal("0.6"), 24.5), (Decimal("0.8"), 68.0), (Decimal("0.9"), 100.0))
END = (Decimal(1), 132.0)
GAP = 0.75  # left free at each end of a band's bar


@dataclass(frozen=True)
class Level:
    """One band of a criterion: its name, the marks it spans and what they stand for."""

    name: str
    lowest: Decimal
    highest: Decimal
    anchor: str
    is_hit: bool

    @property
    def span(self) -> str:
        return f"{plain(self.lowest)}—{plain(self.highest)}"


@dataclass(frozen=True)
class Bar:
    x: float
    width: float


@dataclass(frozen=True)
class Scale:
    """What the template draws: bars of the bands, ticks of earlier marks, the place of this one."""

    bars: tuple[Bar, ...]
    ticks: tuple[float, ...]
    here: float | None
    text: str


def levels(maximum: Decimal, anchors: Sequence[str], mark: Decimal | None = None) -> list[Level]:
    """The four bands from 优 to 差 with the marks they span; the band of `mark` is hit."""
    found, above = [], maximum + STEP
    for index, (name, percent) in enumerate(BANDS):
        lowest = (maximum * percent / 100 / STEP).to_integral_value(ROUND_CEILING) * STEP
        anchor = anchors[index] if index < len(anchors) else ""
        hit = mark is not None and band_of(mark, maximum) == name
        if lowest < above:  # a small maximum may leave a band without a mark of its own
            found.append(Level(name, lowest, above - STEP, anchor, hit))
            above = lowest
    return found


def place(mark: Decimal, maximum: Decimal) -> float:
    """Where a mark lies on the drawing."""
    share = min(max(mark / maximum, Decimal(0)), Decimal(1))
    knots = [*KNOTS, END]
    for (low, left), (high, right) in pairwise(knots):
        if share <= high:
            return round(left + float((share - low) / (high - low)) * (right - left), 1)
    raise ValueError(f"no place for {mark}")  # pragma: no cover


def scale(maximum: Decimal, earlier: Iterable[Decimal], mark: Decimal | None = None) -> Scale:
    """The drawing for one criterion, with the sentence that says the same to a screen reader."""
    places = [left for _, left in (*KNOTS, END)]
    bars = tuple(Bar(left + GAP, round(right - left - 2 * GAP, 1)) for left, right in pairwise(places))
    marks = sorted(earlier)
    told = "、".join(dict.fromkeys(plain(one) for one in marks))
    return Scale(
        bars=bars,
        ticks=tuple(place(one, maximum) for one in dict.fromkeys(marks)),
        here=None if mark is None else place(mark, maximum),
        text=f"您此前在本项给过的分数：{told}" if told else "您在本项还没有给过分",
    )
