"""Word out: an official paper, built part by part in the order in which it is read.

    paper = OfficialPaper("关于……的公示", "中共某某区委区直机关工作委员会")
    paper.addressee("区直各部门党组织").paragraph("……").heading("评选范围")
    paper.signature("中共某某区委区直机关工作委员会", date(2026, 11, 6))
    return docx_response("公示", paper)

The file is the master that staff open, correct and sign in WPS; it needs nothing but text they can edit.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.http import HttpResponse
from django.utils import timezone
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from units.downloads import attachment_response
from units.moments import chinese_date
from units.papers import layout
from units.papers.tables import add_facts, add_imprint, add_table, end_after_table
from units.papers.typesetting import (
    balanced,
    characters,
    has_number,
    numbered,
    sealed_indents,
    unsealed_indents,
)
from units.papers.values import printable

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class OfficialPaper:
    """One paper. Every part returns the paper, so that parts can be chained.

    number: 发文字号, printed under a red head (东区直工委〔2026〕3号) or alone at the right when there is none.
    made_at: the time told in the file's properties; with it the bytes depend on the content alone.
    """

    def __init__(
        self,
        title: str,
        issuer: str,
        number: str | None = None,
        *,
        red_head: bool = False,
        head: str | None = None,
        made_at: datetime | None = None,
    ):
        self.document = layout.blank_document()
        self._counts = [0, 0, 0, 0]
        moment = made_at or timezone.now()
        layout.sign_properties(
            self.document, title=printable(title).replace("\n", ""), issuer=printable(issuer), made_at=moment
        )
        if red_head:
            self._red_head(head or f"{issuer}文件", number)
        elif number:
            self._add(number, alignment=WD_ALIGN_PARAGRAPH.RIGHT)
            self.blank()
        self._title(title)

    # --- head

    def _red_head(self, head: str, number: str | None) -> None:
        words = printable(head)
        line = self._add(words, alignment=WD_ALIGN_PARAGRAPH.CENTER)
        size = Pt(max(16, min(46, int(layout.WIDTH_MM / 25.4 * 72 / len(words) - 0.5))))
        line.paragraph_format.line_spacing = Pt(size.pt * 1.2)
        line.paragraph_format.space_before = Pt(35 / 25.4 * 72)  # 35 mm from the top of the type area
        for run in line.runs:
            run.font.size, run.font.color.rgb = size, layout.RED
            layout.set_face(run._r.get_or_add_rPr(), layout.TITLE_FACE)
        self.blank(2)
        rule = self._add(number or "", alignment=WD_ALIGN_PARAGRAPH.CENTER)
        layout.borders(rule, "bottom", color=str(layout.RED), eighths=12, space=11)  # 4 mm under the number
        self.blank(2)

    def _title(self, title: str) -> None:
        lines = [line for line in printable(title).split("\n") if line.strip()]
        if len(lines) == 1:
            lines = balanced(lines[0])
        for line in lines:
            self.document.add_paragraph(line.strip(), style="Title")
        self.blank()

    def addressee(self, text: str) -> "OfficialPaper":
        """主送机关: flush left, closed by a full-width colon."""
        self._add(printable(text).rstrip("：:") + "：", alignment=WD_ALIGN_PARAGRAPH.LEFT)
        return self

    # --- body

    def paragraph(self, text: str) -> "OfficialPaper":
        """Body text; each line of it is a paragraph indented by two characters."""
        for line in printable(text).split("\n"):
            if line.strip():
                self.document.add_paragraph(line.strip(), style="公文正文")
        return self

    def heading(self, text: str, level: int = 1) -> "OfficialPaper":
        """A heading of level 1 to 4, numbered 一、（一）1.（1）in order unless the text brings its own number."""
        text = printable(text).strip()
        if not has_number(text):
            self._counts[level - 1] += 1
            self._counts[level:] = [0] * (4 - level)
            text = numbered(text, self._counts[level - 1], level)
        self.document.add_paragraph(text, style=f"Heading {level}")
        return self

    def table(
        self,
        headers: Sequence[str],
        rows: Iterable[Sequence],
        widths: Sequence[float] | None = None,
        *,
        align: str = "",
        caption: str = "",
        keep_with_next: bool = False,
    ) -> "OfficialPaper":
        """A ruled table whose header repeats on each page.

        widths: relative, scaled to the 156 mm of the page. align: one letter a column, l, c or r ("clr").
        keep_with_next: not parted from what follows, as a list from the box it is voted on in.
        """
        if caption:
            line = self._add(caption, alignment=WD_ALIGN_PARAGRAPH.CENTER)
            line.paragraph_format.keep_with_next = True
        add_table(self.document, headers, rows, widths, align, keep_with_next=keep_with_next)
        return self

    def facts(self, pairs: Iterable[tuple[str, object]], *, per_row: int = 2) -> "OfficialPaper":
        """Labels and values as a form (申报表): `per_row` pairs beside each other, long values over the full width."""
        add_facts(self.document, pairs, per_row)
        return self

    def blank(self, lines: int = 1) -> "OfficialPaper":
        for _ in range(lines):
            self.document.add_paragraph()
        return self

    # --- end

    def attachments(self, names: Sequence[str]) -> "OfficialPaper":
        """附件说明, one line below the body: names bare, numbered when there is more than one.

        The last of the body stays with it, so that no page bears a signature and no text.
        """
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        self._add("").paragraph_format.keep_with_next = True
        for index, name in enumerate(names, start=1):
            number = f"{index}. " if len(names) > 1 else ""
            label = "附件：" if index == 1 else ""
            line = self._add(f"{label}{number}{name}", alignment=WD_ALIGN_PARAGRAPH.LEFT)
            # A long name goes on under its own first character, whether or not the label stands before it.
            left = 2 + characters("附件：" + number)
            layout.indent(line, left=left, hanging=characters(label + number))
            line.paragraph_format.keep_with_next = index < len(names)
        return self

    def signature(self, issuer: str, day: date, *, seal: bool = True) -> "OfficialPaper":
        """Issuer and date. With a seal the date stands four characters in and the issuer centred over it;
        without one the issuer stands two in and the date begins two characters after it.
        """
        texts = printable(issuer), chinese_date(day)
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        for _ in range(2 if seal else 1):
            self._add("").paragraph_format.keep_with_next = True
        places = sealed_indents(*texts) if seal else unsealed_indents(*texts)
        for text, place in zip(texts, places, strict=True):
            line = self._add(text, alignment=WD_ALIGN_PARAGRAPH.RIGHT)
            layout.indent(line, right=place)
            line.paragraph_format.keep_with_next = text is texts[0]
        return self

    def note(self, text: str) -> "OfficialPaper":
        """附注 in brackets under the date, as （此件公开发布）."""
        self.document.add_paragraph(f"（{printable(text).strip('（）()')}）", style="公文正文")
        return self

    def annex(self, label: str, title: str) -> "OfficialPaper":
        """A new page headed 附件1 and the annex's own title; headings are counted anew."""
        line = self._add(printable(label), alignment=WD_ALIGN_PARAGRAPH.LEFT)
        line.paragraph_format.page_break_before = True
        for run in line.runs:
            layout.set_face(run._r.get_or_add_rPr(), layout.HEI_FACE)
        self._counts = [0, 0, 0, 0]
        self.blank()
        self._title(title)
        return self

    def foot(self, text: str) -> "OfficialPaper":
        """A small line under the number of every page: which text this is and when it was printed."""
        layout.foot_line(self.document, printable(text))
        return self

    def imprint(self, printer: str, day: date, *, copies_to: str = "") -> "OfficialPaper":
        """版记 at the foot of the last page: 抄送, 印发机关 and 印发日期 between rules."""
        add_imprint(self.document, printable(printer), f"{chinese_date(day)}印发", printable(copies_to))
        return self

    # --- file

    def to_bytes(self) -> bytes:
        end_after_table(self.document)
        return layout.packed(self.document)

    def _add(self, text: str, *, alignment=None):
        line = self.document.add_paragraph(printable(text))
        line.alignment = alignment
        return line


def docx_response(name: str, paper: OfficialPaper, *, on: date | None = None) -> HttpResponse:
    """The paper as a download called `name` and the day, as in 公示_20261106.docx."""
    day = on or timezone.localdate()
    return attachment_response(paper.to_bytes(), f"{name}_{day:%Y%m%d}.docx", CONTENT_TYPE)
