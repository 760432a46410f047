"""Names and numbers that would tell a reviewer whose work it is.

A name is found however it is typed (units.folding), with spaces or a line break inside; a telephone number whosever
it is.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from units.folding import fold, fold_from

SHORTEST = 2
PHONE = "电话号码"  # the name of a span that shows one
# A mobile, a landline with its area code, a service number; or a local one after a word that announces it.
NUMBER = re.compile(
    r"(?<!\d)(?:(?:\+?86[\s-]?)?1[3-9]\d(?:[\s_/·-]?\d{4}[\s_/·-]?|\.\d{4}\.)\d{4}"
    r"|\(?0\d{2,3}[)\s.-]{0,3}[2-9]\d{2,3}[\s-]?\d{4}"
    r"|[48]00[\s-]?\d{3}[\s-]?\d{4})(?!\.?\d)"
    r"|(?<=电话|手机|号码|热线|致电|方式|座机|拨打)(?P<local>[^\d\n]{0,4}[2-9]\d{2,3}[\s-]?\d{4})(?!\d)"
)

MAIL = "电子邮箱"
ADDRESS = re.compile(r"[a-z0-9][\w.+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.ASCII)


@dataclass(frozen=True)
class Span:
    """text[start:end] shows `name` (as it was given, not as it was typed)."""

    start: int
    end: int
    name: str


@dataclass(frozen=True)
class Segment:
    """A piece of a masked text; hidden pieces carry the word shown instead, never the name."""

    text: str
    hidden: bool


def find_identity(text: str, names: Iterable[str]) -> list[Span]:
    """Where unit names, aliases, telephone numbers and mail addresses stand in a text, in order, never overlapping.

    Of names that overlap the longest speaks for all and the whole stretch is one span: masking the shorter
    alone would leave the rest of the longer readable. Names that fold to fewer than two characters are passed
    over; they would hide half the language.
    """
    folded, origins = fold_from(text)
    hits = _numbers(text, folded, origins) + [(*at.span(), MAIL) for at in ADDRESS.finditer(folded)]
    for name in names:
        needle = fold(name)
        if len(needle) < SHORTEST:
            continue
        at = folded.find(needle)
        while at >= 0:
            hits.append((at, at + len(needle), name))
            at = folded.find(needle, at + 1)
    spans: list[tuple[int, int, int, str]] = []
    for start, end, name in sorted(hits, key=lambda hit: (hit[0], -hit[1], hit[2])):
        if spans and start < spans[-1][1]:
            first, last, length, known = spans.pop()
            longest = (length, known) if length >= end - start else (end - start, name)
            spans.append((first, max(last, end), *longest))
        else:
            spans.append((start, end, end - start, name))
    return [Span(origins[start], origins[end - 1] + 1, name) for start, end, _, name in spans]


def _numbers(text: str, folded: str, origins: list[int]) -> list[tuple[int, int, str]]:
    """Telephone numbers, as places in the folded text: found there, where nothing unseen stands between the digits,
    and in the text itself, where a space tells one number from the next."""
    found = [(*match.span(), PHONE) for match in NUMBER.finditer(folded)]
    plain = "".join(_one_wide(character) for character in text)
    for match in NUMBER.finditer(plain):
        start, end = bisect_left(origins, match.start()), bisect_left(origins, match.end())
        found.append((start, end, PHONE))
    return found


def _one_wide(character: str) -> str:
    """Half-width digits, dashes and brackets, each in its place."""
    plain = unicodedata.normalize("NFKC", character)
    return "-" if unicodedata.category(character) == "Pd" else plain if len(plain) == 1 else character


def mask(text: str, spans: Sequence[Span], word: str = "某单位") -> list[Segment]:
    """The text in pieces with `word` for each span; the pieces that are not hidden are the text's own.

    spans: as find_identity gives them. Raises ValueError when they overlap, run backwards or leave the text.
    """
    segments, position = [], 0
    for span in spans:
        if not position <= span.start < span.end <= len(text):
            raise ValueError("spans overlap or lie outside the text")
        if span.start > position:
            segments.append(Segment(text[position : span.start], hidden=False))
        segments.append(Segment(word, hidden=True))
        position = span.end
    if position < len(text):
        segments.append(Segment(text[position:], hidden=False))
    return segments
