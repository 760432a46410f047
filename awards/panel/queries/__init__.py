"""What the pages and actions of the panels ask."""

from awards.panel.queries.board import (
    Line,
    appearance_rows,
    assignment_rows,
    board_entries,
    board_lines,
    seats_of,
)
from awards.panel.queries.overview import nomination_by_code, panel_lines, recusal_rows
from awards.panel.queries.pool import count_ties, employers, people_in_pool, people_to_add, pool_of, witnesses
from awards.panel.queries.race import (
    entries_of,
    sheets_still_due,
    stages_of,
    wanting,
)
from awards.panel.queries.shortfall import Shortfall, entries_short, shortfalls
from awards.panel.queries.ties import ties_between

__all__ = [
    "Line",
    "Shortfall",
    "appearance_rows",
    "assignment_rows",
    "board_entries",
    "board_lines",
    "count_ties",
    "employers",
    "entries_of",
    "entries_short",
    "nomination_by_code",
    "panel_lines",
    "people_in_pool",
    "people_to_add",
    "pool_of",
    "recusal_rows",
    "seats_of",
    "sheets_still_due",
    "shortfalls",
    "stages_of",
    "ties_between",
    "wanting",
    "witnesses",
]
