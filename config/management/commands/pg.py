"""One of PostgreSQL's own programs on the portal's database, as `manage.py dbshell` is for psql."""

import argparse
import os
import shutil

from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = (
        "Run psql, pg_dump or pg_restore on the portal's database; its password is not among the arguments."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("program")
        parser.add_argument("arguments", nargs=argparse.REMAINDER)

    def handle(self, *, program, arguments, **options):
        if shutil.which(program) is None:
            raise CommandError(f"there is no {program} here: install PostgreSQL's client programs.")
        said, extra = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
        _, *where, name = said
        os.execvpe(program, [program, *where, "--dbname", name, *arguments], os.environ | (extra or {}))
