"""Messy sheets, as offices send them."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from units.papers import values
from units.papers.intake import Field, IntakeRefused, read_sheet
from units.papers.template import template_bytes

SECOND = datetime(2026, 3, 2)  # noqa: DTZ001, as Excel keeps a day
KIND = values.choice({"服务企业": "enterprise", "服务群众": "people"})
FIELDS = [
    Field("unit", ("单位名称", "单位", "申报单位"), required=True, example="区财政局"),
    Field("kind", ("服务类别", "类别"), parse=KIND, required=True),
    Field("on", ("日期", "活动日期"), parse=values.date_value, required=True, example="2026-03-01"),
    Field("people", ("参加人次",), parse=values.whole_number, default=0),
    Field("amount", ("捐款金额", "金额"), parse=values.amount),
    Field("phone", ("联系电话", "手机"), parse=values.phone),
]
HEADER = ["序号", "单 位", "类别", "活动日期", "参加人次*", "金额（元）", "手机", "备忘"]


def book_of(*rows, merge=None, **sheets):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    for name, content in sheets.items():
        page = book.create_sheet(name)
        for row in content:
            page.append(row)
    return book


def read(book, fields=FIELDS, **options):
    file = io.BytesIO()
    book.save(file)
    return read_sheet(file, fields, name="登记表.xlsx", **options)


def test_a_messy_sheet_is_read_whole():
    intake = read(
        book_of(
            ["2026年志愿服务登记表"],
            ["填报单位：区直机关工委", None, None, "单位：元"],
            HEADER,
            [1, "　区财政局 ", "服务 企业", "2026.3.1", "１２人次", "1,200.50元", 13800000000.0, "无"],
            [None] * 8,
            [2, "区审计局", "服务群众", SECOND, 30, 301705.10000000003, "0546-8220000", None],
            [3, "区统计局", "服务群众", 20260303, None, None, None],
            [4],
            ["合 计", None, None, None, "=SUM(E4:E7)", "=SUM(F4:F7)"],
            ["填表人：张某    审核人：李某"],
            merge="A1:H1",
        )
    )
    assert intake.ok
    assert intake.problems == []
    assert [row.number for row in intake.rows] == [4, 6, 7]
    assert intake.rows[0].values == {
        "unit": "区财政局",
        "kind": "enterprise",
        "on": date(2026, 3, 1),
        "people": 12,
        "amount": Decimal("1200.50"),
        "phone": "13800000000",
    }
    assert intake.rows[1].values["amount"] == Decimal("301705.10")
    assert intake.rows[2].values["people"] == 0
    assert intake.rows[2].values["phone"] is None
    assert intake.skipped == [9]
    assert intake.unknown == ["备忘"]


@pytest.mark.parametrize("above", range(5))
def test_the_header_is_found_in_rows_one_to_five(above):
    intake = read(book_of(*[["标题"]] * above, HEADER, [1, "区财政局", "服务企业", "2026-03-01"]))
    assert [row.number for row in intake.rows] == [above + 2]


def test_a_header_further_down_is_not_looked_for():
    with pytest.raises(IntakeRefused, match="没有找到列：单位名称、服务类别、日期"):
        read(book_of(*[["标题"]] * 5, HEADER, [1, "区财政局", "服务企业", "2026-03-01"]))


def test_every_fault_is_told_by_row_and_column():
    intake = read(
        book_of(
            HEADER,
            [1, None, "服务企业", "2026.13.1", 3, "=1+1", "无"],
            [2, "区审计局", "其他", "#N/A", "3.5", -1, 1380],
        )
    )
    assert not intake.ok
    assert [(problem.row, problem.column) for problem in intake.problems] == [
        (2, "单位名称"), (2, "日期"), (2, "捐款金额"), (2, "联系电话"),
        (3, "服务类别"), (3, "日期"), (3, "参加人次"), (3, "捐款金额"), (3, "联系电话"),
    ]  # fmt: skip
    told = [problem.message for problem in intake.problems]
    assert told[0] == "必填，不能为空。"
    assert "公式" in told[2]
    assert "错误值#N/A" in told[5]
    assert intake.problems[1].given == "2026.13.1"
    assert intake.rows[0].values["people"] == 3
    assert intake.rows[0].values["amount"] is None
    assert str(intake.problems[0]) == "第2行“单位名称”：必填，不能为空。"


def test_a_formula_is_refused_also_where_its_result_is_stored():
    book = book_of(HEADER, [1, '=HYPERLINK("x","区财政局")', "服务企业", "2026-03-01"])
    intake = read(book)
    assert [problem.column for problem in intake.problems] == ["单位名称"]


def test_a_header_in_another_unit_is_not_taken_for_the_wanted_one():
    header = [*HEADER[:5], "金额（万元）", *HEADER[6:]]
    intake = read(book_of(header, [1, "区财政局", "服务企业", "2026-03-01", 1, 3, None]))
    assert intake.rows[0].values.get("amount") is None
    assert "金额(万元)" in intake.unknown or "金额（万元）" in intake.unknown


def test_a_column_that_stands_twice_is_refused():
    with pytest.raises(IntakeRefused, match="“单位名称”出现了两次"):
        read(book_of([*HEADER, "申报单位"], [1, "区财政局", "服务企业", "2026-03-01"]))


@pytest.mark.parametrize(
    "first",
    ["合计", "合　计", "总计：", "小计（3项）", "合计3", "注：数据截至11月", "制表人:张某", "审核：李某"],
)
def test_closing_rows_are_skipped(first):
    intake = read(book_of(HEADER, [1, "区财政局", "服务企业", "2026-03-01"], [None, first, None, None, 30]))
    assert len(intake.rows) == 1
    assert intake.skipped == [3]
    assert intake.ok


def test_a_unit_whose_name_begins_like_a_total_is_no_total():
    intake = read(book_of(HEADER, [1, "合计工作专班", "服务企业", "2026-03-01"]))
    assert intake.rows[0].values["unit"] == "合计工作专班"


def test_the_first_visible_sheet_with_the_header_is_read():
    book = book_of(["填表说明"], 数据=[HEADER, [1, "区财政局", "服务企业", "2026-03-01"]], 旧=[HEADER])
    assert len(read(book).rows) == 1
    book["数据"].sheet_state = "hidden"
    with pytest.raises(IntakeRefused, match="没有数据"):
        read(book)


def test_too_many_rows_and_none_at_all_are_refused():
    row = [1, "区财政局", "服务企业", "2026-03-01"]
    assert len(read(book_of(HEADER, row, row), max_rows=2).rows) == 2
    with pytest.raises(IntakeRefused, match="超过2行"):
        read(book_of(HEADER, row, row, row), max_rows=2)
    with pytest.raises(IntakeRefused, match="没有数据"):
        read(book_of(HEADER))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("名单.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "在WPS中另存为xlsx"),
        ("名单.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "在WPS中另存为xlsx"),
        ("名单.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "在WPS或Excel中另存为xlsx"),
        ("名单.xlsx", "单位,日期".encode("gbk"), "另存为xlsx"),
        ("名单.csv", b"a,b", "可以上传xlsx"),
        ("名单.xlsx", b"", "空文件"),
    ],
)
def test_other_files_are_refused_with_what_to_do(name, content, message):
    with pytest.raises(IntakeRefused, match=message):
        read_sheet(io.BytesIO(content), FIELDS, name=name)


def changed(book, part, change):
    """The saved book with one of its parts rewritten."""
    source, target = io.BytesIO(), io.BytesIO()
    book.save(source)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return target


def test_a_broken_sheet_is_refused_in_words():
    file = changed(book_of(HEADER), "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    with pytest.raises(IntakeRefused, match="损坏"):
        read_sheet(file, FIELDS, name="a.xlsx")
    file = changed(book_of(HEADER), "xl/workbook.xml", lambda xml: b"<workbook/>")
    with pytest.raises(IntakeRefused):
        read_sheet(file, FIELDS, name="a.xlsx")


def test_forged_sizes_and_row_numbers_do_not_hold_the_reader_up():
    book = book_of(HEADER, [1, "区财政局", "服务企业", "2026-03-01"])

    def forge(xml):
        wide = xml.replace(b'<dimension ref="A1:H2"', b'<dimension ref="A1:XFD1048576"')
        assert wide != xml
        return wide.replace(
            b"</sheetData>", b'<row r="999999999"><c r="B999999999"><v>1</v></c></row></sheetData>'
        )

    intake = read_sheet(changed(book, "xl/worksheets/sheet1.xml", forge), FIELDS, name="a.xlsx")
    assert len(intake.rows) == 1


def test_an_exploding_package_is_refused_before_it_is_opened():
    file = changed(book_of(HEADER), "xl/worksheets/sheet1.xml", lambda xml: b" " * 80_000_000)
    assert len(file.getvalue()) < 200_000
    with pytest.raises(IntakeRefused, match="解开后过大"):
        read_sheet(file, FIELDS, name="a.xlsx")


def test_the_template_is_read_back_by_the_import_it_belongs_to():
    content = template_bytes("志愿服务登记表", FIELDS, [{"unit": "区财政局", "on": date(2026, 3, 1)}])
    with pytest.raises(IntakeRefused, match="没有数据"):
        read_sheet(io.BytesIO(content), FIELDS, name="a.xlsx")
    book = load_workbook(io.BytesIO(content))
    page = book["填写"]
    assert [cell.value for cell in page[2]] == [
        "*单位名称",
        "*服务类别",
        "*日期",
        "参加人次",
        "捐款金额",
        "联系电话",
    ]
    assert page["C3"].number_format == "yyyy-mm-dd"
    assert page["F3"].number_format == "@"
    (rule,) = page.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("B3:B502", "选项!$B$1:$B$2")
    assert [cell.value for cell in book["选项"]["B"]][:2] == ["服务企业", "服务群众"]
    assert book["选项"].sheet_state == "hidden"
    guide = {row[0]: row[1:] for row in book["填表说明"].iter_rows(values_only=True)}
    assert guide["单位名称"] == ("是", None, "区财政局")
    assert guide["服务类别"][1] == "服务企业、服务群众之一，从列表中选择"
    assert guide["捐款金额"][1] == "单位元，最多两位小数"
    page.append(["区财政局", "服务群众", date(2026, 3, 1), 5, 10.5, "13800000000"])
    filled = io.BytesIO()
    book.save(filled)
    intake = read_sheet(filled, FIELDS, name="a.xlsx")
    assert intake.ok
    assert intake.rows[0].values["amount"] == Decimal("10.50")


def test_a_merged_cell_is_meant_in_every_row_it_covers():
    header = ["单位", "类别", "日期", "备注"]
    rows = [
        ["区财政局", "服务企业", "2026.3.1", "甲"],
        [None, "服务企业", "2026.3.2"],
        [None, "服务企业", "2026.3.3"],
        ["区审计局", "服务企业", "2026.3.4"],
    ]

    intake = read(book_of(header, *rows, merge="A2:A4"))

    assert [row.values["unit"] for row in intake.rows] == ["区财政局"] * 3 + ["区审计局"]


def test_a_merged_figure_belongs_to_no_row_and_is_refused_by_name():
    rows = [["区财政局", "服务企业", "2026.3.1", 30], ["区审计局", "服务企业", "2026.3.2", None]]

    intake = read(book_of(["单位", "类别", "日期", "参加人次"], *rows, merge="D2:D3"))

    assert [(problem.row, problem.column) for problem in intake.problems] == [(3, "参加人次")]
    assert "合并单元格" in intake.problems[0].message


def test_every_sheet_that_fits_is_read_and_the_others_are_named():
    row = ["区财政局", "服务企业", "2026.3.1"]
    book = book_of(
        ["单位", "类别", "日期"], row, row,
        服务基层=[["日期", "单位", "类别"], ["2026.3.2", "区审计局", "服务群众"], ["没有", "区审计局", "服务群众"]],
        缺列=[["单位", "类别"], ["区审计局", "服务群众"]], 备注=[["另附"]], 旧表=[["单位", "类别", "日期"], row], 空表=[],
    )  # fmt: skip
    book["旧表"].sheet_state = "hidden"

    intake = read(book)

    assert [row.values["unit"] for row in intake.rows] == ["区财政局", "区财政局", "区审计局", "区审计局"]
    assert intake.sheets == [("Sheet", 2), ("服务基层", 2)]
    assert [(str(problem.row), problem.column) for problem in intake.problems] == [("服务基层!3", "日期")]
    assert intake.unread == [
        ("缺列", "缺少列：日期"), ("备注", "没有所需的表头"), ("旧表", "是隐藏的工作表"),
    ]  # fmt: skip


def test_rows_that_the_book_does_not_show_are_told():
    book = book_of(["单位", "类别", "日期"], *[["区财政局", "服务企业", f"2026.3.{n}"] for n in (1, 2, 3)])
    book.active.row_dimensions[3].hidden = True

    intake = read(book)

    assert (len(intake.rows), intake.hidden) == (3, [3])


def test_a_head_of_two_rows_is_one_head():
    book = book_of(
        ["2026年登记表"],
        ["序号", "单位", "类别", "开展情况", None, None, None],
        [None, None, None, "日期", "参加人次", "捐款", "备忘"],
        [1, "区财政局", "服务企业", "2026.3.1", 30, 12.5, "无"],
    )
    for cells in ("A2:A3", "B2:B3", "C2:C3", "D2:G2"):
        book.active.merge_cells(cells)
    fields = [*FIELDS[:4], Field("amount", ("开展情况捐款",), parse=values.amount)]

    intake = read(book, fields)

    assert intake.ok
    assert intake.rows[0].values == {
        "unit": "区财政局", "kind": "enterprise", "on": date(2026, 3, 1), "people": 30, "amount": Decimal("12.50"),
    }  # fmt: skip
    assert intake.unknown == ["备忘"]


def rewritten(book, change):
    """The book's file with each part changed: name and content → content."""
    source, target = io.BytesIO(), io.BytesIO()
    book.save(source)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    target.seek(0)
    return target


