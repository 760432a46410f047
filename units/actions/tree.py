"""The tree of party organizations: units made, changed, moved, closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from units.actions.posts import described
from units.audit.events import Event
from units.audit.record import Act, record, record_all
from units.errors import Refused, StaleVersion
from units.known import known
from units.models import Post, Unit, UnitAlias, User

UNIT_FIELDS = (
    "name", "short_name", "kind", "order", "active_from", "active_to",
    "action_kind", "task", "ends_on", "approval_number",
)  # fmt: skip


@transaction.atomic
def create_unit(unit: Unit, *, aliases: Iterable[str] = (), actor: User | None) -> Unit:
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
def change_unit(unit: Unit, *, aliases: Iterable[str] = (), version: int, actor: User) -> Unit:
    """Save the changed fields of a unit and its aliases; its place in the tree is another act.

    A renamed unit keeps its old full name as an alias: workbooks go on using it, and blind texts are searched
    for it. version: the one the form was opened with; raises StaleVersion.
    """
    old = Unit.objects.select_for_update().get(pk=unit.pk)
    if old.version != version:
        raise StaleVersion
    changed = [name for name in UNIT_FIELDS if getattr(old, name) != getattr(unit, name)]
    if "name" in changed:
        aliases = [*aliases, *free_names([old.name], unit)]
    renamed = write_aliases(unit, aliases)
    if changed or renamed:
        unit.pinyin, unit.version = sort_key(unit.name), version + 1
        unit.save(update_fields=[*changed, "pinyin", "version"])
        record(
            Event.UNIT_CHANGED,
            actor=actor,
            target=unit,
            before={"unit_" + name: getattr(old, name) for name in changed},
            after={"unit_" + name: getattr(unit, name) for name in changed} | renamed,
        )
    return unit


@transaction.atomic
def close_unit(unit: Unit, *, on: date, into: Unit | None = None, reason: str, actor: User) -> Unit:
    """The unit ends with that day and its posts with it; what it did stays on file under its name.

    into: the unit that takes over; the closed one's names lead there from now on, in imports and searches.
    Raises Refused for the committee, a unit closed already, one with units below it that go on, and a
    successor that is closed, lies below it or belongs to another committee.
    """
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    _refuse_closing(unit, on, into)
    unit.active_to, unit.version = on, unit.version + 1
    unit.save(update_fields=["active_to", "version"])
    ended = _end_posts(unit, on, reason, actor)
    if into is not None:
        unit.aliases.update(unit=into)
        names = free_names([unit.name, unit.short_name], into)
        write_aliases(into, [*into.aliases.values_list("name", flat=True), *names])
    after = {"active_to": on, "posts": ended, "successor": into.slug if into else None}
    record(Event.UNIT_CLOSED, actor=actor, target=unit, after=after, reason=reason)
    return unit


def _refuse_closing(unit: Unit, on: date, into: Unit | None) -> None:
    if unit.is_committee:
        raise Refused("工委不能撤销。")
    if unit.active_to:
        raise Refused(f"{unit}已定于{unit.active_to:%Y-%m-%d}撤销。")
    if on < unit.active_from:
        raise Refused("撤销日期不能早于成立日期。")
    below = unit.children.filter(Q(active_to=None) | Q(active_to__gt=on)).order_by("order", "path")
    if names := [str(child) for child in below[:4]]:
        more = "等" if len(names) > 3 else ""
        raise Refused(f"下级组织{'、'.join(names[:3])}{more}还在，请先撤销或调整隶属关系。")
    if into is None:
        return
    if into.path.startswith(unit.path) or into.organiser_slug != unit.organiser_slug or into.active_to:
        raise Refused("并入的单位须是同一工委下现有的另一个党组织。")


def _end_posts(unit: Unit, on: date, reason: str, actor: User) -> int:
    """End the posts at a unit with that day, refuse those that would begin later; gives how many."""
    held = unit.posts.select_for_update(of=["self"]).filter(refused_at=None)
    held = list(held.filter(Q(to_on=None) | Q(to_on__gt=on)).select_related("user", "unit"))
    acts = []
    for post in held:
        before = {"to_on": post.to_on}
        if post.from_on > on:
            post.refused_at = timezone.now()
        else:
            post.to_on = on
        acts.append(Act(post.user, before=before, after=described(post)))
    Post.objects.bulk_update(held, ["to_on", "refused_at"])
    record_all(Event.POST_ENDED, acts, actor=actor, reason=reason)
    return len(held)


def free_names(names: Iterable[str], unit: Unit) -> list[str]:
    """Those of the names that are no alias of another unit: an alias leads to one unit only."""
    taken = set(UnitAlias.objects.filter(name__in=names).exclude(unit=unit).values_list("name", flat=True))
    return [name for name in names if name not in taken]


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
        row.parent = unit if row.parent_id == unit.pk else rows[known(row.parent_id)]
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
