"""Texts, contacts and limits of a year."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from awards.campaign.actions.editing import FieldsRefused, changed, locked_campaign
from awards.campaign.models import Campaign
from awards.campaign.rules.locks import PLACES_BY_UNIT, never_lowered
from units.audit.events import Event
from units.audit.record import record
from units.models import User

TEXTS = (
    "title",
    "basis",
    "call",
    "approval_number",
    "contact_office",
    "contact_phone",
    "contact_email",
    "contact_address",
)
# How many places a unit gets stands in its quota row from the opening on.
PLACES = ("places_per_category", "places_in_all")
# What units work by: once the call is out it may become easier, never harder.
NEVER_LOWERED = (
    "title_limit",
    "summary_limit",
    "body_limit",
    "partners_limit",
    "attachments_limit",
    "correction_rounds",
    "correction_days",
    "notice_days",
)
CHANGEABLE = frozenset({*TEXTS, *PLACES, *NEVER_LOWERED, "panel_size", "contacts_kept_days"})


@transaction.atomic
def change_campaign(
    campaign: Campaign, values: dict[str, Any], *, version: int | None = None, actor: User | None
) -> Campaign:
    """Write texts, contacts and limits.

    Raises StaleVersion; StageError when the year is over; FieldsRefused with all that may no longer change.
    """
    if strangers := set(values) - CHANGEABLE:
        raise ValueError(f"no settings: {sorted(strangers)}")
    campaign = locked_campaign(campaign, version)
    before, after = changed(campaign, values)
    if campaign.opened_at:
        _require_fair(before, after)
    if not after:
        return campaign
    campaign.save(update_fields=list(after))
    record(Event.CAMPAIGN_CHANGED, actor=actor, target=campaign, before=before, after=after)
    return campaign


def _require_fair(before: dict[str, Any], after: dict[str, Any]) -> None:
    refused = {name: PLACES_BY_UNIT for name in after if name in PLACES}
    refused |= {
        name: never_lowered(before[name], value)
        for name, value in after.items()
        if name in NEVER_LOWERED and value < before[name]
    }
    if refused:
        raise FieldsRefused(refused)
