"""What the state of a row promises: a column that may be NULL, read where a constraint says it is not."""

from __future__ import annotations

from typing import TypeVar

Value = TypeVar("Value")


def known(value: Value | None) -> Value:
    """The value, which is there: a published notice has its last day, a returned file its deadline."""
    assert value is not None
    return value
