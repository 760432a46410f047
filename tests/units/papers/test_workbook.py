"""Lists written to Excel, opened again."""

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from time import process_time
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from units.papers.workbook import SUM, Column, Sheet, export_line, workbook_bytes, workbook_response

# Excel knows no time zones: what is 16:30 in Greenwich is half past midnight here.
DAY, SHANGHAI_TIME = datetime(2026, 3, 1), datetime(2026, 3, 2, 0, 30, 5)  # noqa: DTZ001


@dataclass
class Unit:
    name: str


@dataclass
class Donation:
    unit: Unit | None
    phone: object = "13800000000"
    amount: object = Decimal("100.50")
    people: int = 3
    on: date = date(2026, 3, 1)
    at: datetime = datetime(2026, 3, 1, 16, 30, 5, 999, tzinfo=UTC)
    open: bool = True

    def label(self):
        return "已审核"


COLUMNS = [
    Column("单位", "unit.name"),
    Column("电话", "phone"),
    Column("金额（元）", "amount", kind="money"),
    Column("人次", "people", kind="number"),
    Column("得分", lambda row: Decimal("92.08"), kind="number", places=2),
    Column("日期", "on", kind="date"),
    Column("登记时间", "at", kind="time"),
    Column("状态", "label"),
    Column("公开", "open"),
]


def opened(*sheets):
    return load_workbook(io.BytesIO(workbook_bytes(sheets, author="评选办")))


def listing(rows, **more):
    return Sheet("2026年度捐款登记", COLUMNS, rows, subtitle="单位：评选办", **more)


def test_a_list_has_title_line_header_rows_and_totals():
    page = opened(
        listing(
            [Donation(Unit("区财政局")), Donation(None)], totals={"金额（元）": SUM, "人次": 5}, note="注：一"
        )
    )["2026年度捐款登记"]
    assert page["A1"].value == "2026年度捐款登记"
    assert page["A2"].value == "单位：评选办"
    assert {str(area) for area in page.merged_cells.ranges} == {"A1:I1", "A2:I2", "A7:I7"}
    assert [cell.value for cell in page[3]] == [column.header for column in COLUMNS]
    assert [cell.value for cell in page[4]] == [
        "区财政局", "13800000000", 100.5, 3, 92.08, DAY, SHANGHAI_TIME, "已审核", "是",
    ]  # fmt: skip
    assert page["A5"].value is None
    assert [cell.value for cell in page[6]][:4] == ["合计", None, 201, 5]
    assert page["A7"].value == "注：一"


def test_cells_have_the_types_and_formats_of_their_columns():
    page = opened(listing([Donation(Unit("区财政局"), phone=13800000000)])).active
    assert page["B4"].data_type == "s"
    assert page["B4"].value == "13800000000"
    assert page["B4"].number_format == "@"
    assert page["C4"].number_format == "#,##0.00"
    assert page["D4"].number_format == "#,##0"
    assert page["E4"].number_format == "#,##0.00"
    assert page["F4"].number_format == "yyyy-mm-dd"
    assert page["G4"].number_format == "yyyy-mm-dd hh:mm"
    for cell in (*page[3], *page[4]):
        assert cell.border.left.style == cell.border.bottom.style == "thin"


def test_the_sheet_is_ready_for_printing():
    page = opened(listing([Donation(Unit("中共东营区委区直机关工作委员会办公室"))])).active
    assert (page.page_setup.orientation, int(page.page_setup.paperSize)) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == "$3:$3"
    assert page.freeze_panes == "A4"
    assert "&P" in page.oddFooter.center.text
    assert page.column_dimensions["A"].width == 2 * 18 + 3
    assert page.column_dimensions["B"].width == 14
    assert page.column_dimensions["D"].width >= 6


