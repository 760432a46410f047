"""Days and moments as the portal writes them."""

from datetime import date, datetime

import pytest

from units.moments import SHANGHAI, chinese_date, chinese_period, day_text, moment_text, weekday_text


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_days_have_no_leading_zeros():
    day = date(2026, 1, 5)
    assert (chinese_date(day), day_text(day), weekday_text(day)) == ("2026年1月5日", "1月5日", "周一")


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 12, 10), date(2026, 12, 16), "2026年12月10日至16日"),
        (date(2026, 9, 28), date(2026, 10, 12), "2026年9月28日至10月12日"),
        (date(2026, 12, 28), date(2027, 1, 4), "2026年12月28日至2027年1月4日"),
        (date(2026, 12, 10), date(2026, 12, 10), "2026年12月10日"),
    ],
)
def test_a_period_names_each_part_once(first, last, text):
    assert chinese_period(first, last) == text


def test_moments_are_written_with_weekday_and_hour():
    assert moment_text(at("2026-11-06 17:30")) == "11月6日（周五）17:30"
    assert moment_text(at("2026-12-17 00:00"), year=True) == "2026年12月16日（周三）24:00"
