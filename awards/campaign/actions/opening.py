"""The year opens: the public reads the call, every unit gets its places."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from awards.campaign.models import Campaign, UnitQuota
from awards.campaign.queries import opening_problems
from awards.errors import StageError
from units.audit.events import Event
from units.audit.record import record
from units.models import Unit, User


class SetupRefused(StageError):
    """A year, or a change of it, that cannot stand as it is; `problems` are whole sentences."""

    def __init__(self, lead: str, problems: Sequence[str]):
        super().__init__(lead + "".join(problems))
        self.problems = list(problems)


@transaction.atomic
def open_campaign(campaign: Campaign, *, actor: User | None) -> Campaign:
    """Make the year known and give every standing organization its places; once is enough.

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
