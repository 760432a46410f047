"""What waits at screening: files to check, verdicts to release, corrections that run out today."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef

from awards.campaign.models import Phase
from awards.nomination.models import Nomination, PreparedDecision
from awards.nomination.todos import by_state
from awards.states import IN_THE_RACE, State
from units.kit.todos import Desk, Task, number
from units.moments import SHANGHAI
from units.roles import Role

OUTSIDE = {
    State.SUBMITTED: "待审", State.RETURNED: "补正", State.INELIGIBLE: "不予受理", State.WITHDRAWN: "撤回",
    State.LAPSED: "逾期",
}  # fmt: skip


def figures(desk: Desk) -> dict[str, Any]:
    today_ends = desk.now.astimezone(SHANGHAI).replace(hour=23, minute=59, second=59)
    returned = Nomination.objects.filter(campaign=OuterRef("pk"), state=State.RETURNED)
    prepared = PreparedDecision.objects.filter(nomination__campaign=OuterRef("pk"), released_at=None)
    return {
        "due_today": number(returned.filter(correction_due_at__lte=today_ends)),
        "prepared": number(prepared),
    }


def screened(desk: Desk, when: str) -> dict[str, Any]:
    states = by_state(desk)
    text = "，".join(f"{label}{states[state]}" for state, label in OUTSIDE.items() if states[state])
    passed = sum(states[state] for state in IN_THE_RACE)
    url = desk.link("screening-queue")
    return {"count": passed, "count_unit": "件合格", "text": text or when, "url": url}


LINE = {Phase.SCREENING: screened}


def tasks(desk: Desk) -> list[Task]:
    if not desk.serves(Role.OFFICE):
        return []
    url, found = desk.link("screening-queue"), []
    if waiting := by_state(desk)[State.SUBMITTED]:
        found.append(Task(f"{waiting}件申报待资格审查", url, "审查", due=desk.due(Phase.SCREENING)))
    if prepared := desk.figures["prepared"]:
        found.append(Task(f"{prepared}件结论待统一下达", url, "核对下达", "下达前申报单位看不到"))
    if today := desk.figures["due_today"]:
        sub = "逾期的由系统按撤回处理"
        found.append(Task(f"{today}件补正今日到期", url, "查看", sub, mark=State.RETURNED))
    return found
