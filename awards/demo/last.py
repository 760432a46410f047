"""The year before the current one, finished whole: a smaller round of which every outcome can be looked at."""

from __future__ import annotations

from datetime import date, timedelta

from awards.demo import log as rows
from awards.demo.chance import chance
from awards.demo.data import projects_last
from awards.demo.data import registers as words
from awards.demo.days import Season
from awards.demo.log import COMMON, EnteredLog
from awards.demo.stages import Stage
from awards.demo.walk import Course, Year

COURSES = {
    ("petitions", "Z"): Course(
        remarks={"effect": "请补充制度施行以来初次信访的办理数据。"}, mended=-7, rechecked=-7
    ),
    ("youth-league", "F"): Course(remarks={"sealed": "盖章页没有填写日期，请重新扫描上传。"}),
    ("social-science", "X"): Course(
        remarks={"started_on": "项目尚未开工，截止申报时运行不满三个月。"}, refused=True
    ),
    ("city", "X"): Course(withdrawn=-12),
}
PARTNERS = {
    ("women", "F"): ("labour",),
    ("approval", "Z"): ("natural-resources", "housing"),
    ("justice", "Z"): ("politics-law",),
    ("transport", "X"): ("police",),
    ("industry", "X"): ("investment", "reform"),
}
OVERCLAIMS = {("health", "F"): "0.22", ("commerce", "X"): "0.35", ("finance", "Z"): "0.16"}
FAVOURITES = frozenset({("water", "X"), ("health", "F")})
LAST_ACT = (12, 24)  # month and day by which the results are announced, if the current year allows it
BETWEEN = 30  # days, at least, between that and the next year's beginning
REGISTRATIONS = (0, 12, 20, 16, 24, 22, 14, 10, 16, 12, 6, 0)
GIFTS = [("education", 14200), ("health", 8930), ("tax", 6100), ("unions", 11800)]


def last_season(current: Season) -> Season:
    """The days of a round that is over before the current one begins."""
    begins = current.working(-45)
    year = current.year - 1
    ends = min(date(year, *LAST_ACT), begins - timedelta(days=BETWEEN))
    return Season(year, ends, current.calendar, Stage.RESULT)


def last_year(season: Season) -> Year:
    return Year(season, projects_last.LINES, COURSES, PARTNERS, OVERCLAIMS, FAVOURITES, shortlist=6)


def log_last_year(log: EnteredLog, season: Season) -> None:
    """What every other organization did besides the work that is nominated."""
    for unit in log.people.organizations[::3]:
        dice = chance("year", log.year, unit.slug)
        for _ in range(dice.randrange(1, 4)):
            day = log.day_between(season.first_day, season.working(-47), dice)
            log.add(unit, dice.choice(COMMON), day, community=dice.choice(log.people.communities))


def fill_last_registers(log: EnteredLog) -> None:
    rows.registrations(log, REGISTRATIONS, log.people.organizations[::4])
    rows.joint_projects(log, 16, log.people.oilfield)
    rows.brands(log, [(f"{name}·同行", field) for name, field in words.BRANDS[4::14]])
    rows.donations(log, GIFTS, "慈心一日捐", date(log.year, 5, 8), date(log.year, 5, 28))
    rows.ideas(log, words.IDEAS[:4])
