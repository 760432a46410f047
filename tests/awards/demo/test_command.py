"""`manage.py seed` on an empty database."""

from contextlib import closing
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from awards.demo.people import build_people
from awards.demo.season import walk_seasons
from awards.demo.stages import Stage
from services.models.activities import Activity
from units.demo import MARK
from units.models import User

pytestmark = pytest.mark.django_db


def test_seeding_is_refused_when_debug_is_off(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("seed")
    assert not User.objects.filter(email__endswith=MARK).exists()


def test_a_season_begins_around_a_leap_day(monkeypatch):
    """From there on its days are told from one another; test_stages walks a year to its end."""
    before = []
    monkeypatch.setattr("awards.demo.season.build_2020", lambda people: None)
    monkeypatch.setattr(
        "awards.demo.season._finish_last_year", lambda people, last, clock: before.append(last)
    )
    with closing(walk_seasons(date(2024, 2, 29), Stage.SCREENING)) as stages:
        stage, walk = next(stages)
        assert stage == Stage.NOMINATION
        assert walk.campaign.code == "2024"
        assert walk.season.working(Stage.SCREENING.day) == date(2024, 2, 29)
        days = Activity.objects.filter(happened_on__year=2024).values_list("happened_on", flat=True)
        assert max(days) <= date(2024, 2, 29)
        (last,) = before
        assert (last.year, last.stage) == (2023, Stage.RESULT)
        assert last.today < walk.season.working(-45)


def test_a_loading_that_was_broken_off_is_told_from_a_season(settings):
    settings.DEBUG = True
    build_people(date(2026, 11, 30))
    with pytest.raises(CommandError, match=r"not whole.*FRESH=1"):
        call_command("seed", stdout=StringIO())


def test_an_unknown_stage_is_refused_in_one_line_that_lists_them(settings):
    settings.DEBUG = True
    with pytest.raises(CommandError) as refused:
        call_command("seed", stage="voting")
    assert str(refused.value) == (
        "STAGE=voting is no stage: choose nomination, screening, review, live, meeting, notice, result."
    )
    assert not User.objects.exists()


@pytest.mark.parametrize("today", ["2021-06-01", "2020-06-01", "2019-01-01"])
def test_a_day_that_leaves_no_room_for_the_years_before_is_refused(settings, today):
    settings.DEBUG = True
    with pytest.raises(CommandError, match="2020"):
        call_command("seed", today=today)
