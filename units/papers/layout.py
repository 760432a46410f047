"""The page of an official paper after GB/T 9704: A4, a type area of 156 × 225 mm, 22 lines of 28 characters.

Faces are named, never shipped: office machines have them, others fall back to what they own. Each face is set
for Latin and East Asian text alike, or Word would pick its own for one of the two.
"""

import io
import zipfile
from copy import deepcopy
from datetime import datetime

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor, Twips

TITLE_FACE, BODY_FACE, KAI_FACE = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312"
HEI_FACE, SONG_FACE = "黑体", "宋体"
BODY_SIZE, TITLE_SIZE, SMALL_SIZE, TABLE_SIZE = Pt(16), Pt(22), Pt(14), Pt(12)  # 三号, 二号, 四号, 小四
RED = RGBColor(0xE6, 0x00, 0x12)
WIDTH_MM, HEIGHT_MM = 156, 225
CHARACTERS, LINES = 28, 22
LINE = Twips(579)  # 225 mm / 22 lines = 28.95 pt
CHARACTER = Twips(315)  # 156 mm / 28 characters = 15.79 pt, in whole twips
GRID_CHARACTER_SPACE = -849  # how much narrower than 16 pt that is, in 1/4096 pt
CHARACTER_SPACE = -6  # the same for a style, in twips and with room for rounding
SUBSTITUTES = (
    (TITLE_FACE, "SimSun", "auto", "variable"),
    (BODY_FACE, "FangSong", "modern", "fixed"),
    (KAI_FACE, "KaiTi", "modern", "fixed"),
    (HEI_FACE, "SimHei", "modern", "fixed"),
    (SONG_FACE, "SimSun", "auto", "variable"),
)
FOREIGN_PARTS = ("thumbnail", "extended-properties", "stylesWithEffects", "customXml")
KEPT_STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "Heading1", "Heading2", "Heading3", "Heading4",
               "Header", "Footer", "Title"}  # fmt: skip


def blank_document() -> Document:
    """An empty paper: page, grid, styles, page numbers; free of what the library's own sample file carries."""
    document = Document()
    _drop_parts(document)
    _drop_styles(document)
    _set_defaults(document)
    _define_styles(document)
    _set_page(document)
    _number_pages(document)
    _name_substitutes(document)
    return document


def _drop_parts(document) -> None:
    """The sample's thumbnail, application data and second style sheet would name a machine nobody here used."""
    for relations in (document.part.package.rels, document.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(FOREIGN_PARTS):
                del relations[key]


def _drop_styles(document) -> None:
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in KEPT_STYLES:
            styles.remove(style)
        else:
            for link in style.findall(qn("w:link")):
                style.remove(link)


def _set_defaults(document) -> None:
    styles, settings = document.styles.element, document.settings.element
    run = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    run.find(qn("w:lang")).set(qn("w:val"), "en-US")
    run.find(qn("w:lang")).set(qn("w:eastAsia"), "zh-CN")
    set_face(run, BODY_FACE)
    for size in ("w:sz", "w:szCs"):
        # The grid counts its characters from this size.
        run.find(qn(size)).set(qn("w:val"), str(int(BODY_SIZE.pt * 2)))
    paragraph = styles.find(f"{qn('w:docDefaults')}/{qn('w:pPrDefault')}/{qn('w:pPr')}")
    paragraph.clear()
    settings.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    rsids = settings.find(qn("w:rsids"))
    settings.remove(rsids)
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")
    document.settings.odd_and_even_pages_header_footer = True


def _define_styles(document) -> None:
    normal = document.styles["Normal"]
    _style(normal, BODY_FACE, BODY_SIZE)
    spacing = normal.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing = LINE
    spacing.alignment, spacing.widow_control = WD_ALIGN_PARAGRAPH.JUSTIFY, False
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        # The quarter space Word puts between 汉字 and digits would break the grid of 28 characters.
        _switch(normal.element.get_or_add_pPr(), name, on=False)
    # The page declares the grid; the style alone keeps to it, by exact lines and narrowed characters. Text that
    # snaps to a grid narrower than its face is set twice as wide by some programs.
    _switch(normal.element.get_or_add_pPr(), "w:snapToGrid", on=False)
    _space_characters(normal, CHARACTER_SPACE)
    for level, face in enumerate((HEI_FACE, KAI_FACE, BODY_FACE, BODY_FACE), start=1):
        heading = _fresh(document.styles[f"Heading {level}"], normal)
        _style(heading, face, BODY_SIZE)
        indent(heading, first=2)
        heading.paragraph_format.keep_with_next = True
        _outline(heading, level)
    title = _fresh(document.styles["Title"], normal)
    _style(title, TITLE_FACE, TITLE_SIZE)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(34)
    title.paragraph_format.keep_with_next = True
    body = document.styles.add_style("公文正文", WD_STYLE_TYPE.PARAGRAPH)
    body.base_style = normal
    indent(body, first=2)
    cell = document.styles.add_style("公文表格", WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = normal
    _style(cell, BODY_FACE, TABLE_SIZE)
    cell.paragraph_format.line_spacing = Pt(18)
    cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(2)
    cell.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    _space_characters(cell, 0)


def _fresh(style, base):
    """A built-in style emptied of its colours, spaces and faces; Word still lists it under its name."""
    for name in ("w:rPr", "w:pPr"):
        for part in style.element.findall(qn(name)):
            style.element.remove(part)
    style.base_style = base
    return style


def _style(style, face: str, size) -> None:
    style.font.size = size
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.font.bold = False
    set_face(style.element.get_or_add_rPr(), face)
    style.quick_style, style.hidden = True, False


def _space_characters(style, twips: int) -> None:
    space = OxmlElement("w:spacing")
    space.set(qn("w:val"), str(twips))
    style.element.rPr.find(qn("w:sz")).addprevious(space)


def _outline(style, level: int) -> None:
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level - 1))
    style.element.get_or_add_pPr().append(outline)


