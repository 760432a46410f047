"""The places (名额) of an organization and what takes them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Greatest

from awards.campaign.models import Campaign, Category, UnitQuota
from awards.nomination.models import Nomination
from awards.nomination.rules.limits import places_problem
from awards.states import FREES_ITS_PLACE
from units.models import Unit

ALIKE_FROM = 0.5  # share of three-character runs, as at screening


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
        """How many more can be submitted in the category."""
        return max(0, min(self.places - self.held, self.per_category - self.held_here))

    @property
    def words(self) -> str:
        return f"还可报{self.left}件" if self.left else "名额已用完"

    @property
    def is_full(self) -> bool:
        """Whether no category has a place left."""
        return self.held >= self.places


def held_by(
    campaign: Campaign, top: Unit | None, category: Category, *, but: Nomination | None = None
) -> tuple[int, int]:
    """How many places the organization's other files hold: in the category, and in all."""
    files = Nomination.objects.holding_a_place().filter(campaign=campaign, unit__top=top)
    if but is not None:
        files = files.exclude(pk=but.pk)
    held = files.order_by().aggregate(here=Count("pk", filter=Q(category=category)), all=Count("pk"))
    return held["here"], held["all"]


def places_by_category(campaign: Campaign, top: Unit) -> dict[int, Places]:
    """The organization's places in each category, by its key; empty when it was given none."""
    quota = UnitQuota.objects.filter(campaign=campaign, unit=top).first()
    if quota is None:
        return {}
    files = Nomination.objects.holding_a_place().filter(campaign=campaign, unit__top=top).order_by()
    held = dict(files.values_list("category").annotate(n=Count("pk")))
    return {
        category.pk: Places(quota.places, quota.per_category, sum(held.values()), held.get(category.pk, 0))
        for category in campaign.categories.all()
    }


def places_of(nomination: Nomination) -> Places | None:
    """The places of the file's organization without the file itself; None when it was given none."""
    quota = UnitQuota.objects.filter(campaign=nomination.campaign_id, unit=nomination.unit.top_id).first()
    if quota is None:
        return None
    here, held = held_by(nomination.campaign, nomination.unit.top, nomination.category, but=nomination)
    return Places(quota.places, quota.per_category, held, here)


def elsewhere(nomination: Nomination) -> QuerySet[Nomination]:
    """Files of the same organization in other categories of the year that look like the same project."""
    near = [
        TrigramSimilarity(name, text) for name in ("title", "summary") if (text := getattr(nomination, name))
    ]
    others = Nomination.objects.filter(campaign=nomination.campaign, unit__top=nomination.unit.top_id)
    others = others.exclude(category=nomination.category).exclude(state__in=FREES_ITS_PLACE)
    if not near:
        return others.none()
    likeness = Greatest(*near) if len(near) > 1 else near[0]
    return (
        others.annotate(near=likeness).filter(near__gte=ALIKE_FROM).select_related("category").order_by("pk")
    )
