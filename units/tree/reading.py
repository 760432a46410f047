"""A book of units beside the units that are there: what each row would do, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from units.models import RESERVED_SLUGS, Unit, UnitAlias, UnitKind, User
from units.papers.intake import Row, read_sheet
from units.papers.reading import ADDED, SAME, Effect, Lookup, Reading, changed, repeated, text_of
from units.papers.values import Unreadable, folded
from units.queries import units_for
from units.roles import Role
from units.tree.columns import FIELDS, HEADERS, LONGEST_PATH, WRITTEN

MOST_ROWS = 2000


@dataclass(eq=False)
class Line:
    """One row of the book. unit: as it will stand; before: the fields that change, as they are stored.

    parent: of a new unit, one that is there or another new row of the book.
    """

    row: Row
    unit: Unit
    parent: Unit | Line | None = None
    aliases: list[str] = field(default_factory=list)
    before: dict = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.unit._state.adding

    @property
    def does_something(self) -> bool:
        return self.is_new or bool(self.before or self.aliases)

    def above(self) -> Iterator[Unit | Line]:
        """What it hangs under, upwards, as far as the book goes; endless in a circle."""
        place = self.parent
        while place is not None:
            yield place
            place = place.parent if isinstance(place, Line) else None


def read_units(file, *, name: str, user: User) -> Reading:
    """Read and check a book of units; problems by row and column. Raises IntakeRefused for an unreadable file.

    A unit is known by its full name, or by its code where the name is new (then it is renamed).
    """
    intake = read_sheet(file, FIELDS, name=name, max_rows=MOST_ROWS)
    return _Book(Reading(FIELDS, intake), user).read()


class _Book:
    """The rows beside the units that are there, in three questions to the database."""

    def __init__(self, reading: Reading, user: User):
        self.reading, self.rows = reading, reading.intake.rows
        self.units = list(Unit.objects.select_related("parent").order_by("order", "path"))
        reachable = units_for(user, Role.SYSADMIN, Role.OFFICE)
        self.reachable = set(reachable.values_list("pk", flat=True))
        self.by_name = {folded(unit.name): unit for unit in self.units}
        self.by_slug = {unit.slug: unit for unit in self.units}
        self.aliases: dict[str, Unit] = {}
        by_pk = {unit.pk: unit for unit in self.units}
        for pk, alias in UnitAlias.objects.values_list("unit", "name"):
            self.aliases[folded(alias)] = by_pk[pk]
        self.roots = [unit for unit in self.units if unit.is_committee and unit.pk in self.reachable]
        self.last_place = max((unit.order for unit in self.units), default=0)

    def read(self) -> Reading:
        self._refuse_doubles()
        lines = [line for row in self.rows if row.values["name"] and (line := self._line(row))]
        for place, first in repeated(line.unit.pk for line in lines).items():
            words = f"与第{lines[first].row.number}行是同一个党组织。"
            self.reading.blame(lines[place].row, "name", words)
        self._hang(lines)
        by_name = {folded(line.unit.name): line.unit for line in lines}
        for line in lines:
            self._check_aliases(line, by_name)
        self._give_codes([line for line in lines if line.is_new])
        self._check_paths([line for line in lines if line.is_new])
        self.reading.rows = lines
        self.reading.effects = {line.row.number: _effect(line) for line in lines}
        self.reading.problems.sort(key=lambda problem: problem.row)
        return self.reading

    def _refuse_doubles(self) -> None:
        for name in ("name", "slug"):
            keys = [folded(row.values.get(name) or "") or None for row in self.rows]
            for place, first in repeated(keys).items():
                self.reading.blame(self.rows[place], name, f"与第{self.rows[first].number}行重复。")
        named_before: dict[str, Row] = {}
        for row in self.rows:
            for alias in row.values.get("aliases") or []:
                first = named_before.setdefault(folded(alias), row)
                if first is not row:
                    self.reading.blame(row, "aliases", f"“{alias}”与第{first.number}行重复。")

    def _line(self, row: Row) -> Line | None:
        """The row beside its unit; None, with the reason told, where it cannot be taken at all."""
        given = row.values
        unit = self.by_name.get(folded(given["name"])) or self.by_slug.get(given.get("slug") or "")
        if unit is None:
            if (other := self.aliases.get(folded(given["name"]))) is not None:
                self.reading.blame(row, "name", f"这是“{other.name}”的别名，请写现在的全称，或先在那里删去。")
                return None
            return self._new(row)
        if unit.pk not in self.reachable:
            self.reading.blame(row, "name", "由另一个工委管理，不能在这里导入。")
        elif unit.active_to:
            self.reading.blame(row, "name", f"已定于{unit.active_to:%Y-%m-%d}撤销，请删去本行。")
        elif given.get("slug") and given["slug"] != unit.slug:
            self.reading.blame(row, "slug", f"代码建立后不能修改，现为{unit.slug}，请照填或留空。")
        else:
            return self._known(row, unit)
        return None

    def _new(self, row: Row) -> Line:
        given = row.values
        unit = Unit(**{name: given[name] for name in WRITTEN if given.get(name) is not None})
        unit.slug = given.get("slug") or ""
        if not unit.short_name:
            unit.short_name = unit.name[:30]
            if len(unit.name) > len(unit.short_name):
                self.reading.blame(row, "short_name", "全称超过30字，请填简称。")
        if given.get("order") is None:
            self.last_place += 1
            unit.order = self.last_place
        if unit.kind == UnitKind.COMMITTEE:
            self.reading.blame(row, "kind", "工委不能由导入新建。")
        line = Line(row, unit, aliases=list(given.get("aliases") or []))
        self._check_action(line)
        return line

    def _known(self, row: Row, unit: Unit) -> Line:
        given = row.values
        line = Line(row, unit, parent=unit.parent)
        kind = given.get("kind")
        if kind and (kind == UnitKind.COMMITTEE) != unit.is_committee:
            self.reading.blame(row, "kind", "工委不能改为其他类型，其他组织也不能改为工委。")
        for name in WRITTEN:
            value, stored = given.get(name), getattr(unit, name)
            if value in (None, "") or value == stored or (name == "name" and folded(value) == folded(stored)):
                continue
            line.before[name] = stored
            setattr(unit, name, value)
        line.aliases = [
            alias for alias in given.get("aliases") or [] if self.aliases.get(folded(alias)) != unit
        ]
        if "name" in line.before and folded(line.before["name"]) not in self.aliases:
            line.aliases.append(line.before["name"])  # workbooks go on using it, as after change_unit
        self._check_action(line)
        return line

    def _check_action(self, line: Line) -> None:
        if line.unit.kind == UnitKind.ACTION_BRANCH:
            for name in ("action_kind", "task"):
                if not getattr(line.unit, name):
                    self.reading.blame(line.row, name, "行动党支部须填写。")

    def _check_aliases(self, line: Line, by_name: dict[str, Unit]) -> None:
        """An alias leads to one unit; only the name of one that is gone may go on as another's alias."""
        for alias in line.row.values.get("aliases") or []:
            key = folded(alias)
            kept = self.by_name.get(key)
            other = self.aliases.get(key) or by_name.get(key)
            if other is None and kept is not None and not kept.active_to:
                other = kept
            if other is not None and other is not line.unit and other != line.unit:
                self.reading.blame(line.row, "aliases", f"“{alias}”已是{other}的名称或别名。")

    # ---- the tree ----

    def _hang(self, lines: list[Line]) -> None:
        parents = Lookup("党组织", "，名册和本表中都没有")
        for unit in self.units:
            if unit.pk in self.reachable and not unit.active_to:
                for name in (unit.name, unit.short_name):
                    parents.add(name, unit)
        for name, unit in self.aliases.items():
            if unit.pk in self.reachable and not unit.active_to:
                parents.add(name, unit)
        for line in lines:
            names = {line.unit.name, line.unit.short_name, *line.aliases}
            for name in names | {line.before.get("name", ""), line.before.get("short_name", "")}:
                parents.add(name, line if line.is_new else line.unit)
        full = self.by_name | {folded(line.unit.name): line for line in lines if line.is_new}
        kept = {
            name: unit
            for name, unit in full.items()
            if isinstance(unit, Line) or (unit.pk in self.reachable and not unit.active_to)
        }
        for line in lines:
            self._find_parent(line, kept, parents)
        for line in lines:
            self._refuse_circle(line)

    def _find_parent(self, line: Line, by_name: dict[str, Unit | Line], parents: Lookup) -> None:
        """A full name means that unit, whoever else bears it for short."""
        row, given = line.row, line.row.values.get("parent")
        found = None
        if given:
            try:
                found = by_name.get(folded(given)) or parents(given)
            except Unreadable as error:
                self.reading.blame(row, "parent", str(error))
                return
        if not line.is_new:
            if found is not None and found != line.parent:
                now = f"现为{line.parent}" if line.parent else "工委没有上级"
                words = f"与名册不同（{now}）。请照填或留空；调整隶属关系在该党组织的页面办理。"
                self.reading.blame(row, "parent", words)
        elif found is not None:
            line.parent = found
        elif len(self.roots) == 1:
            line.parent = self.roots[0]
        else:
            self.reading.blame(row, "parent", "请填写上级。")

    def _refuse_circle(self, line: Line) -> None:
        passed = [line]
        for above in line.above():
            if above is line:
                chain = "、".join(str(one.unit) for one in reversed(passed))
                self.reading.blame(line.row, "parent", f"互为上级，成了一圈：{chain}。")
            if above in passed or len(passed) > LONGEST_PATH:
                return
            passed.append(above)

    def _give_codes(self, lines: list[Line]) -> None:
        """A code from the pinyin of the short name where none is given; numbered where it is taken."""
        taken = {*self.by_slug, *RESERVED_SLUGS, *(line.unit.slug for line in lines)}
        for line in lines:
            if not line.unit.slug:
                line.unit.slug = free_slug(line.unit.short_name, taken)
                taken.add(line.unit.slug)

    def _check_paths(self, lines: list[Line]) -> None:
        for line in lines:
            length = len(line.unit.slug) + 1
            for place, above in enumerate(line.above()):
                length += len(above.unit.slug) + 1 if isinstance(above, Line) else len(above.path)
                if length > LONGEST_PATH or place > LONGEST_PATH:
                    self.reading.blame(line.row, "parent", "层级太多，请核对上级。")
                    break


def free_slug(words: str, taken: set[str]) -> str:
    """A code of at most 40 characters from the pinyin of a name: quminzhengju, or its initials, then numbered."""
    from pypinyin import lazy_pinyin  # its tables take a while to load, and only new units need them

    sounds = [re.sub(r"[^a-z0-9]", "", sound.lower()) for sound in lazy_pinyin(words, errors="ignore")]
    sounds += re.findall(r"[a-z0-9]+", words.lower())
    whole = "".join(sounds)
    base = whole if 0 < len(whole) <= 36 else "".join(sound[:1] for sound in sounds)[:36] or "unit"
    numbers = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbers if slug not in taken)


def _effect(line: Line) -> Effect:
    if line.is_new:
        return ADDED
    told = [
        f"{HEADERS[name]}由{_words(name, stored) or '空'}改为{_words(name, getattr(line.unit, name))}"
        for name, stored in line.before.items()
    ]
    if line.aliases:
        told.append(f"增加别名{'、'.join(line.aliases)}")
    return changed(*told) if told else SAME


def _words(name: str, value) -> str:
    return text_of(value, next(item for item in FIELDS if item.name == name))
