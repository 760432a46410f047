"""Official papers, opened again: page, grid, faces, fields, tables, places of the signature."""

import io
import zipfile
from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from units.moments import chinese_date
from units.papers.document import OfficialPaper, docx_response
from units.papers.typesetting import balanced, chinese_number, sealed_indents, shared_width, unsealed_indents

ISSUER = "中共东营区委区直机关工作委员会"
MOMENT = datetime(2026, 11, 6, 9, 30, tzinfo=UTC)


def paper(title="关于入选项目的公示", issuer=ISSUER, **options):
    return OfficialPaper(title, issuer, made_at=MOMENT, **options)


def opened(made):
    return Document(io.BytesIO(made.to_bytes()))


def line(document, text):
    return next(paragraph for paragraph in document.paragraphs if paragraph.text == text)


def faces(element):
    fonts = element.find(f".//{qn('w:rFonts')}")
    return {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")}


def indents(paragraph):
    place = paragraph._p.pPr.find(qn("w:ind"))
    return {name.split("}")[1]: int(value) for name, value in place.attrib.items()}


def test_the_page_is_that_of_the_standard():
    section = opened(paper()).sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    sides = (section.left_margin, section.right_margin)
    for measured, wanted in zip(sizes + sides, (210, 297, 37, 35, 28, 26), strict=True):
        assert abs(measured - Mm(wanted)) < Mm(0.1)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    pitch, space = int(grid.get(qn("w:linePitch"))), int(grid.get(qn("w:charSpace")))
    assert int(225 / 25.4 * 1440 / pitch) == 22
    assert int(156 / 25.4 * 72 / (16 + space / 4096)) == 28


def test_body_text_fills_the_grid_by_its_style_alone():
    normal = opened(paper()).styles["Normal"]
    assert normal.font.size == Pt(16)
    assert normal.paragraph_format.line_spacing.twips == 579
    narrowed = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val")))
    assert int(156 / 25.4 * 1440 / (320 + narrowed)) == 28


@pytest.mark.parametrize(
    ("style", "face", "size"),
    [
        ("Normal", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
    ],
)
def test_styles_name_one_face_for_every_script(style, face, size):
    found = opened(paper()).styles[style]
    assert faces(found.element) == {face}
    assert found.font.size == Pt(size)
    fonts = found.element.find(f".//{qn('w:rFonts')}")
    assert not [name for name in fonts.attrib if name.endswith("Theme")]


def test_title_addressee_paragraphs_and_headings_are_set():
    document = opened(
        paper()
        .addressee("区直各部门:")
        .paragraph("一段。\n\n二段。\x00")
        .heading("范围")
        .heading("对象", 2)
        .heading("时间", 2)
        .heading("甲", 3)
        .heading("乙", 4)
        .heading("方式")
        .heading("对象", 2)
        .heading("五、自带编号")
    )
    assert line(document, "关于入选项目的公示").style.name == "Title"
    assert document.styles["Title"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert line(document, "区直各部门：").paragraph_format.first_line_indent is None
    assert line(document, "二段。").style.name == "公文正文"
    assert document.styles["公文正文"].element.pPr.ind.get(qn("w:firstLineChars")) == "200"
    texts = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert texts == [
        "一、范围",
        "（一）对象",
        "（二）时间",
        "1.甲",
        "（1）乙",
        "二、方式",
        "（一）对象",
        "五、自带编号",
    ]


def test_page_numbers_stand_outside_between_dashes():
    document = opened(paper())
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph.alignment == WD_ALIGN_PARAGRAPH[side.upper()]
        assert indents(paragraph)[f"{side}Chars"] == 100
        assert [mark.text for mark in paragraph._p.iter(qn("w:instrText"))] == [" PAGE "]
        assert "".join(paragraph.text.split()) == "—1—"
        assert {run.font.size for run in paragraph.runs} == {Pt(14)}
        assert faces(paragraph._p) == {"宋体"}
    assert section.footer_distance < section.bottom_margin - Mm(7)


def test_a_red_head_has_mark_number_and_rule():
    document = opened(paper(number="东区直工委〔2026〕3号", red_head=True))
    head = line(document, ISSUER + "文件")
    assert str(head.runs[0].font.color.rgb) == "E60012"
    assert faces(head._p) == {"方正小标宋简体"}
    assert head.runs[0].font.size.pt * len(head.text) <= 156 / 25.4 * 72
    assert abs(head.paragraph_format.space_before - Mm(35)) < Mm(0.5)
    number = line(document, "东区直工委〔2026〕3号")
    rule = number._p.pPr.find(f"{qn('w:pBdr')}/{qn('w:bottom')}")
    assert rule.get(qn("w:color")) == "E60012"
    plain = opened(paper(number="东区直工委〔2026〕3号"))
    assert not list(plain.element.iter(qn("w:pBdr")))
    assert line(plain, "东区直工委〔2026〕3号").alignment == WD_ALIGN_PARAGRAPH.RIGHT


def test_tables_are_ruled_and_repeat_their_header():
    document = opened(
        paper().table(["序号", "项目"], [[1, "甲"], [2, "乙\x0b\n丙"]], widths=[1, 5]).table(["a"], [[None]])
    )
    table, second = document.tables
    header, *rows = table._tbl.tr_lst
    assert header.trPr.find(qn("w:tblHeader")) is not None
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert rows[0].trPr.find(qn("w:tblHeader")) is None
    sides = {side.tag.split("}")[1] for side in table._tbl.tblPr.find(qn("w:tblBorders"))}
    assert sides == {"top", "left", "bottom", "right", "insideH", "insideV"}
    assert [cell.text for cell in table.rows[2].cells] == ["2", "乙\n丙"]
    widths = [column.width for column in table.columns]
    assert abs(sum(widths) - Mm(156)) < Mm(0.2)
    assert abs(widths[1] / widths[0] - 5) < 0.05
    assert faces(table.rows[0].cells[0]._tc) == {"黑体"}
    assert second.rows[1].cells[0].text == ""
    assert table._tbl.getnext().tag == qn("w:p")


def test_a_paper_that_ends_with_a_table_ends_with_a_paragraph():
    document = opened(paper().table(["序号"], [[1]]))
    assert document.tables[0]._tbl.getnext().tag == qn("w:p")


def test_a_form_gives_long_values_the_whole_row():
    document = opened(
        paper().facts([("名称", "甲"), ("类别", "乙"), ("做法", "长" * 60), ("电话", "1"), ("备注", None)])
    )
    rows = document.tables[0]._tbl.tr_lst
    assert [[cell.xpath("string()") for cell in row.tc_lst] for row in rows] == [
        ["名称", "甲", "类别", "乙"],
        ["做法", "长" * 60],
        ["电话", "1", "备注", ""],
    ]
    assert all(len(cell.findall(qn("w:p"))) == 1 for cell in rows[1].tc_lst)


def test_columns_of_figures_keep_their_line_and_texts_give_way():
    assert shared_width([20, 30], 100) == [40, 60]
    assert shared_width([12, 200, 300, 20], 156) == [12, 62, 62, 20]
    assert sum(shared_width([90, 90, 10], 156)) == 156
    assert shared_width([60, 200, 300], 156, [60, 0, 0]) == [60, 48, 48]


def test_the_signature_stands_where_the_standard_wants_it():
    document = opened(paper().paragraph("正文。").signature("区直机关工委", date(2026, 11, 6)))
    assert indents(line(document, "2026年11月6日"))["rightChars"] == 400
    assert indents(line(document, "区直机关工委"))["rightChars"] == 425
    assert line(document, "正文。").paragraph_format.keep_with_next
    assert line(document, "区直机关工委").paragraph_format.keep_with_next


@pytest.mark.parametrize(
    ("issuer", "sealed", "unsealed"),
    [
        ("区直机关工委", (4.25, 4), (4.5, 2)),
        (ISSUER, (2, 6.25), (2, 8.5)),
        ("区财政局", (5.25, 4), (6.5, 2)),
    ],
)
def test_places_of_issuer_and_date(issuer, sealed, unsealed):
    assert sealed_indents(issuer, "2026年11月6日") == sealed
    assert unsealed_indents(issuer, "2026年11月6日") == unsealed


def test_attachments_note_annex_and_imprint():
    made = paper().paragraph("正文。").attachments(["名单", "登记表"]).note("此件公开发布")
    made.annex("附件1", "名单").heading("甲").imprint("办公室", date(2026, 11, 6), copies_to="区委办公室。")
    document = opened(made)
    assert indents(line(document, "附件：1. 名单"))["hangingChars"] == 450
    assert (
        indents(line(document, "2. 登记表"))["leftChars"]
        == indents(line(document, "附件：1. 名单"))["leftChars"]
    )
    assert line(document, "（此件公开发布）")
    assert line(document, "附件1").paragraph_format.page_break_before
    assert line(document, "一、甲")
    imprint = document.tables[-1]
    assert imprint.rows[0].cells[0].text == "抄送：区委办公室。"
    assert imprint.rows[1].cells[1].text == "2026年11月6日印发"
    assert imprint._tbl.tblPr.find(qn("w:tblpPr")).get(qn("w:tblpYSpec")) == "bottom"
    assert opened(paper().attachments(["名单"])).paragraphs[-1].text == "附件：名单"


def test_the_file_tells_its_issuer_and_no_machine():
    content = paper("关于一事\n的公示").to_bytes()
    about = Document(io.BytesIO(content)).core_properties
    assert (about.author, about.last_modified_by, about.title) == (ISSUER, ISSUER, "关于一事的公示")
    assert about.created == MOMENT
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        whole = b"".join(package.read(name) for name in names)
    assert not [name for name in names if "thumbnail" in name or "app.xml" in name or "customXml" in name]
    assert b"python-docx" not in whole
    assert b"Macintosh" not in whole


def test_the_same_paper_gives_the_same_bytes():
    def make():
        return (
            paper(red_head=True)
            .paragraph("正文")
            .table(["甲"], [[1]])
            .signature(ISSUER, date(2026, 1, 2))
            .to_bytes()
        )

    assert make() == make()


def test_the_download_has_a_chinese_name_with_the_day():
    response = docx_response("公示", paper(), on=date(2026, 11, 6))
    assert quote("公示_20261106.docx") in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    Document(io.BytesIO(response.content))


def test_dates_and_numbers_are_written_without_leading_zeros():
    assert chinese_date(date(2026, 1, 5)) == "2026年1月5日"
    numbers = [chinese_number(number) for number in (1, 9, 10, 11, 20, 21, 99)]
    assert numbers == ["一", "九", "十", "十一", "二十", "二十一", "九十九"]
    with pytest.raises(ValueError, match="100"):
        chinese_number(100)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于入选项目的公示", ["关于入选项目的公示"]),
        ("字" * 21, ["字" * 10, "字" * 11]),
        ("关于开展2026年度“三个最佳”评选工作的通知", ["关于开展2026年度", "“三个最佳”评选工作的通知"]),
    ],
)
def test_long_titles_break_evenly_and_at_marks(title, lines):
    assert balanced(title) == lines
