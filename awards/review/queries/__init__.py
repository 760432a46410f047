"""What the pages and actions of the review ask, and what later stages ask of it."""

from awards.review.queries.desk import (
    Neighbourhood,
    OwnProgress,
    desks_of,
    neighbourhood,
    next_open,
    progress_of,
    with_titles,
)
from awards.review.queries.grid import GridRow, grid_rows
from awards.review.queries.marks import (
    EntryMarks,
    SheetMarks,
    StillSealed,
    entry_marks,
    sheet_marks,
)
from awards.review.queries.progress import (
    EntryProgress,
    PanelProgress,
    SeatProgress,
    entries_page,
    matrix,
    panels_of,
    progress,
    seats_progress,
)
from awards.review.queries.reading import (
    Reading,
    attachments_open_to,
    is_blind,
    masked_texts,
    read_submission,
    what_changed,
    words_of,
)
from awards.review.queries.sheets import (
    criteria_of,
    newest_submission,
    own_criteria,
    valid_sheets,
)

__all__ = [
    "EntryMarks",
    "EntryProgress",
    "GridRow",
    "Neighbourhood",
    "OwnProgress",
    "PanelProgress",
    "Reading",
    "SeatProgress",
    "SheetMarks",
    "StillSealed",
    "attachments_open_to",
    "criteria_of",
    "desks_of",
    "entries_page",
    "entry_marks",
    "grid_rows",
    "is_blind",
    "masked_texts",
    "matrix",
    "neighbourhood",
    "newest_submission",
    "next_open",
    "own_criteria",
    "panels_of",
    "progress",
    "progress_of",
    "read_submission",
    "seats_progress",
    "sheet_marks",
    "valid_sheets",
    "what_changed",
    "with_titles",
    "words_of",
]
