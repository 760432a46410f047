"""What must be right before a campaign opens: the scoring rule and the timetable.

The arithmetic of review and ranking takes a rule as it stands; it is the set-up page that insists on sums
of 100 and of 1 (docs/scoring.md). Every check returns whole Chinese sentences, none when all is well.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from typing import Any

from awards.campaign.rules.working_days import Calendar, local_date, moment_text

CATEGORY_NAMES = {"F": "最佳服务举措", "Z": "最佳制度创新", "X": "最佳项目推进"}
STAGE_NAMES = {"written": "书面评审", "live": "现场答辩"}


def stage_name(code: str) -> str:
    """written → 书面评审; a code that has no name stands as it is."""
    return STAGE_NAMES.get(code, code)


MARK_STEP = Fraction(1, 2)
CHOICES = {
    "combine": ("sum", "weighted"),
    "average": ("mean", "median"),
    "rounding": ("published", "final"),
}


def setup_problems(rule: Mapping[str, Any], names: Mapping[str, str] = CATEGORY_NAMES) -> list[str]:
    """What keeps a scoring rule from being used.

    rule: the `rule` object of the public record (docs/scoring.md), figures as decimal text, Decimal or int.
    names: category code → name for the sentences.
    """
    problems = [
        f"{label}（{key}）只能是{'或'.join(CHOICES[key])}。"
        for key, label in (("combine", "合成方式"), ("average", "平均方式"), ("rounding", "舍入方式"))
        if rule.get(key) not in CHOICES[key]
    ]
    problems += _trim_problems(rule)
    problems += _stage_problems(rule, names)
    categories = rule.get("categories") or {}
    if not categories:
        problems.append("没有设置评选类别。")
    stages = [stage.get("code") for stage in rule.get("stages") or ()]
    for code, category in categories.items():
        name = names.get(code, code)
        problems += _category_problems(name, category, rule.get("combine"), stages)
    return problems


def _number(value: object) -> Fraction | None:
    """A figure typed on the set-up page, exactly; None for what is no finite decimal."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | Fraction):
        return None
    try:
        return value if isinstance(value, Fraction) else Fraction(Decimal(value))
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _whole(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number.denominator == 1 else None


def _text(number: Fraction) -> str:
    """A sum of decimals back as decimal text, without trailing zeros."""
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _doubled(codes: Iterable[object]) -> list[object]:
    return [code for code, times in Counter(codes).items() if times > 1]


def _trim_problems(rule: Mapping[str, Any]) -> list[str]:
    trim = rule.get("trim") or {}
    problems = []
    if trim.get("on") not in ("totals", "criteria"):
        problems.append("去高去低的对象（trim.on）只能是totals或criteria。")
    high, low, least = _whole(trim.get("high")), _whole(trim.get("low")), _whole(rule.get("least"))
    if high is None or low is None or high < 0 or low < 0:
        problems.append("去掉的最高分、最低分个数须为不小于0的整数。")
    elif least is None or least < 1:
        problems.append("最少有效评分数须为正整数。")
    elif least <= high + low:
        problems.append(f"最少有效评分数为{least}，须大于去掉的最高分与最低分之和{high + low}。")
    places = _whole(rule.get("places"))
    if places is None or not 0 <= places <= 4:
        problems.append("保留小数位数须为0至4的整数。")
    return problems


def _stage_problems(rule: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    stages: Sequence[Mapping[str, Any]] = rule.get("stages") or ()
    if not stages:
        return ["没有设置评审阶段。"]
    problems = [f"评审阶段{code}重复。" for code in _doubled(stage.get("code") for stage in stages)]
    weights = [_number(stage.get("weight")) for stage in stages]
    if any(weight is None or weight <= 0 for weight in weights):
        problems.append("各评审阶段的权重须为正数。")
    elif sum(weights) != 1:
        problems.append(f"各评审阶段的权重之和为{_text(sum(weights))}，应为1。")
    for stage in stages:
        advance = stage.get("advance") or {}
        label = stage_name(stage.get("code"))
        if advance and stage is stages[-1]:
            problems.append(f"{label}是最后一个阶段，不能再设入围名额。")
        for code, count in advance.items():
            category = (rule.get("categories") or {}).get(code)
            problems += _advance_problems(label, names.get(code, code), count, category)
    return problems


def _advance_problems(stage: str, name: str, count: object, category: Mapping[str, Any] | None) -> list[str]:
    if category is None:
        return [f"{stage}的入围名额写了没有设置的类别{name}。"]
    places, seats = _whole(count), _whole(category.get("seats"))
    if places is None or places < 1:
        return [f"{stage}中{name}的入围名额须为正整数。"]
    if seats is not None and places < seats:
        return [f"{stage}中{name}的入围名额为{places}，少于示范项目名额{seats}。"]
    return []


def _category_problems(
    name: str, category: Mapping[str, Any], combine: object, stages: Sequence[str]
) -> list[str]:
    problems = []
    seats, floor = _whole(category.get("seats")), _number(category.get("floor"))
    if seats is None or seats < 1:
        problems.append(f"{name}的示范项目名额须大于0。")
    if floor is None or not 0 <= floor <= 100:
        problems.append(f"{name}的入选最低分须在0至100之间。")
    problems += [
        f"{name}的同分排序步骤“{step}”无法识别。"
        for step in category.get("ties") or ()
        if step != "untrimmed_mean" and not str(step).startswith(("stage:", "criterion:"))
    ]
    criteria = category.get("criteria") or ()
    if not criteria:
        return [*problems, f"{name}没有设置评分指标。"]
    problems += [f"{name}的评分指标{code}重复。" for code in _doubled(item.get("code") for item in criteria)]
    for item in criteria:
        problems += _criterion_problems(name, item, combine, stages)
    if combine in CHOICES["combine"]:
        problems += _sum_problems(name, criteria, combine, stages)
    return problems


def _criterion_problems(
    name: str, item: Mapping[str, Any], combine: object, stages: Sequence[str]
) -> list[str]:
    code, highest, weight = item.get("code"), _number(item.get("max")), _number(item.get("weight"))
    problems = []
    if highest is None or highest <= 0 or highest % MARK_STEP:
        problems.append(f"{name}的指标{code}满分须为正数，且为0.5的倍数。")
    if combine == "weighted" and (weight is None or weight <= 0):
        problems.append(f"{name}的指标{code}权重须为正数。")
    problems += [
        f"{name}的指标{code}用于没有设置的阶段{stage}。"
        for stage in item.get("stages") or ()
        if stage not in stages
    ]
    return problems


def _sum_problems(
    name: str, criteria: Sequence[Mapping[str, Any]], combine: str, stages: Sequence[str]
) -> list[str]:
    """Each stage by itself must reach 100 (or weights of 1): its score is weighed against the others'."""
    key, goal, label = ("max", 100, "满分") if combine == "sum" else ("weight", 1, "权重")
    sums: dict[str, Fraction | None] = {}
    for stage in stages:
        values = [_number(item.get(key)) for item in criteria if stage in (item.get("stages") or stages)]
        sums[stage] = None if None in values else sum(values, Fraction(0))
    if len(set(sums.values())) == 1:
        total = next(iter(sums.values()))
        return [] if total in (None, goal) else [f"{name}各指标{label}之和为{_text(total)}，应为{goal}。"]
    return [
        f"{name}在{stage_name(stage)}阶段的指标{label}之和为{_text(total)}，应为{goal}。"
        for stage, total in sums.items()
        if total not in (None, goal)
    ]


@dataclass(frozen=True)
class Step:
    """One dated stage of the year (docs/field.md 1.3); moments are aware, None where not yet set."""

    name: str
    opens_at: datetime | None
    closes_at: datetime | None


def timetable_problems(steps: Sequence[Step]) -> list[str]:
    """What is impossible in a timetable: a missing date, an end before its start, a step before its turn.

    steps: in the order of the process. A step may begin the second the one before it ends.
    """
    problems = []
    for step in steps:
        if step.opens_at is None or step.closes_at is None:
            problems.append(f"{step.name}没有填全起止时间。")
        elif step.closes_at <= step.opens_at:
            problems.append(f"{step.name}的截止时间应晚于开始时间。")
    dated = [step for step in steps if step.opens_at and step.closes_at]
    for before, after in pairwise(dated):
        if after.opens_at < before.closes_at:
            problems.append(
                f"{after.name}{moment_text(after.opens_at)}开始，早于{before.name}的截止时间"
                f"{moment_text(before.closes_at)}。"
            )
    return problems


def timetable_warnings(steps: Sequence[Step], calendar: Calendar) -> list[str]:
    """What is allowed but should be seen: a step that ends on a rest day or in a year 暂定."""
    warnings = []
    for step in steps:
        if step.closes_at is None:
            continue
        day = local_date(step.closes_at - datetime.resolution)  # 24:00 belongs to the day it ends
        if not calendar.is_working(day):
            warnings.append(f"{step.name}截止于{moment_text(step.closes_at)}，不是工作日。")
        if calendar.provisional(day):
            warnings.append(f"{day.year}年节假日安排尚未录入，{step.name}的截止日期暂定。")
    return warnings
