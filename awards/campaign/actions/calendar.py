"""The table of working days that deadlines and notices are counted on."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from awards.campaign.models import CalendarYear, SpecialDay
from awards.campaign.queries.calendar import known_calendar
from awards.campaign.rules.statutory import statutory_days
from awards.errors import StageError
from units.audit.events import Event
from units.audit.record import record
from units.errors import StaleVersion
from units.models import User
from units.moments import day_text

Days = dict[date, tuple[bool, str]]


@transaction.atomic
def seed_year(year: int, *, actor: User | None = None) -> int:
    """Enter the year's holiday order as packaged, replacing what stood there; gives the number of days.

    Raises StageError for a year whose order is not packaged: it has to be typed in.
    """
    days = statutory_days(year)
    if not days:
        raise StageError(f"没有内置{year}年的节假日安排，请按国务院办公厅通知录入。")
    save_special_days(year, days, source="国务院办公厅节假日安排通知（内置数据）", actor=actor)
    return len(days)


@transaction.atomic
def save_special_days(
    year: int, days: Days, *, source: str, version: str | None = None, actor: User | None
) -> None:
    """Make exactly these the special days of the year, which is known from then on.

    version: what the editor was opened with (KnownYear.version); given and outdated, nothing is written.
    Raises StaleVersion then; StageError for a day of another year, and for one that differs in nothing from
    Monday to Friday.
    """
    for day, (working, _) in days.items():
        if day.year != year:
            raise StageError(f"{day}不在{year}年。")
        if working == (day.weekday() < 5):
            word = "工作日" if working else "休息日"
            raise StageError(f"{day_text(day)}本来就是{word}，不用列入。")
    known, _ = CalendarYear.objects.select_for_update().get_or_create(year=year)
    if version is not None and version != known_calendar(year).version:
        raise StaleVersion
    before = {row.day: (row.working, row.name) for row in SpecialDay.objects.filter(day__year=year)}
    if before == days and known.source == source:
        return
    SpecialDay.objects.filter(day__year=year).exclude(day__in=days).delete()
    SpecialDay.objects.bulk_create(
        [SpecialDay(day=day, working=working, name=name) for day, (working, name) in days.items()],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["working", "name"],
    )
    known.source = source
    known.save(update_fields=["source"])
    record(
        Event.CALENDAR_CHANGED,
        actor=actor,
        target=f"{year}年工作日历",
        before={"days": _lines(before, days)},
        after={"days": _lines(days, before), "source": source},
    )


def _lines(days: Days, others: Days) -> list[str]:
    """What one side has and the other has not, as lines of the log."""
    return [
        f"{day} {'上班' if working else '休息'} {name}".rstrip()
        for day, (working, name) in sorted(days.items())
        if others.get(day) != (working, name)
    ]
