"""Excel in: a sheet as offices fill it, read into clean rows, or into a list of what is wrong and where.

Nothing is saved here. The caller shows `rows` and `problems` as a preview and takes all rows or none.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from units.papers.grid import EMPTY, MOST_COLUMNS, Sheet, read_grid
from units.papers.values import Unreadable, folded, plain, shortened, squeezed, text
from units.uploads.facts import UploadRefused

HEADER_WITHIN = 5
MOST_ROWS = 5000
MOST_COVERED = 5000  # rows that one merged cell covers
OUR_OWN = ("填表说明", "选项")  # sheets of the templates
BARE_TOTAL = re.compile(r"(合计|总计|小计|共计|累计)[:：]?")
TOTALS = re.compile(r"(合计|总计|小计|共计|累计)[:：(（\d].*", re.DOTALL)
FOOTNOTE = re.compile(r"(填表人?|填报人?|制表人?|审核人?|负责人签字|注|备注|说明)\d*[:：].*", re.DOTALL)
REMARK = re.compile(r"[(（\[【][^()（）]*[)）\]】]")
OTHER_SCALE = re.compile(r"[千万亿]")


@dataclass(frozen=True)
class Field:
    """One wanted column.

    headers: the names it may bear, the first of them in templates and messages; spaces, a star and remarks in
    brackets in the sheet do not matter. parse: raw value → clean value, raising Unreadable (see values).
    example, hint: for the template.
    """

    name: str
    headers: tuple[str, ...]
    parse: Callable = text
    required: bool = False
    default: object = None
    example: object = ""
    hint: str = ""

    @property
    def header(self) -> str:
        return self.headers[0]


class Place(NamedTuple):
    """A row of a book of which several sheets are read; of one sheet, the bare number says enough."""

    order: int
    row: int
    sheet: str

    def __str__(self):
        return f"{self.sheet}!{self.row}"


@dataclass(frozen=True)
class Row:
    """A row that holds something: its number in the sheet and its values by field name (None where unreadable)."""

    number: int | Place
    values: dict


@dataclass(frozen=True)
class Problem:
    """One cell that cannot be taken: where, why, and what stood there."""

    row: int | Place
    column: str
    message: str
    given: str = ""

    def __str__(self):
        return f"第{self.row}行“{self.column}”：{self.message}"


@dataclass
class Intake:
    """What a book held. `skipped`: numbers of 合计 and footnote rows; `unknown`: headers nobody asked for.

    hidden: numbers of the rows that were read and are not shown in the book. sheets: name and rows of each sheet
    that was read, where there are several. unread: of each other sheet that holds something, its name and why.
    """

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[int | Place] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    hidden: list[int | Place] = field(default_factory=list)
    sheets: list[tuple[str, int]] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return bool(self.rows) and not self.problems


class IntakeRefused(ValueError):
    """A file that cannot be read as a whole; the message says what to do."""


def read_sheet(file, fields: Sequence[Field], *, name: str, max_rows: int = MOST_ROWS) -> Intake:
    """Read every sheet that is shown and has the wanted header in its first five rows.

    Raises IntakeRefused for another kind of file, a missing column, no rows or too many.
    """
    try:
        sheets = read_grid(file, name=name)
    except UploadRefused as refusal:
        raise IntakeRefused(str(refusal)) from None
    intake, best = Intake(), None
    fitting: list[tuple[Sheet, _Header]] = []
    for sheet in sheets:
        header = _find_header(sheet, fields) if sheet.is_visible else None
        if header and not header.missing:
            fitting.append((sheet, header))
            continue
        if header and (best is None or len(header.columns) > len(best.columns)):
            best = header
        if sheet.rows and sheet.title not in OUR_OWN:
            intake.unread.append((sheet.title, _why_unread(sheet, header)))
    if not fitting:
        missing = best.missing if best else [item.header for item in fields if item.required]
        raise IntakeRefused(
            f"没有找到列：{'、'.join(missing)}。表头应在前{HEADER_WITHIN}行，列名与模板一致。"
        )
    for order, (sheet, header) in enumerate(fitting):
        known = len(intake.rows)
        place = partial(Place, order, sheet=sheet.title) if len(fitting) > 1 else int
        _read_rows(intake, sheet, header, max_rows, place)
        if len(fitting) > 1:
            intake.sheets.append((sheet.title, len(intake.rows) - known))
    if not intake.rows:
        raise IntakeRefused("表头下面没有数据，请填写后再上传。")
    return intake


@dataclass
class _Header:
    row: int
    columns: dict[int, Field]
    unknown: list[str]
    missing: list[str]


def _why_unread(sheet: Sheet, header: _Header | None) -> str:
    if not sheet.is_visible:
        return "是隐藏的工作表"
    return f"缺少列：{'、'.join(header.missing)}" if header else "没有所需的表头"


def _find_header(sheet: Sheet, fields: Sequence[Field]) -> _Header | None:
    """The row among the first five, or two of them one over the other, that names most of the wanted columns."""
    known = {folded(header): item for item in fields for header in item.headers}
    first = [row for row in sheet.rows[:HEADER_WITHIN] if row[0] <= HEADER_WITHIN]
    heads = [(number, {at: [text] for at, text in _texts(cells).items()}) for number, cells in first]
    heads += [
        (below, _two_rows(sheet, above, cells, _texts(under)))
        for (above, cells), (below, under) in pairwise(first)
        if below == above + 1
    ]
    found = []
    for number, headers in heads:
        matches = {
            at: next(filter(None, (_match(name, known) for name in names)), None)
            for at, names in headers.items()
        }
        if columns := {at: item for at, item in matches.items() if item}:
            found.append((number, columns, {at: names[0] for at, names in headers.items()}))
    if not found:
        return None
    number, columns, headers = max(found, key=lambda candidate: (len(candidate[1]), -candidate[0]))
    _refuse_doubles(columns)
    taken = {item.name for item in columns.values()}
    missing = [item.header for item in fields if item.required and item.name not in taken]
    unknown = [plain(header) for index, header in headers.items() if index not in columns]
    return _Header(number, columns, [header for header in unknown if header != "序号"], missing)


def _texts(cells: Sequence) -> dict[int, object]:
    return {index: cell.value for index, cell in enumerate(cells) if not _is_blank(cell)}


def _two_rows(sheet: Sheet, number: int, cells: Sequence, under: dict[int, object]) -> dict[int, list]:
    """A head of two rows: of each column the names it may go by, the lower one, with its group, the upper one."""
    over = _texts(cells)
    groups = dict(over)
    for left, top, right, bottom in sheet.merged:
        if top <= number <= bottom and left - 1 in over:
            groups |= dict.fromkeys(range(left, min(right, MOST_COLUMNS)), over[left - 1])
    names = {at: [word] for at, word in over.items()}
    for at, word in under.items():
        joined = [f"{plain(groups[at])}{plain(word)}"] if at in groups else []
        names[at] = [word, *joined, *names.get(at, [])]
    return names


def _match(header, known: dict[str, Field]) -> Field | None:
    """The field a header means. A remark that changes the unit (万元) is part of the name and not dropped."""
    name = folded(header).strip("*:")
    if name in known:
        return known[name]
    remarks = "".join(REMARK.findall(name))
    return None if OTHER_SCALE.search(remarks) else known.get(REMARK.sub("", name).strip("*:"))


def _refuse_doubles(columns: dict[int, Field]) -> None:
    names = [item.header for item in columns.values()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise IntakeRefused(f"列“{'、'.join(twice)}”出现了两次，请只保留一列。")


def _covered(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Row and column of each cell that a merge over several rows covers → those of the cell that is seen there."""
    return {
        (row, left - 1): (top, left - 1)
        for left, top, _, bottom in sheet.merged
        if left <= MOST_COLUMNS
        for row in range(top + 1, min(bottom, top + MOST_COVERED) + 1)
    }


