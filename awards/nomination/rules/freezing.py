"""A submission as bytes that never change, and what two submissions differ in."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")


def canonical_bytes(content: Mapping) -> bytes:
    """Canonical JSON: UTF-8 without escapes, keys sorted, no spaces, no final newline.

    Figures are decimal strings, so that no reader's float can change them. Raises TypeError for a value
    that JSON does not know.
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def digest_of_content(content: Mapping) -> str:
    """Lower-case hex sha256 of the canonical bytes."""
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


@dataclass(frozen=True)
class Piece:
    """A stretch of a changed text. kind: same, gone (only in the older one) or new."""

    kind: str
    text: str


def text_changes(old: str, new: str) -> list[Piece]:
    """Both texts woven into one, by sentences: the pieces without `new` give the older, without `gone` the newer."""
    before, after = SENTENCE.findall(old), SENTENCE.findall(new)
    pieces = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[a:b])))
            continue
        if a < b:
            pieces.append(Piece("gone", "".join(before[a:b])))
        if c < d:
            pieces.append(Piece("new", "".join(after[c:d])))
    return pieces


def changed_keys(old: Mapping, new: Mapping) -> list[str]:
    """The keys whose values differ, in the newer one's order, then those it no longer has."""
    keys = [key for key in new if new[key] != old.get(key)]
    return keys + [key for key in old if key not in new]
