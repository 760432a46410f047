"""The year's categories, rubric and scoring rule: free until the first mark, then locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from awards.campaign.actions.editing import SetupRefused, changed, locked_campaign
from awards.campaign.models import Campaign, Category, Criterion, ScoringRule
from awards.campaign.queries.rule import category_names, compile_rule_body, rule_settings
from awards.campaign.rules.locks import RULE_IS_LOCKED
from awards.campaign.rules.setup import setup_problems
from awards.errors import StageError
from awards.scoring.numbers import Refused, plain
from units.audit.events import Event
from units.audit.record import record
from units.known import known
from units.models import User

CATEGORY_FIELDS = frozenset({"name", "focus", "seats", "shortlist", "floor", "ties"})


@dataclass(frozen=True)
class Line:
    """One line of a rubric as typed. code: "" for a new line, which is then given one."""

    code: str
    label: str
    maximum: Decimal
    weight: Decimal = Decimal(1)
    full_marks_need: str = ""
    anchors: tuple[str, ...] = ()
    section: str = ""
    stages: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "maximum": self.maximum,
            "weight": self.weight,
            "full_marks_need": self.full_marks_need,
            "anchors": list(self.anchors),
            "section": self.section,
            "stages": list(self.stages),
        }


def lock_rule(rule: ScoringRule, *, actor: User | None) -> ScoringRule:
    """Lock the rule a mark was handed in under; a locked one costs no question.

    The row is locked first: of two reviewers who hand in their first sheets in the same second one
    writes the time and the entry in the log, and a change of the rubric under way is waited for.
    """
    if rule.locked_at:
        return rule
    with transaction.atomic():
        rule = ScoringRule.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=rule.pk)
        if rule.locked_at is None:
            rule.locked_at = timezone.now()
            rule.save(update_fields=["locked_at"])
            record(Event.RULE_LOCKED, actor=actor, target=rule, after={"version": rule.version})
    return rule


@transaction.atomic
def save_rule(
    campaign: Campaign, settings: dict[str, Any], *, version: int | None = None, actor: User | None
) -> ScoringRule:
    """Write how marks become places: combine, trim, average, least, rounding, stages with weights."""
    campaign, rule = locked_campaign(campaign, version), _unlocked_rule(campaign)
    old = rule_settings(rule)
    settings = {**old, **settings}
    before = {name: str(value) for name, value in old.items() if settings[name] != value}
    _recompile(campaign, rule, settings)
    if before:
        after = {name: str(settings[name]) for name in before}
        record(Event.RULE_CHANGED, actor=actor, target=rule, before=before, after=after)
    return rule


@transaction.atomic
def save_category(
    category: Category, values: dict[str, Any], *, version: int | None = None, actor: User | None
) -> Category:
    """Write seats, places of the next stage, floor, tie rule or focus of one category."""
    if strangers := set(values) - CATEGORY_FIELDS:
        raise ValueError(f"not of a category: {sorted(strangers)}")
    campaign = locked_campaign(category.campaign, version)
    rule = _unlocked_rule(campaign)
    category = Category.objects.select_for_update().get(pk=category.pk)
    before, after = changed(category, values)
    if after:
        category.save(update_fields=list(after))
        _recompile(campaign, rule)
        record(
            Event.RULE_CHANGED,
            actor=actor,
            target=f"{category}名额与排序",
            before=before,
            after=after,
            campaign=campaign.code,
        )
    return category


@transaction.atomic
def save_rubric(
    category: Category, lines: Sequence[Line], *, version: int | None = None, actor: User | None
) -> list[Criterion]:
    """Make exactly these the category's criteria, in this order. A known code keeps its row."""
    campaign = locked_campaign(category.campaign, version)
    rule = _unlocked_rule(campaign)
    old = {row.code: row for row in category.criteria.all()}
    before = [_line_text(row) for row in old.values()]
    rows = []
    for order, line in enumerate(lines):
        code = line.code if line.code in old else _free_code(old)
        row = old.get(code) or Criterion(category=category, code=code)
        for name, value in line.columns.items():
            setattr(row, name, value)
        row.order = order
        row.save()
        old[code] = row
        rows.append(row)
    _remove(set(old) - {row.code for row in rows}, old)
    category.refresh_from_db(fields=["ties"])
    category.ties = [step for step in category.ties if not _names_gone(step, rows)]
    category.save(update_fields=["ties"])
    _recompile(campaign, rule)
    after = [_line_text(row) for row in rows]
    record(
        Event.RULE_CHANGED,
        actor=actor,
        target=f"{category}评分项",
        before={"criteria": [line for line in before if line not in after]},
        after={"criteria": [line for line in after if line not in before]},
        campaign=campaign.code,
    )
    return rows


def _unlocked_rule(campaign: Campaign) -> ScoringRule:
    """The newest rule under a row lock, so that no first sheet is handed in meanwhile."""
    rules = ScoringRule.objects.select_for_update().filter(campaign=campaign)
    rule = known(rules.order_by("-version").first())
    if rule.locked_at:
        raise StageError(RULE_IS_LOCKED)
    rule.campaign = campaign
    return rule


def _recompile(campaign: Campaign, rule: ScoringRule, settings: dict[str, Any] | None = None) -> None:
    """Write the rule's body anew: always a rule by the contract; what the year asks of it besides, opening asks."""
    rule.body = compile_rule_body(campaign, settings or rule_settings(rule))
    try:
        problems = setup_problems(rule.parsed, category_names(campaign))
    except Refused as reason:
        raise SetupRefused("这样的规则不能计算，没有保存。", [f"{reason}。"]) from None
    if campaign.opened_at and problems:
        raise SetupRefused("已启动的年度必须随时可用，没有保存。", problems)
    rule.save(update_fields=["body"])


def _line_text(row: Criterion) -> str:
    return f"{row.label} {plain(row.maximum)}×{plain(row.weight)} {row.full_marks_need}".rstrip()


def _free_code(taken) -> str:
    return next(code for number in range(1, 1000) if (code := f"item{number}") not in taken)


def _names_gone(step: str, rows: Sequence[Criterion]) -> bool:
    """Whether a step of the tie rule compares a criterion that the rubric has no more."""
    kind, _, code = step.partition(":")
    return kind == "criterion" and code not in {row.code for row in rows}


def _remove(codes, rows: dict[str, Criterion]) -> None:
    for code in codes:
        try:
            rows[code].delete()
        except ProtectedError:
            raise StageError(f"评分项“{rows[code].label}”已有评委打分，不能删除。") from None
