"""A previewed book of units is taken: every unit of it or none."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from units.actions.importing import Confirmation, confirmed, wait_for_the_turn
from units.actions.tree import UNIT_FIELDS, sort_key
from units.audit.events import Event
from units.audit.record import Act, record, record_all
from units.models import Unit, UnitAlias
from units.tree.reading import Line


@transaction.atomic
def import_units(word: Confirmation) -> list[Unit]:
    """Make the new units of a previewed book and change the known ones; gives those, or refuses the whole.

    Nobody adds to the tree, moves or changes a unit meanwhile. Raises what `confirmed` raises.
    """
    wait_for_the_turn()
    list(Unit.objects.select_for_update().order_by("path").values_list("pk"))
    lines = [line for line in confirmed(word).rows if line.does_something]
    new, known = [line for line in lines if line.is_new], [line for line in lines if not line.is_new]
    _make(new)
    _change(known)
    UnitAlias.objects.bulk_create(
        UnitAlias(unit=line.unit, name=alias) for line in lines for alias in line.aliases
    )
    made = [
        Act(line.unit, after={"unit_name": line.unit.name, "parent": str(line.unit.parent)} | _noted(line))
        for line in new
    ]
    altered = [
        Act(
            line.unit,
            before={"unit_" + name: stored for name, stored in line.before.items()},
            after={"unit_" + name: getattr(line.unit, name) for name in line.before} | _noted(line),
        )
        for line in known
    ]
    record_all(Event.UNIT_CREATED, made, actor=word.actor, act_id=word.ticket)
    record_all(Event.UNIT_CHANGED, altered, actor=word.actor, act_id=word.ticket)
    after = {"created": len(made), "changed": len(altered)}
    record(
        Event.UNITS_IMPORTED,
        actor=word.actor,
        target=f"{len(lines)}个党组织",
        after=after,
        act_id=word.ticket,
    )
    return [line.unit for line in lines]


def _noted(line: Line) -> dict:
    return {"aliases": line.aliases} if line.aliases else {}


def _make(lines: list[Line]) -> None:
    """Level by level, so that each unit's parent has its key; a statement for each level."""
    waiting = dict.fromkeys(lines)
    while waiting:
        level = [line for line in waiting if line.parent not in waiting]
        for line in level:
            line.unit.parent = line.parent.unit if isinstance(line.parent, Line) else line.parent
            line.unit.pinyin = sort_key(line.unit.name)
            line.unit.place()
        Unit.objects.bulk_create(line.unit for line in level)
        for line in level:
            line.unit.top_id = line.unit.top_id or line.unit.pk
            del waiting[line]
    # A unit right below its committee is its own top; its key exists only now.
    Unit.objects.filter(pk__in=[line.unit.pk for line in lines], top=None).update(top=F("pk"))


def _change(lines: list[Line]) -> None:
    for line in lines:
        line.unit.pinyin, line.unit.version = sort_key(line.unit.name), line.unit.version + 1
    Unit.objects.bulk_create(
        (line.unit for line in lines),
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[*(name for name in UNIT_FIELDS if name != "active_to"), "pinyin", "version"],
    )
