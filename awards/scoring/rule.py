"""The rule of a year: one immutable, versioned object (docs/scoring.md). Standard library only.

A rule that breaks the contract cannot be made; whether maxima or weights add up is the set-up page's
question, the arithmetic takes them as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from awards.scoring.numbers import Refused

STEP = Decimal("0.5")  # of a mark
UNTRIMMED_MEAN = "untrimmed_mean"


@dataclass(frozen=True)
class CriterionRule:
    """One line of the score sheet; `stages` names the stages that use it, None means all."""

    code: str
    maximum: Decimal
    weight: Decimal = Decimal(1)
    stages: tuple[str, ...] | None = None

    def is_used_in(self, stage: str) -> bool:
        return self.stages is None or stage in self.stages


@dataclass(frozen=True)
class Method:
    """How the valid sheets of one entry and stage become its stage score.

    Trimming drops the `high` highest and the `low` lowest values: of the sheets' totals (`trim_on`
    "totals") or of each criterion ("criteria"). `least` is the fewest valid sheets.
    """

    combine: str
    average: str
    trim_on: str
    high: int
    low: int
    least: int
    places: int
    rounding: str

    def __post_init__(self) -> None:
        choices = {
            "combine": ("sum", "weighted"),
            "average": ("mean", "median"),
            "trim_on": ("totals", "criteria"),
            "rounding": ("published", "final"),
        }
        for name, known in choices.items():
            if getattr(self, name) not in known:
                raise Refused(f"规则的 {name} 只能是 {'、'.join(known)}：{getattr(self, name)!r}")
        for name in ("high", "low", "least", "places"):
            if getattr(self, name) < 0:
                raise Refused(f"规则的 {name} 不能小于 0：{getattr(self, name)}")
        if self.places > 100:
            raise Refused(f"规则的 places 不能大于 100：{self.places}")
        if self.least <= self.high + self.low:
            raise Refused(f"规则的 least（{self.least}）须大于 high 与 low 之和（{self.high + self.low}）")

    @property
    def is_weighted(self) -> bool:
        return self.combine == "weighted"


@dataclass(frozen=True)
class StageRule:
    """One round of scoring. `advance`: (category, places) pairs; a category not named goes on whole."""

    code: str
    weight: Decimal
    advance: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class CategoryRule:
    code: str
    seats: int
    floor: Decimal
    ties: tuple[str, ...]
    criteria: tuple[CriterionRule, ...]

    def criteria_in(self, stage: str) -> tuple[CriterionRule, ...]:
        return tuple(criterion for criterion in self.criteria if criterion.is_used_in(stage))


@dataclass(frozen=True)
class Rule(Method):
    """The whole rule, one immutable version; an object that breaks the contract cannot be made."""

    version: int | None
    stages: tuple[StageRule, ...]
    categories: tuple[CategoryRule, ...]

    @property
    def stage_codes(self) -> list[str]:
        return [stage.code for stage in self.stages]

    def category(self, code: str) -> CategoryRule:
        return next(category for category in self.categories if category.code == code)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.stages:
            raise Refused("规则没有评审阶段")
        stages = _distinct("阶段", (stage.code for stage in self.stages))
        categories = _distinct("类别", (category.code for category in self.categories))
        for stage in self.stages:
            self._check_stage(stage, categories)
        for category in self.categories:
            self._check_category(category, stages)

    @staticmethod
    def _check_stage(stage: StageRule, categories: set[str]) -> None:
        if stage.weight < 0:
            raise Refused(f"阶段 {stage.code} 的权重小于 0")
        _distinct(f"阶段 {stage.code} 的 advance", (code for code, _ in stage.advance))
        for code, places in stage.advance:
            if code not in categories:
                raise Refused(f"阶段 {stage.code} 的 advance 中没有这个类别：{code!r}")
            if places < 0:
                raise Refused(f"阶段 {stage.code} 的 advance 小于 0：{code}")

    @staticmethod
    def _check_category(category: CategoryRule, stages: set[str]) -> None:
        if category.seats < 0:
            raise Refused(f"类别 {category.code} 的席位小于 0")
        _distinct(f"类别 {category.code} 的指标", (c.code for c in category.criteria))
        for criterion in category.criteria:
            where = f"类别 {category.code} 的指标 {criterion.code}"
            if criterion.maximum < 0 or criterion.weight < 0:
                raise Refused(f"{where} 的满分或权重小于 0")
            if criterion.stages is not None and not criterion.stages:
                raise Refused(f"{where} 不属于任何阶段")
            for code in criterion.stages or ():
                if code not in stages:
                    raise Refused(f"{where} 指向不存在的阶段：{code!r}")
        for step in category.ties:
            if step != UNTRIMMED_MEAN and not step.startswith(("stage:", "criterion:")):
                raise Refused(f"类别 {category.code} 的并列规则无法识别：{step!r}")


def _distinct(what: str, codes: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise Refused(f"{what}重复：{code!r}")
        seen.add(code)
    return seen