def _switch(properties, name: str, *, on: bool) -> None:
    element = OxmlElement(name)
    element.set(qn("w:val"), "1" if on else "0")
    # The order of these elements is fixed by the format; all of ours come before spacing and indents.
    place = properties.find(qn("w:spacing"))
    if place is None:
        properties.append(element)
    else:
        place.addprevious(element)


def set_face(run_properties, face: str) -> None:
    """Name one face for every script, in place of any theme's."""
    fonts = run_properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        run_properties.insert(0, fonts)
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face)


def indent(target, *, first: float = 0, left: float = 0, right: float = 0, hanging: float = 0) -> None:
    """Indents in characters, given twice: in characters for Word and WPS, in twips for whatever knows only those."""
    properties = target.element.get_or_add_pPr() if hasattr(target, "element") else target._p.get_or_add_pPr()
    place = properties.get_or_add_ind()
    for name, value in (("firstLine", first), ("left", left), ("right", right), ("hanging", hanging)):
        if value:
            place.set(qn(f"w:{name}Chars"), str(round(value * 100)))
            place.set(qn(f"w:{name}"), str(round(value * CHARACTER.twips)))


def _set_page(document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(LINE.twips))
    grid.set(qn("w:charSpace"), str(GRID_CHARACTER_SPACE))


def _number_pages(document) -> None:
    """— 1 — in 四号 宋体, at the outer edge: odd pages right, even pages left, one character in."""
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if side == "right" else WD_ALIGN_PARAGRAPH.LEFT
        indent(paragraph, **{side: 1})
        for part in ("— ", "PAGE", " —"):
            run = paragraph.add_run()
            run.font.size = SMALL_SIZE
            set_face(run._r.get_or_add_rPr(), SONG_FACE)
            _field(run, part) if part == "PAGE" else run.add_text(part)


FOOT_LINE = Pt(12)


def foot_line(document, text: str) -> None:
    """A line in 小五 below the page number, in the middle; the number stays where it is."""
    section = document.sections[0]
    section.footer_distance -= FOOT_LINE
    for footer in (section.footer, section.even_page_footer):
        paragraph = footer.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing = FOOT_LINE
        run = paragraph.add_run(text)
        run.font.size = Pt(9)
        set_face(run._r.get_or_add_rPr(), SONG_FACE)


def _name_substitutes(document) -> None:
    """Tell which face may stand in where a machine lacks ours (Windows calls its own 仿宋 otherwise)."""
    entries = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{substitute}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>'
        for face, substitute, family, pitch in SUBSTITUTES
    )
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = f"<w:fonts {nsdecls('w')}>{entries}</w:fonts>".encode()


def _field(run, instruction: str) -> None:
    for kind in ("begin", None, "separate", "1", "end"):
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:t" if kind else "w:instrText")
            mark.text = kind or f" {instruction} "
            mark.set(qn("xml:space"), "preserve")
        run._r.append(deepcopy(mark))


def borders(paragraph, side: str, *, color: str, eighths: int, space: int = 0) -> None:
    """A rule along one side of a paragraph, as wide as the type area; `space` in points."""
    frame = OxmlElement("w:pBdr")
    rule = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", eighths), ("space", space), ("color", color)):
        rule.set(qn(f"w:{name}"), str(value))
    frame.append(rule)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(frame, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap",
                                     "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")  # fmt: skip


def packed(document) -> bytes:
    """The file's bytes, the same for the same content: the entries of the package bear no time of packing."""
    draft, out = io.BytesIO(), io.BytesIO()
    document.save(draft)
    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            fixed.compress_type, fixed.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            target.writestr(fixed, source.read(entry))
    return out.getvalue()


def sign_properties(document, *, title: str, issuer: str, made_at: datetime) -> None:
    """Title and issuer as the file's properties; nobody's name, no machine."""
    about = document.core_properties
    about.title, about.author, about.last_modified_by = title[:255], issuer[:255], issuer[:255]
    about.created = about.modified = made_at
    about.comments = about.keywords = about.subject = about.category = ""
    about.language, about.revision, about.last_printed = "zh-CN", 1, made_at
