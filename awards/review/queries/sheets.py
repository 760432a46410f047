"""The rubric of a sheet with what this reviewer has marked; and the sheets that count."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery

from awards.campaign.models import Criterion
from awards.nomination.models import Nomination, Submission
from awards.panel.models import Assignment, Panel
from awards.review.models import Score, SheetState

EARLIER_MARKS = 40  # ticks on a scale: more would be a blot


def criteria_of(panel: Panel) -> list[Criterion]:
    """The rubric of the panel's category as its stage uses it, in order."""
    return [line for line in _rubric(panel) if _is_used(line, panel.stage)]


def own_criteria(desk: Assignment) -> list[Criterion]:
    """The same with `mark` (this reviewer's on this entry, None while open) and `earlier`.

    earlier: the newest own marks on the other entries of this seat, as ticks that keep the scale steady.
    """
    kept = Score.objects.filter(criterion=OuterRef("pk")).exclude(sheet__state=SheetState.VOID)
    others = kept.filter(sheet__assignment__seat=desk.seat_id).exclude(sheet__assignment=desk.pk)
    rows = _rubric(desk.panel).annotate(
        mark=Subquery(kept.filter(sheet__assignment=desk.pk).values("mark")[:1]),
        earlier=ArraySubquery(others.order_by("-pk").values("mark")[:EARLIER_MARKS]),
    )
    return [line for line in rows if _is_used(line, desk.panel.stage)]


def _rubric(panel: Panel) -> QuerySet[Criterion]:
    return Criterion.objects.filter(category=panel.category_id).order_by("order", "pk")


def _is_used(criterion: Criterion, stage: str) -> bool:
    return not criterion.stages or stage in criterion.stages


def newest_submission(nomination: Nomination) -> Submission:
    """The submission that is judged now, without its text. Every entry past screening has one."""
    return nomination.submissions.defer("content").order_by("-number")[0]
