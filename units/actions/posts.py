"""Posts: proposed, confirmed by a second person, refused, ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from units.audit.events import Event
from units.audit.record import Act, record, record_all
from units.errors import Refused
from units.models import Post, Unit, User
from units.roles import Role, excluded_by, misplaced


def clash(user: User, role: Role, unit: Unit, from_on: date, to_on: date | None) -> Post | None:
    """A post of the person, waiting or confirmed, that may not be held together with the new one."""
    others = user.posts.filter(refused_at=None).filter(Q(to_on=None) | Q(to_on__gte=from_on))
    if to_on:
        others = others.filter(from_on__lte=to_on)
    for post in others.select_related("unit"):
        same_unit = post.unit.organiser_slug == unit.organiser_slug
        if excluded_by(role, Role(post.role), same_unit=same_unit):
            return post
    return None


def refuse_clash(user: User, role: Role, unit: Unit, from_on: date, to_on: date | None) -> None:
    other = clash(user, role, unit, from_on, to_on)
    if other is not None:
        raise Refused(
            f"{user}已任“{other.get_role_display()}”（{other.unit}），不能同时任“{role.label}”。请先结束原岗位。"
        )


@transaction.atomic
def grant_post(
    user: User,
    *,
    role: Role,
    unit: Unit,
    from_on: date,
    to_on: date | None,
    reason: str = "",
    actor: User | None,
) -> Post:
    """Propose a post; it counts once a security administrator has confirmed it.

    Raises Refused for posts that exclude each other, for a committee role away from the committee and
    for the same post twice.
    """
    user = User.objects.select_for_update().get(pk=user.pk)  # two grants at once must see each other
    role = Role(role)
    if refusal := misplaced(role, at_committee=unit.is_committee):
        raise Refused(refusal)
    same = user.posts.filter(role=role, unit=unit, refused_at=None).filter(
        Q(to_on=None) | Q(to_on__gte=from_on)
    )
    if same.exists():
        raise Refused("此人已有相同岗位，不必重复授予。")
    refuse_clash(user, role, unit, from_on, to_on)
    post = Post.objects.create(
        user=user, unit=unit, role=role, from_on=from_on, to_on=to_on, reason=reason, granted_by=actor
    )
    record(Event.POST_GRANTED, actor=actor, target=user, after=described(post), reason=reason)
    return post


@transaction.atomic
def grant_first_posts(posts: list[Post], *, reason: str, actor: User) -> None:
    """Propose the first post of each of some accounts made in this very transaction, in two statements.

    They hold nothing yet, so nothing can clash. Raises Refused for a post in the wrong place.
    """
    for post in posts:
        post.granted_by, post.reason = actor, reason
        if refusal := misplaced(Role(post.role), at_committee=post.unit.is_committee):
            raise Refused(refusal)
    Post.objects.bulk_create(posts, batch_size=500)
    acts = [Act(post.user, after=described(post)) for post in posts]
    record_all(Event.POST_GRANTED, acts, actor=actor, reason=reason)


@transaction.atomic
def confirm_posts(posts: Iterable[Post], *, actor: User) -> int:
    """Confirm grants that wait; gives how many. Whoever granted one, or is to hold it, cannot confirm it.

    Raises Refused, and confirms none, when one of them may not be confirmed.
    """
    waiting = Post.objects.select_for_update(of=["self"]).select_related("unit", "user", "granted_by")
    waiting = waiting.awaiting_confirmation().filter(pk__in=[post.pk for post in posts])
    confirmed = list(waiting.order_by("pk"))
    for post in confirmed:
        if post.granted_by_id == actor.pk or post.user_id == actor.pk:
            raise Refused("授予岗位的人和任职的人不能确认该岗位，请由另一位安全管理员办理。")
        refuse_clash_besides(post)
        # Saved one by one: each must see the ones before it.
        post.confirmed_by, post.confirmed_at = actor, timezone.now()
        post.save(update_fields=["confirmed_by", "confirmed_at"])
    acts = [Act(post.user, after=described(post), second_actor=post.granted_by) for post in confirmed]
    record_all(Event.POST_CONFIRMED, acts, actor=actor)
    return len(confirmed)


def refuse_clash_besides(post: Post) -> None:
    """What `grant_post` asked is asked again: another post may have been confirmed meanwhile."""
    for other in (
        post.user.posts.filter(confirmed_at__isnull=False).exclude(pk=post.pk).select_related("unit")
    ):
        overlapping = (other.to_on is None or other.to_on >= post.from_on) and (
            post.to_on is None or other.from_on <= post.to_on
        )
        same_unit = other.unit.organiser_slug == post.unit.organiser_slug
        if overlapping and excluded_by(Role(post.role), Role(other.role), same_unit=same_unit):
            raise Refused(
                f"{post.user}现任“{other.get_role_display()}”，不能确认“{post.get_role_display()}”。"
            )


@transaction.atomic
def refuse_post(post: Post, *, reason: str, actor: User) -> None:
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.confirmed_at or post.refused_at:
        raise Refused("该岗位已经办理，请刷新页面。")
    post.refused_at, post.reason = timezone.now(), reason
    post.save(update_fields=["refused_at", "reason"])
    record(Event.POST_REFUSED, actor=actor, target=post.user, after=described(post), reason=reason)


@transaction.atomic
def end_post(post: Post, *, on: date, reason: str, actor: User) -> None:
    """The post ends with that day; access ends with it. An end may come earlier, never later than agreed.

    Raises Refused for another order of days: a longer post is a new grant, which a second person confirms.
    """
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.refused_at:
        raise Refused("该岗位未获确认，不必结束。")
    if on < post.from_on:
        raise Refused("结束日期不能早于开始日期。")
    if post.to_on and on > post.to_on:
        raise Refused(f"该岗位到{post.to_on:%Y-%m-%d}为止，不能延后；需要延长的请另行授予。")
    before = {"to_on": post.to_on}
    post.to_on = on
    post.save(update_fields=["to_on"])
    record(
        Event.POST_ENDED, actor=actor, target=post.user, before=before, after=described(post), reason=reason
    )


def described(post: Post) -> dict[str, Any]:
    """A post as the log keeps it."""
    return {
        "role": post.role,
        "unit": post.unit.slug,
        "from_on": post.from_on,
        "to_on": post.to_on,
    }
