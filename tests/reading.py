"""What a page says, as plain values: a figure is looked for in its cell, a word in its part of the page.

In the whole of a page a figure is found by luck: a code, a link or a token may hold the same digits.
"""

from html.parser import HTMLParser

UNSEEN = ("script", "style", "template", "title")
WITHIN_A_WORD = ("a", "b", "strong", "em", "time", "abbr", "mark", "i")


class _Reader(HTMLParser):
    """Collects the words of every `part` and the cells of every table; an input stands as its value."""

    def __init__(self, part: str):
        super().__init__()
        self.part, self.depth, self.unseen = part, 0, 0
        self.words: list[str] = []
        self.tables: list[list[list[list[str]]]] = []
        self.in_cell = False

    def handle_starttag(self, tag, attributes):
        self.depth += tag == self.part
        self.unseen += tag in UNSEEN
        if tag not in WITHIN_A_WORD:
            self.handle_data(" ")
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables:
            self.tables[-1][-1].append([])
            self.in_cell = True
        elif tag == "input":
            given = dict(attributes)
            if given.get("type", "text") not in ("hidden", "checkbox", "radio"):
                self.handle_data(given.get("value") or "")

    def handle_endtag(self, tag):
        self.depth -= tag == self.part
        self.unseen -= tag in UNSEEN
        if tag in ("td", "th"):
            self.in_cell = False

    def handle_data(self, data):
        if self.unseen:
            return
        if self.depth:
            self.words.append(data)
        if self.in_cell:
            self.tables[-1][-1][-1].append(data)


def _read(html: str, part: str = "main") -> _Reader:
    reader = _Reader(part)
    reader.feed(html)
    return reader


def _line(pieces: list[str]) -> str:
    return " ".join("".join(pieces).split())


def words_of(html: str, part: str = "main") -> str:
    """The visible text of all elements of this name, in one line."""
    return _line(_read(html, part).words)


def rows_of(html: str, table: int = 0) -> list[list[str]]:
    """The rows of a table (the first one), its heading first, as the texts of their cells."""
    return [[_line(cell) for cell in row] for row in _read(html).tables[table]]


def row_of(html: str, heading: str, table: int = 0) -> dict[str, str]:
    """The one row with a cell that says `heading`, or begins with it and a space, by its columns' headings."""
    columns, *rows = rows_of(html, table)
    (row,) = [row for row in rows if any(f"{cell} ".startswith(f"{heading} ") for cell in row)]
    return dict(zip(columns, row, strict=True))
