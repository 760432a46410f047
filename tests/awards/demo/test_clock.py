"""The season's clock."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from awards.demo.clock import season_clock
from units.audit.models import AuditEntry

NINE, TEN, NOON = (datetime(2025, 3, 3, hour, tzinfo=UTC) for hour in (9, 10, 12))


def test_within_it_django_tells_the_seasons_moment_and_afterwards_the_worlds():
    with season_clock(NINE) as clock:
        assert timezone.now() == NINE
        assert AuditEntry().at == NINE  # a default that holds on to the function itself
        clock.go_to(NOON)
        assert timezone.localtime() == NOON
        assert isinstance(NOON, timezone.datetime)
    assert timezone.now() > datetime(2026, 1, 1, tzinfo=UTC)


def test_what_was_planned_happens_on_the_way_each_at_its_own_moment():
    met = []
    with season_clock(NINE) as clock:
        clock.plan(NOON, lambda: met.append("not yet"))
        clock.plan(TEN, lambda: met.append(timezone.now()))
        clock.plan(NINE, lambda: clock.plan(TEN, lambda: met.append("the second of ten")))
        clock.go_to(NOON)
    assert met == [TEN, "the second of ten"]


def test_it_is_never_turned_back():
    with season_clock(TEN) as clock, pytest.raises(ValueError, match="not turned back"):
        clock.go_to(NINE)
