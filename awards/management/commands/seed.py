from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from awards.demo.planner import analyze
from awards.demo.season import is_seeded, seed_season, seeded_stage
from awards.demo.stages import Stage, stage_problem
from awards.demo.year2020 import YEAR as ON_PAPER


class Command(BaseCommand):
    help = "Load the demo season: 2020, a finished year, and the current one in a stage. Once is enough."

    def add_arguments(self, parser):
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day the season turns around (default: today)",
        )
        parser.add_argument(
            "--stage",
            metavar="STAGE",
            help=f"where the current year stands: {', '.join(Stage)} (default: {Stage.REVIEW})",
        )

    def handle(self, *, today, stage, **options):
        if not settings.DEBUG:
            raise CommandError("The demo season is refused when DEBUG is off: its password is public.")
        if stage and (problem := stage_problem(stage)):
            raise CommandError(problem)
        if isinstance(today, str):  # call_command hands options over as they are
            today = date.fromisoformat(today)
        today = today or timezone.localdate()
        if today.year <= ON_PAPER + 1:
            raise CommandError(
                f"--today must lie after {ON_PAPER + 1}: {ON_PAPER} and the last year are over."
            )
        if is_seeded():
            self._leave_alone(stage)
            return
        summary = seed_season(today, Stage(stage or Stage.REVIEW))
        analyze()
        for line in summary.lines:
            self.stdout.write(line)

    def _leave_alone(self, stage: str | None) -> None:
        there = seeded_stage()
        again = (
            f"To start over and lose what was typed: make demo{f' STAGE={stage}' if stage else ''} FRESH=1"
        )
        if there is None:
            raise CommandError(f"The demo that is there is not whole, or of an earlier version. {again}")
        if stage and stage != there:
            raise CommandError(f"The demo is there already, opened at STAGE={there}. {again}")
        self.stdout.write("演示数据已在，未作改动。")
