"""A notice to be drafted or published, and objections by their next deadline."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery

from awards.campaign.models import Phase
from awards.nomination.todos import by_state
from awards.notice.models import Notice, Objection, ObjectionState
from awards.states import State
from units.kit.todos import Desk, Task, link, number, once
from units.moments import SHANGHAI
from units.roles import Role

LISTED_OBJECTIONS = 5


def figures(desk: Desk) -> dict[str, Any]:
    notices = Notice.objects.filter(campaign=OuterRef("pk"))
    published = notices.filter(published_at__isnull=False).order_by("-published_at")
    cases = Objection.objects.filter(notice__campaign=OuterRef("pk"))
    return {
        "notice_closes_at": Subquery(published.values("closes_at")[:1]),
        "drafted": number(notices.filter(published_at=None)),
        "clues": number(cases.filter(is_named=False, state=ObjectionState.FILED)),
        "cases": number(cases.open()),
    }


@once
def open_cases(desk: Desk) -> list[Objection]:
    """The first few of the year that wait for an answer."""
    found = Objection.objects.open().filter(notice__campaign=desk.campaign)
    return list(found.order_by("accept_due_on", "pk")[:LISTED_OBJECTIONS])


def noticed(desk: Desk, when: str) -> dict[str, Any]:
    cases, days = desk.figures["cases"], desk.campaign.notice_days
    text = f"异议{cases}件" if cases else when
    return {"count": days, "count_unit": "个工作日", "text": text, "url": desk.link("notice-desk")}


LINE = {Phase.NOTICE: noticed}


def tasks(desk: Desk) -> list[Task]:
    found = [*_publishing(desk), *_cases(desk)] if desk.serves(Role.OFFICE) else []
    if desk.serves(Role.SUPERVISOR) and (clues := desk.figures["clues"]):
        found.append(Task(f"{clues}条匿名线索待甄别", desk.link("notice-desk"), "查看"))
    return found


def _publishing(desk: Desk) -> list[Task]:
    if not (proposed := by_state(desk)[State.PROPOSED]):
        return []
    title = "公示待发布" if desk.figures["drafted"] else f"{proposed}件拟入选，待起草公示"
    return [Task(title, desk.link("notice-desk"), "办理", due=desk.due(Phase.NOTICE))]


def _cases(desk: Desk) -> list[Task]:
    """Cases by their next deadline: taking them up, then answering. Names stay on the case's own page.

    Unsigned ones nobody has looked through are the supervisor's. Beyond the first few, their number.
    """
    found = []
    for case in open_cases(desk):
        if not case.is_named and case.state == ObjectionState.FILED:
            continue
        action = "答复" if case.state == ObjectionState.ACCEPTED else "决定是否受理"
        url = link("awards:case", desk.campaign.code, case.receipt)
        due = _end_of(case.due_on) if case.due_on else None
        found.append(Task(f"异议{case.receipt}", url, action, case.get_ground_display(), due, mark=case.mark))
    if (more := desk.figures["cases"] - len(open_cases(desk))) > 0:
        found.append(Task(f"另有{more}件异议未办结", desk.link("notice-desk"), "查看"))
    return found


def _end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1)
