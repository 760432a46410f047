"""Who may do what with the log: a unit's clerk and secretary log, the committee's office reviews."""

from __future__ import annotations

from django.db.models import Q

from services.models.logged import Logged, LogState
from units.models import Unit, User
from units.permissions import holds, units_of, within_reach
from units.roles import UNIT_ROLES, Role

# Whoever has nothing to do with the log is kept out of its pages as a whole.
READERS = (Role.SECRETARY, Role.CLERK, Role.OFFICE, Role.SUPERVISOR)


def logs(user: User) -> bool:
    """Whether the person logs for any unit at all."""
    return holds(user, *UNIT_ROLES)


def reviews(user: User) -> bool:
    """Whether the person reviews for any committee at all."""
    return holds(user, Role.OFFICE)


def can_log(user: User, unit: Unit) -> bool:
    return within_reach(user, unit, UNIT_ROLES)


def can_change(user: User, row: Logged) -> bool:
    return row.is_open and can_log(user, row.unit)


can_send = can_change


def can_delete(user: User, row: Logged) -> bool:
    """Only what nobody else has seen yet."""
    return row.state == LogState.DRAFT and can_log(user, row.unit)


def can_review(user: User, row: Logged) -> bool:
    """Nobody reviews what he or she logged."""
    return (
        row.state == LogState.SENT
        and row.logged_by_id != user.pk
        and within_reach(user, row.unit, (Role.OFFICE,))
    )


def can_return(user: User, row: Logged) -> bool:
    return row.state in (LogState.SENT, LogState.REVIEWED) and within_reach(user, row.unit, (Role.OFFICE,))


def can_close_year(user: User, organiser: Unit) -> bool:
    return holds(user, Role.OFFICE, unit=organiser)


def own_committees(user: User) -> Q:
    """Condition on units: those of the committees below which the person logs, in one question."""
    condition = Q(pk__in=[])
    for root in {unit.organiser_slug for unit in units_of(user, *UNIT_ROLES)}:
        condition |= Q(path__startswith=f"{root}/")
    return condition
