"""What is published or known of people goes when its purpose is fulfilled (docs/field.md 6.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from awards.notice.models import Notice, Objection
from units.audit.events import Event
from units.audit.record import record


@transaction.atomic
def withdraw_due_details(now: datetime | None = None) -> int:
    """Delete the summaries of every notice past its last day; gives how many notices were cleared.

    Pages stop showing them by the date alone; this takes them out of the rows as well. For `tick`.
    """
    now = now or timezone.now()
    due = Notice.objects.published().filter(closes_at__lte=now, details_withdrawn_at=None)
    notices = list(due.select_for_update(of=("self",), skip_locked=True).select_related("campaign"))
    for notice in notices:
        lines = notice.entries.exclude(summary="").update(summary="")
        notice.details_withdrawn_at = now
        notice.save(update_fields=["details_withdrawn_at"])
        record(
            Event.NOTICE_DETAILS_WITHDRAWN, actor=None, target=notice, campaign=notice.campaign.code,
            after={"summaries": lines},
        )  # fmt: skip
    return len(notices)


@transaction.atomic
def remove_due_contacts(now: datetime | None = None) -> int:
    """Forget who objected, once a closed case has been kept as long as its year says; gives how many cases.

    What was said, found and ruled stays; the receipt and its lookup code go on working. For `tick`.
    """
    now = now or timezone.now()
    due = Objection.objects.with_expired_contacts(now).values("pk")
    rows = Objection.objects.filter(pk__in=due).select_for_update(of=("self",), skip_locked=True)
    cases = list(rows.select_related("notice__campaign").defer("facts", "evidence"))
    for case in cases:
        case.name = case.contact = ""
        case.contacts_removed_at = now
        case.version += 1
        case.save(update_fields=["name", "contact", "contacts_removed_at", "version"])
        record(
            Event.OBJECTION_CONTACTS_REMOVED, actor=None, target=case, campaign=case.notice.campaign.code,
            after={"fields": ["name", "contact"]},
        )  # fmt: skip
    return len(cases)
