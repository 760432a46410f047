"""How alike two texts are: a work put forward twice is seldom copied word for word (docs/field.md 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from units.folding import fold

GRAM = 3
SIMILAR_FROM = Fraction(1, 2)


def _grams(text: str) -> frozenset[str]:
    """Runs of three characters of a text without marks, spaces, case and width; a short text is one run."""
    plain = "".join(character for character in fold(text) if character.isalnum())
    if len(plain) <= GRAM:
        return frozenset({plain} if plain else ())
    return frozenset(plain[start : start + GRAM] for start in range(len(plain) - GRAM + 1))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> Fraction:
    together = len(one | other)
    return Fraction(len(one & other), together) if together else Fraction(0)


def similarity(one: str, other: str) -> Fraction:
    """Share of three-character runs two texts have in common (Jaccard), 0 to 1, symmetric.

    Two texts without any letter or digit have nothing in common: 0, not 1.
    """
    return _jaccard(_grams(one), _grams(other))


@dataclass(frozen=True)
class Likeness:
    """Another text and how much it is like the one asked about, 0 to 1."""

    key: int
    share: Fraction

    @property
    def percent(self) -> int:
        """For a page; cut, not rounded, so that 100 means the same text."""
        return int(self.share * 100)


def alike(text: str, others: Mapping[int, str], threshold: Fraction = SIMILAR_FROM) -> list[Likeness]:
    """Those of `others` at least `threshold` like `text`, most alike first, else in the order given."""
    grams = _grams(text)
    found = [Likeness(key, _jaccard(grams, _grams(other))) for key, other in others.items()]
    return sorted((one for one in found if one.share >= threshold), key=lambda one: -one.share)
