"""The whole season, in the order in which it depends on itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from awards.campaign.actions import seed_year
from awards.campaign.queries import working_calendar
from awards.campaign.rules import Calendar
from awards.demo.people import build_people
from awards.demo.year2020 import build_2020
from awards.errors import StageError
from units.demo import MARK
from units.models import User


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
    _keep_calendar(today)
    build_2020(people)
    return Summary([])


def _keep_calendar(today: date) -> Calendar:
    """The working days of the years the season touches, as far as their orders are packaged."""
    years = (2020, today.year - 1, today.year, today.year + 1)
    for year in dict.fromkeys(years):
        try:
            seed_year(year)
        except StageError:  # not decreed yet: Monday to Friday, and pages say 暂定
            continue
    return working_calendar(years)
