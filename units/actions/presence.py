"""Who is in a form, who saved it since, and what somebody has typed there and not saved yet.

None of it is an act: nothing goes to the log, and nothing typed counts anywhere before it is saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone

from units.models import Presence, User

AWAY = timedelta(minutes=1)
"""Not seen for so long, somebody is no longer in the form: the page tells of itself three times in it."""
KEPT = timedelta(days=30)
"""How long text that was never saved waits for its writer."""


def come_to(form: str, person: User) -> None:
    """The person is in the form now; who was away for long comes anew."""
    now = timezone.now()
    back = Case(When(seen_at__lt=now - AWAY, then=Value(now)), default=F("since"))
    if not Presence.objects.filter(form=form, person=person).update(since=back, seen_at=now):
        _write(form, person)


def keep_text(form: str, person: User, texts: Mapping[str, list[str]] | None) -> None:
    """Keep what is typed and not saved for its writer alone; None lets go of it."""
    _write(form, person, texts=texts, texts_at=timezone.now() if texts else None)


def tell_saved(form: str, person: User) -> None:
    """The person has saved: nothing typed waits any more."""
    _write(form, person, saved_at=timezone.now(), texts=None, texts_at=None)


def others_in(form: str, person: User) -> QuerySet[Presence]:
    """The other people in the form now, who came first before."""
    here = Presence.objects.filter(form=form, seen_at__gte=timezone.now() - AWAY).exclude(person=person)
    return here.select_related("person").order_by("since")


def savers_since(form: str, moment: datetime) -> QuerySet[Presence]:
    """Who has saved the form after that moment, the last one first."""
    return (
        Presence.objects.filter(form=form, saved_at__gt=moment).select_related("person").order_by("-saved_at")
    )


def forget_old_presences() -> int:
    """Let go of who was where, and of text that nobody came back for; gives the number of rows."""
    return Presence.objects.filter(seen_at__lt=timezone.now() - KEPT).delete()[0]


def _write(form: str, person: User, **columns) -> None:
    """One statement, whether the person has been here before or not."""
    row = Presence(form=form, person=person, **columns)
    Presence.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["form", "person"], update_fields=["seen_at", *columns]
    )
