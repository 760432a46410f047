"""Acts on accounts that take two people: who proposes, who confirms, who reads which half of a first password."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.confirming import WHY, confirmed_by
from tests.factories import (
    CampaignFactory,
    MemberFactory,
    OfficeFactory,
    ReviewerUserFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
)
from tests.factories.units import PASSWORD, AuditorFactory, SecadminFactory, UserFactory
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.models import User
from units.pending.models import PendingAct, PendingState

pytestmark = pytest.mark.django_db

DECIDING = [OfficeFactory, SupervisorFactory, MemberFactory, ReviewerUserFactory]


def session_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(person, name="reset") -> str:
    if name == "end":
        return reverse("units:post-end", args=[person.posts.get().pk])
    return reverse(f"units:account-{name}", args=[person.username])


def typed(name: str) -> dict[str, str]:
    more = {
        "reset": {},
        "active": {"reason": "调离"},
        "end": {"reason": "调离", "on": f"{timezone.localdate():%Y-%m-%d}"},
    }
    return WHY | more[name]


def is_done(person, name: str) -> bool:
    person.refresh_from_db()
    if name == "end":
        return person.posts.get().to_on is not None
    return not person.check_password(PASSWORD) if name == "reset" else not person.is_active


def proposed(person, name="reset", *, by, **more) -> PendingAct:
    answer = session_of(by).post(page_of(person, name), typed(name) | more)
    assert answer.status_code == 302, answer.content.decode()
    return PendingAct.objects.get(state=PendingState.WAITING)


def half_read_by(user, act) -> str:
    return session_of(user).get(act.get_absolute_url()).context["half"][1]


@pytest.mark.parametrize("name", ["reset", "active", "end"])
@pytest.mark.parametrize("make", DECIDING)
def test_what_is_done_to_who_decides_takes_the_two_administrators(make, name):
    CampaignFactory(opened_at=timezone.now())
    person, sysadmin, secadmin = make(), SysadminFactory(), SecadminFactory()
    act = proposed(person, name, by=sysadmin)
    strangers = [sysadmin, person, SysadminFactory(), AuditorFactory(), OfficeFactory(), SupervisorFactory()]

    for stranger in strangers:
        assert confirmed_by(stranger, act, digest=act.digest).status_code in (403, 404), stranger
    assert not is_done(person, name)

    assert confirmed_by(secadmin, act).status_code == 302
    assert is_done(person, name)
    done = AuditEntry.objects.filter(actor=sysadmin, second_actor=secadmin)
    assert done.count() == 1
    assert "没有重复办理" in confirmed_by(secadmin, act, digest=act.digest, follow=True).content.decode()
    assert done.count() == 1


@pytest.mark.parametrize("name", ["reset", "active", "end"])
@pytest.mark.parametrize("turn", [0, 1, 2])
def test_an_administrator_is_reset_disabled_or_ended_by_the_other_two(turn, name):
    three = [SysadminFactory(), SecadminFactory(), AuditorFactory()]
    person, first, last = three[turn:] + three[:turn]
    alike = [type_() for type_ in (SysadminFactory, SecadminFactory, AuditorFactory)]
    twin_of_person, twin_of_first, _ = alike[turn:] + alike[:turn]
    assert session_of(person).get(page_of(person, name)).status_code == 403
    assert session_of(twin_of_person).get(page_of(person, name)).status_code == 403
    assert session_of(OfficeFactory()).get(page_of(person, name)).status_code == 403

    act = proposed(person, name, by=first)
    for stranger in (first, person, twin_of_person, twin_of_first, OfficeFactory(), SupervisorFactory()):
        assert confirmed_by(stranger, act, digest=act.digest).status_code in (403, 404), stranger
        assert not session_of(stranger).get("/pending/").content.decode().count(act.slug), stranger
    assert not is_done(person, name)

    assert act.slug in session_of(last).get("/pending/").content.decode()
    assert confirmed_by(last, act).status_code == 302
    assert is_done(person, name)


def test_without_a_post_or_an_open_year_one_person_does_it():
    sysadmin, nobody, member = SysadminFactory(), UserFactory(), MemberFactory()

    session_of(sysadmin).post(page_of(nobody))
    session_of(sysadmin).post(page_of(nobody, "active"), typed("active"))
    session_of(sysadmin).post(page_of(member, "active"), typed("active"))

    assert is_done(nobody, "reset")
    assert is_done(nobody, "active")
    assert is_done(member, "active")
    assert not PendingAct.objects.exists()


@pytest.mark.parametrize("name", ["reset", "active", "end"])
def test_refused_withdrawn_or_lapsed_nothing_is_done(name):
    CampaignFactory(opened_at=timezone.now())
    person, sysadmin, secadmin = ReviewerUserFactory(), SysadminFactory(), SecadminFactory()
    act = proposed(person, name, by=sysadmin)
    session_of(secadmin).post(f"{act.get_absolute_url()}refuse/", {"reason": "本人未申请"})
    act = proposed(person, name, by=sysadmin)
    session_of(sysadmin).post(f"{act.get_absolute_url()}withdraw/")
    act = proposed(person, name, by=sysadmin)
    PendingAct.objects.filter(pk=act.pk).update(lapses_at=timezone.now())
    confirmed_by(secadmin, act, digest=act.digest)

    assert not is_done(person, name)
    states = PendingAct.objects.order_by("pk")
    assert [one.mark.value for one in states] == ["refused", "withdrawn", "lapsed"]


def test_a_post_granted_between_proposing_and_confirming_is_shown_anew():
    person, sysadmin = SecretaryFactory(), SysadminFactory()
    act = proposed(person, by=sysadmin)
    person.posts.update(role="clerk")

    confirmed_by(SecadminFactory(), act, digest=act.digest)

    assert not is_done(person, "reset")


def test_each_of_the_two_reads_one_half_and_only_both_open_the_account(client):
    person, sysadmin, secadmin = ReviewerUserFactory(), SysadminFactory(), SecadminFactory()
    act = proposed(person, by=sysadmin)
    assert half_read_by(sysadmin, act) == ""
    confirmed_by(secadmin, act)

    one, other = half_read_by(sysadmin, act), half_read_by(secadmin, act)

    assert len({one, other}) == 2
    assert half_read_by(SysadminFactory(), act) == half_read_by(SecadminFactory(), act) == ""
    for page, foreign in ((sysadmin, other), (secadmin, one)):
        answer = session_of(page).get(act.get_absolute_url())
        assert foreign not in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
    for half in (one, other):
        assert (
            client.post(reverse("account_login"), {"login": person.username, "password": half}).status_code
            == 200
        )
    answer = client.post(
        reverse("account_login"), {"login": person.username, "password": f"{one}-{other}"}, follow=True
    )
    told = answer.content.decode()
    assert f"{sysadmin}、{secadmin}" in told
    assert "重置" in told
    client.post(
        reverse("account_change_password"),
        {"oldpassword": f"{one}-{other}", "password1": "Wholly-Own-9", "password2": "Wholly-Own-9"},
    )
    assert half_read_by(sysadmin, act) == half_read_by(secadmin, act) == ""


def test_disabled_at_once_keeps_out_for_three_days_and_no_longer(client):
    CampaignFactory(opened_at=timezone.now())
    person, sysadmin, secadmin = ReviewerUserFactory(), SysadminFactory(), SecadminFactory()
    client.force_login(person)
    act = proposed(person, "active", by=sysadmin, at_once="on")

    assert client.get(reverse("units:my-log")).status_code == 302
    person.refresh_from_db()
    assert person.is_active
    assert AuditEntry.objects.filter(event=Event.ACCOUNT_DISABLED, actor=sysadmin).exists()
    person.barred_until = timezone.now() - timedelta(seconds=1)
    assert not person.is_barred

    session_of(secadmin).post(f"{act.get_absolute_url()}refuse/", {"reason": "无依据"})
    client.force_login(person)
    assert client.get(reverse("units:my-log")).status_code == 200
    again = session_of(sysadmin).post(page_of(person, "active"), typed("active") | {"at_once": "on"})
    assert "一个月内" in again.content.decode()
    assert not PendingAct.objects.filter(state=PendingState.WAITING).exists()


def test_an_administrator_is_not_kept_out_before_the_third_confirms():
    form = session_of(SysadminFactory()).get(page_of(AuditorFactory(), "active")).context["form"]
    assert "at_once" not in form.fields


def new_account(by, **more):
    values = {"username": "another", "name": "张三", "duty": "", "office_phone": "", "mobile": "13900000002"}
    return session_of(by).post(reverse("units:account-new"), values | more)


def test_a_second_account_needs_a_number_nobody_has_and_two_people_where_the_first_holds_a_post(client):
    first, sysadmin, secadmin = SecretaryFactory(name="张三"), SysadminFactory(), SecadminFactory()
    User.objects.filter(pk=first.pk).update(mobile="13900000001")
    for mobile in ("", "13900000001"):
        assert "没有被其他账号使用的手机号码" in new_account(sysadmin, mobile=mobile, **WHY).content.decode()
    assert new_account(sysadmin).status_code == 200
    assert not User.objects.filter(username="another").exists()

    assert new_account(sysadmin, **WHY).status_code == 302
    act = PendingAct.objects.get()
    assert not User.objects.filter(username="another").exists()
    assert confirmed_by(first, act, digest=act.digest).status_code in (403, 404)
    assert confirmed_by(secadmin, act).status_code == 302

    password = f"{half_read_by(sysadmin, act)}-{half_read_by(secadmin, act)}"
    assert User.objects.get(username="another").check_password(password)
    assert User.objects.filter(username="another").count() == 1


def test_a_second_account_of_somebody_without_a_post_takes_one_person():
    UserFactory(name="张三")
    assert "初始密码" in new_account(SysadminFactory()).content.decode()
    assert User.objects.filter(username="another").exists()


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_confirmed_by_two_at_once_a_password_is_reset_once():
    person, sysadmin = SecretaryFactory(), SysadminFactory()
    act = proposed(person, by=sysadmin)
    clients = [session_of(SecadminFactory()) for _ in range(2)]
    digest = clients[0].get(act.get_absolute_url()).context["form"].initial["digest"]
    together = Barrier(2)

    def confirm(client):
        together.wait(30)
        try:
            client.post(act.get_absolute_url(), {"digest": digest, "proof": PASSWORD})
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(confirm, clients))

    assert AuditEntry.objects.filter(event=Event.PASSWORD_RESET).count() == 1
    assert AuditEntry.objects.filter(event=Event.ACT_CONFIRMED).count() == 1
