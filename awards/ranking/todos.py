"""A ranking to be frozen, once every panel is closed."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef

from awards.panel.todos import panels
from awards.ranking.models import Ranking
from units.kit.todos import Desk, Task, number
from units.roles import Role


def figures(desk: Desk) -> dict[str, Any]:
    finals = Ranking.objects.current().filter(campaign=OuterRef("pk"), stage=Ranking.FINAL)
    return {"frozen": number(finals)}


def tasks(desk: Desk) -> list[Task]:
    if not desk.serves(Role.OFFICE) or desk.figures["frozen"]:
        return []
    if not panels(desk) or not all(panel.closed_at for panel in panels(desk)):
        return []
    return [Task("评审组已关闭，待冻结排名", desk.link("ranking"), "查看排名")]
