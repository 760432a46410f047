"""The settings as the environment makes them; each case is a process of its own."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from config import settings as real

KEY = "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz"
PRODUCTION = {
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "portal.test",
    "DATABASE_URL": "postgres://p@localhost/p",
}
OURS = {
    *PRODUCTION,
    "DEBUG",
    "DEMO",
    "HTTPS",
    "TRUSTED_PROXIES",
    "DJANGO_SETTINGS_MODULE",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
}


def python(*words, **variables):
    environment = {key: value for key, value in os.environ.items() if key not in OURS} | variables
    return subprocess.run(
        [sys.executable, *words], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )


def value(expression, **variables):
    ended = python("-c", f"from config import settings; print({expression})", **variables)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_does_not_start_without_a_needed_variable_and_says_so_in_one_line(name):
    rest = {key: value for key, value in PRODUCTION.items() if key != name}

    ended = python("manage.py", "check", DEBUG="off", **rest)

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Cannot start: {name} is required when DEBUG is off")
    assert ended.stderr.count("\n") == 1


def test_another_database_than_postgresql_is_refused():
    ended = python("manage.py", "check", **PRODUCTION | {"DATABASE_URL": "sqlite:///x.db"})

    assert ended.returncode == 1
    assert "PostgreSQL" in ended.stderr


def test_production_passes_the_deployment_check():
    ended = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert ended.returncode == 0, ended.stderr


def test_dev_env_is_not_read_beside_a_production_variable():
    assert value("settings.DEBUG", **PRODUCTION) == "False"


@pytest.mark.parametrize(
    ("variables", "demo"),
    [
        ({"DEBUG": "on"}, "True"),
        ({"DEBUG": "on", "DEMO": "off"}, "False"),
        (PRODUCTION | {"DEMO": "on"}, "False"),
    ],
)
def test_the_demo_needs_debug(variables, demo):
    assert value("settings.DEMO", **variables) == demo


def test_production_keeps_sessions_for_half_an_hour_and_cookies_for_https():
    told = value(
        "(settings.SESSION_COOKIE_AGE, settings.SESSION_COOKIE_SECURE, settings.HTTPS)", **PRODUCTION
    )
    assert told == "(1800, True, True)"


def test_uploads_lie_where_no_url_reaches_them():
    assert settings.MEDIA_URL in ("", "/")
    assert not any(
        str(real.MEDIA_ROOT).startswith(str(folder))
        for folder in (real.STATIC_ROOT, real.BASE_DIR / "static")
    )


def test_argon2_is_the_first_hasher_outside_the_tests():
    assert real.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_production_counts_failed_logins_in_one_cache_for_all_processes():
    """In the database, and where strangers cannot flush it."""
    assert value("settings.CACHES['default']['BACKEND']", **PRODUCTION) == "config.cache.LastingCache"


def test_a_production_log_line_is_json_with_chinese_as_it_is():
    script = (
        "import django; django.setup(); import structlog;"
        "structlog.get_logger('awards').info('公示', number=3)"
    )
    ended = python("-c", script, DJANGO_SETTINGS_MODULE="config.settings", **PRODUCTION)

    assert '"event": "公示"' in ended.stderr
    assert '"number": 3' in ended.stderr


def test_a_recount_needs_neither_database_nor_secret(tmp_path):
    (tmp_path / "record.json").write_text("no record")
    # A production variable alone keeps dev.env out: without the exception the start would be refused.
    ended = python("manage.py", "recount", str(tmp_path / "record.json"), ALLOWED_HOSTS="", SECRET_KEY="")

    assert ended.returncode == 2
    assert "Cannot start" not in ended.stderr


def test_the_application_server_says_what_is_missing():
    ended = python("-c", "import config.wsgi", DEBUG="off")

    assert ended.returncode == 1
    assert ended.stderr.startswith("Cannot start: SECRET_KEY is required")
    assert ended.stderr.count("\n") == 1
