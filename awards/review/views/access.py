"""Where a reviewer's entry is fetched: what is not live on this person's desk does not exist."""

from __future__ import annotations

from django.db.models import F
from django.http import Http404
from django.urls import reverse

from awards.panel.models import Assignment, Panel
from awards.review.models import SheetState
from awards.review.queries.desk import desks_of
from awards.review.queries.reading import is_blind

READ = (
    "order", "revoked_at", "skipped_at", "abstained_at", "abstain_reason", "seat__number", "seat__reviewer__declared_at",
    "panel__stage", "panel__opened_at", "panel__closes_at", "panel__closed_at",
    "panel__category__name", "panel__category__letter", "panel__campaign__code", "panel__campaign__title",
    "panel__campaign__organiser__path", "nomination__code", "nomination__state",
)  # fmt: skip


def desk_or_404(user, campaign: str, stage: str, code: str) -> Assignment:
    """One live assignment of this person with panel, entry and its sheet's `sheet_version`, `sheet_comment`.

    Of the entry the blind stage asks for code and state alone: neither the unit nor a name is fetched.
    """
    joined = ["panel__category", "panel__campaign__organiser", "nomination", "seat__reviewer"]
    read = [*READ]
    if not is_blind(stage):
        joined.append("nomination__unit")
        read.append("nomination__unit__name")
    found = desks_of(user).filter(panel__campaign__code=campaign, panel__stage=stage, nomination__code=code)
    kept = {"sheet_version": F("sheet__version"), "sheet_comment": F("sheet__comment")}
    desk = found.select_related(*joined).only(*read).annotate(**kept).first()
    if desk is None:
        raise Http404
    return desk


def sheet_of(desk: Assignment):
    """The sheet that is not void; None before the first mark."""
    return desk.sheets.exclude(state=SheetState.VOID).first()


def panel_key(panel: Panel) -> str:
    """What names a panel in the query string of the reviewer's pages."""
    return f"{panel.campaign.code}-{panel.category.letter}-{panel.stage}"


def route_of(desk: Assignment, name: str = "review-sheet") -> str:
    panel = desk.panel
    return reverse(f"awards:{name}", args=[panel.campaign.code, panel.stage, desk.nomination.code])
