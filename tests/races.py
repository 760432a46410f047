"""Acts that meet: each in a thread with a connection of its own, let go at the same moment."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from awards.errors import StageError

PATIENCE = 60  # seconds, on a machine that has other work


def until_one_waits():
    """Return when another connection to this database waits for a lock that somebody holds."""
    until = time.monotonic() + PATIENCE
    asked = """SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'"""
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(asked)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("nobody came to wait for the lock")


def at_once(*acts):
    """What each act returned, or the StageError it raised, in their order; any other error is raised here."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            gate.wait()
            return act()
        except StageError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts, timeout=PATIENCE))
