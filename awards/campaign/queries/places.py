"""The places of a year's units."""

from __future__ import annotations

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from awards.campaign.models import Campaign, UnitQuota
from awards.states import HOLDS_A_PLACE
from units.models import Unit


def quota_rows(campaign: Campaign) -> QuerySet[UnitQuota]:
    """Every organization's places with how many of them are `used`."""
    used = campaign.nominations.filter(unit__top=OuterRef("unit"), state__in=HOLDS_A_PLACE)
    used = used.order_by().values("unit__top").annotate(n=Count("pk")).values("n")
    used = Coalesce(Subquery(used, output_field=IntegerField()), Value(0))
    return campaign.quotas.select_related("unit").annotate(used=used).order_by("unit__order", "unit__path")


def units_without_quota(campaign: Campaign) -> list[Unit]:
    """Standing organizations that an open year forgot: founded or moved here after it opened."""
    if not campaign.opened_at:
        return []
    found = Unit.objects.top_organizations(campaign.organiser).active_on(timezone.localdate())
    return list(found.exclude(pk__in=campaign.quotas.values("unit")))
