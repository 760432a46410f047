"""When everything of the season happens, told from one day: today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from awards.campaign.models import Phase
from awards.campaign.rules.working_days import Calendar
from awards.demo.stages import Stage
from units.moments import SHANGHAI

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


# First and last working day of each phase, counted from the middle of the written review.
SPANS = {
    Phase.NOMINATION: (-36, -13),
    Phase.SCREENING: (-12, -8),
    Phase.WRITTEN: (-6, 4),
    Phase.LIVE: (8, 10),
    Phase.MEETING: (12, 12),
    Phase.NOTICE: (14, 18),
    Phase.RESULT: (19, 30),
}


@dataclass(frozen=True)
class Season:
    """The days of a year, laid around one day of it: `today` is the middle of `stage`."""

    year: int
    today: date
    calendar: Calendar
    stage: Stage = Stage.REVIEW

    def working(self, number: int) -> date:
        """The day so many working days from the middle of the written review, negative before it.

        The stage's own day is today or the last working day before.
        """
        days = number - self.stage.day
        day, step = self.today, timedelta(days=1 if days > 0 else -1)
        while not self.calendar.is_working(day):
            day -= timedelta(days=1)
        for _ in range(abs(days)):
            day += step
            while not self.calendar.is_working(day):
                day += step
        return day

    def moment(self, number: int, hour: int, minute: int = 0) -> datetime:
        """A time of day on `working(number)`."""
        return at(self.working(number), time(hour, minute))

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
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        """The last day of the year's work that the season knows of."""
        return min(self.today, date(self.year, 12, 31))

    def timetable(self) -> dict[Phase, tuple[datetime, datetime]]:
        return {
            phase: (at(self.working(first), MORNING), at(self.working(last), EVENING))
            for phase, (first, last) in SPANS.items()
        }
