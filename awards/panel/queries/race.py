"""Which entries a panel judges, and how many of them still want a reviewer or a sheet."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from awards.campaign.models import Campaign
from awards.campaign.queries.rule import rule_in_force
from awards.nomination.models import Attachment, Nomination
from awards.panel.models import Panel
from awards.states import State


def stages_of(campaign: Campaign) -> list[str]:
    """The stage codes of the rule in force, in order."""
    return rule_in_force(campaign).parsed.stage_codes


def entries_of(panel: Panel) -> QuerySet[Nomination]:
    """The entries in the race for a panel's stage, units loaded, in the order of their codes.

    The first stage judges all qualified ones, a later one the shortlist.
    """
    is_first = panel.stage == panel.rule.stage_codes[0]
    state = State.QUALIFIED if is_first else State.SHORTLISTED
    found = Nomination.objects.filter(category=panel.category_id, state=state)
    return found.select_related("unit").order_by("code_key")


@dataclass(frozen=True)
class Wanting:
    """How many entries a panel has, how many of them nobody has been given, and how many have a file of which the
    office has not said whether it may be opened."""

    entries: int
    unassigned: int
    unsettled: int


def wanting(panel: Panel) -> Wanting:
    given = panel.assignments.live().filter(nomination=OuterRef("pk"))
    open_files = Attachment.objects.present().filter(
        nomination=OuterRef("pk"), blind_claimed=True, blind_settled=False
    )
    counts = {
        "entries": Count("pk"),
        "unassigned": Count("pk", filter=~Q(Exists(given))),
        "unsettled": Count("pk", filter=Q(Exists(open_files))),
    }
    return Wanting(**entries_of(panel).order_by().aggregate(**counts))


def sheets_still_due(panel: Panel) -> int:
    """Assignments neither handed in nor abstained from, of seats that are still taken."""
    due = panel.assignments.live().filter(abstained_at=None, seat__left_at=None)
    return due.exclude(sheets__state="handed_in").count()


def marks_are_in(panels: QuerySet[Panel]) -> bool:
    """Whether any sheet of these panels is handed in: from then on their make-up takes two people to change."""
    return panels.filter(assignments__sheets__state="handed_in").exists()
