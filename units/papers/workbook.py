"""Excel out: the one way in which the portal writes a list, made to be printed and filed as it stands.

A sheet has a merged title, a line that says whose list it is, of which day and who drew it, a header that is
frozen on the screen and repeated on paper, the rows, and totals where asked. Rows may come from an iterator:
they are written as they arrive, only the first ones are looked at beforehand to set the column widths.
"""

import io
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from units.downloads import attachment_response
from units.moments import chinese_date
from units.papers.typesetting import shared_width
from units.papers.values import display_width, printable

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = 9  # as the format numbers paper
SAMPLE = 500  # rows looked at for the column widths
NARROWEST, WIDEST, PADDING = 6, 48, 3  # columns, in characters
# A4 turned, between margins of half an inch, holds 146 characters of 11 pt: at 7 pt, the smallest print, 230.
PAGE_WIDTH, BROAD = 230, 24  # BROAD: a column of text is not made narrower than this to save a page
ROW_HEIGHT, LINE_HEIGHT, HIGHEST_ROW = 19, 15, 409  # in points; 409 is the most Excel takes
CELL_LIMIT = 32767
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SUM = object()  # in `totals`: add up what the column printed

FORMATS = {"text": "@", "number": "#,##0", "money": "#,##0.00", "percent": "0.0%", "date": "yyyy-mm-dd"}
FORMATS["time"] = "yyyy-mm-dd hh:mm"
NUMERIC = {"number", "money", "percent"}
LINE = Side(style="thin", color="FF8A919C")
BORDER = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
TITLE_FONT = Font(name="宋体", size=16, bold=True)
HEADER_FONT = Font(name="宋体", size=11, bold=True)
BODY_FONT = Font(name="宋体", size=11)
TEXT_ALIGNMENT = Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True)
HEADER_FILL = PatternFill("solid", fgColor="FFF1F2F4")


@dataclass(frozen=True)
class Column:
    """One column: its header and where a row's value comes from.

    key: a path of attributes or keys ("unit.name"; what is callable at the end is called), or a function of the row.
    kind: text, number, money, percent (0.915 prints 91.5%), date or time; codes and phones are text.
    places: decimals of a number.
    """

    header: str
    key: str | Callable
    kind: str = "text"
    width: float | None = None
    places: int = 0

    def value(self, row):
        if callable(self.key):
            return self.key(row)
        for step in self.key.split("."):
            row = row.get(step) if isinstance(row, Mapping) else getattr(row, step, None)
            if row is None:
                return None
        return row() if callable(row) else row

    @property
    def number_format(self) -> str:
        return "#,##0." + "0" * self.places if self.kind == "number" and self.places else FORMATS[self.kind]


@dataclass
class Sheet:
    """One list. `totals`: header → figure (or SUM) for a last row 合计; `note`: a line below the table."""

    title: str
    columns: Sequence[Column]
    rows: Iterable
    subtitle: str = ""
    totals: Mapping[str, object] = field(default_factory=dict)
    note: str = ""
    name: str = ""


def export_line(unit: str, person: str, on: date | None = None) -> str:
    """The line under the title: whose list, of which day, drawn by whom."""
    day = on or timezone.localdate()
    return f"单位：{unit}　　导出日期：{chinese_date(day)}　　导出人：{person}"


