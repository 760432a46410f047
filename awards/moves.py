"""The one place where a nomination's state is assigned; every action moves a file through here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from awards.states import State, require_move
from units.audit.events import Event
from units.audit.record import record


def locked(nomination):
    """The same nomination, read again under a row lock; call inside a transaction."""
    return type(nomination).objects.select_for_update().get(pk=nomination.pk)


def move(
    nomination,
    to: State,
    *,
    actor,
    event: Event,
    reason: str = "",
    act_id: UUID | None = None,
    second_actor=None,
    noted: dict[str, Any] | None = None,
    **columns: Any,
) -> None:
    """Take a locked nomination to another state, writing `columns` along, with one audit entry.

    noted: more facts for the entry's new values, such as the digest of what was submitted.

    Raises StageError when the table of states knows no such move.
    """
    require_move(nomination.state, to)
    before, nomination.state = nomination.state, to
    for name, value in columns.items():
        setattr(nomination, name, value)
    nomination.save(update_fields=["state", *columns])
    record(
        event,
        actor=actor,
        target=nomination,
        before={"state": before},
        after={"state": to, **(noted or {})},
        reason=reason,
        act_id=act_id,
        second_actor=second_actor,
    )
