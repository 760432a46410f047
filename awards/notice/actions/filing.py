"""Filing an objection: anybody may, once the list is public and until its last second."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from awards.campaign.queries.calendar import working_calendar
from awards.errors import StageError
from awards.nomination.models import Nomination
from awards.notice.actions.queue import queue_up
from awards.notice.models import Ground, Notice, Objection, ObjectionFile
from awards.notice.rules import (
    CODES,
    acceptance_due,
    lookup_code,
    normalise_lookup_code,
    parse_receipt,
    receipt_number,
)
from awards.states import State
from units.audit.context import acting
from units.audit.events import Event
from units.audit.record import record
from units.known import known
from units.moments import moment_text
from units.uploads import Upload

LISTED = (State.ON_NOTICE, State.SUSPENDED)
MOST_FILES = 5


class AlreadyFiled(StageError):
    """The same page was sent twice. receipt: of the objection that the first sending made."""

    def __init__(self, receipt: str):
        super().__init__(f"这份异议已经提交，受理编号{receipt}。")
        self.receipt = receipt


@transaction.atomic
def file_objection(
    notice: Notice,
    *,
    nomination: Nomination,
    ground: str,
    facts: str,
    evidence: str = "",
    is_named: bool,
    name: str = "",
    contact: str = "",
    uploads: Iterable[Upload] = (),
    form_key: str = "",
    in_a_crowd: bool = False,
) -> tuple[Objection, str]:
    """Take an objection to one listed entry; gives it and its lookup code, which is kept nowhere in clear.

    The time is read behind the lock: an objection is in time if it stands in the queue before the notice
    closes. The log keeps neither post nor address, so that nobody can tell from it who objected.
    form_key: secret of the page it was typed on; the same page files once, then AlreadyFiled is raised.
    in_a_crowd: many came within the hour, from one address or on one notice; it is a case like any other, and marked.
    Raises StageError outside the days, for an entry no longer listed, without facts or a name to a signed one.
    """
    campaign = queue_up(notice.campaign_id)
    notice = Notice.objects.get(pk=notice.pk)
    now = timezone.now()
    if form_key and (known := Objection.objects.filter(form_key=form_key).first()):
        raise AlreadyFiled(known.receipt)
    _require_open(notice, nomination, now)
    if not facts.strip():
        raise StageError("请写明事实。")
    if is_named and not (name.strip() and contact.strip()):
        raise StageError("实名异议须填写姓名和联系方式。")
    uploads = list(uploads)
    if len(uploads) > MOST_FILES:
        raise StageError(f"附件不能超过{MOST_FILES}个。")
    receipt, code = _next_receipt(campaign), lookup_code(secrets.randbelow(CODES))
    objection = Objection.objects.create(
        notice=notice,
        nomination=nomination,
        receipt=receipt,
        lookup_digest=digest_of_code(receipt, code),
        is_named=is_named,
        name=name.strip() if is_named else "",
        contact=contact.strip() if is_named else "",
        ground=Ground(ground),
        facts=facts.strip(),
        evidence=evidence.strip(),
        form_key=form_key or None,
        in_a_crowd=in_a_crowd,
        filed_at=now,
        accept_due_on=acceptance_due(working_calendar(), now),
    )
    for upload in uploads:
        ObjectionFile.objects.create(
            objection=objection, file=upload.content, name=upload.display_name,
            content_type=upload.facts.content_type, size=upload.facts.size, sha256=upload.facts.sha256,
        )  # fmt: skip
    with acting(post="", address=None):
        record(
            Event.OBJECTION_FILED,
            actor="public",
            target=objection,
            campaign=campaign.code,
            after={
                "entry": nomination.code, "ground": ground, "is_named": is_named, "files": len(uploads),
                "accept_due_on": objection.accept_due_on,
            },
        )  # fmt: skip
    return objection, code


def digest_of_code(receipt: str, code: str, *, secret: str | None = None) -> str:
    return salted_hmac(f"objection:{receipt}", code, secret=secret, algorithm="sha256").hexdigest()


def code_opens(objection: Objection, typed: str) -> bool:
    """Whether what somebody typed is the lookup code of this objection."""
    code = normalise_lookup_code(typed)
    # Compared in any case, so that a malformed code takes as long as a wrong one.
    digest = digest_of_code(objection.receipt, code or "")
    return constant_time_compare(digest, objection.lookup_digest) and code is not None


def _require_open(notice: Notice, nomination: Nomination, now) -> None:
    if not notice.published_at or now < notice.published_at:
        raise StageError("公示尚未发布。")
    if now >= (closed := known(notice.closes_at)):
        raise StageError(f"公示已于{moment_text(closed)}截止，不再受理异议。")
    state = notice.entries.filter(nomination=nomination).values_list("nomination__state", flat=True).first()
    if state not in LISTED:
        raise StageError("该项目已不在公示名单中。")


def _next_receipt(campaign) -> str:
    """The number after the last one of the year; the queue lets nobody take the same."""
    code = campaign.code.upper()
    given = Objection.objects.filter(notice__campaign=campaign, receipt__startswith=f"{code}-YY-")
    last = parse_receipt(given.order_by("-pk").values_list("receipt", flat=True).first() or "")
    return receipt_number(code, last[1] + 1 if last else 1)
