"""What may be announced now and what still waits, and the year's list as it stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from awards.campaign.models import Campaign
from awards.notice.models import NoticeEntry, Objection
from awards.notice.queries import latest_listing
from awards.result.models import Result
from awards.states import State
from units.known import known
from units.moments import moment_text


@dataclass(frozen=True)
class Waiting:
    """A listed entry that cannot be announced yet, and why in words."""

    line: NoticeEntry
    reason: str


@dataclass(frozen=True)
class Announcing:
    ready: list[NoticeEntry]
    waiting: list[Waiting]


def announcing(campaign: Campaign, now: datetime) -> Announcing:
    """Every entry still on the list, sorted into those that may be announced and those that wait.

    Ready is what is on notice, whose last day ended, and about which no case is open (docs/field.md 3).
    """
    lines = latest_listing(campaign).filter(
        nomination__state__in=[State.PROPOSED, State.ON_NOTICE, State.SUSPENDED]
    )
    lines = lines.order_by("nomination__category__order", "nomination__code_key")
    cases = defaultdict(list)
    for nomination, receipt in (
        Objection.objects.open()
        .filter(notice__campaign=campaign)
        .order_by("receipt")
        .values_list("nomination", "receipt")
    ):
        cases[nomination].append(receipt)
    ready, waiting = [], []
    for line in lines:
        if reason := _obstacle(line, cases[line.nomination_id], now):
            waiting.append(Waiting(line, reason))
        else:
            ready.append(line)
    return Announcing(ready, waiting)


def _obstacle(line: NoticeEntry, receipts: list[str], now: datetime) -> str:
    if receipts:
        return f"异议未办结（{'、'.join(receipts)}）"
    if line.nomination.state != State.ON_NOTICE:
        return State(line.nomination.state).label
    if now < (closes := known(line.notice.closes_at)):
        return f"公示至{moment_text(closes)}"
    return ""


def results(campaign: Campaign):
    """The year's results with certificate and category, as they are printed: by category, then by code."""
    rows = Result.objects.filter(campaign=campaign).select_related("certificate", "category", "nomination")
    return rows.order_by("category__order", "category__letter", "nomination__code_key")


def valid_results(campaign: Campaign):
    return results(campaign).filter(revoked_at=None)
