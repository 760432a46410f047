"""Who runs the panels: the committee's office; its supervisor reads along and witnesses."""

from awards.campaign.models import Campaign
from units.models import User
from units.permissions import holds
from units.roles import Role


def can_manage_panels(user: User, campaign: Campaign) -> bool:
    return holds(user, Role.OFFICE, unit=campaign.organiser_id)


def can_read_panels(user: User, campaign: Campaign) -> bool:
    return holds(user, Role.OFFICE, Role.SUPERVISOR, unit=campaign.organiser_id)
