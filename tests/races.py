"""Acts that meet: each in a thread with a connection of its own, let go at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from awards.errors import StageError


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
        return list(pool.map(run, acts, timeout=60))
