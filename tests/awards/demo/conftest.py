"""The season is loaded once for a module that reads it; each test's own writes are rolled back."""

from datetime import date
from io import StringIO
from time import process_time

import pytest
from django.conf import settings as project
from django.core.management import call_command

from tests.conftest import measured

TODAY = date(2026, 11, 23)


class Seeded:
    """seconds: of this process alone, so that a busy machine does not fail the test."""

    seconds = 0.0
    statements = 0
    said = ""


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The demo season of a fixed day, in a transaction that is rolled back after the last test."""
    from django.db import transaction

    result = Seeded()
    debug, project.DEBUG = project.DEBUG, True
    with django_db_blocker.unblock(), transaction.atomic():
        out = StringIO()
        started = process_time()
        with measured() as spent:
            call_command("seed", today=TODAY, stdout=out)
        result.seconds, result.said = process_time() - started, out.getvalue()
        result.statements = spent.queries
        yield result
        transaction.set_rollback(True)
    project.DEBUG = debug


@pytest.fixture
def season(seeded, db):
    """The loaded season, with a transaction of the test's own inside it."""
    return seeded
