"""Which entries a panel judges, and what the rule in force says of its stage."""

from __future__ import annotations

from django.db.models import QuerySet

from awards.campaign.models import Campaign
from awards.campaign.queries import rule_in_force
from awards.nomination.models import Nomination
from awards.panel.models import Panel
from awards.states import State


def stages_of(campaign: Campaign) -> list[str]:
    """The stage codes of the rule in force, in order."""
    return [stage["code"] for stage in rule_in_force(campaign).body["stages"]]


def first_stage(campaign: Campaign) -> str:
    return stages_of(campaign)[0]


def race_state(campaign: Campaign, stage: str, *, first: str = "") -> State:
    """The state of the entries that a stage judges: all qualified ones first, the shortlist later."""
    return State.QUALIFIED if stage == (first or first_stage(campaign)) else State.SHORTLISTED


def entries_of(panel: Panel, *, first: str = "") -> QuerySet[Nomination]:
    """The entries in the race for a panel's stage, units loaded, in the order of their codes.

    first: the rule's first stage, where the caller has the rule at hand.
    """
    state = race_state(panel.campaign, panel.stage, first=first)
    found = Nomination.objects.filter(category=panel.category_id, state=state)
    return found.select_related("unit").order_by("code")


def least_sheets(campaign: Campaign) -> int:
    """Fewest valid sheets with which an entry can be ranked."""
    return rule_in_force(campaign).body["least"]


def rule_limits(campaign: Campaign) -> dict[str, int]:
    """least, high and low of the rule in force: what the size of a panel is held against."""
    body = rule_in_force(campaign).body
    return {"least": body["least"], "high": body["trim"]["high"], "low": body["trim"]["low"]}


def unassigned(panel: Panel) -> int:
    """How many entries of the panel nobody has been given."""
    given = panel.assignments.live().values("nomination")
    return entries_of(panel).exclude(pk__in=given).count()


def sheets_still_due(panel: Panel) -> int:
    """Assignments neither handed in nor abstained from, of seats that are still taken."""
    due = panel.assignments.live().filter(abstained_at=None, seat__left_at=None)
    return due.exclude(sheets__state="handed_in").count()
