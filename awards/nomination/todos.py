"""What a unit's own files ask of its people, and how many were filed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from awards.campaign.models import Phase
from awards.campaign.queries.places import not_begun
from awards.nomination.models import (
    Attachment,
    AttachmentKind,
    Claim,
    CorrectionItem,
    Evidence,
    Nomination,
    Partner,
)
from awards.nomination.queries.content import form_state
from awards.nomination.rules.completeness import percent_of
from awards.states import FREES_ITS_PLACE, WITH_THE_UNIT, State
from services.models.logged import LogState
from units.kit.status import Mark
from units.kit.todos import Desk, Task, link, number, once
from units.permissions import reach, units_of
from units.roles import UNIT_ROLES, Role

INVITED = Mark("联合申报邀请", "people")


def figures(desk: Desk) -> dict[str, Any]:
    files = Nomination.objects.filter(campaign=OuterRef("pk")).order_by()
    states = files.values("state").annotate(n=Count("pk")).values(row=JSONObject(state="state", n="n"))
    filed = files.filter(submitted_at__isnull=False)
    units = filed.values("campaign").annotate(n=Count("unit__top", distinct=True)).values("n")
    return {
        "states": ArraySubquery(states),
        "filed": number(filed),
        "filing_units": Coalesce(Subquery(units, output_field=IntegerField()), Value(0)),
        "quota_units": Count("quotas"),
        "not_begun": number(not_begun(OuterRef("pk"))),
    }


@once
def by_state(desk: Desk) -> Counter:
    """How many of the year's files stand in each state."""
    return Counter({State(row["state"]): row["n"] for row in desk.figures["states"]})


def filed(desk: Desk, when: str) -> dict[str, Any]:
    counts = desk.figures
    rest = counts["quota_units"] - counts["filing_units"]
    text = f"{counts['filing_units']}个单位" + (f"，{rest}个未报" if rest > 0 else "")
    return {"count": counts["filed"], "count_unit": "件", "text": text, "url": link("awards:nomination-list")}


LINE = {Phase.NOMINATION: filed}


def tasks(desk: Desk) -> list[Task]:
    if desk.campaign is None:
        return []
    if desk.serves(Role.OFFICE):
        return _units_not_begun(desk)
    if not desk.holds(*UNIT_ROLES):
        return []
    closes_at = desk.due(Phase.NOMINATION)
    found = [task for one in own_files(desk) if (task := _next_step(one, desk, closes_at))]
    if closes_at and closes_at > desk.now:
        found += _invitations(desk, closes_at)
        found += _not_begun(desk, closes_at)
    return found


@once
def own_files(desk: Desk) -> list[Nomination]:
    """The units' files of the year with what tells how complete they are; a handful, never a long list."""
    of_this = {"nomination": OuterRef("pk")}
    remarks = CorrectionItem.objects.filter(
        correction__nomination=OuterRef("pk"), correction__answered_at=None
    ).order_by()
    found = Nomination.objects.filter(reach(desk.user, *UNIT_ROLES), campaign=desk.campaign)
    found = found.select_related("category", "unit").shown_to(desk.user).annotate(
        claim_count=_count(Claim.objects.filter(**of_this)),
        cited_count=_count(Evidence.objects.filter(activity__state=LogState.REVIEWED, **of_this)),
        is_sealed=Exists(Attachment.objects.present().filter(kind=AttachmentKind.SEALED, **of_this)),
        remark_count=_count(remarks, by="correction__nomination"),
        remark_text=Subquery(
            remarks.values("correction__nomination").annotate(
                text=StringAgg("remark", "；", order_by="pk")
            ).values("text")
        ),
    )  # fmt: skip
    rows = list(found.order_by("-updated_at", "-pk"))
    for row in rows:
        row.campaign = desk.campaign
    return rows


def _count(rows, by: str = "nomination") -> Coalesce:
    """How many of these rows hang on the nomination, as a column."""
    numbers = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(numbers, output_field=IntegerField()), Value(0))


def _not_begun(desk: Desk, closes_at: datetime) -> list[Task]:
    """Nominating runs, the organization has places and nobody of it has begun."""
    begun = any(one.state not in FREES_ITS_PLACE for one in own_files(desk))
    if begun or not desk.campaign.accepts_nominations_at(desk.now):
        return []
    tops = {unit.top_id for unit in units_of(desk.user, *UNIT_ROLES)}
    return [
        Task(
            f"{quota.unit}还没有开始申报", link("awards:nomination-new"), "新建申报",
            f"名额{quota.places}个，每个类别限报{quota.per_category}个", closes_at, "截止后不能再提交",
        )
        for quota in not_begun(desk.campaign).filter(unit__in=tops)
    ]  # fmt: skip


def _units_not_begun(desk: Desk) -> list[Task]:
    """For the office while something can be done about it."""
    waiting = desk.figures.get("not_begun", 0)
    if not waiting or not desk.campaign.accepts_nominations_at(desk.now):
        return []
    url = f"{desk.link('campaign-quotas')}?begun=no"
    sub = "有名额，还没有一件申报"
    return [Task(f"{waiting}个单位还没有开始申报", url, "查看名单", sub, desk.due(Phase.NOMINATION))]


def _next_step(nomination: Nomination, desk: Desk, closes_at: datetime | None) -> Task | None:
    """What a file that is with the unit wants next; nothing once nominating is over or the turn is another's."""
    edit_url = link("awards:nomination-edit", nomination.key)
    title, mark = nomination.title or "未命名项目", nomination.mark
    if nomination.state == State.RETURNED:
        title, due = nomination.title or str(nomination), nomination.correction_due_at
        return Task(title, edit_url, "去补正", _remarks_text(nomination), due, "逾期视为撤回", mark)
    if nomination.state not in WITH_THE_UNIT or not closes_at or closes_at <= desk.now:
        return None
    url, action = edit_url, "继续填写"
    if nomination.state == State.UNIT_REVIEW:
        if not desk.holds(Role.SECRETARY):
            return None
        url, action = nomination.get_absolute_url(), "审核"
    sub = _completeness_text(nomination)
    if nomination.send_back_reason and nomination.state == State.DRAFT:
        sub = f"书记退回：{nomination.send_back_reason}；{sub}"
    return Task(title, url, action, sub, closes_at, mark=mark)


def _remarks_text(nomination: Nomination) -> str:
    if not nomination.remark_text:
        return ""
    return f"补{nomination.remark_count}处：{nomination.remark_text.replace('。；', '；')}"


def _completeness_text(nomination: Nomination) -> str:
    sections = form_state(
        nomination,
        claims=nomination.claim_count,
        cited=nomination.cited_count,
        sealed=nomination.is_sealed,
    )
    gaps = sum(len(part.gaps) for part in sections)
    return f"完整度{percent_of(sections)}%，还缺{gaps}项" if gaps else "已填完，可以提交"


def _invitations(desk: Desk, closes_at: datetime) -> list[Task]:
    """Joint nominations that wait for this unit's word."""
    waiting = Partner.objects.filter(
        reach(desk.user, Role.SECRETARY),
        nomination__campaign=desk.campaign,
        nomination__state__in=WITH_THE_UNIT,
        confirmed_at=None,
        declined_at=None,
    ).select_related("nomination__unit", "unit")
    return [
        Task(
            title=partner.nomination.title or "未命名项目",
            url=link("awards:nomination-invitation", partner.nomination.key),
            action="确认或谢绝",
            sub=f"{partner.nomination.unit}牵头，邀请{partner.unit}联合，计分比例{partner.share}%",
            due=closes_at,
            mark=INVITED,
        )
        for partner in waiting
    ]
