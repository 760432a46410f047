"""Tables of an official paper: ruled lists, label-and-value forms, the 版记."""

import re
from collections.abc import Iterable, Sequence

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell

from units.papers import layout
from units.papers.typesetting import shared_width
from units.papers.values import display_width, printable

ALIGNMENTS = {"l": WD_ALIGN_PARAGRAPH.LEFT, "c": WD_ALIGN_PARAGRAPH.CENTER, "r": WD_ALIGN_PARAGRAPH.RIGHT}
HALF_CHARACTER_MM, DIGIT_MM, PADDING_MM = 2.12, 2.6, 4.4  # of 小四; both margins of a cell
SHORT, LONGEST_CODE = 8, 16  # columns of a word that stays whole, letters of a code that does
LONGEST_LABEL = 16  # columns; a longer label wraps
THICK, THIN = 8, 6  # eighths of a point: 0.35 mm and 0.25 mm


def add_table(
    document, headers: Sequence[str], rows: Iterable[Sequence], widths, align: str, *, keep_with_next=False
) -> Table:
    rows = [[_shown(value) for value in row] for row in rows]
    texts = [[header, *(row[index] for row in rows)] for index, header in enumerate(headers)]
    needs = [max(map(_length_mm, column)) + PADDING_MM for column in texts]
    least = [max(map(_longest_word_mm, column)) + PADDING_MM for column in texts]
    align = align or "".join(_natural_alignment(index, rows) for index in range(len(headers)))
    table = _grid(
        document, len(rows) + 1, _scaled(widths) if widths else shared_width(needs, layout.WIDTH_MM, least)
    )
    lines = table._tbl.tr_lst
    _repeat(lines[0])
    for cell, header in zip(lines[0].tc_lst, headers, strict=True):
        _fill(cell, table, _shown(header), face=layout.HEI_FACE, alignment=ALIGNMENTS["c"])
    for line, row in zip(lines[1:], rows, strict=True):
        for cell, value, side in zip(line.tc_lst, row, align, strict=True):
            _fill(cell, table, value, alignment=ALIGNMENTS[side])
    _keep_with_next(lines if keep_with_next else lines[:1], table)
    return table


def add_facts(document, pairs: Iterable[tuple[str, object]], per_row: int) -> Table:
    """Labels in 黑体 beside their values; a value that would need three lines gets the row for itself."""
    pairs = [(_shown(label), _shown(value)) for label, value in pairs]
    pair_width = layout.WIDTH_MM / per_row
    longest = min(max((display_width(label) for label, _ in pairs), default=8), LONGEST_LABEL)
    label_width = longest * HALF_CHARACTER_MM + PADDING_MM
    widths = [label_width, pair_width - label_width] * per_row
    room = int((pair_width - label_width - PADDING_MM) / HALF_CHARACTER_MM) * 2  # columns in two lines
    lines = _laid_out(pairs, per_row, room)
    table = _grid(document, len(lines), widths)
    for row, pairs_in_row in zip(table._tbl.tr_lst, lines, strict=True):
        cells = row.tc_lst
        for (label, value), label_cell, value_cell in zip(
            pairs_in_row, cells[::2], cells[1::2], strict=False
        ):
            _fill(label_cell, table, label, face=layout.HEI_FACE, alignment=ALIGNMENTS["c"])
            _fill(value_cell, table, value, alignment=ALIGNMENTS["l"])
        if len(pairs_in_row) < per_row:
            _Cell(cells[2 * len(pairs_in_row) - 1], table).merge(_Cell(cells[-1], table))
            _drop_empty_paragraphs(row)
    return table


def add_imprint(document, printer: str, dated: str, copies_to: str) -> Table:
    """抄送, printer and date in 四号, held to the foot of the page they fall on."""
    table = _grid(document, 2 if copies_to else 1, [layout.WIDTH_MM - 70, 70], ruled=False)
    rows = table._tbl.tr_lst
    if copies_to:
        merged = _Cell(rows[0].tc_lst[0], table).merge(_Cell(rows[0].tc_lst[1], table))
        _fill(merged._tc, table, f"抄送：{copies_to.rstrip('。')}。", size=layout.SMALL_SIZE)
        _drop_empty_paragraphs(rows[0])
        _indent_sides(merged.paragraphs[0], left=1, right=1)
    left, right = rows[-1].tc_lst
    _fill(left, table, printer, size=layout.SMALL_SIZE)
    _indent_sides(_Cell(left, table).paragraphs[0], left=1)
    _fill(right, table, dated, size=layout.SMALL_SIZE, alignment=ALIGNMENTS["r"])
    _indent_sides(_Cell(right, table).paragraphs[0], right=1)
    _without_margins(table)
    _rule(table, {"top": THICK, "bottom": THICK, "insideH": THIN})
    _hold_to_foot(table)
    return table


def end_after_table(document) -> None:
    """Word wants a paragraph after a table that ends the paper; a line of one point does not start a new page."""
    body = document.element.body
    if len(body) > 1 and body[-2].tag == qn("w:tbl"):
        line = document.add_paragraph()
        line.paragraph_format.line_spacing = Pt(1)


