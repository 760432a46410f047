from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.review.rules import band_of
from awards.review.scale import levels, place, scale
from awards.review.words import about, took

halves = st.integers(min_value=2, max_value=200).map(lambda number: Decimal(number) / 2)


@pytest.mark.parametrize(
    ("maximum", "spans"),
    [
        (15, ["13.5—15", "12—13", "9—11.5", "0—8.5"]),
        (30, ["27—30", "24—26.5", "18—23.5", "0—17.5"]),
        (25, ["22.5—25", "20—22", "15—19.5", "0—14.5"]),
        (7, ["6.5—7", "6—6", "4.5—5.5", "0—4"]),
    ],
)
def test_the_bands_of_a_criterion(maximum, spans):
    assert [level.span for level in levels(Decimal(maximum), ["甲", "乙", "丙", "丁"])] == spans


@given(maximum=halves, data=st.data())
def test_every_mark_lies_in_exactly_the_level_that_the_rule_names(maximum, data):
    mark = Decimal(data.draw(st.integers(min_value=0, max_value=int(maximum * 2)))) / 2

    found = levels(maximum, [], mark)

    holding = [level.name for level in found if level.lowest <= mark <= level.highest]
    assert holding == [band_of(mark, maximum)]
    assert [level.name for level in found if level.is_hit] == holding


@given(maximum=halves, marks=st.lists(st.integers(min_value=0, max_value=400), min_size=2, max_size=9))
def test_a_higher_mark_lies_further_right_within_the_drawing(maximum, marks):
    places = [place(min(Decimal(mark) / 2, maximum), maximum) for mark in sorted(marks)]

    assert places == sorted(places)
    assert places[0] >= 4
    assert places[-1] <= 132


def test_the_scale_says_in_words_what_it_draws():
    drawn = scale(Decimal(15), [Decimal("13.5"), Decimal("12.0"), Decimal("12.0")], Decimal(12))

    assert drawn.text == "您此前在本项给过的分数：12、13.5"
    assert drawn.ticks == (68.0, 100.0)
    assert drawn.here == 68.0


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "约需5分钟"), (22, "约需25分钟"), (60, "约需1小时"), (200, "约需3.5小时")]
)
def test_about_how_long(minutes, words):
    assert about(timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "1分钟"), (640, "11分钟"), (3600, "1小时"), (3900, "1小时5分钟")]
)
def test_what_was_measured_is_not_rounded_like_an_estimate(seconds, words):
    assert took(timedelta(seconds=seconds)) == words
