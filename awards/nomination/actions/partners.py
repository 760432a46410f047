"""联合申报: the lead unit asks, the partner's own secretary answers; the place is charged to the lead."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from awards.errors import StageError
from awards.nomination.actions.opening import locked_for
from awards.nomination.models import Nomination, Partner
from awards.nomination.rules.limits import partners_problem
from units.audit.events import Event
from units.audit.record import record
from units.models import Unit, User


@transaction.atomic
def invite_partner(nomination: Nomination, *, unit: Unit, actor: User, share: int = 50) -> Partner:
    """Ask another organization to join; one that declined before is asked anew."""
    nomination = locked_for(nomination, "partners")
    today = timezone.localdate()
    if unit.top_id is None or unit.organiser_slug != nomination.unit.organiser_slug:
        raise StageError(f"{unit}不在本次评选的申报范围内。")
    if unit.active_from > today or (unit.active_to and unit.active_to < today):
        raise StageError(f"{unit}已撤销，不能邀请。")
    others = nomination.partners.not_declined().exclude(unit=unit).values_list("unit__top", flat=True)
    problem = partners_problem(
        nomination.unit.top_id, [*others, unit.top_id], nomination.campaign.partners_limit
    )
    if problem:
        raise StageError(problem)
    partner, created = Partner.objects.get_or_create(
        nomination=nomination, unit=unit, defaults={"share": share}
    )
    if not created:
        if partner.declined_at is None:
            raise StageError(f"已邀请{unit}，无须重复邀请。")
        partner.declined_at, partner.share = None, share
        partner.save(update_fields=["declined_at", "share"])
    record(Event.PARTNER_INVITED, actor=actor, target=nomination, after={"unit": str(unit), "share": share})
    return partner


@transaction.atomic
def remove_partner(partner: Partner, *, actor: User) -> None:
    """Take an organization off the file, whatever it answered."""
    nomination = locked_for(partner.nomination, "partners")
    unit = str(partner.unit)
    partner.delete()
    record(Event.PARTNER_REMOVED, actor=actor, target=nomination, before={"unit": unit})


@transaction.atomic
def confirm_partner(partner: Partner, *, actor: User) -> Partner:
    """The asked organization joins; only then is it named in the submission."""
    nomination = locked_for(partner.nomination, "partners")
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    if partner.confirmed_at:
        return partner
    if partner.declined_at:
        raise StageError("已谢绝联合申报；如需参加，请由牵头单位重新邀请。")
    partner.confirmed_at, partner.confirmed_by = timezone.now(), actor
    partner.save(update_fields=["confirmed_at", "confirmed_by"])
    record(Event.PARTNER_CONFIRMED, actor=actor, target=nomination, after={"unit": str(partner.unit)})
    return partner


@transaction.atomic
def decline_partner(partner: Partner, *, actor: User) -> Partner:
    """The asked organization does not join, or takes its consent back while the file is with the lead."""
    nomination = locked_for(partner.nomination, "partners")
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    if partner.declined_at is None:
        partner.declined_at, partner.confirmed_at, partner.confirmed_by = timezone.now(), None, None
        partner.save(update_fields=["declined_at", "confirmed_at", "confirmed_by"])
        record(Event.PARTNER_DECLINED, actor=actor, target=nomination, after={"unit": str(partner.unit)})
    return partner
