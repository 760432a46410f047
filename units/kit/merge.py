"""Two people in one form: each keeps what each of them changed.

A form carries what its boxes held when it was opened, as a short digest of each (`base`). Sent after somebody
else has saved, a box that still holds what it held then is theirs; a box that they left alone is mine; only
one that both changed is asked about, and stays asked until it is answered. Pure: texts in, texts out.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import quote, unquote

Texts = Mapping[str, list[str]]
"""Box → the texts a browser would send for it; an empty box has none."""


@dataclass(frozen=True)
class Merged:
    """texts: what to save, mine where only I changed, theirs elsewhere; in a box of `both` mine stands.

    both: boxes that each of us changed, to different texts. taken: boxes that are theirs.
    """

    texts: dict[str, list[str]]
    both: list[str]
    taken: list[str]


def base_of(texts: Texts, *, asked: Iterable[str] = (), before: str = "") -> str:
    """What the form carries of the texts it was opened with: `box=digest;…`, 8 characters a digest.

    asked: boxes that still wait for an answer; they keep what `before`, the form's own, says of them, so that
    the next sending is asked again.
    """
    held = {name: _digest(found) for name, found in texts.items()}
    old = _read(before)
    for name in asked:
        held.pop(name, None)
        if name in old:
            held[name] = old[name]
    return ";".join(f"{quote(name)}={digest}" for name, digest in held.items())


def answers_to(theirs: list[str]) -> dict[str, str]:
    """`mine` and `theirs` → what the form sends to choose that side; void once theirs has changed again."""
    return {side: f"{side}:{_digest(theirs)}" for side in ("mine", "theirs")}


def merge(base: str, typed: Texts, stored: Texts, answers: Mapping[str, str] | None = None) -> Merged:
    """Hold what was typed against what is stored now, by what the form was opened with.

    base: what `base_of` gave the form. Without it every difference counts as changed by both: nothing of mine
    is dropped for want of it. A box that it does not name was not there, so it was empty.
    answers: box → one of `answers_to` what was asked before.
    """
    held, answers = _read(base), answers or {}
    texts, both, taken = {}, [], []
    for name in dict.fromkeys([*stored, *typed]):
        mine, theirs = _plain(typed.get(name, [])), _plain(stored.get(name, []))
        texts[name] = mine
        if mine == theirs:
            continue
        was = held.get(name, _digest([])) if held else None
        if was == _digest(mine):
            texts[name] = theirs
            taken.append(name)
        elif was != _digest(theirs):
            answer = answers.get(name)
            if answer == answers_to(theirs)["theirs"]:
                texts[name] = theirs
                taken.append(name)
            elif answer != answers_to(theirs)["mine"]:
                both.append(name)
    return Merged(texts, both, taken)


def _read(base: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in base.split(";"))
    return {unquote(name): digest for name, _, digest in pairs if digest}


def _plain(texts: list[str]) -> list[str]:
    """Line ends differ between browser and database; an empty box is no text."""
    ends = (text.replace("\r\n", "\n").replace("\r", "\n") for text in texts)
    return [text for text in ends if text]


def _digest(texts: list[str]) -> str:
    return urlsafe_b64encode(blake2b(json.dumps(_plain(texts)).encode(), digest_size=6).digest()).decode()
