"""What the meeting has before it: the ranking it decides on, the list as it stands, the count of its votes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from awards.campaign.models import Campaign
from awards.decision.models import Meeting
from awards.decision.rules import Base, Outcome, Seated, Tally, VotingRule, outcome, tally_problems
from awards.ranking.models import RankedEntry, Ranking
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


def votes(meeting: Meeting, letters: Iterable[str] | None = None) -> list[Vote]:
    """One vote for each category the ranking has (or for these letters), in the year's order."""
    if letters is None:
        letters = set(meeting.ranking.entries.values_list("category__letter", flat=True))
    counted = {row.category_id: row for row in meeting.tallies.all()}
    return [
        _vote(meeting, category.letter, category.name, counted.get(category.pk))
        for category in meeting.campaign.categories.all()
        if category.letter in letters
    ]


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


def listed(meeting: Meeting) -> list[RankedEntry]:
    """The entries on the meeting's list, prepared or decided, by category and place."""
    rows = meeting.ranking.entries.filter(nomination__prepared_decisions__details__meeting=meeting.pk)
    rows = rows.filter(nomination__prepared_decisions__to_state="proposed")
    return list(
        rows.select_related("nomination__unit", "category").order_by(
            "category__order", F("place").asc(nulls_last=True), "nomination__code"
        )
    )
