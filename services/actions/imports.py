"""A whole workbook in one act."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from services.actions.rows import event_of
from services.catalogue import REGISTERS, register_of
from services.models.activities import DETAIL_MODELS, Activity, ActivityFile, ActivityUnit
from services.models.imports import ImportedBook
from services.models.logged import Logged, LogState
from units.actions.importing import Confirmation, confirmed
from units.audit.record import record
from units.errors import Refused
from units.models import User
from units.permissions import units_of
from units.roles import UNIT_ROLES


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
    book = ImportedBook.objects.create(
        register=register_of(model).code, file_name=file_name[:120], rows=len(rows), made_by=actor,
        unit=next(iter(units_of(actor, *UNIT_ROLES)), None),
    )  # fmt: skip
    for row in rows:
        row.state, row.logged_by, row.book = LogState.DRAFT, actor, book
    model.objects.bulk_create(rows, batch_size=500)
    if model is Activity:
        _import_details([row for row in rows if isinstance(row, Activity)])
    record(
        event_of("import", model),
        actor=actor,
        target=f"{model._meta.verbose_name} {len(rows)}条",
        after={"file": file_name, "rows": len(rows)},
        act_id=act_id,
    )
    return rows


@transaction.atomic
def undo_import(book: ImportedBook, *, reason: str, actor: User) -> int:
    """Throw away the drafts of one workbook, all of them; gives how many. The log keeps that it was there.

    Raises Refused when it is undone already, or when something rests on a row: it was sent, or has files.
    """
    book = ImportedBook.objects.select_for_update().get(pk=book.pk)
    if book.undone_at:
        raise Refused("这次导入已经撤销。")
    model = REGISTERS[book.register].model
    rows = list(model.objects.select_for_update(of=("self",)).filter(book=book).order_by("pk"))
    sent = [row for row in rows if row.state != LogState.DRAFT]
    if sent:
        raise Refused(f"有{len(sent)}条已经报送（如“{sent[0]}”），不能整批撤销。")
    if model is Activity and (
        files := ActivityFile.objects.filter(activity__in=[row.pk for row in rows]).count()
    ):
        raise Refused(f"其中的记录已上传{files}个附件，请先移除，或逐条删除。")
    record(
        event_of("undo", model),
        actor=actor,
        target=f"{model._meta.verbose_name} {len(rows)}条",
        before={"file": book.file_name, "rows": len(rows)},
        reason=reason,
    )
    model.objects.filter(pk__in=[row.pk for row in rows]).delete()
    book.undone_at = timezone.now()
    book.save(update_fields=["undone_at"])
    return len(rows)


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
