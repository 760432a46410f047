"""What people do with the log. The verbs on rows serve activities and registers alike.

They ask whether the step is possible now; whether this person may take it, the view has asked before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from services.models import (
    DETAIL_MODELS,
    DETAIL_NAMES,
    OPEN_STATES,
    ActionTask,
    Activity,
    ActivityUnit,
    Logged,
    LogState,
    ServiceKind,
)
from units.audit.events import Event
from units.audit.record import Act, record, record_all
from units.errors import Refused, StaleVersion
from units.models import Unit, User

MOST_AT_ONCE = 2000

# verb: (event of an activity, event of any other register)
EVENTS = {
    "log": (Event.ACTIVITY_LOGGED, Event.REGISTER_ENTERED),
    "change": (Event.ACTIVITY_CHANGED, Event.REGISTER_CHANGED),
    "send": (Event.ACTIVITY_SENT, Event.REGISTER_SENT),
    "review": (Event.ACTIVITY_REVIEWED, Event.REGISTER_REVIEWED),
    "return": (Event.ACTIVITY_RETURNED, Event.REGISTER_RETURNED),
    "delete": (Event.ACTIVITY_DELETED, Event.REGISTER_DELETED),
    "import": (Event.ACTIVITY_IMPORTED, Event.REGISTER_IMPORTED),
}


def event_of(verb: str, model: type[Logged]) -> Event:
    return EVENTS[verb][not issubclass(model, Activity)]


# ---------------------------------------------------------------- one row


@transaction.atomic
def log_row(row: Logged, *, actor: User) -> Logged:
    """Save a new row as a draft of its unit."""
    row.state, row.logged_by = LogState.DRAFT, actor
    row.save(force_insert=True)
    record(event_of("log", type(row)), actor=actor, target=row)
    return row


@transaction.atomic
def change_row(row: Logged, *, values: Mapping[str, Any], version: int, actor: User) -> Logged:
    """Write the values over an open row; gives the row as it now stands.

    version: the one the form was opened with. Raises StaleVersion when the row has moved on since,
    Refused when it is closed.
    """
    row = locked_for_change(row, version)
    write(row, values, actor)
    return row


@transaction.atomic
def delete_row(row: Logged, *, actor: User) -> None:
    """Throw a draft away. What was ever sent stays."""
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state != LogState.DRAFT:
        raise Refused("已报送过的记录不能删除。")
    record(event_of("delete", type(row)), actor=actor, target=row, before=plain_values(row))
    row.delete()


def locked_for_change(row: Logged, version: int, *related: str) -> Logged:
    rows = type(row).objects.select_for_update(of=("self",))
    row = (rows.select_related(*related) if related else rows).get(pk=row.pk)
    if row.version != version:
        raise StaleVersion
    if row.state not in OPEN_STATES:
        raise Refused(f"该记录{row.get_state_display()}，不能修改。")
    return row


def write(row: Logged, values: Mapping[str, Any], actor: User, **also: tuple) -> None:
    """Save the values of a locked row with one entry; `also`: what changed beside it, (before, after)."""
    was = plain_values(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version", "updated_at"])
    now = plain_values(row)
    changed = [name for name in now if now[name] != was[name]]
    record(
        event_of("change", type(row)),
        actor=actor,
        target=row,
        before={name: was[name] for name in changed} | {name: pair[0] for name, pair in also.items()},
        after={name: now[name] for name in changed} | {name: pair[1] for name, pair in also.items()},
    )


def plain_values(row) -> dict[str, Any]:
    """What people typed, by column; keys of other rows as they are stored."""
    return {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.editable and field.name not in ("id", "created_at", "updated_at")
    }


# ---------------------------------------------------------------- activities


@transaction.atomic
def log_activity(
    activity: Activity, *, detail: Mapping[str, Any], joint_units: Iterable[Unit] = (), actor: User
) -> Activity:
    """Save a new activity with the details of its kind and the units that took part."""
    log_row(activity, actor=actor)
    DETAIL_MODELS[ServiceKind(activity.kind)].objects.create(activity=activity, **detail)
    _set_joint_units(activity, joint_units)
    return activity


@transaction.atomic
def change_activity(
    activity: Activity,
    *,
    values: Mapping[str, Any],
    detail: Mapping[str, Any],
    joint_units: Iterable[Unit],
    version: int,
    actor: User,
) -> Activity:
    """Write an open activity anew, its details and its joint units with it. Raises as change_row."""
    activity = locked_for_change(activity, version, *DETAIL_NAMES)
    row = activity.detail or DETAIL_MODELS[ServiceKind(activity.kind)](activity=activity)
    before = plain_values(row)
    for name, value in detail.items():
        setattr(row, name, value)
    after = plain_values(row)
    also = {name: (before[name], after[name]) for name in detail if before[name] != after[name]}
    if also or row._state.adding:
        row.save()
    units = _set_joint_units(activity, joint_units)
    if units[0] != units[1]:
        also["joint_units"] = units
    write(activity, values, actor, **also)
    return activity


def _set_joint_units(activity: Activity, units: Iterable[Unit]) -> tuple[list[str], list[str]]:
    """Make these, and never the unit itself, the units that took part; gives their codes (before, after)."""
    wanted = {unit.pk: unit.slug for unit in units if unit.pk != activity.unit_id}
    there = dict(activity.joint_units.values_list("unit_id", "unit__slug"))
    if there.keys() - wanted.keys():
        activity.joint_units.exclude(unit__in=wanted).delete()
    new = [ActivityUnit(activity=activity, unit_id=pk) for pk in wanted if pk not in there]
    if new:
        ActivityUnit.objects.bulk_create(new)
    return sorted(there.values()), sorted(wanted.values())


# ---------------------------------------------------------------- several rows in one act


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


# ---------------------------------------------------------------- a whole workbook


@transaction.atomic
def import_rows(rows: list[Logged], *, file_name: str, actor: User) -> list[Logged]:
    """Save checked rows of a workbook as drafts, all of them or, if one fails, none; one entry.

    An activity may carry `new_detail` (values of its kind) and `new_joint_units`, as the reader left them.
    """
    model = type(rows[0])
    for row in rows:
        row.state, row.logged_by = LogState.DRAFT, actor
    model.objects.bulk_create(rows, batch_size=500)
    if model is Activity:
        _import_details(rows)
    record(
        event_of("import", model),
        actor=actor,
        target=f"{model._meta.verbose_name} {len(rows)}条",
        after={"file": file_name, "rows": len(rows)},
    )
    return rows


def _import_details(activities: list[Activity]) -> None:
    for kind, model in DETAIL_MODELS.items():
        model.objects.bulk_create(
            (model(activity=each, **each.new_detail) for each in activities if each.kind == kind),
            batch_size=500,
        )
    ActivityUnit.objects.bulk_create(
        (ActivityUnit(activity=each, unit=unit) for each in activities for unit in each.new_joint_units),
        batch_size=500,
    )


# ---------------------------------------------------------------- tasks of an 行动党支部


@transaction.atomic
def set_task(task: ActionTask, *, actor: User) -> ActionTask:
    """Save a new task of an action branch."""
    task.save(force_insert=True)
    record(Event.TASK_SET, actor=actor, target=task, after=plain_values(task))
    return task


@transaction.atomic
def change_task(task: ActionTask, *, values: Mapping[str, Any], version: int, actor: User) -> ActionTask:
    """Write a task anew; a day in `done_on` closes it. Raises StaleVersion."""
    task = ActionTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if task.version != version:
        raise StaleVersion
    was = plain_values(task)
    for name, value in values.items():
        setattr(task, name, value)
    task.version += 1
    task.save(update_fields=[*values, "version"])
    now = plain_values(task)
    changed = [name for name in now if now[name] != was[name]]
    record(
        Event.TASK_CHANGED,
        actor=actor,
        target=task,
        before={name: was[name] for name in changed},
        after={name: now[name] for name in changed},
    )
    return task
