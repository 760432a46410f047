"""Lots drawn from a seed.

A lot is a hash of the seed and the name, not a place in a stream of random numbers: it stays the same in
every version of Python, does not depend on the order in which names are listed, taking one name off leaves
all other lots as they were, and the witness can check it with any SHA-256 program: printf 'seed|name' |
sha256sum.
"""

import hashlib


def lot(seed: str, *names: object) -> str:
    """64 hexadecimal digits; the lowest lot comes first. Names are joined by | behind the seed."""
    return hashlib.sha256("|".join([seed, *map(str, names)]).encode()).hexdigest()