def workbook_bytes(sheets: Iterable[Sheet], *, author: str = "") -> bytes:
    book = Workbook(write_only=True)
    book.properties.creator = book.properties.lastModifiedBy = author
    names = set()
    for sheet in sheets:
        _write(book.create_sheet(_sheet_name(sheet.name or sheet.title, names)), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook_response(
    name: str, sheets: Iterable[Sheet], *, author: str = "", on: date | None = None
) -> HttpResponse:
    """The workbook as a download called `name` and the day, as in 入选名单_20261106.xlsx."""
    day = on or timezone.localdate()
    return attachment_response(
        workbook_bytes(sheets, author=author), f"{name}_{day:%Y%m%d}.xlsx", CONTENT_TYPE
    )


def _write(page, sheet: Sheet) -> None:
    columns = sheet.columns
    values = ([_cell_value(column, column.value(row)) for column in columns] for row in sheet.rows)
    sample = list(islice(values, SAMPLE))
    header_row = 3 if sheet.subtitle else 2
    widths = [
        column.width or _fitting(column, (row[i] for row in sample)) for i, column in enumerate(columns)
    ]
    widths = put_on_paper(page, widths)
    _prepare_page(page, sheet, header_row, widths)
    across = "center" if page.page_setup.fitToWidth == 1 else "left"
    page.append(_banner(page, sheet.title, TITLE_FONT, across, len(columns)))
    if sheet.subtitle:
        page.append(_banner(page, sheet.subtitle, BODY_FONT, "left", len(columns)))
    page.append([_header_cell(page, column) for column in columns])
    pens = [_Pen(page, column) for column in columns]
    sums = [Decimal(0)] * len(columns)
    wanted = [index for index, column in enumerate(columns) if sheet.totals.get(column.header) is SUM]
    last = header_row
    for last, row in enumerate(chain(sample, values), start=header_row + 1):
        give_room(page, last, row, widths)
        page.append([pen.write(value) for pen, value in zip(pens, row, strict=True)])
        for index in wanted:
            if isinstance(row[index], (int, float, Decimal)):
                sums[index] += Decimal(str(row[index]))
    if sheet.totals:
        page.append(_totals_row(page, sheet, sums))
    if sheet.note:
        give_room(page, last + bool(sheet.totals) + 1, [sheet.note], [sum(widths)])
        page.append(_banner(page, sheet.note, BODY_FONT, "left", len(columns)))
        _merge(page, last + bool(sheet.totals) + 1, len(columns))


def put_on_paper(page, widths: list[float]) -> list[float]:
    """Set a sheet up for A4, turned, and give its columns their widths: those wished, or what fits legibly.

    Broad columns give way first; where they would become too narrow, the sheet takes a further page beside the
    first, its first column repeated.
    """
    pages, fitting = 1, list(widths)
    while sum(widths) > PAGE_WIDTH * pages:
        fitting = shared_width(widths, PAGE_WIDTH * pages)
        if all(width >= min(wish, BROAD) for wish, width in zip(widths, fitting, strict=True)):
            break
        pages, fitting = pages + 1, list(widths)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = pages, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.5
    page.oddFooter.center.text = "第&P页　共&N页"
    if pages > 1:
        page.print_title_cols = "A:A"
    for index, width in enumerate(fitting, start=1):
        page.column_dimensions[get_column_letter(index)].width = width
    return fitting


def _prepare_page(page, sheet: Sheet, header_row: int, widths: list[float]) -> None:
    """Everything that stands before the rows in the file, and so must be known before the first is written."""
    page.print_title_rows = f"{header_row}:{header_row}"
    page.freeze_panes = f"A{header_row + 1}"
    for row in range(1, header_row):
        _merge(page, row, len(sheet.columns))
    page.sheet_format.defaultRowHeight, page.sheet_format.customHeight = ROW_HEIGHT, True
    page.row_dimensions[1].height = 30
    give_room(page, 2, [sheet.subtitle], [sum(widths)])
    give_room(page, header_row, [column.header for column in sheet.columns], widths)


def give_room(page, row: int, values: list, widths: list[float]) -> None:
    """Make a row as high as its wrapped text: not every program does so when it opens the file."""
    lines = max((_lines(value, width) for value, width in zip(values, widths, strict=True)), default=1)
    if lines > 1:
        page.row_dimensions[row].height = min(lines * LINE_HEIGHT + 4, HIGHEST_ROW)


def _lines(value, width: float) -> int:
    if not isinstance(value, str):
        return 1
    return sum(max(1, math.ceil(display_width(line) / max(width - PADDING, 1))) for line in value.split("\n"))


def _merge(page, row: int, columns: int) -> None:
    if columns > 1:
        page.merged_cells.add(f"A{row}:{get_column_letter(columns)}{row}")


def _fitting(column: Column, values: Iterable) -> float:
    shown = max((_shown_width(column, value) for value in values), default=0)
    return min(max(display_width(column.header) + PADDING, shown + PADDING, NARROWEST), WIDEST)


def _shown_width(column: Column, value) -> int:
    if value is None:
        return 0
    if isinstance(value, str):
        return display_width(value)
    if column.kind in NUMERIC:
        return len(f"{value:,.2f}")
    return len(FORMATS.get(column.kind, "")) if isinstance(value, date) else len(str(value))


def _cell_value(column: Column, value):
    """The value as Excel should hold it: a real number or day where the column says so, else guarded text."""
    if value is None or value == "":
        return None
    if column.kind in NUMERIC and isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return value
    if column.kind in ("date", "time") and isinstance(value, date):
        return _local_time(value, column.kind)
    if isinstance(value, bool):
        return "是" if value else "否"
    return printable(str(value))[:CELL_LIMIT]


def _local_time(value: date, kind: str) -> date:
    if not isinstance(value, datetime):
        return value
    local = timezone.make_naive(value) if timezone.is_aware(value) else value
    return local.date() if kind == "date" else local.replace(microsecond=0)


class _Pen:
    """One cell per column, filled anew for each row: making 100,000 styled cells would take most of the time."""

    def __init__(self, page, column: Column, font: Font = BODY_FONT):
        self.cell = _styled(page, font, _alignment(column))
        self.cell.number_format = column.number_format
        self.text = _styled(page, font, TEXT_ALIGNMENT)
        self.text.number_format = "@"
        # A text that begins like a formula stays one after it has been clicked into and left again.
        self.quoted = _styled(page, font, TEXT_ALIGNMENT)
        self.quoted.number_format, self.quoted.quotePrefix = "@", True

    def write(self, value):
        if not isinstance(value, str):
            self.cell.value = value
            return self.cell
        cell = self.quoted if value.startswith(DANGEROUS) else self.text
        cell.value = value
        cell.data_type = "s"  # openpyxl takes any text that begins with = for a formula
        return cell


def _styled(page, font: Font, alignment: Alignment, fill: PatternFill | None = None):
    cell = WriteOnlyCell(page)
    cell.font, cell.alignment, cell.border = font, alignment, BORDER
    if fill:
        cell.fill = fill
    return cell


def _alignment(column: Column) -> Alignment:
    if column.kind in NUMERIC:
        return Alignment(horizontal="right", vertical="center", indent=1)
    return Alignment(horizontal="center" if column.kind in ("date", "time") else None, vertical="center")


def _text_cell(cell, value: str):
    cell.value = printable(value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(DANGEROUS)
    return cell


def _banner(page, words: str, font: Font, across: str, columns: int) -> list:
    cell = WriteOnlyCell(page)
    cell.font, cell.alignment = font, Alignment(horizontal=across, vertical="center", wrap_text=True)
    return [_text_cell(cell, words)] + [None] * (columns - 1)


def _header_cell(page, column: Column):
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return _text_cell(_styled(page, HEADER_FONT, middle, HEADER_FILL), column.header)


def _totals_row(page, sheet: Sheet, sums: list[Decimal]) -> list:
    cells = []
    for index, column in enumerate(sheet.columns):
        figure = sheet.totals.get(column.header)
        figure = sums[index] if figure is SUM else figure
        if index == 0 and figure is None:
            figure = "合计"
        cells.append(_Pen(page, column, HEADER_FONT).write(_cell_value(column, figure)))
    return cells


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """Excel allows 31 characters, none of []:*?/\\, and no name twice."""
    stem = re.sub(r"[\[\]:*?/\\]", " ", printable(wanted)).strip(" '")[:31] or "表"
    name, number = stem, 2
    while name.lower() in taken:
        name, number = f"{stem[:27]}({number})", number + 1
    taken.add(name.lower())
    return name
