"""Working days on a table somebody keeps.

Statutory holidays and the 调休 days that pay for them are decreed each autumn; they cannot be computed
(docs/field.md 3). What the table does not know counts Monday to Friday and is called 暂定 (docs/design.md).
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from awards.campaign.rules.statutory import rest_by_law
from units.moments import SHANGHAI, weekday_text

CLOSING_HOUR = time(17, 30)
ONE_DAY = timedelta(days=1)


def local_date(moment: datetime) -> date:
    """The day in Shanghai on which an aware moment falls. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone has no day")
    return moment.astimezone(SHANGHAI).date()


def add_years(day: date, years: int) -> date:
    """The same day `years` later (or earlier, when negative); 29 February falls back to the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@dataclass(frozen=True)
class Calendar:
    """Which days are worked.

    special_days: the days that differ from Monday to Friday, True for a working day, False for a rest day.
    known_years: years whose decree has been entered; a year with no special day at all may still be known.
    Of any other year the holidays of the law rest (`rest_by_law`): which days pay for them is not known yet.
    """

    special_days: Mapping[date, bool]
    known_years: Set[int]

    def is_working(self, day: date) -> bool:
        if day in self.special_days:
            return self.special_days[day]
        if day.year not in self.known_years and day in rest_by_law(day.year):
            return False
        return day.weekday() < 5

    def provisional(self, day: date) -> bool:
        """True when the year's decree is not known yet: the page says 暂定."""
        return day.year not in self.known_years

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`, never `day` itself."""
        day += ONE_DAY
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which is not counted itself (Civil Code art. 201).

        count 0 gives `day` back, worked or not. Raises ValueError for a negative count.
        """
        if count < 0:
            raise ValueError("working days are counted forward only")
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie after `after`, up to and with `until`; 0 when `until` is not later.

        The reverse of add_working_days: working_days_between(d, add_working_days(d, n)) == n.
        """
        days = (until - after).days
        return sum(self.is_working(after + timedelta(days=offset)) for offset in range(1, days + 1))


def deadline(calendar: Calendar, after: datetime, days: int, hour: time = CLOSING_HOUR) -> datetime:
    """The end of the `days`-th working day after `after`, at `hour` Shanghai time.

    The day on which the clock starts is not counted, whatever its hour; so a return at 23:00 costs nobody a
    day.
    """
    return datetime.combine(calendar.add_working_days(local_date(after), days), hour, SHANGHAI)


@dataclass(frozen=True)
class Period:
    """A 公示 of so many working days.

    worked: the days that count, in order. closes_at: 24:00 of the last day, written as
    00:00 of the next; an objection at that second is too late. announce_from: the calendar day after the
    last, a rest day or not. provisional: some day of it lies in a year whose decree is unknown.
    """

    worked: tuple[date, ...]
    closes_at: datetime
    announce_from: date
    provisional: bool

    @property
    def first_day(self) -> date:
        return self.worked[0]

    @property
    def last_day(self) -> date:
        return self.worked[-1]

    def day_number(self, day: date) -> int | None:
        """Which of its days `day` is, 1 for the first; None on a rest day and outside."""
        return self.worked.index(day) + 1 if day in self.worked else None


def notice_period(calendar: Calendar, published_at: datetime, days: int) -> Period:
    """Day 1 is the first full working day after publishing (docs/design.md).

    The day of publication never counts, not even when published at midnight. Raises ValueError below one day.
    """
    if days < 1:
        raise ValueError("a notice runs at least one working day")
    return _period(calendar, local_date(published_at), (), days)


def longer_period(calendar: Calendar, period: Period, days: int) -> Period:
    """The period with so many working days more; the days it has stay as they were written down.

    Raises ValueError below one day.
    """
    if days < 1:
        raise ValueError("a notice is made longer by at least one working day")
    longer = _period(calendar, period.last_day, period.worked, days)
    return replace(longer, provisional=longer.provisional or period.provisional)


def _period(calendar: Calendar, after: date, worked: tuple[date, ...], days: int) -> Period:
    more = [calendar.add_working_days(after, number) for number in range(1, days + 1)]
    between = (after + timedelta(days=offset) for offset in range(1, (more[-1] - after).days + 1))
    announce_from = more[-1] + ONE_DAY
    return Period(
        worked=(*worked, *more),
        closes_at=datetime.combine(announce_from, time(), SHANGHAI),
        announce_from=announce_from,
        provisional=any(calendar.provisional(day) for day in between),
    )


@dataclass(frozen=True)
class StripDay:
    """One square of the strip of days. word: 发布, 第n日, 休息 or 公布. tense: past, now or future."""

    day: date
    word: str
    weekday: str
    tense: str
    provisional: bool


def days_strip(published_at: datetime, period: Period, today: date) -> list[StripDay]:
    """Every calendar day from publishing to the first day of announcing, in order.

    Provisional are the days of a later year, of a period that reached into one whose decree was unknown.
    """
    published_on = local_date(published_at)

    def word(day: date) -> str:
        if day == published_on:
            return "发布"
        if day == period.announce_from:
            return "公布"
        number = period.day_number(day)
        return f"第{number}日" if number else "休息"

    length = (period.announce_from - published_on).days + 1
    return [
        StripDay(
            day=day,
            word=word(day),
            weekday=weekday_text(day),
            tense="now" if day == today else "past" if day < today else "future",
            provisional=period.provisional and day.year > published_on.year,
        )
        for day in (published_on + timedelta(days=offset) for offset in range(length))
    ]
