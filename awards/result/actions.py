"""Announce what the notice has proved, and take back what turns out wrong."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from awards.campaign.models import Campaign
from awards.campaign.rules.working_days import local_date
from awards.errors import StageError
from awards.moves import locked, move
from awards.notice.actions.queue import queue_up
from awards.notice.models import NoticeEntry
from awards.result.models import Certificate, Result
from awards.result.queries import announcing
from awards.result.rules import (
    PREFIX,
    CertificateNumber,
    document_number_problem,
    last_banned_day,
    next_certificate,
    parse_certificate,
)
from awards.states import State
from units.audit.events import Event
from units.audit.record import Act, record, record_all
from units.models import User


@transaction.atomic
def announce_results(campaign: Campaign, *, document_number: str, actor: User | None) -> list[Result]:
    """Announce every entry whose notice has run out and about which no case is open, in one act.

    Each gets a certificate, numbered in the order of the codes. What waits is announced by a later call.
    Raises StageError for a malformed document number or when nothing is ready.
    """
    # Two committees may run the same year and number from one sequence: all of them are locked, in order.
    list(Campaign.objects.select_for_update(no_key=True).filter(year=campaign.year).order_by("pk"))
    campaign = queue_up(campaign.pk)
    document_number = document_number.strip()
    if problem := document_number_problem(document_number, issuer=""):
        raise StageError(problem)
    now, act_id = timezone.now(), uuid4()
    lines = announcing(campaign, now).ready
    if not lines:
        raise StageError("没有可以公布的项目：公示尚未期满，或者异议还没有办结。")
    issued = _issued(campaign.year)
    made = []
    for line in lines:
        number = next_certificate(issued, campaign.year, line.nomination.category.letter)
        issued.append(number)
        made.append(_announce(campaign, line, number, document_number, now, actor, act_id))
    if campaign.announced_at is None:
        campaign.announced_at = now
        campaign.save(update_fields=["announced_at"])
    record(
        Event.RESULTS_ANNOUNCED, actor=actor, target=campaign, act_id=act_id,
        after={"document_number": document_number, "results": len(made)},
    )  # fmt: skip
    return made


@transaction.atomic
def revoke_result(result: Result, *, reason: str, actor: User | None) -> Result:
    """Take a result back for good. Row, certificate and number stay, marked; the work is barred for years.

    Raises StageError without a reason or when it is revoked already.
    """
    queue_up(result.campaign_id)
    result = Result.objects.select_for_update().get(pk=result.pk)
    if result.revoked_at:
        raise StageError("该项目已被撤销。")
    if not reason.strip():
        raise StageError("请写明撤销的理由。")
    now = timezone.now()
    result.revoked_at, result.revoke_reason = now, reason.strip()[:500]
    result.banned_until = last_banned_day(local_date(now))
    result.save(update_fields=["revoked_at", "revoke_reason", "banned_until"])
    move(
        locked(result.nomination), State.REVOKED, actor=actor, event=Event.RESULT_REVOKED,
        reason=result.revoke_reason,
    )  # fmt: skip
    return result


@transaction.atomic
def enter_results(
    entries: Sequence[tuple[Result, str]], *, actor: User | None, act_id: UUID | None = None
) -> None:
    """Write results that were announced on paper, each with the number of its certificate, "" for none.

    A result that is stored already only gets the number. Whoever calls has the nominations in their states.
    """
    Result.objects.bulk_create(result for result, _ in entries if result.pk is None)
    Certificate.objects.bulk_create(
        Certificate(result=result, number=number, issued_at=result.announced_at, issued_by=actor)
        for result, number in entries
        if number
    )
    acts = [
        Act(
            result.nomination,
            after={
                "document_number": result.document_number, "number": number,
                "announced_on": local_date(result.announced_at), "revoked": result.revoked_at is not None,
            },
        )
        for result, number in entries
    ]  # fmt: skip
    record_all(Event.PAST_RESULT_ENTERED, acts, actor=actor, act_id=act_id)


def _announce(
    campaign: Campaign,
    line: NoticeEntry,
    number: CertificateNumber,
    document_number: str,
    now,
    actor: User | None,
    act_id,
) -> Result:
    nomination = locked(line.nomination)
    move(nomination, State.SELECTED, actor=actor, event=Event.RESULTS_ANNOUNCED, act_id=act_id)
    result = Result.objects.create(
        campaign=campaign,
        nomination=nomination,
        notice=line.notice,
        category=nomination.category,
        title=line.title,
        unit_name=line.unit_name,
        partner_names=line.partner_names,
        document_number=document_number,
        announced_at=now,
    )
    certificate = Certificate.objects.create(
        result=result, number=str(number), issued_at=now, issued_by=actor
    )
    record(
        Event.CERTIFICATE_ISSUED, actor=actor, target=certificate, campaign=campaign.code, act_id=act_id,
        after={"number": certificate.number, "entry": nomination.code},
    )  # fmt: skip
    return result


def _issued(year: int) -> list[CertificateNumber]:
    """Every number ever given for a year, revoked ones too."""
    numbers = Certificate.objects.filter(number__startswith=f"{PREFIX}-{year}-").values_list(
        "number", flat=True
    )
    return [found for found in map(parse_certificate, numbers) if found]
