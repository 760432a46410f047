"""Several rows in one act: sent, reviewed, given back."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from services.actions.rows import event_of
from services.models.logged import OPEN_STATES, Logged, LogState
from units.audit.record import Act, record_all
from units.errors import Refused
from units.models import User

MOST_AT_ONCE = 2000


@transaction.atomic
def send_rows(rows: QuerySet, *, actor: User) -> list[Logged]:
    """Hand open rows over to the office; gives those that went. Rows no longer open are left alone."""
    return _move(rows, "send", LogState.SENT, OPEN_STATES, actor=actor)


@transaction.atomic
def review_rows(rows: QuerySet, *, actor: User) -> list[Logged]:
    """Take sent rows as correct: from now on they count. Rows the person logged are left alone."""
    others = rows.exclude(logged_by=actor)
    return _move(
        others,
        "review",
        LogState.REVIEWED,
        (LogState.SENT,),
        actor=actor,
        reviewed_by=actor,
        reviewed_at=timezone.now(),
        return_reason="",
    )


@transaction.atomic
def return_rows(rows: QuerySet, *, reason: str, actor: User) -> list[Logged]:
    """Give sent or reviewed rows back to their units with a reason; a reviewed one no longer counts."""
    if not reason.strip():
        raise Refused("请写明退回原因。")
    return _move(
        rows,
        "return",
        LogState.RETURNED,
        (LogState.SENT, LogState.REVIEWED),
        actor=actor,
        reason=reason,
        return_reason=reason,
        reviewed_by=None,
        reviewed_at=None,
    )


def _move(
    rows: QuerySet, verb: str, to: LogState, origins: tuple, *, actor: User, reason: str = "", **columns
) -> list[Logged]:
    """Change the state of those rows that are still in `origins`: one act, one entry each.

    Gives the rows as they now stand. However many they are, it takes one lock, one entry statement and one
    update.
    """
    keys = rows.order_by().values("pk")
    ready = rows.model.objects.filter(pk__in=keys, state__in=origins)
    ready = ready.select_for_update(of=("self",)).order_by("pk")
    if rows.model.named_by:
        ready = ready.select_related(*rows.model.named_by)
    moved = list(ready[: MOST_AT_ONCE + 1])
    if len(moved) > MOST_AT_ONCE:
        raise Refused(f"一次最多办理{MOST_AT_ONCE}条，请缩小筛选范围。")
    acts = [Act(row, before={"state": row.state}, after={"state": to}) for row in moved]
    record_all(event_of(verb, rows.model), acts, actor=actor, reason=reason)
    columns |= {"state": to, "updated_at": timezone.now()}
    locked = rows.model.objects.filter(pk__in=[row.pk for row in moved])
    locked.update(**columns, version=F("version") + 1)
    for row in moved:
        row.version += 1
        for name, value in columns.items():
            setattr(row, name, value)
    return moved
