"""The second pass: a reviewer's own marks of one panel side by side, entry by criterion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Count, F, OuterRef, Q, Subquery, Sum, Value, When, Window
from django.db.models.functions import Cast, JSONObject, Rank, RowNumber

from awards.campaign.models import Criterion
from awards.nomination.models import Submission
from awards.panel.models import Panel
from awards.review.models import DeskState, Score
from awards.review.queries.desk import desks_of, with_titles
from awards.review.queries.reading import is_blind, masked_texts, words_of


@dataclass(frozen=True)
class GridRow:
    """One entry on the desk. marks: per criterion of the rubric, None while open; total and own_place only
    when all are there, equal totals sharing theirs (1 2 2 4); version: of the sheet, 0 before the first mark."""

    code: str
    title: str
    place: int
    state: DeskState
    entry_state: str
    marks: list[tuple[Criterion, Decimal | None]]
    total: Decimal | None
    own_place: int | None
    version: int
    comment: str
    is_changed: bool


def grid_rows(
    user, panel: Panel, criteria: Sequence[Criterion], *, by_total: bool, start: int, size: int
) -> list[GridRow]:
    """One page of the grid, in the order of reading or by own total; two questions in a blind stage."""
    rows = _with_totals(with_titles(desks_of(user).filter(panel=panel)), panel, criteria)
    newest = Submission.objects.filter(nomination=OuterRef("nomination")).order_by("-number")
    marks = Score.objects.filter(sheet=OuterRef("sheet__pk")).values(
        one=JSONObject(criterion="criterion", mark=Cast("mark", CharField()))
    )
    rows = rows.annotate(
        position=Window(RowNumber(), order_by=F("order").asc()),
        marks=ArraySubquery(marks),
        version=F("sheet__version"),
        comment=F("sheet__comment"),
        judged=F("sheet__submission"),
        newest=Subquery(newest.values("pk")[:1]),
    ).order_by(*([F("total").desc(nulls_last=True)] if by_total else []), "order")
    names = (
        "nomination__code", "nomination__state", "title", "order", "position", "desk_state", "marks",
        "total", "own_place", "version", "comment", "judged", "newest",
    )  # fmt: skip
    found = list(rows.values(*names)[start : start + size])
    titles = [row["title"] or "" for row in found]
    if found and is_blind(panel.stage):
        titles = [words_of(pieces) for pieces in masked_texts(titles, panel.campaign.organiser)]
    return [_row(row, title, panel, criteria) for row, title in zip(found, titles, strict=True)]


def _with_totals(desks, panel: Panel, criteria: Sequence[Criterion]):
    """Annotate `total`, exact, of the sheets that lack no mark, and `own_place` among them."""
    mark = F("mark") * F("criterion__weight") if panel.rule.is_weighted else F("mark")
    given = Score.objects.filter(sheet=OuterRef("sheet__pk"), criterion__in=[one.pk for one in criteria])
    full = given.order_by().values("sheet").annotate(n=Count("pk"), sum=Sum(mark)).filter(n=len(criteria))
    place = Window(
        Rank(),
        partition_by=Case(When(total=None, then=Value(0)), default=Value(1)),
        order_by=F("total").desc(),
    )
    desks = desks.annotate(total=Subquery(full.values("sum")))
    return desks.annotate(own_place=Case(When(Q(total__isnull=False), then=place)))


def _row(row: dict, title: str, panel: Panel, criteria: Sequence[Criterion]) -> GridRow:
    marks = {one["criterion"]: Decimal(one["mark"]) for one in row["marks"]}
    return GridRow(
        code=row["nomination__code"],
        title=title,
        place=row["order"] if panel.is_live else row["position"],
        state=DeskState(row["desk_state"]),
        entry_state=row["nomination__state"],
        marks=[(one, marks.get(one.pk)) for one in criteria],
        total=row["total"],
        own_place=row["own_place"],
        version=row["version"] or 0,
        comment=row["comment"] or "",
        is_changed=row["judged"] is not None and row["judged"] != row["newest"],
    )
