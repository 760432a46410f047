"""When a notice is over its details go; title and unit stay (domain.md 6.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from awards.notice.models import Notice
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
