"""The whole season, in the order in which it depends on itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from awards.campaign.actions import seed_year
from awards.campaign.models import Campaign
from awards.campaign.queries import working_calendar
from awards.campaign.rules import Calendar
from awards.demo.current import build_current
from awards.demo.days import Season
from awards.demo.panels import build_panels
from awards.demo.people import build_people
from awards.demo.year2020 import build_2020
from awards.errors import StageError
from awards.panel.models import Assignment
from awards.review.models import ScoreSheet
from services.models import Activity
from units.demo import MARK, PASSWORD
from units.models import Unit, User


@dataclass(frozen=True)
class Summary:
    """What stands there now, for the closing lines."""

    lines: list[str]


def is_seeded() -> bool:
    """Whether the demo season is there."""
    return User.objects.filter(email__endswith=MARK).exists()


@transaction.atomic
def seed_season(today: date) -> Summary:
    """Write everything; called once, on a database without a demo season."""
    people = build_people(today)
    season = Season(today, _keep_calendar(today))
    build_2020(people)
    campaign, _ = build_current(people, season)
    build_panels(campaign, people, season)
    return _summary(campaign)


def _summary(campaign: Campaign) -> Summary:
    files = campaign.nominations.count()
    live = Assignment.objects.filter(panel__campaign=campaign).live().count()
    done = ScoreSheet.objects.handed_in().filter(assignment__panel__campaign=campaign).count()
    return Summary(
        [
            (
                f"演示数据已写入：党组织{Unit.objects.count()}个，账号{User.objects.count()}个，"
                f"服务记录{Activity.objects.count()}条。"
            ),
            f"{campaign.title}：申报{files}件，书面评审已交{done}份，应交{live}份。",
            f"所有账号的密码为{PASSWORD}，登录页按岗位列出账号。",
        ]
    )


def _keep_calendar(today: date) -> Calendar:
    """The working days of the years the season touches, as far as their orders are packaged."""
    years = (2020, today.year - 1, today.year, today.year + 1)
    for year in dict.fromkeys(years):
        try:
            seed_year(year)
        except StageError:  # not decreed yet: Monday to Friday, and pages say 暂定
            continue
    return working_calendar(years)
