"""What a year that is being set up asks of its office."""

from __future__ import annotations

from typing import Any

from django.db.models import F, IntegerField, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from awards.campaign.models import Campaign, Category
from awards.campaign.queries.rule import shortlist_places
from awards.campaign.queries.setting_up import next_setup_step
from units.kit.todos import Desk, Task, link
from units.permissions import units_of
from units.roles import Role


def figures(desk: Desk) -> dict[str, Any]:
    return {"seats": _sum(F("seats")), "places": _sum(shortlist_places())}


def _sum(figure) -> Coalesce:
    """The sum over the year's categories as a column."""
    rows = Category.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    summed = rows.annotate(total=Sum(figure)).values("total")
    return Coalesce(Subquery(summed, output_field=IntegerField()), Value(0))


def tasks(desk: Desk) -> list[Task]:
    """Years that this person's office has begun to set up and not opened, each with what it wants next."""
    if not desk.holds(Role.OFFICE):
        return []
    organisers = [unit.pk for unit in units_of(desk.user, Role.OFFICE)]
    waiting = Campaign.objects.run_here().filter(organiser__in=organisers, opened_at=None)
    found = []
    for year in waiting.order_by("year").prefetch_related("rules", "categories", "timetable"):
        step = next_setup_step(year, desk.now)
        found.append(Task(f"{year}尚未启动", link(f"awards:{step.route}", year.code), step.action, step.says))
    return found
