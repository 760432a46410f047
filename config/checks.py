"""What must be true of a machine before the portal may rely on it."""

from django.core.checks import Error, Tags, register
from django.db import connections
from django.db.backends.postgresql.psycopg_any import is_psycopg3

OLDEST_SERVER = 14


@register(Tags.compatibility)
def psycopg2_in_use(app_configs, **kwargs):
    """Django takes psycopg 3 without a word as soon as some package brings it in."""
    if not is_psycopg3:
        return []
    return [
        Error(
            "psycopg 3 is installed; the portal is built on psycopg2.", "Uninstall psycopg.", id="config.E001"
        )
    ]


@register(Tags.database)
def server_fits(app_configs, databases=None, **kwargs):
    """PostgreSQL is new enough, and its locale lets trigram search see Chinese."""
    return [problem for alias in databases or () for problem in _problems(connections[alias])]


def _problems(connection):
    with connection.cursor() as cursor:
        version = connection.pg_version // 10000
        if version < OLDEST_SERVER:
            yield Error(f"PostgreSQL {version} is too old, {OLDEST_SERVER} is needed.", id="config.E002")
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() is None:
            return  # the first migration brings the extension
        # With LC_CTYPE C no Chinese character counts as a letter, and every search finds nothing.
        cursor.execute("SELECT cardinality(show_trgm('先进集体'))")
        if not cursor.fetchone()[0]:
            yield Error(
                "pg_trgm finds no trigrams in Chinese text.",
                "Create the database with LC_CTYPE C.UTF-8 or zh_CN.UTF-8.",
                id="config.E003",
            )
