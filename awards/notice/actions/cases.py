"""Handling an objection: taken by somebody without a tie, taken up or refused, ruled on once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from awards.campaign.permissions import can_run
from awards.campaign.queries.calendar import working_calendar
from awards.errors import StageError
from awards.moves import locked, move
from awards.nomination.models import Nomination
from awards.notice.actions.queue import queue_up
from awards.notice.models import Notice, NoticeEntry, Objection, ObjectionState, Outcome, Ruling
from awards.notice.permissions import can_work_on
from awards.notice.queries import open_cases, ties_of
from awards.notice.rules import CONSEQUENCES, ruling_due
from awards.states import State
from units.audit.events import Event
from units.audit.record import record
from units.known import known
from units.models import User


@transaction.atomic
def take_objection(objection: Objection, *, actor: User, reason: str = "") -> Objection:
    """Become the handler of a case; from then on its objector's name is open to this person alone.

    A case somebody else handles is taken over only with a reason. Raises StageError for a tie to the entry.
    """
    objection = _case(objection)
    _require_open(objection)
    if not can_run(actor, objection.notice.campaign):
        raise StageError("异议由评选办经办。")
    _require_no_tie(actor, objection.nomination)
    if objection.handler_id == actor.pk:
        return objection
    if objection.handler_id and not reason.strip():
        raise StageError(f"本件由{objection.handler}经办，接办须写明理由。")
    before, objection.handler = objection.handler, actor
    _save(objection, "handler")
    _record(
        Event.OBJECTION_TAKEN, objection, actor, reason, before={"handler": before and before.username},
        after={"handler": actor.username},
    )  # fmt: skip
    return objection


@transaction.atomic
def accept_objection(objection: Objection, *, actor: User) -> Objection:
    """Take a case up: ten working days to rule from now, and its entry waits meanwhile.

    A signed case is accepted by its handler (the actor, if nobody has taken it); an unsigned one by the
    supervisor, after which the office takes it. Raises StageError otherwise.
    """
    objection = _case(objection)
    _require_state(objection, ObjectionState.FILED)
    _require_worker(objection, actor)
    now = timezone.now()
    objection.state, objection.accepted_at = ObjectionState.ACCEPTED, now
    objection.rule_due_on = ruling_due(working_calendar(), now)
    _save(objection, "state", "accepted_at", "rule_due_on", "handler")
    _record(Event.OBJECTION_ACCEPTED, objection, actor, after={"rule_due_on": objection.rule_due_on})
    nomination = locked(objection.nomination)
    if nomination.state == State.ON_NOTICE:
        move(
            nomination,
            State.SUSPENDED,
            actor=actor,
            event=Event.NOMINATION_SUSPENDED,
            reason=objection.receipt,
        )
    return objection


@transaction.atomic
def refuse_objection(objection: Objection, *, reason: str, actor: User) -> Objection:
    """Not take a case up, with the reason that its objector will read."""
    objection = _case(objection)
    _require_state(objection, ObjectionState.FILED)
    _require_worker(objection, actor)
    if not reason.strip():
        raise StageError("请写明不予受理的理由。")
    objection.state, objection.refused_at = ObjectionState.REFUSED, timezone.now()
    objection.refused_reason = reason.strip()[:500]
    _save(objection, "state", "refused_at", "refused_reason", "handler")
    _record(Event.OBJECTION_REFUSED, objection, actor, objection.refused_reason)
    _resume_when_clear(objection.nomination, actor)
    return objection


@transaction.atomic
def extend_objection(objection: Objection, *, reason: str, actor: User) -> Objection:
    """Allow the ruling as many working days again; once, and its objector is told why."""
    objection = _case(objection)
    _require_state(objection, ObjectionState.ACCEPTED)
    _require_worker(objection, actor)
    if objection.extended_at:
        raise StageError("核查期限只能延长一次，本件已经延长。")
    if not reason.strip():
        raise StageError("请写明延长核查期限的理由。")
    before = objection.rule_due_on
    objection.extended_at, objection.extension_reason = timezone.now(), reason.strip()[:300]
    objection.rule_due_on = ruling_due(working_calendar(), known(objection.accepted_at), extended=True)
    _save(objection, "extended_at", "extension_reason", "rule_due_on", "handler")
    _record(
        Event.OBJECTION_EXTENDED, objection, actor, objection.extension_reason,
        before={"rule_due_on": before}, after={"rule_due_on": objection.rule_due_on},
    )  # fmt: skip
    return objection


@transaction.atomic
def rule_on_objection(
    objection: Objection,
    *,
    outcome: str,
    findings: str,
    actor: User,
    correction: str = "",
    title: str = "",
) -> Ruling:
    """Answer a case for good: struck off, put right, or kept.

    correction: what is put right in the published text (needed when partly upheld); title: the project's
    name as it then reads, if that is what was wrong. The entry goes back on notice only when no other case
    about it is open.
    """
    objection = _case(objection)
    _require_state(objection, ObjectionState.ACCEPTED)
    _require_worker(objection, actor)
    outcome = Outcome(outcome)
    consequence = CONSEQUENCES[outcome]
    if not findings.strip():
        raise StageError("请写明核查情况。")
    if consequence.corrects and not correction.strip():
        raise StageError("部分成立的，请写明更正内容。")
    ruling = Ruling.objects.create(
        objection=objection,
        outcome=outcome,
        findings=findings.strip(),
        correction=correction.strip()[:300] if consequence.corrects else "",
        ruled_by=actor,
    )
    objection.state = ObjectionState.RULED
    _save(objection, "state", "handler")
    _record(
        Event.OBJECTION_RULED, objection, actor, consequence.sentence,
        after={"outcome": outcome, "correction": ruling.correction},
    )  # fmt: skip
    if consequence.corrects:
        _correct(objection, ruling.correction, title.strip(), actor)
    if consequence.keeps:
        _resume_when_clear(objection.nomination, actor)
    else:
        _strike(objection, actor)
    return ruling


# ---------------------------------------------------------------- questions


def _case(objection: Objection) -> Objection:
    """The case under lock, read again behind the queue of its campaign."""
    queue_up(Notice.objects.values_list("campaign", flat=True).get(pk=objection.notice_id))
    rows = Objection.objects.select_for_update(of=("self",)).select_related(
        "notice__campaign", "nomination__unit", "handler"
    )
    return rows.get(pk=objection.pk)


def _require_open(objection: Objection) -> None:
    if not objection.is_open:
        raise StageError(f"本件{objection.get_state_display()}，不能再办理。")


def _require_state(objection: Objection, state: ObjectionState) -> None:
    if objection.state != state:
        raise StageError(f"本件{objection.get_state_display()}，不能这样办理。请刷新页面。")


def _require_no_tie(actor: User, nomination: Nomination) -> None:
    if ties := ties_of(actor, nomination, timezone.localdate()):
        raise StageError(f"您与该项目有利害关系（{'、'.join(ties)}），应当回避，请由他人经办。")


def _require_worker(objection: Objection, actor: User) -> None:
    """The right kind of person, without a tie; a case nobody handles becomes the actor's."""
    triage = not objection.is_named and objection.state == ObjectionState.FILED
    if not can_work_on(actor, objection):
        raise StageError("匿名线索由监督员甄别。" if triage else "异议由评选办经办。")
    _require_no_tie(actor, objection.nomination)
    if triage:
        return
    if objection.handler_id is None:
        objection.handler = actor
    elif objection.handler_id != actor.pk:
        raise StageError(f"本件由{objection.handler}经办。需要接办的，请先写明理由接办。")


