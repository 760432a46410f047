"""What waits before the judging: a pool, panels, and draws that want a witness."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef

from awards.campaign.models import Phase
from awards.nomination.todos import by_state
from awards.panel.models import Panel, Reviewer
from awards.states import State
from units.kit.todos import Desk, Task, number, once
from units.roles import Role


def figures(desk: Desk) -> dict[str, Any]:
    return {"pool": number(Reviewer.objects.filter(campaign=OuterRef("pk")))}


@once
def panels(desk: Desk) -> list[Panel]:
    """The year's panels by stage and category."""
    found = list(desk.campaign.panels.select_related("category").order_by("stage", "category__order"))
    for panel in found:
        panel.campaign = desk.campaign
    return found


def name_of(panel: Panel) -> str:
    return f"{panel.category}{Phase(panel.stage).label}"


def tasks(desk: Desk) -> list[Task]:
    found = _none_yet(desk) if desk.serves(Role.OFFICE) else []
    return found + (_draws(desk) if desk.serves(Role.SUPERVISOR) else [])


def _none_yet(desk: Desk) -> list[Task]:
    states = by_state(desk)
    if panels(desk) or not states[State.QUALIFIED] + states[State.SHORTLISTED]:
        return []
    due = desk.due(Phase.WRITTEN)
    if desk.figures["pool"]:
        return [Task("还没有评审组", desk.link("panel-list"), "组建", "有资格合格的申报等待评审", due)]
    sub = "列入后才能抽取，宜为席位的3倍以上"
    return [Task("评委库是空的", desk.link("reviewer-list"), "列入评委", sub, due)]


def _draws(desk: Desk) -> list[Task]:
    return [
        Task(
            f"{name_of(panel)}：评委待抽取",
            panel.get_absolute_url(),
            "见证",
            "抽取时须有监督员在场，种子和结果当场记录",
            desk.due(panel.stage),
        )
        for panel in panels(desk)
        if not panel.drawn_at
    ]
