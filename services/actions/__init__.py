"""What people do with the log.

The actions ask whether the step is possible now; whether this person may take it, the view has asked before.
"""

from services.actions.activities import change_activity, log_activity
from services.actions.bulk import return_rows, review_rows, send_rows
from services.actions.files import MOST_FILES, add_file, remove_file
from services.actions.imports import import_rows, import_workbook, undo_import
from services.actions.rows import change_row, delete_row, event_of, log_row
from services.actions.tasks import change_task, set_task
from services.actions.years import close_year

__all__ = [
    "MOST_FILES", "add_file", "change_activity", "change_row", "change_task", "close_year", "delete_row",
    "event_of", "import_rows", "import_workbook", "log_activity", "log_row", "remove_file", "return_rows", "review_rows",
    "send_rows", "set_task", "undo_import",
]  # fmt: skip
