"""What a freeze counts: the entries of a campaign, its valid sheets, how often somebody stood back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef

from awards.campaign.models import Campaign
from awards.nomination.models import Nomination
from awards.panel.models import Recusal
from awards.ranking.rulebook import ScoringRule
from awards.ranking.rules import Entry, Sheet
from awards.review.models import Score, SheetState


@dataclass(frozen=True)
class Gathered:
    """Everything a record is made of. A sheet's reviewer is the reviewer's key as text, never a letter.

    keys: entry code → (nomination, category), both by primary key.
    """

    entries: list[Entry]
    sheets: list[Sheet]
    recusals: list[dict[str, Any]]
    keys: dict[str, tuple[int, int]]


def gather(campaign: Campaign, rule: ScoringRule, stages: Collection[str] | None = None) -> Gathered:
    """Three questions, whatever the number of entries. stages: only the sheets of these (default: all).

    The caller holds the panels, so that nobody hands in a sheet between two of the questions.
    """
    rows = Nomination.objects.filter(campaign=campaign).in_the_race().order_by("code")
    rows = list(rows.values_list("code", "category__letter", "pk", "category_id"))
    entries = [Entry(code, letter) for code, letter, *_ in rows if letter in categories_of(rule)]
    known = {entry.code for entry in entries}
    return Gathered(
        entries=entries,
        sheets=valid_sheets(campaign, rule, entries, stages),
        recusals=[row for row in _recusals(campaign) if row["entry"] in known],
        keys={code: (pk, category) for code, _, pk, category in rows},
    )


def categories_of(rule: ScoringRule) -> set[str]:
    return {category.code for category in rule.categories}


def valid_sheets(
    campaign: Campaign, rule: ScoringRule, entries: list[Entry], stages: Collection[str] | None = None
) -> list[Sheet]:
    """Handed in, its task neither revoked nor recused. A mark the rule no longer asks for is left out."""
    wanted = {
        (category.code, stage.code): {criterion.code for criterion in category.criteria_in(stage.code)}
        for category in rule.categories
        for stage in rule.stages
        if stages is None or stage.code in stages
    }
    category_of = {entry.code: entry.category for entry in entries}
    recused = Recusal.objects.filter(
        nomination=OuterRef("sheet__assignment__nomination"),
        reviewer=OuterRef("sheet__assignment__seat__reviewer"),
    )
    rows = Score.objects.filter(
        ~Exists(recused),
        sheet__state=SheetState.HANDED_IN,
        sheet__assignment__revoked_at=None,
        sheet__assignment__panel__campaign=campaign,
    ).order_by()
    marks: dict[tuple[str, str, int], dict[str, Decimal]] = defaultdict(dict)
    for entry, stage, reviewer, criterion, mark in rows.values_list(
        "sheet__assignment__nomination__code",
        "sheet__assignment__panel__stage",
        "sheet__assignment__seat__reviewer_id",
        "criterion__code",
        "mark",
    ):
        if criterion in wanted.get((category_of.get(entry), stage), ()):
            marks[entry, stage, reviewer][criterion] = mark
    return [Sheet(entry, stage, str(who), given) for (entry, stage, who), given in sorted(marks.items())]


def _recusals(campaign: Campaign) -> list[dict[str, Any]]:
    rows = Recusal.objects.filter(nomination__campaign=campaign).order_by("nomination__code", "kind")
    counted = rows.values_list("nomination__code", "kind").annotate(count=Count("pk"))
    return [{"entry": entry, "reason": kind, "count": count} for entry, kind, count in counted]
