"""What each role may see of a year. Administrators see no business figures at all."""

from __future__ import annotations

from dataclasses import dataclass

from awards.campaign.models import Campaign
from units.models import Unit, User
from units.permissions import posts_of
from units.roles import COMMITTEE_ROLES, UNIT_ROLES, Role

READERS = tuple(COMMITTEE_ROLES | UNIT_ROLES)


@dataclass(frozen=True)
class Cut:
    """units: the person's own organizations, empty for those who act for the committee.

    rows: the lists behind the figures; inside: states as the office knows them, and the reviewers'
    progress as counts; outcome: how many files stand where, once that is public.
    """

    units: tuple[Unit, ...]
    rows: bool
    inside: bool
    outcome: bool


def cut_for(user: User, campaign: Campaign) -> Cut:
    """What this person sees of this year; asks the posts that are known already."""
    posts = [post for post in posts_of(user) if post.unit.organiser_slug == campaign.organiser.slug]
    roles = {Role(post.role) for post in posts if post.unit_id == campaign.organiser_id}
    inside = bool(roles & {Role.OFFICE, Role.SUPERVISOR})
    own = {top for post in posts if post.role in UNIT_ROLES and (top := post.unit.top)}
    return Cut(
        units=() if roles & COMMITTEE_ROLES else tuple(sorted(own, key=lambda unit: unit.order)),
        rows=inside or Role.MEMBER in roles,
        inside=inside,
        outcome=inside or bool(campaign.outcome_public_at),
    )


def visible_years(user: User):
    """The campaigns of the committees this person belongs to; scratch ones only to those who name them."""
    slugs = {post.unit.organiser_slug for post in posts_of(user) if post.role in READERS}
    return Campaign.objects.visible_to(user).filter(organiser__slug__in=slugs)
