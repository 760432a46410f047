import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import Client

from config.passwords import ThreeKindsValidator

pytestmark = pytest.mark.django_db
PASSWORD = "Portal-2026!"


@pytest.fixture
def office():
    return get_user_model().objects.create_user("office", password=PASSWORD, name="评选办")


def sign_in(client, password, login="office"):
    return client.post("/accounts/login/", {"login": login, "password": password})


def test_the_right_password_signs_in(client, office):
    answer = sign_in(client, PASSWORD)

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(office.pk)


def test_after_five_failures_even_the_right_password_is_refused(client, office):
    for _ in range(5):
        sign_in(client, "wrong")

    answer = sign_in(client, PASSWORD)

    assert answer.status_code in (200, 429)
    assert "_auth_user_id" not in client.session


def test_failures_of_one_name_do_not_lock_another(client, office):
    for _ in range(5):
        sign_in(client, "wrong", login="clerk01")

    assert sign_in(client, PASSWORD).status_code == 302


def test_nobody_signs_up(client):
    client.post("/accounts/signup/", {"username": "me", "password1": PASSWORD})

    assert not get_user_model().objects.exists()


def test_a_stale_form_gets_the_portals_own_page(office):
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "office"})

    assert answer.status_code == 403
    assert "403_csrf.html" in [template.name for template in answer.templates]


@pytest.mark.parametrize("password", ["Demo-2026!", "demo-2026", "DEMO2026demo"])
def test_three_kinds_of_characters_are_enough(password):
    ThreeKindsValidator().validate(password)


@pytest.mark.parametrize("password", ["demodemo", "demo2026", "DEMO-DEMO", "20262026"])
def test_fewer_kinds_are_refused(password):
    with pytest.raises(ValidationError, match="三类"):
        ThreeKindsValidator().validate(password)
