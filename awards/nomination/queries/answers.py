"""An answer in words: the one printer of what a submission froze, for every page and paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from awards import catalogue
from awards.catalogue import Field
from services.models.activities import ServiceKind
from units.kit.differences import Change, woven
from units.moments import chinese_date
from units.phones import mask_phone

SERVICES = dict(ServiceKind.choices)
Printer = Callable[[Field, Any], str]


def day_text(iso: str) -> str:
    """2026年3月1日, of a day as the content keeps it."""
    return chinese_date(date.fromisoformat(iso))


class _Row(dict):
    """The cells of a row as its line takes them: a day in words, nothing for what is missing."""

    def __missing__(self, name: str) -> str:
        return ""


def _lines(one: Field, rows: Iterable[Mapping[str, Any]]) -> str:
    cells = (
        {k: day_text(v) if k.endswith("_on") else "" if v is None else v for k, v in row.items()}
        for row in rows
    )
    return "\n".join(one.row.format_map(_Row(row)) for row in cells)


PRINTERS: dict[str, Printer] = {
    "choice": lambda one, value: str(one.choices.get(value, value)),
    "services": lambda one, value: "、".join(str(SERVICES.get(kind, kind)) for kind in value),
    "day": lambda one, value: day_text(value),
    "percent": lambda one, value: f"{value}%",
    "tick": lambda one, value: (
        one.choices["yes" if value else "no"] if one.choices else "是" if value else "否"
    ),
    "rows": _lines,
}


def answer(one: Field, content: Mapping[str, Any], *, phones: bool = False) -> str:
    """One answer of a frozen content in words; '' for none. A phone is masked unless `phones`."""
    value = content.get(one.key or one.code)
    if value in (None, "", []):
        return ""
    if one.kind == "phone":
        return str(value) if phones else mask_phone(str(value))
    printer = PRINTERS.get(one.kind)
    return printer(one, value) if printer else str(value).replace("\r\n", "\n")


@dataclass(frozen=True)
class Fact:
    """One cell of the short answers: two fields stand in one where the catalogue joins them."""

    field: Field
    label: str
    text: str


def facts(
    content: Mapping[str, Any], *, phones: bool = False, fields: Iterable[Field] | None = None
) -> list[Fact]:
    """The short answers of these fields (default: all), in the order of the form, empty ones too."""
    fields = list(catalogue.FIELDS if fields is None else fields)
    second = {one.joined for one in fields if one.joined}
    return [
        Fact(one, one.fact or one.title, _cell(one, content, phones))
        for one in fields
        if one.is_typed and not one.is_long and one.code not in second
    ]


def _cell(one: Field, content: Mapping[str, Any], phones: bool) -> str:
    text = answer(one, content, phones=phones)
    other = answer(catalogue.known(one.joined), content, phones=phones) if one.joined else ""
    if text and other:
        return one.pattern.format(text, other)
    return one.alone.format(text) if text else "" if one.fact else other


def changes(older: Mapping[str, Any], newer: Mapping[str, Any], *, phones: bool = False) -> list[Change]:
    """What one submission changed against another, answer by answer, rows as lines.

    A phone is told as changed though both are masked alike.
    """
    found = []
    for one in catalogue.FIELDS:
        before, after = (answer(one, side, phones=phones) for side in (older, newer))
        if before != after or (one.kind == "phone" and older.get(one.code) != newer.get(one.code)):
            found.append(Change(one.title, woven(before, after), one.code))
    return found
