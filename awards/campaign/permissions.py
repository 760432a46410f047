"""May this person …? Questions about a year."""

from __future__ import annotations

from awards.campaign.models import Campaign
from units.models import Unit, User
from units.permissions import holds, units_of
from units.roles import Role


def can_change_campaign(user: User, campaign: Campaign) -> bool:
    """The office of its organiser sets a year up; nobody else does."""
    return holds(user, Role.OFFICE, unit=campaign.organiser_id)


def organisers_for(user: User) -> list[Unit]:
    """The committees for which this person may start a year."""
    return [unit for unit in units_of(user, Role.OFFICE) if unit.is_committee]


def can_change_calendar(user: User) -> bool:
    """Working days are the same for every committee; each one's office may enter them."""
    return holds(user, Role.OFFICE)
