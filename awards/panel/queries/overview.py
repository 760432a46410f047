"""All panels of a year in one table, those not yet set up too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from awards.campaign.models import Campaign, Category
from awards.campaign.queries.rule import rule_in_force
from awards.nomination.models import Nomination
from awards.panel.models import Assignment, Panel, Recusal
from awards.scoring.words import stage_name
from awards.states import State

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    CountedPanel = WithAnnotations[Panel, "Counts"]


class Counts(TypedDict):
    entries: int
    seat_count: int
    reserve_count: int
    due: int
    handed_in: int
    recusals: int


@dataclass(frozen=True)
class PanelLine:
    """One category in one stage. panel: its row, an unsaved one while nobody has set it up."""

    panel: Panel
    stage_name: str
    entries: int
    seats: int = 0
    reserves: int = 0
    due: int = 0
    handed_in: int = 0
    recusals: int = 0


def panel_lines(campaign: Campaign) -> list[PanelLine]:
    """Category by stage, in order, with counts made in the database: three questions."""
    stages = rule_in_force(campaign).parsed.stage_codes
    panels = {(panel.category_id, panel.stage): panel for panel in _counted(campaign)}
    categories = campaign.categories.annotate(
        qualified=Count("nominations", filter=Q(nominations__state=State.QUALIFIED)),
        shortlisted=Count("nominations", filter=Q(nominations__state=State.SHORTLISTED)),
    ).order_by("order", "letter")  # grouped rows have lost the model's own order
    lines = []
    for category in categories:
        for number, stage in enumerate(stages):
            waiting = category.shortlisted if number else category.qualified
            lines.append(_line(campaign, category, stage, panels.get((category.pk, stage)), waiting))
    return lines


def _line(
    campaign: Campaign, category: Category, stage: str, panel: CountedPanel | None, waiting: int
) -> PanelLine:
    name = stage_name(stage)
    if panel is None:
        return PanelLine(Panel(campaign=campaign, category=category, stage=stage), name, waiting)
    # Once entries were given out their number is history; the files themselves move on.
    entries = panel.entries if panel.entries else waiting
    return PanelLine(
        panel,
        name,
        entries,
        panel.seat_count,
        panel.reserve_count,
        panel.due,
        panel.handed_in,
        panel.recusals,
    )


def _counted(campaign: Campaign) -> QuerySet[CountedPanel]:
    live = Assignment.objects.live().filter(panel=OuterRef("pk")).order_by().values("panel")
    due = live.filter(abstained_at=None).filter(Q(seat__left_at=None) | Q(sheets__state="handed_in"))
    judging = Q(seats__is_reserve=False, seats__left_at=None)
    recused = (
        Recusal.objects.filter(
            nomination__category=OuterRef("category"),
            reviewer__seats__panel=OuterRef("pk"),
            reviewer__seats__is_reserve=False,
        )
        .order_by()
        .values("nomination__category")
    )

    def count(rows, what: str = "pk"):
        counted = rows.annotate(n=Count(what, distinct=True)).values("n")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    return campaign.panels.select_related("campaign", "category").annotate(
        entries=count(live, "nomination"),
        due=count(due),
        handed_in=count(live.filter(sheets__state="handed_in")),
        recusals=count(recused),
        seat_count=Count("seats", filter=judging, distinct=True),
        reserve_count=Count("seats", filter=Q(seats__is_reserve=True, seats__left_at=None), distinct=True),
    )


def recusal_rows(campaign: Campaign):
    """Every recusal of the year; the office and the supervisor alone read them with names."""
    rows = Recusal.objects.filter(nomination__campaign=campaign)
    rows = rows.select_related(
        "nomination__unit", "nomination__category", "reviewer__user", "reviewer__employer", "made_by"
    )
    return rows.annotate(code=F("nomination__code")).order_by(
        "nomination__code_key", "reviewer__user__username"
    )


def nomination_by_code(campaign: Campaign, code: str) -> Nomination | None:
    return campaign.nominations.filter(code=code.strip().upper()).first()
