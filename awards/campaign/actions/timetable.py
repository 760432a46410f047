"""The dates of the year: free before it opens, after that they only move forward, with a reason."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from awards.campaign.actions.editing import locked_campaign
from awards.campaign.models import Campaign, Deadline, Extension, Phase
from awards.campaign.rules.locks import DATES_ONLY_MOVE_LATER
from awards.campaign.rules.timetable import days_moved, moved
from awards.errors import StageError
from units.audit.events import Event
from units.audit.record import record
from units.models import User
from units.moments import moment_text

Dates = tuple[datetime, datetime]


@transaction.atomic
def save_timetable(
    campaign: Campaign, dates: dict[str, Dates], *, version: int | None = None, actor: User | None
) -> None:
    """Make exactly these the phases of a year that is not open yet."""
    campaign = locked_campaign(campaign, version)
    if campaign.opened_at:
        raise StageError(DATES_ONLY_MOVE_LATER)
    rows = {row.phase: row for row in campaign.timetable.all()}
    before = {phase: _span(row.opens_at, row.closes_at) for phase, row in rows.items()}
    after = {phase: _span(*span) for phase, span in dates.items()}
    if before == after:
        return
    campaign.timetable.exclude(phase__in=dates).delete()
    for phase, (opens, closes) in dates.items():
        row = rows.get(phase) or Deadline(campaign=campaign, phase=phase)
        row.opens_at, row.closes_at = opens, closes
        row.save()
    differing = {phase for phase in {*before, *after} if before.get(phase) != after.get(phase)}
    record(
        Event.CAMPAIGN_CHANGED,
        actor=actor,
        target=campaign,
        before={phase: before.get(phase) for phase in sorted(differing)},
        after={phase: after.get(phase) for phase in sorted(differing)},
    )


@transaction.atomic
def extend_deadline(
    deadline: Deadline,
    *,
    new: datetime,
    reason: str,
    actor: User | None,
    opens_too: bool = False,
    later_too: bool = False,
) -> Deadline:
    """Move one phase's end forward; every move is a row of its own and one line in the log.

    opens_too: a phase that has not begun begins as many days later. later_too: so does, and ends, every
    later phase. The year's row is locked first: two extensions in the same second come one after the other.
    """
    if not reason.strip():
        raise StageError("请写明延期理由，理由将向申报单位公开。")
    campaign = locked_campaign(deadline.campaign)
    deadline = Deadline.objects.select_for_update().get(pk=deadline.pk)
    if new <= deadline.closes_at:
        raise StageError(f"期限只能延后。现在的截止时间是{moment_text(deadline.closes_at)}。")
    step, act_id = days_moved(deadline.closes_at, new), uuid4()
    if opens_too:
        _require_not_begun(deadline)
        deadline.opens_at = moved(deadline.opens_at, step)
    _extend(campaign, deadline, new, reason, actor, act_id)
    if later_too:
        phases = list(Phase)
        later = phases[phases.index(Phase(deadline.phase)) + 1 :]
        for row in campaign.timetable.select_for_update().filter(phase__in=later):
            row.opens_at = moved(row.opens_at, step)
            _extend(campaign, row, moved(row.closes_at, step), reason, actor, act_id)
    return deadline


def _extend(
    campaign: Campaign, row: Deadline, new: datetime, reason: str, actor: User | None, act_id
) -> None:
    old, row.closes_at = row.closes_at, new
    if new == old:  # later on the same day: nothing to move along
        return
    row.save(update_fields=["opens_at", "closes_at"])
    Extension.objects.create(deadline=row, old=old, new=new, reason=reason, made_by=actor)
    record(
        Event.DEADLINE_EXTENDED,
        actor=actor,
        target=row,
        before={"closes_at": moment_text(old, year=True)},
        after={"closes_at": moment_text(new, year=True)},
        reason=reason,
        act_id=act_id,
        campaign=campaign.code,
    )


def _require_not_begun(row: Deadline) -> None:
    if row.opens_at <= timezone.now():
        raise StageError(f"{row}已经开始，只能延长截止时间。")


def _span(opens: datetime, closes: datetime) -> str:
    return f"{moment_text(opens, year=True)}至{moment_text(closes, year=True)}"