def _shown(value) -> str:
    return "" if value is None else printable(str(value))


def _length_mm(text: str) -> float:
    # Letters and digits get more than half a character: substitutes for 仿宋_GB2312 draw them wider.
    wide = display_width(text) - len(text)
    return 2 * wide * HALF_CHARACTER_MM + (len(text) - wide) * DIGIT_MM


def _longest_word_mm(text: str) -> float:
    """The longest figure, code or short word, which must not be broken; an endless one may."""
    words = [text] if display_width(text) <= SHORT else re.findall(r"[!-~]+", text)
    return max((_length_mm(word) for word in words if len(word) <= LONGEST_CODE), default=0)


def _scaled(widths: Sequence[float]) -> list[float]:
    return [width / sum(widths) * layout.WIDTH_MM for width in widths]


def _natural_alignment(index: int, rows: list) -> str:
    """Figures to the right, short words in the middle, text to the left."""
    values = [row[index] for row in rows if row[index]]
    if values and all(value.replace(",", "").replace(".", "").isdecimal() for value in values):
        return "r" if any("." in value or "," in value for value in values) else "c"
    return "c" if all(display_width(value) <= 12 for value in values) else "l"


def _grid(document, rows: int, widths_mm: Sequence[float], *, ruled: bool = True) -> Table:
    body = document.element.body
    if len(body) > 1 and body[-2].tag == qn("w:tbl"):
        # Two tables that touch become one; where the first is kept with the second, so is what parts them.
        kept = body[-2].findall(f"{qn('w:tr')}[last()]//{qn('w:keepNext')}")
        document.add_paragraph().paragraph_format.keep_with_next = bool(kept) or None
    table = document.add_table(rows, len(widths_mm))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    twips = [Mm(width).twips for width in widths_mm]
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, twips, strict=True):
        column.set(qn("w:w"), str(width))
    for row in table._tbl.tr_lst:
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.tc_lst, widths_mm, strict=True):
            cell.width = Mm(width)
            _middle(cell)
    if ruled:
        _rule(table, dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), 4))
    return table


def _middle(cell) -> None:
    place = OxmlElement("w:vAlign")
    place.set(qn("w:val"), "center")
    cell.get_or_add_tcPr().append(place)


def _rule(table: Table, sides: dict[str, int]) -> None:
    frame = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if side in sides:
            rule = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", sides[side]), ("space", 0), ("color", "000000")):
                rule.set(qn(f"w:{name}"), str(value))
            frame.append(rule)
    properties = table._tbl.tblPr
    place = next((child for name in ("shd", "tblLayout", "tblCellMar", "tblLook")
                  if (child := properties.find(qn(f"w:{name}"))) is not None), None)  # fmt: skip
    if place is None:
        properties.append(frame)
    else:
        place.addprevious(frame)


def _without_margins(table: Table) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins)


def _keep_with_next(rows, table: Table) -> None:
    for cell in (cell for row in rows for cell in row.tc_lst):
        for paragraph in _Cell(cell, table).paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _repeat(row) -> None:
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _fill(cell, table: Table, text: str, *, face: str | None = None, size=None, alignment=None) -> None:
    lines = text.split("\n")
    box = _Cell(cell, table)
    for index, line in enumerate(lines):
        paragraph = box.paragraphs[0] if index == 0 else box.add_paragraph()
        paragraph.style, paragraph.alignment = "公文表格", alignment
        run = paragraph.add_run(line)
        if face:
            layout.set_face(run._r.get_or_add_rPr(), face)
        if size:
            run.font.size = size
            paragraph.paragraph_format.line_spacing = Pt(size.pt * 1.5)


def _drop_empty_paragraphs(row) -> None:
    """Merging leaves the empty paragraph of each swallowed cell behind."""
    for cell in row.tc_lst:
        paragraphs = cell.findall(qn("w:p"))
        for paragraph in paragraphs[1:]:
            if paragraph.find(qn("w:r")) is None:
                cell.remove(paragraph)


def _indent_sides(paragraph, **sides) -> None:
    layout.indent(paragraph, **sides)


def _hold_to_foot(table: Table) -> None:
    place = OxmlElement("w:tblpPr")
    place.set(qn("w:vertAnchor"), "margin")
    place.set(qn("w:horzAnchor"), "margin")
    place.set(qn("w:tblpXSpec"), "center")
    place.set(qn("w:tblpYSpec"), "bottom")
    properties = table._tbl.tblPr
    style = properties.find(qn("w:tblStyle"))
    if style is not None:
        style.addnext(place)
    else:
        properties.insert(0, place)


def _laid_out(pairs: list, per_row: int, room: int) -> list[list]:
    lines, line = [], []
    for label, value in pairs:
        wide = per_row > 1 and (display_width(value) > room or "\n" in value)
        if line and (wide or len(line) == per_row):
            lines.append(line)
            line = []
        line.append((label, value))
        if wide:
            lines.append(line)
            line = []
    return [*lines, line] if line else lines
