"""Whether pages can be served: the database answers, its schema is this release's, the cache has its table."""

from functools import cache

from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

READY = {"database": "ok", "migrations": "applied", "cache_table": "ok"}


def readiness() -> dict[str, str]:
    """READY when all is well; else what is wrong by the same names, "unknown" where it cannot be asked."""
    try:
        return {
            "database": "ok",
            "migrations": "applied" if newest_migrations() <= applied_migrations() else "missing",
            "cache_table": "ok" if has_cache_table() else "missing",
        }
    except DatabaseError:
        return {"database": "unreachable", "migrations": "unknown", "cache_table": "unknown"}


@cache
def newest_migrations() -> frozenset:
    """The last migration of each app; read once, as files cannot change under a running process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def applied_migrations() -> set:
    return MigrationRecorder(connection).applied_migrations().keys()


def has_cache_table() -> bool:
    """What `manage.py createcachetable` makes; without it no log-in can be counted. Another cache needs none."""
    backend = caches["default"]
    if not isinstance(backend, BaseDatabaseCache):
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [connection.ops.quote_name(backend._table)])
        return cursor.fetchone()[0]
