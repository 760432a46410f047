"""The table of working days."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, Value
from django.db.models.fields import DateField
from django.dispatch import Signal
from django.utils import timezone

from awards.campaign.models import (
    CalendarYear,
    SpecialDay,
)
from awards.campaign.rules.working_days import Calendar


def working_calendar(years: Iterable[int] | None = None) -> Calendar:
    """The working days of these years (default: last year to the year after next), in one query.

    A year not asked for is provisional, as one whose order is not entered: Monday to Friday without the
    holidays of the law.
    """
    if years is None:
        today = timezone.localdate()
        years = range(today.year - 1, today.year + 3)
    years = set(years)
    known = CalendarYear.objects.filter(year__in=years).annotate(
        day=Func(F("year"), 1, 1, function="make_date", output_field=DateField()),
        working=Value(None, BooleanField()),
    )
    rows = SpecialDay.objects.filter(day__year__in=years).values_list("day", "working")
    rows = list(rows.union(known.values_list("day", "working"), all=True))
    return Calendar(
        special_days={day: working for day, working in rows if working is not None},
        known_years={day.year for day, working in rows if working is None},
    )


@dataclass(frozen=True)
class KnownYear:
    """One year of the table as its editor shows it.

    years: all that are entered, ascending. version: changes with every change of the year's days.
    """

    days: list[SpecialDay]
    source: str
    is_known: bool
    years: list[int]

    @property
    def version(self) -> str:
        lines = [self.source, *(f"{row.day} {row.working} {row.name}" for row in self.days)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def known_calendar(year: int) -> KnownYear:
    sources = dict(CalendarYear.objects.values_list("year", "source"))
    return KnownYear(
        days=list(SpecialDay.objects.filter(day__year=year)),
        source=sources.get(year, ""),
        is_known=year in sources,
        years=sorted(sources),
    )


days_already_set = Signal()
"""Asked with a `year`: each stage answers with what it has set by the calendar, as label and days; no later
change of the calendar moves it."""


def already_set(year: int) -> list[tuple[str, str]]:
    told: list[tuple[Any, Any]] = days_already_set.send(sender=None, year=year)
    return [line for _, lines in told for line in lines]
