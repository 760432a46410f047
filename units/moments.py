"""Days and moments as the portal writes them: one function a form. Standard library only."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"


def chinese_date(day: date) -> str:
    """2026年11月6日: Arabic digits, no leading zeros."""
    return f"{day.year}年{day_text(day)}"


def day_text(day: date) -> str:
    """11月6日, inside a year."""
    return f"{day.month}月{day.day}日"


def weekday_text(day: date) -> str:
    """周五"""
    return f"周{WEEKDAYS[day.weekday()]}"


def chinese_period(first: date, last: date) -> str:
    """First and last day, each part once: 2026年12月10日至16日, 2026年12月28日至2027年1月4日."""
    if first == last or first.year != last.year:
        return chinese_date(first) if first == last else f"{chinese_date(first)}至{chinese_date(last)}"
    return f"{chinese_date(first)}至{f'{last.day}日' if first.month == last.month else day_text(last)}"


def moment_text(moment: datetime, *, year: bool = False) -> str:
    """A moment as pages print it: 11月6日（周五）17:30, with the year in front when asked.

    Midnight is written 24:00 of the day before: “12月16日24:00截止” is read rightly, “12月17日0:00” is not.
    """
    local = moment.astimezone(SHANGHAI)
    day, hour = local.date(), f"{local:%H:%M}"
    if local.time() == time():
        day, hour = day - timedelta(days=1), "24:00"
    return f"{chinese_date(day) if year else day_text(day)}（{weekday_text(day)}）{hour}"
