"""What graded protection asks of passwords: none of the last five, a new one every ninety days."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from tests.factories.units import PASSWORD, UserFactory

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
