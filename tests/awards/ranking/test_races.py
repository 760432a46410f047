"""Freezing while others act: a sheet is in the record and in the rows, or in neither."""

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event as Signal

import pytest
from django.db import connection, transaction

from awards.decision.actions import decide
from awards.errors import StageError
from awards.nomination.models import Nomination
from awards.panel.actions.panels import close_panel
from awards.panel.models import Assignment
from awards.ranking.actions import freeze_ranking
from awards.ranking.models import Ranking
from awards.review.actions import hand_in_sheet
from awards.review.models import ScoreSheet
from tests.awards.decision.meetings import meeting_on
from tests.awards.ranking.rounds import SEVEN, add_entries, add_round, judged, spread
from tests.factories import CampaignFactory, OfficeFactory
from units.audit.models import AuditEntry

pytestmark = pytest.mark.commits


def outcome(function):
    """What a thread's act gave: its result, or its refusal."""
    try:
        return function()
    except StageError as refusal:
        return refusal
    finally:
        connection.close()


def running_panel():
    """One entry, six sheets handed in, the seventh reviewer about to."""
    campaign = CampaignFactory()
    files = add_entries(campaign, "F", 1)
    panel = add_round(campaign, files, [[*SEVEN[:6], None]], closed=False)
    seventh = Assignment.objects.get(panel=panel, sheets__state="draft")
    ScoreSheet.objects.filter(assignment=seventh).update(version=1)
    return campaign, panel, seventh


def hand_in(assignment):
    marks = spread(Decimal("91"), list(assignment.nomination.category.criteria.all()))
    return hand_in_sheet(assignment, marks=marks, comment="", version=1, actor=assignment.seat.reviewer.user)


def check(ranking, handed_in):
    """Rows, record and table tell of the same number of sheets."""
    expected = 7 if handed_in else 6
    assert ScoreSheet.objects.handed_in().count() == expected
    assert len(json.loads(ranking.record)["sheets"]) == expected
    assert ranking.entries.get().sheets == {"written": expected}
    assert str(ranking.entries.get().stages["written"]) == ("90.20" if handed_in else "90.00")


def test_a_hand_in_that_has_begun_is_waited_for_and_counted():
    campaign, panel, seventh = running_panel()
    office = OfficeFactory()
    held, closing = Signal(), Signal()

    def slow_hand_in():
        with transaction.atomic():
            hand_in(seventh)
            held.set()
            closing.wait(10)
            # The office is at the panel's row by now and cannot pass.
            assert not Ranking.objects.exists()

    def close_and_freeze():
        held.wait(10)
        closing.set()
        close_panel(panel, actor=office, reason="提前关闭")
        return freeze_ranking(campaign, stage="final", actor=office)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(outcome, slow_hand_in)
        second = pool.submit(outcome, close_and_freeze)
        assert first.result(30) is None
        ranking = second.result(30)
    check(ranking, handed_in=True)


def test_a_hand_in_after_the_closing_is_refused_and_not_counted():
    campaign, panel, seventh = running_panel()
    close_panel(panel, actor=OfficeFactory(), reason="提前关闭")
    with ThreadPoolExecutor(2) as pool:
        late = pool.submit(outcome, lambda: hand_in(seventh))
        frozen = pool.submit(outcome, lambda: freeze_ranking(campaign, stage="final", actor=None))
        assert isinstance(late.result(30), StageError)
        check(frozen.result(30), handed_in=False)


@pytest.mark.parametrize("attempt", range(3))
def test_whoever_comes_first_the_three_agree(attempt):
    campaign, panel, seventh = running_panel()
    office = OfficeFactory()

    def close_and_freeze():
        close_panel(panel, actor=office, reason="提前关闭")
        return freeze_ranking(campaign, stage="final", actor=office)

    with ThreadPoolExecutor(2) as pool:
        mine = pool.submit(outcome, lambda: hand_in(seventh))
        theirs = pool.submit(outcome, close_and_freeze)
        handed_in = not isinstance(mine.result(30), StageError)
        check(theirs.result(30), handed_in)


def test_two_freezes_at_once_leave_one_in_force():
    campaign, _ = judged(3)
    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(outcome, lambda: freeze_ranking(campaign, stage="final", actor=None))
            for _ in range(2)
        ]
        made = [one.result(30) for one in both]
    assert Ranking.objects.count() == len({ranking.pk for ranking in made}) == 2
    assert Ranking.objects.current().count() == 1


def test_two_decisions_at_once_are_one():
    campaign, _ = judged(7)
    freeze_ranking(campaign, stage="final", actor=None)
    meeting = meeting_on(campaign)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(outcome, lambda: decide(meeting, actor=None)) for _ in range(2)]
        results = [one.result(30) for one in both]
    assert results.count((5, 2)) == 1
    assert sum(isinstance(result, StageError) for result in results) == 1
    assert Nomination.objects.filter(state="proposed").count() == 5
    assert AuditEntry.objects.filter(event="list_decided").count() == 8


@pytest.mark.parametrize("attempt", range(3))
def test_a_freeze_and_a_decision_at_once_never_leave_a_list_without_its_ranking(attempt):
    campaign, _ = judged(7)
    freeze_ranking(campaign, stage="final", actor=None)
    meeting = meeting_on(campaign)
    with ThreadPoolExecutor(2) as pool:
        decided = pool.submit(outcome, lambda: decide(meeting, actor=None))
        frozen = pool.submit(outcome, lambda: freeze_ranking(campaign, stage="final", actor=None))
        decided, frozen = decided.result(30), frozen.result(30)
    assert isinstance(decided, StageError) != isinstance(frozen, StageError)
    meeting.refresh_from_db()
    if meeting.decided_at:
        assert meeting.ranking.superseded_at is None
