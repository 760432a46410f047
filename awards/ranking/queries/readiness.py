"""Whether a stage is over: which panels still have to close before its ranking can be frozen."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Count, Q

from awards.campaign.defaults import STAGE_LABELS
from awards.campaign.models import Campaign
from awards.panel.models import Panel
from awards.ranking.models import Ranking
from awards.ranking.rulebook import ScoringRule
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
