"""The list of years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from awards.campaign.models import Campaign, Category
from units.models import User

# Query-string name → columns.
ORDERS = {
    "year": ("year", "pk"),
    "title": ("title", "pk"),
    "organiser": ("organiser__name", "-year", "pk"),
    "opened": ("opened_at", "pk"),
}
# Query-string name → where the year stands.
STANDINGS = {
    "draft": Q(opened_at=None),
    "running": Q(opened_at__isnull=False, announced_at=None),
    "over": Q(announced_at__isnull=False),
}


def campaign_rows(user: User, values: Mapping[str, Any]) -> QuerySet[Campaign]:
    """The years this person may know of, each with `seats_in_all`; values: state, q, order of the query string."""
    found = Campaign.objects.visible_to(user).filter(is_scratch=False).select_related("organiser")
    found = found.defer("basis", "call").filter(STANDINGS.get(values.get("state", ""), Q()))
    for word in values.get("q", "").split():
        found = found.filter(
            Q(title__icontains=word) | Q(code__icontains=word) | Q(organiser__name__icontains=word)
        )
    order = values.get("order") or "-year"
    columns = ORDERS.get(order.removeprefix("-"), ORDERS["year"])
    seats = Category.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    found = found.annotate(seats_in_all=Coalesce(Subquery(seats.annotate(n=Sum("seats")).values("n")), 0))
    return found.order_by(*columns).reverse() if order.startswith("-") else found.order_by(*columns)