# ---------------------------------------------------------------- consequences


def _resume_when_clear(nomination: Nomination, actor: User) -> None:
    nomination = locked(nomination)
    if nomination.state == State.SUSPENDED and not open_cases(nomination).exists():
        move(nomination, State.ON_NOTICE, actor=actor, event=Event.NOMINATION_RESUMED)


def _strike(objection: Objection, actor: User) -> None:
    """Take the entry off the list; another case may have done so before."""
    nomination = locked(objection.nomination)
    if nomination.state in (State.ON_NOTICE, State.SUSPENDED):
        move(
            nomination, State.NOT_SELECTED, actor=actor, event=Event.OBJECTION_RULED,
            reason=f"{objection.receipt} {CONSEQUENCES[Outcome.UPHELD].sentence}",
        )  # fmt: skip


def _correct(objection: Objection, correction: str, title: str, actor: User) -> None:
    line = NoticeEntry.objects.get(notice=objection.notice_id, nomination=objection.nomination_id)
    before = {"title": line.title}
    line.title, line.correction = title or line.title, correction
    line.save(update_fields=["title", "correction"])
    _record(
        Event.NOTICE_CHANGED, objection, actor, before=before,
        after={"title": line.title, "correction": correction},
    )  # fmt: skip


def _save(objection: Objection, *columns: str) -> None:
    objection.version += 1
    objection.save(update_fields=[*columns, "version"])


def _record(event: Event, objection: Objection, actor: User, reason: str = "", **changes) -> None:
    record(
        event,
        actor=actor,
        target=objection,
        campaign=objection.notice.campaign.code,
        reason=reason,
        **changes,
    )
