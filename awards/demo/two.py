"""Acts of two people, by their own pages: the office proposes, the supervisor confirms."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from awards.demo.walk import Walk
from units.pending.actions import confirm, propose
from units.pending.models import PendingAct, Why
from units.pending.proposing import Rebuilt, page_at, proposal_of

PLANNED = "按工作安排办理。"


def proposed(
    walk: Walk, name: str, *args, why: Why = Why.PLANNED, query: str = "", **typed: str
) -> PendingAct:
    """What the office asks for on the page of this name, waiting; its reason is the act's own where it has one."""
    path = reverse(f"awards:{name}", args=[walk.campaign.code, *args]) + query
    payload = {box: [text] for box, text in typed.items()}
    page = page_at(path, payload, walk.office)
    form = page.make_form(page.request.POST, page.request.FILES)
    if form is not None and not form.is_valid():
        raise ValueError(f"{path}: {form.errors}")
    return propose(proposal_of(page, form), why=why, reason=typed.get("reason", PLANNED), actor=walk.office)


def by_two(walk: Walk, name: str, *args, **asked: str):
    """The same, confirmed by the supervisor; gives what the act gave."""
    act, second = proposed(walk, name, *args, **asked), walk.supervisor
    page = Rebuilt(act)
    return confirm(
        act,
        seen=act.digest,
        now_is=lambda: page.digest,
        run=page.run,
        ties=lambda: page.ties(second),
        actor=second,
    )


def leave_waiting(walk: Walk) -> None:
    """Where the year stops, something waits for a colleague or the supervisor: a deadline to be moved."""
    row = walk.campaign.timetable.filter(closes_at__gt=timezone.now()).order_by("closes_at").first()
    if row:
        new = timezone.localtime(row.closes_at + timedelta(days=2))
        proposed(
            walk, "campaign-extend", row.phase, why=Why.ASKED, new=f"{new:%Y-%m-%dT%H:%M}",
            reason="部分单位反映盖章和扫描来不及，申请顺延两日。",
        )  # fmt: skip
