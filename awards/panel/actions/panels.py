"""A panel from set-up to closing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from awards.campaign.models import Campaign, Category
from awards.errors import StageError
from awards.panel.models import Panel, Seat
from awards.panel.queries.race import entries_of, sheets_still_due, stages_of, wanting
from awards.panel.rules.composition import Member, panel_problems
from awards.scoring.words import stage_name
from units.audit.events import Event
from units.audit.record import record
from units.models import User


def locked_panel(panel: Panel) -> Panel:
    """The panel read again under a lock, its campaign and category loaded; call inside a transaction."""
    rows = Panel.objects.select_for_update(of=("self",)).select_related("campaign", "category")
    return rows.get(pk=panel.pk)


def record_panel(event: Event, panel: Panel, *, actor: User, **more: Any) -> None:
    record(
        event,
        actor=actor,
        target=f"{panel}（{stage_name(panel.stage)}）",
        campaign=panel.campaign.code,
        **more,
    )


def set_up_panel(category: Category, stage: str) -> Panel:
    """The row of a category's panel in a stage, made the first time it is needed; it ends with the year's stage
    until somebody says otherwise."""
    if stage not in stages_of(category.campaign):
        raise StageError("评分规则中没有这个评审阶段。")
    found = {"category": category, "stage": stage}
    defaults = {"campaign": category.campaign, "closes_at": stage_end(category.campaign, stage)}
    return Panel.objects.get_or_create(**found, defaults=defaults)[0]


def stage_end(campaign: Campaign, stage: str) -> datetime | None:
    """The timetable names the stages like the rule does."""
    return campaign.timetable.filter(phase=stage).values_list("closes_at", flat=True).first()


@transaction.atomic
def change_panel(
    panel: Panel,
    *,
    closes_at: datetime | None,
    per_entry: int | None,
    load_cap: int | None,
    actor: User,
    reason: str = "",
) -> Panel:
    """Set the deadline and how entries are shared out; how they are shared stands once the panel is open.

    Moving the deadline of a running panel needs a reason. Raises StageError.
    """
    panel = locked_panel(panel)
    before = {name: getattr(panel, name) for name in ("closes_at", "per_entry", "load_cap")}
    after = {"closes_at": closes_at, "per_entry": per_entry, "load_cap": load_cap}
    if before == after:
        return panel
    if panel.closed_at:
        raise StageError("评审已关闭，不能再调整。")
    sharing_changed = (per_entry, load_cap) != (panel.per_entry, panel.load_cap)
    if panel.opened_at and sharing_changed:
        raise StageError("评审已启动，每件评委数和每人上限不能再改。")
    if panel.opened_at and (closes_at is None or closes_at <= timezone.now()):
        raise StageError("截止时间须晚于现在。")
    if panel.opened_at and not reason.strip():
        raise StageError("评审已启动，调整截止时间须写明理由。")
    for name, value in after.items():
        setattr(panel, name, value)
    panel.save(update_fields=[*after])
    record_panel(Event.PANEL_CHANGED, panel, actor=actor, before=before, after=after, reason=reason)
    return panel


@transaction.atomic
def open_panel(panel: Panel, *, actor: User) -> Panel:
    """Let the reviewers in. Raises StageError while seats, assignments or the deadline are wanting."""
    panel = locked_panel(panel)
    if panel.opened_at:
        raise StageError("评审已经启动。")
    if problems := obstacles(panel):
        raise StageError("".join(problems))
    panel.opened_at = timezone.now()
    panel.save(update_fields=["opened_at"])
    entries_of(panel).filter(reviewed_from=None).order_by().update(reviewed_from=panel.opened_at)
    record_panel(Event.PANEL_OPENED, panel, actor=actor, after={"closes_at": panel.closes_at})
    return panel


def obstacles(panel: Panel, seats: Iterable[Seat] | None = None) -> list[str]:
    """Why the panel cannot open yet, one sentence each; empty when it can. seats: those judging, if at hand."""
    judging = panel.seats.judging() if seats is None else seats
    members = [Member(seat.pk, None) for seat in judging]
    problems = ["本组尚未抽取评委。"]
    if members:
        problems = panel_problems(members, panel.rule.least, panel.rule.high, panel.rule.low)
    if panel.closes_at is None or panel.closes_at <= timezone.now():
        problems.append("须设定晚于现在的评审截止时间。")
    found = wanting(panel)
    if found.unsettled:
        problems.append(
            f"还有{found.unsettled}件参评项目的附件没有确认可否供匿名评审，请先在资格审查中确认。"
        )
    if not found.entries:
        problems.append("本组没有参评项目。")
    elif found.unassigned:
        problems.append(f"还有{found.unassigned}件参评项目没有分配评委。")
    return problems


@transaction.atomic
def close_panel(panel: Panel, *, actor: User, reason: str = "") -> Panel:
    """End the judging and unseal the marks; nothing is computed here.

    Before the deadline, and while sheets are due, only with a reason. A hand-in that holds the panel's row
    (`FOR SHARE`) is waited for. Raises StageError.
    """
    panel = locked_panel(panel)
    if not panel.is_running:
        raise StageError("评审已经关闭。" if panel.closed_at else "评审尚未启动。")
    due = panel.closes_at is not None and panel.closes_at <= timezone.now()
    missing = sheets_still_due(panel)
    if missing and not due and not reason.strip():
        raise StageError(f"还没有到截止时间，且有{missing}份评分表未交；提前关闭须写明理由。")
    panel.closed_at, panel.close_reason = timezone.now(), reason.strip() or panel.close_reason
    panel.save(update_fields=["closed_at", "close_reason"])
    record_panel(
        Event.PANEL_CLOSED, panel, actor=actor, after={"sheets_missing": missing}, reason=reason.strip()
    )
    return panel
