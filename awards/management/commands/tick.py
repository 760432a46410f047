from collections.abc import Callable

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from awards.notice.actions.withdrawing import remove_due_contacts, withdraw_due_details
from awards.screening.actions.lapsing import lapse_overdue
from units.actions.presence import forget_old_presences
from units.audit.context import acting
from units.audit.seal import seal_entries
from units.models import TickRun
from units.pending.actions import lapse
from units.uploads.storage import sweep_orphans

# What the clock must do, in order; each is idempotent and gives the number of rows it touched.
JOBS: dict[str, Callable[[], int]] = {
    "withdraw_due_details": withdraw_due_details,
    "remove_due_contacts": remove_due_contacts,
    "lapse_overdue": lapse_overdue,
    "lapse_pending_acts": lapse,
    "forget_old_presences": forget_old_presences,
    "sweep_orphans": sweep_orphans,
    "seal_entries": seal_entries,
}
KEPT = 100  # runs that stay in the table

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Do what the clock must do: withdraw details, remove contacts, lapse, seal. Run it every minute."

    def handle(self, **options):
        run, failed = TickRun.objects.create(), []
        with acting(post="system"):
            for name, job in JOBS.items():
                try:
                    run.done[name] = job()
                except Exception:  # one job that fails must not keep the log from being sealed
                    log.exception("tick_job_failed", job=name)
                    failed.append(name)
        # A run with a failure never finishes: /healthz and the desks see the clock grow old.
        run.finished_at = None if failed else timezone.now()
        run.save()
        TickRun.objects.filter(pk__lte=run.pk - KEPT).delete()
        self.stdout.write("、".join(f"{name} {count}" for name, count in run.done.items()))
        if failed:
            raise CommandError(f"failed: {', '.join(failed)}; see the log.")
