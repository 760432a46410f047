"""A timetable from nothing, and last year's timetable moved to this year."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from awards.campaign.rules.working_days import (
    CLOSING_HOUR,
    ONE_DAY,
    Calendar,
    add_years,
    local_date,
    notice_period,
)
from units.moments import SHANGHAI

OPENING_HOUR = time(9)
WEEK = 7
Dates = tuple[datetime, datetime]


def proposed_timetable(
    calendar: Calendar, first_day: date, days: Mapping[str, int], notice_days: int
) -> dict[str, Dates]:
    """phase → (opens, closes), one phase after the other, from 9:00 to 17:30 of working days.

    first_day: when nominating begins, or the next working day if it is not worked. days: working days by
    phase, in order; the notice is put before `result` and runs as notices run (24:00 of its last day).
    """
    dates: dict[str, Dates] = {}
    day = calendar.next_working_day(first_day - ONE_DAY)
    for phase, count in days.items():
        if phase == "result":
            published = datetime.combine(day, OPENING_HOUR, SHANGHAI)
            period = notice_period(calendar, published, notice_days)
            dates["notice"] = (published, period.closes_at)
            day = calendar.next_working_day(period.last_day)
        last = calendar.add_working_days(day - ONE_DAY, count)
        dates[phase] = (
            datetime.combine(day, OPENING_HOUR, SHANGHAI),
            datetime.combine(last, CLOSING_HOUR, SHANGHAI),
        )
        day = calendar.next_working_day(last)
    return dates


def weeks_between(first: datetime, years: int) -> timedelta:
    """The whole number of weeks nearest to so many years after `first`: weekdays and hours stay."""
    day = local_date(first)
    return timedelta(weeks=round((add_years(day, years) - day).days / WEEK))


def shifted_timetable(timetable: Mapping[str, Dates], years: int) -> dict[str, Dates]:
    """Every moment moved by the same whole weeks, so order, lengths, weekdays and hours stay.

    A date that then falls on a holiday is for `timetable_warnings` to name; nothing is moved in secret.
    """
    if not timetable:
        return {}
    step = weeks_between(min(opens for opens, _ in timetable.values()), years)
    return {phase: (moved(opens, step), moved(closes, step)) for phase, (opens, closes) in timetable.items()}


def moved(moment: datetime, step: timedelta) -> datetime:
    """So many days later at the same hour of Shanghai's clock."""
    return moment.astimezone(SHANGHAI) + step


def days_moved(old: datetime, new: datetime) -> timedelta:
    """How many calendar days a deadline moved, to move later phases along with it."""
    return local_date(new) - local_date(old)
