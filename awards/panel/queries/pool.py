"""The pool of reviewers with the ties each has to the entries, before anybody is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from awards.campaign.models import Campaign
from awards.nomination.models import Partner
from awards.panel.models import Reviewer
from awards.panel.queries.ties import reviewer_facts
from awards.panel.rules.conflicts import ReviewerFacts, held_within
from awards.states import State
from units.models import Post, Unit, User
from units.roles import Role

STILL_JUDGED = (State.SUBMITTED, State.QUALIFIED, State.SHORTLISTED)


def pool_of(campaign: Campaign) -> QuerySet[Reviewer]:
    """The reviewers of a year, with whether the post still stands and how many seats each has."""
    entitled = Post.objects.current().filter(
        user=OuterRef("user"), unit=campaign.organiser_id, role=Role.REVIEWER
    )
    return (
        campaign.reviewers.select_related("user", "employer")
        .annotate(
            entitled=Exists(entitled),
            seated=Count("seats", filter=Q(seats__left_at=None, seats__is_reserve=False), distinct=True),
        )
        .order_by("user__username")
    )


def count_ties(campaign: Campaign, reviewers: Sequence[Reviewer]) -> dict[int, dict[str, int]]:
    """reviewer → category letter → number of entries still judged to which the reviewer has a computed tie.

    Two questions, three rows back, however many entries there are: the counting is done in SQL, by the
    rule of `conflicts()` (a test holds the two together).
    """
    facts = reviewer_facts(list(reviewers))
    if not facts:
        return {}
    entries = campaign.nominations.filter(state__in=STILL_JUDGED).order_by()
    columns = {f"tied_{key}": Count("pk", filter=_tied(one)) for key, one in facts.items()}
    by_letter: Iterable[Mapping[str, Any]] = entries.values("category__letter").annotate(**columns)
    rows = {row["category__letter"]: row for row in by_letter}
    return {key: {letter: row[f"tied_{key}"] for letter, row in rows.items()} for key in facts}


def _tied(reviewer: ReviewerFacts) -> Q:
    tops, own = held_within(reviewer, timezone.localdate()), Q()
    if reviewer.employer:
        own = Q(unit=reviewer.employer.unit)
        tops = tops | {reviewer.employer.top} - {None}
    partners = Partner.objects.filter(unit__top__in=tops, declined_at=None).values("nomination")
    return own | Q(unit__top__in=tops) | Q(pk__in=partners)


def people_to_add(campaign: Campaign) -> QuerySet[User]:
    """Who holds the reviewer's post at the organiser today and is not in the pool yet."""
    holders = Post.objects.current().filter(unit=campaign.organiser_id, role=Role.REVIEWER).values("user")
    known = campaign.reviewers.values("user")
    return User.objects.filter(pk__in=holders, is_active=True).exclude(pk__in=known).order_by("username")


def people_in_pool(campaign: Campaign) -> QuerySet[User]:
    return User.objects.filter(pk__in=campaign.reviewers.values("user")).order_by("username")


def employers(campaign: Campaign) -> QuerySet[Unit]:
    """The units of the committee's tree that exist today, the committee itself too."""
    units = Unit.objects.active_on(timezone.localdate())
    return units.filter(path__startswith=campaign.organiser.path).order_by("order", "path")


def witnesses(campaign: Campaign) -> QuerySet[User]:
    """The supervisors of the committee today."""
    holders = Post.objects.current().filter(unit=campaign.organiser_id, role=Role.SUPERVISOR).values("user")
    return User.objects.filter(pk__in=holders, is_active=True).order_by("username")


def is_pool_locked(campaign: Campaign) -> bool:
    """Whether a panel was drawn from it: from then on each change of the pool takes two people."""
    return campaign.panels.filter(drawn_at__isnull=False).exists()
