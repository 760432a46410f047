"""Two texts side by side, with the characters marked in which they differ. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")
MOST_PAIRS = 9_000_000
"""Characters of one text times those of the other: above it sentences are compared, or a page would wait."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, and whether the other text lacks it."""

    text: str
    changed: bool


def compared(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces; the pieces of a side put together are that text."""
    start = _alike(one, other)
    end = _alike(one[start:][::-1], other[start:][::-1])
    middles = one[start : len(one) - end], other[start : len(other) - end]
    parts: tuple[Sequence[str], Sequence[str]] = middles
    if len(middles[0]) * len(middles[1]) > MOST_PAIRS:
        parts = SENTENCE.findall(middles[0]), SENTENCE.findall(middles[1])
    found: tuple[list[Piece], list[Piece]] = [Piece(one[:start], False)], [Piece(other[:start], False)]
    for tag, a, b, c, d in SequenceMatcher(None, *parts, autojunk=False).get_opcodes():
        found[0].append(Piece("".join(parts[0][a:b]), tag != "equal"))
        found[1].append(Piece("".join(parts[1][c:d]), tag != "equal"))
    for side, text in zip(found, (one, other), strict=True):
        side.append(Piece(text[len(text) - end :], False))
    return tuple([piece for piece in side if piece.text] for side in found)


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
