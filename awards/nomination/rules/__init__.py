"""Rules of a nomination: how texts are counted, what is still missing, whose place it takes."""

from awards.nomination.rules.completeness import (
    SECTIONS,
    Gap,
    Item,
    Section,
    SectionState,
    completeness,
    gaps_of,
)
from awards.nomination.rules.contact import mask_phone, normalise_phone, phone_problem
from awards.nomination.rules.limits import (
    FigureGap,
    claimed_vs_recorded,
    correction_due,
    correction_problem,
    has_lapsed,
    partners_problem,
    places_problem,
    records_warnings,
)
from awards.nomination.rules.word_count import (
    SPACES,
    WIDE,
    WIDTHLESS,
    TextLimits,
    as_javascript,
    count_characters,
    length_problem,
)

__all__ = [
    "SECTIONS",
    "SPACES",
    "WIDE",
    "WIDTHLESS",
    "FigureGap",
    "Gap",
    "Item",
    "Section",
    "SectionState",
    "TextLimits",
    "as_javascript",
    "claimed_vs_recorded",
    "completeness",
    "correction_due",
    "correction_problem",
    "count_characters",
    "gaps_of",
    "has_lapsed",
    "length_problem",
    "mask_phone",
    "normalise_phone",
    "partners_problem",
    "phone_problem",
    "places_problem",
    "records_warnings",
]
