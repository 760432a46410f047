"""A mark as the score page takes it and shows it (steps of half a point, bands, when to say why); a seat's letter."""

from __future__ import annotations

import re
from decimal import Decimal

from awards.scoring.numbers import Refused, decimal_text
from awards.scoring.rule import STEP

MARK = re.compile(r"\d+(\.\d+)?", re.ASCII)  # what the page's script reads too: no sign, no power of ten
BANDS = (("优", 90), ("良", 80), ("中", 60), ("差", 0))
COMMENT_BELOW, COMMENT_FROM = 60, 95


def letter_of(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def clean_mark(text: str, maximum: Decimal) -> Decimal:
    """A mark as typed on the score page: 0 to the maximum in steps of 0.5. Raises Refused."""
    if not MARK.fullmatch(text.strip()):
        raise Refused(f"请填写 0 到 {decimal_text(maximum)} 的数字，如8.5。")
    mark = Decimal(text.strip())
    if mark > maximum:
        raise Refused(f"分数须在 0 到 {decimal_text(maximum)} 之间。")
    if mark % STEP:
        raise Refused("分数以 0.5 分为一档。")
    return mark


def band_of(mark: Decimal, maximum: Decimal) -> str:
    """优 from 90 % of the maximum, 良 from 80 %, 中 from 60 %, else 差."""
    return next(name for name, percent in BANDS if mark * 100 >= maximum * percent)


def needs_comment(total: Decimal, attainable: Decimal = Decimal(100)) -> bool:
    """Whether a total is so low (<60 %) or so high (≥95 %) that the reviewer has to say why."""
    return total * 100 < attainable * COMMENT_BELOW or total * 100 >= attainable * COMMENT_FROM
