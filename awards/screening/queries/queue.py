"""The queue: files by where they stand, with how far the checklist has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from awards.campaign.models import Campaign
from awards.nomination.models import Nomination, PreparedDecision, Submission
from awards.nomination.rules.codes import code_key
from awards.screening.models import ScreeningCheck, Verdict
from awards.states import IN_THE_RACE, State

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    Submitted = WithAnnotations[Nomination, "Prepared"]


class Prepared(TypedDict):
    is_prepared: bool


# tab → label, the states it shows; 待审查 and 已拟定 share one state and differ by the waiting decision.
TABS: dict[str, tuple[str, frozenset[State]]] = {
    "open": ("待审查", frozenset({State.SUBMITTED})),
    "prepared": ("已拟定", frozenset({State.SUBMITTED})),
    "returned": ("退回补正", frozenset({State.RETURNED})),
    "qualified": ("资格合格", IN_THE_RACE),
    "refused": ("未通过", frozenset({State.INELIGIBLE, State.LAPSED, State.WITHDRAWN})),
    "all": ("全部", frozenset(State)),
}


def waiting_decisions() -> QuerySet[PreparedDecision]:
    """Decisions of screening not yet released; the meeting's wait in the same table."""
    return PreparedDecision.objects.filter(released_at=None)


def submitted_files(campaign: Campaign) -> QuerySet[Submitted]:
    """All files of a campaign that were ever submitted; drafts are the units' own."""
    waiting = waiting_decisions().filter(nomination=OuterRef("pk"))
    files = campaign.nominations.filter(code__isnull=False)
    return files.annotate(is_prepared=Exists(waiting) & Q(state=State.SUBMITTED))


def in_tab(files: QuerySet[Submitted], tab: str) -> QuerySet[Submitted]:
    files = files.filter(state__in=TABS[tab][1])
    return files.filter(is_prepared=tab == "prepared") if tab in ("open", "prepared") else files


def tab_counts(campaign: Campaign) -> dict[str, int]:
    """How many files each tab holds, in one question."""
    conditions = {
        tab: Q(state__in=states) & (Q(is_prepared=tab == "prepared") if tab in ("open", "prepared") else Q())
        for tab, (_, states) in TABS.items()
    }
    return submitted_files(campaign).aggregate(
        **{tab: Count("pk", filter=condition) for tab, condition in conditions.items()}
    )


def queue_rows(campaign: Campaign) -> QuerySet[Nomination]:
    """A row per file: newest submission's number, answers given and faults found, the waiting decision."""
    newest = Submission.objects.filter(nomination=OuterRef("pk")).order_by("-number")
    given = ScreeningCheck.objects.filter(submission=OuterRef("newest")).order_by().values("submission")
    waiting = waiting_decisions().filter(nomination=OuterRef("pk"))

    def number(rows):
        counted = rows.annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    return (
        submitted_files(campaign)
        .select_related("category", "unit")
        .annotate(newest=Subquery(newest.values("pk")[:1]), number=Subquery(newest.values("number")[:1]))
        .annotate(
            answered=number(given),
            faults=number(given.exclude(verdict=Verdict.PASS)),
            waiting_for=Subquery(waiting.values("to_state")[:1]),
            handed_in_at=Subquery(newest.values("submitted_at")[:1]),
        )
        .order_by("code_key")
    )


def prepared_rows(campaign: Campaign) -> QuerySet[PreparedDecision]:
    """What a release would let take effect, in the order of the codes."""
    rows = waiting_decisions().filter(nomination__campaign=campaign, nomination__state=State.SUBMITTED)
    rows = rows.select_related("nomination__unit", "nomination__category", "prepared_by")
    return rows.annotate(code=F("nomination__code")).order_by("to_state", "nomination__code_key")


def decision_counts(campaign: Campaign) -> dict[str, int]:
    """How many files a release would take to each state."""
    rows = prepared_rows(campaign).order_by().values("to_state").annotate(n=Count("pk"))
    return dict(rows.values_list("to_state", "n"))


def next_open(campaign: Campaign, after: str) -> str | None:
    """The code of the next file nobody has decided on, by code; the first again after the last."""
    codes = in_tab(submitted_files(campaign), "open").exclude(code=after).order_by("code_key")
    codes = codes.values_list("code", flat=True)
    return codes.filter(code_key__gt=code_key(after)).first() or codes.first()


def result_rows(campaign: Campaign) -> QuerySet[Nomination]:
    """The year's results of screening, as they have been released: a prepared decision is not one."""
    return queue_rows(campaign).annotate(rounds=Count("corrections", distinct=True))
