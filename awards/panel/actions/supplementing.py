"""补评: a closed panel opened once more, for the entries with too few valid sheets and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from awards.errors import StageError
from awards.nomination.models import Nomination
from awards.panel.actions.assigning import appearances
from awards.panel.actions.drawing import require_witness
from awards.panel.actions.panels import locked_panel, record_panel
from awards.panel.models import Assignment, Panel, Reviewer, Seat
from awards.panel.queries.race import entries_of
from awards.panel.queries.shortfall import Shortfall, shortfalls
from awards.panel.rules.assignment import queue_order
from units.audit.events import Event
from units.models import User


@transaction.atomic
def reopen_panel(
    panel: Panel, *, closes_at: datetime, reason: str, witness: User, actor: User
) -> list[Assignment]:
    """Call up reviewers for what is short of valid sheets; returns their tasks.

    The marks of this panel were unsealed, so nobody who sat on it goes on: sheets handed in stand, what was
    left undone is withdrawn, and only the reviewers called up, who have seen no mark, judge. Two people:
    the witness is a supervisor and not the actor. Raises StageError.
    """
    panel = locked_panel(panel)
    if not panel.closed_at:
        raise StageError("评审关闭后才能补评。")
    require_witness(panel, witness, actor)
    if closes_at <= timezone.now():
        raise StageError("截止时间须晚于现在。")
    if not reason.strip():
        raise StageError("须写明补评的理由。")
    plan = shortfalls(panel)
    if not plan:
        raise StageError("本组没有有效评分不足的项目。")
    if missing := [line.nomination.code for line in plan if not line.is_covered]:
        raise StageError(f"{'、'.join(missing)}没有足够的评委可以补评，请先在评委库增加评委。")
    undone = panel.assignments.live().filter(abstained_at=None).exclude(sheets__state="handed_in")
    panel.assignments.filter(pk__in=list(undone.values_list("pk", flat=True))).update(
        revoked_at=timezone.now()
    )
    tasks = _call_up(panel, plan)
    panel.closed_at, panel.reopened_at, panel.closes_at = None, timezone.now(), closes_at
    panel.save(update_fields=["closed_at", "reopened_at", "closes_at"])
    record_panel(
        Event.PANEL_REOPENED,
        panel,
        actor=actor,
        second_actor=witness,
        after={
            "closes_at": closes_at,
            "entries": [line.nomination.code for line in plan],
            "called": sorted({one.user.username for line in plan for one in line.called}),
        },
        reason=reason,
    )
    return tasks


def _call_up(panel: Panel, plan: list[Shortfall]) -> list[Assignment]:
    known = {(row.nomination_id, row.seat_id): row for row in panel.assignments.all()}
    common = appearances(panel, list(entries_of(panel)), known) if panel.is_live else None
    tasks = []
    for reviewer, entries in _desks(plan).items():
        codes = "、".join(entry.code for entry in entries)
        seat = _seat(panel, reviewer, f"补评{codes}")
        queue = queue_order([entry.code for entry in entries], reviewer.user.username, panel.seed)
        for entry in entries:
            order = common[entry.pk] if common else queue.index(entry.code) + 1
            tasks.append(
                Assignment(panel=panel, nomination=entry, seat=seat, order=order, reason="有效评分不足，补评")
            )
    return Assignment.objects.bulk_create(tasks)


def _desks(plan: list[Shortfall]) -> dict[Reviewer, list[Nomination]]:
    desks: dict[Reviewer, list[Nomination]] = {}
    for line in plan:
        for reviewer in line.called:
            desks.setdefault(reviewer, []).append(line.nomination)
    return desks


def _seat(panel: Panel, reviewer: Reviewer, reason: str) -> Seat:
    """A seat behind the others; a reserve's own, or a new one for somebody from the pool."""
    last = panel.seats.filter(is_reserve=False).aggregate(last=Max("number"))["last"] or 0
    seat = panel.seats.filter(reviewer=reviewer).first() or Seat(panel=panel, reviewer=reviewer)
    origin = f"候补第{seat.number}位，" if seat.pk else "评委库按签序，"
    seat.is_reserve, seat.number, seat.reason = False, last + 1, (origin + reason)[:200]
    seat.save()
    return seat
