"""Brings a database up to this release, from an empty one as well."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

DOOR = 0x706F7274616C  # any number that no other program takes for its lock


class Command(BaseCommand):
    help = "Apply migrations and make the cache table. Started several times at once, one works and the others wait."

    def handle(self, *, verbosity, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [DOOR])
            try:
                call_command("migrate", interactive=False, verbosity=verbosity)
                call_command("createcachetable", verbosity=verbosity)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [DOOR])
