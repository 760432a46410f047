"""What the log asks of a unit's people and of the office."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import Coalesce

from services.models.activities import Activity
from services.models.logged import OPEN_STATES, LogState
from units.kit.todos import Desk, Task, link, number, once
from units.moments import day_text
from units.permissions import reach
from units.roles import UNIT_ROLES, Role


def figures(desk: Desk) -> dict[str, Any]:
    return {"log_sent": number(Activity.objects.filter(reach(desk.user, Role.OFFICE), state=LogState.SENT))}


def tasks(desk: Desk) -> list[Task]:
    found = _own_tasks(own_log(desk)) if desk.holds(*UNIT_ROLES) else []
    if desk.serves(Role.OFFICE) and (waiting := desk.figures["log_sent"]):
        url = f"{link('services:activity-list')}?state={LogState.SENT}"
        found.append(Task(f"{waiting}条服务记录待审核", url, "审核", "未审核的记录不计入统计，不能作为佐证"))
    return found


@once
def own_log(desk: Desk) -> dict[str, Any]:
    """The units' log in one question: what counts this year, and what still lies with the units."""
    in_year = Q(happened_on__year=desk.campaign.year if desk.campaign else desk.now.year)
    counted = Q(state=LogState.REVIEWED) & in_year
    return Activity.objects.filter(reach(desk.user, *UNIT_ROLES)).aggregate(
        year_total=Count("pk", filter=in_year),
        reviewed=Count("pk", filter=counted),
        waiting=Count("pk", filter=Q(state=LogState.SENT)),
        open=Count("pk", filter=Q(state__in=OPEN_STATES)),
        returned=Count("pk", filter=Q(state=LogState.RETURNED)),
        oldest_open=Min("happened_on", filter=Q(state__in=OPEN_STATES)),
        received=Coalesce(Sum("problems_received", filter=counted), 0),
        closed=Coalesce(Sum("problems_closed", filter=counted), 0),
    )


def _own_tasks(log: dict[str, Any]) -> list[Task]:
    url, found = link("services:activity-list"), []
    if returned := log["returned"]:
        address, sub = f"{url}?state={LogState.RETURNED}", "改正后重新报送，审核后才能作为申报佐证"
        found.append(Task(f"{returned}条服务记录被退回", address, "修改", sub, mark=LogState.RETURNED))
    if drafts := log["open"] - log["returned"]:
        day = log["oldest_open"]
        sub = f"最早一条发生在{day_text(day)}；未审核的记录不能作为申报佐证"
        found.append(Task(f"{drafts}条服务记录未报送", f"{url}?state={LogState.DRAFT}", "报送", sub))
    return found
