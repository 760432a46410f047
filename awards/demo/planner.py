"""How the loading asks PostgreSQL, so that thousands of small statements take seconds and not a minute."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def analyze() -> None:
    """After many rows in bulk PostgreSQL plans as if the tables were empty, until it looks again. Let it look
    now; by itself it would take a minute, in a test it never would."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def in_haste() -> Iterator[None]:
    """Inside one transaction: joins are done in the order they are written in, for planning them takes longer
    than doing them here; an action makes no savepoint, for if one fails all of it is undone; and Python does not
    look for cycles among rows that are soon gone together."""
    savepoints = connection.features.uses_savepoints
    _limit_joins("1")
    connection.features.uses_savepoints = False
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        connection.features.uses_savepoints = savepoints
    _limit_joins("DEFAULT")


def _limit_joins(value: str) -> None:
    with connection.cursor() as cursor:
        for name in ("join_collapse_limit", "from_collapse_limit"):
            cursor.execute(f"SET LOCAL {name} = {value}")
