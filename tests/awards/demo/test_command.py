"""`manage.py seed` on an empty database."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from awards.campaign.models import Campaign
from awards.demo.people import build_people
from awards.states import State
from services.models import Activity
from units.demo import MARK
from units.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


def test_seeding_is_refused_when_debug_is_off(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("seed")
    assert not User.objects.filter(email__endswith=MARK).exists()


def test_the_season_turns_around_any_day_and_opens_where_it_is_told(settings):
    settings.DEBUG = True
    call_command("seed", today="2024-02-29", stage="screening", stdout=StringIO())
    campaign = Campaign.objects.get(code="2024")
    assert campaign.nominations.filter(state=State.SUBMITTED).count() > 50
    assert not campaign.panels.exists()
    days = Activity.objects.filter(happened_on__year=campaign.year).values_list("happened_on", flat=True)
    assert max(days).isoformat() <= "2024-02-29"

    with pytest.raises(CommandError, match=r"STAGE=screening.*make demo STAGE=live FRESH=1"):
        call_command("seed", stage="live", stdout=StringIO())
    out = StringIO()
    call_command("seed", stage="screening", stdout=out)
    assert "未作改动" in out.getvalue()


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
