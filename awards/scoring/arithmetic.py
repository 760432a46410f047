"""What a sheet is, and how one entry's sheets of a stage become one figure (docs/scoring.md).

Marks are `Decimal`, what is computed from them is `Fraction`; rounding is half up, and only where the rule
publishes a figure. Built into the public checker as well: standard library only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from fractions import Fraction

from awards.scoring.rule import CategoryRule, CriterionRule, Method, Rule, StageRule

# Sums and products of marks must be exact; should a number ever outgrow the precision, it gets loud.
EXACT = Context(prec=1000, traps=[Inexact, InvalidOperation])


class TooFewMarks(ValueError):
    """Fewer valid sheets than the rule asks for: the entry waits for a reserve reviewer."""


# ---- figures ----


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


def published(method: Method, value: Fraction) -> Fraction:
    """The value as later steps use it: rounded if this rule publishes each figure."""
    return half_up(value, method.places) if method.rounding == "published" else value


# ---- one sheet ----


@dataclass(frozen=True)
class Sheet:
    """One reviewer's marks, criterion → mark; one with a criterion left open does not count."""

    entry: str
    stage: str
    reviewer: str
    marks: Mapping[str, Decimal]


def is_complete(criteria: Sequence[CriterionRule], marks: Mapping[str, Decimal]) -> bool:
    """A sheet with a criterion left open does not count; an open criterion is never zero."""
    return all(criterion.code in marks for criterion in criteria)


def sheet_total(combine: str, criteria: Sequence[CriterionRule], marks: Mapping[str, Decimal]) -> Decimal:
    """The exact total of a complete sheet, never rounded."""
    with localcontext(EXACT):
        if combine == "weighted":
            return sum((marks[c.code] * c.weight for c in criteria), Decimal())
        return sum((marks[c.code] for c in criteria), Decimal())


def attainable(combine: str, criteria: Sequence[CriterionRule]) -> Decimal:
    """The total of a sheet with full marks."""
    return sheet_total(combine, criteria, {c.code: c.maximum for c in criteria})


# ---- the sheets of one entry in one stage ----


def stage_score(
    method: Method, criteria: Sequence[CriterionRule], sheets: Sequence[Mapping[str, Decimal]]
) -> Fraction:
    """The score of one entry in one stage, as later steps use it (rounded or exact by the rule).

    sheets: the marks of the complete sheets; a recused reviewer has none.
    Raises TooFewMarks below `least` sheets.
    """
    if len(sheets) < method.least:
        raise TooFewMarks(f"有效评分 {len(sheets)} 份，不足 {method.least} 份")
    if method.trim_on == "totals":
        totals = [sheet_total(method.combine, criteria, marks) for marks in sheets]
        return published(method, trimmed_average(method, totals))
    figures = criterion_figures(method, criteria, sheets)
    if method.combine == "weighted":
        shares = [published(method, figures[c.code] * Fraction(c.weight)) for c in criteria]
    else:
        shares = list(figures.values())
    return published(method, sum(shares, Fraction()))


def criterion_figures(
    method: Method, criteria: Sequence[CriterionRule], sheets: Sequence[Mapping[str, Decimal]]
) -> dict[str, Fraction]:
    """The panel's figure of each criterion: trimmed, averaged, rounded if the rule publishes it."""
    return {
        c.code: published(method, trimmed_average(method, [marks[c.code] for marks in sheets]))
        for c in criteria
    }


def trimmed_average(method: Method, values: Sequence[Decimal]) -> Fraction:
    """Drop one value for each of `high` and `low`, even among equals; then the mean or the median."""
    kept = sorted(values)[method.low : len(values) - method.high]
    if method.average == "mean":
        return exact_mean(kept)
    middle = len(kept) // 2
    return exact_mean(kept[middle : middle + 1] if len(kept) % 2 else kept[middle - 1 : middle + 1])


# ---- the sheets of a category ----


def valid_piles(
    rule: Rule, category: CategoryRule, codes: Collection[str], sheets: Iterable[Sheet]
) -> Mapping[tuple[str, str], Sequence[Sheet]]:
    """The complete sheets by (entry, stage); codes: entries of the category."""
    own, piles = set(codes), defaultdict(list)
    criteria = {stage: category.criteria_in(stage) for stage in rule.stage_codes}
    for sheet in sheets:
        if sheet.entry in own and is_complete(criteria[sheet.stage], sheet.marks):
            piles[sheet.entry, sheet.stage].append(sheet)
    return piles


def stage_scores(
    rule: Rule, category: CategoryRule, piles: Mapping[tuple[str, str], Sequence[Sheet]]
) -> dict[tuple[str, str], Fraction]:
    """By (entry, stage), the score of every pile that has the fewest valid sheets."""
    return {
        (code, stage): stage_score(rule, category.criteria_in(stage), [sheet.marks for sheet in pile])
        for (code, stage), pile in piles.items()
        if len(pile) >= rule.least
    }


def tie_measure(
    rule: Rule,
    category: CategoryRule,
    scores: Mapping[tuple[str, str], Fraction],
    piles: Mapping[tuple[str, str], Sequence[Sheet]],
) -> Callable[[str, str], Fraction]:
    """A function (step, entry) → figure; asked only for entries that are tied."""

    def mean_in(stage: StageRule, code: str, criterion: CriterionRule | None) -> Fraction:
        """Exact mean, over all valid sheets, of one criterion or (None) of the totals."""
        every = [sheet.marks for sheet in piles[code, stage.code]]
        if criterion is not None:
            return exact_mean([marks[criterion.code] for marks in every])
        criteria = category.criteria_in(stage.code)
        return exact_mean([sheet_total(rule.combine, criteria, marks) for marks in every])

    def measure(step: str, code: str) -> Fraction:
        kind, _, name = step.partition(":")
        if kind == "stage":
            return scores[code, name]
        criterion = next((c for c in category.criteria if kind == "criterion" and c.code == name), None)
        having = [s for s in rule.stages if criterion is None or criterion.is_used_in(s.code)]
        parts = (Fraction(stage.weight) * mean_in(stage, code, criterion) for stage in having)
        return sum(parts, Fraction())

    return measure
