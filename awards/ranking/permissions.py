"""Who reads a ranking: the office and the supervisor of its committee; members once the final one is frozen."""

from awards.campaign.models import Campaign
from units.permissions import units_of
from units.roles import Role

READERS = (Role.OFFICE, Role.SUPERVISOR, Role.MEMBER)


def roles_at(user, campaign: Campaign) -> set[Role]:
    """The reading roles the person holds at the campaign's organiser today."""
    return {role for role in READERS if campaign.organiser_id in [u.pk for u in units_of(user, role)]}


def can_read_any(user, campaign: Campaign) -> bool:
    """Every frozen ranking, of each stage and version: the office and the supervisor."""
    return bool(roles_at(user, campaign) & {Role.OFFICE, Role.SUPERVISOR})


def can_freeze(user, campaign: Campaign) -> bool:
    return Role.OFFICE in roles_at(user, campaign)
