"""What waits while entries are judged: own sheets of a reviewer, the next step of each panel for the office."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import OuterRef, Subquery

from awards.campaign.models import Phase
from awards.nomination.todos import by_state
from awards.panel.models import Panel, Seat
from awards.panel.todos import name_of, panels
from awards.review.queries.desk import OwnProgress, progress_of
from awards.review.queries.progress import PanelProgress, progress
from awards.review.words import about
from awards.states import State
from units.kit.todos import Desk, Task, link, once
from units.moments import moment_text
from units.roles import Role


@dataclass(frozen=True)
class PanelLine:
    """One panel with how far it is, never a mark."""

    panel: Panel
    progress: PanelProgress


@once
def panel_lines(desk: Desk) -> list[PanelLine]:
    known = progress(panels(desk)) if panels(desk) else {}
    return [PanelLine(panel, known[panel.pk]) for panel in panels(desk)]


def reviewed(desk: Desk, when: str, phase: Phase) -> dict[str, Any]:
    counts = [line.progress for line in panel_lines(desk) if line.panel.stage == phase]
    done, due = sum(one.handed_in for one in counts), sum(one.due for one in counts)
    if not due:
        return _awaited(desk, phase) | {"text": when, "url": desk.link("panel-list")}
    found = {"count": done, "count_unit": f"/ {due}份", "value": done, "max": due}
    return found | {"text": f"{done * 100 // due}%，{when}", "url": desk.link("review-progress")}


def _awaited(desk: Desk, phase: Phase) -> dict[str, Any]:
    """A stage nobody judges yet: the files that wait for it, or the places of the live stage."""
    if phase == Phase.WRITTEN:
        return {"count": by_state(desk)[State.QUALIFIED], "count_unit": "件待评"}
    if listed := by_state(desk)[State.SHORTLISTED]:
        return {"count": listed, "count_unit": "件入围"}
    return {"count": desk.figures["places"], "count_unit": "件入围名额"}


LINE = {phase: partial(reviewed, phase=phase) for phase in (Phase.WRITTEN, Phase.LIVE)}


def tasks(desk: Desk) -> list[Task]:
    found = []
    if desk.serves(Role.OFFICE):
        steps = [_next_step(desk, line.panel, line.progress) for line in panel_lines(desk)]
        found = [task for task in steps if task]
    return found + (_own_sheets(desk) if desk.holds(Role.REVIEWER) else [])


def _next_step(desk: Desk, panel: Panel, counts: PanelProgress) -> Task | None:
    name, url = name_of(panel), panel.get_absolute_url()
    if panel.closed_at:
        return None
    if not panel.opened_at:
        step = "待抽取评委" if not panel.drawn_at else "待启动" if counts.due else "待分配"
        return Task(f"{name}：{step}", url, "办理", due=desk.due(panel.stage))
    if counts.due and counts.handed_in == counts.due:
        return Task(f"{name}：评分表已交齐", url, "关闭", due=panel.closes_at)
    if panel.closes_at and panel.closes_at <= desk.now:
        missing = counts.due - counts.handed_in
        return Task(f"{name}：已到期，还差{missing}份", url, "处理", due=panel.closes_at)
    return None


def _own_sheets(desk: Desk) -> list[Task]:
    """Own sheets still to hand in, by panel; two questions."""
    own = {pk: counts for pk, counts in progress_of(desk.user).items() if counts.open}
    mine = Seat.objects.filter(panel=OuterRef("pk"), reviewer__user=desk.user, left_at=None)
    found = Panel.objects.filter(pk__in=own, closed_at=None).select_related("category", "campaign").annotate(
        declared_at=Subquery(mine.values("reviewer__declared_at")[:1]),
        reminded_at=Subquery(mine.values("reminded_at")[:1]),
    )  # fmt: skip
    return [_own_task(panel, own[panel.pk]) for panel in found]


def _own_task(panel: Panel, own: OwnProgress) -> Task:
    title = f"{name_of(panel)}：还有{own.open}件"
    if panel.declared_at is None:
        return Task(
            title,
            link("awards:review-pledge"),
            "签署承诺",
            "已分配给您，签署评审承诺后开始评审",
            panel.closes_at,
        )
    sub = _progress_text(own)
    if panel.reminded_at:
        sub = f"评选办于{moment_text(panel.reminded_at)}提醒：请尽快交齐；{sub}"
    return Task(title, link("awards:review-queue"), "去评审", sub, panel.closes_at)


def _progress_text(own) -> str:
    parts = [f"已交{own.handed_in}/{own.total}件"]
    parts += [f"{label}{n}件" for label, n in (("草稿", own.draft), ("跳过", own.skipped)) if n]
    if own.left is not None:
        parts.append(f"按目前进度{about(own.left)}")
    return "，".join(parts)
