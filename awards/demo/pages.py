"""Where each role's most telling page is, in what the demo shows just now."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from awards.campaign.models import Campaign, Phase
from awards.demo.stages import Stage
from awards.ranking.models import Ranking
from awards.result.queries import announcing
from units.roles import Role


@dataclass(frozen=True)
class Page:
    """An address of the portal and what there is to see, in a few words."""

    address: str
    words: str


# Role → what it sees of a year in a stage; where a stage is not named, the finished year is more telling.
CURRENT: dict[Role, dict[Stage, tuple[str, str]]] = {
    Role.SECRETARY: dict.fromkeys(Stage, ("nomination-list", "本单位的申报和办理进度")),
    Role.OFFICE: {
        Stage.NOMINATION: ("dashboard", "年度看板"),
        Stage.SCREENING: ("screening-queue", "逐件审查，一并下达结论"),
        Stage.REVIEW: ("review-progress", "评审进度和评分矩阵"),
        Stage.LIVE: ("review-progress", "现场答辩的打分进度"),
        Stage.MEETING: ("decision", "审定会：名单、票决、偏离排名的理由"),
        Stage.NOTICE: ("notice-desk", "公示和异议的办理"),
        Stage.RESULT: ("result-list", "公示期满，一键公布结果"),
    },
    Role.REVIEWER: {
        Stage.REVIEW: ("review-queue", "评审队列和评分表"),
        Stage.LIVE: ("review-queue", "现场答辩打分"),
    },
    Role.MEMBER: {Stage.MEETING: ("decision", "本次会议议程")},
    Role.SUPERVISOR: {
        Stage.REVIEW: ("panel-list", "抽签纪要和回避"),
        Stage.LIVE: ("panel-list", "抽签纪要和回避"),
        Stage.NOTICE: ("notice-desk", "匿名线索的甄别"),
    },
}
FINISHED: dict[Role, tuple[str, str]] = {
    Role.OFFICE: ("ranking", "排名、公开记录和席位稳固程度"),
    Role.REVIEWER: ("dashboard", "年度看板"),
    Role.MEMBER: ("decision", "审定会：与排名不一致、单独表决"),
    Role.SUPERVISOR: ("ranking", "排名、公开记录和席位稳固程度"),
}
ALWAYS = {
    Role.CLERK: Page("/activities/", "服务记录的登记和导入"),
    Role.SYSADMIN: Page("/people/", "账号与岗位"),
    Role.SECADMIN: Page("/posts/", "岗位授予的确认"),
    Role.AUDITOR: Page("/audit/", "审计日志和封存"),
}
WITHOUT_YEAR = frozenset({"nomination-list", "review-queue"})


def telling_pages() -> dict[str, Page]:
    """Role → its page; "public" → one that needs no account. Empty without a year."""
    years = list(Campaign.objects.filter(opened_at__isnull=False, is_scratch=False).order_by("-year", "pk"))
    if not years:
        return {}
    current, stage = years[0], stage_of(years[0])
    ranked = Ranking.objects.current().filter(stage=Ranking.FINAL).values("campaign")
    finished = next(
        iter(Campaign.objects.filter(pk__in=ranked, announced_at__isnull=False).order_by("-year")), None
    )
    pages = {role.value: page for role, page in ALWAYS.items()}
    for role, seen in CURRENT.items():
        if stage in seen:
            pages[role.value] = _page(current, *seen[stage])
        elif finished:
            pages[role.value] = _page(finished, *FINISHED[role])
    if finished and (notice := finished.notices.published().order_by("number").first()):
        pages["public"] = Page(notice.get_absolute_url(), f"{finished.year}年公示：名单、评分记录和复算程序")
    return pages


def stage_of(campaign: Campaign) -> Stage:
    """How far a year has come, by what has been done in it."""
    now = timezone.now()
    if campaign.announced_at or announcing(campaign, now).ready:
        return Stage.RESULT
    if campaign.notices.published().exists():
        return Stage.NOTICE
    if campaign.rankings.current().filter(stage=Ranking.FINAL).exists():
        return Stage.MEETING
    opened = set(campaign.panels.filter(opened_at__isnull=False).values_list("stage", flat=True))
    if opened:
        return Stage.LIVE if "live" in opened else Stage.REVIEW
    dates = campaign.phase(Phase.NOMINATION)
    return Stage.SCREENING if dates and dates.closes_at < now else Stage.NOMINATION


def _page(campaign: Campaign, route: str, words: str) -> Page:
    if route in WITHOUT_YEAR:
        return Page(reverse(f"awards:{route}"), words)
    return Page(reverse(f"awards:{route}", args=[campaign.code]), f"{campaign.year}年{words}")
