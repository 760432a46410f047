"""What administrators and the office do with accounts, posts and the tree of units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from units.audit.events import Event
from units.audit.record import Act, record, record_all
from units.errors import Refused
from units.models import Post, Unit, User
from units.roles import COMMITTEE_ROLES, UNIT_ROLES, Role, excluded_by

ACCOUNT_FIELDS = ("name", "duty", "office_phone", "mobile")
# No look-alikes: the password is read from paper once, then changed.
PASSWORD_PARTS = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghjkmnpqrstuvwxyz", "23456789")


def first_password() -> str:
    """Twelve characters of three kinds, to be changed at the first log-in."""
    return "-".join(get_random_string(4, part) for part in PASSWORD_PARTS)


# ---------------------------------------------------------------- accounts


@transaction.atomic
def create_account(values: Mapping[str, Any], *, actor: User) -> tuple[User, str]:
    """A new account with a first password, which is returned once and kept nowhere."""
    password = first_password()
    user = User(username=values["username"], must_change_password=True)
    for name in ACCOUNT_FIELDS:
        setattr(user, name, values.get(name) or "")
    user.set_password(password)
    user.save()
    record(
        Event.ACCOUNT_CREATED,
        actor=actor,
        target=user,
        after={name: values.get(name) for name in ACCOUNT_FIELDS},
    )
    return user, password


@transaction.atomic
def change_account(user: User, values: Mapping[str, Any], *, actor: User) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    changed = {name: values[name] for name in ACCOUNT_FIELDS if values[name] != getattr(user, name)}
    if not changed:
        return user
    before = {name: getattr(user, name) for name in changed}
    for name, value in changed.items():
        setattr(user, name, value)
    user.save(update_fields=list(changed))
    record(Event.ACCOUNT_CHANGED, actor=actor, target=user, before=before, after=changed)
    return user


@transaction.atomic
def reset_password(user: User, *, actor: User) -> str:
    """A new first password; every session of the account ends with the old one."""
    password = first_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record(Event.PASSWORD_RESET, actor=actor, target=user)
    return password


@transaction.atomic
def set_account_active(user: User, active: bool, *, actor: User, reason: str = "") -> None:
    """Disable an account or enable it again; the person's posts stay as they are."""
    if user == actor:
        raise Refused("不能停用自己的账号。")
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(
        Event.ACCOUNT_ENABLED if active else Event.ACCOUNT_DISABLED, actor=actor, target=user, reason=reason
    )


