"""When everything of the season happens, told from one day: today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from awards.campaign.models import Phase
from awards.campaign.rules import SHANGHAI, Calendar

MORNING, EVENING = time(9, 0), time(17, 30)

# The finished round, as the report of 23 December 2020 leaves room for.
DATES_2020 = {
    Phase.NOMINATION: (date(2020, 9, 28), date(2020, 10, 30)),
    Phase.SCREENING: (date(2020, 11, 2), date(2020, 11, 6)),
    Phase.WRITTEN: (date(2020, 11, 9), date(2020, 11, 20)),
    Phase.LIVE: (date(2020, 11, 26), date(2020, 11, 27)),
    Phase.MEETING: (date(2020, 12, 4), date(2020, 12, 4)),
    Phase.NOTICE: (date(2020, 12, 8), date(2020, 12, 14)),
    Phase.RESULT: (date(2020, 12, 15), date(2020, 12, 18)),
}


def at(day: date, clock: time = time(10, 0)) -> datetime:
    return datetime.combine(day, clock, SHANGHAI)


@dataclass(frozen=True)
class Season:
    """The current year around today: nomination and screening are past, the written review is running."""

    today: date
    calendar: Calendar

    def working(self, days: int) -> date:
        """The day so many working days from today, negative before it; 0 is today or the last one before."""
        day, step = self.today, timedelta(days=1 if days > 0 else -1)
        while not self.calendar.is_working(day):
            day -= timedelta(days=1)
        for _ in range(abs(days)):
            day += step
            while not self.calendar.is_working(day):
                day += step
        return day

    def in_office_hours(self, moment: datetime) -> datetime:
        """The moment pressed into the hours of its day, or of the working day before it."""
        day = moment.astimezone(SHANGHAI).date()
        while not self.calendar.is_working(day):
            day -= timedelta(days=1)
        share = (moment - at(day, time.min)) / timedelta(days=1) % 1
        return at(day, MORNING) + share * (at(day, EVENING) - at(day, MORNING))

    @property
    def first_day(self) -> date:
        """The first day of the year's work."""
        return date(self.today.year, 1, 1)

    def timetable(self) -> dict[Phase, tuple[datetime, datetime]]:
        spans = {
            Phase.NOMINATION: (-36, -13),
            Phase.SCREENING: (-12, -8),
            Phase.WRITTEN: (-6, 4),
            Phase.LIVE: (8, 9),
            Phase.MEETING: (12, 12),
            Phase.NOTICE: (14, 19),
            Phase.RESULT: (20, 24),
        }
        return {
            phase: (at(self.working(first), MORNING), at(self.working(last), EVENING))
            for phase, (first, last) in spans.items()
        }
