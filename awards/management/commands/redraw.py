import sys

from django.core.management.base import BaseCommand

from awards.panel.rules.redrawing import main


class Command(BaseCommand):
    """The same program as redraw.py; `manage.py redraw` runs it before any setting is read."""

    help = "Draw again from a published draw: exit 0 agrees, 1 differs, 2 cannot be taken."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="a published draw (JSON), or - for standard input")

    def handle(self, *, file, **options):
        sys.exit(main([file]))
