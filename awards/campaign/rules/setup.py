"""What must be right before a campaign opens: the scoring rule and the timetable.

A rule that breaks the contract cannot be made (awards/scoring/rule.py), and the arithmetic takes it as it
stands; it is the set-up page that insists on sums of 100 and of 1 (docs/scoring.md). Every check returns whole
Chinese sentences, none when all is well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from awards.campaign.rules.working_days import Calendar, local_date
from awards.scoring.numbers import plain
from awards.scoring.rule import STEP, CategoryRule, Rule
from awards.scoring.words import stage_name
from units.moments import moment_text

CATEGORY_NAMES = {"F": "最佳服务举措", "Z": "最佳制度创新", "X": "最佳项目推进"}


def setup_problems(rule: Rule, names: Mapping[str, str] = CATEGORY_NAMES) -> list[str]:
    """What keeps a scoring rule, sound by itself, from being used for a year. names: category code → name."""
    problems = [] if rule.places <= 4 else ["保留小数位数须为0至4的整数。"]
    problems += _stage_problems(rule, names)
    if not rule.categories:
        problems.append("没有设置评选类别。")
    for category in rule.categories:
        problems += _category_problems(names.get(category.code, category.code), category, rule)
    return problems


def _stage_problems(rule: Rule, names: Mapping[str, str]) -> list[str]:
    problems = []
    if any(not stage.weight for stage in rule.stages):
        problems.append("各评审阶段的权重须为正数。")
    elif (total := sum(stage.weight for stage in rule.stages)) != 1:
        problems.append(f"各评审阶段的权重之和为{plain(total)}，应为1。")
    for stage in rule.stages:
        label = stage_name(stage.code)
        if stage.advance and stage is rule.stages[-1]:
            problems.append(f"{label}是最后一个阶段，不能再设入围名额。")
        for code, places in stage.advance:
            name, seats = names.get(code, code), rule.category(code).seats
            if places < 1:
                problems.append(f"{label}中{name}的入围名额须为正整数。")
            elif places < seats:
                problems.append(f"{label}中{name}的入围名额为{places}，少于示范项目名额{seats}。")
    return problems


def _category_problems(name: str, category: CategoryRule, rule: Rule) -> list[str]:
    problems = []
    if category.seats < 1:
        problems.append(f"{name}的示范项目名额须大于0。")
    if not 0 <= category.floor <= 100:
        problems.append(f"{name}的入选最低分须在0至100之间。")
    if not category.criteria:
        return [*problems, f"{name}没有设置评分指标。"]
    for criterion in category.criteria:
        if not criterion.maximum or criterion.maximum % STEP:
            problems.append(f"{name}的指标{criterion.code}满分须为正数，且为0.5的倍数。")
        if rule.is_weighted and not criterion.weight:
            problems.append(f"{name}的指标{criterion.code}权重须为正数。")
    return problems + _sum_problems(name, category, rule)


def _sum_problems(name: str, category: CategoryRule, rule: Rule) -> list[str]:
    """Each stage by itself must reach 100 (or weights of 1): its score is weighed against the others'."""
    goal, label = (1, "权重") if rule.is_weighted else (100, "满分")
    sums = {
        stage: sum((c.weight if rule.is_weighted else c.maximum) for c in category.criteria_in(stage))
        for stage in rule.stage_codes
    }
    if len(set(sums.values())) == 1:
        total = sums[rule.stage_codes[0]]
        return [] if total == goal else [f"{name}各指标{label}之和为{plain(total)}，应为{goal}。"]
    return [
        f"{name}在{stage_name(stage)}阶段的指标{label}之和为{plain(total)}，应为{goal}。"
        for stage, total in sums.items()
        if total != goal
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
    dated = [(step.name, step.opens_at, step.closes_at) for step in steps if step.opens_at and step.closes_at]
    for (before, _, closes), (after, opens, _) in pairwise(dated):
        if opens < closes:
            problems.append(f"{after}{moment_text(opens)}开始，早于{before}的截止时间{moment_text(closes)}。")
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
