"""The places of a year's units."""

from __future__ import annotations

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from awards.campaign.models import Campaign, UnitQuota
from awards.states import FREES_ITS_PLACE, HOLDS_A_PLACE, State
from units.models import Unit

# Whether the organization of a row of places has a file, drafts too; what was withdrawn is none.
BEGUN = Exists(
    Campaign.objects.filter(
        pk=OuterRef("campaign"),
        nominations__unit__top=OuterRef("unit"),
        nominations__state__in=frozenset(State) - FREES_ITS_PLACE,
    )
)


def quota_rows(campaign: Campaign) -> QuerySet[UnitQuota]:
    """Every organization's places with how many of them are `used`, and whether it has `begun`."""
    used = campaign.nominations.filter(unit__top=OuterRef("unit"), state__in=HOLDS_A_PLACE)
    used = used.order_by().values("unit__top").annotate(n=Count("pk")).values("n")
    used = Coalesce(Subquery(used, output_field=IntegerField()), Value(0))
    rows = campaign.quotas.select_related("unit").annotate(used=used, begun=BEGUN)
    return rows.order_by("unit__order", "unit__path")


def not_begun(campaign: Campaign | OuterRef) -> QuerySet[UnitQuota]:
    """Organizations with places that have not begun a file."""
    rows = UnitQuota.objects.filter(campaign=campaign, places__gt=0).exclude(BEGUN)
    return rows.select_related("unit").order_by("unit__order", "unit__path")


def units_without_quota(campaign: Campaign) -> list[Unit]:
    """Active organizations that an open year forgot: founded or moved here after it opened."""
    if not campaign.opened_at:
        return []
    found = Unit.objects.top_organizations(campaign.organiser).active_on(timezone.localdate())
    return list(found.exclude(pk__in=campaign.quotas.values("unit")))
