"""Whose to-dos are gathered: the stages in their order, then what lies under them; and the year's line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from awards.campaign import todos as campaign
from awards.campaign.models import Campaign, Phase
from awards.campaign.queries.timetable import timetable_line
from awards.decision import todos as decision
from awards.nomination import todos as nomination
from awards.notice import todos as notice
from awards.panel import todos as panel
from awards.ranking import todos as ranking
from awards.result import todos as result
from awards.review import todos as review
from awards.screening import todos as screening
from services import todos as services
from units import todos as units
from units.kit.todos import Desk, Task
from units.models import User
from units.roles import Role

PARTS = (campaign, nomination, screening, panel, review, ranking, decision, notice, result, services, units)
LINE = {phase: told for part in PARTS for phase, told in getattr(part, "LINE", {}).items()}


def desk_of(user: User, year: Campaign | None, now: datetime) -> Desk:
    """The desk of a person; for who serves the year, with every figure of it in one question."""
    desk = Desk(user, now, year)
    if desk.serves(Role.OFFICE, Role.SUPERVISOR):
        columns: dict[str, Any] = {}
        for part in PARTS:
            columns |= part.figures(desk) if hasattr(part, "figures") else {}
        desk.figures = Campaign.objects.filter(pk=year.pk).annotate(**columns).values(*columns).get()
    return desk


def tasks_of(desk: Desk) -> list[Task]:
    return [task for part in PARTS for task in part.tasks(desk)]


def line_of(desk: Desk) -> list[dict[str, Any]]:
    """The year's line with a count, a text and a link each; nothing here knows a mark."""
    return [
        {"label": Phase(stage.phase).label, "status": stage.status, "when": stage.when}
        | LINE[Phase(stage.phase)](desk, stage.when)
        for stage in timetable_line(desk.campaign, desk.now)
        if stage.phase
    ]
