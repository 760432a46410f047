"""What people do with a nomination until the office has it.

They ask whether the step is possible now; whether this person may take it, the view has asked before.
"""

from awards.nomination.actions.attachments import add_attachment, remove_attachment
from awards.nomination.actions.drafts import cite_activities, save_draft, start_nomination
from awards.nomination.actions.partners import (
    confirm_partner,
    decline_partner,
    invite_partner,
    remove_partner,
)
from awards.nomination.actions.submission import (
    AlreadySubmitted,
    send_back,
    send_to_unit_review,
    submit_nomination,
    withdraw_nomination,
)

__all__ = [
    "AlreadySubmitted",
    "add_attachment",
    "cite_activities",
    "confirm_partner",
    "decline_partner",
    "invite_partner",
    "remove_attachment",
    "remove_partner",
    "save_draft",
    "send_back",
    "send_to_unit_review",
    "start_nomination",
    "submit_nomination",
    "withdraw_nomination",
]
