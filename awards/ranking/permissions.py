"""Who reads a ranking: the office and the supervisor of its committee; members once the final one is frozen."""

from awards.campaign.models import Campaign
from units.permissions import holds
from units.roles import Role

READERS = (Role.OFFICE, Role.SUPERVISOR, Role.MEMBER)


def can_read_any(user, campaign: Campaign) -> bool:
    """Every frozen ranking, of each stage and version: the office and the supervisor."""
    return holds(user, Role.OFFICE, Role.SUPERVISOR, unit=campaign.organiser_id)
