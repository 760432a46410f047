"""A workbook as plain cells, read apart and within bounds: what `intake` makes sense of."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import IO, NamedTuple

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._reader import WorkSheetParser

from units.uploads.apart import run_apart
from units.uploads.facts import MEGABYTE, UploadRefused
from units.uploads.inspection import inspect
from units.uploads.packages import check_parts

MOST_BYTES = 10 * MEGABYTE
MOST_UNPACKED = 40 * MEGABYTE  # a full sheet of 5000 rows and 40 columns has 20
MOST_SHEETS = 30
MOST_ROWS = 20_000  # with something in them, of one sheet
MOST_COLUMNS = 200
LAST_ROW = 1_048_576
TRUE = ("1", "true")
STRICT = b"http://purl.oclc.org/ooxml/"
TRANSITIONAL = {
    STRICT + b"spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    STRICT
    + b"officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    STRICT + b"drawingml/main": b"http://schemas.openxmlformats.org/drawingml/2006/main",
}
BROKEN = "表格已损坏，打不开，请在WPS中另存为xlsx后再上传。"
STAMPS = {"datetime": datetime, "date": date, "time": time}


class Cell(NamedTuple):
    """kind: openpyxl's letter for it: f a formula, e an error value."""

    value: object = None
    kind: str = "n"


EMPTY = Cell()


@dataclass(frozen=True)
class Sheet:
    """rows: number and cells of each row that holds something, trailing empty cells left out.

    merged: left, top, right, bottom of each merged range. hidden: numbers of the rows that are not shown.
    is_cut: there were more rows than are read.
    """

    title: str
    is_visible: bool
    rows: list[tuple[int, tuple[Cell, ...]]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    is_cut: bool = False


def read_grid(file, *, name: str) -> list[Sheet]:
    """All worksheets of an xlsx file. Raises UploadRefused for anything else, a broken or an endless one."""
    sheets, _ = run_apart(grid_of, file, name=name)
    return [
        Sheet(
            title, visible, [(number, tuple(map(_unpacked, cells))) for number, cells in rows],
            [tuple(span) for span in merged], hidden, is_cut,
        )
        for title, visible, rows, merged, hidden, is_cut in sheets
    ]  # fmt: skip


def grid_of(source: IO[bytes], target: IO[bytes], *, name: str) -> list:
    """The task of the reader: the sheets as lists, fit for JSON."""
    inspect(source, name=name, allowed=("xlsx",), max_bytes=MOST_BYTES)
    check_parts(source, name, MOST_UNPACKED)
    source.seek(0)
    try:
        book = load_workbook(_transitional(source), read_only=True, keep_links=False)
        return [_sheet(book, sheet) for sheet in book.worksheets[:MOST_SHEETS]]
    except MemoryError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part happens to trip over
        raise UploadRefused(BROKEN) from error


def _transitional(source: IO[bytes]) -> IO[bytes]:
    """The book as it is, or one saved as Strict Open XML under the names that openpyxl knows."""
    with zipfile.ZipFile(source) as old:
        if STRICT not in old.read("xl/workbook.xml"):
            source.seek(0)
            return io.BytesIO(source.read())
        found = io.BytesIO()
        with zipfile.ZipFile(found, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name.endswith((".xml", ".rels")):
                    for strict, known in TRANSITIONAL.items():
                        content = content.replace(strict, known)
                new.writestr(name, content)
    found.seek(0)
    return found


def _sheet(book, sheet) -> list:
    """The rows that are there, none for those left out between them; a number beyond any sheet is forged.

    A formula stands for the value that was stored with it, if one was.
    """
    rows, parser, is_cut = _parsed(book, sheet)
    if any(isinstance(cell, list) and cell[0] == "f" for _, cells in rows for cell in cells):
        rows = _calculated(rows, dict(_parsed(book, sheet, data_only=True)[0]))
    merged = [span.bounds for span in parser.merged_cells.mergeCell] if parser.merged_cells else []
    hidden = [int(number) for number, about in parser.row_dimensions.items() if about.get("hidden") in TRUE]
    return [sheet.title, sheet.sheet_state == "visible", rows, merged, hidden, is_cut]


def _parsed(book, sheet, **more) -> tuple[list, WorkSheetParser, bool]:
    rows: list = []
    is_cut = False
    with book._archive.open(sheet._worksheet_path) as source:
        parser = WorkSheetParser(
            source, sheet._shared_strings, epoch=book.epoch, date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats, **more,
        )  # fmt: skip
        for number, cells in parser.parse():
            if is_cut := len(rows) == MOST_ROWS:
                break
            if (packed := _row(cells)) and number <= LAST_ROW:
                rows.append((number, packed))
    return rows, parser, is_cut


def _calculated(rows: list, stored: dict[int, list]) -> list:
    return [
        (
            number,
            [
                value if isinstance(cell, list) and cell[0] == "f" and value is not None else cell
                for cell, value in zip_longest(cells, stored.get(number, []))
            ],
        )
        for number, cells in rows
    ]


def _row(cells: list[dict]) -> list:
    known = {cell["column"]: _packed(cell["value"], cell["data_type"]) for cell in cells}
    last = max(
        (place for place, value in known.items() if value is not None and place <= MOST_COLUMNS), default=0
    )
    return [known.get(place) for place in range(1, last + 1)]


def _packed(value, kind: str) -> object:
    """A bare value, None for nothing; a list of kind and value where JSON has no word for it."""
    if value is None or value == "":
        return None
    if isinstance(value, (datetime, date, time)):
        return [kind, type(value).__name__, value.isoformat()]
    if isinstance(value, timedelta):
        return [kind, "timedelta", value.total_seconds()]
    if kind == "s":
        # Excel writes what XML cannot hold as _x000B_; Word's line break is that very character.
        return unescape(str(value)).replace("\x0b", "\n")
    return value if kind in ("n", "b") else [kind, "", str(value)]


def _unpacked(packed) -> Cell:
    if packed is None:
        return EMPTY
    if not isinstance(packed, list):
        return Cell(packed, "s" if isinstance(packed, str) else "n")
    kind, stamp, value = packed
    if stamp == "timedelta":
        return Cell(timedelta(seconds=value), kind)
    return Cell(STAMPS[stamp].fromisoformat(value) if stamp else value, kind)
