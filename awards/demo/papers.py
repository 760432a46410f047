"""Small real files: PDFs with Chinese text in a font every reader has, PNGs drawn here. No font is embedded."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from awards.demo.chance import chance
from awards.nomination.models import AttachmentKind
from units.uploads import Upload, receive

RED = (0.70, 0.13, 0.16)


def pdf_bytes(title: str, lines: Sequence[str], *, seal: str = "") -> bytes:
    """One page of A4: a centred title, lines below, and a round seal with a word in it if asked."""
    parts = [f"BT /F1 20 Tf {297 - 10 * len(title)} 760 Td <{_hex(title)}> Tj ET"]
    for number, line in enumerate(lines):
        parts.append(f"BT /F1 12 Tf 80 {710 - 24 * number} Td <{_hex(line)}> Tj ET")
    if seal:
        parts += _seal(430, 200, 60, seal)
    return _document("\n".join(parts).encode())


def _seal(x: int, y: int, r: int, word: str) -> list[str]:
    k = round(r * 0.5523)
    red = " ".join(map(str, RED))
    return [
        f"q {red} RG {red} rg 3 w {x + r} {y} m",
        f"{x + r} {y + k} {x + k} {y + r} {x} {y + r} c {x - k} {y + r} {x - r} {y + k} {x - r} {y} c",
        f"{x - r} {y - k} {x - k} {y - r} {x} {y - r} c {x + k} {y - r} {x + r} {y - k} {x + r} {y} c S",
        f"BT /F1 16 Tf {x - 8 * len(word)} {y - 6} Td <{_hex(word)}> Tj ET Q",
    ]


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex()


def _document(stream: bytes) -> bytes:
    """The five objects of a one-page file and the table that says where each begins."""
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< "
        b"/Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) "
        b"/Ordering (GB1) /Supplement 2 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName "
        b"/STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 "
        b"/CapHeight 880 /StemV 93 >> >>] >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        font,
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def png_bytes(*names: object) -> bytes:
    """A bar chart of twelve months without a word on it: evidence that names nobody."""
    dice = chance("picture", *names)
    picture = Image.new("P", (640, 360), 0)
    picture.putpalette([255, 255, 255, 63, 77, 99, 228, 230, 235])
    pen = ImageDraw.Draw(picture)
    for line in range(60, 341, 40):
        pen.line((40, line, 620, line), fill=2)
    for month in range(12):
        height = dice.randrange(40, 260)
        pen.rectangle((52 + month * 48, 340 - height, 80 + month * 48, 340), fill=1)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()


@dataclass(frozen=True)
class Paper:
    """A file to be handed in. blind: it names neither unit nor people."""

    kind: AttachmentKind
    name: str
    content: bytes
    blind: bool

    def upload(self) -> Upload:
        """As the portal's form takes it in."""
        return receive(ContentFile(self.content), name=self.name)
