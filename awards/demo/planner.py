"""After many rows in bulk PostgreSQL plans as if the tables were empty, until it looks again."""

from django.db import connection


def analyze() -> None:
    """Let it look now; by itself it would take a minute, in a test it never would."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
