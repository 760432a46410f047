from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from awards.demo.planner import analyze
from awards.demo.season import is_seeded, seed_season
from awards.demo.year2020 import YEAR as FINISHED
from units.audit.context import acting
from units.audit.seal import seal_entries


class Command(BaseCommand):
    help = "Load the demo season: a finished 2020 and a current year in review. Once is enough."

    def add_arguments(self, parser):
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day the season turns around (default: today)",
        )

    def handle(self, *, today, **options):
        if not settings.DEBUG:
            raise CommandError("The demo season is refused when DEBUG is off: its password is public.")
        if isinstance(today, str):  # call_command hands options over as they are
            today = date.fromisoformat(today)
        today = today or timezone.localdate()
        if today.year <= FINISHED:
            raise CommandError(f"--today must lie after {FINISHED}, which is the season's finished year.")
        if is_seeded():
            self.stdout.write("演示数据已在，未作改动。")
            return
        with acting(post="演示数据"):
            summary = seed_season(today)
        seal_entries()
        analyze()
        for line in summary.lines:
            self.stdout.write(line)
