"""Rules of a nomination: how texts are counted, what is still missing, whose place it takes."""

from awards.nomination.rules.codes import code_key
from awards.nomination.rules.completeness import (
    Gap,
    SectionState,
    completeness,
    gaps_of,
)
from awards.nomination.rules.eligibility import Question, first_refusal, questions_for
from awards.nomination.rules.freezing import (
    canonical_bytes,
    digest_of_content,
)
from awards.nomination.rules.limits import (
    FigureGap,
    claimed_vs_recorded,
    correction_due,
    correction_problem,
    has_lapsed,
    in_operation_long_enough,
    partners_problem,
    places_problem,
    records_warnings,
    time_left,
    unit_notice_days,
    unit_notice_problem,
)
from awards.nomination.rules.text_limits import TextLimits, length_problem
from units.counting import SPACES, WIDE, WIDTHLESS, as_javascript, count_characters
from units.phones import mask_phone, normalise_phone, phone_problem

__all__ = [
    "SPACES",
    "WIDE",
    "WIDTHLESS",
    "FigureGap",
    "Gap",
    "Question",
    "SectionState",
    "TextLimits",
    "as_javascript",
    "canonical_bytes",
    "claimed_vs_recorded",
    "code_key",
    "completeness",
    "correction_due",
    "correction_problem",
    "count_characters",
    "digest_of_content",
    "first_refusal",
    "gaps_of",
    "has_lapsed",
    "in_operation_long_enough",
    "length_problem",
    "mask_phone",
    "normalise_phone",
    "partners_problem",
    "phone_problem",
    "places_problem",
    "questions_for",
    "records_warnings",
    "time_left",
    "unit_notice_days",
    "unit_notice_problem",
]
