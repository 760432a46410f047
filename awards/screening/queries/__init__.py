"""What the checklist, its proposals and the queue ask."""

from awards.screening.queries.blind import UNSEEN, Look, looks_of
from awards.screening.queries.file import File, file_of, files
from awards.screening.queries.findings import Finding, findings_of
from awards.screening.queries.likeness import Similar, similar_files
from awards.screening.queries.queue import (
    TABS,
    decision_counts,
    in_tab,
    next_open,
    prepared_rows,
    queue_rows,
    result_rows,
    submitted_files,
    tab_counts,
)
from awards.screening.queries.reading import Part, changes_in_rows, claim_rows, parts_of
from awards.screening.queries.standing import OUTCOMES, Standing, rounds_used, standing_of

__all__ = [
    "OUTCOMES",
    "TABS",
    "UNSEEN",
    "File",
    "Finding",
    "Look",
    "Part",
    "Similar",
    "Standing",
    "changes_in_rows",
    "claim_rows",
    "decision_counts",
    "file_of",
    "files",
    "findings_of",
    "in_tab",
    "looks_of",
    "next_open",
    "parts_of",
    "prepared_rows",
    "queue_rows",
    "result_rows",
    "rounds_used",
    "similar_files",
    "standing_of",
    "submitted_files",
    "tab_counts",
]
