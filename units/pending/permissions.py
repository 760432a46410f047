"""Who may see a proposed act, and who is its second person."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model, Q, QuerySet
from django.dispatch import Signal

from units.kit.keys import TABLE
from units.models import Post, Unit, User
from units.pending.models import PendingAct
from units.permissions import can_grant_post, holds, posts_of, units_of
from units.roles import ADMINISTRATORS, Role

ties_asked = Signal()
"""Asked with user and entries; whoever knows of ties answers with them in words, a list."""
years_asked = Signal()
"""Asked with committees; whoever knows of years answers whether one of theirs is open."""


def is_year_open(committees: Iterable[Unit]) -> bool:
    """Whether a year of one of these committees is open."""
    committees = list(committees)
    return bool(committees) and any(found for _, found in years_asked.send(None, committees=committees))


def ties_of(user: User, entries: Iterable[Model]) -> list[str]:
    """How this person is tied to any of the entries, in words."""
    entries = list(entries)
    answers = ties_asked.send(None, user=user, entries=entries) if entries else []
    return [words for _, found in answers for words in found or ()]


def can_confirm(user, act: PendingAct) -> bool:
    """Whether this person's posts make the second key; never the first person's, nor theirs whom it is about."""
    if user.pk in (act.first_id, act.concerns_id) or not holds(user, *act.row.second, unit=act.committee_id):
        return False
    return not act.row.three or not {act.first_id, act.concerns_id} & set(_of_the_same_post(user))


def _of_the_same_post(user) -> QuerySet:
    """The keys of all who hold an administrator's post that this person holds."""
    own = [post.role for post in posts_of(user) if post.role in ADMINISTRATORS]
    return Post.objects.current().filter(role__in=own).values_list("user", flat=True)


def can_act_on_administrator(user, person: User) -> bool:
    """Whether this is an administrator of another post than the person's, who may propose what is done to it."""
    if user.pk == person.pk or not holds(user, *ADMINISTRATORS):
        return False
    return person.pk not in set(_of_the_same_post(user))


def can_end_post(user, post: Post) -> bool:
    """Whoever may grant it may end it; an administrator's, another administrator."""
    if post.role in ADMINISTRATORS:
        return can_act_on_administrator(user, post.user)
    return can_grant_post(user, Role(post.role), post.unit)


def waiting_for(user) -> Q:
    """The proposals that this person's posts allow to confirm, as a condition; the own ones left out."""
    wanted = Q(pk__in=[])
    for row in TABLE.values():
        if row.three:
            if holds(user, *row.second):
                same = _of_the_same_post(user)
                wanted |= Q(kind=row.code) & ~Q(first__in=same) & ~Q(concerns__in=same)
            continue
        around = Q(committee__in=units_of(user, *row.second))
        wanted |= Q(kind=row.code) & (around | Q(committee=None) if holds(user, *row.second) else around)
    return wanted & ~Q(first=user) & (Q(concerns=None) | ~Q(concerns=user))


def visible_to(user) -> Q:
    """What one proposed or settled, and all of a committee whose office or supervisor one is; of accounts, all that
    the administrators do."""
    around = Q(first=user) | Q(second=user) | Q(committee__in=units_of(user, Role.OFFICE, Role.SUPERVISOR))
    return around | Q(committee=None) if holds(user, Role.SYSADMIN, Role.SECADMIN) else around
