from collections.abc import Callable

from django.core.management.base import BaseCommand
from django.utils import timezone

from awards.notice.actions import remove_due_contacts, withdraw_due_details
from awards.screening.actions import lapse_overdue
from units.audit.context import acting
from units.audit.seal import seal_entries
from units.models import TickRun

# What the clock must do, in order; each is idempotent and gives the number of rows it touched.
JOBS: dict[str, Callable[[], int]] = {
    "withdraw_due_details": withdraw_due_details,
    "remove_due_contacts": remove_due_contacts,
    "lapse_overdue": lapse_overdue,
    "seal_entries": seal_entries,
}


class Command(BaseCommand):
    help = "Do what the clock must do: lapse, remind, withdraw, seal. Run it every minute by a timer."

    def handle(self, **options):
        run = TickRun.objects.create()
        with acting(post="system"):
            for name, job in JOBS.items():
                run.done[name] = job()
        run.finished_at = timezone.now()
        run.save()
        # Only the newest runs are of use; the table stays small.
        TickRun.objects.filter(pk__lt=run.pk - 100).delete()
        self.stdout.write("、".join(f"{name} {count}" for name, count in run.done.items()))
