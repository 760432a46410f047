"""How far the panels have come: states and counts, never a mark. Safe to show before a panel closes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Window,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from awards.campaign.models import Campaign, ScoringRule
from awards.nomination.models import Nomination
from awards.nomination.rules.codes import code_key
from awards.panel.models import Assignment, Enough, Panel, Recusal
from awards.panel.rules.conflicts import Tie
from awards.review.models import DeskState, ScoreSheet
from awards.review.queries.desk import Median, OnDesk, with_desk_state
from awards.review.rules import letter_of
from units.kit.search import matching
from units.kit.status import Mark
from units.known import known

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    JudgedPanel = WithAnnotations[Panel, "Least"]
    PageEntry = WithAnnotations[Nomination, "Total"]
    Counted = WithAnnotations[Assignment, "Standing"]


class Least(TypedDict):
    """The fewest valid sheets of an entry, by the rule in force."""

    least: int


class Total(TypedDict):
    """How many entries the search found, on each row of a page of them."""

    total: int


class Standing(OnDesk):
    is_recused: bool


@dataclass(frozen=True)
class PanelProgress:
    """Counts of one panel; `pace` is the median time from the first mark to the hand-in."""

    due: int = 0
    handed_in: int = 0
    pace: timedelta | None = None

    @property
    def percent(self) -> int:
        return self.handed_in * 100 // self.due if self.due else 0


@dataclass(frozen=True)
class SeatProgress:
    """One column of the matrix."""

    seat: int
    letter: str
    name: str
    due: int
    handed_in: int
    reminded_at: datetime | None = None

    @property
    def missing(self) -> int:
        return self.due - self.handed_in


@dataclass(frozen=True)
class Exit:
    """Somebody who stays away from an entry: abstained, or recused."""

    code: str
    letter: str
    state: DeskState
    at: datetime
    kind: str
    reason: str


@dataclass
class EntryProgress:
    """One row of the matrix: a state per seat (None: not given to it), and whether the sheets suffice."""

    code: str
    title: str
    cells: list[DeskState | None] = field(default_factory=list)
    handed_in: int = 0
    due: int = 0
    least: int = 0

    @property
    def short_of(self) -> int:
        return max(self.least - self.handed_in, 0)

    @property
    def mark(self) -> Mark:
        return (
            Enough.NO.said(f"差{self.short_of}份") if self.short_of else Enough.YES.said(f"够{self.least}份")
        )


def panels_of(campaign: Campaign) -> list[JudgedPanel]:
    """The drawn panels of a campaign."""
    rule = ScoringRule.objects.filter(campaign=OuterRef("campaign")).order_by("-version")
    least = Subquery(rule.values(least=Cast(KT("body__least"), IntegerField()))[:1])
    found = list(
        campaign.panels.filter(drawn_at__isnull=False).select_related("category").annotate(least=least)
    )
    for panel in found:
        panel.campaign = campaign
    return found


def counted(assignments: QuerySet[Assignment]) -> QuerySet[Counted]:
    """With what DUE and DONE ask: the desk's state, and whether the reviewer is recused."""
    recused = Recusal.objects.filter(nomination=OuterRef("nomination"), reviewer=OuterRef("seat__reviewer"))
    return with_desk_state(assignments).annotate(is_recused=Exists(recused))


DUE = Q(revoked_at=None, is_recused=False, abstained_at=None)
DONE = DUE & Q(desk_state=DeskState.HANDED_IN)


def progress(panels: Iterable[Panel]) -> dict[int, PanelProgress]:
    """Counts by panel, in one question."""
    took = ExpressionWrapper(F("sheet__handed_in_at") - F("sheet__started_at"), output_field=DurationField())
    rows = (
        counted(Assignment.objects.filter(panel__in=panels))
        .order_by()
        .values("panel")
        .annotate(
            due=Count("pk", filter=DUE),
            handed_in=Count("pk", filter=DONE),
            pace=Median(took, filter=DONE, output_field=DurationField()),
        )
    )
    known = {row["panel"]: PanelProgress(row["due"], row["handed_in"], row["pace"]) for row in rows}
    return {panel.pk: known.get(panel.pk, PanelProgress()) for panel in panels}


