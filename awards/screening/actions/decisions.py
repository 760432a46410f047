"""Prepare what screening decides of a file, and release all of it at once: nothing leaks before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from awards.campaign.models import Campaign
from awards.campaign.queries.calendar import working_calendar
from awards.errors import StageError
from awards.moves import locked, move
from awards.nomination.models import Correction, CorrectionItem, Nomination, PreparedDecision
from awards.nomination.rules.limits import correction_due
from awards.screening.models import ScreeningCheck
from awards.screening.queries.examination import OUTCOMES, Examination, examination_of
from awards.screening.queries.queue import in_tab, submitted_files
from awards.screening.rules.checklist import Answer
from awards.states import State, require_move
from units.audit.events import Event
from units.audit.record import record
from units.models import User

EVENTS = {
    State.QUALIFIED: Event.NOMINATION_QUALIFIED,
    State.RETURNED: Event.NOMINATION_RETURNED,
    State.INELIGIBLE: Event.NOMINATION_REFUSED,
}


@transaction.atomic
def prepare_decision(
    nomination: Nomination,
    *,
    to: State | str,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    actor: User,
    act_id: UUID | None = None,
) -> PreparedDecision:
    """Keep a decision until its release; the unit sees nothing of it.

    details: `items`, a list of {field, remark} for a return; by default what the checklist says.
    Raises StageError when one waits already, or the checklist does not allow this step.
    """
    nomination = locked(nomination)
    to, examination = State(to), examination_of(nomination)
    _require_allowed(nomination, examination, to)
    if examination.waiting:
        raise StageError("本件已有拟定结论，请先取消再重新拟定。")
    return _prepare(nomination, examination, to, reason=reason, details=details, actor=actor, act_id=act_id)


def _prepare(
    nomination: Nomination,
    examination: Examination,
    to: State,
    *,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    actor: User,
    act_id: UUID | None,
) -> PreparedDecision:
    decision = PreparedDecision.objects.create(
        nomination=nomination,
        to_state=to,
        reason=reason.strip() or _reason(examination, to),
        details=dict(details or {}) or _details(examination, to),
        prepared_by=actor,
    )
    record(
        Event.DECISION_PREPARED, actor=actor, target=nomination, after={"to_state": to.label},
        reason=decision.reason, act_id=act_id,
    )  # fmt: skip
    return decision


@transaction.atomic
def prepare_decisions(campaign: Campaign, *, actor: User) -> list[PreparedDecision]:
    """Prepare what the checklists say, for every file whose answers already lead somewhere; one act.

    Files not looked at, half answered or prepared before stay as they are. Raises StageError when there is
    none to prepare.
    """
    act_id = uuid4()
    looked_at = ScreeningCheck.objects.filter(submission__nomination__campaign=campaign)
    found = in_tab(submitted_files(campaign), "open").filter(
        pk__in=looked_at.values("submission__nomination")
    )
    files = Nomination.objects.select_for_update(of=("self",)).select_related("campaign", "category")
    files = files.filter(pk__in=found.values("pk"), state=State.SUBMITTED).order_by("pk")
    standings = {nomination: examination_of(nomination) for nomination in files}
    prepared = [
        _prepare(nomination, examination, examination.outcome, actor=actor, act_id=act_id)
        for nomination, examination in standings.items()
        if examination.outcome and not examination.waiting
    ]
    if not prepared:
        raise StageError("没有审查完的申报。逐件填写审查意见后，再一并拟定结论。")
    return prepared


@transaction.atomic
def discard_decision(nomination: Nomination, *, actor: User) -> None:
    """Take back a decision that was not released. Raises StageError when none waits."""
    nomination = locked(nomination)
    decision = nomination.prepared_decisions.filter(released_at=None).first()
    if decision is None:
        raise StageError("本件没有待下达的结论。")
    before = {"to_state": State(decision.to_state).label}
    decision.delete()
    record(Event.DECISION_DISCARDED, actor=actor, target=nomination, before=before)


@transaction.atomic
def release_decisions(campaign: Campaign, *, actor: User) -> list[Nomination]:
    """Let all prepared decisions of submitted files take effect together; returns the files.

    One transaction and one act: entries of the log share its id. The files are locked first; a release
    running at the same time waits here and then finds none of them submitted any more.
    Raises StageError when nothing waits; a single file that may not move stops the whole release.
    """
    ready = PreparedDecision.objects.filter(released_at=None).values("nomination")
    files = Nomination.objects.select_for_update(of=("self",)).select_related("campaign", "category")
    files = list(files.filter(campaign=campaign, state=State.SUBMITTED, pk__in=ready).order_by("pk"))
    waiting = PreparedDecision.objects.filter(nomination__in=files, released_at=None)
    decisions = {decision.nomination_id: decision for decision in waiting}
    if not decisions:
        raise StageError("没有待下达的结论。")
    act_id, calendar = uuid4(), working_calendar()
    for nomination in files:
        decision = decisions[nomination.pk]
        _apply(nomination, decision, actor=actor, calendar=calendar, act_id=act_id)
    return files


def _require_allowed(nomination: Nomination, examination: Examination, to: State) -> None:
    """Raise StageError unless the table of states and the checklist both allow the step."""
    if to not in OUTCOMES:
        raise StageError(f"资格审查不能作出“{to.label}”的结论。")
    require_move(nomination.state, to)
    if not examination.conclusion.allows(OUTCOMES[to]):
        problems = "".join(examination.conclusion.problems) or "审查意见与该结论不符。"
        raise StageError(f"不能作出“{to.label}”的结论：{problems}")


def _reason(examination: Examination, to: State) -> str:
    """For a refusal the failed questions' reasons; past the last round, those that were not mended."""
    if to != State.INELIGIBLE:
        return ""
    found = examination.reasons(Answer.FAIL) or examination.reasons(Answer.FIX)
    rounds = [problem.rstrip("。") for problem in examination.conclusion.problems]
    return "；".join([check.remark.rstrip("。") for check in found] + rounds) + "。"


def _details(examination: Examination, to: State) -> dict[str, Any]:
    if to != State.RETURNED:
        return {}
    fixes = examination.reasons(Answer.FIX)
    return {"items": [{"field": check.field, "remark": check.remark} for check in fixes]}


def _apply(
    nomination: Nomination, decision: PreparedDecision, *, actor: User, calendar, act_id: UUID | None
) -> None:
    """Move a locked file as decided, with what the unit needs to know."""
    now, to = timezone.now(), State(decision.to_state)
    columns: dict[str, Any] = {"decided_at": now}
    if to == State.RETURNED:
        columns["correction_due_at"] = correction_due(calendar, now, nomination.campaign.correction_days)
        _issue_correction(nomination, decision, columns["correction_due_at"], actor)
    if to == State.INELIGIBLE:
        columns["refusal_reason"] = decision.reason
    decision.released_at = now
    decision.save(update_fields=["released_at"])
    move(nomination, to, actor=actor, event=EVENTS[to], reason=decision.reason, act_id=act_id, **columns)


def _issue_correction(nomination: Nomination, decision: PreparedDecision, due_at, actor: User) -> None:
    correction = Correction.objects.create(
        nomination=nomination, number=nomination.corrections.count() + 1, due_at=due_at, issued_by=actor
    )
    CorrectionItem.objects.bulk_create(
        CorrectionItem(correction=correction, field=item["field"], remark=item["remark"])
        for item in decision.details["items"]
    )
