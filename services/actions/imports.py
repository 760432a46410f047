"""A whole workbook in one act."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from services.actions.rows import event_of
from services.models import DETAIL_MODELS, Activity, ActivityUnit, Logged, LogState
from units.actions.importing import Confirmation, confirmed
from units.audit.record import record
from units.models import User


@transaction.atomic
def import_workbook(word: Confirmation, *, file_name: str) -> list[Logged]:
    """Save a previewed workbook. Raises what `confirmed` raises."""
    return import_rows(confirmed(word).rows, file_name=file_name, actor=word.actor, act_id=word.ticket)


@transaction.atomic
def import_rows(
    rows: list[Logged], *, file_name: str, actor: User, act_id: UUID | None = None
) -> list[Logged]:
    """Save checked rows of a workbook as drafts, all of them or, if one fails, none; one entry.

    An activity may carry `new_detail` (values of its kind) and `new_joint_units`, as the reader left them.
    """
    model = type(rows[0])
    for row in rows:
        row.state, row.logged_by = LogState.DRAFT, actor
    model.objects.bulk_create(rows, batch_size=500)
    if model is Activity:
        _import_details(rows)
    record(
        event_of("import", model),
        actor=actor,
        target=f"{model._meta.verbose_name} {len(rows)}条",
        after={"file": file_name, "rows": len(rows)},
        act_id=act_id,
    )
    return rows


def _import_details(activities: list[Activity]) -> None:
    for kind, model in DETAIL_MODELS.items():
        model.objects.bulk_create(
            (model(activity=each, **each.new_detail) for each in activities if each.kind == kind),
            batch_size=500,
        )
    ActivityUnit.objects.bulk_create(
        (ActivityUnit(activity=each, unit=unit) for each in activities for unit in each.new_joint_units),
        batch_size=500,
    )
