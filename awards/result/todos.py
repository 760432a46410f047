"""Results to be announced, and what a unit has won before."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef

from awards.campaign.models import Phase
from awards.nomination.todos import by_state
from awards.notice.todos import open_cases
from awards.result.models import Result
from awards.states import State
from units.kit.todos import Desk, Task, number
from units.permissions import units_of
from units.roles import UNIT_ROLES, Role

EARLIER_RESULTS = 5


def figures(desk: Desk) -> dict[str, Any]:
    return {"announced": number(Result.objects.filter(campaign=OuterRef("pk"), revoked_at=None))}


def announced(desk: Desk, when: str) -> dict[str, Any]:
    count, url = desk.figures["announced"], desk.link("result-list")
    return {"count": count, "count_unit": "个示范项目", "text": when, "url": url}


LINE = {Phase.RESULT: announced}


def tasks(desk: Desk) -> list[Task]:
    if not desk.serves(Role.OFFICE):
        return []
    listed, closes = by_state(desk)[State.ON_NOTICE], desk.figures["notice_closes_at"]
    if not listed or not closes or closes > desk.now:
        return []
    sub = "有异议未办结的，办结后才能公布" if open_cases(desk) else ""
    title = f"公示期满，{listed}件待公布"
    return [Task(title, desk.link("result-list"), "公布", sub, desk.due(Phase.RESULT))]


def earlier_results(desk: Desk) -> list[Result]:
    """The newest results of the person's units that still stand."""
    tops = {unit.top_id for unit in units_of(desk.user, *UNIT_ROLES)}
    results = Result.objects.filter(nomination__unit__top__in=tops, revoked_at=None)
    return list(results.select_related("campaign").order_by("-announced_at", "-pk")[:EARLIER_RESULTS])
