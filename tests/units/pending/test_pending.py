"""Acts that wait for their second person: from the page that proposes to the one that confirms."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from awards.campaign.models import Extension
from tests.confirming import confirmed_by
from tests.factories import CampaignFactory, OfficeFactory, SupervisorFactory
from tests.factories.units import (
    PASSWORD,
    AuditorFactory,
    CommitteeFactory,
    SecadminFactory,
    SecretaryFactory,
)
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.pending.actions import lapse
from units.pending.models import PendingAct, PendingState
from units.pending.queries import ends_by_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return CampaignFactory()


@pytest.fixture
def phase(campaign):
    return campaign.timetable.get(phase="nomination")


@pytest.fixture
def first(campaign):
    return OfficeFactory(unit=campaign.organiser)


@pytest.fixture
def second(campaign):
    return OfficeFactory(unit=campaign.organiser)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(phase, **more) -> dict[str, str]:
    new = timezone.localtime(phase.closes_at + timedelta(days=7))
    return {
        "new": new.strftime("%Y-%m-%dT%H:%M"),
        "reason": "台风影响，各单位材料无法按时送达。",
        "proposal-why": "changed",
    } | more


def page_of(phase) -> str:
    return reverse("awards:campaign-extend", args=[phase.campaign.code, phase.phase])


@pytest.fixture
def act(phase, first):
    """An extension that waits."""
    answer = signed_in(first).post(page_of(phase), typed(phase))
    assert answer.status_code == 302, answer.content.decode()
    return PendingAct.objects.get()


def test_what_is_proposed_waits_and_changes_nothing(act, phase, first):
    before = phase.closes_at
    phase.refresh_from_db()
    assert phase.closes_at == before
    assert not Extension.objects.exists()
    assert (act.mark, act.first, act.campaign, act.committee) == (
        PendingState.WAITING, first, phase.campaign.code, phase.campaign.organiser,
    )  # fmt: skip
    entry = AuditEntry.objects.get(event=Event.ACT_PROPOSED)
    assert (entry.actor, entry.after["digest"], entry.campaign) == (first, act.digest, phase.campaign.code)


def test_the_second_person_sees_it_and_does_it_and_both_are_in_the_log(act, phase, first, second):
    shown = signed_in(second).get(act.get_absolute_url())
    assert shown.context["changes"][0][0] == f"{phase}截止"

    answer = confirmed_by(second, act)

    assert answer.status_code == 302
    act.refresh_from_db()
    assert (act.state, act.second) == (PendingState.CONFIRMED, second)
    extension = Extension.objects.get()
    assert extension.made_by == first
    done = AuditEntry.objects.get(event=Event.DEADLINE_EXTENDED)
    assert (done.actor, done.second_actor) == (first, second)
    assert done.post == act.post == str(first.posts.get())
    assert AuditEntry.objects.get(event=Event.ACT_CONFIRMED).actor == second


def test_nobody_but_a_second_person_of_the_table_confirms(act, first):
    elsewhere = OfficeFactory(unit=CommitteeFactory(slug="elsewhere"))
    assert confirmed_by(first, act).status_code == 403
    for stranger in (elsewhere, SecretaryFactory(), AuditorFactory(), SecadminFactory()):
        assert confirmed_by(stranger, act).status_code == 404
        assert signed_in(stranger).get(act.get_absolute_url()).status_code == 404
    assert Client().get(act.get_absolute_url()).status_code == 302
    act.refresh_from_db()
    assert act.state == PendingState.WAITING


def test_the_supervisor_may_confirm_what_another_of_the_office_may(act, campaign):
    assert confirmed_by(SupervisorFactory(unit=campaign.organiser), act).status_code == 302
    assert Extension.objects.exists()


def test_a_wrong_proof_does_nothing_and_five_of_them_end_the_session_without_a_lock(act, second):
    client = signed_in(second)
    digest = client.get(act.get_absolute_url()).context["form"].initial["digest"]
    for _ in range(4):
        answer = client.post(act.get_absolute_url(), {"digest": digest, "proof": "wrong"})
        assert "登录密码不正确" in answer.content.decode()
    answer = client.post(act.get_absolute_url(), {"digest": digest, "proof": "wrong"})
    assert answer.url.startswith("/accounts/login/")
    assert client.get(act.get_absolute_url()).status_code == 302
    assert not Extension.objects.exists()
    assert confirmed_by(second, act).status_code == 302
    assert Extension.objects.exists()


def test_a_payload_exchanged_between_showing_and_confirming_is_refused(act, second):
    client = signed_in(second)
    digest = client.get(act.get_absolute_url()).context["form"].initial["digest"]
    later = {**act.payload, "new": ["2099-01-01T00:00"]}
    PendingAct.objects.update(payload=later)

    answer = client.post(act.get_absolute_url(), {"digest": digest, "proof": PASSWORD})

    assert "有变化" in answer.content.decode()
    assert not Extension.objects.exists()


def test_a_target_changed_meanwhile_is_shown_anew_and_not_done(act, phase, second):
    phase.closes_at += timedelta(days=1)
    phase.save()

    shown = signed_in(second).get(act.get_absolute_url())

    assert "有变化" in shown.content.decode()
    assert confirmed_by(second, act).status_code == 200
    assert not Extension.objects.exists()


def test_an_act_that_has_become_impossible_is_said_and_not_done(act, phase, second):
    phase.delete()
    shown = signed_in(second).get(act.get_absolute_url())
    assert "现在不能办理" in shown.content.decode()
    assert shown.context["form"] is None


def test_an_act_whose_first_person_lost_the_post_is_not_done(act, first, second):
    first.posts.update(to_on=timezone.localdate() - timedelta(days=1))
    shown = signed_in(second).get(act.get_absolute_url())
    assert "现在不能办理" in shown.content.decode()
    confirmed_by(second, act, digest=act.digest)
    assert not Extension.objects.exists()


def test_the_same_is_proposed_once_and_again_when_the_first_one_ended(act, phase, first, second):
    answer = signed_in(first).post(page_of(phase), typed(phase))
    assert "正在等待确认" in answer.content.decode()

    refused = signed_in(second).post(f"{act.get_absolute_url()}refuse/", {"reason": "理由不充分。"})

    assert refused.status_code == 302
    act.refresh_from_db()
    assert (act.state, act.second, act.settled_reason) == (PendingState.REFUSED, second, "理由不充分。")
    assert signed_in(first).post(page_of(phase), typed(phase)).status_code == 302
    assert PendingAct.objects.count() == 2


def test_the_first_person_takes_it_back_and_nobody_else(act, first, second):
    assert signed_in(second).post(f"{act.get_absolute_url()}withdraw/").status_code == 403
    assert signed_in(first).post(f"{act.get_absolute_url()}withdraw/").status_code == 302
    act.refresh_from_db()
    assert act.state == PendingState.WITHDRAWN
    assert confirmed_by(second, act).status_code == 302
    assert not Extension.objects.exists()


def test_it_lapses_at_its_day_when_asked_and_the_clock_writes_it_down_once(act, second):
    PendingAct.objects.update(lapses_at=timezone.now())
    act.refresh_from_db()
    assert act.mark == PendingState.LAPSED
    confirmed_by(second, act, digest=act.digest)
    assert not Extension.objects.exists()

    assert (lapse(), lapse()) == (1, 0)

    assert AuditEntry.objects.filter(event=Event.ACT_LAPSED).count() == 1


def test_what_waits_stands_on_the_second_persons_home_and_in_the_list(act, first, second):
    assert "1件双人事项待您确认" in signed_in(second).get("/").content.decode()
    assert "延长期限" in signed_in(second).get("/pending/").content.decode()
    assert "延长期限" not in signed_in(first).get("/pending/").content.decode()
    assert "延长期限" in signed_in(first).get("/pending/?tab=all").content.decode()


def test_a_reason_is_asked_for_in_both_ways(phase, first):
    answer = signed_in(first).post(page_of(phase), typed(phase, **{"proposal-why": "", "reason": ""}))
    assert answer.status_code == 200
    assert not PendingAct.objects.exists()
    assert answer.context["proposal"].errors
    assert answer.context["form"].errors


def test_in_the_demo_alone_a_press_leads_on_as_somebody_who_can_confirm(act, first, second, settings):
    second.email = "office2@demo.invalid"
    second.save()
    client, there = signed_in(first), f"{act.get_absolute_url()}as/{second.username}/"
    assert client.post(there).status_code == 403
    settings.DEMO = True
    assert second.username in client.get(act.get_absolute_url()).content.decode()
    assert client.post(f"{act.get_absolute_url()}as/{first.username}/").status_code == 403
    assert client.post(there).url == act.get_absolute_url()
    assert client.get(act.get_absolute_url()).context["may_confirm"]


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_two_second_persons_at_once_do_it_once(campaign, phase, first):
    signed_in(first).post(page_of(phase), typed(phase))
    act = PendingAct.objects.get()
    people = [SupervisorFactory(unit=campaign.organiser), OfficeFactory(unit=campaign.organiser)]
    clients = [signed_in(person) for person in people]
    digest = clients[0].get(act.get_absolute_url()).context["form"].initial["digest"]
    together = Barrier(2)

    def confirm(client):
        together.wait(30)
        try:
            return client.post(act.get_absolute_url(), {"digest": digest, "proof": PASSWORD}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(confirm, clients))

    assert Extension.objects.count() == 1
    assert AuditEntry.objects.filter(event=Event.ACT_CONFIRMED).count() == 1


def test_the_years_acts_are_counted_by_kind_and_end(act, phase, first, second):
    now = timezone.now()
    assert ends_by_kind(phase.campaign.code, now) == []
    assert ends_by_kind(phase.campaign.code, act.lapses_at) == [["延长期限", 0, 0, 1]]
    signed_in(second).post(f"{act.get_absolute_url()}refuse/", {"reason": "理由不充分。"})
    signed_in(first).post(page_of(phase), typed(phase))
    confirmed_by(second)
    assert ends_by_kind(phase.campaign.code, now) == [["延长期限", 1, 1, 0]]
    assert ends_by_kind("another", now) == []
