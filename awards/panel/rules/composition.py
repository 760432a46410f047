"""Whether a panel can do its work: its size, its employers, and what recusals leave of it."""

from collections.abc import Sequence
from dataclasses import dataclass

POOL_FACTOR = 3


@dataclass(frozen=True)
class Member:
    """A member of a panel. unit: key of the employer's top organization, None for an outside expert."""

    key: int
    unit: int | None
    unit_name: str = ""


def panel_problems(members: Sequence[Member], least: int, high: int = 1, low: int = 1) -> list[str]:
    """Why a panel cannot open. least, high, low: as in the scoring rule (docs/scoring.md)."""
    size = len(members)
    problems = []
    if len({member.key for member in members}) < size:
        problems.append("评审组中有人重复。")
    if size % 2 == 0:
        problems.append(f"评审组现有{size}人，人数应为单数。")
    if size < least:
        problems.append(f"评审组现有{size}人，少于最少有效评分数{least}。")
    if size <= high + low:
        problems.append(f"评审组现有{size}人，去掉{high}个最高分和{low}个最低分后没有剩余。")
    return problems


def pool_warnings(eligible: int, seats: int) -> list[str]:
    """A pool smaller than three times the seats makes a draw a formality (docs/field.md 2.2)."""
    if eligible >= seats * POOL_FACTOR:
        return []
    return [f"可抽取{eligible}人，不足评委名额{seats}的{POOL_FACTOR}倍（{seats * POOL_FACTOR}人）。"]
