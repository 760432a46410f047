"""The pool: who may be drawn as a reviewer."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from awards.campaign.models import Campaign
from awards.errors import StageError
from awards.panel.models import Reviewer
from units.audit.events import Event
from units.audit.record import record
from units.models import Post, Unit, User
from units.roles import Role

DECIDERS = (Role.OFFICE, Role.MEMBER, Role.SUPERVISOR)


def refusal_of(held: set[str], is_active: bool) -> str:
    """Why somebody with these posts at the committee may not judge for it; empty when nothing speaks against it."""
    if deciding := [role.label for role in DECIDERS if role in held]:
        return f"现任{'、'.join(deciding)}，不能同时担任评委。"
    if Role.REVIEWER not in held:
        return "没有本届组织单位的评委岗位，请先由系统管理员授予、安全管理员确认。"
    return "" if is_active else "账号已停用。"


def why_not_a_reviewer(user: User, campaign: Campaign) -> str:
    """Why a person may not judge for this committee today; empty when the person may."""
    held = Post.objects.current().filter(user=user, unit=campaign.organiser_id)
    return refusal_of(set(held.values_list("role", flat=True)), user.is_active)


@transaction.atomic
def add_reviewer(
    campaign: Campaign, *, user: User, employer: Unit | None, expertise: str = "", actor: User
) -> Reviewer:
    """Put a person into the campaign's pool. Raises StageError when the posts forbid it."""
    if problem := why_not_a_reviewer(user, campaign):
        raise StageError(f"{user}{problem}")
    reviewer, created = Reviewer.objects.get_or_create(
        campaign=campaign, user=user, defaults={"employer": employer, "expertise": expertise}
    )
    if not created:
        raise StageError(f"{user}已在评委库中。")
    record(
        Event.REVIEWER_ADDED,
        actor=actor,
        target=user,
        after={"employer": employer, "expertise": expertise},
        campaign=campaign.code,
    )
    return reviewer


@transaction.atomic
def change_reviewer(
    reviewer: Reviewer, *, employer: Unit | None, expertise: str, is_active: bool, actor: User
) -> Reviewer:
    """Correct the employer or expertise, or take the person out of further draws.

    A new employer is heard at once where entries are fetched; the recusals are written when the entries
    are assigned again.
    """
    reviewer = Reviewer.objects.select_for_update().get(pk=reviewer.pk)
    before = {"employer": reviewer.employer, "expertise": reviewer.expertise, "is_active": reviewer.is_active}
    after = {"employer": employer, "expertise": expertise, "is_active": is_active}
    if before == after:
        return reviewer
    for name, value in after.items():
        setattr(reviewer, name, value)
    reviewer.save(update_fields=[*after])
    record(
        Event.REVIEWER_CHANGED,
        actor=actor,
        target=reviewer.user,
        before=before,
        after=after,
        campaign=reviewer.campaign.code,
    )
    return reviewer


@transaction.atomic
def sign_pledge(user: User) -> int:
    """The reviewer's own promise, once for each running year whose pool holds the person; gives how many.

    Nobody else can sign it, and no mark is taken before it (`awards.review.actions`).
    """
    pools = Reviewer.objects.select_for_update(of=["self"]).select_related("campaign")
    pools = pools.filter(user=user, declared_at=None, campaign__announced_at=None)
    signed = list(pools.filter(campaign__opened_at__isnull=False))
    for reviewer in signed:
        reviewer.declared_at = timezone.now()
        reviewer.save(update_fields=["declared_at"])
        record(Event.REVIEWER_PLEDGED, actor=user, target=user, campaign=reviewer.campaign.code)
    return len(signed)
