"""Forms of the log."""

from __future__ import annotations

from services.catalogue import Register
from services.forms.activities import ActivityForm
from services.forms.around import FileForm, ReturnForm
from services.forms.registers import TaskForm, form_class_for
from services.forms.rows import RowForm
from services.models import Activity, Logged
from units.models import User

__all__ = ["FileForm", "ReturnForm", "TaskForm", "form_for"]


def form_for(row: Logged | None, register: Register, *, user: User, data=None, kind=None) -> RowForm:
    """The form of a row, or of a new one (`kind` for an activity)."""
    if register.model is Activity:
        return ActivityForm(data, instance=row, user=user, kind=row.kind if row else kind)
    return form_class_for(register)(data, instance=row, user=user)
