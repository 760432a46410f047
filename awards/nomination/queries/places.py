"""The places (名额) of an organization and what takes them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from awards.campaign.models import Campaign, Category, UnitQuota
from awards.nomination.models import Nomination
from awards.nomination.rules.limits import places_problem
from units.models import Unit


@dataclass(frozen=True)
class Places:
    """Places of one organization in one category; `held` and `held_here` leave out the file asked about."""

    places: int
    per_category: int
    held: int
    held_here: int

    @property
    def problem(self) -> str | None:
        """Why one more cannot be submitted; None when it can."""
        return places_problem(self.held_here, self.held, self.per_category, self.places)

    @property
    def left(self) -> int:
        return max(0, self.places - self.held)


def held_by(
    campaign: Campaign, top: Unit, category: Category, *, but: Nomination | None = None
) -> tuple[int, int]:
    """How many places the organization's other files hold: in the category, and in all."""
    files = Nomination.objects.holding_a_place().filter(campaign=campaign, unit__top=top)
    if but is not None:
        files = files.exclude(pk=but.pk)
    held = files.order_by().aggregate(here=Count("pk", filter=Q(category=category)), all=Count("pk"))
    return held["here"], held["all"]


def places_all_taken(campaign: Campaign, top: Unit) -> int:
    """How many places an organization has that has none left; 0 while one is free, or none were given."""
    quota = UnitQuota.objects.filter(campaign=campaign, unit=top).first()
    held = Nomination.objects.holding_a_place().filter(campaign=campaign, unit__top=top)
    return quota.places if quota and held.count() >= quota.places else 0


def places_of(nomination: Nomination) -> Places | None:
    """The places of the file's organization without the file itself; None when it was given none."""
    quota = UnitQuota.objects.filter(campaign=nomination.campaign_id, unit=nomination.unit.top_id).first()
    if quota is None:
        return None
    here, held = held_by(nomination.campaign, nomination.unit.top, nomination.category, but=nomination)
    return Places(quota.places, quota.per_category, held, here)
