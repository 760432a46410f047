"""Databases that are made once; those of the tests are copies of them."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.core.management import call_command

from config.settings import VAR

FIRST_RELEASE = ("awards", "0001")  # the migration that was the last of the first release


def migrated(connection) -> str:
    """The name of a database with every migration applied; it begins with the first release's, so that is there too."""
    return _by_migrations(connection, "template", first_release(connection))


def first_release(connection) -> str:
    """The name of a database with the schema that was first released."""
    return _by_migrations(connection, "first", None, *FIRST_RELEASE)


def _by_migrations(connection, kind: str, begin: str | None, *until: str) -> str:
    """It stands for the migrations it was made from: when one changes, a new one is made."""

    def make(name: str) -> None:
        create(connection, name, begin)
        with connected(connection, name):
            call_command("migrate", *until, verbosity=0)

    return kept(connection, kind, migrations_digest(), make)


def migrations_digest() -> str:
    """Of names and texts: a migration of another name is another one."""
    digest = sha256()
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(f"{app.label}.{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def kept(connection, kind: str, key: str, make: Callable[[str], None]) -> str:
    """The name of the one database of this kind. Under another key, or not there, it is made anew, by one
    process while the others wait; the one before it goes."""
    prefix = f"test_{kind}_"
    name = prefix + key
    with open(VAR / f"{kind}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = {
            row[0] for row in _ask(connection, "SELECT datname FROM pg_database") if row[0].startswith(prefix)
        }
        if name not in there:
            if connection.settings_dict["ENGINE"] == "config.localpg":
                _let_forget(connection)
            for old in there:
                drop(connection, old)
            make(f"{name}_new")
            _ask(connection, f"ALTER DATABASE {name}_new RENAME TO {name}")
    return name


@contextmanager
def copied(connection, template: str) -> Iterator[None]:
    """Within the block the connection, and each that is opened, leads to a copy of the template."""
    name = f"{connection.settings_dict['NAME']}_copy"
    create(connection, name, template)
    try:
        with connected(connection, name):
            yield
    finally:
        drop(connection, name)


def create(connection, name: str, template: str | None) -> None:
    drop(connection, name)
    _ask(connection, f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))


def drop(connection, name: str) -> None:
    _ask(connection, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def connected(connection, name: str) -> Iterator[None]:
    """Within the block the connection, and each that is opened, leads to the database of this name."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name  # one dictionary for the connections of all threads
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def _let_forget(connection) -> None:
    """Nothing on the tests' own server need outlive a power cut; every DROP DATABASE would wait for the disk."""
    for name in ("fsync", "full_page_writes"):
        _ask(connection, f"ALTER SYSTEM SET {name} = off")
    _ask(connection, "SELECT pg_reload_conf()")


def _ask(connection, statement: str) -> list[tuple]:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []
