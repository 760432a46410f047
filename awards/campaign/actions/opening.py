"""The year opens: the public reads the call, every unit gets its places."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from awards.campaign.actions.editing import SetupRefused, changed, locked_campaign
from awards.campaign.models import Campaign, UnitQuota
from awards.campaign.queries.timetable import opening_problems
from awards.errors import StageError
from units.audit.events import Event
from units.audit.record import record
from units.models import Unit, User


@transaction.atomic
def open_campaign(campaign: Campaign, *, actor: User | None) -> Campaign:
    """Make the year known and give every active organization its places; once is enough.

    Raises SetupRefused with everything that is wrong with rule and timetable.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.opened_at:
        return campaign
    if problems := opening_problems(campaign):
        raise SetupRefused("还不能启动。", problems)
    now = timezone.now()
    units = Unit.objects.top_organizations(campaign.organiser).active_on(timezone.localdate(now))
    quotas = UnitQuota.objects.bulk_create(
        UnitQuota(
            campaign=campaign,
            unit=unit,
            places=campaign.places_in_all,
            per_category=campaign.places_per_category,
        )
        for unit in units
    )
    campaign.opened_at = now
    campaign.save(update_fields=["opened_at"])
    record(Event.CAMPAIGN_OPENED, actor=actor, target=campaign, after={"units": len(quotas)})
    return campaign


@transaction.atomic
def save_quota(
    campaign: Campaign, unit: Unit, *, places: int, per_category: int, reason: str, actor: User | None
) -> UnitQuota:
    """Give one organization other places than the rest, or its first ones when it came after the opening.

    The row is locked: a nomination may be on its way to take the last place. Places already used up are
    not taken back; the unit only cannot submit more.
    """
    if not campaign.opened_at:
        raise StageError("启动后才有各单位的名额。启动前请在“类别与名额”中设置。")
    if not reason.strip():
        raise StageError("请写明调整理由。")
    locked_campaign(campaign)
    if unit.top_id != unit.pk or not unit.path.startswith(campaign.organiser.path):
        raise StageError(f"{unit}不是{campaign.organiser}直属的党组织，名额随其上级计算。")
    quota, _ = UnitQuota.objects.select_for_update().get_or_create(
        campaign=campaign, unit=unit, defaults={"places": 0, "per_category": 0}
    )
    before, after = changed(quota, {"places": places, "per_category": per_category})
    if after:
        quota.save(update_fields=list(after))
        record(
            Event.CAMPAIGN_CHANGED,
            actor=actor,
            target=f"{unit}申报名额",
            before=before,
            after=after,
            reason=reason,
            campaign=campaign.code,
        )
    return quota