def seats_progress(panel: Panel) -> list[SeatProgress]:
    """The panel's columns: who sits (or sat, if entries are still theirs), what is due, what is in."""
    mine = counted(Assignment.objects.filter(seat=OuterRef("pk"))).order_by()
    due = mine.filter(DUE).values("seat").annotate(number=Count("pk")).values("number")
    done = mine.filter(DONE).values("seat").annotate(number=Count("pk")).values("number")
    seats = (
        panel.seats.annotate(due=Coalesce(Subquery(due), 0), done=Coalesce(Subquery(done), 0))
        .filter(Q(is_reserve=False, left_at=None) | Q(due__gt=0))
        .order_by("number", "pk")
    )
    found: list[SeatProgress] = []
    taken: Counter[int] = Counter()
    for pk, number, name, due_here, done_here, reminded_at in seats.values_list(
        "pk", "number", "reviewer__user__name", "due", "done", "reminded_at"
    ):
        taken[number] += 1
        # A reserve sits on the number of the one who left; whose sheets still count keeps the plain letter.
        letter = letter_of(number - 1) + (str(taken[number]) if taken[number] > 1 else "")
        found.append(SeatProgress(pk, letter, name, due_here, done_here, reminded_at))
    return found


def entries_page(
    panel: JudgedPanel, *, search: str = "", only_short: bool = False, start: int = 0, size: int | None = 50
) -> tuple[list[PageEntry], int]:
    """A page of the panel's entries by code, and how many there are."""
    given = Assignment.objects.filter(panel=panel, nomination=OuterRef("pk"))
    found = Nomination.objects.filter(Exists(given))
    found = found.filter(matching(search, "code", "title"))
    if only_short:
        found = found.filter(_sheets_in(panel, panel.least))
    rows = found.only("code", "title").annotate(total=Window(Count("pk"))).order_by("code_key")
    page = list(rows[start : start + size] if size else rows)
    return page, page[0].total if page else 0


def _sheets_in(panel: Panel, least: int) -> Q:
    """Entries with fewer valid sheets than the rule asks for."""
    valid = counting_sheets(panel).filter(assignment__nomination=OuterRef("pk")).order_by()
    enough = valid.values("assignment__nomination").annotate(number=Count("pk")).filter(number__gte=least)
    return ~Q(Exists(enough))


def counting_sheets(panel: Panel) -> QuerySet[ScoreSheet]:
    """The panel's sheets that count: handed in, by a reviewer neither recused nor taken off the entry.

    A sheet counts for the submission it judged. That is the newest one: the table of states knows no way
    back from QUALIFIED to the unit, and a draft that saw an older text cannot be handed in unconfirmed.
    A sheet is handed in only when complete, so no open criterion ever stands as a zero.
    """
    live = Assignment.objects.live().filter(panel=panel, abstained_at=None)
    return ScoreSheet.objects.handed_in().filter(assignment__in=live)


def matrix(
    panel: JudgedPanel, seats: list[SeatProgress], entries: list[PageEntry]
) -> tuple[list[EntryProgress], list[Exit]]:
    """The rows of a page and who stays away from them, in two questions."""
    place = {seat.seat: index for index, seat in enumerate(seats)}
    rows = {
        entry.pk: EntryProgress(entry.code, entry.title, [None] * len(seats), least=panel.least)
        for entry in entries
    }
    exits = []
    cells = counted(Assignment.objects.filter(panel=panel, nomination__in=rows)).values(
        "nomination", "seat", "desk_state", "revoked_at", "is_recused", "abstained_at", "abstain_reason"
    )
    for cell in cells:
        if cell["seat"] not in place or cell["is_recused"] or cell["revoked_at"]:
            continue
        row, at = rows[cell["nomination"]], place[cell["seat"]]
        row.cells[at] = state = DeskState(cell["desk_state"])
        row.due += state != DeskState.ABSTAINED
        row.handed_in += state == DeskState.HANDED_IN
        if state == DeskState.ABSTAINED:
            letter, why = seats[at].letter, cell["abstain_reason"]
            exits.append(Exit(row.code, letter, state, known(cell["abstained_at"]), state.label, why))
    barred = Recusal.objects.filter(nomination__in=rows, reviewer__seats__in=place)
    barred = barred.filter(reviewer__seats__panel=panel).values(
        "nomination", "reviewer__seats", "kind", "reason", "made_at"
    )
    for one in barred:
        at = place[one["reviewer__seats"]]
        row = rows[one["nomination"]]
        row.cells[at] = DeskState.RECUSED
        kind = Tie(one["kind"]).label
        exits.append(Exit(row.code, seats[at].letter, DeskState.RECUSED, one["made_at"], kind, one["reason"]))
    return list(rows.values()), sorted(exits, key=lambda one: (code_key(one.code), one.letter))
