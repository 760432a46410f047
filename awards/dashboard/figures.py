"""What each figure of the year means, once: its words, its 口径 and the rows it counts.

The values are made together in `queries`; the rows are listed behind each figure, and a test holds that
a figure and its rows agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from awards.campaign.models import Campaign
from awards.result.models import Result
from services.models.activities import ActivityUnit
from services.models.registers import Donation, JointProject, Registration, VolunteerBrand
from services.queries import counted, entered_once
from services.rules import quarter_span
from units.kit.columns import Column, sorting
from units.models import Community, CommunityKind, PartyMember, Unit, UnitKind


@dataclass(frozen=True)
class Figure:
    """note: the 口径 as the page prints it. rows: what is counted (of donations: summed), for a campaign."""

    key: str
    label: str
    unit: str
    note: str
    rows: Callable[[Campaign], QuerySet]
    columns: tuple[Column, ...]
    wide: bool = False
    award: bool = False


def _logged(model, day: str, campaign: Campaign) -> QuerySet:
    found = model.objects.counted().below(campaign.organiser)
    return found.filter(**{f"{day}__range": quarter_span(campaign.year)})


def volunteering_units(campaign: Campaign) -> QuerySet[Unit]:
    records = counted(campaign.organiser, campaign.year).filter(is_volunteering=True).order_by()
    joint = ActivityUnit.objects.filter(activity__in=records)
    took_part = Q(pk__in=records.values("unit__top")) | Q(pk__in=joint.values("unit__top"))
    own = records.filter(unit__top=OuterRef("pk")).values("unit__top").annotate(n=Count("pk"))
    found = Unit.objects.filter(took_part).exclude(kind=UnitKind.ACTION_BRANCH)
    return found.annotate(records=Coalesce(Subquery(own.values("n")), 0)).order_by("order", "path")


def registered_members(campaign: Campaign) -> QuerySet[Registration]:
    """The first registration of each member in the year."""
    counted_rows = _logged(Registration, "registered_on", campaign)
    # `member_id`: ordered by `member` they would come in the order of that model's own.
    firsts = counted_rows.order_by("member_id", "registered_on", "pk").distinct("member_id")
    found = Registration.objects.filter(pk__in=firsts.values("pk"))
    return found.select_related("member", "unit", "community").order_by("unit__order", "member__number")


def joint_projects(campaign: Campaign) -> QuerySet[JointProject]:
    found = entered_once(_logged(JointProject, "agreed_on", campaign))
    return found.select_related("unit", "community")


def brands(campaign: Campaign) -> QuerySet[VolunteerBrand]:
    return _logged(VolunteerBrand, "founded_on", campaign).select_related("unit")


def oilfield_communities(campaign: Campaign) -> QuerySet[Community]:
    projects = _logged(JointProject, "agreed_on", campaign).filter(community=OuterRef("pk")).order_by()
    number = projects.values("community").annotate(n=Count("pk")).values("n")
    found = Community.objects.filter(kind=CommunityKind.OILFIELD).annotate(projects=Subquery(number))
    return found.filter(projects__gt=0).order_by("order")


def action_branches(campaign: Campaign) -> QuerySet[Unit]:
    span = quarter_span(campaign.year)
    found = Unit.objects.below(campaign.organiser).filter(kind=UnitKind.ACTION_BRANCH)
    found = found.filter(active_from__range=span).exclude(approval_number="")
    return found.order_by("active_from", "order")


def front_line_members(campaign: Campaign) -> QuerySet[PartyMember]:
    found = PartyMember.objects.filter(unit__path__startswith=campaign.organiser.path)
    found = found.filter(joined_year=campaign.year).exclude(front_line="")
    return found.select_related("unit__top").order_by("unit__order", "number")


def donations(campaign: Campaign) -> QuerySet[Donation]:
    return _logged(Donation, "donated_on", campaign).select_related("unit")


def results(campaign: Campaign) -> QuerySet[Result]:
    return campaign.results.filter(revoked_at=None).select_related("category", "nomination", "certificate")


UNIT = sorting("党组织", "unit.short_name")

FIGURES = (
    Figure(
        "volunteering_units",
        "机关党组织参与志愿服务",
        "个",
        "当年至少有1条已审核志愿服务记录的机关党组织，牵头和参与都算，每个党组织计1个，不含行动党支部。",
        volunteering_units,
        (sorting("党组织", "name", main=True), sorting("牵头的志愿服务记录", "records", "number")),
    ),
    Figure(
        "registered_members",
        "党员到社区报到",
        "名",
        "按人计，一人多次报到计1名，以当年首次报到为准，只计已审核的登记。",
        registered_members,
        (
            sorting("党员编号", "member.number", main=True),
            UNIT,
            sorting("社区", "community.name"),
            sorting("首次报到", "registered_on", "date"),
        ),
    ),
    Figure(
        "joint_projects",
        "共建项目",
        "个",
        "当年与社区签订协议的共建项目，以协议日期为准；几个单位都登记了的联合项目（名称、社区、协议日期相同）计1个。",
        joint_projects,
        (
            sorting("项目名称", "name", main=True),
            UNIT,
            sorting("社区", "community.name"),
            sorting("协议日期", "agreed_on", "date"),
        ),
    ),
    Figure(
        "brands",
        "党员志愿服务品牌",
        "个",
        "当年创建、有固定队伍（队伍人数不为0）的志愿服务品牌，以创建日期为准。",
        brands,
        (
            sorting("品牌名称", "name", main=True),
            UNIT,
            sorting("服务领域", "field"),
            sorting("创建日期", "founded_on", "date"),
        ),
    ),
    Figure(
        "oilfield_communities",
        "油田移交社区结对共建",
        "个",
        "当年签有共建项目的油田移交社区，一个社区计1个，不分首次结对和重新结对。",
        oilfield_communities,
        (
            sorting("社区", "name", main=True),
            sorting("镇街", "street"),
            sorting("共建项目", "projects", "number"),
        ),
    ),
    Figure(
        "action_branches",
        "行动党支部",
        "个",
        "当年批复成立（登记了批复文号）的行动党支部，含已撤销的，以成立日期为准；以批复为据，不另审核。",
        action_branches,
        (
            sorting("名称", "name", main=True),
            Column("类型", "get_action_kind_display"),
            sorting("任务", "task"),
            sorting("批复文号", "approval_number"),
            sorting("成立日期", "active_from", "date"),
        ),
    ),
    Figure(
        "front_line_members",
        "一线人员发展入党",
        "名",
        "当年在疫情防控、重点项目等一线发展的党员，以发展年度为准，只登记编号，不登记姓名；以党员登记为据，不另审核。",
        front_line_members,
        (
            sorting("党员编号", "number", main=True),
            sorting("党组织", "unit.short_name"),
            sorting("一线", "front_line"),
        ),
    ),
    Figure(
        "donations",
        "捐款",
        "元",
        "单位登记的捐款合计，以捐款日期为准，不含物资折价；用途写明疫情的，列为疫情防控捐款。",
        donations,
        (
            sorting("用途", "purpose", main=True),
            UNIT,
            sorting("金额（元）", "amount", "money"),
            sorting("日期", "donated_on", "date"),
        ),
    ),
    Figure(
        "results",
        "示范项目",
        "个",
        "以通报名单为准，撤销的扣除；通报前为0。",
        results,
        (
            Column("申报编号", "nomination.code", order="code", by=("nomination__code_key",), main=True),
            sorting("项目名称", "title"),
            sorting("类别", "category.name"),
            sorting("单位", "unit_name"),
            Column("证书编号", lambda row: getattr(getattr(row, "certificate", None), "number", "")),
        ),
        wide=True,
        award=True,
    ),
)
BY_KEY = {figure.key: figure for figure in FIGURES}
# What is also told to one organization of itself.
OWN = ("registered_members", "joint_projects", "brands", "donations")


def counted_until(campaign: Campaign, today: date) -> date:
    """The last day the figures can hold: today, or the year's end once it is past."""
    return min(today, date(campaign.year, 12, 31))
