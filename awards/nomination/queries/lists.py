"""Lists of nominations for each reader, and of the records a nomination may cite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from awards.nomination.models import Evidence, Nomination, Partner
from awards.states import State
from services.models.activities import Activity
from units.kit.search import matching
from units.models import User


def listed_for(user: User) -> QuerySet:
    """What the person may see, with `shown_state`, only the columns of a list."""
    found = Nomination.objects.visible_to(user).shown_to(user).select_related("campaign", "category", "unit")
    return found.only(
        "code", "slug", "title", "state", "submitted_at", "updated_at", "correction_due_at",
        "campaign__code", "campaign__title", "category__name", "category__letter", "unit__short_name",
        "unit__name", "unit__path",
    )  # fmt: skip


def invitations_of(user: User) -> QuerySet:
    """Files of others that the person's units were asked to join and have not answered yet."""
    waiting = Partner.objects.asked(user).filter(confirmed_at=None)
    waiting = waiting.filter(nomination__state__in=[State.DRAFT, State.UNIT_REVIEW, State.RETURNED])
    return waiting.select_related("nomination__unit", "nomination__category", "unit").order_by("pk")


def copyable_for(user: User) -> QuerySet:
    """Earlier files of the person's own units whose texts a new one may begin with, newest first."""
    own = Nomination.objects.led_by(user).exclude(title="").select_related("campaign", "category")
    own = own.only("slug", "code", "title", "campaign__title", "category__name")
    return own.order_by("-campaign__year", "-pk")


def citable_activities(nomination: Nomination, values: Mapping[str, Any]) -> QuerySet:
    """The organization's records, newest first, each with `cited`; filters: year, kind, q, cited.

    Those not reviewed yet are listed too: the page marks them, they cannot be ticked.
    """
    rows = Activity.objects.citable_by(nomination.unit).select_related("unit")
    rows = rows.annotate(
        cited=Exists(Evidence.objects.filter(nomination=nomination, activity=OuterRef("pk")))
    )
    if values.get("year"):
        rows = rows.in_year(int(values["year"]))
    if values.get("kind"):
        rows = rows.filter(kind=values["kind"])
    if values.get("cited"):
        rows = rows.filter(cited=True)
    rows = rows.filter(matching(values.get("q", ""), "subject", "target"))
    return rows.order_by("-happened_on", "-pk")
