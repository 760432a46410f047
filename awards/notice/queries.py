"""What a notice lists, who stands in whose way, who comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from awards.campaign.models import Campaign, Category
from awards.campaign.queries.calendar import working_calendar
from awards.campaign.rules.working_days import Period, StripDay, days_strip, local_date, notice_period
from awards.decision.models import Departure, Meeting
from awards.decision.queries import final_ranking
from awards.nomination.models import Nomination, Partner
from awards.notice.models import OPEN_STATES, Notice, NoticeEntry, Objection, Outcome, Ruling
from awards.panel.queries.ties import entry_facts
from awards.panel.rules.conflicts import Belonging, PastPost, ReviewerFacts, conflicts
from awards.ranking.models import EntryStatus, RankedEntry, Ranking
from awards.scoring.words import stage_name
from awards.states import State
from units.known import known
from units.models import Post, User

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    Listed = WithAnnotations[Nomination, "Confirmed"]


class Confirmed(TypedDict):
    confirmed_partners: list[Partner]


CONFIRMED = Prefetch(
    "partners",
    Partner.objects.confirmed().select_related("unit").order_by("pk"),
    to_attr="confirmed_partners",
)
IN_A_SEAT = (State.PROPOSED, State.ON_NOTICE, State.SUSPENDED, State.SELECTED)


# ---------------------------------------------------------------- what is published


def proposed(campaign: Campaign):
    """The meeting's list, in the order in which it is published: by category, then by code."""
    files = campaign.nominations.filter(state=State.PROPOSED).select_related("unit", "category")
    return files.prefetch_related(CONFIRMED).order_by("category__order", "category__letter", "code_key")


def decided_meeting(campaign: Campaign) -> Meeting | None:
    return campaign.meetings.filter(decided_at__isnull=False).order_by("-decided_at").first()


def source_of(campaign: Campaign) -> str:
    """What the selection rests on, as a paper begins: the first sentence of the year's basis."""
    source = campaign.basis.strip().split("。")[0] or f"{campaign.title}通知"
    return source if source.startswith(("根据", "按照", "依据", "为")) else f"根据{source}"


def stated_basis(campaign: Campaign, count: int, *, ranking: Ranking | None, moved_up: bool = False) -> str:
    """The opening paragraph, from what really happened this year."""
    source = source_of(campaign)
    if moved_up:
        return f"{source}，因有项目取消拟入选资格，依次递补{count}个项目为拟入选示范项目，现予公示。"
    stages = ranking.rule.parsed.stage_codes if ranking else []
    steps = ["单位申报", "资格审查", *map(stage_name, stages)]
    return f"{source}，经{'、'.join(steps)}和工委会议审定，确定{count}个项目为拟入选示范项目，现予公示。"


def listing(notice: Notice):
    """The lines of a notice with what their pages show of each."""
    rows = notice.entries.select_related("nomination__category", "nomination__unit")
    return rows.order_by("order", "pk")


@dataclass(frozen=True)
class Days:
    """Where a published notice stands today. number: the working day it is, None on a rest day or outside."""

    strip: list[StripDay]
    number: int | None
    period: Period


def days_of(notice: Notice, today: date) -> Days:
    """The strip of days of a published notice, with the days fixed when it was published."""
    fixed = period_of(notice)
    return Days(days_strip(known(notice.published_at), fixed, today), fixed.day_number(today), fixed)


def period_of(notice: Notice) -> Period:
    """The days of a published notice, as they were written down."""
    closes = known(notice.closes_at)
    return Period(tuple(notice.worked_days), closes, local_date(closes), notice.provisional)


def planned_period(notice: Notice, now: datetime) -> Period:
    """The days the notice would have if it were published now."""
    year = local_date(now).year
    return notice_period(working_calendar({year, year + 1}), now, notice.days)


@dataclass(frozen=True)
class Received:
    """The public count of objections to a notice."""

    total: int
    open: int


def received(notice: Notice) -> Received:
    counts = notice.objections.aggregate(total=Count("pk"), open=Count("pk", filter=Q(state__in=OPEN_STATES)))
    return Received(**counts)


def latest_listing(campaign: Campaign):
    """The newest published line of each nomination of the year."""
    lines = NoticeEntry.objects.filter(notice__campaign=campaign, notice__published_at__isnull=False)
    newest = lines.filter(nomination=OuterRef("nomination")).order_by("-notice__published_at", "-pk")
    return lines.filter(pk=Subquery(newest.values("pk")[:1])).select_related(
        "notice", "nomination__category", "nomination__unit"
    )


