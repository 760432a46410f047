"""五型双优: what an organization's projects of a year count for its appraisal (docs/field.md 5.1).

Only the award's own share is computed here; the other indicators are the committee's table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Part(StrEnum):
    """What an organization had to do with a project; the highest comes first."""

    LEAD = "lead"
    PARTNER = "partner"
    SHORTLISTED = "shortlisted"

    @property
    def label(self) -> str:
        return {"lead": "示范项目牵头", "partner": "示范项目联合", "shortlisted": "入围"}[self]


SERVICE, INNOVATION = "服务型", "创新型"


@dataclass(frozen=True)
class BonusRule:
    """points: by part; cap: most an organization gets in one year; types: category letter → type.

    other: the type of a category not named, as that of projects, which may serve either.
    """

    points: Mapping[Part, Decimal] = field(
        default_factory=lambda: {
            Part.LEAD: Decimal(3), Part.PARTNER: Decimal("1.5"), Part.SHORTLISTED: Decimal(1)
        }
    )  # fmt: skip
    cap: Decimal = Decimal(5)
    types: Mapping[str, str] = field(default_factory=lambda: {"F": SERVICE, "Z": INNOVATION})
    other: str = SERVICE


DEFAULT = BonusRule()


@dataclass(frozen=True)
class Merit:
    """One organization's part in one project. category: its letter; revoked: the result was taken back."""

    unit: int
    project: int
    part: Part
    category: str
    revoked: bool = False


@dataclass(frozen=True)
class Line:
    merit: Merit
    type: str
    points: Decimal


@dataclass(frozen=True)
class Bonus:
    """lines: every project with what it counts; total: capped."""

    lines: tuple[Line, ...]
    total: Decimal
    is_capped: bool


def bonuses(merits: Iterable[Merit], rule: BonusRule = DEFAULT) -> dict[int, Bonus]:
    """What each organization's projects count, by organization, in the order in which they come.

    One project counts once for an organization, at its highest part; a revoked one counts nothing and stays
    in sight; the sum of a year ends at the cap. Points are exact, never rounded.
    """
    best: dict[tuple, Merit] = {}
    order = list(Part)
    for merit in merits:
        key = (merit.unit, merit.project)
        if key not in best or order.index(merit.part) < order.index(best[key].part):
            best[key] = merit
    lines: dict[int, list[Line]] = {}
    for merit in best.values():
        points = Decimal(0) if merit.revoked else rule.points[merit.part]
        lines.setdefault(merit.unit, []).append(
            Line(merit, rule.types.get(merit.category, rule.other), points)
        )
    return {unit: _sum(own, rule) for unit, own in lines.items()}


def _sum(lines: list[Line], rule: BonusRule) -> Bonus:
    total = sum((line.points for line in lines), Decimal(0))
    return Bonus(tuple(lines), min(total, rule.cap), total > rule.cap)


def said(rule: BonusRule = DEFAULT) -> str:
    """The rule in one sentence, as the page and the workbook print it."""
    parts = "，".join(f"{part.label}{rule.points[part]}分" for part in Part)
    return f"{parts}；同一项目只计最高一项，每个党组织全年最高{rule.cap}分；撤销的核减。"
