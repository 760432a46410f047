"""What a reviewer does with an entry: mark it, hand the sheet in, skip it, abstain, declare a tie.

Every act takes the assignment's row first, so that two tabs, two clicks or a recusal in the same
second follow one another. No mark ever reaches the audit log: its readers may see none.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django.db import transaction
from django.utils import timezone

from awards.campaign.actions.rule import lock_rule
from awards.campaign.models import Criterion, ScoringRule
from awards.campaign.queries.rule import rule_in_force
from awards.errors import StageError
from awards.panel.actions.panels import record_panel
from awards.panel.actions.recusing import recuse_reviewer
from awards.panel.models import Assignment, Panel, RecusalSource
from awards.panel.rules.conflicts import DECLARED, Tie
from awards.review.models import Score, ScoreSheet, SheetState
from awards.review.queries.progress import seats_progress
from awards.review.queries.sheets import criteria_of, newest_submission
from awards.review.rules import clean_mark, needs_comment
from awards.scoring.arithmetic import attainable, sheet_total
from awards.scoring.numbers import Refused, decimal_text
from awards.scoring.rule import CriterionRule
from awards.states import State
from units.audit.events import Event
from units.audit.record import record
from units.counting import count_characters
from units.errors import StaleVersion

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    OpenOrNot = WithAnnotations[Assignment, "IsOpen"]


class IsOpen(TypedDict):
    """Live, and free of the actor's ties as of now."""

    is_open: bool


JUDGED = frozenset({State.QUALIFIED, State.SHORTLISTED})
COMMENT_LIMIT = 2000
STALE = "这份评分表已在另一窗口修改，请刷新后再试。"

Marks = Mapping[str, Decimal | None]


@transaction.atomic
def save_marks(assignment: Assignment, *, marks: Marks, comment: str, version: int, actor) -> ScoreSheet:
    """Keep the sheet as it stands on the page, as a draft; no act, so nothing is logged.

    marks: the whole sheet, criterion code → mark; what is absent or None is open and has no row.
    version: the draft's version that the page was built on, 0 when there was none.
    Raises StaleVersion when another tab saved in between, StageError when it may not be saved.
    """
    desk = _open_desk(assignment, actor)
    return _write(desk, criteria_of(desk.panel), marks, comment, version)


@transaction.atomic
def hand_in_sheet(assignment: Assignment, *, marks: Marks, comment: str, version: int, actor) -> ScoreSheet:
    """Save the sheet and hand it in for good. The first one of a year locks its scoring rule.

    Raises as save_marks does, and StageError naming the open criteria or the missing comment.
    """
    desk = _open_desk(assignment, actor, for_good=True)
    rule = rule_in_force(desk.panel.campaign)
    if rule.locked_at is None:
        rule = lock_rule(rule, actor=actor) or rule
    criteria = criteria_of(desk.panel)
    sheet = _write(desk, criteria, marks, comment, version, rule)
    # One begun just now judges the newest.
    if version and sheet.submission_id != newest_submission(desk.nomination).pk:
        raise StageError("本件内容在您评分后有更新，请先查看变化，确认或重新评分。")
    given = {code: mark for code, mark in marks.items() if mark is not None}
    _require_marks(criteria, given)
    combine = rule.parsed.combine
    lines = [CriterionRule(one.code, one.maximum, one.weight) for one in criteria]
    total = sheet_total(combine, lines, given)
    if needs_comment(total, attainable(combine, lines)) and not comment.strip():
        raise StageError(f"总分{decimal_text(total.normalize())}，不足60或达到95，须写明评语。")
    sheet.rule, sheet.total = rule, total
    sheet.state, sheet.handed_in_at = SheetState.HANDED_IN, timezone.now()
    sheet.save(update_fields=["rule", "total", "state", "handed_in_at", "updated_at"])
    record(Event.SHEET_HANDED_IN, actor=actor, target=desk.nomination, after={"stage": desk.panel.stage})
    return sheet


