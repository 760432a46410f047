"""One row of the log: saved, changed, thrown away. The verbs serve activities and registers alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction

from services.actions.files import discard
from services.models.activities import Activity
from services.models.logged import OPEN_STATES, Logged, LogState
from units.audit.events import Event
from units.audit.record import record
from units.errors import Refused, StaleVersion
from units.models import User

Row = TypeVar("Row", bound=Logged)

# verb: (event of an activity, event of any other register)
EVENTS = {
    "log": (Event.ACTIVITY_LOGGED, Event.REGISTER_ENTERED),
    "change": (Event.ACTIVITY_CHANGED, Event.REGISTER_CHANGED),
    "send": (Event.ACTIVITY_SENT, Event.REGISTER_SENT),
    "review": (Event.ACTIVITY_REVIEWED, Event.REGISTER_REVIEWED),
    "return": (Event.ACTIVITY_RETURNED, Event.REGISTER_RETURNED),
    "delete": (Event.ACTIVITY_DELETED, Event.REGISTER_DELETED),
    "import": (Event.ACTIVITY_IMPORTED, Event.REGISTER_IMPORTED),
    "undo": (Event.ACTIVITY_IMPORT_UNDONE, Event.REGISTER_IMPORT_UNDONE),
}


def event_of(verb: str, model: type[Logged]) -> Event:
    return EVENTS[verb][not issubclass(model, Activity)]


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
    if isinstance(row, Activity):
        discard(row.files.all())
    row.delete()


def locked_for_change(found: Row, version: int, *related: str) -> Row:
    rows = type(found).objects.select_for_update(of=("self",))
    row: Any = (rows.select_related(*related) if related else rows).get(pk=found.pk)
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
