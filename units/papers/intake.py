"""Excel in: a sheet as offices fill it, read into clean rows, or into a list of what is wrong and where.

Nothing is saved here. The caller shows `rows` and `problems` as a preview and takes all rows or none.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from units.papers.grid import EMPTY, MOST_COLUMNS, Sheet, read_grid
from units.papers.values import Unreadable, folded, plain, shortened, squeezed, text
from units.uploads import UploadRefused

HEADER_WITHIN = 5
MOST_ROWS = 5000
TOTALS = re.compile(r"(合计|总计|小计|共计|累计)([:：(（\d].*)?")
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


@dataclass(frozen=True)
class Row:
    """A row that holds something: its number in the sheet and its values by field name (None where unreadable)."""

    number: int
    values: dict


@dataclass(frozen=True)
class Problem:
    """One cell that cannot be taken: where, why, and what stood there."""

    row: int
    column: str
    message: str
    given: str = ""

    def __str__(self):
        return f"第{self.row}行“{self.column}”：{self.message}"


@dataclass
class Intake:
    """What a sheet held. `skipped`: numbers of 合计 and footnote rows; `unknown`: headers nobody asked for."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return bool(self.rows) and not self.problems


class IntakeRefused(ValueError):
    """A file that cannot be read as a whole; the message says what to do."""


def read_sheet(file, fields: Sequence[Field], *, name: str, max_rows: int = MOST_ROWS) -> Intake:
    """Read the first sheet that has the wanted header in its first five rows.

    Raises IntakeRefused for another kind of file, a missing column, no rows or too many.
    """
    try:
        sheets = read_grid(file, name=name)
    except UploadRefused as refusal:
        raise IntakeRefused(str(refusal)) from None
    best = None
    for sheet in sheets:
        if not sheet.is_visible:
            continue
        header = _find_header(sheet, fields)
        if header and not header.missing:
            return _read_rows(sheet, header, max_rows)
        if header and (best is None or len(header.columns) > len(best.columns)):
            best = header
    missing = best.missing if best else [item.header for item in fields if item.required]
    raise IntakeRefused(f"没有找到列：{'、'.join(missing)}。表头应在前{HEADER_WITHIN}行，列名与模板一致。")


@dataclass
class _Header:
    row: int
    columns: dict[int, Field]
    unknown: list[str]
    missing: list[str]


def _find_header(sheet: Sheet, fields: Sequence[Field]) -> _Header | None:
    """The row among the first five that names most of the wanted columns."""
    known = {folded(header): item for item in fields for header in item.headers}
    found = []
    for number, cells in sheet.rows[:HEADER_WITHIN]:
        if number > HEADER_WITHIN:
            break
        headers = {index: cell.value for index, cell in enumerate(cells) if cell.value not in (None, "")}
        columns = {index: item for index, header in headers.items() if (item := _match(header, known))}
        if columns:
            found.append((number, columns, headers))
    if not found:
        return None
    number, columns, headers = max(found, key=lambda candidate: (len(candidate[1]), -candidate[0]))
    _refuse_doubles(columns)
    taken = {item.name for item in columns.values()}
    missing = [item.header for item in fields if item.required and item.name not in taken]
    unknown = [plain(header) for index, header in headers.items() if index not in columns]
    return _Header(number, columns, [header for header in unknown if header != "序号"], missing)


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


def _tall_cells(sheet: Sheet) -> dict[int, list[range]]:
    """Column index → the rows of each cell merged over several rows; the first of them holds the value."""
    found: dict[int, list[range]] = {}
    for left, top, right, bottom in sheet.merged:
        if top < bottom:
            for column in range(left, min(right, MOST_COLUMNS) + 1):
                found.setdefault(column - 1, []).append(range(top, bottom + 1))
    return found


def _read_rows(sheet: Sheet, header: _Header, max_rows: int) -> Intake:
    intake, tall = Intake(unknown=header.unknown), _tall_cells(sheet)
    filled: set[tuple[int, int]] = set()  # row and column of what stands in a column with tall cells
    for number, cells in sheet.rows:
        if number <= header.row:
            continue
        wanted = {index: cells[index] for index in header.columns if index < len(cells)}
        if all(_is_blank(cell) for cell in wanted.values()):
            continue
        if _is_closing_row(cells):
            intake.skipped.append(number)
            continue
        if len(intake.rows) == max_rows or sheet.is_cut:
            raise IntakeRefused(f"超过{max_rows}行，请分成几个文件导入。")
        filled |= {(number, index) for index in tall if not _is_blank(wanted.get(index, EMPTY))}
        covered = {
            index
            for index, spans in tall.items()
            for span in spans
            if number in span and number > span.start and (span.start, index) in filled
        }
        intake.rows.append(_read_row(number, wanted, header, intake.problems, covered))
    if not intake.rows:
        raise IntakeRefused("表头下面没有数据，请填写后再上传。")
    return intake


def _is_blank(cell) -> bool:
    return cell.value is None or (isinstance(cell.value, str) and not plain(cell.value))


def _is_closing_row(cells: Sequence) -> bool:
    """合计 and the like, or 填表人：… 审核人：…: the first cell that says something decides."""
    first = next((squeezed(cell.value) for cell in cells if not _is_blank(cell)), "")
    return bool(TOTALS.fullmatch(first) or FOOTNOTE.fullmatch(first))


def _read_row(number: int, wanted: dict, header: _Header, problems: list[Problem], covered: set[int]) -> Row:
    """covered: columns in which the eye sees the value of a row above, and the file holds nothing."""
    values = {}
    for index, item in header.columns.items():
        try:
            if index in covered:
                raise Unreadable("是合并单元格，请取消合并后逐行填写。")
            values[item.name] = _read_cell(wanted.get(index), item)
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
        raise Unreadable("是公式，请改为数值（复制后选择性粘贴为数值）。")
    if cell.kind == "e":
        raise Unreadable(f"是错误值{cell.value}，请改正。")
    return item.parse(cell.value)
