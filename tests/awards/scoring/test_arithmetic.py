"""One mark, one sheet, one stage score: the tables of docs/scoring.md."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.scoring.arithmetic import (
    TooFewMarks,
    criterion_figures,
    figure,
    half_up,
    is_complete,
    sheet_total,
    stage_score,
    trimmed_average,
)
from awards.scoring.numbers import Refused, read_decimal
from awards.scoring.rule import CriterionRule, Method

WHOLE = (CriterionRule("whole", Decimal(100)),)
AB = (
    CriterionRule("a", Decimal(100), Decimal("0.35")),
    CriterionRule("b", Decimal(100), Decimal("0.65")),
)
HALVES = st.integers(0, 200).map(lambda n: Decimal(n) / 2)


def method(**changes):
    values = {"combine": "sum", "average": "mean", "trim_on": "totals", "high": 1, "low": 1, "least": 5}
    return Method(**{**values, "places": 2, "rounding": "published", **changes})


def decimals(text):
    return [Decimal(word) for word in text.split()]


def sheets(text):
    """`94/95.5 97.5/87`: one sheet a word, marks of a/b; without a slash the whole mark."""
    return [
        dict(zip("ab", map(Decimal, word.split("/")), strict=True))
        if "/" in word
        else {"whole": Decimal(word)}
        for word in text.split()
    ]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ("92.5 88 90 85 95 89.5 91", "90.20"),
        ("92.5 88 90 85 95 89.5", "90.00"),
        ("80 88 88 88.5 95", "88.17"),
        ("80 88 88 88 88.5 95", "88.13"),
        ("90 90 90 90 90", "90.00"),  # of equal extremes only one each is dropped
        ("0 100 100 100 100", "100.00"),
    ],
)
def test_totals_are_trimmed_and_averaged(marks, expected):
    assert stage_score(method(), WHOLE, sheets(marks)) == Fraction(expected)


def test_weighted_criteria_publish_each_figure():
    rule = method(combine="weighted", trim_on="criteria")
    marks = sheets("94/95.5 97.5/87 91/87 87/94.5 89/80.5")

    assert criterion_figures(rule, AB, marks) == {"a": Fraction("91.33"), "b": Fraction("89.5")}
    assert stage_score(rule, AB, marks) == Fraction("90.15")  # 31.97 + 58.18


@pytest.mark.parametrize(
    ("changes", "text", "expected"),
    [
        ({"rounding": "final"}, "80 88 88 88.5 95", Fraction(529, 6)),
        ({"rounding": "final", "combine": "weighted", "trim_on": "criteria"}, None, None),
        ({"average": "median"}, "80 88 89 95 96 99", Fraction(92)),  # trimmed to four: the middle two
        ({"average": "median"}, "80 88 89 95 96", Fraction(89)),
        ({"average": "median", "high": 0, "low": 0, "least": 1}, "70 71", Fraction("70.5")),
        ({"high": 0, "low": 2}, "1 2 90 91 92", Fraction(91)),
        ({"high": 2, "low": 0}, "1 2 90 91 92", Fraction(31)),
        ({"places": 0}, "0 89 89.5 90 100", Fraction(90)),  # exactly half goes up
        ({"places": 0, "least": 3}, "0 89.5 100", Fraction(90)),
        ({"places": 4}, "80 88 88 88.5 95", Fraction("88.1667")),
    ],
)
def test_every_setting_of_the_method(changes, text, expected):
    rule = method(**changes)
    if text is None:
        marks = sheets("94/95.5 97.5/87 91/87 87/94.5 89/80.5")
        expected = Fraction(274, 3) * Fraction("0.35") + Fraction("89.5") * Fraction("0.65")
        assert stage_score(rule, AB, marks) == expected
    else:
        assert stage_score(rule, WHOLE, sheets(text)) == expected


def test_sum_ignores_weights_and_weighted_takes_them_as_they_stand():
    marks = {"a": Decimal("90"), "b": Decimal("81.5")}

    assert sheet_total("sum", AB, marks) == Decimal("171.5")
    assert sheet_total("weighted", AB, marks) == Decimal("84.475")


def test_a_total_is_exact_however_many_digits_it_has():
    tiny = CriterionRule("t", Decimal(1), Decimal("0." + "0" * 60 + "1"))

    total = sheet_total("weighted", (*AB, tiny), {"a": Decimal(100), "b": Decimal(100), "t": Decimal(1)})

    assert total == Decimal("100." + "0" * 60 + "1")


def test_too_few_marks_block():
    with pytest.raises(TooFewMarks, match="4 份"):
        stage_score(method(), WHOLE, sheets("90 90 90 90"))
    with pytest.raises(TooFewMarks):
        stage_score(method(high=0, low=0, least=1), WHOLE, [])


@pytest.mark.parametrize(
    "changes",
    [
        {"least": 2},
        {"least": 0, "high": 0, "low": 0},
        {"high": -1},
        {"places": -1},
        {"places": 101},
        {"combine": "product"},
        {"average": "mode"},
        {"trim_on": "sheets"},
        {"rounding": "never"},
    ],
)
def test_a_method_that_breaks_the_contract_cannot_be_made(changes):
    with pytest.raises(Refused):
        method(**changes)


def test_an_open_criterion_makes_a_sheet_incomplete_and_is_never_zero():
    assert not is_complete(AB, {"a": Decimal(90)})
    assert is_complete(AB, {"a": Decimal(0), "b": Decimal(0)})


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction("0.005"), 2, "0.01"),
        (Fraction("0.0049999"), 2, "0.00"),
        (Fraction("2.5"), 0, "3"),
        (Fraction("79.995"), 2, "80.00"),
        (Fraction(280, 3), 2, "93.33"),
        (Fraction(5), 3, "5.000"),
        (Fraction(1, 10**9), 8, "0.00000000"),
    ],
)
def test_half_up_and_printing(value, places, expected):
    assert format(figure(value, places), "f") == expected
    assert half_up(value, places) == Fraction(expected)


@pytest.mark.parametrize("text", ["0", "27.5", "30.0", "007", "-0", "-1.5", "9" * 100])
def test_plain_decimals_are_read(text):
    assert read_decimal(text) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    [
        *["", " 5", "5 ", "5\n", "+5", "5.", ".5", "1e1", "1E+1", "1_0", "1,5", "５", "٥", "NaN", "sNaN"],
        *["Infinity", "-Infinity", "0x1", "abc", "--1", "9" * 101, 5, 27.5, True, None, [], {}],
    ],
)
def test_what_is_no_plain_decimal_is_refused(text):
    with pytest.raises(Refused):
        read_decimal(text)


@given(st.lists(HALVES, min_size=5, max_size=9), st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_sheets_never_matters(marks, random, median):
    rule = method(average="median" if median else "mean")
    shuffled = list(marks)
    random.shuffle(shuffled)

    assert trimmed_average(rule, marks) == trimmed_average(rule, shuffled)


@given(st.lists(HALVES, min_size=5, max_size=9), st.integers(0, 8), HALVES, st.booleans())
def test_raising_a_mark_never_lowers_the_score(marks, index, rise, median):
    rule = method(average="median" if median else "mean")
    before = [{"whole": mark} for mark in marks]
    after = [dict(sheet) for sheet in before]
    raised = after[index % len(marks)]
    raised["whole"] = min(raised["whole"] + rise, Decimal(100))

    assert stage_score(rule, WHOLE, after) >= stage_score(rule, WHOLE, before)


@given(st.lists(HALVES, min_size=5, max_size=9))
def test_a_score_lies_between_the_kept_extremes(marks):
    kept = sorted(marks)[1:-1]

    assert kept[0] <= trimmed_average(method(), marks) <= kept[-1]
