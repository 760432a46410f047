"""A cache in the database that keeps what it was given for as long as it was given it."""

from django.core.cache.backends.db import DatabaseCache
from django.db import connections


class LastingCache(DatabaseCache):
    """Django's own throws out live rows when there are many: by knocking often enough, strangers could flush the
    lock of a log-in, their own limits, or the number of an act that is done once.

    Here only what has run out goes. The table is bounded by what visitors can write in the hour that rows last.
    """

    def _cull(self, db, cursor, now, num):
        operations = connections[db].ops
        table, expires = operations.quote_name(self._table), operations.quote_name("expires")
        cursor.execute(
            f"DELETE FROM {table} WHERE {expires} < %s", [operations.adapt_datetimefield_value(now)]
        )
