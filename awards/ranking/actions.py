"""Freezing a ranking, and telling all entries of a stage at once who goes on."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from awards.campaign.models import Campaign, Criterion, ScoringRule
from awards.campaign.queries.rule import rule_in_force
from awards.errors import StageError
from awards.moves import move
from awards.nomination.models import Nomination
from awards.panel.models import Panel
from awards.ranking.lines import Line, lines_of
from awards.ranking.models import EntryStatus, RankedEntry, Ranking, ReviewerLetter, stage_label
from awards.ranking.queries.gathering import Gathered, gather
from awards.ranking.queries.pages import DECIDED
from awards.ranking.queries.readiness import stage_chain, unfinished_panels
from awards.review.rules import letter_of
from awards.scoring.arithmetic import Sheet
from awards.scoring.ranking import count
from awards.scoring.record import build_record
from awards.scoring.strict_json import canonical
from awards.states import State
from units.audit.events import Event
from units.audit.record import record
from units.audit.seal import sealed_head
from units.models import User

BATCH = 1000


@transaction.atomic
def freeze_ranking(campaign: Campaign, *, stage: str, actor: User | None) -> Ranking:
    """Write the record of everything handed in up to `stage` (a stage code, or "final") and its rows.

    The panels are locked first: whoever hands in meanwhile was either before the closing, and is in the
    record and in the rows, or is refused. A former freeze of the same stage and rule is superseded,
    never deleted. Nothing here waits for the audit log: the record prints the head that is sealed.
    Raises StageError while a panel is still at work, without any sheet, or once the list is decided.
    """
    rule_row = rule_in_force(campaign)
    rule = rule_row.parsed
    chain = stage_chain(rule, stage)
    if not chain:
        raise StageError("评分规则中没有这个阶段。")
    stage = Ranking.FINAL if chain[-1] == rule.stages[-1].code else stage
    # In the order of their keys, so that two freezes queue up instead of blocking each other.
    panels = Panel.objects.select_for_update(no_key=True).filter(campaign=campaign, stage__in=chain)
    list(panels.order_by("pk").values_list("pk"))
    if open_ones := unfinished_panels(campaign, chain):
        raise StageError(f"{'、'.join(one.name for one in open_ones)}尚未关闭，关闭后才能冻结排名。")
    # The meeting that decides holds the ranking it decides on: one of the two comes first.
    list(_current(campaign, stage, rule_row).select_for_update(no_key=True).values_list("pk"))
    if stage == Ranking.FINAL and campaign.nominations.filter(state__in=DECIDED).exists():
        raise StageError("名单已经审定，排名不再变动。")
    gathered = gather(campaign, rule, chain)
    if not gathered.sheets:
        raise StageError("没有一份有效评分，不能冻结排名。")
    counts = count(rule, gathered.entries, gathered.sheets)
    letters = draw_letters(gathered.sheets)
    public = build_record(
        campaign.code,
        rule,
        gathered.entries,
        [replace(s, reviewer=letters[s.entry, s.reviewer]) for s in gathered.sheets],
        [standing for counted in counts for standing in counted.standings],
        recusals=gathered.recusals,
        audit_head=sealed_head(),
    )
    ranking = _supersede(campaign, stage, rule_row, public, actor)
    names, closed = labels_of(campaign), None if stage == Ranking.FINAL else stage
    RankedEntry.objects.bulk_create(
        (
            _row(ranking, line, gathered)
            for counted in counts
            for line in lines_of(counted, names.get(counted.category.code, {}), stage=closed)
        ),
        batch_size=BATCH,
    )
    ReviewerLetter.objects.bulk_create(
        (
            ReviewerLetter(
                ranking=ranking,
                nomination_id=gathered.keys[entry][0],
                reviewer_id=int(reviewer),
                letter=letter,
            )
            for (entry, reviewer), letter in letters.items()
        ),
        batch_size=BATCH,
    )
    return ranking


def _current(campaign: Campaign, stage: str, rule_row: ScoringRule):
    return Ranking.objects.current().filter(campaign=campaign, stage=stage, rule=rule_row)


def _supersede(
    campaign: Campaign, stage: str, rule_row: ScoringRule, public: dict[str, Any], actor: User | None
) -> Ranking:
    """Keep the record as the ranking of its stage and rule that counts from now on."""
    current, now = _current(campaign, stage, rule_row), timezone.now()
    superseded = list(current.values_list("digest", flat=True))
    current.update(superseded_at=now)
    ranking = Ranking.objects.create(
        campaign=campaign,
        stage=stage,
        rule=rule_row,
        record=canonical(public).decode(),
        digest=public["digest"],
        audit_head=public["audit_head"],
        frozen_at=now,
        frozen_by=actor,
    )
    record(
        Event.RANKING_FROZEN,
        actor=actor,
        target=f"{campaign.title} {stage_label(stage)}",
        campaign=campaign.code,
        before={"digest": "、".join(superseded)} if superseded else {},
        after={
            "stage": stage,
            "rule": rule_row.version,
            "digest": ranking.digest,
            "entries": len(public["standings"]),
            "sheets": len(public["sheets"]),
        },
    )
    return ranking


def labels_of(campaign: Campaign) -> dict[str, dict[str, str]]:
    """Category letter → criterion → its name."""
    criteria: dict[str, dict[str, str]] = defaultdict(dict)
    rows = Criterion.objects.filter(category__campaign=campaign)
    for letter, code, label in rows.values_list("category__letter", "code", "label"):
        criteria[letter][code] = label
    return criteria


def draw_letters(sheets: Iterable[Sheet]) -> dict[tuple[str, str], str]:
    """(entry, reviewer) → letter, drawn afresh for each entry from the system's own randomness.

    A seed would let anybody who knows it undo the draw; the mapping is kept instead, sealed.
    """
    reviewers: dict[str, list[str]] = defaultdict(list)
    for sheet in sheets:
        if sheet.reviewer not in reviewers[sheet.entry]:
            reviewers[sheet.entry].append(sheet.reviewer)
    dice = random.SystemRandom()
    letters = {}
    for entry, people in reviewers.items():
        dice.shuffle(people)
        letters.update({(entry, person): letter_of(number) for number, person in enumerate(people)})
    return letters


def _row(ranking: Ranking, line: Line, gathered: Gathered) -> RankedEntry:
    standing, firmness = line.standing, line.stability
    nomination, category = gathered.keys[standing.entry]
    return RankedEntry(
        ranking=ranking,
        nomination_id=nomination,
        category_id=category,
        status=standing.status,
        blocked_in=standing.blocked_in or "",
        stages={code: str(score) for code, score in standing.stages.items()},
        criteria=line.criteria,
        sheets=line.sheets,
        stage_place=line.stage_place,
        final=standing.final,
        place=standing.place,
        tie_broken_by=standing.tie_broken_by or "",
        tie_note=line.tie_note[:200],
        why=line.why[:300],
        seat=standing.seat,
        best_place=firmness.best if firmness else None,
        worst_place=firmness.worst if firmness else None,
        is_firm=firmness.is_firm if firmness else None,
        order=line.order,
    )


@transaction.atomic
def release_shortlist(ranking: Ranking, *, actor: User | None) -> int:
    """Tell every entry of a closed stage at once whether it goes on; gives how many moved.

    Raises StageError for a final or superseded ranking, while an entry lacks valid sheets, or when a file
    is no longer waiting for this word.
    """
    ranking = Ranking.objects.select_for_update().select_related("campaign", "rule").get(pk=ranking.pk)
    if ranking.stage == Ranking.FINAL:
        raise StageError("最终排名之后没有下一阶段，名单由工委会议审定。")
    if ranking.superseded_at:
        raise StageError("这份排名已被新的冻结替代，请按新的排名下达。")
    rows = list(ranking.entries.values_list("nomination_id", "status", "blocked_in", "nomination__code"))
    short = [code for _, status, where, code in rows if where == ranking.stage]
    if short:
        raise StageError(f"{_some(short)}有效评分不足，请补评并重新冻结后再下达。")
    goes_on = {pk: status == EntryStatus.BLOCKED for pk, status, *_ in rows}
    files = Nomination.objects.select_for_update().filter(pk__in=goes_on).order_by("pk")
    files = list(files)
    if moved := [file.code for file in files if file.state != State.QUALIFIED]:
        raise StageError(f"{_some(moved)}已不在“{State.QUALIFIED.label}”状态，入围名单不能重复下达。")
    act_id = uuid4()
    for file in files:
        to = State.SHORTLISTED if goes_on[file.pk] else State.NOT_SHORTLISTED
        move(file, to, actor=actor, event=Event.SHORTLIST_RELEASED, act_id=act_id)
    return len(files)


def _some(codes: Sequence[str]) -> str:
    return "、".join(codes[:5]) + (f"等{len(codes)}件" if len(codes) > 5 else "")
