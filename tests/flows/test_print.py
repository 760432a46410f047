"""Nothing is cut on paper: every page with a print button is measured as it is laid out on A4, upright and across."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from units.models import User
from units.papers.document import CONTENT_TYPE as PAPER
from units.papers.values import display_width
from units.papers.workbook import CONTENT_TYPE as BOOK

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="([/?][^"#]*)')
TRIED = 2  # pages of a route that are asked until one has the button
PEOPLE = ["", "office", "reviewer1", "secretary01", "sysadmin", "auditor"]
BEGUN_AT = [
    "/ranking/2025/",
    "/results/2025/",
    "/appraisal/2025/",
    "/screening/2026/",
    "/decision/2025/",
    "/decision/2025/ballot.docx",
    "/notice-desk/2025/?tab=all",
    "/panels/2026/progress/?panel=F-written&view=marks",
    "/review/grid/",
    "/",
]
UPRIGHT, ACROSS = 656, 982  # CSS pixels between the margins of `@page` in theme.css
# The browser tells no page of the width of the paper: what listens for a new width hears nothing.
SILENT = "window.addEventListener('resize', (event) => event.stopImmediatePropagation(), true)"
CUT = """() => {
  const paper = document.documentElement.clientWidth, faults = [];
  const named = (e) => `<${e.tagName.toLowerCase()} class="${e.getAttribute('class') ?? ''}"> ` +
    e.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40);
  for (const e of document.querySelectorAll('body, body *')) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (!box.width || !box.height || style.visibility === 'hidden') continue;
    const picture = e.ownerSVGElement?.getBoundingClientRect();
    if (picture && e.tagName === 'text' && (box.right > picture.right + 1 || box.left < picture.left - 1))
      faults.push(`outside its chart: ${e.textContent}`);
    if (picture || e.closest('.visually-hidden, .skip, .trap')) continue;
    if (box.right > paper + 1 || box.left < -1) faults.push(`beside the paper: ${named(e)}`);
    const shut = (way) => ['auto', 'scroll', 'hidden', 'clip'].includes(way);
    if (shut(style.overflowX) && e.scrollWidth > e.clientWidth + 1) faults.push(`cut at the right: ${named(e)}`);
    if (shut(style.overflowY) && e.scrollHeight > e.clientHeight + 1) faults.push(`cut below: ${named(e)}`);
  }
  return faults.slice(0, 3);
}"""
THIN = """() => [...document.querySelectorAll('th[scope=row], td.main, th.main')]
  .filter((e) => e.textContent.trim().length > 4 && e.clientWidth && e.clientWidth < 48 &&
    getComputedStyle(e).display === 'table-cell').map((e) => e.textContent.trim().slice(0, 20)).slice(0, 1)"""


@dataclass
class Printed:
    """What leaves the portal on paper. pages: username → addresses of pages with a print button, one of each
    route, view and tab; files: address → content of Word papers and workbooks, one of each kind."""

    pages: dict[str, list[str]]
    files: dict[str, bytes]

    def named(self, ending: str) -> dict[str, BytesIO]:
        return {path: BytesIO(content) for path, content in self.files.items() if path.endswith(ending)}


def walk(username: str, found: Printed, known: set) -> None:
    client, waiting, met, tried = Client(), [*BEGUN_AT], set(), Counter()
    if username:
        client.force_login(User.objects.get(username=username))
    while waiting:
        path = waiting.pop(0)
        parts = urlsplit(path)
        key = kind_of(parts)
        if path in met or tried[key] == TRIED or path.startswith(("/static", "/accounts", "/dev")):
            continue
        met.add(path)
        answer = client.get(path)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code != 200:
            continue
        tried[key] += 1
        if key not in known and kind in (PAPER, BOOK):
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found.files[path + (".docx" if kind == PAPER else ".xlsx")] = content
            known.add(key)
        if "html" not in kind:
            continue
        text = answer.content.decode()
        if "data-print" in text and key not in known:
            found.pages[username].append(path)
            known.add(key)
            tried[key] = TRIED
        links = (link.replace("&amp;", "&") for link in LINK.findall(text))
        waiting += [parts.path + link if link.startswith("?") else link for link in links]


def kind_of(parts) -> tuple:
    """The route of an address, and what of its address and query makes another page of it."""
    cut = [pair for pair in parse_qsl(parts.query) if pair[0] in ("view", "tab", "export", "format")]
    try:
        match = resolve(parts.path)
    except Resolver404:
        return parts.path, ()
    return match.route, *[match.kwargs[name] for name in ("register", "figure") if name in match.kwargs], *cut


@pytest.fixture(scope="module")
def printed(demo, django_db_blocker):
    known: set = set()
    found = Printed({username: [] for username in PEOPLE}, {})
    with django_db_blocker.unblock():
        for username in PEOPLE:
            walk(username, found, known)
    return found


def test_nothing_is_cut_on_paper(printed, demo_site, context):
    assert sum(map(len, printed.pages.values())) > 50, printed.pages
    context.add_init_script(SILENT)
    page, cut = context.new_page(), []
    for username, paths in printed.pages.items():
        context.clear_cookies()
        if username:
            context.add_cookies(demo_site.cookies[username])
        for path in paths:
            page.emulate_media(media="screen")
            page.set_viewport_size({"width": 1366, "height": 768})
            page.goto(f"{demo_site.url}{path}")
            page.emulate_media(media="print")
            turned = page.evaluate("getComputedStyle(document.body).page") != "auto"
            for width in [ACROSS] if turned else [UPRIGHT, ACROSS]:
                page.set_viewport_size({"width": width, "height": 1000})
                cut += [f"{path} at {width}: {fault}" for fault in page.evaluate(CUT) + page.evaluate(THIN)]
            if path.startswith("/review/grid/") or path.endswith("/minutes/"):
                cut += [] if page.locator(".signed:visible").count() else [f"{path} has no line to be signed"]
    assert cut == [], "\n".join(cut)


BODY, CELL, PADDING = 28 * 16, 12, 10.8  # points: a line of the body, the letter of a cell, both its margins
WHOLE = 8  # a cell of up to four characters is one word


def test_every_cell_of_a_paper_holds_its_words(printed):
    papers = printed.named(".docx")
    assert len(papers) >= 8, sorted(papers)
    broken = [f"{path}: {fault}" for path, file in papers.items() for fault in broken_words(Document(file))]
    assert broken == [], "\n".join(broken)


def broken_words(document) -> list[str]:
    """Figures, codes, short words of a cell and lines to be signed that the room does not hold on one line."""
    faults = []
    for table in document.tables:
        for cell in table._tbl.iter_tcs():
            room = cell.width.pt - PADDING
            for text in ("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in cell.iter(qn("w:p"))):
                words = [text] if display_width(text) <= WHOLE else re.findall(r"[!-~]+", text)
                faults += [f"{word!r} in {room:.1f} pt" for word in words if long(word, CELL) > room]
    for text in (paragraph.text for paragraph in document.paragraphs):
        faults += [text for line in text.split("\n") if "：　　" in line and long(line, 16) > BODY - 32]
        faults += [text for word in re.findall(r"[!-~]+", text) if long(word, 16) > BODY and word != text]
    return faults


def long(text: str, size: int) -> float:
    """Points: a Chinese character is as wide as it is high, a letter or digit half of it."""
    return display_width(text) / 2 * size


SMALLEST = 7  # points on paper
A4_WIDE, A4_HIGH = 11.69, 8.27  # inches, turned
CHARACTER = 7 / 96 * 72  # points of a column's width unit: seven pixels a digit of 11 pt


def test_no_workbook_prints_below_seven_points(printed):
    books = printed.named(".xlsx")
    assert len(books) >= 50, sorted(books)
    assert any("format=xlsx&view=marks" in path for path in books), sorted(books)
    small = [
        f"{path} {page.title}: {size:.1f} pt"
        for path, file in books.items()
        for page in load_workbook(file).worksheets
        if page.sheet_state == "visible" and (size := printed_size(page)) < SMALLEST
    ]
    assert small == [], "\n".join(small)


def printed_size(page) -> float:
    """Size of the letters on A4 once Excel has fitted the sheet into its pages' width."""
    setup, margins = page.page_setup, page.page_margins
    paper = A4_WIDE if setup.orientation == "landscape" else A4_HIGH
    room = (paper - margins.left - margins.right) * 72
    wide = sum(
        page.column_dimensions[letter].width * CHARACTER
        for letter in map(get_column_letter, range(1, page.max_column + 1))
        if not page.column_dimensions[letter].hidden
    )
    pages = setup.fitToWidth if page.sheet_properties.pageSetUpPr.fitToPage else 1
    return 11 * (min(1, room * pages / wide) if pages else 1)
