"""Chance that repeats: every stream of numbers comes from the season's seed and the name of its use."""

from random import Random

from services.models.logged import SLUG_ALPHABET

SEED = "三个最佳"


def chance(*names: object) -> Random:
    """A generator of its own for each use, so that adding one thing leaves all others as they were."""
    return Random("|".join(map(str, (SEED, *names))))


def slug(*names: object) -> str:
    """The slug a demo row has on every machine."""
    return "".join(chance("slug", *names).choices(SLUG_ALPHABET, k=10))