def _read_rows(intake: Intake, sheet: Sheet, header: _Header, max_rows: int, place: Callable) -> None:
    covered, seen = _covered(sheet), {}
    hidden = set(sheet.hidden)
    intake.unknown += [one for one in header.unknown if one not in intake.unknown]
    for number, cells in sheet.rows:
        if number <= header.row:
            continue
        wanted = {index: cells[index] if index < len(cells) else EMPTY for index in header.columns}
        if all(_is_blank(cell) for cell in wanted.values()):
            continue
        if _is_closing_row(cells, wanted, header):
            intake.skipped.append(place(number))
            continue
        if len(intake.rows) == max_rows or sheet.is_cut:
            raise IntakeRefused(f"超过{max_rows}行，请分成几个文件导入。")
        merged = set()
        for index, cell in wanted.items():
            above = seen.get(covered.get((number, index)), EMPTY)
            if _is_blank(cell) and not _is_blank(above):
                wanted[index] = above
                merged.add(index)
            seen[number, index] = cell
        if number in hidden:
            intake.hidden.append(place(number))
        intake.rows.append(_read_row(place(number), wanted, header, intake.problems, merged))


def _is_blank(cell) -> bool:
    return cell.value is None or (isinstance(cell.value, str) and not plain(cell.value))


def _is_closing_row(cells: Sequence, wanted: dict, header: _Header) -> bool:
    """合计 and the like, or 填表人：… 审核人：…: the first cell that says something decides.

    Beside a bare 合计, only where a required cell is empty: 累计帮办100小时 may be what was done.
    """
    first = next((squeezed(cell.value) for cell in cells if not _is_blank(cell)), "")
    if BARE_TOTAL.fullmatch(first):
        return True
    if not (TOTALS.fullmatch(first) or FOOTNOTE.fullmatch(first)):
        return False
    return any(item.required and _is_blank(wanted[index]) for index, item in header.columns.items())


def _read_row(
    number: int | Place, wanted: dict, header: _Header, problems: list[Problem], merged: set[int]
) -> Row:
    """merged: columns in which the value of a row above is seen; it is meant here too, unless it is a figure."""
    values = {}
    for index, item in header.columns.items():
        try:
            values[item.name] = value = _read_cell(wanted.get(index), item)
            if index in merged and isinstance(value, int | Decimal) and not isinstance(value, bool):
                raise Unreadable("是合并单元格，数量不知道算在哪一行，请取消合并后逐行填写。")
        except Unreadable as error:
            values[item.name] = None
            given = "" if _is_blank(wanted.get(index)) else shortened(str(wanted[index].value), 60)
            problems.append(Problem(number, item.header, str(error), given))
    return Row(number, values)


def _read_cell(cell, item: Field):
    if cell is None or _is_blank(cell):
        if item.required:
            raise Unreadable("必填，不能为空。")
        return item.default
    if cell.kind == "f":
        raise Unreadable("是公式，表中没有存下结果，请改为数值（复制后选择性粘贴为数值）。")
    if cell.kind == "e":
        raise Unreadable(f"是错误值{cell.value}，请改正。")
    return item.parse(cell.value)
