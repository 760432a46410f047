"""What browsers send about a nomination, turned into clean values."""

from awards.nomination.forms.around import (
    AttachmentForm,
    EvidenceFilter,
    NominationFilter,
    PartnerForm,
    StartForm,
)
from awards.nomination.forms.draft import ClaimRows, NominationForm, claim_rows

__all__ = [
    "AttachmentForm",
    "ClaimRows",
    "EvidenceFilter",
    "NominationFilter",
    "NominationForm",
    "PartnerForm",
    "StartForm",
    "claim_rows",
]
