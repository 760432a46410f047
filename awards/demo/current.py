"""The year whose round is under way: what became of its files, and the log they rest on."""

from __future__ import annotations

from datetime import date, timedelta

from awards.demo import log as rows
from awards.demo.chance import chance
from awards.demo.data import projects
from awards.demo.data import registers as words
from awards.demo.days import Season
from awards.demo.log import COMMON, Log
from awards.demo.walk import Course, Year
from services.models.logged import LogState

# The first organization has one to mend by the day after the middle of the review.
COURSES = {
    ("party-office", "F"): Course(sent=-13, sent_to_review=-17),
    ("party-office", "Z"): Course(
        remarks={
            "sealed": "盖章页扫描不清，公章和日期不能辨认，请重新扫描上传。",
            "effect": "“成效”中基层填报时间的变化没有数据来源，请补充。",
        },
        sent=-14,
        checked=-3,
        mended=0,
        rechecked=1,
    ),
    ("registry", "Z"): Course(remarks={"document_number": "制度文号与所附文本不一致，请核对。"}, checked=-3),
    ("statistics", "Z"): Course(
        remarks={"effect": "成效只有一句，请补充运行以来的办理数据。"}, checked=-5, mended=-2, rechecked=1
    ),
    ("tobacco", "F"): Course(
        remarks={"effect": "请补充农村零售户的前后对比情况。"},
        checked=-5,
        mended=-2,
        rechecked=1,
        refused_again="补正后仍没有前后对比数据，成效不能核实。",
    ),
    ("arts", "F"): Course(sent=False, sent_to_review=-17),
    ("archives", "X"): Course(sent=False, thin=True),
    ("social-science", "F"): Course(sent=False, thin=True),
    ("overseas-chinese", "F"): Course(sent=False),
    ("livestock", "F"): Course(
        remarks={"started_on": "主要工作在上一年度已经完成，不属于本年度申报范围。"}, refused=True
    ),
    ("media", "Z"): Course(
        remarks={"document_number": "属于日常考核办法，没有形成制度文件，不符合最佳制度创新的申报条件。"},
        refused=True,
    ),
    ("united-front", "X"): Course(
        remarks={"started_on": "项目尚未开工，截止申报时运行不满三个月。"}, refused=True
    ),
    ("cyberspace", "F"): Course(remarks={"sealed": "盖章页没有公章。"}),
    ("city", "F"): Course(withdrawn=-12),
    ("affairs", "X"): Course(sent=False, withdrawn=-16),
}
PARTNERS = {
    ("reform", "F"): ("party-school",),
    ("approval", "Z"): ("natural-resources", "housing"),
    ("petitions", "Z"): ("justice", "politics-law"),
    ("hospital", "X"): ("health",),
    ("transport", "X"): ("key-projects", "natural-resources"),
    ("labour", "Z"): ("housing", "unions"),
    ("civil-affairs", "F"): ("women",),
    ("women", "F"): ("commerce-federation",),
    ("investment", "X"): ("industry",),
    ("court", "F"): ("justice",),
    ("environment", "Z"): ("industry",),
    ("agriculture", "X"): ("water",),
}
OVERCLAIMS = {
    ("commerce", "Z"): "0.35",
    ("police", "F"): "0.18",
    ("water", "X"): "0.42",
    ("tax", "F"): "0.15",
    ("science", "F"): "0.60",
    ("housing", "Z"): "0.24",
    ("culture", "X"): "0.12",
}
FAVOURITES = frozenset({("water", "X")})
BY_MONTH = (0, 62, 95, 88, 110, 124, 96, 70, 92, 85, 60, 30)
UNREVIEWED = (LogState.SENT,) * 5 + (LogState.RETURNED, LogState.DRAFT)
DAILY_GIFTS = [("unions", 12600), ("education", 18350), ("health", 9720), ("tax", 7400), ("red-cross", 5160)]


def current_year(season: Season) -> Year:
    return Year(season, projects.LINES, COURSES, PARTNERS, OVERCLAIMS, FAVOURITES, shortlist=8)


def log_current_year(log: Log, season: Season) -> None:
    """What every organization did besides the work it nominates; some of it the office has yet to review."""
    communities = log.people.communities
    for order, unit in enumerate(log.people.organizations):
        dice = chance("year", log.year, unit.slug)
        for _ in range(14 if order == 0 else dice.randrange(1, 5)):
            day = log.day_between(season.first_day, season.today - timedelta(days=9), dice)
            joint = dice.sample(log.people.organizations, 2) if dice.random() < 0.15 else ()
            log.add(unit, dice.choice(COMMON), day, joint=joint, community=dice.choice(communities))
        for _ in range(dice.randrange(1, 4)):
            day = log.day_between(season.today - timedelta(days=52), season.today - timedelta(days=7), dice)
            if day.year == log.year:
                log.add(unit, dice.choice(COMMON), day, community=dice.choice(communities))
        for _ in range(4 if order == 0 else dice.random() < 0.4):
            day = log.day_between(
                max(season.first_day, season.today - timedelta(days=20)), season.today, dice
            )
            log.add(unit, dice.choice(COMMON), day, state=dice.choice(UNREVIEWED))


def fill_current_registers(log: Log) -> None:
    month = log.last_day.month
    rows.registrations(log, BY_MONTH[:month])
    rows.joint_projects(log, 34, log.people.oilfield + log.people.communities[-6:], waiting=3)
    rows.brands(log, [(f"{name}·新程", field) for name, field in words.BRANDS[::9]], waiting=1)
    rows.donations(log, DAILY_GIFTS, "慈心一日捐", date(log.year, 5, 6), date(log.year, 5, 30))
    rows.ideas(log, words.IDEAS[6:], waiting=2)
    rows.action_tasks(log.people, log.last_day)
