"""What waits for a secretary or clerk, and how the unit stands this year."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from awards.campaign.models import Campaign, Phase, UnitQuota
from awards.home.links import link
from awards.home.rules import Task, reminder
from awards.nomination.models import (
    Attachment,
    AttachmentKind,
    Claim,
    CorrectionItem,
    Evidence,
    Nomination,
    Partner,
)
from awards.nomination.queries import form_state
from awards.result.models import Result
from awards.states import WITH_THE_UNIT, State
from services.models import OPEN_STATES, Activity, LogState
from units.kit.status import Mark
from units.models import User
from units.permissions import holds, reach, units_of
from units.roles import UNIT_ROLES, Role

EARLIER_RESULTS = 5


@dataclass
class UnitDesk:
    """The secretary's or clerk's page beside the to-do list."""

    units: list
    tasks: list[Task] = field(default_factory=list)
    reminder: str = ""
    nominations: list[Nomination] = field(default_factory=list)
    quotas: list[UnitQuota] = field(default_factory=list)
    log: dict = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)

    @property
    def held(self) -> int:
        return sum(nomination.holds_a_place for nomination in self.nominations)

    @property
    def places(self) -> int:
        return sum(quota.places for quota in self.quotas)


def unit_desk(user: User, campaign: Campaign | None, now: datetime) -> UnitDesk:
    """Everything for the units whose secretary or clerk this person is; five questions, `timetable` prefetched."""
    desk = UnitDesk(units=units_of(user, *UNIT_ROLES))
    year = campaign.year if campaign else now.year
    desk.log = _log_of(user, year)
    desk.tasks = _log_tasks(desk.log)
    tops = {unit.top_id for unit in desk.units}
    results = Result.objects.filter(nomination__unit__top__in=tops, revoked_at=None)
    desk.results = list(results.select_related("campaign").order_by("-announced_at", "-pk")[:EARLIER_RESULTS])
    if campaign is None:
        return desk
    desk.quotas = list(campaign.quotas.filter(unit__in=tops))
    desk.nominations = _own_nominations(user, campaign)
    dates = campaign.phase(Phase.NOMINATION)
    for nomination in desk.nominations:
        if task := _nomination_task(nomination, user, dates, now):
            desk.tasks.append(task)
    if dates and dates.closes_at > now:
        desk.tasks += _invitation_tasks(user, campaign, dates.closes_at)
        if any(n.state in (State.DRAFT, State.UNIT_REVIEW) for n in desk.nominations):
            desk.reminder = reminder(now, dates.closes_at)
    return desk


def _own_nominations(user: User, campaign: Campaign) -> list[Nomination]:
    """The unit's files of the year with what tells how complete they are; a handful, never a long list."""
    of_this = {"nomination": OuterRef("pk")}
    remarks = CorrectionItem.objects.filter(
        correction__nomination=OuterRef("pk"), correction__answered_at=None
    ).order_by()
    found = Nomination.objects.filter(reach(user, *UNIT_ROLES), campaign=campaign)
    found = found.select_related("category", "unit").shown_to(user).annotate(
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
        row.campaign = campaign
    return rows


def _count(rows, by: str = "nomination") -> Coalesce:
    """How many of these rows hang on the nomination, as a column."""
    numbers = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(numbers, output_field=IntegerField()), Value(0))


def _nomination_task(nomination: Nomination, user: User, dates, now: datetime) -> Task | None:
    """What a file that is with the unit wants next; nothing once nominating is over or the turn is another's."""
    if nomination.state == State.RETURNED:
        return Task(
            title=str(nomination.title or nomination),
            url=link("awards:nomination-edit", nomination.key),
            action="去补正",
            sub=_remarks_text(nomination),
            due=nomination.correction_due_at,
            then="逾期视为撤回",
            mark=nomination.mark,
        )
    if nomination.state not in WITH_THE_UNIT or not dates or dates.closes_at <= now:
        return None
    if nomination.state == State.UNIT_REVIEW:
        if not holds(user, Role.SECRETARY):
            return None
        url, action = nomination.get_absolute_url(), "审核"
    else:
        url, action = link("awards:nomination-edit", nomination.key), "继续填写"
    sub = _completeness_text(nomination)
    if nomination.send_back_reason and nomination.state == State.DRAFT:
        sub = f"书记退回：{nomination.send_back_reason}；{sub}"
    return Task(nomination.title or "未命名项目", url, action, sub, dates.closes_at, mark=nomination.mark)


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
    done, total = sum(part.done for part in sections), sum(part.total for part in sections)
    gaps = sum(len(part.gaps) for part in sections)
    return f"完整度{done * 100 // total}%，还缺{gaps}项" if gaps else "已填完，可以提交"


def _invitation_tasks(user: User, campaign: Campaign, closes_at: datetime) -> list[Task]:
    """Joint nominations that wait for this unit's word."""
    waiting = Partner.objects.filter(
        reach(user, Role.SECRETARY),
        nomination__campaign=campaign,
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


INVITED = Mark("联合申报邀请", "people")


def _log_of(user: User, year: int) -> dict:
    """The unit's log in one question: what counts this year, and what still lies with the unit."""
    counted = Q(state=LogState.REVIEWED, happened_on__year=year)
    return Activity.objects.filter(reach(user, *UNIT_ROLES)).aggregate(
        year_total=Count("pk", filter=Q(happened_on__year=year)),
        reviewed=Count("pk", filter=counted),
        waiting=Count("pk", filter=Q(state=LogState.SENT)),
        open=Count("pk", filter=Q(state__in=OPEN_STATES)),
        returned=Count("pk", filter=Q(state=LogState.RETURNED)),
        oldest_open=Min("happened_on", filter=Q(state__in=OPEN_STATES)),
        received=Coalesce(Sum("problems_received", filter=counted), 0),
        closed=Coalesce(Sum("problems_closed", filter=counted), 0),
    )


def _log_tasks(log: dict) -> list[Task]:
    url = link("services:activity-list")
    tasks = []
    if log["returned"]:
        tasks.append(
            Task(
                f"{log['returned']}条服务记录被退回",
                f"{url}?state={LogState.RETURNED}",
                "修改",
                "改正后重新报送，审核后才能作为申报佐证",
                mark=LogState.RETURNED,
            )
        )
    if drafts := log["open"] - log["returned"]:
        day = log["oldest_open"]
        tasks.append(
            Task(
                f"{drafts}条服务记录未报送",
                f"{url}?state={LogState.DRAFT}",
                "报送",
                f"最早一条发生在{day.month}月{day.day}日；未审核的记录不能作为申报佐证",
            )
        )
    return tasks
