"""A database of the first release becomes one of this release: every row stays what it was."""

import inspect
import io
import os
import subprocess
import sys
import threading
from urllib.parse import quote

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from factory.django import DjangoModelFactory

from config.management.commands.upgrade import DOOR
from tests.factories import awards, services, units
from tests.template import create, drop
from tests.template import first_release as first_release_template

APPS = "units|services|awards"


class Database:
    """Another database of the tests' server, under the portal's own commands."""

    def __init__(self, name: str):
        self.name, self.server = name, connection.get_connection_params()
        create(connection, name, first_release_template(connection))
        self.connection = None

    def manage(self, *words: str) -> None:
        server = {key: quote(str(self.server.get(key, "")), safe="/") for key in ("user", "password", "host")}
        place = f"{server['host']}:{self.server.get('port') or 5432}"
        if place.startswith("/"):  # a socket's folder
            place = f"/{server['host']}"
        url = f"postgres://{server['user']}:{server['password']}@{place}/{self.name}"
        production = {
            "DATABASE_URL": url,
            "SECRET_KEY": "x" * 64,
            "ALLOWED_HOSTS": "portal.test",
            "DEBUG": "off",
        }
        ended = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env=os.environ | production,
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 0, ended.stderr

    def cursor(self):
        """Everything in one transaction, which a command ends."""
        if self.connection is None:
            self.connection = psycopg2.connect(**self.server | {"dbname": self.name})
        return self.connection.cursor()

    def drop(self) -> None:
        if self.connection:
            self.connection.close()
        drop(connection, self.name)


@pytest.fixture
def first_release(db):
    """A database with the schema that was first released."""
    database = Database(f"{connection.settings_dict['NAME']}_first")
    try:
        yield database
    finally:
        database.drop()


def columns(database) -> dict[str, list[str]]:
    """The columns of each table that is the portal's own."""
    found = {}
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND is_generated = 'NEVER' AND table_name ~ %s ORDER BY 1, 2",
            [f"^({APPS})_"],
        )
        for table, column in cursor.fetchall():
            found.setdefault(table, []).append(column)
    return found


def fill(first, known: dict[str, list[str]]) -> None:
    """Copy what the factories have made here, as far as the first release had room for it."""
    with connection.cursor() as here, first.cursor() as there:
        # Foreign keys are looked at when all is there.
        for table, names in known.items():
            quoted, rows = ", ".join(f'"{name}"' for name in names), io.StringIO()
            here.copy_expert(f'COPY (SELECT {quoted} FROM "{table}") TO STDOUT', rows)
            rows.seek(0)
            there.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            there.copy_expert(f'COPY "{table}" ({quoted}) FROM STDIN', rows)
        there.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in known:
            there.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    first.connection.commit()


def contents(database, known: dict[str, list[str]]) -> dict[str, tuple[int, str]]:
    """For each table the number of its rows and the digest of all they say."""
    told = {}
    with database.cursor() as cursor:
        for table, names in known.items():
            quoted = ", ".join(f'"{name}"' for name in names)
            cursor.execute(
                f"SELECT count(*), md5(string_agg(row::text, '|' ORDER BY row::text)) "
                f'FROM (SELECT {quoted} FROM "{table}") row'
            )
            told[table] = cursor.fetchone()
    return told


def every_factory():
    for module in (units, services, awards):
        for _, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, DjangoModelFactory) and not found._meta.abstract:
                yield found


def test_every_row_of_the_first_release_survives_the_upgrade(first_release):
    for factory in every_factory():
        factory()
    now = columns(connection)
    known = {
        table: [name for name in names if name in now[table]]
        for table, names in columns(first_release).items()
    }
    fill(first_release, known)
    before = contents(first_release, known)
    assert sum(count > 0 for count, _ in before.values()) > 25

    first_release.connection.rollback()
    first_release.manage("upgrade")

    assert contents(first_release, known) == before
    assert columns(first_release) == now


@pytest.mark.commits
def test_of_several_that_upgrade_at_once_one_works_and_the_others_wait():
    holder = psycopg2.connect(**connection.get_connection_params())
    holder.autocommit = True
    with holder.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [DOOR])
    done = threading.Event()

    def upgrade():
        call_command("upgrade", verbosity=0)
        done.set()
        connection.close()

    other = threading.Thread(target=upgrade)
    other.start()
    try:
        assert not done.wait(1)
    finally:
        holder.close()
    assert done.wait(30)
    other.join()