# ---------------------------------------------------------------- who stands in whose way


def ties_of(user: User, nomination: Nomination, on: date) -> list[str]:
    """Why this person may not handle a case about the entry, in words; empty when nothing stands in the way."""
    return ties_with(user, [nomination], on)


def ties_with(user: User, nominations: list[Nomination], on: date) -> list[str]:
    """How this person is tied to any of the entries, in words, each once; three questions however many entries.

    The posts of the last three years at the entry's or a partner's organization, and whoever wrote or
    handed in the file (docs/design.md).
    """
    posts = Post.objects.filter(user=user, confirmed_at__isnull=False)
    held = tuple(
        PastPost(Belonging(unit, top), since, until)
        for unit, top, since, until in posts.values_list("unit", "unit__top", "from_on", "to_on")
    )
    person = ReviewerFacts(employer=None, posts=held)
    found = {tie.label: None for entry in entry_facts(nominations) for tie in conflicts(person, entry, on)}
    keys = [nomination.pk for nomination in nominations]
    mine = Nomination.objects.filter(Q(created_by=user) | Q(submissions__submitted_by=user), pk__in=keys)
    return [*found, *["经办过该项申报"] * mine.exists()]


# ---------------------------------------------------------------- cases


def cases(campaign: Campaign):
    """Every objection of the year for the desk's list; the objector's name is not among the columns.

    What came in a crowd stands behind the rest, so that nobody's objection drowns in it.
    """
    rows = Objection.objects.filter(notice__campaign=campaign).select_related(
        "notice", "nomination", "handler", "ruling"
    )
    return rows.defer("name", "contact", "facts", "evidence", "lookup_digest").order_by(
        "in_a_crowd", "-filed_at", "-pk"
    )


def open_cases(nomination: Nomination):
    return Objection.objects.open().filter(nomination=nomination)


# ---------------------------------------------------------------- who comes next


@dataclass(frozen=True)
class Vacancy:
    """A seat given up after an upheld objection, and who may take it: more than one when they tie."""

    category: Category
    free: int
    candidates: list[RankedEntry]


def vacancies(campaign: Campaign) -> list[Vacancy]:
    """Categories in which an upheld objection freed a seat, with the next in rank.

    Passed over: whoever was itself struck off, was left out by the meeting, or stays below the floor.
    """
    struck = set(
        Ruling.objects.filter(outcome=Outcome.UPHELD, objection__notice__campaign=campaign).values_list(
            "objection__nomination", flat=True
        )
    )
    ranking = final_ranking(campaign) if struck else None
    if ranking is None:
        return []
    passed_over = set(
        Departure.objects.filter(meeting__campaign=campaign, taken_in=False).values_list(
            "nomination", flat=True
        )
    )
    found = []
    for category in campaign.categories.all():
        out = category.nominations.filter(pk__in=struck, state=State.NOT_SELECTED).count()
        if not out:
            continue
        moved = category.nominations.filter(pk__in=_moved_up(campaign), state__in=IN_A_SEAT).count()
        if out > moved:
            lines = _line_up(ranking, category).exclude(nomination__in=struck | passed_over)
            found.append(Vacancy(category, out - moved, _first(list(lines))))
    return found


def _moved_up(campaign: Campaign):
    """Entries that were listed only by a later notice, or wait for one."""
    first = campaign.notices.published().order_by("number").values("pk")[:1]
    return campaign.nominations.exclude(notice_entries__notice__in=first).values("pk")


def _line_up(ranking: Ranking, category: Category):
    floor = ranking.rule.parsed.category(category.letter).floor
    return (
        ranking.entries.filter(category=category, status=EntryStatus.RANKED, final__gte=floor)
        .filter(nomination__state=State.NOT_SELECTED)
        .select_related("nomination__unit")
        .order_by("place", "nomination__code_key")
    )


def _first(lines: list[RankedEntry]) -> list[RankedEntry]:
    return [line for line in lines if line.place == lines[0].place]


def running_in(year: int) -> list[tuple[str, str]]:
    """The notices running now with a day in this year, each with the days written down when it was published."""
    running = Notice.objects.published().filter(closes_at__gt=timezone.now())
    touched = running.filter(Q(first_day__year=year) | Q(last_day__year=year))
    return [
        (notice.title, f"{notice.first_day}至{notice.last_day}24:00，共{notice.days}个工作日")
        for notice in touched.order_by("first_day", "pk")
    ]
