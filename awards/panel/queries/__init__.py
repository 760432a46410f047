"""What the pages and actions of the panels ask."""

from awards.panel.queries.race import (
    entries_of,
    first_stage,
    least_sheets,
    race_state,
    rule_limits,
    sheets_still_due,
    stages_of,
    unassigned,
)
from awards.panel.queries.ties import ties_between

__all__ = [
    "entries_of",
    "first_stage",
    "least_sheets",
    "race_state",
    "rule_limits",
    "sheets_still_due",
    "stages_of",
    "ties_between",
    "unassigned",
]
