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
from awards.nomination.rules.eligibility import Question, first_refusal, questions_for
from awards.nomination.rules.freezing import (
    Piece,
    canonical_bytes,
    changed_keys,
    digest_of_content,
    text_changes,
)
from awards.nomination.rules.limits import (
    FigureGap,
    claimed_vs_recorded,
    correction_due,
    correction_problem,
    has_lapsed,
    partners_problem,
    places_problem,
    records_warnings,
    time_left,
)
from awards.nomination.rules.parts import EVERY_ANSWER, PART_LABELS, PARTS, open_answers, part_of
from awards.nomination.rules.word_count import (
    SPACES,
    WIDE,
    WIDTHLESS,
    TextLimits,
    as_javascript,
    count_characters,
    length_problem,
)
from units.phones import mask_phone, normalise_phone, phone_problem

__all__ = [
    "EVERY_ANSWER",
    "PARTS",
    "PART_LABELS",
    "SECTIONS",
    "SPACES",
    "WIDE",
    "WIDTHLESS",
    "FigureGap",
    "Gap",
    "Item",
    "Piece",
    "Question",
    "Section",
    "SectionState",
    "TextLimits",
    "as_javascript",
    "canonical_bytes",
    "changed_keys",
    "claimed_vs_recorded",
    "completeness",
    "correction_due",
    "correction_problem",
    "count_characters",
    "digest_of_content",
    "first_refusal",
    "gaps_of",
    "has_lapsed",
    "length_problem",
    "mask_phone",
    "normalise_phone",
    "open_answers",
    "part_of",
    "partners_problem",
    "phone_problem",
    "places_problem",
    "questions_for",
    "records_warnings",
    "text_changes",
    "time_left",
]
