"""Whether a stage is over: which panels still have to close before its ranking can be frozen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q

from awards.campaign.defaults import STAGE_LABELS
from awards.campaign.models import Campaign
from awards.panel.models import Assignment, Panel, Recusal
from awards.ranking.models import Ranking
from awards.ranking.rulebook import ScoringRule
from awards.review.models import SheetState
from awards.states import IN_THE_RACE, State


def stage_chain(rule: ScoringRule, stage: str) -> list[str]:
    """The stages that a ranking of `stage` counts, in order; empty for a stage the rule lacks."""
    codes = [item.code for item in rule.stages]
    if stage == Ranking.FINAL:
        return codes
    return codes[: codes.index(stage) + 1] if stage in codes else []


def unfinished_panels(
    campaign: Campaign, stages: Collection[str], panels: Iterable[Panel] | None = None
) -> list[str]:
    """Names of the panels not closed yet, of categories that have something to judge in these stages.

    The first stage judges every entry of a category; a later one only those that went on.
    """
    if panels is None:
        panels = Panel.objects.filter(campaign=campaign, stage__in=stages)
    closed = {(panel.category_id, panel.stage) for panel in panels if panel.closed_at}
    waiting = []
    for category in _judged(campaign):
        for number, stage in enumerate(stages):
            needed = category.going if number else category.entries
            if needed and (category.pk, stage) not in closed:
                waiting.append(f"{category.name}{STAGE_LABELS.get(stage, stage)}")
    return waiting


def _judged(campaign: Campaign):
    race = Q(nominations__state__in=IN_THE_RACE)
    return campaign.categories.annotate(
        entries=Count("nominations", filter=race),
        going=Count("nominations", filter=race & ~Q(nominations__state=State.NOT_SHORTLISTED)),
    )


@dataclass(frozen=True)
class Readiness:
    """What a freeze of a stage would find in one category, without telling a mark."""

    name: str
    entries: int
    sheets: int
    short: int


def readiness(campaign: Campaign, chain: Collection[str], least: int) -> list[Readiness]:
    """Entries, valid sheets and entries with fewer than `least` of them in the last stage of the chain; two queries, no marks."""
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
    rows = campaign.categories.annotate(
        entries=Count("nominations", filter=race),
        full=Count("nominations", filter=race & Q(nominations__in=per_entry.values("nomination"))),
    ).annotate(short=F("entries") - F("full"))
    return [Readiness(row.name, row.entries, sheets.get(row.pk, 0), row.short) for row in rows if row.entries]
