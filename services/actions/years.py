"""The cut-off of a year."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from services.models.years import ClosedLine, ClosedYear
from services.queries import counted, district_totals, totals
from units.audit.events import Event
from units.audit.record import record
from units.errors import Refused
from units.models import Unit, User


@transaction.atomic
def close_year(organiser: Unit, year: int, *, actor: User) -> ClosedYear:
    """Fix the year's figures by organization as they stand now; what comes later goes into the addendum.

    Raises Refused for a year that has not begun or is closed already.
    """
    # Two offices closing at once must see each other.
    Unit.objects.select_for_update(of=["self"]).get(pk=organiser.pk)
    if year > timezone.localdate().year:
        raise Refused("这一年还没有开始，不能截止。")
    if ClosedYear.objects.filter(organiser=organiser, year=year).exists():
        raise Refused(f"{year}年统计已经截止。")
    whole = district_totals(counted(organiser, year))
    closed = ClosedYear.objects.create(
        organiser=organiser, year=year, closed_by=actor, figures=whole.as_figures()
    )
    ClosedLine.objects.bulk_create(
        ClosedLine(closed=closed, unit=line.unit, figures=line.as_figures())
        for line in totals(organiser, year)
    )
    after = {"events": whole.events}
    record(Event.YEAR_CLOSED, actor=actor, target=f"{organiser}{closed}", after=after)
    return closed
