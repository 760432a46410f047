import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils import timezone

from units.models import TickRun


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
def test_a_cache_that_fails_is_reported_and_changes_nothing_else(client, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "no_such_table"}
    }
    answer = client.get("/healthz/")

    assert answer.status_code == 200
    assert answer.json()["cache"] == "failing"


def test_it_is_only_read(client):
    assert client.post(reverse("healthz")).status_code == 405
