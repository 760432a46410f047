"""What a freeze counts: the entries of a campaign, its valid sheets, how often somebody stood back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count

from awards.campaign.models import Campaign, Criterion
from awards.nomination.models import Nomination
from awards.panel.models import Assignment, Panel, Recusal, Seat
from awards.review.models import Score, ScoreSheet
from awards.scoring.arithmetic import Sheet
from awards.scoring.ranking import Entry
from awards.scoring.rule import Rule


@dataclass(frozen=True)
class Gathered:
    """Everything a record is made of. A sheet's reviewer is the reviewer's key as text, never a letter.

    keys: entry code → (nomination, category), both by primary key.
    """

    entries: list[Entry]
    sheets: list[Sheet]
    recusals: list[dict[str, Any]]
    keys: dict[str, tuple[int, int]]


def gather(campaign: Campaign, rule: Rule, stages: Collection[str] | None = None) -> Gathered:
    """Eight questions, whatever the number of entries. stages: only the sheets of these (default: all).

    The caller holds the panels, so that nobody hands in a sheet between two of the questions.
    """
    rows = Nomination.objects.filter(campaign=campaign).in_the_race().order_by("code_key")
    rows = list(rows.values_list("code", "category__letter", "pk", "category_id"))
    letters = {category.code for category in rule.categories}
    entries = {pk: Entry(code, letter) for code, letter, pk, _ in rows if letter in letters}
    known = {entry.code for entry in entries.values()}
    return Gathered(
        entries=list(entries.values()),
        sheets=_valid_sheets(campaign, rule, entries, stages),
        recusals=[row for row in _recusals(campaign) if row["entry"] in known],
        keys={code: (pk, category) for code, _, pk, category in rows},
    )


def _valid_sheets(
    campaign: Campaign, rule: Rule, entries: Mapping[int, Entry], stages: Collection[str] | None
) -> list[Sheet]:
    """Handed in, its task neither revoked nor recused. A mark the rule no longer asks for is left out.

    Each table is asked by itself and joined here: right after a panel has closed the database's
    statistics may know nothing of ten thousand new sheets yet, and a join of six tables planned on
    that takes minutes.
    """
    wanted = {
        (category.code, stage.code): {criterion.code for criterion in category.criteria_in(stage.code)}
        for category in rule.categories
        for stage in rule.stages
        if stages is None or stage.code in stages
    }
    codes = dict(Criterion.objects.filter(category__campaign=campaign).values_list("pk", "code"))
    sheets = _sheet_keys(campaign, entries)
    marks: dict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = Score.objects.filter(sheet__in=list(sheets)).order_by()
    for sheet, criterion, mark in rows.values_list("sheet_id", "criterion_id", "mark"):
        entry, stage, _ = sheets[sheet]
        if codes.get(criterion) in wanted.get((entry.category, stage), ()):
            marks[sheet][codes[criterion]] = mark
    found = [
        Sheet(entry.code, stage, str(reviewer), marks[key])
        for key, (entry, stage, reviewer) in sheets.items()
        if (entry.category, stage) in wanted
    ]
    return sorted(found, key=lambda sheet: (sheet.entry, sheet.stage, sheet.reviewer))


def _sheet_keys(campaign: Campaign, entries: Mapping[int, Entry]) -> dict[int, tuple[Entry, str, int]]:
    """The sheets that count: key → entry, stage, reviewer."""
    stage_of = dict(Panel.objects.filter(campaign=campaign).values_list("pk", "stage"))
    reviewer_of = dict(Seat.objects.filter(panel__in=list(stage_of)).values_list("pk", "reviewer_id"))
    recused = set(
        Recusal.objects.filter(nomination__campaign=campaign).values_list("nomination_id", "reviewer_id")
    )
    tasks = Assignment.objects.filter(panel__in=list(stage_of), revoked_at=None, abstained_at=None).order_by()
    live = {
        task: (entries[file], stage_of[panel], reviewer_of[seat])
        for task, file, panel, seat in tasks.values_list("pk", "nomination_id", "panel_id", "seat_id")
        if file in entries and (file, reviewer_of[seat]) not in recused
    }
    rows = ScoreSheet.objects.handed_in().filter(assignment__in=list(live)).order_by()
    return {sheet: live[task] for sheet, task in rows.values_list("pk", "assignment_id")}


def _recusals(campaign: Campaign) -> list[dict[str, Any]]:
    rows = Recusal.objects.filter(nomination__campaign=campaign).order_by()
    counted = rows.values_list("nomination__code", "kind").annotate(count=Count("pk"))
    return [{"entry": entry, "reason": kind, "count": count} for entry, kind, count in counted]
