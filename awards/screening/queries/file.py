"""One file under screening, with everything its page shows: few questions, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.functional import cached_property

from awards.campaign.models import UnitQuota
from awards.nomination.models import (
    Around,
    AttachmentReading,
    Correction,
    CorrectionItem,
    Nomination,
    PreparedDecision,
    Submission,
)
from awards.nomination.queries.content import identity_names
from awards.screening.models import ScreeningCheck
from awards.screening.queries.examination import Examination, examination_from
from awards.screening.rules.checklist import checks_for

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    Screened = WithAnnotations[Nomination, "Asked"]


class Asked(Around):
    """What `files` reads along. rounds: how often the file was returned; remark_rows: what was asked each time;
    reading_rows: what was read of the attachments that the unit calls blind."""

    places: int
    per_category: int
    held_in_all: int
    held_in_category: int
    rounds: int
    reading_rows: list[dict[str, Any]]
    remark_rows: list[dict[str, Any]]


def files() -> QuerySet[Screened]:
    """Files with what stands around them and what the automatic questions ask of the quota, a row each."""
    readings = AttachmentReading.objects.filter(
        attachment__nomination=OuterRef("pk"), attachment__blind_claimed=True, attachment__removed_at=None
    )
    quota = UnitQuota.objects.filter(campaign=OuterRef("campaign"), unit=OuterRef("unit__top"))
    returns = Correction.objects.filter(nomination=OuterRef("pk")).order_by("-number")
    remarks = CorrectionItem.objects.filter(correction__nomination=OuterRef("pk")).order_by("pk")
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

    return Nomination.objects.with_rows().annotate(
        places=number(quota.values("places")[:1]),
        per_category=number(quota.values("per_category")[:1]),
        held_in_all=number(held),
        held_in_category=number(held.filter(category=OuterRef("category"))),
        rounds=number(returns.values("number")[:1]),
        reading_rows=ArraySubquery(
            readings.values_list(
                JSONObject(
                    slug="attachment__slug",
                    name="attachment__name",
                    text="text",
                    is_read="is_read",
                    traces="traces",
                )
            )
        ),
        remark_rows=ArraySubquery(
            remarks.values_list(JSONObject(round="correction__number", field="field", remark="remark"))
        ),
    )


@dataclass(frozen=True)
class Answered:
    label: str
    given: ScreeningCheck | None


@dataclass(frozen=True)
class File:
    """examination: of the newest submission; former: the one before it, with its answers, if any.

    remarks: part of the form → what the last return asked of it.
    """

    nomination: Screened
    examination: Examination
    former: Submission | None
    former_checks: dict[str, ScreeningCheck]
    remarks: Mapping[str, str]

    @cached_property
    def names(self) -> list[str]:
        """Every name by which a reader could tell whose work it is. One question, asked once."""
        return identity_names(self.nomination, self.content)

    @property
    def answered(self) -> list[Answered]:
        """Every question of the checklist with its answer, if there is one."""
        checks = self.examination.checks
        return [
            Answered(one.label, checks.get(one.code)) for one in checks_for(self.nomination.category.letter)
        ]

    @property
    def content(self) -> dict[str, Any]:
        return self.examination.submission.content

    @property
    def former_content(self) -> dict[str, Any] | None:
        return self.former.content if self.former else None


def file_of(nomination: Screened) -> File:
    """Three questions more for a row of `files()`: submissions, answers, the waiting decision."""
    newest, *before = nomination.submissions.order_by("-number")[:2]
    answers: dict[int, dict[str, ScreeningCheck]] = {newest.pk: {}, **{one.pk: {} for one in before}}
    for check in ScreeningCheck.objects.filter(submission__in=answers).select_related("checked_by"):
        answers[check.submission_id][check.item] = check
    waiting = PreparedDecision.objects.filter(nomination=nomination, released_at=None).select_related(
        "prepared_by"
    )
    last = [row for row in nomination.remark_rows if row["round"] == nomination.rounds]
    return File(
        nomination=nomination,
        examination=examination_from(
            nomination, newest, answers[newest.pk], nomination.rounds, waiting.first()
        ),
        former=before[0] if before else None,
        former_checks=answers[before[0].pk] if before else {},
        remarks={
            part: "；".join(row["remark"].rstrip("。") for row in last if row["field"] == part) + "。"
            for part in dict.fromkeys(row["field"] for row in last)
        },
    )
