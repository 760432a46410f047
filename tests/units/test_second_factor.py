"""Who must use a second factor sets one up before anything else; its secrets do not lie in the database in clear."""

import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.management import call_command
from django.urls import reverse

from config import settings as settings_of_development
from tests.factories import OfficeFactory, SecretaryFactory, SupervisorFactory, SysadminFactory
from tests.factories.units import PASSWORD, AuditorFactory, ReviewerUserFactory, SecadminFactory
from units.checks import roles_are_known

pytestmark = pytest.mark.django_db

WATCHING = ["sysadmin", "secadmin", "auditor", "office", "supervisor"]
SET_UP = "/accounts/2fa/totp/activate/"


@pytest.fixture
def as_in_production(settings):
    settings.SECOND_FACTOR_ROLES = WATCHING


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def log_in(client, user):
    return client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})


def set_up(client):
    """The password once more, then the code of the secret that the page shows."""
    client.post(reverse("account_reauthenticate") + f"?next={SET_UP}", {"password": PASSWORD})
    page = client.get(SET_UP)
    return client.post(SET_UP, {"code": code_of(page.context["form"].secret)})


@pytest.mark.parametrize(
    "make", [SysadminFactory, SecadminFactory, AuditorFactory, OfficeFactory, SupervisorFactory]
)
def test_whoever_watches_is_led_to_set_it_up_and_works_from_then_on(client, as_in_production, make):
    user = make()
    log_in(client, user)
    for path in ("/", reverse("units:my-log"), reverse("units:pending-list")):
        assert client.get(path).url == SET_UP
        assert client.post(path).url == SET_UP

    answer = set_up(client)

    assert answer.url == reverse("mfa_view_recovery_codes")
    assert client.get(answer.url).status_code == 200
    assert client.get("/").status_code == 200
    assert RecoveryCodes(user.authenticator_set.get(type="recovery_codes")).get_unused_codes()


@pytest.mark.parametrize("make", [SecretaryFactory, ReviewerUserFactory])
def test_others_may_do_without(client, as_in_production, make):
    log_in(client, make())
    assert client.get("/").status_code == 200


def test_taken_off_it_is_asked_for_again_and_signing_out_stays_possible(client, as_in_production):
    user = OfficeFactory()
    log_in(client, user)
    set_up(client)
    assert client.get("/").status_code == 200

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=user, type="totp").exists()
    assert client.get("/").url == SET_UP
    assert client.get(reverse("account_logout")).status_code == 200


def test_in_development_nobody_must(client):
    assert settings_of_development.SECOND_FACTOR_ROLES == []
    log_in(client, SysadminFactory())
    assert client.get("/").status_code == 200


def test_a_recovery_code_opens_the_account_once(client, as_in_production):
    user = OfficeFactory()
    TOTP.activate(user, generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    for works in (True, False):
        assert log_in(client, user).url == reverse("mfa_authenticate")
        answer = client.post(reverse("mfa_authenticate"), {"code": code})
        assert (answer.status_code == 302) is works
        client.logout()


def test_secrets_lie_encrypted_and_a_new_key_takes_over(settings):
    user, secret = OfficeFactory(), generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).generate_codes()
    totp, recovery = (Authenticator.objects.get(type=kind) for kind in ("totp", "recovery_codes"))
    assert secret not in str(totp.data)
    assert not re.search(r"'seed': '[0-9a-f]+'", str(recovery.data))

    settings.SECOND_FACTOR_KEYS = ["new", *settings.SECOND_FACTOR_KEYS]
    call_command("encrypt_factors", stdout=StringIO())
    settings.SECOND_FACTOR_KEYS = ["new"]

    totp, recovery = (Authenticator.objects.get(type=kind) for kind in ("totp", "recovery_codes"))
    assert TOTP(totp).validate_code(code_of(secret))
    assert RecoveryCodes(recovery).generate_codes() == codes


def test_what_lay_in_clear_still_works_and_is_encrypted():
    user, secret = OfficeFactory(), generate_totp_secret()
    totp = Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
    assert TOTP(totp).validate_code(code_of(secret))

    call_command("encrypt_factors", stdout=StringIO())

    totp.refresh_from_db()
    assert totp.data["secret"].startswith("fernet:")


def test_a_misspelt_post_stops_the_start(settings):
    settings.SECOND_FACTOR_ROLES = ["ofice"]
    assert [error.id for error in roles_are_known(None)] == ["units.E002"]
