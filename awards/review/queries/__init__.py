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
from awards.review.queries.reading import (
    Difference,
    Reading,
    attachments_open_to,
    differences,
    is_blind,
    masked_texts,
    read_submission,
    words_of,
)
from awards.review.queries.sheets import (
    criteria_of,
    newest_submission,
    own_criteria,
    valid_sheets,
)

__all__ = [
    "Difference",
    "Neighbourhood",
    "OwnProgress",
    "Reading",
    "attachments_open_to",
    "criteria_of",
    "desks_of",
    "differences",
    "is_blind",
    "masked_texts",
    "neighbourhood",
    "newest_submission",
    "next_open",
    "own_criteria",
    "progress_of",
    "read_submission",
    "valid_sheets",
    "with_titles",
    "words_of",
]
