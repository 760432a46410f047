"""The year in numbers. Every sum is made in SQL: statements and rows fetched do not grow with the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import ExtractMonth

from awards.campaign.models import Campaign
from awards.campaign.queries.rule import second_stage_of
from awards.dashboard import figures as kinds
from awards.dashboard.figures import FIGURES, OWN
from awards.dashboard.permissions import Cut
from awards.panel.models import Assignment
from awards.result.models import Result
from awards.review.queries.progress import DONE, DUE
from awards.review.queries.progress import counted as with_progress
from awards.scoring.words import stage_name
from awards.states import HOLDS_A_PLACE, IN_THE_RACE, State, outward_state
from services import queries as log
from units.models import ActionKind, Unit


@dataclass
class CategoryCount:
    """How one category's files stand. states: of all files; own: of the reader's organizations.

    before: what a file was when the meeting took it up, SHORTLISTED where a year has two stages.
    """

    letter: str
    name: str
    results: int
    states: dict[State, int]
    before: State
    own: dict[State, int] = field(default_factory=dict)

    @property
    def submitted(self) -> int:
        return sum(self.states[state] for state in HOLDS_A_PLACE) + sum(
            self.states[state] for state in (State.INELIGIBLE, State.LAPSED)
        )

    @property
    def qualified(self) -> int:
        return sum(self.states[state] for state in IN_THE_RACE)


@dataclass(frozen=True)
class Progress:
    """Sheets of one panel: how many are due and how many are in, never what stands in them."""

    category: str
    stage: str
    due: int
    handed_in: int


def committee_figures(campaign: Campaign) -> dict[str, int]:
    """行动党支部 by kind and 一线人员发展入党, in one query."""
    founded = kinds.action_branches(campaign).order_by()
    members = kinds.front_line_members(campaign).order_by().select_related(None)
    wanted = {f"branches_{kind}": _count(founded.filter(action_kind=kind)) for kind in ActionKind.values}
    wanted["front_line_members"] = _count(members)
    found: Mapping[str, Any] = Unit.objects.filter(pk=campaign.organiser_id).order_by().values(**wanted).get()
    return {name: value or 0 for name, value in found.items()}


def _count(rows) -> Subquery:
    return Subquery(rows.values(all=Value(1)).annotate(n=Count("pk")).values("n"))


def figure_lines(campaign: Campaign, categories: list[CategoryCount]) -> list[dict]:
    """The figures in their order with today's values, as the page and the workbook print them.

    Of a year entered from papers only those that are there: none of it was logged, which is not zero.
    """
    registers = log.register_figures(campaign.organiser, campaign.year)
    committee = committee_figures(campaign)
    branches = {kind: committee[f"branches_{kind}"] for kind in ActionKind.values}
    values = registers | {
        "action_branches": sum(branches.values()),
        "front_line_members": committee["front_line_members"],
        "results": sum(category.results for category in categories),
    }
    parts = {
        "action_branches": [(ActionKind(kind).label, number) for kind, number in branches.items()],
        "results": [(category.name, category.results) for category in categories],
        "donations": [("疫情防控", _whole(registers["epidemic_donations"]))],
    }
    shown = [figure for figure in FIGURES if values[figure.key] or not campaign.from_papers]
    return [
        {
            "key": figure.key,
            "label": figure.label + _in_brackets(parts.get(figure.key, ())),
            "value": _whole(values[figure.key]),
            "unit": figure.unit,
            "note": number,
            "says": figure.note,
            "wide": figure.wide,
            "award": figure.award,
        }
        for number, figure in enumerate(shown, 1)
    ]


def _whole(value):
    """Yuan without fen print without decimals, as the report writes them."""
    return int(value) if value == int(value) else value


def _in_brackets(parts) -> str:
    shown = "，".join(f"{label}{number:,}" for label, number in parts if number)
    return f"（{shown}）" if shown else ""


def own_lines(campaign: Campaign, unit: Unit, lines: list[dict]) -> list[dict]:
    """What the organization itself contributed to the figures that can be told of one."""
    own = log.register_figures(unit, campaign.year)
    return [line | {"own": _whole(own[line["key"]])} for line in lines if line["key"] in OWN]


def category_counts(campaign: Campaign, cut: Cut) -> list[CategoryCount]:
    """One row a category: its files by state, the reader's own too, and its results."""
    tops = [unit.pk for unit in cut.units]
    counts = {f"n_{state}": Count("nominations", filter=Q(nominations__state=state)) for state in State}
    if tops:
        mine = Q(nominations__unit__top__in=tops)
        counts |= {
            f"own_{state}": Count("nominations", filter=mine & Q(nominations__state=state)) for state in State
        }
    kept = Result.objects.filter(category=OuterRef("pk"), revoked_at=None).order_by().values("category")
    rows = campaign.categories.annotate(
        results_kept=Subquery(kept.annotate(n=Count("pk")).values("n")),
        second_stage=second_stage_of(OuterRef("campaign")),
        **counts,
    )
    return [
        CategoryCount(
            row["letter"],
            row["name"],
            row["results_kept"] or 0,
            {state: row[f"n_{state}"] for state in State},
            State.SHORTLISTED if row["second_stage"] else State.QUALIFIED,
            {state: row[f"own_{state}"] for state in State} if tops else {},
        )
        for row in rows.order_by("order", "letter").values(
            "letter", "name", "results_kept", "second_stage", *counts
        )
    ]


def outward(counts: dict[State, int], campaign: Campaign, before: State) -> dict[State, int]:
    """Counts by the states that outsiders know: a decision of the meeting stays inside until the notice."""
    public = bool(campaign.outcome_public_at)
    told: dict[State, int] = dict.fromkeys(counts, 0)
    for state, number in counts.items():
        told[outward_state(state, outcome_public=public, before=before)] += number
    return told


def progress(campaign: Campaign) -> list[Progress]:
    """Sheets due and handed in, by category and stage; one row a panel."""
    rows = with_progress(Assignment.objects.filter(panel__campaign=campaign)).order_by()
    rows = rows.values("panel__category__name", "panel__category__order", "panel__stage")
    rows = rows.annotate(due=Count("pk", filter=DUE), handed_in=Count("pk", filter=DONE))
    ordered = sorted(rows, key=lambda row: (-len(row["panel__stage"]), row["panel__category__order"]))
    return [
        Progress(
            row["panel__category__name"],
            stage_name(row["panel__stage"]),
            row["due"],
            row["handed_in"],
        )
        for row in ordered
    ]


def first_registrations_by_month(campaign: Campaign) -> list[int]:
    """Members by the month of their first registration of the year, January first; at most twelve rows."""
    rows = kinds.registered_members(campaign).select_related(None).order_by()
    rows = rows.values(month=ExtractMonth("registered_on")).annotate(n=Count("pk"))
    months = {row["month"]: row["n"] for row in rows}
    return [months.get(month, 0) for month in range(1, 13)]
