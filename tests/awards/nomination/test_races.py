"""Two people in the same second, with real commits."""

import pytest

from awards.errors import StageError
from awards.nomination.actions.drafts import save_draft
from awards.nomination.actions.submission import AlreadySubmitted, submit_nomination
from awards.nomination.models import Nomination, Submission
from awards.states import State
from tests.factories.awards import CampaignFactory, NominationFactory, UnitQuotaFactory
from tests.factories.units import SecretaryFactory, UnitFactory
from tests.races import at_once
from units.audit.models import AuditEntry

pytestmark = [pytest.mark.commits, pytest.mark.django_db(transaction=True)]


def ready(campaign, unit, letter="F"):
    return NominationFactory(
        campaign=campaign, unit=unit, category=campaign.categories.get(letter=letter), full=True, ready=True,
        state=State.UNIT_REVIEW,
    )  # fmt: skip


@pytest.mark.parametrize(("letters", "places"), [("FF", 2), ("FZ", 1)])
def test_two_files_of_one_organization_never_both_take_its_last_place(letters, places):
    campaign, unit = CampaignFactory(), UnitFactory()
    UnitQuotaFactory(campaign=campaign, unit=unit, places=places)
    secretary = SecretaryFactory(unit=unit)
    first, second = (ready(campaign, unit, letter) for letter in letters)

    results = at_once(
        lambda: submit_nomination(first, actor=secretary), lambda: submit_nomination(second, actor=secretary)
    )

    assert {type(result) for result in results} == {Nomination, StageError}
    assert Nomination.objects.holding_a_place().count() == Submission.objects.count() == 1


def test_two_clicks_make_one_submission():
    unit = UnitFactory()
    secretary = SecretaryFactory(unit=unit)
    nomination = ready(CampaignFactory(), unit)

    results = at_once(*[lambda: submit_nomination(nomination, actor=secretary)] * 2)

    assert {type(result) for result in results} == {Nomination, AlreadySubmitted}
    assert Submission.objects.count() == AuditEntry.objects.count() == 1


def test_codes_given_in_the_same_second_are_different_and_leave_no_gap():
    campaign = CampaignFactory()
    files = [ready(campaign, UnitFactory()) for _ in range(4)]
    secretary = SecretaryFactory()

    results = at_once(*[lambda file=file: submit_nomination(file, actor=secretary) for file in files])

    numbers = sorted(result.code.rpartition("-")[2] for result in results)
    assert numbers == ["001", "002", "003", "004"]


def test_of_two_savers_with_the_same_version_one_is_told():
    unit = UnitFactory()
    secretary = SecretaryFactory(unit=unit)
    nomination = ready(CampaignFactory(), unit)

    results = at_once(
        *[
            lambda text=text: save_draft(nomination, {"summary": text}, version=1, actor=secretary)
            for text in ("甲的摘要", "乙的摘要")
        ]
    )

    saved = [result for result in results if isinstance(result, Nomination)]
    assert len(saved) == 1
    nomination.refresh_from_db()
    assert (nomination.summary, nomination.version) == (saved[0].summary, 2)
