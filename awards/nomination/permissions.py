"""Who may do what with a nomination: the clerk writes, the secretary writes, approves and answers for it."""

from __future__ import annotations

from awards.nomination.models import Nomination, Partner
from awards.states import State, may_move
from units.models import Unit, User
from units.permissions import holds, units_of, within_reach
from units.roles import UNIT_ROLES, Role

# Whoever has nothing to do with nominations is kept out of their list as a whole; reviewers have /review/.
READERS = (Role.SECRETARY, Role.CLERK, Role.OFFICE, Role.SUPERVISOR, Role.MEMBER)


def nominates(user: User) -> bool:
    """Whether the person writes nominations for any unit at all."""
    return holds(user, *UNIT_ROLES)


def is_of_the_lead(user: User, nomination: Nomination) -> bool:
    return within_reach(user, nomination.unit, UNIT_ROLES)


def is_secretary_of(user: User, unit: Unit) -> bool:
    return within_reach(user, unit, (Role.SECRETARY,))


def is_office_of(user: User, nomination: Nomination) -> bool:
    return nomination.campaign.organiser_id in {unit.pk for unit in units_of(user, Role.OFFICE)}


def can_start(user: User, unit: Unit) -> bool:
    return within_reach(user, unit, UNIT_ROLES)


def can_edit(user: User, nomination: Nomination) -> bool:
    return nomination.is_with_the_unit and is_of_the_lead(user, nomination)


def can_send(user: User, nomination: Nomination) -> bool:
    """To the unit's secretary for review."""
    return nomination.state == State.DRAFT and is_of_the_lead(user, nomination)


def can_send_back(user: User, nomination: Nomination) -> bool:
    return nomination.state == State.UNIT_REVIEW and is_secretary_of(user, nomination.unit)


def can_submit(user: User, nomination: Nomination) -> bool:
    """A secretary's own draft passes the unit's review on the way."""
    return nomination.is_with_the_unit and is_secretary_of(user, nomination.unit)


def can_withdraw(user: User, nomination: Nomination) -> bool:
    """The secretary; a draft that nobody has seen yet also its clerk."""
    if not may_move(nomination.state, State.WITHDRAWN):
        return False
    if nomination.state == State.DRAFT:
        return is_of_the_lead(user, nomination)
    return is_secretary_of(user, nomination.unit)


def can_answer(user: User, partner: Partner) -> bool:
    """Confirm or decline joining; only the asked unit's own secretary."""
    return partner.nomination.is_with_the_unit and is_secretary_of(user, partner.unit)
