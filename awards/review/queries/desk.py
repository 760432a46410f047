"""A reviewer's own desk: the queue in its drawn order, how far it has come, what lies beside an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.fields.json import KT
from django.db.models.functions import RowNumber

from awards.nomination.models import Submission
from awards.panel.models import Assignment
from awards.review.models import DeskState, SheetState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    Desk = WithAnnotations[Assignment, "OnDesk"]


class OnDesk(TypedDict):
    """How an assignment lies on the desk. desk_state: a value of DeskState."""

    desk_state: str


BLOCK = 30  # entries in the strip over a sheet


class Median(Aggregate):
    """The middle value of a column."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def desks_of(user) -> QuerySet[Desk]:
    """The assignments this person may open. Marks handed in before somebody else reset the password stay closed until
    the panel is: whoever holds the new password may not be who gave them."""
    desks = with_desk_state(Assignment.objects.visible_to(user))
    if user.reset_at is None:
        return desks
    given_since = Q(sheet__handed_in_at__gte=user.reset_at) | ~Q(desk_state=DeskState.HANDED_IN)
    return desks.filter(Q(panel__closed_at__isnull=False) | given_since)


def with_desk_state(assignments: QuerySet[Assignment]) -> QuerySet[Desk]:
    """Annotate `sheet` (the one that is not void) and `desk_state`."""
    states = [
        When(abstained_at__isnull=False, then=Value(DeskState.ABSTAINED.value)),
        When(sheet__state=SheetState.HANDED_IN, then=Value(DeskState.HANDED_IN.value)),
        When(skipped_at__isnull=False, then=Value(DeskState.SKIPPED.value)),
        When(sheet__state=SheetState.DRAFT, then=Value(DeskState.DRAFT.value)),
    ]
    return assignments.annotate(
        sheet=FilteredRelation("sheets", condition=~Q(sheets__state=SheetState.VOID)),
        desk_state=Case(*states, default=Value(DeskState.OPEN.value), output_field=CharField()),
    )


def next_open(desk: Assignment, user) -> Assignment | None:
    """What to judge after this entry: the next in the queue, from the start again, then what was skipped."""
    waiting = desks_of(user).filter(panel=desk.panel_id).exclude(pk=desk.pk)
    waiting = waiting.filter(desk_state__in=[DeskState.OPEN, DeskState.DRAFT, DeskState.SKIPPED])
    later = Case(
        When(desk_state=DeskState.SKIPPED, then=Value(2)),
        When(order__lt=desk.order, then=Value(1)),
        default=Value(0),
    )
    return waiting.select_related("panel__campaign", "nomination").order_by(later, "order").first()


@dataclass(frozen=True)
class OwnProgress:
    """How far the reviewer has come on one panel; `left` is the time the rest will take at the pace so far."""

    panel: int
    total: int
    handed_in: int
    draft: int
    skipped: int
    abstained: int
    pace: timedelta | None

    @property
    def open(self) -> int:
        """Entries still to be judged, drafts and skipped ones among them."""
        return self.total - self.handed_in - self.abstained

    @property
    def left(self) -> timedelta | None:
        return self.pace * self.open if self.pace is not None else None


def progress_of(user) -> dict[int, OwnProgress]:
    """Own progress by panel, counted in SQL."""
    took = ExpressionWrapper(F("sheet__handed_in_at") - F("sheet__started_at"), output_field=DurationField())
    rows = (
        desks_of(user)
        .order_by()
        .values("panel")
        .annotate(
            total=Count("pk"),
            handed_in=Count("pk", filter=Q(desk_state=DeskState.HANDED_IN)),
            draft=Count("pk", filter=Q(desk_state=DeskState.DRAFT)),
            skipped=Count("pk", filter=Q(desk_state=DeskState.SKIPPED)),
            abstained=Count("pk", filter=Q(desk_state=DeskState.ABSTAINED)),
            pace=Median(took, filter=Q(desk_state=DeskState.HANDED_IN), output_field=DurationField()),
        )
    )
    return {row["panel"]: OwnProgress(**row) for row in rows}


@dataclass(frozen=True)
class Neighbourhood:
    """Where an entry stands in the queue: its place, what lies around it, the ones before and after."""

    position: int
    total: int
    handed_in: int
    around: list[Assignment]
    before: Assignment | None
    after: Assignment | None


def neighbourhood(desk: Assignment, user) -> Neighbourhood:
    """The block of the queue that holds this entry, in one question and never more than 32 rows.

    Places, totals and neighbours are those of the visible queue: an entry closed to this reviewer leaves
    no gap that would tell of it.
    """
    ahead = Count("pk", filter=Q(order__lt=desk.order))
    block = F("ahead") / BLOCK * BLOCK
    rows = list(
        desks_of(user)
        .filter(panel=desk.panel_id)
        .annotate(
            position=Window(RowNumber(), order_by=F("order").asc()),
            total=Window(Count("pk")),
            handed_in=Window(Count("pk", filter=Q(desk_state=DeskState.HANDED_IN))),
            ahead=Window(ahead),
        )
        .filter(position__gte=block, position__lte=block + BLOCK + 1)
        .select_related("nomination")
        .only("order", "panel", "nomination__code")
        .order_by("order")
    )
    place = next(index for index, row in enumerate(rows) if row.pk == desk.pk)
    here = rows[place]
    start = here.ahead // BLOCK * BLOCK
    return Neighbourhood(
        position=here.position,
        total=here.total,
        handed_in=here.handed_in,
        around=[row for row in rows if start < row.position <= start + BLOCK],
        before=rows[place - 1] if place else None,
        after=rows[place + 1] if place + 1 < len(rows) else None,
    )


def with_titles(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Annotate `title` from the newest submission: what was handed over, not what is in the form."""
    newest = Submission.objects.filter(nomination=OuterRef("nomination")).order_by("-number")
    return assignments.annotate(title=Subquery(newest.values(text=KT("content__title"))[:1]))
