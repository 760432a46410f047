import sys

from django.core.management.base import BaseCommand

from awards.scoring.recount import main


class Command(BaseCommand):
    """The same program as verify.py; `manage.py recount` runs it before any setting is read."""

    help = "Recount a public record: exit 0 agrees, 1 differs, 2 cannot be taken."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="a public record (JSON), or - for standard input")

    def handle(self, *, file, **options):
        sys.exit(main([file]))
