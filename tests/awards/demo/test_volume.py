"""`manage.py volume`: a scratch campaign whose rows are as whole as real ones."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from awards.campaign.models import Campaign
from awards.nomination.models import Nomination, Submission
from awards.nomination.rules.freezing import digest_of_content
from awards.panel.models import Assignment
from awards.ranking.actions import freeze_ranking
from awards.review.models import Score, ScoreSheet
from awards.states import State
from tests.factories import UnitFactory

pytestmark = pytest.mark.django_db


def volume(**size) -> Campaign:
    out = StringIO()
    call_command("volume", stdout=out, stderr=StringIO(), **size)
    return Campaign.objects.get(code=out.getvalue().strip())


def test_it_prints_the_code_of_a_scratch_campaign_of_that_size():
    campaign = volume(entries=20, reviews=5, reviewers=8, units=4)

    assert campaign.is_scratch
    assert campaign.opened_at
    assert campaign.nominations.filter(state=State.QUALIFIED).count() == 20
    assert campaign.nominations.values("unit").distinct().count() == 4
    assert campaign.reviewers.count() == 8
    assert ScoreSheet.objects.handed_in().count() == 20 * 5
    assert campaign.panels.closed().count() == 3
    assert campaign.rules.get().locked_at


def test_its_rows_are_whole():
    campaign = volume(entries=7, reviews=5, reviewers=6, units=3)

    for row in Submission.objects.select_related("nomination"):
        assert row.sha256 == digest_of_content(row.content)
        assert row.content["title"] == row.nomination.title
    marks = Counter()
    for sheet, mark in Score.objects.values_list("sheet", "mark"):
        marks[sheet] += mark
    assert all(sheet.total == marks[sheet.pk] for sheet in ScoreSheet.objects.all())
    loads = Counter(Assignment.objects.filter(panel__campaign=campaign).values_list("panel", "seat"))
    for panel in campaign.panels.all():
        mine = [count for (key, _), count in loads.items() if key == panel.pk]
        assert max(mine) - min(mine) <= 1


def test_the_product_can_rank_it():
    campaign = volume(entries=9, reviews=5, reviewers=5, units=2)

    ranking = freeze_ranking(campaign, stage="written", actor=None)

    assert ranking.entries.filter(status="ranked").count() == 9


def test_it_uses_the_organizations_there_are_and_runs_again():
    units = UnitFactory.create_batch(3)
    first, second = volume(entries=3, units=3), volume(entries=3, units=3)

    assert first.code != second.code
    assert set(Nomination.objects.values_list("unit", flat=True)) == {unit.pk for unit in units}


@pytest.mark.parametrize("size", [{"entries": 0}, {"entries": 5, "reviews": 6, "reviewers": 5}])
def test_an_impossible_size_is_refused(size):
    with pytest.raises(CommandError):
        volume(**size)
    assert not Campaign.objects.exists()
