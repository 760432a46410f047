"""What screens ask of a nomination: how complete it is, what is frozen of it, lists for each reader."""

from awards.nomination.queries.content import (
    ClaimLine,
    answers_of,
    claim_lines,
    files_handed_over,
    files_of,
    form_state,
    frozen_content,
    identity_names,
    limits_of,
    recorded_figures,
    working_content,
)
from awards.nomination.queries.form_map import FormMap, form_map, warnings_of
from awards.nomination.queries.lists import (
    citable_activities,
    copyable_for,
    invitations_of,
    listed_for,
)
from awards.nomination.queries.opening import open_correction, open_parts, open_remarks, takes_drafts
from awards.nomination.queries.places import Places, places_all_taken, places_of

__all__ = [
    "ClaimLine",
    "FormMap",
    "Places",
    "answers_of",
    "citable_activities",
    "claim_lines",
    "copyable_for",
    "files_handed_over",
    "files_of",
    "form_map",
    "form_state",
    "frozen_content",
    "identity_names",
    "invitations_of",
    "limits_of",
    "listed_for",
    "open_correction",
    "open_parts",
    "open_remarks",
    "places_all_taken",
    "places_of",
    "recorded_figures",
    "takes_drafts",
    "warnings_of",
    "working_content",
]
