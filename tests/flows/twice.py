"""What a form does when it is sent twice in the same moment, on a copy of the season."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from threading import Barrier, Thread

from django.apps import apps
from django.db import connection
from django.test import Client

from tests.template import create, drop
from units.audit.models import AuditEntry
from units.models import User

KEEPS = ("units", "services", "awards")
PASSING = {"Presence"}  # who has a form open
# Reads are logged as often as they are made, and each of the two threads signs in.
NO_ACTS = ("exported", "record_downloaded", "personal_data_read", "logged_in", "login_failed")


def rows_kept() -> Counter[str]:
    """How many rows each table of the product has, in one statement; of the log only what acts write."""
    counts = [
        f"SELECT '{model._meta.db_table}', count(*) FROM {model._meta.db_table}"
        for model in apps.get_models()
        if model._meta.app_label in KEEPS and model is not AuditEntry and model.__name__ not in PASSING
    ]
    acts = ", ".join(f"'{event}'" for event in NO_ACTS)
    counts.append(f"SELECT event, count(*) FROM units_auditentry WHERE event NOT IN ({acts}) GROUP BY event")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts))
        return Counter(dict(cursor.fetchall()))


@contextmanager
def other_threads_on(name: str):
    """Within the block connections that are opened lead to the database of this name; this thread's stays."""
    own, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    try:
        yield
    finally:
        connection.settings_dict["NAME"] = own


class Sending(Thread):
    """One person's browser, in a thread with a connection of its own."""

    def __init__(self, username: str, action: str, body: str, together: Barrier):
        super().__init__()
        self.username, self.action, self.body, self.together = username, action, body, together
        self.status, self.error = 0, None

    def run(self):
        try:
            client = Client()
            if self.username:
                client.force_login(User.objects.get(username=self.username))
            self.together.wait(30)
            kind = "application/x-www-form-urlencoded"
            self.status = client.post(self.action, self.body, content_type=kind).status_code
        except Exception as error:
            self.error = error
        finally:
            connection.close()


class Counting(Thread):
    def run(self):
        self.rows = rows_kept()
        connection.close()


_before: dict[str, Counter[str]] = {}  # template → the rows of each copy of it, counted in the first


def sent_at_once(template: str, username: str, action: str, body: str) -> tuple[Counter, list]:
    """Rows that were added, and the answers, when a body is sent twice at once to a copy of the template."""
    name = f"{template}_twice"
    create(connection, name, template)
    try:
        with other_threads_on(name):
            if template not in _before:
                [counting] = _run(Counting())
                _before[template] = counting.rows
            together = Barrier(2)
            sent = _run(*(Sending(username, action, body, together) for _ in range(2)))
            [after] = _run(Counting())
    finally:
        drop(connection, name)
    return after.rows - _before[template], [one.error or one.status for one in sent]


def _run(*threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return threads
