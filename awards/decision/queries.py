"""What the meeting has before it: the ranking it decides on, the list as it stands, the count of its votes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from awards.campaign.models import Campaign
from awards.decision.models import Meeting
from awards.decision.rules import Base, Outcome, Seated, Tally, VotingRule, outcome, tally_problems
from awards.nomination.models import Partner, PreparedDecision
from awards.ranking.models import RankedEntry, Ranking
from awards.states import State
from units.models import Post, Role


def final_ranking(campaign: Campaign) -> Ranking | None:
    """The final ranking in force: of the newest version of the rule, not superseded."""
    current = Ranking.objects.current().filter(campaign=campaign, stage=Ranking.FINAL)
    return current.select_related("rule").defer("record").order_by("-rule__version").first()


def seats_of(ranking: Ranking) -> dict[str, int]:
    """Category letter → seats, as the ranking's own rule has them."""
    return {letter: body["seats"] for letter, body in ranking.rule.body["categories"].items()}


def seated_lines(ranking: Ranking) -> list[Seated]:
    """The lines of the ranking as the rules of the decision read them, entries by code."""
    rows = ranking.entries.order_by("category__order", "category__letter", "order")
    return [
        Seated(code, letter, place, seat)
        for code, letter, place, seat in rows.values_list(
            "nomination__code", "category__letter", "place", "seat"
        )
    ]


def entitled_members(campaign: Campaign) -> list[Post]:
    """Who may vote: everybody holding a member's post at the organiser today, each once."""
    posts = Post.objects.current().filter(unit=campaign.organiser_id, role=Role.MEMBER)
    return list(
        {post.user_id: post for post in posts.select_related("user").order_by("user__username")}.values()
    )


@dataclass(frozen=True)
class Vote:
    """The count on one category's list: what was typed, what is wrong with it, what came of it."""

    letter: str
    name: str
    tally: Tally | None
    problems: list[str]
    outcome: Outcome | None

    @property
    def passed(self) -> bool:
        return bool(self.outcome and self.outcome.passed)


def voting_rule(meeting: Meeting) -> VotingRule:
    return VotingRule(base=Base(meeting.threshold))


def votes(meeting: Meeting, names: Mapping[str, str] | None = None) -> list[Vote]:
    """One vote for each category of the ranking, in the year's order. names: letter → name, if known."""
    if names is None:
        names = dict(meeting.ranking.entries.order_by("category__order", "category__letter").values_list(
            "category__letter", "category__name").distinct())  # fmt: skip
    counted = {row.category.letter: row for row in meeting.tallies.select_related("category")}
    return [_vote(meeting, letter, name, counted.get(letter)) for letter, name in names.items()]


def _vote(meeting: Meeting, letter: str, name: str, row) -> Vote:
    if row is None:
        return Vote(letter, name, None, ["尚未登记票数。"], None)
    tally = Tally(meeting.entitled, meeting.present, row.in_favour, row.against, row.abstained, row.invalid)
    problems = tally_problems(tally)
    return Vote(letter, name, tally, problems, None if problems else outcome(tally, voting_rule(meeting)))


def unsettled_shortlist(ranking: Ranking) -> bool:
    """Whether entries that the ranking cut have never been told so."""
    rows = ranking.entries.filter(status="not_shortlisted")
    return rows.exclude(nomination__state="not_shortlisted").exists()


def last_meeting(code: str) -> Meeting | None:
    """The campaign's newest meeting with all that its page needs of it; has_list: one was prepared."""
    prepared = PreparedDecision.objects.filter(
        nomination__campaign=OuterRef("campaign"), to_state__in=(State.PROPOSED, State.NOT_SELECTED)
    )
    rows = Meeting.objects.filter(campaign__code=code).annotate(has_list=Exists(prepared)).order_by("-pk")
    rows = rows.select_related("campaign__organiser", "ranking__rule", "ranking__campaign")
    return rows.defer("ranking__record").first()


# ---- the agenda and the list


def agenda(ranking: Ranking, meeting: Meeting | None, user):
    """The ranking's entries with what the meeting page asks of each.

    on_list: prepared or decided as 拟入选 by this meeting. is_own: the reader belongs, or belonged in the
    last three years, to one of the entry's units, and so has to leave while it is discussed.
    """
    since = timezone.localdate() - timedelta(days=3 * 366)
    own = Post.objects.filter(user=user, confirmed_at__isnull=False).filter(
        Q(to_on=None) | Q(to_on__gte=since)
    )
    partner = Partner.objects.filter(
        nomination=OuterRef("nomination"), unit__top__in=own.values("unit__top"), confirmed_at__isnull=False
    )
    listed = PreparedDecision.objects.filter(
        nomination=OuterRef("nomination"),
        to_state=State.PROPOSED,
        details__meeting=meeting.pk if meeting else 0,
    )
    rows = ranking.entries.select_related("nomination__unit", "category").annotate(
        on_list=Exists(listed),
        is_own=Exists(own.filter(unit__top=OuterRef("nomination__unit__top"))) | Exists(partner),
    )
    bulky = ("background", "practice", "innovation", "effect", "spread")
    rows = rows.defer(*(f"nomination__{name}" for name in bulky))
    return rows.order_by("category__order", "category__letter", "order")


def candidates(ranking: Ranking, meeting: Meeting, user, extra: Iterable[str] = ()) -> list[RankedEntry]:
    """The lines a list is made from: seats, shared places, as many again below the line, and what is added.

    A fixed number per category, however many entries there are; `extra` are codes typed by the office.
    """
    near = Q(seat=True) | Q(seat=None, place__isnull=False)
    for letter, seats in seats_of(ranking).items():
        near |= Q(category__letter=letter, place__isnull=False, order__lte=2 * seats + 3)
    near |= Q(nomination__in=meeting.departures.values("nomination"))
    near |= Q(nomination__code__in=list(extra), place__isnull=False)
    return list(agenda(ranking, meeting, user).filter(near))


def listed(meeting: Meeting, user=None) -> list[RankedEntry]:
    """The entries on the meeting's list, prepared or decided, by category and place."""
    return list(agenda(meeting.ranking, meeting, user or meeting.called_by).filter(on_list=True))
