"""A workbook of the log, read into rows ready to be saved, or into what is wrong with it, cell by cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from services.catalogue import Register
from services.models.activities import DETAIL_MODELS, Activity, ServiceKind
from services.models.logged import Logged
from services.models.registers import Registration
from services.permissions import own_committees
from services.register import fields_of
from services.rules import faults
from units.models import Community, PartyMember, Unit, UnitAlias, UnitKind, User
from units.papers.intake import Place, Row, read_sheet
from units.papers.reading import KNOWN, Lookup, Reading
from units.papers.values import plain
from units.permissions import units_of
from units.roles import UNIT_ROLES

MOST_ROWS = 2000


class Names:
    """The units and communities a workbook may name, in three queries. `home`: the unit of an empty cell."""

    def __init__(self, user: User):
        own = units_of(user, *UNIT_ROLES)
        paths = tuple(unit.path for unit in own)
        self.unit = Lookup("单位", "，或不由您登记")
        self.action_branch = Lookup("行动党支部")
        self.community = Lookup("社区")
        self._joint = Lookup("单位")
        self.home = own[0] if own and not own[0].is_committee else None
        today = timezone.localdate()
        units = Unit.objects.filter(own_committees(user)).active_on(today)
        aliases: dict[int, list[str]] = {}
        for pk, name in UnitAlias.objects.filter(unit__in=units).values_list("unit", "name"):
            aliases.setdefault(pk, []).append(name)
        for unit in units:
            for name in (unit.name, unit.short_name, *aliases.get(unit.pk, [])):
                self._add(name, unit, paths)
        for community in Community.objects.only("name"):
            self.community.add(community.name, community)

    def _add(self, name: str, unit: Unit, paths: tuple[str, ...]) -> None:
        if unit.path.startswith(paths) and not unit.is_committee:
            self.unit.add(name, unit)
        if unit.kind == UnitKind.ACTION_BRANCH:
            self.action_branch.add(name, unit)
        elif unit.top_id == unit.pk:
            self._joint.add(name, unit)

    def joint_units(self, value) -> list[Unit]:
        parts = plain(value).replace("，", "、").replace(",", "、").replace("；", "、").replace("\n", "、")
        return list(dict.fromkeys(self._joint(part) for part in parts.split("、") if part.strip()))


def read_workbook(file, register: Register, *, name: str, user: User) -> Reading:
    """Read and check a workbook without saving anything. Raises IntakeRefused for an unusable file."""
    names = Names(user)
    fields = fields_of(register, names)
    intake = read_sheet(file, fields, name=name, max_rows=MOST_ROWS)
    reading = Reading(fields, intake, main=SAME[register.code][1])
    blame = reading.blame
    if names.home and any(row.values.get("unit") for row in intake.rows):
        unnamed = "、".join(str(row.number) for row in intake.rows if not row.values.get("unit"))
        reading.notes += [f"第{unnamed}行没有填单位，记在{names.home}名下。"] if unnamed else []
    for row in intake.rows:
        row.values["unit"] = row.values.get("unit") or names.home
        for column, words in faults(row.values, today=timezone.localdate()).items():
            blame(row, column, words)
    if register.model is Activity:
        _check_activities(intake.rows, blame)
    elif register.model is Registration:
        _find_members(intake.rows, blame)
    _tell_doubles(register, intake.rows, reading)
    intake.problems.sort(key=lambda problem: problem.row)
    if intake.ok:
        reading.rows = [_built(register, row.values) for row in intake.rows if reading.effect(row) != KNOWN]
    return reading


# ---------------------------------------------------------------- activities

DETAIL_COLUMNS = {
    kind: [column for column in model._meta.concrete_fields if column.name not in ("id", "activity")]
    for kind, model in DETAIL_MODELS.items()
}


def _check_activities(rows: list[Row], blame: Callable) -> None:
    """Each row fills the columns of its kind and of no other; a unit is not its own partner."""
    for row in rows:
        kind = row.values.get("kind")
        if kind is None:
            continue
        for other, columns in DETAIL_COLUMNS.items():
            for column in columns:
                given = row.values.get(column.name)
                if other != kind and given is not None:
                    blame(row, column.name, f"类别为{ServiceKind(kind).label}，此列应留空。")
                needed = not column.blank and not column.has_default()
                if other == kind and given is None and needed:
                    blame(row, column.name, f"类别为{ServiceKind(kind).label}时必填，不能为空。")
        unit = row.values.get("unit")
        if unit and any(unit.top_id == joint.pk for joint in row.values.get("joint_units") or []):
            blame(row, "joint_units", "登记单位自己不必再列。")


def _detail(values: dict[str, Any]) -> dict[str, Any]:
    """The detail values of the row's kind, defaults where its cells are empty."""
    found = {}
    for column in DETAIL_COLUMNS[values["kind"]]:
        given = values.get(column.name)
        if given is None:
            given = "" if column.empty_strings_allowed else column.get_default()
        found[column.name] = given
    return found


