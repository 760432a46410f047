"""Who screens: the office of the campaign's organiser, nobody with a post at the unit alone."""

from awards.campaign.models import Campaign
from units.models import User
from units.permissions import holds
from units.roles import Role


def can_screen(user: User, campaign: Campaign) -> bool:
    return holds(user, Role.OFFICE, unit=campaign.organiser_id)


def can_read_screening(user: User, campaign: Campaign) -> bool:
    return holds(user, Role.OFFICE, Role.SUPERVISOR, unit=campaign.organiser_id)
