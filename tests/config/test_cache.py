"""What is counted or done once stays so, however much strangers write into the same table."""

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory

from awards.notice import limits
from units.kit.acts import Ticket

PASSWORD = "Portal-2026!"


@pytest.fixture
def production_cache(settings, db):
    """As settings.py has it where DEBUG is off, in a table of the test's own."""
    options = {"MAX_ENTRIES": 50}
    settings.CACHES = {
        "default": {"BACKEND": "config.cache.LastingCache", "LOCATION": "cache", "OPTIONS": options}
    }
    call_command("createcachetable", verbosity=0)
    yield cache
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS cache")


def flood(times):
    for number in range(times):
        limits.SENT.count(f"stranger-{number}")


def test_strangers_cannot_flush_the_lock_of_a_log_in(production_cache, client):
    get_user_model().objects.create_user("secretary40", password=PASSWORD, name="书记")
    right = {"login": "secretary40", "password": PASSWORD}
    for _ in range(5):
        client.post("/accounts/login/", right | {"password": "wrong"})
    flood(200)
    client.post("/accounts/login/", right)
    assert "_auth_user_id" not in client.session


def test_strangers_cannot_flush_a_limit_or_make_an_act_happen_twice(production_cache):
    limits.SENT.count("one address", limits.SENT.most)
    request = RequestFactory().post("/", {"once": "number"})
    request.user = get_user_model()(pk=1)
    with Ticket(request) as first:
        first.led_to = "/done/"
    flood(200)
    assert limits.SENT.is_reached("one address")
    with Ticket(request) as again:
        assert again.spent
        assert again.led_to == "/done/"


def test_what_has_run_out_makes_room(production_cache):
    for number in range(100):
        cache.set(f"short-{number}", 1, timeout=-5)
    flood(60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE '%short%'")
        assert cursor.fetchone()[0] == 0


def test_a_limit_counts_from_its_first_time_and_is_forgotten_then(monkeypatch):
    limit = limits.Limit("test", 3, 100)
    now = 1000.0
    monkeypatch.setattr(limits.time, "time", lambda: now)
    limit.count("x")
    now = 1090.0
    limit.count("x", 2)
    assert limit.is_reached("x")
    kept = cache.get(limit._key("x"))
    assert kept == (3, 1100.0)