def _built(register: Register, values: dict[str, Any]) -> Logged:
    columns = {column.name for column in register.model._meta.concrete_fields}
    row = register.model(**{name: value for name, value in values.items() if name in columns})
    if register.model is Activity:
        row.new_detail, row.new_joint_units = _detail(values), values.get("joint_units") or []
    return row


# ---------------------------------------------------------------- registrations


def _find_members(rows: list[Row], blame: Callable) -> None:
    """Number and unit → the member, who may belong to a branch below the unit named."""
    numbers = {row.values.get("number") for row in rows}
    members: dict[str, list[PartyMember]] = {}
    for member in PartyMember.objects.filter(number__in=numbers).select_related("unit"):
        members.setdefault(member.number, []).append(member)
    for row in rows:
        unit, number = row.values.get("unit"), row.values.get("number")
        if not unit or not number:
            continue
        found = [one for one in members.get(number, []) if one.unit.path.startswith(unit.path)]
        if len(found) == 1:
            row.values["member"], row.values["unit"] = found[0], found[0].unit
        elif found:
            blame(row, "number", "下级有两个组织使用这个编号，请在“单位”中写明支部。")
        else:
            blame(row, "number", f"{unit}名册中没有这个编号。")


# ---------------------------------------------------------------- twice the same

# What makes two rows the same where no foreign number does, and the column at which to say so.
SAME = {
    "activities": (("unit", "happened_on", "subject", "target"), "subject"),
    "registrations": (("member", "community", "registered_on"), "registered_on"),
    "joint-projects": (("unit", "community", "name"), "name"),
    "brands": (("unit", "name"), "name"),
    "donations": (("unit", "donated_on", "purpose", "amount"), "purpose"),
    "ideas": (("unit", "title"), "title"),
}


@dataclass(frozen=True)
class Alike:
    """What a row, of a sheet or stored, is known by. key: unit, day and the like; number: the foreign one."""

    unit: int
    key: tuple
    number: str

    def is_the_same(self, other: Alike) -> bool:
        """By the foreign number where both have one of the same unit, otherwise by what they say."""
        if self.number and other.number and self.unit == other.unit:
            return self.number == other.number
        return self.key == other.key


def _tell_doubles(register: Register, rows: list[Row], reading: Reading) -> None:
    """A sheet that holds a row twice is wrong; what the log holds already is passed over: a ledger grows."""
    names, column = SAME[register.code]
    whole = [
        row
        for row in rows
        if row.values.get("unit") and all(row.values.get(name) is not None for name in names)
    ]
    alike = [_alike(row.values, names) for row in whole]
    first: dict[object, list[tuple[int | Place, Alike]]] = {}
    stored = _stored(register, names, alike)
    for row, one in zip(whole, alike, strict=True):
        handles = [one.key, *([(one.unit, one.number)] if one.number else [])]
        before = [
            number for handle in handles for number, other in first.get(handle, []) if one.is_the_same(other)
        ]
        if before:
            reading.blame(row, column, f"与第{before[0]}行重复。")
        elif any(one.is_the_same(other) for handle in handles for other in stored.get(handle, [])):
            reading.effects[row.number] = KNOWN
        for handle in handles:
            first.setdefault(handle, []).append((row.number, one))


def _alike(values: dict[str, Any], names: Sequence[str]) -> Alike:
    """A member registers in a community once a day, whatever number the other system gave it."""
    key = tuple(getattr(values[name], "pk", values[name]) for name in names)
    return Alike(values["unit"].pk, key, "" if "member" in names else values.get("foreign_number") or "")


def _stored(register: Register, names: Sequence[str], alike: list[Alike]) -> dict[object, list[Alike]]:
    """What is stored and may be the same as one of these, by key and by unit and foreign number; one question."""
    if not alike:
        return {}
    same_words = Q(**{f"{name}__in": {one.key[place] for one in alike} for place, name in enumerate(names)})
    same_number = Q(
        unit__in={one.unit for one in alike}, foreign_number__in={one.number for one in alike} - {""}
    )
    found: dict[object, list[Alike]] = defaultdict(list)
    rows = register.model.objects.filter(same_words | same_number).values_list(
        "unit", "foreign_number", *names
    )
    for unit, number, *key in rows:
        other = Alike(unit, tuple(key), number)
        for handle in (other.key, *([(unit, number)] if number else [])):
            found[handle].append(other)
    return found
