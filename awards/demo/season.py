"""The seasons, in the order in which they are walked: 2020 on paper, a year to its end, the current one halfway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from awards.campaign.actions.calendar import seed_year
from awards.campaign.actions.opening import open_campaign
from awards.campaign.actions.rule import save_category
from awards.campaign.actions.settings import change_campaign
from awards.campaign.actions.start import create_campaign
from awards.campaign.actions.timetable import save_timetable
from awards.campaign.models import Campaign
from awards.campaign.queries.calendar import working_calendar
from awards.campaign.rules.statutory import statutory_days
from awards.campaign.rules.working_days import Calendar
from awards.demo.clock import Clock, season_clock
from awards.demo.current import current_year, fill_current_registers, log_current_year
from awards.demo.days import Season, at
from awards.demo.filing import plan_nominations, read_files
from awards.demo.last import fill_last_registers, last_season, last_year, log_last_year
from awards.demo.log import EnteredLog, Log
from awards.demo.meeting import plan_meeting
from awards.demo.notices import plan_notices, plan_revocation
from awards.demo.panels import plan_live, plan_written
from awards.demo.people import People, build_people
from awards.demo.planner import analyze, in_haste
from awards.demo.screening import plan_screening
from awards.demo.stages import Stage
from awards.demo.two import leave_waiting
from awards.demo.walk import Walk, Year
from awards.demo.year2020 import build_2020
from awards.panel.models import Assignment
from awards.review.models import ScoreSheet
from services.models.activities import Activity
from units.audit.context import acting
from units.audit.models import AuditEntry
from units.audit.seal import seal_entries
from units.demo import MARK, PASSWORD
from units.models import Unit, User

BEGINNING = at(date(2020, 1, 2))
LOADING = "demo"  # in the log, the request that an entry of the loading belongs to
CALL = (
    "为深化服务企业、服务项目、服务基层、服务群众“四项服务”，加快推进模范机关建设，"
    "决定开展{year}年度最佳服务举措、最佳制度创新、最佳项目推进评选。\n"
    "各单位党组织每个类别限报1件，合计不超过2件。申报须引用已审核的服务记录，"
    "并在本单位公示不少于5个工作日。逾期不报视为放弃。\n"
    "评选分书面评审和现场答辩，三类各评选示范项目5个，宁缺毋滥。"
)


@dataclass(frozen=True)
class Summary:
    """What stands there now, for the closing lines."""

    lines: list[str]


def is_seeded() -> bool:
    """Whether the demo season is there."""
    return User.objects.filter(email__endswith=MARK).exists()


def seeded_stage() -> Stage | None:
    """The stage at which the season that is there was opened, people may have gone on since; None for one whose
    loading was broken off."""
    entries = AuditEntry.objects.filter(request_id__startswith=f"{LOADING}:").order_by("pk")
    last_leg = entries.values_list("request_id", flat=True).first()
    return Stage(last_leg.partition(":")[2]) if last_leg else None


def seed_season(today: date, stage: Stage = Stage.REVIEW) -> Summary:
    """Write everything; called once, on a database without a demo season."""
    with closing(walk_seasons(today, stage)) as stages:
        walk = next(walk for reached, walk in stages if reached == stage)
        return _summary(walk.campaign, stage)


def walk_seasons(today: date, stage: Stage) -> Iterator[tuple[Stage, Walk]]:
    """Every year, and the current one up to the middle of `stage`, which is today; gives each of its stages.

    Within the loop the clock is the season's. The log says which stage was asked for in the entries of the
    last leg, so that a loading broken off is known by having none.
    """
    with _leg():
        people = build_people(today)
    with season_clock(BEGINNING) as clock:
        with _leg():
            current = Season(today.year, today, _keep_calendar(today), stage)
            build_2020(people)
        _finish_last_year(people, last_season(current), clock)
        walk = _begin_current_year(people, current, clock)
        for reached in walk_stages(walk, last=stage):
            yield reached, walk


@contextmanager
def _leg(request: str = LOADING) -> Iterator[None]:
    """A part of the way, written as a whole or not at all; afterwards the log is sealed, as it is every minute."""
    with acting(post="演示数据", request_id=request), transaction.atomic(), in_haste():
        yield
    seal_entries()


def _finish_last_year(people: People, season: Season, clock: Clock) -> None:
    log = EnteredLog(people, season.year, season.last_day)
    with _leg():
        log_last_year(log, season)
        walk = _begin(last_year(season), people, clock, log)
    walk.on(-44, 9, log.enter)
    for _ in walk_stages(walk):
        pass
    with _leg():
        walk.clock.go_to(season.moment(AFTERWARDS, 0))
        fill_last_registers(log)
    plan_revocation(walk)


def _begin_current_year(people: People, season: Season, clock: Clock) -> Walk:
    log = Log(people, season.year, season.today)
    with _leg():
        log_current_year(log, season)
        walk = _begin(current_year(season), people, clock, log)
        log.write()
        fill_current_registers(log)
        analyze()
    return walk


def _begin(year: Year, people: People, clock: Clock, log: Log) -> Walk:
    """The year set up and made known."""
    season, office = year.season, people.users["office"]
    clock.go_to(season.moment(-45, 9))
    campaign = create_campaign(
        code=str(season.year),
        title=f"{season.year}年度“三个最佳”评选",
        year=season.year,
        organiser=people.committee,
        actor=office,
    )
    save_timetable(campaign, season.timetable(), actor=office)
    texts = {
        "basis": f"《区直机关{season.year}年党建工作要点》和《区直机关“三个最佳”评选办法》。",
        "call": CALL.format(year=season.year),
        "contact_office": "区直机关工委办公室",
        "contact_phone": "0546-8200100",
        "contact_address": "东营区府前大街机关办公楼",
    }
    campaign = change_campaign(campaign, texts, actor=office)
    for category in campaign.categories.all():
        save_category(category, {"shortlist": year.shortlist}, actor=office)
    walk = Walk(year, people, clock, log, campaign)
    walk.on(-40, 10, _open, walk)
    read_files(walk)
    return walk


def _open(walk: Walk) -> None:
    walk.campaign = open_campaign(walk.campaign, actor=walk.office)


def walk_stages(walk: Walk, last: Stage | None = None) -> Iterator[Stage]:
    """Take a year through its stages by the product's own actions, up to `last` if it is named.

    Stops in the middle of each stage, on the morning of its day; what happens until then stands in the
    diaries of the modules asked here.
    """
    for plan in DIARIES:
        plan(walk)
    for stage in Stage:
        with _leg(f"{LOADING}:{stage}" if stage == last else LOADING):
            if stage == last:
                walk.on(stage.day - 1, 17, leave_waiting, walk)
            walk.clock.go_to(walk.season.moment(stage.day, 0))
        yield stage
        if stage == last:
            return


# From the units' drafts to the announcement.
DIARIES = (plan_nominations, plan_screening, plan_written, plan_live, plan_meeting, plan_notices)
AFTERWARDS = 27  # the working day, counted as in `Season`, on which everything has happened


def _summary(campaign: Campaign, stage: Stage) -> Summary:
    files = campaign.nominations.count()
    due = Assignment.objects.filter(panel__campaign=campaign).live().count()
    done = ScoreSheet.objects.handed_in().filter(assignment__panel__campaign=campaign).count()
    return Summary(
        [
            (
                f"演示数据已写入：党组织{Unit.objects.count()}个，账号{User.objects.count()}个，"
                f"服务记录{Activity.objects.count()}条。"
            ),
            f"{campaign.title}停在“{stage.label}”阶段：申报{files}件，评分表已交{done}份，应交{due}份。",
            f"所有账号的密码为{PASSWORD}，登录页按岗位列出账号。",
        ]
    )


def _keep_calendar(today: date) -> Calendar:
    """The working days of the years the seasons touch, as far as their orders are packaged."""
    years = (2020, *range(today.year - 2, today.year + 2))
    for year in dict.fromkeys(years):
        if statutory_days(year):  # else not decreed yet: Monday to Friday, and pages say 暂定
            seed_year(year)
    return working_calendar(years)
