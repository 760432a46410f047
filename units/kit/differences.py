"""What changed between two versions of anything: texts by name in, both woven into one out. Pure.

`components/_pieces.html` draws one woven text, `components/_changes.html` a list of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")
ENDS = tuple("。；！？\n")
WHOLE = 12
"""Characters up to which an answer that is no sentence is shown gone and new as a whole: half a date tells nothing."""
ALIKE = 0.6
"""From this share on two sentences are one that was mended, and only the characters that differ are marked."""
MOST_PAIRS = 250_000
"""Characters of one stretch times those of the other, above which no page waits for their comparison."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a changed text. kind: same, gone (only in the older one) or new."""

    kind: str
    text: str

    @property
    def changed(self) -> bool:
        return self.kind != "same"


@dataclass(frozen=True)
class Change:
    """One thing that differs: its name, and both texts woven into one. code: what names it in the program."""

    label: str
    pieces: list[Piece]
    code: str = ""


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    """Name → text of two versions: what differs, in the newer one's order, then what it no longer has."""
    names = dict.fromkeys([*new, *old])
    pairs = ((name, old.get(name, ""), new.get(name, "")) for name in names)
    return [Change(name, woven(before, after)) for name, before, after in pairs if before != after]


def woven(old: str, new: str, *, closely: bool = False) -> list[Piece]:
    """Both texts in one: the pieces without `new` give the older, without `gone` the newer.

    By sentences; within a sentence that was only mended, by characters; `closely`: always by characters.
    """
    before, after = SENTENCE.findall(old), SENTENCE.findall(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        pieces += [Piece("same", gone)] if tag == "equal" else _mended(gone, come, closely)
    return pieces


def sides(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """The same for two texts side by side: each in pieces of its own, marked where the other differs."""
    pieces = woven(one, other, closely=True)
    return [piece for piece in pieces if piece.kind != "new"], [
        piece for piece in pieces if piece.kind != "gone"
    ]


def _mended(gone: str, come: str, closely: bool) -> list[Piece]:
    is_answer = max(len(gone), len(come)) <= WHOLE and not gone.endswith(ENDS)
    if (closely or not is_answer) and len(gone) * len(come) <= MOST_PAIRS:
        found = SequenceMatcher(None, gone, come, autojunk=False)
        if closely or found.ratio() >= ALIKE:
            return [
                piece
                for tag, a, b, c, d in found.get_opcodes()
                for piece in ([Piece("same", gone[a:b])] if tag == "equal" else _pair(gone[a:b], come[c:d]))
            ]
    return _pair(gone, come)


def _pair(gone: str, come: str) -> list[Piece]:
    return [piece for piece in (Piece("gone", gone), Piece("new", come)) if piece.text]
