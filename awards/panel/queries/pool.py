"""The pool of reviewers with the ties each has to the entries, before anybody is drawn."""

from __future__ import annotations

from datetime import date

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from awards.campaign.models import Campaign
from awards.campaign.rules import add_years
from awards.nomination.models import Nomination, Partner
from awards.panel.models import Reviewer
from awards.panel.rules.conflicts import YEARS_A_POST_COUNTS
from awards.states import State
from units.models import Post, User
from units.roles import Role

STILL_JUDGED = (State.SUBMITTED, State.QUALIFIED, State.SHORTLISTED)


def pool_of(campaign: Campaign, letters: list[str]) -> QuerySet[Reviewer]:
    """Reviewers with `ties_F`, `ties_Z`, … (entries each has a computed tie to), seats and validity.

    Counted in SQL by the rule of `conflicts()`, so that a page of the pool never loads the entries.
    """
    today = timezone.localdate()
    entitled = Post.objects.current().filter(
        user=OuterRef("user"), unit=campaign.organiser_id, role=Role.REVIEWER
    )
    return (
        campaign.reviewers.select_related("user", "employer")
        .annotate(
            entitled=Exists(entitled),
            seated=Count("seats", filter=Q(seats__left_at=None, seats__is_reserve=False), distinct=True),
            **{f"ties_{letter}": _ties_in(campaign, letter, today) for letter in letters},
        )
        .order_by("user__username")
    )


def _ties_in(campaign: Campaign, letter: str, today: date) -> Coalesce:
    posts = Post.objects.filter(
        Q(to_on=None) | Q(to_on__gte=add_years(today, -YEARS_A_POST_COUNTS)),
        confirmed_at__isnull=False,
        from_on__lte=today,
    )
    held = posts.filter(user=OuterRef(OuterRef("user")), unit__top=OuterRef("unit__top"))
    held_at_partner = posts.filter(user=OuterRef(OuterRef(OuterRef("user"))), unit__top=OuterRef("unit__top"))
    partners = Partner.objects.filter(nomination=OuterRef("pk"), declined_at=None)
    tied = Nomination.objects.filter(
        Q(unit__top=OuterRef("employer__top"))
        | Q(unit=OuterRef("employer"))
        | Exists(held)
        | Exists(partners.filter(unit__top=OuterRef(OuterRef("employer__top"))))
        | Exists(partners.filter(Exists(held_at_partner))),
        campaign=campaign,
        category__letter=letter,
        state__in=STILL_JUDGED,
    )
    counted = tied.order_by().values("campaign").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def people_to_add(campaign: Campaign) -> QuerySet[User]:
    """Who holds the reviewer's post at the organiser today and is not in the pool yet."""
    holders = Post.objects.current().filter(unit=campaign.organiser_id, role=Role.REVIEWER).values("user")
    known = campaign.reviewers.values("user")
    return User.objects.filter(pk__in=holders, is_active=True).exclude(pk__in=known).order_by("username")


def witnesses(campaign: Campaign) -> QuerySet[User]:
    """The supervisors of the committee today."""
    holders = Post.objects.current().filter(unit=campaign.organiser_id, role=Role.SUPERVISOR).values("user")
    return User.objects.filter(pk__in=holders, is_active=True).order_by("username")
