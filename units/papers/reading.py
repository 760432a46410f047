"""What a workbook would do: its rows compared with what is stored, with the effect of each, before anything is saved."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from units.folding import PRIVATE_USE, private_use
from units.kit.status import Mark
from units.papers.intake import Field, Intake, Place, Problem, Row
from units.papers.values import Unreadable, folded, phone, plain, shortened
from units.phones import mask_phone

PREVIEWED = 20


@dataclass(frozen=True)
class Effect(Mark):
    """What a row does when the workbook is taken. told: the changes, in words."""

    told: str = ""


ADDED = Effect("新增", "plus-lg")
SAME = Effect("不变", "dash", "off")
KNOWN = Effect("已登记", "dash", "off", "跳过")


def changed(*told: str) -> Effect:
    return Effect("修改", "pencil", "warn", "；".join(told))


@dataclass(frozen=True)
class Line:
    """One row as the preview shows it. cells: header and text of each column in use."""

    number: int | Place
    cells: list[tuple[str, str]]
    effect: Effect


@dataclass
class Reading:
    """A workbook that was read and checked; nothing of it is saved.

    rows: what the action takes, in the order of the sheet. effects: row number → what it does; empty where every
    row is simply added. main: the column that names a row, the first unless given. notes: what the reader took for granted,
    in sentences.
    """

    fields: Sequence[Field]
    intake: Intake
    rows: list = field(default_factory=list)
    effects: dict[int, Effect] = field(default_factory=dict)
    main: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return next((item.header for item in self.fields if item.name == self.main), self.fields[0].header)

    @property
    def problems(self) -> list[Problem]:
        return self.intake.problems

    @property
    def ok(self) -> bool:
        return self.intake.ok

    @property
    def doing(self) -> int:
        """How many rows do something."""
        return sum(self.effect(row) not in (SAME, KNOWN) for row in self.intake.rows)

    @property
    def counted(self) -> list[tuple[str, int]]:
        """How many rows do what, where not all are simply added."""
        found = Counter(self.effect(row).label for row in self.intake.rows)
        return list(found.items()) if self.effects else []

    def effect(self, row: Row) -> Effect:
        return self.effects.get(row.number, ADDED)

    def blame(self, row: Row, name: str, words: str) -> None:
        """Say what is wrong with a cell, the first time something is."""
        column = next(item.header for item in self.fields if item.name == name)
        if any((known.row, known.column) == (row.number, column) for known in self.problems):
            return
        given = row.values.get(name)
        self.problems.append(Problem(row.number, column, words, shortened(text_of(given), 60)))

    def preview(self, limit: int | None = PREVIEWED) -> list[Line]:
        """The first rows as text, without the columns that the sheet leaves empty; those that do nothing last."""
        used = self._used()
        rows = sorted(self.intake.rows, key=lambda row: self.effect(row) in (SAME, KNOWN))
        return [
            Line(
                row.number,
                [(item.header, text_of(row.values.get(item.name), item)) for item in used],
                self.effect(row),
            )
            for row in rows[:limit]
        ]

    def tell_private_use(self) -> None:
        """Point out the characters that look different, or like nothing, on the next computer."""
        for row in self.intake.rows:
            for item in self.fields:
                value = row.values.get(item.name)
                if isinstance(value, str) and (odd := private_use(value)):
                    self.notes.append(f"第{row.number}行“{item.header}”里的“{odd}”是造字，{PRIVATE_USE}")

    @property
    def digest(self) -> str:
        """Of all that the preview says: the same again when nothing changed in the database meanwhile."""
        said = [[line.number, line.cells, str(line.effect)] for line in self.preview(None)]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    def _used(self) -> list[Field]:
        return [item for item in self.fields if any(_said(row, item) for row in self.intake.rows)]


def _said(row: Row, item: Field) -> bool:
    return row.values.get(item.name) not in (None, "", [], item.default)


def text_of(value, item: Field | None = None) -> str:
    """A clean value as the preview prints it; phones masked."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    parse = item.parse if item else None
    if parse is phone:
        return mask_phone(value)
    known = getattr(parse, "known", {})
    return next((label for label, code in known.items() if code == value), str(value))


def repeated(keys: Iterable) -> dict[int, int]:
    """Position → position of the first equal key before it; what an import holds twice. None is no key."""
    first: dict = {}
    doubles = {}
    for position, key in enumerate(keys):
        if key is not None and first.setdefault(key, position) != position:
            doubles[position] = first[key]
    return doubles


class Lookup:
    """Rows by any of their names, however these are typed."""

    def __init__(self, what: str, where: str = ""):
        self.what, self.where = what, where
        self.rows: dict[str, set] = defaultdict(set)

    def add(self, name: str, row) -> None:
        if name:
            self.rows[folded(name)].add(row)

    def __call__(self, value):
        found = self.rows.get(folded(value), set())
        if len(found) > 1:
            raise Unreadable(f"“{shortened(plain(value))}”有几个{self.what}，请写全称。")
        if not found:
            raise Unreadable(f"没有“{shortened(plain(value))}”这个{self.what}{self.where}。")
        return next(iter(found))
