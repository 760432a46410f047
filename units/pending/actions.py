"""Proposing, confirming, refusing, withdrawing: one row, one entry in the log each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from units.audit.context import confirmed_by, current
from units.audit.events import Event
from units.audit.record import Act, record, record_all
from units.errors import Refused
from units.kit.keys import SecondKey, Tie
from units.models import Unit, User
from units.pending.models import PendingAct, PendingState
from units.pending.permissions import can_confirm

Shown = list[list[str]]
"""Lines of what an act changes: label, before, after."""
TAKEN = "同一事项已提出，正在等待确认，请先看看待确认事项。"


@dataclass(frozen=True)
class Proposal:
    """What the first person asks for; see PendingAct."""

    row: SecondKey
    target: str
    about: str
    path: str
    payload: dict[str, list[str]]
    shown: Shown
    digest: str
    lapses_at: datetime
    committee: Unit | None = None
    campaign: str = ""
    concerns: User | None = None


@transaction.atomic
def propose(proposal: Proposal, *, why: str, reason: str, actor: User) -> PendingAct:
    """Let an act wait for its second person. Refused while one of the same kind and target waits."""
    if not reason.strip():
        raise Refused("请写明理由。")
    same = PendingAct.objects.filter(kind=proposal.row.code, target=proposal.target)
    lapse(same)
    columns = {name: value for name, value in vars(proposal).items() if name != "row"}
    try:
        with transaction.atomic():
            act = PendingAct.objects.create(
                kind=proposal.row.code, why=why, reason=reason.strip(), first=actor, post=str(current().post),
                **columns,
            )  # fmt: skip
    except IntegrityError as double:
        raise Refused(TAKEN) from double
    _record(Event.ACT_PROPOSED, act, actor=actor, reason=act.reason)
    return act


@transaction.atomic
def confirm(
    act: PendingAct,
    *,
    seen: str,
    now_is: Callable[[], str],
    run: Callable[[], Any],
    ties: Callable[[], list[str]],
    actor: User,
) -> Any:
    """Run a proposed act, as its first person and with this one beside it; gives what the act gave.

    seen: the digest the second person was shown; now_is: the same worked out again, under the lock; run: the act;
    ties: how the second person is tied to what it is about, asked after now_is.
    Refused when somebody was quicker, when it lapsed, and when anything differs from what was shown.
    """
    act = _locked(act)
    if not can_confirm(actor, act):
        raise Refused("您不能确认这一事项：须由另一名有权确认的人员办理。")
    if not seen == act.digest == now_is():
        raise Refused("所涉内容与提出时不同，没有办理。请核对后由提出人撤回，重新提出。")
    tied = ties()
    if tied and act.row.tie == Tie.BARS:
        raise Refused(barred(tied))
    _settle(act, PendingState.CONFIRMED, actor)
    with confirmed_by(actor, first_post=act.post):
        outcome = run()
    _record(Event.ACT_CONFIRMED, act, actor=actor, reason=f"有利害关系：{'、'.join(tied)}" if tied else "")
    return outcome


@transaction.atomic
def refuse(act: PendingAct, *, reason: str, actor: User) -> PendingAct:
    """The second person says no, with a reason."""
    act = _locked(act)
    if not can_confirm(actor, act):
        raise Refused("您不能办理这一事项。")
    if not reason.strip():
        raise Refused("请写明理由，提出人会看到。")
    _settle(act, PendingState.REFUSED, actor, reason)
    _record(Event.ACT_REFUSED, act, actor=actor, reason=reason)
    return act


@transaction.atomic
def withdraw(act: PendingAct, *, actor: User) -> PendingAct:
    """The first person takes it back."""
    act = _locked(act)
    if act.first_id != actor.pk:
        raise Refused("只有提出人可以撤回。")
    _settle(act, PendingState.WITHDRAWN, None)
    _record(Event.ACT_WITHDRAWN, act, actor=actor)
    return act


def lapse(acts=None) -> int:
    """Write down what lapsed; gives the number of acts."""
    with transaction.atomic():
        rows = PendingAct.objects.all() if acts is None else acts
        overdue = rows.filter(state=PendingState.WAITING, lapses_at__lte=timezone.now())
        overdue = list(overdue.select_for_update().order_by("pk"))
        PendingAct.objects.filter(pk__in=[act.pk for act in overdue]).update(
            state=PendingState.LAPSED, settled_at=timezone.now()
        )
        if overdue:
            record_all(Event.ACT_LAPSED, [Act(str(act)) for act in overdue], actor=None)
        return len(overdue)


def barred(ties: list[str]) -> str:
    return f"您与该项目有利害关系（{'、'.join(ties)}），应当回避，请由他人确认。"


def _locked(act: PendingAct) -> PendingAct:
    act = PendingAct.objects.select_for_update().get(pk=act.pk)
    if act.mark != PendingState.WAITING:
        raise Refused(f"这一事项{act.mark.label}，没有重复办理。")
    return act


def _settle(act: PendingAct, state: PendingState, second: User | None, reason: str = "") -> None:
    if act.concerns_id and act.payload.get("at_once"):  # what was done at once, until then, ends with it
        User.objects.filter(pk=act.concerns_id, barred_until__gt=timezone.now()).update(
            barred_until=timezone.now()
        )
    act.state, act.second, act.settled_at, act.settled_reason = state, second, timezone.now(), reason.strip()
    act.save(update_fields=["state", "second", "settled_at", "settled_reason"])


def _record(event: Event, act: PendingAct, *, actor: User, reason: str = "") -> None:
    after = {"digest": act.digest, "why": act.get_why_display()} if event == Event.ACT_PROPOSED else {}
    record(event, actor=actor, target=act, after=after, reason=reason, campaign=act.campaign)