@pytest.mark.parametrize(("texts", "pages"), [(4, 1), (6, 1), (14, 2)])
def test_a_wide_sheet_narrows_its_texts_and_then_takes_a_second_page(texts, pages):
    columns = [Column(f"文{n}", lambda row: row, width=44) for n in range(texts)] + [
        Column("数", len, "number")
    ]
    page = opened(Sheet("表", columns, ["长" * 20])).active
    assert page.page_setup.fitToWidth == pages
    widths = [page.column_dimensions[get_column_letter(n)].width for n in range(1, texts + 2)]
    assert sum(widths) <= 230 * pages + 0.01
    assert min(widths[:-1]) >= 24
    assert widths[-1] == 8
    assert page.print_title_cols == ("$A:$A" if pages > 1 else None)


def test_rows_are_as_high_as_their_wrapped_text():
    columns = [Column("序号", "n", kind="number"), Column("内容", "text", width=23)]
    rows = [{"n": 1, "text": "短"}, {"n": 2, "text": "长" * 25}, {"n": 3, "text": "一\n二"}]
    page = opened(Sheet("表", columns, rows, note="注" * 40)).active
    heights = [page.row_dimensions[row].height for row in range(3, 7)]
    assert heights == [None, 3 * 15 + 4, 2 * 15 + 4, 3 * 15 + 4]
    assert page.sheet_format.defaultRowHeight == 19


@pytest.mark.parametrize(
    "attack", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1"]
)
def test_a_text_that_looks_like_a_formula_stays_text(attack):
    content = workbook_bytes(
        [
            Sheet(
                attack,
                [Column(attack, lambda row: row), Column("数", lambda row: row, kind="number")],
                [attack],
                subtitle=attack,
            )
        ]
    )
    page = load_workbook(io.BytesIO(content)).active
    for row in page.iter_rows():
        for cell in row:
            assert cell.data_type != "f"
    assert page["A4"].data_type == "s"
    assert page["B4"].data_type == "s"
    assert page["A4"].quotePrefix
    assert page["A4"].value.strip() == attack.strip()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_a_minus_in_front_of_a_real_number_stays_a_number():
    page = opened(Sheet("表", [Column("数", lambda row: row, kind="number")], [-5])).active
    assert page["A3"].value == -5
    assert not page["A3"].quotePrefix


def test_characters_no_file_may_hold_are_dropped():
    page = opened(Sheet("表", [Column("文", lambda row: row)], ["甲\x00\x0b\x1f乙\u202e丙\nx"])).active
    assert page["A3"].value == "甲乙丙\nx"


def test_sheets_of_one_name_are_told_apart_and_names_made_legal():
    columns = [Column("甲", lambda row: row)]
    book = opened(
        Sheet("名/单:[一]", columns, []), Sheet("名/单:[一]", columns, []), Sheet("长" * 40, columns, [])
    )
    assert book.sheetnames == ["名 单  一", "名 单  一(2)", "长" * 31]
    assert book.properties.creator == "评选办"


def test_rows_may_come_from_an_iterator_and_ten_thousand_are_quick():
    rows = (Donation(Unit(f"单位{number}")) for number in range(10_000))
    began = process_time()
    content = workbook_bytes([listing(rows, totals={"人次": SUM})])
    assert process_time() - began < 20
    page = load_workbook(io.BytesIO(content), read_only=True).active
    last = list(page.iter_rows(min_row=10_003, values_only=True))
    assert [row[0] for row in last] == ["单位9999", "合计"]
    assert last[1][3] == 30_000


def test_the_download_has_a_chinese_name_with_the_day():
    response = workbook_response("入选名单", [listing([])], on=date(2026, 11, 6))
    assert quote("入选名单_20261106.xlsx") in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert response["Cache-Control"] == "private, no-store"
    load_workbook(io.BytesIO(response.content))


def test_the_line_under_the_title_names_unit_day_and_person():
    assert (
        export_line("评选办", "office", date(2026, 1, 5))
        == "单位：评选办　　导出日期：2026年1月5日　　导出人：office"
    )
