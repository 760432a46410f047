"""Who is in a form, who saved it, and text that waits for its writer."""

import json
from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from tests.factories.units import UserFactory
from units.actions.presence import (
    come_to,
    forget_old_presences,
    keep_text,
    others_in,
    savers_since,
    tell_saved,
)
from units.kit.together import SALT
from units.models import Presence

pytestmark = pytest.mark.django_db
FORM = "log:7"


@pytest.fixture
def people():
    return UserFactory(), UserFactory()


def long_ago(**by):
    Presence.objects.update(seen_at=timezone.now() - timedelta(**by))


def token(person, form=FORM):
    return signing.dumps([form, person.pk], salt=SALT)


def tell(client, person, **more):
    return client.post(reverse("units:here"), {"here": token(person)} | more)


def test_others_are_seen_for_a_minute(people):
    one, other = people
    come_to(FORM, one)
    come_to(FORM, other)
    come_to("log:8", other)

    assert [row.person for row in others_in(FORM, one)] == [other]
    long_ago(seconds=61)
    assert not others_in(FORM, one)


def test_who_comes_back_is_there_since_then_and_who_stays_since_the_first_moment(people):
    come_to(FORM, people[0])
    first = Presence.objects.get().since
    come_to(FORM, people[0])
    assert Presence.objects.get().since == first

    long_ago(minutes=2)
    come_to(FORM, people[0])
    assert Presence.objects.get().since > first


def test_savers_are_told_from_a_moment_on(people):
    one, other = people
    tell_saved(FORM, one)
    moment = timezone.now()
    tell_saved(FORM, other)

    assert [row.person for row in savers_since(FORM, moment)] == [other]


def test_text_waits_for_its_writer_alone_until_it_is_saved(client, people):
    one, other = people
    client.force_login(one)
    answer = tell(client, one, texts=json.dumps({"subject": ["写到一半"]}))
    assert len(answer.json()["saved_at"]) == 8
    assert tell(client, one, hello="1").json()["kept"]["texts"] == {"subject": ["写到一半"]}

    client.force_login(other)
    assert tell(client, other, hello="1").json()["kept"] is None
    assert f"{one}正在编辑（" in tell(client, other).json()["others"][0]

    tell_saved(FORM, one)
    client.force_login(one)
    assert tell(client, one, hello="1").json()["kept"] is None


def test_text_is_let_go_of(client, people):
    client.force_login(people[0])
    tell(client, people[0], texts=json.dumps({"subject": ["写到一半"]}))
    tell(client, people[0], texts="{}")

    assert Presence.objects.get().texts is None


def test_what_the_database_cannot_take_is_left_out(client, people):
    client.force_login(people[0])

    assert tell(client, people[0], texts=r'{"subject": ["走\u0000访\ud800"]}').status_code == 200
    assert Presence.objects.get().texts == {"subject": ["走访"]}


@pytest.mark.parametrize(
    "texts", ["[]", "{", '{"a": "b"}', '{"a": [1]}', '{"a": ["' + "字" * 400_001 + '"]}']
)
def test_what_no_form_has_sent_is_not_kept(client, people, texts):
    client.force_login(people[0])

    assert tell(client, people[0], texts=texts).status_code == 422
    assert not Presence.objects.exists()


def test_only_who_was_given_the_form_is_answered(client, people):
    one, other = people
    client.force_login(other)

    assert client.post(reverse("units:here"), {"here": token(one)}).status_code == 403
    assert client.post(reverse("units:here"), {"here": "log:7"}).status_code == 403
    assert client.post(reverse("units:here")).status_code == 403
    client.logout()
    assert client.post(reverse("units:here"), {"here": token(one)}).status_code == 302
    assert not Presence.objects.exists()


def test_what_nobody_came_back_for_is_forgotten(people):
    keep_text(FORM, people[0], {"subject": ["旧的"]})
    assert forget_old_presences() == 0
    long_ago(days=31)

    assert forget_old_presences() == 1
    assert not Presence.objects.exists()
