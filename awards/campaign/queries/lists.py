"""The list of years."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from awards.campaign.models import Campaign, Category
from units.models import User


def campaign_rows(user: User) -> QuerySet[Campaign]:
    """The years this person may know of, each with `seats_in_all`, the newest first."""
    found = Campaign.objects.visible_to(user).filter(is_scratch=False).select_related("organiser")
    seats = Category.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    seats = Coalesce(Subquery(seats.annotate(n=Sum("seats")).values("n")), 0)
    return found.defer("basis", "call").annotate(seats_in_all=seats).order_by("-year", "-pk")
