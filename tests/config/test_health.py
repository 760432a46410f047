import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache.backends.base import BaseCache
from django.core.management import call_command
from django.db import ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from units.management.commands.record_backup import KEPT
from units.models import BackupRun, TickRun

DATABASE_CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}


class BrokenCache(BaseCache):
    """A cache server that is down."""

    def __init__(self, location, parameters):
        super().__init__(parameters)

    def set(self, *args, **kwargs):
        raise ConnectionError("refused")

    def get(self, *args, **kwargs):
        raise ConnectionError("refused")

    def clear(self):
        """Nothing is kept."""


@pytest.mark.django_db
def test_a_sound_portal_answers_200_to_a_stranger(client):
    answer = client.get("/healthz/")

    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["database"], told["migrations"]) == ("ok", "ok", "applied")
    assert told["cache"] == "ok"
    assert told["disk_free_mb"] > 0
    assert told["tick_age_seconds"] is None
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_the_age_of_the_last_tick_is_reported(client):
    TickRun.objects.create(finished_at=timezone.now() - timezone.timedelta(minutes=7))

    assert 415 <= client.get("/healthz/").json()["tick_age_seconds"] <= 425


@pytest.mark.django_db
def test_a_missing_migration_answers_503(client):
    newest = MigrationRecorder.Migration.objects.filter(app="units").latest("pk")
    MigrationRecorder(connection).record_unapplied("units", newest.name)

    answer = client.get("/healthz/")

    assert answer.status_code == 503
    assert answer.json()["migrations"] == "missing"


def test_without_a_database_it_answers_503_even_to_a_signed_in_browser():
    script = """
import django; django.setup()
from django.conf import settings
from django.test import Client
client = Client(raise_request_exception=False, HTTP_HOST="localhost")
client.cookies[settings.SESSION_COOKIE_NAME] = "0123456789abcdef0123456789abcdef"
answer = client.get("/healthz/")
print(answer.status_code, answer.json()["database"], answer.json()["status"])
"""
    environment = os.environ | {
        "DEBUG": "on",
        "DATABASE_URL": "postgres://portal@127.0.0.1:1/portal",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert ended.stdout.split() == ["503", "unreachable", "failing"], ended.stderr


@pytest.mark.django_db
def test_another_cache_that_fails_is_reported_and_changes_nothing_else(client, settings):
    settings.CACHES = {"default": {"BACKEND": "tests.config.test_health.BrokenCache"}}

    answer = client.get("/healthz/")

    assert answer.status_code == 200
    assert answer.json()["cache"] == "failing"


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "status"), [("units_user", 200), ("no_such_table", 503)])
def test_the_table_of_a_cache_in_the_database_decides(client, settings, table, status):
    settings.CACHES = {"default": DATABASE_CACHE | {"LOCATION": table}}

    answer = client.get("/healthz/")

    assert answer.status_code == status
    assert answer.json()["cache_table"] == ("ok" if status == 200 else "missing")


@pytest.mark.commits
def test_a_log_in_without_the_cache_table_is_answered_in_plain_words(settings):
    """As an installation answers whose last step was forgotten: not ready, which is no fault of the page."""
    settings.CACHES = {"default": DATABASE_CACHE | {"LOCATION": "no_such_table"}}
    client = Client(raise_request_exception=False)

    answer = client.post("/accounts/login/", {"login": "office", "password": "wrong"})

    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "系统正在升级或维护" in answer.content.decode()


@pytest.mark.commits
def test_an_error_of_a_ready_portal_stays_an_error(monkeypatch):
    def fails(request):
        raise ProgrammingError("a fault of ours")

    monkeypatch.setattr("awards.home.views.front", fails)

    answer = Client(raise_request_exception=False).get("/")

    assert answer.status_code == 500
    assert "系统出错" in answer.content.decode()


@pytest.mark.django_db
def test_the_age_of_the_last_good_backup_is_reported_and_that_a_newer_one_failed(client):
    assert client.get("/healthz/").json()["last_backup"] == "never"

    call_command("record_backup", "/srv/backup/portal-1")
    BackupRun.objects.update(at=timezone.now() - timezone.timedelta(hours=3))
    told = client.get("/healthz/").json()
    assert told["last_backup"] == "ok"
    assert 10795 <= told["backup_age_seconds"] <= 10805

    call_command("record_backup", "/srv/backup", "--failure", "no space left")
    answer = client.get("/healthz/")
    assert answer.status_code == 200
    assert answer.json()["last_backup"] == "failed"
    assert answer.json()["backup_age_seconds"] >= 10795


@pytest.mark.django_db
def test_the_last_good_backup_is_remembered_through_any_number_of_failures():
    call_command("record_backup", "good")
    BackupRun.objects.bulk_create(BackupRun(folder="bad", failure="x") for _ in range(KEPT + 5))
    call_command("record_backup", "bad", "--failure", "x")

    assert BackupRun.objects.count() == KEPT + 1
    assert BackupRun.objects.get(failure="").folder == "good"


def test_it_is_only_read(client):
    assert client.post(reverse("healthz")).status_code == 405
