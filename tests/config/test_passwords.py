"""What graded protection asks of passwords: none of the last five, a new one every ninety days."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.units import PASSWORD, SysadminFactory, UserFactory
from units.audit.events import Event
from units.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
CHANGE = reverse("account_change_password")


def change(client, old, new):
    cache.clear()  # changing it often is limited
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


def test_none_of_the_last_five_passwords_is_taken_again(client):
    user, used = UserFactory(), PASSWORD
    client.force_login(user)
    for number in range(5):
        new = f"Correct-Horse-{number + 10}"
        assert change(client, used, new).status_code == 302
        used = new

    for old in ("Correct-Horse-10", used):
        assert "最近5次" in change(client, used, old).content.decode()
    assert change(client, used, PASSWORD).status_code == 302  # the sixth back is free again


def test_an_outworn_password_is_changed_before_anything_else(client, settings):
    settings.PASSWORD_DAYS = 90
    user = UserFactory(password_set_at=timezone.now() - timedelta(days=91))
    client.force_login(user)

    assert client.get(reverse("units:my-log")).url == CHANGE
    assert "满90天" in client.get(CHANGE).content.decode()
    change(client, PASSWORD, "Correct-Horse-2")

    assert client.get(reverse("units:my-log")).status_code == 200


def test_a_first_password_leads_straight_to_its_change_and_from_there_to_work(client):
    UserFactory(username="new", must_change_password=True)

    answer = client.post(reverse("account_login"), {"login": "new", "password": PASSWORD})
    assert answer.url == CHANGE
    refused = change(client, PASSWORD, "abc")
    assert "密码至少8位。" in refused.content.decode()
    assert change(client, PASSWORD, "Correct-Horse-2").url == "/"


def test_a_reset_password_opens_a_locked_account_at_once(client):
    person = UserFactory()
    for _ in range(5):
        client.post(reverse("account_login"), {"login": person.username, "password": "wrong"})
    locked = client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    assert "锁定30分钟" in locked.content.decode()

    admin = Client()
    admin.force_login(SysadminFactory())
    page = admin.post(reverse("units:account-reset", args=[person.username]))

    word = page.context["password"]
    answer = client.post(reverse("account_login"), {"login": person.username, "password": word})
    assert answer.url == CHANGE


def test_a_lock_that_others_caused_is_lifted_and_the_password_stays(client):
    person = UserFactory()
    for _ in range(5):
        client.post(reverse("account_login"), {"login": person.username, "password": "wrong"})
    locked = client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    assert "请联系系统管理员解除锁定" in locked.text

    admin = Client()
    admin.force_login(person)
    assert admin.post(reverse("units:account-unlock", args=[person.username])).status_code == 403
    admin.force_login(SysadminFactory())
    admin.post(reverse("units:account-unlock", args=[person.username]))

    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(person.pk)
    assert AuditEntry.objects.filter(event=Event.ACCOUNT_UNLOCKED, target_key=person.username).exists()


def test_nobody_is_asked_where_passwords_do_not_wear_out(client, settings):
    settings.PASSWORD_DAYS = 0
    client.force_login(UserFactory(password_set_at=timezone.now() - timedelta(days=900)))

    assert client.get(reverse("units:my-log")).status_code == 200


def test_who_asks_too_often_reads_why(client):
    client.force_login(UserFactory())
    for _ in range(6):
        answer = client.post(CHANGE, {"oldpassword": "wrong"})

    assert answer.status_code == 429
    assert "操作过于频繁" in answer.content.decode()
