"""字数, counted the way WPS and Word show it, so that the page and the applicant's own file agree.

Each CJK character and each full-width mark is 1; each run of other visible characters is 1.
The code points are written out rather than asked of the Unicode tables, because the page's script counts by
the very same ranges; a test holds the two together.
"""

import re

Ranges = tuple[tuple[int, int], ...]

# “ ” ‘ ’ — … · have no width of their own in Unicode; in a Chinese text they are full-width marks and WPS
# counts each one (—— and …… are 2). The price is that it’s with a curly apostrophe is 3, with a straight one
# 1.
WIDE: Ranges = (
    (0x00B7, 0x00B7),  # ·
    (0x1100, 0x11FF),  # hangul jamo
    (0x2014, 0x2014),  # —
    (0x2018, 0x2019),  # ‘ ’
    (0x201C, 0x201D),  # “ ”
    (0x2026, 0x2026),  # …
    (0x2E80, 0x2FFF),  # radicals, description marks
    (0x3001, 0x33FF),  # marks, kana, bopomofo, hangul letters, ㈠, ㎡ (without the ideographic space 3000)
    (0x3400, 0x9FFF),  # extension A, ideographs
    (0xA960, 0xA97F),  # hangul jamo
    (0xAC00, 0xD7FF),  # hangul
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0xFE10, 0xFE1F),  # vertical marks
    (0xFE30, 0xFE6F),  # vertical and small marks
    (0xFF01, 0xFFEF),  # full-width and half-width forms: ２０２６ is 4
    (0x20000, 0x3FFFD),  # extensions B to H and the rest of the two ideographic planes
)
SPACES: Ranges = (
    (0x0009, 0x000D),
    (0x001C, 0x0020),
    (0x0085, 0x0085),
    (0x00A0, 0x00A0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
)
# Never seen, so never counted: a pasted zero-width space must not cost a character, nor split a word.
WIDTHLESS: Ranges = (
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xE0100, 0xE01EF),
)


def _class(ranges: Ranges) -> str:
    return "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges)


_WIDTHLESS = re.compile(f"[{_class(WIDTHLESS)}]")
_COUNTED = re.compile(f"[{_class(WIDE)}]|[^{_class(WIDE)}{_class(SPACES)}]+")


def count_characters(text: str) -> int:
    """How many 字 a text has: 建成5G基站1200座 is 7 (建 成 5G 基 站 1200 座)."""
    return sum(1 for _ in _COUNTED.finditer(_WIDTHLESS.sub("", text)))
