from django.core.management.base import BaseCommand

from units.models import BackupRun

KEPT = 100  # runs that stay in the table


class Command(BaseCommand):
    help = "Remember how a run of deploy/backup.sh ended, for /healthz/ and the desks; backup.sh calls it itself."

    def add_arguments(self, parser):
        parser.add_argument("folder", help="where it saved")
        parser.add_argument("--failure", default="", help="what went wrong, in a few words")

    def handle(self, *, folder, failure, **options):
        run = BackupRun.objects.create(folder=folder[:500], failure=failure[:500])
        # The last good one stays, however many failures followed: its age is what the desks tell.
        good = BackupRun.objects.filter(failure="").first()
        BackupRun.objects.filter(pk__lte=run.pk - KEPT).exclude(pk=good and good.pk).delete()