# ---------------------------------------------------------------- posts


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
    user: User, *, role: Role, unit: Unit, from_on: date, to_on: date | None, reason: str = "", actor: User
) -> Post:
    """Propose a post; it counts once a security administrator has confirmed it.

    Raises Refused for posts that exclude each other, for a committee role away from the committee and
    for the same post twice.
    """
    user = User.objects.select_for_update().get(pk=user.pk)  # two grants at once must see each other
    role = Role(role)
    if role in COMMITTEE_ROLES and not unit.is_committee:
        raise Refused(f"“{role.label}”须设在工委，请选择工委。")
    if role in UNIT_ROLES and unit.is_committee:
        raise Refused(f"“{role.label}”须设在所属党组织，不能设在工委。")
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
def confirm_posts(posts: Iterable[Post], *, actor: User) -> int:
    """Confirm grants that wait; gives how many. Whoever granted one cannot confirm it."""
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
    """The post ends with that day; access ends with it."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if on < post.from_on:
        raise Refused("结束日期不能早于开始日期。")
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


# ---------------------------------------------------------------- units

UNIT_FIELDS = (
    "name", "short_name", "kind", "order", "active_from", "active_to",
    "action_kind", "task", "ends_on", "approval_number",
)  # fmt: skip


@transaction.atomic
def create_unit(unit: Unit, *, aliases: Iterable[str] = (), actor: User) -> Unit:
    unit.pinyin = sort_key(unit.name)
    unit.save()
    write_aliases(unit, aliases)
    record(
        Event.UNIT_CREATED,
        actor=actor,
        target=unit,
        after={"unit_name": unit.name, "parent": str(unit.parent)},
    )
    return unit


@transaction.atomic
def change_unit(unit: Unit, *, aliases: Iterable[str] = (), actor: User) -> Unit:
    """Save the changed fields of a unit and its aliases; its place in the tree is another act."""
    old = Unit.objects.select_for_update().get(pk=unit.pk)
    changed = [name for name in UNIT_FIELDS if getattr(old, name) != getattr(unit, name)]
    unit.pinyin = sort_key(unit.name)
    unit.save(update_fields=[*changed, "pinyin"])
    renamed = write_aliases(unit, aliases)
    if changed or renamed:
        record(
            Event.UNIT_CHANGED,
            actor=actor,
            target=unit,
            before={"unit_" + name: getattr(old, name) for name in changed},
            after={"unit_" + name: getattr(unit, name) for name in changed} | renamed,
        )
    return unit


def write_aliases(unit: Unit, names: Iterable[str]) -> dict[str, Any]:
    """Make the unit's aliases exactly these; gives what changed, for the log."""
    wanted, there = set(names), set(unit.aliases.values_list("name", flat=True))
    unit.aliases.exclude(name__in=wanted).delete()
    for name in sorted(wanted - there):
        unit.aliases.create(name=name)
    return {} if wanted == there else {"aliases": sorted(wanted)}


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, reason: str, actor: User) -> Unit:
    """Hang a unit with everything under it below another one of the same committee.

    Raises Refused for the committee itself, for a place under itself and for another committee.
    """
    tree = Unit.objects.select_for_update().filter(path__startswith=unit.path.split("/", 1)[0] + "/")
    rows = {row.pk: row for row in tree.order_by("path")}
    unit = rows[unit.pk]
    if unit.is_committee:
        raise Refused("工委在最上级，不能调整隶属关系。")
    if parent.pk not in rows:
        raise Refused("不能移到另一个工委之下。")
    parent = rows[parent.pk]
    if parent.path.startswith(unit.path):
        raise Refused("不能移到自己或自己的下级之下。")
    before, unit.parent = unit.parent, parent
    below = [row for row in rows.values() if row.path.startswith(unit.path) and row.pk != unit.pk]
    place_below_committee(unit)
    for row in below:  # ordered by path: a parent comes before its children
        row.parent = unit if row.parent_id == unit.pk else rows[row.parent_id]
        row.place()
        row.save(update_fields=["path", "top"])
    record(
        Event.UNIT_MOVED,
        actor=actor,
        target=unit,
        before={"parent": before},
        after={"parent": parent},
        reason=reason,
    )
    return unit


def place_below_committee(unit: Unit) -> None:
    unit.place()
    if unit.top_id is None:
        unit.top = unit
    unit.save(update_fields=["parent", "path", "top"])


def sort_key(name: str) -> str:
    """Pinyin of a name, so that lists sort as people look things up."""
    from pypinyin import lazy_pinyin  # its tables take a while to load, and only names need them

    return " ".join(lazy_pinyin(name))[:200]


# ---------------------------------------------------------------- the first day

FIRST_ADMINISTRATORS = {
    Role.SYSADMIN: "系统管理员",
    Role.SECADMIN: "安全管理员",
    Role.AUDITOR: "审计管理员",
}


@transaction.atomic
def begin(committee: Unit) -> list[tuple[User, str]]:
    """The committee and its three administrators in an empty portal; gives their first passwords once.

    Only here a post counts without a second person: there is none yet. Raises Refused later on.
    """
    if User.objects.exists() or Unit.objects.exists():
        raise Refused("已有账号或党组织，不能再次初始化。")
    create_unit(committee, actor=None)
    made = []
    for role, name in FIRST_ADMINISTRATORS.items():
        user, password = create_account({"username": role.value, "name": name}, actor=None)
        post = grant_post(
            user,
            role=role,
            unit=committee,
            from_on=timezone.localdate(),
            to_on=None,
            reason="初始化",
            actor=None,
        )
        post.confirmed_at = timezone.now()
        post.save(update_fields=["confirmed_at"])
        record(Event.POST_CONFIRMED, actor=None, target=user, after=described(post), reason="初始化")
        made.append((user, password))
    return made
