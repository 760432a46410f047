"""Texts, contacts and limits of a year."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from awards.campaign.actions.editing import changed, locked_campaign
from awards.campaign.models import Campaign
from awards.errors import StageError
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
CHANGEABLE = frozenset({*TEXTS, *PLACES, *NEVER_LOWERED, "panel_size"})


@transaction.atomic
def change_campaign(
    campaign: Campaign, values: dict[str, Any], *, version: int | None = None, actor: User | None
) -> Campaign:
    """Write texts, contacts and limits. Raises StaleVersion, or StageError for what may no longer change."""
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
    def label(name):
        return Campaign._meta.get_field(name).verbose_name

    for name in after:
        if name in PLACES:
            raise StageError(f"已启动，“{label(name)}”不能统一修改，请在“申报名额”中逐个单位调整。")
        if name in NEVER_LOWERED and after[name] < before[name]:
            raise StageError(f"已启动，“{label(name)}”只能放宽，不能由{before[name]}改为{after[name]}。")
