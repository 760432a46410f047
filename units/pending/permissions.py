"""Who may see a proposed act, and who is its second person."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model, Q
from django.dispatch import Signal

from units.kit.keys import TABLE
from units.models import User
from units.pending.models import PendingAct
from units.permissions import holds, units_of
from units.roles import Role

ties_asked = Signal()
"""Asked with user and entries; whoever knows of ties answers with them in words, a list."""


def ties_of(user: User, entries: Iterable[Model]) -> list[str]:
    """How this person is tied to any of the entries, in words."""
    entries = list(entries)
    answers = ties_asked.send(None, user=user, entries=entries) if entries else []
    return [words for _, found in answers for words in found or ()]


def can_confirm(user, act: PendingAct) -> bool:
    """Whether this person's posts make the second key; never the first person's."""
    return user.pk != act.first_id and holds(user, *act.row.second, unit=act.committee_id)


def waiting_for(user) -> Q:
    """The proposals that this person's posts allow to confirm, as a condition; the own ones left out."""
    wanted = Q(pk__in=[])
    for row in TABLE.values():
        around = Q(committee__in=units_of(user, *row.second))
        wanted |= Q(kind=row.code) & (around | Q(committee=None) if holds(user, *row.second) else around)
    return wanted & ~Q(first=user)


def visible_to(user) -> Q:
    """What one proposed or settled, and all of a committee whose office or supervisor one is; of accounts, all that
    the administrators do."""
    around = Q(first=user) | Q(second=user) | Q(committee__in=units_of(user, Role.OFFICE, Role.SUPERVISOR))
    return around | Q(committee=None) if holds(user, Role.SYSADMIN, Role.SECADMIN) else around
