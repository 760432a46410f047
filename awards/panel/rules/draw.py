"""The draw of a panel from the pool, before a witness (docs/field.md 2.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from awards.panel.rules.lots import lot


class PoolTooSmall(ValueError):
    """Fewer people can be drawn than there are seats; the text is for the office."""


class Drawn(StrEnum):
    """What the draw made of a candidate."""

    SEAT = "seat"
    RESERVE = "reserve"
    NOT_DRAWN = "not_drawn"
    EXCLUDED = "excluded"

    @property
    def label(self) -> str:
        return {"seat": "正选", "reserve": "候补", "not_drawn": "未抽中", "excluded": "不参加抽取"}[self]


@dataclass(frozen=True)
class Candidate:
    """Somebody in the pool. key: the name in the lot; excluded: why not to be drawn, empty otherwise.

    unit: the employer's top organization, for `per_unit`; None where it does not matter.
    """

    key: str
    excluded: str = ""
    unit: int | str | None = None


@dataclass(frozen=True)
class DrawLine:
    """A line of the minutes. number: 1 for the first seat and the first reserve, None for the others.

    lot: the whole hash, empty for those who were excluded before the draw.
    """

    candidate: Candidate
    drawn: Drawn
    number: int | None
    lot: str
    reason: str


def most_seats(candidates: Sequence[Candidate], per_unit: int | None = None) -> int:
    """How many seats a draw fills, whatever the seed: each unit gives at most `per_unit`, outside experts all.

    Who is passed over is passed over for a full unit alone, so every order of lots ends at the same number.
    """
    sizes = Counter(one.unit for one in candidates if not one.excluded)
    free = sizes.pop(None, 0)
    return free + sum(size if per_unit is None else min(size, per_unit) for size in sizes.values())


def draw(
    candidates: Sequence[Candidate], seats: int, reserves: int, seed: str, per_unit: int | None = None
) -> list[DrawLine]:
    """Draw `seats` members and then up to `reserves` reserves, in the order in which reserves are called.

    per_unit: most people of one unit on the seats; who would exceed it is passed over for a seat, and may be
    a reserve. Returns a line for everybody, in the order of the lots, the excluded last. The same pool and
    seed always give the same lines, in whatever order the pool is listed (see lots.py for why no random
    generator is used). Raises PoolTooSmall when the seats cannot be filled; a short bench of reserves is no
    error.
    """
    if len({candidate.key for candidate in candidates}) < len(candidates):
        raise ValueError("somebody stands twice in the pool")
    if seats < 1 or reserves < 0:
        raise ValueError("a panel has at least one seat and no negative reserves")
    lots = {candidate.key: lot(seed, candidate.key) for candidate in candidates}
    order = sorted((one for one in candidates if not one.excluded), key=lambda one: lots[one.key])
    lines: list[DrawLine] = []
    taken: Counter[Drawn] = Counter()
    of_unit: Counter[int | str | None] = Counter()
    for rank, candidate in enumerate(order, 1):
        full = per_unit is not None and candidate.unit is not None and of_unit[candidate.unit] >= per_unit
        passed_over = full and taken[Drawn.SEAT] < seats
        if taken[Drawn.SEAT] < seats and not full:
            drawn, why = Drawn.SEAT, "按签序抽中"
            of_unit[candidate.unit] += 1
        elif taken[Drawn.RESERVE] < reserves:
            drawn, why = Drawn.RESERVE, "同单位人数已满，列为候补" if passed_over else "按签序列为候补"
        else:
            drawn, why = Drawn.NOT_DRAWN, "同单位人数已满" if passed_over else "名额已满"
        taken[drawn] += 1
        number = taken[drawn] if drawn in (Drawn.SEAT, Drawn.RESERVE) else None
        lines.append(DrawLine(candidate, drawn, number, lots[candidate.key], f"签序第{rank}，{why}"))
    if taken[Drawn.SEAT] < seats:
        raise PoolTooSmall(f"可抽取{len(order)}人，只能产生{taken[Drawn.SEAT]}名评委，少于{seats}名。")
    excluded = sorted((one for one in candidates if one.excluded), key=lambda one: one.key)
    return lines + [DrawLine(one, Drawn.EXCLUDED, None, "", one.excluded) for one in excluded]
