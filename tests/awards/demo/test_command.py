"""`manage.py seed` on an empty database."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from awards.campaign.models import Campaign
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


@pytest.mark.parametrize("today", ["2024-02-29", "2027-01-02"])
def test_the_season_turns_around_any_day(settings, today):
    settings.DEBUG = True
    call_command("seed", today=today, stdout=StringIO())
    campaign = Campaign.objects.get(code=today[:4])
    assert campaign.nominations.filter(state=State.QUALIFIED).count() > 80
    days = Activity.objects.filter(happened_on__year=campaign.year).values_list("happened_on", flat=True)
    assert max(days).isoformat() <= today


@pytest.mark.parametrize("today", ["2020-06-01", "2019-01-01"])
def test_a_day_inside_the_finished_year_is_refused(settings, today):
    settings.DEBUG = True
    with pytest.raises(CommandError, match="2020"):
        call_command("seed", today=today)
