"""What screens ask of a nomination: how complete it is, what is frozen of it, lists for each reader."""

from awards.nomination.queries.content import (
    FORM_FIELDS,
    ClaimLine,
    answers_of,
    claim_lines,
    form_state,
    frozen_content,
    identity_names,
    limits_of,
    recorded_figures,
)
from awards.nomination.queries.opening import open_correction, open_parts
from awards.nomination.queries.places import Places, places_of

__all__ = [
    "FORM_FIELDS",
    "ClaimLine",
    "Places",
    "answers_of",
    "claim_lines",
    "form_state",
    "frozen_content",
    "identity_names",
    "limits_of",
    "open_correction",
    "open_parts",
    "places_of",
    "recorded_figures",
]
