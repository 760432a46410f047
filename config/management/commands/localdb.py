"""Looks after the local PostgreSQL server of development and tests."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = "The local PostgreSQL server: is it up, stop it, talk to it, start over with an empty one."
    requires_system_checks = []

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="status|stop|psql|reset")
        verbs.add_parser("status", help="say whether it runs and where")
        stop = verbs.add_parser("stop", help="stop it, unless another process uses it")
        stop.add_argument("--force", action="store_true", help="stop it whoever uses it")
        psql = verbs.add_parser("psql", help="open psql on it")
        psql.add_argument("parameters", nargs="*", help="for psql, after --")
        verbs.add_parser("reset", help="stop it and delete all its data")

    def handle(self, verb, **options):
        if connection.settings_dict["ENGINE"] != "config.localpg":
            raise CommandError("DATABASE_URL is set: the local server is not in use.")
        getattr(self, verb)(connection.server, **options)

    def status(self, server, **options):
        running = server.running()
        self.stdout.write(f"running, socket in {server.socket_folder}" if running else "not running")

    def stop(self, server, force, **options):
        if not server.stop(force=force):
            raise CommandError("another process uses the server; --force stops it all the same.")
        self.stdout.write("stopped")

    def psql(self, server, parameters, **options):
        connection.client.runshell(parameters)

    def reset(self, server, **options):
        if not server.reset():
            raise CommandError("another process uses the server; end it first.")
        self.stdout.write("deleted; the next command starts with an empty database")
