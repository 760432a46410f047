"""The clock's command: every job each time, whatever one of them runs into."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from awards.management.commands.tick import JOBS, KEPT
from units.models import TickRun

pytestmark = pytest.mark.django_db


def tick() -> TickRun:
    call_command("tick", stdout=StringIO())
    return TickRun.objects.latest("pk")


def test_every_job_runs_and_is_counted():
    assert set(tick().done) == set(JOBS)


def test_a_job_that_fails_keeps_no_other_from_running_and_leaves_the_run_unfinished(monkeypatch):
    first, *others = JOBS

    def fail():
        raise OSError("disk full")

    monkeypatch.setitem(JOBS, first, fail)
    with pytest.raises(CommandError, match=first):
        call_command("tick", stdout=StringIO())

    run = TickRun.objects.latest("pk")
    assert set(run.done) == set(others)
    assert run.finished_at is None


def test_the_table_keeps_the_newest_runs():
    TickRun.objects.bulk_create(TickRun() for _ in range(KEPT + 5))
    newest = tick()
    assert TickRun.objects.count() == KEPT
    assert TickRun.objects.filter(pk=newest.pk).exists()
