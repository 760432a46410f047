"""The empty sheet beside each import: the very columns the import looks for, with lists to choose from."""

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from units.papers import values
from units.papers.intake import Field
from units.papers.workbook import BODY_FONT, BORDER, HEADER_FILL, HEADER_FONT, TITLE_FONT, put_on_paper

READY_ROWS = 500
HEADER_ROW = 2
REQUIRED_FONT = Font(name="宋体", size=11, bold=True, color="FFB3202A")
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
FORMATS = {values.date_value: "yyyy-mm-dd", values.whole_number: "0", values.amount: "0.00"}
HINTS = {
    values.date_value: "年月日，如2020-06-01",
    values.whole_number: "整数",
    values.amount: "单位元，最多两位小数",
    values.phone: "手机号，或座机号，可带区号和分机",
}


def template_bytes(title: str, fields: Sequence[Field], examples: Sequence[Mapping] = ()) -> bytes:
    """A workbook to fill in: title, header (required columns red and starred), cells typed for what they take.

    What each column wants, and the `examples` (by field name, else each field's own), stand on a second sheet:
    an example left on the first would be imported.
    """
    book = Workbook()
    book.properties.creator = ""
    page = book.active
    page.title = "填写"
    _title(page, title, len(fields))
    lists = book.create_sheet("选项")
    lists.sheet_state = "hidden"
    for index, item in enumerate(fields, start=1):
        _prepare_column(page, index, item)
        if isinstance(item.parse, values.choice):
            _offer_list(page, lists, index, item.parse)
    page.freeze_panes = f"A{HEADER_ROW + 1}"
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    put_on_paper(page, [_width(item) for item in fields])
    examples = examples or [{item.name: item.example for item in fields}]
    _write_guide(book.create_sheet("填表说明", 1), fields, examples)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _title(page, title: str, columns: int) -> None:
    page.cell(1, 1, values.printable(title))
    page["A1"].font, page["A1"].alignment = TITLE_FONT, MIDDLE
    page.row_dimensions[1].height = 30
    if columns > 1:
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)


def _prepare_column(page, index: int, item: Field) -> None:
    number_format = FORMATS.get(item.parse, "@")
    _header(page.cell(HEADER_ROW, index), f"*{item.header}" if item.required else item.header, item.required)
    for row in range(HEADER_ROW + 1, HEADER_ROW + 1 + READY_ROWS):
        page.cell(row, index).number_format = number_format


def _width(item: Field) -> float:
    return min(
        max(values.display_width(item.header) + 3, values.display_width(str(item.example)) + 2, 10), 40
    )


def _header(cell, words: str, required: bool = False) -> None:
    cell.value, cell.font = words, REQUIRED_FONT if required else HEADER_FONT
    cell.alignment, cell.fill, cell.border = MIDDLE, HEADER_FILL, BORDER


def _offer_list(page, lists, index: int, parse: values.choice) -> None:
    # The list lies on a hidden sheet: written into the rule itself it could not pass 255 characters.
    column = get_column_letter(index)
    for row, label in enumerate(parse.labels, start=1):
        lists.cell(row, index, label)
    source = f"选项!${column}$1:${column}${len(parse.labels)}"
    rule = DataValidation("list", formula1=source, allow_blank=True)
    rule.showErrorMessage, rule.errorTitle, rule.error = True, "请从列表中选择", "这里只能填列表中的一项。"
    rule.add(f"{column}{HEADER_ROW + 1}:{column}{HEADER_ROW + READY_ROWS}")
    page.add_data_validation(rule)


def _write_guide(page, fields: Sequence[Field], examples: Sequence[Mapping]) -> None:
    samples = [f"示例{number}" for number in range(1, len(examples) + 1)]
    headings = ["列名", "必填", "填写要求", *(samples if len(samples) > 1 else ["示例"])]
    for column, heading in enumerate(headings, start=1):
        _header(page.cell(1, column), heading)
    for row, item in enumerate(fields, start=2):
        told = [item.header, "是" if item.required else "", item.hint or _hint(item)]
        told += [str(example.get(item.name, "")) for example in examples]
        for column, value in enumerate(told, start=1):
            cell = page.cell(row, column, values.printable(value))
            cell.data_type, cell.number_format = "s", "@"
            cell.font, cell.border = BODY_FONT, BORDER
            cell.alignment = Alignment(vertical="center", wrap_text=True)
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    put_on_paper(page, [16, 8, 48, *[28] * (len(headings) - 3)])


def _hint(item: Field) -> str:
    hint = HINTS.get(item.parse) or getattr(item.parse, "hint", "")
    return hint + "，从列表中选择" if isinstance(item.parse, values.choice) else hint
