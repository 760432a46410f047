"""A mark as the score page takes it, its band, and when a comment is asked for."""

from decimal import Decimal

import pytest

from awards.review.rules import band_of, clean_mark, letter_of, needs_comment
from awards.scoring.numbers import Refused


@pytest.mark.parametrize("text", ["0", "0.5", "30", " 27.5 ", "1.50"])
def test_the_page_takes_marks_in_half_points(text):
    assert clean_mark(text, Decimal(30)) == Decimal(text.strip())


@pytest.mark.parametrize("text", ["", "abc", "-0.5", "30.5", "0.25", "27.3", "NaN", "Infinity"])
def test_the_page_refuses_other_marks(text):
    with pytest.raises(Refused):
        clean_mark(text, Decimal(30))


@pytest.mark.parametrize(
    ("mark", "band"),
    [
        ("30", "优"),
        ("27", "优"),
        ("26.5", "良"),
        ("24", "良"),
        ("23.5", "中"),
        ("18", "中"),
        ("17.5", "差"),
        ("0", "差"),
    ],
)
def test_bands_of_a_criterion_of_30(mark, band):
    assert band_of(Decimal(mark), Decimal(30)) == band


@pytest.mark.parametrize(
    ("total", "attainable", "asked"),
    [
        ("59.5", "100", True),
        ("60", "100", False),
        ("94.5", "100", False),
        ("95", "100", True),
        ("29.5", "50", True),
        ("30", "50", False),
        ("47.5", "50", True),
    ],
)
def test_a_comment_is_asked_for_at_both_ends(total, attainable, asked):
    assert needs_comment(Decimal(total), Decimal(attainable)) is asked


def test_letters_go_on_after_z():
    assert [letter_of(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