@transaction.atomic
def skip(assignment: Assignment, *, actor) -> Assignment:
    """Put an entry off: it comes back after the others. Marks given so far stay."""
    desk = _open_desk(assignment, actor)
    if _sheet_of(desk, SheetState.HANDED_IN):
        raise StageError("评分表已提交，无须跳过。")
    desk.skipped_at = timezone.now()
    desk.save(update_fields=["skipped_at"])
    record(Event.SHEET_SKIPPED, actor=actor, target=desk.nomination, after={"stage": desk.panel.stage})
    return desk


@transaction.atomic
def abstain(assignment: Assignment, *, reason: str, actor) -> Assignment:
    """Leave an entry unjudged, for a reason. It counts as a missing sheet, never as zero."""
    desk = _open_desk(assignment, actor, for_good=True)
    if not reason.strip():
        raise StageError("请写明弃评理由。")
    if _sheet_of(desk, SheetState.HANDED_IN):
        raise StageError("评分表已提交，不能弃评。")
    _void_sheet(desk, "弃评")
    desk.abstained_at, desk.abstain_reason = timezone.now(), reason.strip()
    desk.save(update_fields=["abstained_at", "abstain_reason"])
    record(
        Event.SHEET_ABSTAINED,
        actor=actor,
        target=desk.nomination,
        after={"stage": desk.panel.stage},
        reason=desk.abstain_reason,
    )
    return desk


@transaction.atomic
def declare_conflict(assignment: Assignment, *, kind: str, reason: str, actor) -> None:
    """Declare a tie: the entry closes to this reviewer at once and the office is told.

    A sheet handed in before is voided, never counted. Whoever has abstained may still declare.
    """
    if kind not in DECLARED:
        raise StageError("请选择回避情形。")
    if not reason.strip():
        raise StageError("请说明关系。")
    desk = _in_context(assignment, actor).get()
    _require_own_running(desk, actor)
    # First the recusal: it locks the panels, as a hand-in does before it touches the assignment.
    recuse_reviewer(
        desk.nomination,
        desk.seat.reviewer,
        kind=Tie(kind),
        source=RecusalSource.DECLARED,
        reason=reason.strip(),
        actor=actor,
    )
    _void_sheet(desk, "申报回避")


@transaction.atomic
def take_newer_submission(assignment: Assignment, *, keep_marks: bool, version: int, actor) -> ScoreSheet:
    """Answer a change of the entry under a draft: confirm the marks for the new text, or start again.

    Started again, the old draft is voided and kept; the new one is empty.
    """
    desk = _open_desk(assignment, actor)
    sheet = _sheet_of(desk, SheetState.DRAFT)
    if sheet is None or sheet.version != version:
        raise StaleVersion(STALE)
    newest = newest_submission(desk.nomination)
    if keep_marks:
        sheet.submission, sheet.version = newest, sheet.version + 1
        sheet.save(update_fields=["submission", "version", "updated_at"])
        return sheet
    _void_sheet(desk, "内容有更新，重新评分")
    return ScoreSheet.objects.create(
        assignment=desk, submission=newest, rule=sheet.rule, version=sheet.version + 1
    )


# ---- the questions before an act ----


@transaction.atomic
def remind_behind(panel: Panel, *, actor) -> list[str]:
    """Tell every reviewer of a running panel who still owes sheets; gives their names. It stands on their front page."""
    panel = Panel.objects.select_for_update().select_related("campaign", "category").get(pk=panel.pk)
    if not panel.is_running:
        raise StageError("评审组没有在评审，不需要提醒。")
    behind = [seat for seat in seats_progress(panel) if seat.missing]
    if not behind:
        raise StageError("各位评委均已交齐。")
    panel.seats.filter(pk__in=[seat.seat for seat in behind]).update(reminded_at=timezone.now())
    names = [seat.name for seat in behind]
    record_panel(Event.REVIEWERS_REMINDED, panel, actor=actor, after={"reviewers": names})
    return names


