"""Whether a stage is over: which panels still have to close before its ranking can be frozen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from awards.campaign.models import Campaign
from awards.nomination.models import Nomination
from awards.panel.models import Assignment, Panel, PanelState, Recusal
from awards.ranking.models import Ranking
from awards.ranking.queries.pages import DECIDED, Summary
from awards.review.models import SheetState
from awards.scoring.rule import Rule
from awards.scoring.words import stage_name
from awards.states import IN_THE_RACE, State


def stage_chain(rule: Rule, stage: str) -> list[str]:
    """The stages that a ranking of `stage` counts, in order; empty for a stage the rule lacks."""
    codes = rule.stage_codes
    if stage == Ranking.FINAL:
        return codes
    return codes[: codes.index(stage) + 1] if stage in codes else []


# ---- the panels


@dataclass(frozen=True)
class StagePanel:
    """One category in one stage. entries: how many it has to judge; state: UNDRAWN also before it is set up."""

    category: str
    letter: str
    stage: str
    entries: int
    state: PanelState

    @property
    def name(self) -> str:
        return f"{self.category}{stage_name(self.stage)}"

    @property
    def is_closed(self) -> bool:
        return self.state == PanelState.CLOSED


def stage_panels(campaign: Campaign, stages: Sequence[str]) -> list[StagePanel]:
    """Every category in each of these stages, where it has something to judge; one question.

    The first stage judges every entry of a category; a later one only those that went on.
    """
    dates = ("drawn_at", "opened_at", "closes_at", "closed_at", "reopened_at")
    found: dict[str, tuple[Any, dict[str, PanelState]]] = {}
    for row in _categories(campaign).values("entries", "going", "letter", "name", "panels__stage",
                                            *(f"panels__{name}" for name in dates)):  # fmt: skip
        panel = Panel(**{name: row[f"panels__{name}"] for name in dates})
        found.setdefault(row["letter"], (row, {}))[1][row["panels__stage"]] = panel.mark
    return [
        StagePanel(row["name"], letter, stage, entries, states.get(stage, PanelState.UNDRAWN))
        for letter, (row, states) in found.items()
        for number, stage in enumerate(stages)
        if (entries := row["going"] if number else row["entries"])
    ]


def _categories(campaign: Campaign):
    race = Nomination.objects.filter(category=OuterRef("pk")).in_the_race().order_by().values("category")

    def count(rows):
        counted = Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
        return Coalesce(counted, 0)

    going = race.exclude(state=State.NOT_SHORTLISTED)
    return campaign.categories.annotate(entries=count(race), going=count(going))


def unfinished_panels(campaign: Campaign, stages: Sequence[str]) -> list[StagePanel]:
    """The panels not closed yet that have something to judge in these stages."""
    return [panel for panel in stage_panels(campaign, stages) if not panel.is_closed]


# ---- what a freeze would find


@dataclass(frozen=True)
class Readiness:
    """What a freeze of a stage would find in one category, without telling a mark."""

    name: str
    entries: int
    sheets: int
    short: int
    decided: int


def readiness(campaign: Campaign, chain: Collection[str], least: int) -> list[Readiness]:
    """Entries, valid sheets and entries with fewer than `least` of them in the last stage of the chain;
    two queries, no marks."""
    stage = list(chain)[-1]
    recused = Recusal.objects.filter(nomination=OuterRef("nomination"), reviewer=OuterRef("seat__reviewer"))
    valid = Assignment.objects.filter(
        ~Exists(recused),
        panel__campaign=campaign,
        panel__stage=stage,
        revoked_at=None,
        abstained_at=None,
        nomination__state__in=IN_THE_RACE,
        sheets__state=SheetState.HANDED_IN,
    )
    per_entry = valid.order_by().values("nomination").annotate(n=Count("pk")).filter(n__gte=least)
    race = Q(nominations__state__in=IN_THE_RACE)
    if len(chain) > 1:
        race &= ~Q(nominations__state=State.NOT_SHORTLISTED)
    sheets = dict(
        valid.order_by()
        .values("nomination__category")
        .annotate(n=Count("pk"))
        .values_list("nomination__category", "n")
    )
    rows = (
        campaign.categories.annotate(
            entries=Count("nominations", filter=race),
            full=Count("nominations", filter=race & Q(nominations__in=per_entry.values("nomination"))),
            decided=Count("nominations", filter=Q(nominations__state__in=DECIDED)),
        )
        .annotate(short=F("entries") - F("full"))
        .order_by("order", "letter")
    )
    return [
        Readiness(row.name, row.entries, sheets.get(row.pk, 0), row.short, row.decided)
        for row in rows
        if row.entries
    ]


# ---- what can be done now


@dataclass(frozen=True)
class NextStep:
    """What the office can do with the ranking in force; an act is named only when it can succeed.

    freeze: the stage to freeze, "" for none; waiting: the panels that have to close before it.
    """

    freeze: str = ""
    is_again: bool = False
    may_release: bool = False
    waiting: Sequence[StagePanel] = ()

    @property
    def may_freeze(self) -> bool:
        return bool(self.freeze) and not self.waiting


def next_step(ranking: Ranking, every: Iterable[Summary]) -> NextStep:
    """After a stage: release its shortlist or freeze it again; once released, freeze the stage after it;
    after the end: freeze again until the meeting has decided. One question."""
    every, codes = list(every), ranking.rule.parsed.stage_codes
    again = ranking.is_final or not any(item.told for item in every)
    if ranking.is_final:
        if any(item.decided for item in every):
            return NextStep()
        number = len(codes)
    else:
        number = codes.index(ranking.stage) + (1 if again else 2)
    step: dict[str, Any] = {
        "freeze": Ranking.FINAL if number == len(codes) else codes[number - 1],
        "is_again": again,
        "waiting": unfinished_panels(ranking.campaign, codes[:number]),
    }
    short = any(item.blocked for item in every)
    step["may_release"] = again and not ranking.is_final and not short and not step["waiting"]
    return NextStep(**step)
