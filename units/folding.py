"""One fold for names and words, however they were typed: masking, matching and search compare what it gives.

What looks the same is the same: full-width and half-width, capitals, the signs of a PDF for ideographs (⽂ for 文),
traditional forms for simplified ones, one kind of dash; what is not seen is not there: spaces, marks without width,
variation selectors, fillers, combining marks. The database has the same function (`as_sql`).
"""

import re
import unicodedata
from functools import lru_cache

from units.alike import LOOKALIKES, RADICALS, TRADITIONAL

_pairs = RADICALS + LOOKALIKES + TRADITIONAL
ALIKE = dict(zip(_pairs[::2], _pairs[1::2], strict=True))

# Drawn as nothing, although their kind does not say so.
FILLERS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
UNSEEN_KINDS = {"Cc", "Cf", "Cs", "Me", "Mn", "Mc", "Zl", "Zp", "Zs"}
# Without a character yet, but never drawn (Default_Ignorable_Code_Point).
NEVER_DRAWN = ((0x2065, 0x2065), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF))


def _is_unseen(character: str) -> bool:
    return (
        unicodedata.category(character) in UNSEEN_KINDS
        or character in FILLERS
        or any(first <= ord(character) <= last for first, last in NEVER_DRAWN)
    )


@lru_cache(maxsize=20_000)
def _folded(character: str) -> str:
    kept = []
    for plain in unicodedata.normalize("NFKD", character).lower():
        if _is_unseen(plain):
            continue
        kept.append("-" if _is_dash(plain) else ALIKE.get(plain, plain))
    return "".join(kept)


def _is_dash(character: str) -> bool:
    return unicodedata.category(character) == "Pd" or character == "\N{MINUS SIGN}"


def fold(text: str) -> str:
    """What two texts are compared by; never shown, never stored in place of the text."""
    return "".join(map(_folded, text))


def fold_from(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the position in `text` it came from."""
    folded, origins = [], []
    for position, character in enumerate(text):
        plain = _folded(character)
        folded.append(plain)
        origins.extend([position] * len(plain))
    return "".join(folded), origins


def sought(text: str) -> str:
    """`fold` without dashes: what searches compare, so that 2026F019 finds 2026-F-019."""
    return fold(text).replace("-", "")


def sought_words(text: str) -> list[str]:
    """The words of a search box, each to be found; those of which nothing is left are not asked."""
    return [word for word in map(sought, text.split()) if word]


def looks_empty(text: str) -> bool:
    """Whether nothing of the text can be seen."""
    return not any(map(_folded, text))


def without_unseen(text: str) -> str:
    """A single value (name, number, code) without the marks that came with it from another program.

    Combining marks belong to letters and stay, and so does a variation selector, which says how its character is
    drawn. Spaces and line ends become single spaces.
    """
    return " ".join("".join(one for one in text if one.isspace() or not _hides(one)).split())


def account_name(text: str) -> str:
    """A log-in name as it is kept and asked for: half-width, without spaces and what is not seen. Case stays."""
    return "".join(without_unseen(unicodedata.normalize("NFKC", text)).split())


def _hides(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"} or (
        character in FILLERS or any(first <= ord(character) <= last for first, last in NEVER_DRAWN[:2])
    )


# Never part of what somebody means to write: what comes along unseen from another program.
HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b"
    "\u2060-\u2065\u2800\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e00ff]"
)
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def as_meant(text: str) -> str:
    """What was typed or pasted without hidden marks, its lines ended in one way; '' where nothing can be seen.

    The joiners of emoji and of other scripts, marks of direction and variation selectors stay.
    """
    text = HIDDEN.sub("", LINE_ENDS.sub("\n", text))
    return "" if looks_empty(text) else text


PRIVATE_USE = "别的电脑上可能显示成方框或别的字，请换用标准字。"  # as the page's script says it too


def private_use(text: str) -> str:
    """The characters that every program draws as it likes, each once: as a rule rare ones of old input methods."""
    return "".join(dict.fromkeys(one for one in text if unicodedata.category(one) == "Co"))


def as_sql() -> str:
    """`sought` as an immutable function of PostgreSQL.

    A long table is looked into only by a text that holds one of its characters: translate() walks through the
    whole of it for each.
    """
    tables = "".join(
        f"    IF found ~ '[{pairs[::2]}]' THEN\n"
        f"        found := translate(found, '{pairs[::2]}', '{pairs[1::2]}');\n    END IF;\n"
        for pairs in (RADICALS + LOOKALIKES, TRADITIONAL)
    )
    return f"""
CREATE OR REPLACE FUNCTION sought(text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
DECLARE
    found text := regexp_replace(lower(normalize($1, NFKD)), '[{_unsought()}]', '', 'g');
BEGIN
{tables}    RETURN found;
END $body$"""


def _unsought() -> str:
    """What `sought` leaves out, as the inside of a class in a regular expression of PostgreSQL."""
    left_out = [
        code
        for code in range(1, 0x110000)
        if not 0xD800 <= code <= 0xDFFF and (_is_unseen(chr(code)) or _is_dash(chr(code)))
    ]
    known = set(left_out)
    starts = (code for code in left_out if code - 1 not in known)
    ends = (code for code in left_out if code + 1 not in known)
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in zip(starts, ends, strict=True))
