"""Two people in one form: each keeps what each of them changed.

A form carries what its boxes held when it was opened, as a short digest of each (`base`). Sent after somebody
else has saved, a box that still holds what it held then is theirs; a box that they left alone is mine; only
one that both changed is asked about. Pure: texts in, texts out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

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


def base_of(texts: Texts) -> str:
    """What the form carries of the texts it was opened with: JSON, 12 hex digits a box."""
    return json.dumps({name: _digest(found) for name, found in texts.items()}, separators=(",", ":"))


def merge(base: str, typed: Texts, stored: Texts) -> Merged:
    """Hold what was typed against what is stored now, by what the form was opened with.

    base: what `base_of` gave the form. A box of which it knows nothing counts as changed: nothing of mine is
    dropped for want of it.
    """
    held = _read(base)
    texts, both, taken = {}, [], []
    for name in dict.fromkeys([*stored, *typed]):
        mine, theirs = _plain(typed.get(name, [])), _plain(stored.get(name, []))
        texts[name] = mine
        if mine == theirs:
            continue
        if name in held and held[name] == _digest(mine):
            texts[name] = theirs
            taken.append(name)
        elif held.get(name) != _digest(theirs):
            both.append(name)
    return Merged(texts, both, taken)


def _read(base: str) -> dict[str, str]:
    try:
        found = json.loads(base)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _plain(texts: list[str]) -> list[str]:
    """Line ends differ between browser and database; an empty box is no text."""
    ends = (text.replace("\r\n", "\n").replace("\r", "\n") for text in texts)
    return [text for text in ends if text]


def _digest(texts: list[str]) -> str:
    return blake2b(json.dumps(_plain(texts)).encode(), digest_size=6).hexdigest()
