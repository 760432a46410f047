"""The holiday orders that chinesecalendar knows, as days that differ from Monday to Friday."""

from datetime import date, timedelta
from functools import cache

from chinese_calendar import constants

HOLIDAY_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


def known_years() -> tuple[int, ...]:
    """The years whose order the installed package carries, ascending."""
    return tuple(sorted({day.year for day in constants.holidays}))


def statutory_days(year: int) -> dict[date, tuple[bool, str]]:
    """day → (worked, name) for each day of the year that differs from Monday to Friday.

    Empty for a year the package does not know: its order has not been decreed, or not been packaged.
    """
    rests = {day: (False, name) for day, name in constants.holidays.items() if day.weekday() < 5}
    turns = {day: (True, name) for day, name in constants.workdays.items() if day.weekday() >= 5}
    return {
        day: (worked, HOLIDAY_NAMES.get(name, name) + ("调休上班" if worked else ""))
        for day, (worked, name) in sorted((rests | turns).items())
        if day.year == year
    }


# First day of the first month, fifth of the fifth, fifteenth of the eighth of the lunar calendar, as month and day.
LUNAR = {
    2025: ((1, 29), (5, 31), (10, 6)),
    2026: ((2, 17), (6, 19), (9, 25)),
    2027: ((2, 6), (6, 9), (9, 15)),
    2028: ((1, 26), (5, 28), (10, 3)),
    2029: ((2, 13), (6, 16), (9, 22)),
    2030: ((2, 3), (6, 5), (9, 12)),
    2031: ((1, 23), (6, 24), (10, 1)),
    2032: ((2, 11), (6, 12), (9, 19)),
    2033: ((1, 31), (6, 1), (9, 8)),
    2034: ((2, 19), (6, 20), (9, 27)),
    2035: ((2, 8), (6, 10), (9, 16)),
}


@cache
def rest_by_law(year: int) -> frozenset[date]:
    """The holidays of 《全国年节及纪念日放假办法》 as in force since 2025, which no yearly order can take away.

    元旦, 春节 from the eve to the third day, 清明, two days of 劳动节, 端午, 中秋, three of 国庆. Beyond the lunar
    table only those of the sun.
    """
    clear_and_bright = int(year % 100 * 0.2422 + 4.81) - year % 100 // 4  # of April, in this century
    days = {date(year, 1, 1), date(year, 4, clear_and_bright), date(year, 5, 1), date(year, 5, 2)}
    days |= {date(year, 10, day) for day in (1, 2, 3)}
    if year in LUNAR:
        spring, boats, autumn = (date(year, month, day) for month, day in LUNAR[year])
        days |= {boats, autumn, *(spring + timedelta(days=offset) for offset in (-1, 0, 1, 2))}
    return frozenset(days)
