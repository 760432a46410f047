"""What a sheet is, and how one entry's sheets of a stage become one figure (docs/scoring.md).

Marks are `Decimal`, what is computed from them is `Fraction`; rounding is half up, and only where
the rule publishes a figure. This module is also built into the public checker: standard library only.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from fractions import Fraction

STEP = Decimal("0.5")
MARK = re.compile(r"\d+(\.\d+)?", re.ASCII)  # what the page's script reads too: no sign, no power of ten
BANDS = (("优", 90), ("良", 80), ("中", 60), ("差", 0))
COMMENT_BELOW, COMMENT_FROM = 60, 95

# Sums and products of marks must be exact; should a number ever outgrow the precision, it gets loud.
EXACT = Context(prec=1000, traps=[Inexact, InvalidOperation])

PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,100}(\.[0-9]{1,100})?")


class Refused(ValueError):
    """A mark, rule or record that cannot be taken; the text says why, in words for the reader."""


class TooFewMarks(ValueError):
    """Fewer valid sheets than the rule asks for: the entry waits for a reserve reviewer."""


def read_decimal(text: object) -> Decimal:
    """A decimal in plain notation: digits, perhaps a sign before and a fraction after a point.

    Anything else is refused: a JSON number (it may have lost digits on the way), an exponent, blanks,
    digits of another script, NaN, Infinity, null, true.
    """
    if not isinstance(text, str) or not PLAIN_DECIMAL.fullmatch(text):
        raise Refused(f'不是十进制数：{reprlib.repr(text)}（须写成带引号的数字，如 "27.5"）')
    return Decimal(text)


@dataclass(frozen=True)
class Criterion:
    """One line of the score sheet; `stages` names the stages that use it, None means all."""

    code: str
    maximum: Decimal
    weight: Decimal = Decimal(1)
    stages: tuple[str, ...] | None = None

    def is_used_in(self, stage: str) -> bool:
        return self.stages is None or stage in self.stages


@dataclass(frozen=True)
class Method:
    """How the valid sheets of one entry and stage become its stage score.

    Trimming drops the `high` highest and the `low` lowest values: of the sheets' totals (`trim_on`
    "totals") or of each criterion ("criteria"). `least` is the fewest valid sheets.
    """

    combine: str
    average: str
    trim_on: str
    high: int
    low: int
    least: int
    places: int
    rounding: str

    def __post_init__(self) -> None:
        choices = {
            "combine": ("sum", "weighted"),
            "average": ("mean", "median"),
            "trim_on": ("totals", "criteria"),
            "rounding": ("published", "final"),
        }
        for name, known in choices.items():
            if getattr(self, name) not in known:
                raise Refused(f"规则的 {name} 只能是 {'、'.join(known)}：{getattr(self, name)!r}")
        for name in ("high", "low", "least", "places"):
            if getattr(self, name) < 0:
                raise Refused(f"规则的 {name} 不能小于 0：{getattr(self, name)}")
        if self.places > 100:
            raise Refused(f"规则的 places 不能大于 100：{self.places}")
        if self.least <= self.high + self.low:
            raise Refused(f"规则的 least（{self.least}）须大于 high 与 low 之和（{self.high + self.low}）")

    def published(self, value: Fraction) -> Fraction:
        """The value as later steps use it: rounded if this rule publishes each figure."""
        return half_up(value, self.places) if self.rounding == "published" else value


# ---- one mark, one sheet ----


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


def is_complete(criteria: Sequence[Criterion], marks: Mapping[str, Decimal]) -> bool:
    """A sheet with a criterion left open does not count; an open criterion is never zero."""
    return all(criterion.code in marks for criterion in criteria)


def sheet_total(combine: str, criteria: Sequence[Criterion], marks: Mapping[str, Decimal]) -> Decimal:
    """The exact total of a complete sheet, never rounded."""
    with localcontext(EXACT):
        if combine == "weighted":
            return sum((marks[c.code] * c.weight for c in criteria), Decimal())
        return sum((marks[c.code] for c in criteria), Decimal())


def attainable(combine: str, criteria: Sequence[Criterion]) -> Decimal:
    """The total of a sheet with full marks."""
    return sheet_total(combine, criteria, {c.code: c.maximum for c in criteria})


# ---- the sheets of one entry in one stage ----


def stage_score(
    method: Method, criteria: Sequence[Criterion], sheets: Sequence[Mapping[str, Decimal]]
) -> Fraction:
    """The score of one entry in one stage, as later steps use it (rounded or exact by the rule).

    sheets: the marks of the complete sheets; a recused reviewer has none.
    Raises TooFewMarks below `least` sheets.
    """
    if len(sheets) < method.least:
        raise TooFewMarks(f"有效评分 {len(sheets)} 份，不足 {method.least} 份")
    if method.trim_on == "totals":
        totals = [sheet_total(method.combine, criteria, marks) for marks in sheets]
        return method.published(trimmed_average(method, totals))
    figures = criterion_figures(method, criteria, sheets)
    if method.combine == "weighted":
        shares = [method.published(figures[c.code] * Fraction(c.weight)) for c in criteria]
    else:
        shares = list(figures.values())
    return method.published(sum(shares, Fraction()))


def criterion_figures(
    method: Method, criteria: Sequence[Criterion], sheets: Sequence[Mapping[str, Decimal]]
) -> dict[str, Fraction]:
    """The panel's figure of each criterion: trimmed, averaged, rounded if the rule publishes it."""
    return {
        c.code: method.published(trimmed_average(method, [marks[c.code] for marks in sheets]))
        for c in criteria
    }


def trimmed_average(method: Method, values: Sequence[Decimal]) -> Fraction:
    """Drop one value for each of `high` and `low`, even among equals; then the mean or the median."""
    kept = sorted(values)[method.low : len(values) - method.high]
    if method.average == "mean":
        return exact_mean(kept)
    middle = len(kept) // 2
    return exact_mean(kept[middle : middle + 1] if len(kept) % 2 else kept[middle - 1 : middle + 1])


def exact_mean(values: Sequence[Decimal]) -> Fraction:
    with localcontext(EXACT):
        return Fraction(sum(values, Decimal())) / len(values)


# ---- figures ----


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