def test_a_book_saved_as_strict_open_xml_is_read():
    def strict(name, content):
        for known, other in (
            (
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            ),
            (
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        ):
            content = content.replace(known, other)
        return content

    file = rewritten(book_of(HEADER, [1, "区财政局", "服务企业", SECOND, 3]), strict)

    intake = read_sheet(file, FIELDS, name="登记表.xlsx")

    assert intake.rows[0].values["on"] == date(2026, 3, 2)
    assert intake.rows[0].values["people"] == 3


def test_a_formula_counts_as_the_value_stored_with_it():
    def calculated(name, content):
        return content.replace(b"<f>1+2</f><v></v>", b"<f>1+2</f><v>3</v>").replace(
            b"<f>1+2</f><v />", b"<f>1+2</f><v>3</v>"
        )

    rows = [[1, "区财政局", "服务企业", "2026.3.1", "=1+2"], [2, "区审计局", "服务企业", "2026.3.1", "=2+2"]]
    file = rewritten(book_of(HEADER, *rows), calculated)

    intake = read_sheet(file, FIELDS, name="登记表.xlsx")

    assert intake.rows[0].values["people"] == 3
    assert [(problem.row, problem.column) for problem in intake.problems] == [(3, "参加人次")]
    assert "没有存下结果" in intake.problems[0].message


def test_the_escapes_of_excel_are_read_as_what_they_stand_for():
    intake = read(book_of(["单位", "类别", "日期"], ["第一行_x000B_第二行_x005F_x", "服务企业", "2026.3.1"]))

    assert intake.rows[0].values["unit"] == "第一行\n第二行_x"


@pytest.mark.parametrize(
    "first", ["累计帮办100小时", "共计3处点位整治", "合计工作专班", "累计3场宣讲", "注：见附件"]
)
def test_a_row_with_all_its_required_cells_is_no_total(first):
    fields = [Field("subject", ("主题",), required=True), *FIELDS[1:3]]

    intake = read(
        book_of(["主题", "类别", "日期"], [first, "服务企业", "2026.3.1"], ["合计", "服务企业", "2026.3.1"]),
        fields,
    )

    assert ([row.values["subject"] for row in intake.rows], intake.skipped) == ([first], [3])


def test_merged_titles_totals_and_blank_cells_disturb_nothing():
    header = ["单位", "类别", "日期", "金额", "备注"]
    rows = [
        ["区财政局", "服务企业", "2026.3.1", None, "甲"],
        ["区审计局", "服务企业", "2026.3.2", None, None],
    ]

    for merged in ("A1:E2", "D4:D5", "E4:E5", "A6:C7"):
        intake = read(book_of(["登记表"], [None], header, *rows, ["合计"], [None], merge=merged))
        assert intake.ok, merged
        assert len(intake.rows) == 2
