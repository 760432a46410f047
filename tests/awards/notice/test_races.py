"""The last second, the same second: with real commits."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from awards.errors import StageError
from awards.nomination.models import Nomination
from awards.notice.actions.cases import accept_objection
from awards.notice.actions.publishing import draft_notice, publish_notice
from awards.notice.actions.queue import queue_up
from awards.notice.models import Notice, Objection
from awards.result.actions import announce_results
from awards.result.models import Certificate, Result
from awards.states import State
from tests.awards.notice.rounds import at, decided, object_to, on_notice, over
from tests.races import at_once, until_one_waits

pytestmark = [pytest.mark.commits, pytest.mark.django_db(transaction=True)]
NUMBER = "东区直工委〔2026〕12号"


def test_an_objection_still_being_written_at_closing_keeps_its_entry_from_being_announced():
    """The objector holds the queue before 24:00 and commits after; the announcement waits for it."""
    campaign, files, office, notice = on_notice()
    filed, may_commit, announced = Event(), Event(), []

    def objector():
        try:
            with transaction.atomic():
                object_to(notice, files[0])
                filed.set()
                may_commit.wait(20)
        finally:
            connection.close()

    def announcer():
        try:
            announced.extend(announce_results(campaign, document_number=NUMBER, actor=office))
        finally:
            connection.close()

    first, second = Thread(target=objector), Thread(target=announcer)
    first.start()
    assert filed.wait(20)
    with at(over(notice)):
        second.start()
        until_one_waits()
        assert not announced
        may_commit.set()
        first.join(20)
        second.join(20)

    assert Objection.objects.count() == 1
    assert len(announced) == 4
    assert Nomination.objects.get(pk=files[0].pk).state == State.ON_NOTICE


def test_an_objection_that_comes_to_the_queue_after_closing_is_too_late():
    """It was sent in time but stood behind somebody: what counts is the moment it is taken."""
    campaign, files, _, notice = on_notice()
    results, waiting = [], Event()

    def objector():
        waiting.set()
        try:
            results.append(object_to(notice, files[0]))
        except StageError as refusal:
            results.append(refusal)
        finally:
            connection.close()

    thread = Thread(target=objector)
    with transaction.atomic():
        queue_up(campaign.pk)
        thread.start()
        assert waiting.wait(20)
        until_one_waits()
        clock = at(over(notice))
        clock.__enter__()
    try:
        thread.join(20)
    finally:
        clock.__exit__(None, None, None)
    assert isinstance(results[0], StageError)
    assert "截止" in str(results[0])
    assert not Objection.objects.exists()


def test_accepting_and_announcing_never_both_have_the_entry():
    campaign, files, office, notice = on_notice()
    case = object_to(notice, files[0])
    with at(over(notice)):
        at_once(
            lambda: accept_objection(case, actor=office),
            lambda: announce_results(campaign, document_number=NUMBER, actor=office),
        )
    assert Nomination.objects.get(pk=files[0].pk).state == State.SUSPENDED
    assert not Result.objects.filter(nomination=files[0]).exists()
    assert Result.objects.count() == 4


def test_two_announcements_at_once_announce_everything_once():
    campaign, _, office, notice = on_notice()
    with at(over(notice)):
        results = at_once(
            *[lambda: announce_results(campaign, document_number=NUMBER, actor=office) for _ in range(2)]
        )
    assert sorted(isinstance(result, StageError) for result in results) == [False, True]
    numbers = list(Certificate.objects.values_list("number", flat=True))
    assert [number[-3:] for number in numbers] == ["001", "002", "003", "004", "005"]


def test_two_objections_at_once_get_two_receipts():
    _, files, _, notice = on_notice()
    results = at_once(*[lambda file=file: object_to(notice, file) for file in files[:3]])
    assert {case.receipt[-3:] for case in results} == {"001", "002", "003"}


def test_two_publishers_publish_one_list():
    campaign, _, office = decided()
    notice = draft_notice(campaign, actor=office)
    results = at_once(*[lambda: publish_notice(notice, actor=office) for _ in range(2)])
    assert sorted(isinstance(result, StageError) for result in results) == [False, True]
    assert Notice.objects.published().count() == 1
