"""The holiday orders that chinesecalendar knows, as days that differ from Monday to Friday."""

from datetime import date

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
