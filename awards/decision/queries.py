"""What the meeting has before it: the ranking it decides on, the list as it stands, the count of its votes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from awards.campaign.models import Campaign
from awards.catalogue import codes, typed
from awards.decision.models import Attendance, Departure, ListedEntry, Meeting
from awards.decision.models import Tally as TallyRow
from awards.decision.rules import Base, Outcome, Seated, Tally, VotingRule, outcome, tally_problems
from awards.nomination.models import Nomination, Partner
from awards.ranking.models import RankedEntry, Ranking
from units.models import Post
from units.roles import Role


def final_ranking(campaign: Campaign) -> Ranking | None:
    """The final ranking in force: of the newest version of the rule, not superseded."""
    current = Ranking.objects.current().filter(campaign=campaign, stage=Ranking.FINAL)
    return current.select_related("rule").defer("record").order_by("-rule__version").first()


def seats_of(ranking: Ranking) -> dict[str, int]:
    """Category letter → seats, as the ranking's own rule has them."""
    return {category.code: category.seats for category in ranking.rule.parsed.categories}


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
    """The count on one motion: what was typed, what is wrong with it, what came of it.

    key: a category's letter for its list, the code of an entry for which members had to leave.
    """

    key: str
    name: str
    tally: Tally | None
    problems: list[str]
    outcome: Outcome | None

    @property
    def passed(self) -> bool:
        return bool(self.outcome and self.outcome.passed)


def voting_rule(meeting: Meeting) -> VotingRule:
    return VotingRule(base=Base(meeting.threshold))


def tying_posts() -> QuerySet[Post]:
    """The posts that tie a member to a unit's entries: today's and those of the last three years."""
    since = timezone.localdate() - timedelta(days=3 * 366)
    held = Post.objects.filter(confirmed_at__isnull=False)
    return held.filter(Q(to_on=None) | Q(to_on__gte=since)).order_by()


@dataclass(frozen=True)
class Apart:
    """A listed entry that members have a tie to: it is voted on by itself, without those of them who came.

    members: all of them by name; left: how many of them came, and so had to leave the room.
    """

    nomination: Nomination
    members: list[str]
    left: int

    @property
    def letter(self) -> str:
        return self.nomination.category.letter

    @property
    def name(self) -> str:
        return f"{self.nomination.code}单独表决"


def voted_apart(meeting: Meeting) -> list[Apart]:
    """The entries on the meeting's list that any of its members has a tie to; one question."""
    joint = Partner.objects.filter(
        nomination=OuterRef(OuterRef(OuterRef("pk"))), confirmed_at__isnull=False
    ).values("unit__top")
    posts = tying_posts().filter(user=OuterRef("member"))
    posts = posts.filter(Q(unit__top=OuterRef(OuterRef("unit__top"))) | Q(unit__top__in=joint))
    tied = Attendance.objects.filter(Exists(posts), meeting=meeting)
    chosen = meeting.lines.filter(taken_in=True)
    files = Nomination.objects.filter(Exists(tied), pk__in=chosen.values("nomination")).annotate(
        tied=ArraySubquery(
            tied.values(row=JSONObject(name="member__name", account="member__username", present="present"))
        )
    )
    files = (
        files.select_related("category")
        .only("code", "title", "category")
        .order_by("category__order", "code_key")
    )
    return [
        Apart(
            file,
            [row["name"] or row["account"] for row in file.tied],
            sum(row["present"] for row in file.tied),
        )
        for file in files
    ]


def votes(meeting: Meeting, names: Mapping[str, str] | None = None) -> list[Vote]:
    """One vote for each category of the ranking, in the year's order, each followed by its entries for which
    members who came had to leave. names: letter → name, if known.
    """
    if names is None:
        names = dict(meeting.ranking.entries.order_by("category__order", "category__letter").values_list(
            "category__letter", "category__name").distinct())  # fmt: skip
    counted = counts_of(meeting)
    apart = [item for item in voted_apart(meeting) if item.left]
    found = []
    for letter, name in names.items():
        found.append(_vote(meeting, letter, name, counted.get(letter)))
        found += [
            _vote(meeting, item.nomination.code, item.name, counted.get(item.nomination.code), item.left)
            for item in apart
            if item.letter == letter
        ]
    return found


def counts_of(meeting: Meeting) -> dict[str, TallyRow]:
    """What was typed, by motion: the letter of a category's list, the code of an entry voted on apart."""
    rows = meeting.tallies.select_related("category").annotate(entry=F("nomination__code"))
    return {row.entry or row.category.letter: row for row in rows}


def _vote(meeting: Meeting, key: str, name: str, row: TallyRow | None, left: int = 0) -> Vote:
    if row is None:
        return Vote(key, name, None, ["尚未登记票数。"], None)
    tally = Tally(
        meeting.entitled, meeting.present, row.in_favour, row.against, row.abstained, row.invalid, left
    )
    problems = tally_problems(tally)
    return Vote(key, name, tally, problems, None if problems else outcome(tally, voting_rule(meeting)))


def unsettled_shortlist(ranking: Ranking) -> bool:
    """Whether entries that the ranking cut have never been told so."""
    rows = ranking.entries.filter(status="not_shortlisted")
    return rows.exclude(nomination__state="not_shortlisted").exists()


def last_meeting(campaign: Campaign) -> Meeting | None:
    """The year's newest meeting with all that its page needs of it; has_list: one was prepared."""
    lines = ListedEntry.objects.filter(meeting=OuterRef("pk"))
    rows = Meeting.objects.filter(campaign=campaign).annotate(has_list=Exists(lines)).order_by("-pk")
    meeting = rows.select_related("ranking__rule").defer("ranking__record").first()
    if meeting is not None:
        meeting.campaign = meeting.ranking.campaign = campaign
    return meeting


# ---- the agenda and the list


def agenda(ranking: Ranking, meeting: Meeting | None, user):
    """The ranking's entries with what the meeting page asks of each.

    on_list: prepared or decided as 拟入选 by this meeting. reason: why that departs from the ranking, None
    where it does not. is_own: the reader belongs, or belonged in the
    last three years, to one of the entry's units, and so has to leave while it is discussed.
    """
    own = tying_posts().filter(user=user)
    partner = Partner.objects.filter(
        nomination=OuterRef("nomination"), unit__top__in=own.values("unit__top"), confirmed_at__isnull=False
    )
    listed = ListedEntry.objects.filter(nomination=OuterRef("nomination"), meeting=meeting, taken_in=True)
    departed = Departure.objects.filter(meeting=meeting, nomination=OuterRef("nomination"))
    rows = ranking.entries.select_related("nomination__unit", "category").annotate(
        on_list=Exists(listed),
        reason=Subquery(departed.values("reason")),
        is_own=Exists(own.filter(unit__top=OuterRef("nomination__unit__top"))) | Exists(partner),
    )
    rows = rows.defer(*(f"nomination__{name}" for name in codes(typed(section="body"))))
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
