"""Two releases, two officers, the clock and a unit in the same second, with real commits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from awards.errors import StageError
from awards.screening.actions.decisions import prepare_decision, release_decisions
from awards.screening.actions.lapsing import lapse_overdue
from awards.states import State
from tests.awards.screening.support import answer_all
from tests.factories import CampaignFactory, NominationFactory, OfficeFactory
from tests.races import at_once
from units.audit.models import AuditEntry

pytestmark = pytest.mark.commits


def test_two_releases_at_once_give_each_file_one_move():
    campaign, office = CampaignFactory(), OfficeFactory()
    files = NominationFactory.create_batch(4, submitted=True, campaign=campaign)
    for nomination in files:
        answer_all(nomination, actor=office, records=("fix", "引用不足"))
        prepare_decision(nomination, to=State.RETURNED, actor=office)

    answers = at_once(*[lambda: release_decisions(campaign, actor=office)] * 2)

    assert sum(isinstance(one, StageError) for one in answers) == 1
    assert AuditEntry.objects.filter(event="nomination_returned").count() == 4
    assert [one.corrections.count() for one in files] == [1] * 4


def test_two_officers_prepare_one_decision():
    office, nomination = OfficeFactory(), NominationFactory(submitted=True)
    answer_all(nomination, actor=office)

    answers = at_once(*[lambda: prepare_decision(nomination, to=State.QUALIFIED, actor=office)] * 2)

    assert sum(isinstance(one, StageError) for one in answers) == 1
    assert nomination.prepared_decisions.count() == 1


def test_two_ticks_lapse_a_file_once():
    NominationFactory(state=State.RETURNED, correction_due_at=timezone.now() - timedelta(hours=1))
    now = timezone.now()

    assert sum(at_once(*[lambda: lapse_overdue(now)] * 2)) == 1
    assert AuditEntry.objects.filter(event="nomination_lapsed").count() == 1
