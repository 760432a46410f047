"""The text of a PDF, as far as its fonts say which character a code means.

Not for reading: words come in the order in which they are drawn. For finding names in it that is enough.
"""

from __future__ import annotations

import re

from units.uploads.pdf import HEX, LITERAL, Pdf, string_of, unescaped_literal

REFERENCE = re.compile(rb"/([^\s/<>\[\]()]+)\s+(\d+)\s+\d+\s+R")
TO_UNICODE = re.compile(rb"/ToUnicode\s+(\d+)\s+\d+\s+R")
ENCODING = re.compile(rb"/Encoding\s*/([\w-]+)")
COMPOSITE = re.compile(rb"/Subtype\s*/Type0")
BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
CODE = re.compile(rb"<([0-9A-Fa-f\s]+)>|\[(.*?)\]", re.DOTALL)
DRAWN = re.compile(
    rb"/([^\s/<>\[\]()]+)\s+[-\d.]+\s+Tf"
    rb"|(" + LITERAL.pattern + rb"|" + HEX.pattern + rb")"
    rb"|(\bT\*|\bET\b|['\"])",
    re.DOTALL,
)
MOST_LETTERS = 400_000


class Font:
    """How a font's codes become text. is_known: it says so at all."""

    def __init__(self, about: bytes, table: dict[bytes, str]):
        self.table = table
        named = ENCODING.search(about)
        encoding = named[1].decode() if named else ""
        self.codec = (
            "utf-16-be" if "UCS2" in encoding or "UTF16" in encoding else "gbk" if "EUC" in encoding else ""
        )
        self.is_composite = bool(COMPOSITE.search(about))
        self.width = max(map(len, table), default=2 if self.is_composite else 1)

    @property
    def is_known(self) -> bool:
        return bool(self.table or self.codec or not self.is_composite)

    def text(self, codes: bytes) -> str:
        if codes.startswith(b"\xfe\xff"):  # what a mark around the drawing says it is
            return codes[2:].decode("utf-16-be", "ignore")
        if self.table:
            pieces = (codes[at : at + self.width] for at in range(0, len(codes), self.width))
            return "".join(self.table.get(piece, "") for piece in pieces)
        if self.codec:
            return codes.decode(self.codec, "ignore")
        return "" if self.is_composite else codes.decode("latin-1")


def text_of(pdf: Pdf) -> tuple[str, bool]:
    """All text that can be read, and whether that is all: a scanned page has none, a font may keep its own counsel."""
    fonts, whole, found, total, drew = _fonts(pdf), True, [], 0, False
    for stream in pdf.streams:
        data = stream.data or b""
        if b"Tj" not in data and b"TJ" not in data:
            continue
        drew = True
        candidates: list[Font] = []
        for name, string, line in DRAWN.findall(data):
            if name:
                candidates = fonts.get(name, [])
                whole = whole and all(font.is_known for font in candidates)
            elif line:
                found.append("\n")
            elif total < MOST_LETTERS:
                said = _best(candidates, _codes(string))
                total += len(said)
                found.append(said)
    strings = [string_of(one) for body in pdf.objects.values() for one in LITERAL.findall(body)]
    return "".join(found) + "\n" + "\n".join(strings)[:MOST_LETTERS], whole and drew and total < MOST_LETTERS


def _best(candidates: list[Font], codes: bytes) -> str:
    """Two pages may use one name for two fonts: the one that reads most of it."""
    if not candidates:
        return codes.decode("latin-1")
    return max((font.text(codes) for font in candidates), key=len)


def _codes(string: bytes) -> bytes:
    if string[:1] == b"(":
        return unescaped_literal(string[1:-1])
    digits = re.sub(rb"\s", b"", string[1:-1])
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _fonts(pdf: Pdf) -> dict[bytes, list[Font]]:
    """By the name that pages call it, all fonts of that name."""
    maps = [stream for stream in pdf.streams if stream.data and b"beginbf" in stream.data]
    tables = {stream.number: _table(stream.data) for stream in maps}
    known = {}
    for number, body in pdf.objects.items():
        head = body[:4096]
        if b"/Font" in head and (b"/BaseFont" in head or b"/ToUnicode" in head):
            named = TO_UNICODE.search(head)
            known[number] = Font(head, tables.get(int(named[1]), {}) if named else {})
    fonts: dict[bytes, list[Font]] = {}
    for body in pdf.objects.values():
        for name, number in REFERENCE.findall(body):
            if font := known.get(int(number)):
                fonts.setdefault(name, []).append(font)
    return {name: list(dict.fromkeys(several)) for name, several in fonts.items()}


def _table(data: bytes) -> dict[bytes, str]:
    """Code → text, of a ToUnicode map."""
    table: dict[bytes, str] = {}
    for kind, body in BLOCK.findall(data):
        items = [(_bytes(plain), several) for plain, several in CODE.findall(body)]
        if kind == b"bfchar":
            for (code, _), (text, _) in zip(items[::2], items[1::2], strict=False):
                table[code] = text.decode("utf-16-be", "ignore")
        else:
            for (first, _), (last, _), (text, several) in zip(
                items[::3], items[1::3], items[2::3], strict=False
            ):
                table |= _range(first, last, text, several)
    return table


def _range(first: bytes, last: bytes, text: bytes, several: bytes) -> dict[bytes, str]:
    begin, width = int.from_bytes(first, "big"), len(first)
    count = min(int.from_bytes(last, "big") - begin + 1, 65536)
    if several:
        texts = [_bytes(one).decode("utf-16-be", "ignore") for one, _ in CODE.findall(several)]
    else:
        start = int.from_bytes(text[-2:], "big")
        head = text[:-2].decode("utf-16-be", "ignore")
        texts = [head + chr((start + step) & 0xFFFF) for step in range(max(count, 0))]
    return {
        (begin + step).to_bytes(width, "big"): one for step, one in zip(range(count), texts, strict=False)
    }


def _bytes(digits: bytes) -> bytes:
    plain = re.sub(rb"\s", b"", digits)
    return bytes.fromhex((plain + b"0" * (len(plain) % 2)).decode())
