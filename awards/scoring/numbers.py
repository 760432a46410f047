"""Decimals as they are read and printed: the one printer of numbers. Standard library only."""

from __future__ import annotations

import re
import reprlib
from decimal import Decimal

PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,100}(\.[0-9]{1,100})?")


class Refused(ValueError):
    """A mark, rule or record that cannot be taken; the text says why, in words for the reader."""


def read_decimal(text: object) -> Decimal:
    """A decimal in plain notation: digits, perhaps a sign before and a fraction after a point.

    Anything else is refused: a JSON number (it may have lost digits on the way), an exponent, blanks,
    digits of another script, NaN, Infinity, null, true.
    """
    if not isinstance(text, str) or not PLAIN_DECIMAL.fullmatch(text):
        raise Refused(f'不是十进制数：{reprlib.repr(text)}（须写成带引号的数字，如 "27.5"）')
    return Decimal(text)


def decimal_text(value: Decimal) -> str:
    """Plain notation with the decimals the value carries; never an exponent."""
    return format(value, "f")


def plain(value: Decimal | int) -> str:
    """Plain notation without idle zeros, however many decimals a column carries: 27.50 → 27.5."""
    text = decimal_text(Decimal(value))
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: Decimal) -> str:
    """0.4 → 40%, 0.125 → 12.5%."""
    return f"{plain(share * 100)}%"
