"""May this person …? The announced list is everybody's inside."""

from __future__ import annotations

from units.models import User
from units.permissions import holds
from units.roles import Role

READERS = (Role.SECRETARY, Role.CLERK, Role.REVIEWER, Role.OFFICE, Role.MEMBER, Role.SUPERVISOR)


def only_reviews(user: User) -> bool:
    """Whether the person reads results as a reviewer alone; what they count for units is not theirs."""
    return not holds(user, *(role for role in READERS if role != Role.REVIEWER))
