"""The marks of a panel, for the office and the supervisor. Every question refuses an open panel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef
from django.db.models.functions import Cast, JSONObject

from awards.campaign.models import Criterion
from awards.nomination.models import Nomination
from awards.panel.models import Panel
from awards.review.models import Score
from awards.review.queries.progress import SeatProgress, counting_sheets
from awards.scoring.arithmetic import exact_mean, figure
from units.kit.status import Mark
from units.known import known

APART = 15  # points from the mean of an entry at which a total is pointed out


class StillSealed(Exception):
    """The panel is open: its marks do not exist for anybody but their own reviewer."""


@dataclass(frozen=True)
class Apart:
    """A total that lies more than 15 points from its entry's mean."""

    letter: str
    total: Decimal
    distance: Decimal

    @property
    def signed(self) -> str:
        return f"{'+' if self.distance > 0 else '−'}{abs(self.distance)}"

    @property
    def mark(self) -> Mark:
        return Mark(f"评委{self.letter} {self.signed}", "exclamation-triangle", "warn")


@dataclass(frozen=True)
class EntryMarks:
    """One entry: the mean of each criterion, the totals of its sheets, and those that stand apart.

    Means are plain ones over all valid sheets, for reading; what counts is computed by the ranking.
    """

    code: str
    title: str
    criteria: list[tuple[str, Decimal | None]]
    totals: dict[str, Decimal]
    mean: Decimal | None
    apart: list[Apart]

    @property
    def lowest(self) -> Decimal | None:
        return min(self.totals.values(), default=None)

    @property
    def highest(self) -> Decimal | None:
        return max(self.totals.values(), default=None)


@dataclass(frozen=True)
class SheetMarks:
    """One sheet as a line: who (by letter), each criterion's mark, the total, the comment."""

    code: str
    title: str
    unit: str
    letter: str
    marks: dict[str, Decimal]
    total: Decimal
    comment: str


def require_closed(panel: Panel) -> None:
    if panel.closed_at is None:
        raise StillSealed


def entry_marks(
    panel: Panel, seats: list[SeatProgress], criteria: list[Criterion], entries: list[Nomination]
) -> list[EntryMarks]:
    """The given entries' marks by criterion and by sheet, in one question and a row each."""
    require_closed(panel)
    letters = {seat.seat: seat.letter for seat in seats}
    scores = Score.objects.filter(sheet=OuterRef("pk")).values(
        one=JSONObject(code="criterion__code", mark=Cast("mark", CharField()))
    )
    sheets = counting_sheets(panel).filter(assignment__nomination=OuterRef("pk"))
    sheet = JSONObject(seat="assignment__seat", total=Cast("total", CharField()), marks=ArraySubquery(scores))
    rows = Nomination.objects.filter(pk__in=[entry.pk for entry in entries])
    found = dict(rows.values_list("pk", ArraySubquery(sheets.values(one=sheet))))
    result = []
    for entry in entries:
        totals = {letters.get(row["seat"], "—"): Decimal(row["total"]).normalize() for row in found[entry.pk]}
        mean = exact_mean(list(totals.values())) if totals else None
        means = _means(found[entry.pk])
        result.append(
            EntryMarks(
                code=entry.code,
                title=entry.title,
                criteria=[(one.label, means.get(one.code)) for one in criteria],
                totals=dict(sorted(totals.items())),
                mean=None if mean is None else figure(mean, 2),
                apart=[] if mean is None else _apart(totals, mean),
            )
        )
    return result


def _means(sheets: list[dict]) -> dict[str, Decimal]:
    """The plain mean of each criterion over an entry's sheets."""
    marks: dict[str, list[Decimal]] = defaultdict(list)
    for sheet in sheets:
        for score in sheet["marks"]:
            marks[score["code"]].append(Decimal(score["mark"]))
    return {code: figure(exact_mean(given), 2) for code, given in marks.items()}


def _apart(totals: dict[str, Decimal], mean: Fraction) -> list[Apart]:
    found = []
    for letter, total in sorted(totals.items()):
        distance = Fraction(total) - mean
        if abs(distance) > APART:
            shown = figure(abs(distance), 2)
            found.append(Apart(letter, total, shown if distance > 0 else -shown))
    return found


def sheet_marks(panel: Panel, seats: list[SeatProgress], code: str | None = None) -> Iterator[SheetMarks]:
    """Every valid sheet of a closed panel (or of one entry), line by line, by entry and letter."""
    require_closed(panel)
    letters = {seat.seat: seat.letter for seat in seats}
    marks = Score.objects.filter(sheet=OuterRef("pk")).values(
        one=JSONObject(code="criterion__code", mark=Cast("mark", CharField()))
    )
    sheets = counting_sheets(panel)
    if code is not None:
        sheets = sheets.filter(assignment__nomination__code=code)
    rows = (
        sheets.annotate(marks=ArraySubquery(marks))
        .order_by("assignment__nomination__code_key", "assignment__seat__number")
        .values(
            "assignment__nomination__code", "assignment__nomination__title",
            "assignment__nomination__unit__name", "assignment__seat", "total", "comment", "marks",
        )
    )  # fmt: skip
    for row in rows.iterator(chunk_size=500):
        yield SheetMarks(
            code=row["assignment__nomination__code"],
            title=row["assignment__nomination__title"],
            unit=row["assignment__nomination__unit__name"],
            letter=letters.get(row["assignment__seat"], "—"),
            marks={one["code"]: Decimal(one["mark"]) for one in row["marks"] or []},
            total=known(row["total"]).normalize(),
            comment=row["comment"],
        )
