"""Decimals as they are read, rounded and printed: the one printer of numbers. Standard library only.

Marks are `Decimal`, what is computed from them is `Fraction`; rounding is half up, and only where the rule
publishes a figure.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Sequence
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from fractions import Fraction

# Sums and products of marks must be exact; should a number ever outgrow the precision, it gets loud.
EXACT = Context(prec=1000, traps=[Inexact, InvalidOperation])

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


def exact_mean(values: Sequence[Decimal]) -> Fraction:
    with localcontext(EXACT):
        return Fraction(sum(values, Decimal())) / len(values)


def half_up(value: Fraction, places: int) -> Fraction:
    """Round a value of 0 or more to `places` decimals; exactly half goes up."""
    unit = 10**places
    return Fraction((2 * value.numerator * unit + value.denominator) // (2 * value.denominator), unit)


def figure(value: Fraction, places: int) -> Decimal:
    """The value as it is printed: half up, with exactly `places` decimals."""
    unit = 10**places
    whole, rest = divmod(int(half_up(value, places) * unit), unit)
    return Decimal(f"{whole}.{rest:0{places}d}" if places else str(whole))


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