def _open_desk(assignment: Assignment, actor, *, for_good: bool = False) -> Assignment:
    """The assignment under a row lock, after everything that may keep this person from judging it now.

    for_good: the panel's row is locked first, so that closing it waits, and nothing comes after.
    """
    if for_good:
        Panel.objects.select_for_update(no_key=True).get(pk=assignment.panel_id)
    desk = _in_context(assignment, actor).select_for_update(of=("self",), no_key=True).get()
    _require_own_running(desk, actor)
    if desk.abstained_at:
        raise StageError("您已弃评本件。")
    if desk.nomination.state not in JUDGED:
        raise StageError("本件已不在评审中。")
    return desk


def _in_context(assignment: Assignment, actor):
    """What an act reads of an assignment, in one question; `is_open` asks the actor's recusals and ties as of now."""
    rows = Assignment.objects.filter(pk=assignment.pk).with_is_open(actor)
    return rows.select_related("panel__campaign", "nomination", "seat__reviewer")


def _require_own_running(desk: OpenOrNot, actor) -> None:
    panel = desk.panel
    if desk.seat.reviewer.user_id != actor.pk or desk.seat.left_at or not desk.is_open:
        raise StageError("本件不由您评审。")
    if panel.opened_at is None:
        raise StageError("评审尚未启动。")
    if desk.seat.reviewer.declared_at is None:
        raise StageError("请先签署评审承诺，再打分。")
    if panel.closed_at:
        raise StageError("评审组已关闭，评分不能再改。")
    if panel.closes_at and panel.closes_at < timezone.now():
        raise StageError("评审时间已过，评分不能再改。")


# ---- the sheet's rows ----


def _sheet_of(desk: Assignment, *states: SheetState) -> ScoreSheet | None:
    found = desk.sheets.exclude(state=SheetState.VOID)
    return (found.filter(state__in=states) if states else found).first()


def _void_sheet(desk: Assignment, reason: str) -> None:
    now = timezone.now()
    desk.sheets.exclude(state=SheetState.VOID).update(
        state=SheetState.VOID, voided_at=now, void_reason=reason, updated_at=now
    )


def _write(
    desk: Assignment,
    criteria: list[Criterion],
    marks: Marks,
    comment: str,
    version: int,
    rule: ScoringRule | None = None,
) -> ScoreSheet:
    sheet = _sheet_of(desk)
    if sheet and sheet.state == SheetState.HANDED_IN:
        raise StageError("评分表已提交，不能再改。")
    if version != (sheet.version if sheet else 0):
        raise StaleVersion(STALE)
    scores = _checked(criteria, marks)
    if count_characters(comment) > COMMENT_LIMIT:
        raise StageError(f"评语请在{COMMENT_LIMIT}字以内。")
    if sheet is None:
        sheet = ScoreSheet.objects.create(
            assignment=desk,
            submission=newest_submission(desk.nomination),
            rule=rule or rule_in_force(desk.panel.campaign),
            comment=comment,
        )
    else:
        sheet.scores.exclude(criterion__in=[score.criterion_id for score in scores]).delete()
        sheet.version, sheet.comment = sheet.version + 1, comment
        sheet.save(update_fields=["version", "comment", "updated_at"])
    for score in scores:
        score.sheet = sheet
    Score.objects.bulk_create(
        scores, update_conflicts=True, unique_fields=["sheet", "criterion"], update_fields=["mark"]
    )
    if desk.skipped_at:
        desk.skipped_at = None
        desk.save(update_fields=["skipped_at"])
    return sheet


def _checked(criteria: list[Criterion], marks: Marks) -> list[Score]:
    """The marks as rows to be written; what is not a mark of this stage's rubric is refused."""
    known = {criterion.code: criterion for criterion in criteria}
    scores = []
    for code, mark in marks.items():
        if code not in known:
            raise StageError("评分项与本阶段不符，请刷新页面。")
        if mark is None:
            continue
        try:
            cleaned = clean_mark(str(mark), known[code].maximum)
        except Refused as refusal:
            raise StageError(f"{known[code].label}：{refusal}") from None
        scores.append(Score(criterion=known[code], mark=cleaned))
    return scores


def _require_marks(criteria: list[Criterion], given: Mapping[str, Decimal]) -> None:
    missing = [criterion.label for criterion in criteria if criterion.code not in given]
    if missing:
        raise StageError(f"还有{len(missing)}项未评：{'、'.join(missing)}。")
