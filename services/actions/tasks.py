"""Tasks of an 行动党支部."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from services.actions.rows import plain_values
from services.models.tasks import ActionTask
from units.audit.events import Event
from units.audit.record import record
from units.errors import StaleVersion
from units.models import User


@transaction.atomic
def set_task(task: ActionTask, *, actor: User) -> ActionTask:
    """Save a new task of an action branch."""
    task.save(force_insert=True)
    record(Event.TASK_SET, actor=actor, target=task, after=plain_values(task))
    return task


@transaction.atomic
def change_task(task: ActionTask, *, values: Mapping[str, Any], version: int, actor: User) -> ActionTask:
    """Write a task anew; a day in `done_on` closes it. Raises StaleVersion."""
    task = ActionTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if task.version != version:
        raise StaleVersion
    was = plain_values(task)
    for name, value in values.items():
        setattr(task, name, value)
    task.version += 1
    task.save(update_fields=[*values, "version"])
    now = plain_values(task)
    changed = [name for name in now if now[name] != was[name]]
    record(
        Event.TASK_CHANGED,
        actor=actor,
        target=task,
        before={name: was[name] for name in changed},
        after={name: now[name] for name in changed},
    )
    return task
