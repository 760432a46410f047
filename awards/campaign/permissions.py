"""May this person …? Questions about a year."""

from __future__ import annotations

from awards.campaign.models import Campaign
from units.models import Unit, User
from units.permissions import holds, units_of
from units.roles import Role

INSIDE = (Role.OFFICE, Role.SUPERVISOR)
"""They read what is not out yet: verdicts, panels, every frozen ranking, the desk's cases."""


def can_run(user: User, campaign: Campaign) -> bool:
    """The office of the organiser runs a year: sets it up, screens, draws, freezes, publishes, announces."""
    return holds(user, Role.OFFICE, unit=campaign.organiser_id)


def can_read_inside(user: User, campaign: Campaign) -> bool:
    return holds(user, *INSIDE, unit=campaign.organiser_id)


def organisers_for(user: User) -> list[Unit]:
    """The committees for which this person may start a year."""
    return [unit for unit in units_of(user, Role.OFFICE) if unit.is_committee]
