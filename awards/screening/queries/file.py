"""One file under screening, with everything its page shows: few questions, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from awards.campaign.models import Deadline, Phase, UnitQuota
from awards.nomination.models import CorrectionItem, Nomination, PreparedDecision, Submission
from awards.screening.models import ScreeningCheck
from awards.screening.queries.standing import OUTCOMES, Standing, standing_from
from awards.screening.rules import checks_for
from units.models import Unit, UnitAlias


def files() -> QuerySet[Nomination]:
    """Submitted files with what the automatic questions ask of quota and dates, in one row each."""
    quota = UnitQuota.objects.filter(campaign=OuterRef("campaign"), unit=OuterRef("unit__top"))
    closing = Deadline.objects.filter(campaign=OuterRef("campaign"), phase=Phase.NOMINATION)
    held = (
        Nomination.objects.holding_a_place()
        .filter(campaign=OuterRef("campaign"), unit__top=OuterRef("unit__top"))
        .exclude(pk=OuterRef("pk"))
        .order_by()
        .values("campaign")
        .annotate(n=Count("pk"))
        .values("n")
    )

    def number(rows):
        return Coalesce(Subquery(rows, output_field=IntegerField()), 0)

    return Nomination.objects.select_related("campaign__organiser", "category", "unit__top").annotate(
        places=number(quota.values("places")[:1]),
        per_category=number(quota.values("per_category")[:1]),
        held_in_all=number(held),
        held_in_category=number(held.filter(category=OuterRef("category"))),
        closing_at=Subquery(closing.values("closes_at")[:1]),
        rounds=Coalesce(Max("corrections__number"), 0),
    )


@dataclass(frozen=True)
class Answered:
    label: str
    given: ScreeningCheck | None


@dataclass(frozen=True)
class File:
    """standing: of the newest submission; former: the one before it, with its answers, if any."""

    nomination: Nomination
    standing: Standing
    former: Submission | None
    former_checks: dict[str, ScreeningCheck]
    remarks: Mapping[str, str]

    @property
    def answered(self) -> list[Answered]:
        """Every question of the checklist with its answer, if there is one."""
        checks = self.standing.checks
        return [
            Answered(one.label, checks.get(one.code)) for one in checks_for(self.nomination.category.letter)
        ]

    @property
    def content(self) -> dict[str, Any]:
        return self.standing.submission.content

    @property
    def former_content(self) -> dict[str, Any] | None:
        return self.former and self.former.content


def file_of(nomination: Nomination) -> File:
    """Four questions more for a row of `files()`: submissions, answers, last remarks, waiting decision."""
    newest, *before = nomination.submissions.order_by("-number")[:2]
    answers: dict[int, dict[str, ScreeningCheck]] = {newest.pk: {}, **{one.pk: {} for one in before}}
    for check in ScreeningCheck.objects.filter(submission__in=answers).select_related("checked_by"):
        answers[check.submission_id][check.item] = check
    waiting = PreparedDecision.objects.filter(
        nomination=nomination, released_at=None, to_state__in=OUTCOMES
    ).select_related("prepared_by")
    items = CorrectionItem.objects.filter(
        correction__nomination=nomination, correction__number=nomination.rounds
    )
    return File(
        nomination=nomination,
        standing=standing_from(nomination, newest, answers[newest.pk], nomination.rounds, waiting.first()),
        former=before[0] if before else None,
        former_checks=answers[before[0].pk] if before else {},
        remarks=dict(items.values_list("field", "remark")) if nomination.rounds else {},
    )


def names_of(nomination: Nomination) -> list[str]:
    """Names by which a reader would know the lead or a partner: units of their trees, and aliases."""
    tops = nomination.partners.filter(declined_at=None).values("unit__top")
    aliases = UnitAlias.objects.filter(unit=OuterRef("pk")).values("name")
    own = Unit.objects.filter(top=nomination.unit.top_id) | Unit.objects.filter(top__in=tops)
    rows = own.values_list("name", "short_name", ArraySubquery(aliases))
    return sorted({name for full, short, others in rows for name in (full, short, *others) if name})
