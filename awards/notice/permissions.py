"""May this person …? The office runs the desk, the supervisor reads it and triages what came unsigned."""

from __future__ import annotations

from django.utils import timezone

from awards.campaign.models import Campaign
from awards.campaign.permissions import can_run
from awards.notice.models import Objection, ObjectionState
from awards.notice.queries import ties_of
from units.models import User
from units.permissions import holds
from units.roles import Role


def can_triage(user: User, campaign: Campaign) -> bool:
    """Say whether an unsigned tip is worth checking: the supervisor alone."""
    return holds(user, Role.SUPERVISOR, unit=campaign.organiser_id)


def can_work_on(user: User, objection: Objection) -> bool:
    """Whether the step that is due now is this person's kind of work; ties are asked apart."""
    if not objection.is_named and objection.state == ObjectionState.FILED:
        return can_triage(user, objection.notice.campaign)
    return can_run(user, objection.notice.campaign)


def can_read_case(user: User, objection: Objection) -> bool:
    """Whoever has a tie to the entry learns nothing of what is said against it."""
    campaign = objection.notice.campaign
    if not (can_run(user, campaign) or can_triage(user, campaign)):
        return False
    return not ties_of(user, objection.nomination, timezone.localdate())


def can_read_identity(user: User, objection: Objection) -> bool:
    """Name, contact and files: the handler of a signed case; of an unsigned one also who triages it."""
    if not can_read_case(user, objection):
        return False
    if objection.handler_id == user.pk and can_run(user, objection.notice.campaign):
        return True
    unsigned = not objection.is_named and objection.state == ObjectionState.FILED
    return unsigned and can_triage(user, objection.notice.campaign)
