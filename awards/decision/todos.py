"""The meeting: to be called and recorded by the office, to be read by its members."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Subquery

from awards.campaign.models import Phase
from awards.decision.models import Meeting
from units.kit.todos import Desk, Task, link, number
from units.permissions import units_of
from units.roles import Role

AGENDA_STAYS = timedelta(days=1)


def figures(desk: Desk) -> dict[str, Any]:
    meetings = Meeting.objects.filter(campaign=OuterRef("pk"))
    called = meetings.filter(decided_at=None).order_by("held_at")
    return {
        "meeting_at": Subquery(called.values("held_at")[:1]),
        "decided": number(meetings.filter(decided_at__isnull=False)),
    }


def decided(desk: Desk, when: str) -> dict[str, Any]:
    return {"count": desk.figures["seats"], "count_unit": "席", "text": when, "url": desk.link("decision")}


LINE = {Phase.MEETING: decided}


def tasks(desk: Desk) -> list[Task]:
    found = []
    counts = desk.figures
    if desk.serves(Role.OFFICE) and counts["frozen"] and not counts["decided"]:
        title = "工委会议待登记审定结果" if counts["meeting_at"] else "排名已冻结，待安排工委会议"
        found.append(Task(title, desk.link("decision"), "办理", due=counts["meeting_at"]))
    return found + (_agendas(desk) if desk.holds(Role.MEMBER) else [])


def _agendas(desk: Desk) -> list[Task]:
    """Meetings that are called and not yet held."""
    called = Meeting.objects.filter(
        campaign__organiser__in=[unit.pk for unit in units_of(desk.user, Role.MEMBER)],
        decided_at=None,
        held_at__gte=desk.now - AGENDA_STAYS,
    )
    return [
        Task(
            f"{meeting.campaign}：工委审定会议",
            link("awards:decision", meeting.campaign.code),
            "看议程",
            meeting.place,
            meeting.held_at,
        )
        for meeting in called.select_related("campaign").order_by("held_at")
    ]
