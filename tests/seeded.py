"""The demo season of a fixed day, loaded once in a run."""

import json
from dataclasses import asdict, dataclass
from datetime import date, time
from io import StringIO
from time import process_time

from django.core.management import call_command
from django.test.utils import override_settings

from awards.demo.days import at
from tests.template import connected, create, kept, migrated

TODAY = date(2026, 11, 23)
NOON = at(TODAY, time(12))  # the loading ends at midnight


@dataclass
class Loading:
    """How `manage.py seed` went. seconds: of its process alone, so that a busy machine fails no test."""

    seconds: float
    statements: int
    said: str


def seeded(connection, run: str, stage: str = "") -> tuple[str, Loading]:
    """The name of this run's database with the season in it, to be copied; and how its loading went.

    stage: where the current year stands, "" as `make demo` opens it.
    """

    def make(name: str) -> None:
        create(connection, name, migrated(connection))
        with connected(connection, name), override_settings(DEBUG=True):
            loading = _load(connection, stage)
            with connection.cursor() as cursor:
                cursor.execute(f"COMMENT ON DATABASE {name} IS %s", [json.dumps(asdict(loading))])

    name = kept(connection, f"{stage}demo", run, make)
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        )
        return name, Loading(**json.loads(cursor.fetchone()[0]))


def _load(connection, stage: str) -> Loading:
    out, started, statements = StringIO(), process_time(), 0

    def count(execute, *statement):
        nonlocal statements
        statements += 1
        return execute(*statement)

    with connection.execute_wrapper(count):
        call_command("seed", today=TODAY, stdout=out, **({"stage": stage} if stage else {}))
    return Loading(process_time() - started, statements, out.getvalue())
