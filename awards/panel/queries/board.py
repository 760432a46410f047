"""The board of a panel: entries down, seats across, who was given what and who stays away, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from awards.nomination.models import Nomination, Partner
from awards.panel.models import Assignment, Enough, Panel, Recusal, Seat
from awards.panel.queries.race import entries_of
from awards.panel.queries.ties import ties_between
from awards.panel.rules.assignment import appearance_lot
from awards.panel.rules.conflicts import Belonging, Tie
from units.kit.status import Mark

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    BoardEntry = WithAnnotations[Nomination, "Packed"]


class Packed(TypedDict):
    """What a row of the board has packed along. appearance: a live stage's alone."""

    partner_units: list[dict[str, Any]]
    given_seats: list[int]
    abstained_seats: list[int]
    recused: list[dict[str, Any]]
    appearance: int | None


@dataclass(frozen=True)
class Cell(Mark):
    """What an entry is to a seat. label is read aloud; css tints the cell."""

    css: str = ""


GIVEN = Cell("已分配", "check-lg", css="in")
NOT_GIVEN = Cell("未分配", "dot")
ABSTAINED = Cell("弃评", "dash-lg", css="part")
SERVED = Cell("退出的评委已评", "check-lg", css="in")


@dataclass(frozen=True)
class Line:
    """One entry on the board. short: how many reviewers it lacks for the fewest valid sheets."""

    nomination: Nomination
    cells: list[Cell]
    given: int
    short: int

    @property
    def mark(self) -> Enough | Mark:
        return Enough.NO.said(f"差{self.short}人") if self.short else Enough.YES


def seats_of(panel: Panel) -> QuerySet[Seat]:
    """All who sit, sat or wait, with what is theirs to judge and what they have done of it."""
    live = Q(assignments__in=Assignment.objects.live())
    handed_in = live & Q(assignments__sheets__state="handed_in")
    seats = panel.seats.select_related("reviewer__user", "reviewer__employer__top").annotate(
        given=Count("assignments", filter=live, distinct=True),
        handed_in=Count("assignments", filter=handed_in, distinct=True),
    )
    return seats.order_by("is_reserve", "number", "pk")  # grouped rows have lost the model's own order


def board_entries(panel: Panel) -> QuerySet[BoardEntry]:
    """The panel's entries with their assignments and recusals packed along, one row each.

    What was judged here stays on the board when it has moved on. A live stage lists its entries as they
    appear (`appearance`, none before they are assigned).
    """
    given = Assignment.objects.filter(nomination=OuterRef("pk"), panel=panel, revoked_at=None)
    recused = Recusal.objects.filter(nomination=OuterRef("pk"))
    partners = Partner.objects.filter(nomination=OuterRef("pk"), declined_at=None).order_by()
    found = (entries_of(panel) | entries_given(panel)).only("code", "title", "category", "campaign", "unit")
    found = found.annotate(
        partner_units=ArraySubquery(partners.values(one=JSONObject(unit="unit", top="unit__top"))),
        given_seats=ArraySubquery(given.values("seat")),
        abstained_seats=ArraySubquery(given.filter(abstained_at__isnull=False).values("seat")),
        recused=ArraySubquery(recused.values(one=JSONObject(reviewer="reviewer", kind="kind"))),
    )
    if not panel.is_live:
        return found.annotate(appearance=Value(None, output_field=IntegerField()))
    place = given.order_by().values("nomination").annotate(place=Min("order")).values("place")
    return found.annotate(appearance=Subquery(place)).order_by(
        F("appearance").asc(nulls_last=True), "code_key"
    )


def entries_given(panel: Panel) -> QuerySet[Nomination]:
    given = panel.assignments.filter(nomination=OuterRef("pk"), revoked_at=None)
    return Nomination.objects.filter(Exists(given), category=panel.category_id).select_related("unit")


def appearance_rows(panel: Panel) -> list[dict]:
    """The list a live panel prints: place, entry, the lot that gave the place, the seats that stay away."""
    seats = {seat.reviewer_id: seat.number for seat in panel.seats.judging()}
    return [
        {
            "place": entry.appearance,
            "nomination": entry,
            "lot": appearance_lot(entry.code, panel.seed)[:16],
            "away": "、".join(
                f"第{number}席"
                for number in sorted(seats[r["reviewer"]] for r in entry.recused if r["reviewer"] in seats)
            ),
        }
        for entry in board_entries(panel)
        if entry.appearance
    ]


def board_lines(
    panel: Panel, entries: Iterable[BoardEntry], seats: list[Seat], left: list[Seat]
) -> list[Line]:
    """One line per entry, a cell per seat; a tie that is not yet a recusal is shown before anybody assigns.

    left: who sat before; what they handed in stands in the column of who took the seat over. On a closed
    panel the recusals stand as they are: a post taken up later changes nothing there.
    """
    entries, reviewers = list(entries), [seat.reviewer for seat in seats]
    partners = {
        entry.pk: [Belonging(one["unit"], one["top"]) for one in entry.partner_units] for entry in entries
    }
    ties = {} if panel.closed_at else ties_between(entries, reviewers, timezone.localdate(), partners)
    former = {seat.pk: seat.number for seat in left}
    return [_line(entry, seats, ties, former, panel.rule.least) for entry in entries]


def _line(entry: BoardEntry, seats: list[Seat], ties: dict, former: dict[int, int], least: int) -> Line:
    recused = {row["reviewer"]: Tie(row["kind"]) for row in entry.recused}
    cells = [_cell(entry, seat, recused, ties.get((entry.pk, seat.reviewer_id))) for seat in seats]
    served = {former[seat] for seat in entry.given_seats if seat in former}
    cells = [SERVED if seat.number in served else cell for seat, cell in zip(seats, cells, strict=True)]
    given = sum(cell in (GIVEN, SERVED) for cell in cells)
    able = sum(cell.css != "out" for cell in cells)
    return Line(entry, cells, given, max(least - (given if entry.given_seats else able), 0))


def _cell(entry: BoardEntry, seat: Seat, recused: dict[int, Tie], ties: list[Tie] | None) -> Cell:
    if seat.reviewer_id in recused:
        return Cell(f"回避，{recused[seat.reviewer_id].label}", "slash-lg", "out")
    given = seat.pk in entry.given_seats
    if ties and given:
        return Cell(f"已分配，后查出{ties[0].label}", "exclamation-lg", "part")
    if ties:
        return Cell(f"应回避，{ties[0].label}", "slash-lg", "out")
    if seat.pk in entry.abstained_seats:
        return ABSTAINED
    return GIVEN if given else NOT_GIVEN


def assignment_rows(panel: Panel) -> QuerySet[Assignment]:
    """Every assignment there was, also withdrawn ones, for the sheet that is filed."""
    rows = panel.assignments.select_related(
        "nomination__unit", "seat__reviewer__user", "seat__reviewer__employer"
    )
    return rows.order_by("seat__number", "seat__pk", "order", "pk")
