"""Rules of screening: the checklist and its verdict, texts that are alike, names that must not be seen."""

from awards.screening.rules.blindness import PHONE, Segment, Span, find_identity, mask
from awards.screening.rules.checklist import (
    CHECKLIST,
    Answer,
    Check,
    Conclusion,
    Facts,
    Mark,
    Way,
    automatic_marks,
    checks_for,
    verdict,
)
from awards.screening.rules.similarity import SIMILAR_FROM, Likeness, alike, similarity

__all__ = [
    "CHECKLIST",
    "PHONE",
    "SIMILAR_FROM",
    "Answer",
    "Check",
    "Conclusion",
    "Facts",
    "Likeness",
    "Mark",
    "Segment",
    "Span",
    "Way",
    "alike",
    "automatic_marks",
    "checks_for",
    "find_identity",
    "mask",
    "similarity",
    "verdict",
]
