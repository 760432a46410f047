"""Looking for words in columns, on both sides as they are folded: `Q(title__sought__contains=sought("2026F019"))`.

The database's function `sought` is made by a migration from `units.folding.as_sql`.
"""

from __future__ import annotations

from django.db.models import CharField, Q, TextField, Transform

from units.folding import sought, sought_words


@CharField.register_lookup
@TextField.register_lookup
class Sought(Transform):
    lookup_name = "sought"
    function = "sought"
    output_field = TextField()


def matching(words: str, *columns: str) -> Q:
    """Rows in which each of the words is in one of the columns; of no word at all, every row."""
    found = Q()
    for word in sought_words(words):
        found &= Q.create([(f"{column}__sought__contains", word) for column in columns], connector=Q.OR)
    return found


def called(words: str, *columns: str) -> Q:
    """Rows of which one of the columns is just this."""
    return Q.create([(f"{column}__sought", sought(words)) for column in columns], connector=Q.OR)
