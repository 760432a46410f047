"""Names to sign in with: one person's, whatever the case or width, and mended when they are wrong."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from tests.factories import SecadminFactory, SysadminFactory, UnitFactory, UserFactory
from tests.factories.units import PASSWORD
from tests.sheets import preview, told
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.models import NAME_TAKEN, User

pytestmark = pytest.mark.django_db
ODD = ["ＣＬＥＲＫ０２", "Clerk02", "\u202dclerk02\u202c", "clerk02\u200b", " clerk02 "]


@pytest.fixture
def sysadmin(client):
    client.force_login(SysadminFactory())
    return client


def test_the_database_takes_no_name_twice_in_another_case():
    UserFactory(username="clerk02")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="CLERK02", name="乙")


@pytest.mark.parametrize("typed", ODD)
def test_a_form_takes_no_name_twice_however_it_is_typed(sysadmin, typed):
    UserFactory(username="clerk02")

    page = sysadmin.post(reverse("units:account-new"), {"username": typed, "name": "乙"})

    assert page.context["form"].errors == {"username": [NAME_TAKEN]}
    assert not User.objects.filter(name="乙").exists()


@pytest.mark.parametrize("typed", ODD)
def test_a_roster_takes_no_name_twice_neither_the_stored_nor_its_own(sysadmin, typed):
    UnitFactory(short_name="区统计局")
    head = ["账号", "姓名", "单位", "岗位"]
    row = ["甲", "区统计局", "党务干部"]

    page = preview(sysadmin, reverse("units:roster-import"), head, ["clerk02", *row], [typed, *row])
    assert told(page) == [(3, "账号", "与第2行重复")]

    UserFactory(username="clerk02")
    page = preview(sysadmin, reverse("units:roster-import"), head, [typed, *row])
    assert told(page) == [(2, "账号", "账号已存在")]


@pytest.mark.parametrize("typed", ODD)
def test_a_person_signs_in_however_the_name_is_typed(client, typed):
    person = UserFactory(username="clerk02")

    client.post("/accounts/login/", {"login": typed, "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_wrong_name_is_mended_with_a_reason_and_stays_in_the_log(sysadmin):
    person = UserFactory(username="clrek02")
    url = reverse("units:account-rename", args=[person.username])

    assert "reason" in sysadmin.post(url, {"username": "clerk02"}).context["form"].errors
    answer = sysadmin.post(url, {"username": "ｃｌｅｒｋ０２", "reason": "名册写错"}, follow=True)

    assert "账号名已改为clerk02" in answer.content.decode()
    entry = AuditEntry.objects.get(event=Event.ACCOUNT_RENAMED)
    assert (entry.before, entry.after, entry.reason) == (
        {"username": "clrek02"}, {"username": "clerk02"}, "名册写错",
    )  # fmt: skip
    sysadmin.logout()
    sysadmin.post("/accounts/login/", {"login": "clerk02", "password": PASSWORD})
    assert sysadmin.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("new", ["TAKEN", "import"])
def test_a_name_that_is_taken_is_given_to_nobody(sysadmin, new):
    UserFactory(username="taken")
    person = UserFactory(username="clrek02")

    page = sysadmin.post(reverse("units:account-rename", args=["clrek02"]), {"username": new, "reason": "错"})

    assert "username" in page.context["form"].errors
    person.refresh_from_db()
    assert person.username == "clrek02"


def test_only_the_capitals_of_a_name_may_be_mended(sysadmin):
    UserFactory(username="CLERK02")

    sysadmin.post(reverse("units:account-rename", args=["CLERK02"]), {"username": "clerk02", "reason": "错"})

    assert User.objects.filter(username="clerk02").exists()


def test_one_administrator_renames_no_other_but_the_server_does(sysadmin, capsys):
    other = SecadminFactory(username="secadmin")

    page = sysadmin.post(
        reverse("units:account-rename", args=["secadmin"]), {"username": "x", "reason": "错"}
    )
    assert "rename_account" in page.content.decode()
    other.refresh_from_db()
    assert other.username == "secadmin"

    call_command("rename_account", "secadmin", "ｓｅｃ", reason="名册写错")
    other.refresh_from_db()
    assert other.username == "sec"
    with pytest.raises(CommandError, match="没有账号"):
        call_command("rename_account", "secadmin", "sec2", reason="名册写错")


def test_only_the_system_administrator_mends_names(client):
    UserFactory(username="clrek02")
    url = reverse("units:account-rename", args=["clrek02"])

    assert client.get(url).status_code == 302
    client.force_login(SecadminFactory())
    assert client.post(url, {"username": "x", "reason": "错"}).status_code == 403


def test_an_upgrade_folds_stored_names_and_names_those_that_collide():
    fold_names = import_module("units.migrations.0007_names_in_any_case").fold_names
    wide = UserFactory(username="ｃｌｅｒｋ０３")
    fold_names(apps, None)
    wide.refresh_from_db()
    assert wide.username == "clerk03"

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP INDEX username_in_any_case")
    UserFactory(username="clerk02")
    UserFactory(username="Clerk02")
    with pytest.raises(CommandError, match=r"(Clerk02、clerk02|clerk02、Clerk02).*rename_account"):
        fold_names(apps, None)
