"""What the clock does to files that were returned and not handed in again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from awards.moves import move
from awards.nomination.models import Nomination
from awards.states import State
from units.audit.events import Event
from units.known import known
from units.moments import moment_text


@transaction.atomic
def lapse_overdue(now: datetime | None = None) -> int:
    """逾期视为撤回: every returned file whose time is over; returns how many.

    Run again it finds nothing. A file that is just being handed in is locked and left to the next run.
    The very second of the deadline is still in time (`has_lapsed`).
    """
    now = now or timezone.now()
    overdue = Nomination.objects.select_for_update(skip_locked=True, of=("self",)).select_related("campaign")
    overdue = list(overdue.filter(state=State.RETURNED, correction_due_at__lt=now).order_by("pk"))
    for nomination in overdue:
        move(
            nomination,
            State.LAPSED,
            actor=None,
            event=Event.NOMINATION_LAPSED,
            reason=f"补正期限{moment_text(known(nomination.correction_due_at), year=True)}已过。",
        )
    return len(overdue)
