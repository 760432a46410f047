"""A scratch campaign of any size, to see how pages behave under load: bulk inserts, past every quota.

The rows are whole (codes, submissions with their digests, sheets with totals), the words are not: every
entry repeats one text under its own title. One stage, every panel closed, ready to be frozen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import islice

from django.db import transaction
from django.utils import timezone

from awards.campaign.actions.opening import open_campaign
from awards.campaign.actions.rule import lock_rule
from awards.campaign.actions.start import create_campaign
from awards.campaign.models import Campaign, Category
from awards.campaign.queries.rule import rule_in_force
from awards.demo.chance import chance, slug
from awards.demo.data.projects import LINES
from awards.demo.writing import Figures, Project, texts_of
from awards.nomination.models import Nomination, Submission
from awards.nomination.queries.content import frozen_content
from awards.nomination.rules.freezing import digest_of_content
from awards.panel.models import Assignment, Panel, Reviewer, Seat
from awards.review.models import Score, ScoreSheet, SheetState
from awards.states import State
from units.models import Post, Unit, UnitKind, User
from units.roles import Role

BATCH = 2000
STAGE = "written"
LETTERS = "FZX"


@dataclass(frozen=True)
class Size:
    """How much to make; each entry is judged by `reviews` of the reviewers."""

    entries: int
    reviews: int = 5
    reviewers: int = 50
    units: int = 77


@transaction.atomic
def fill(size: Size) -> Campaign:
    """Make one more scratch campaign of this size."""
    committee = Unit.objects.filter(parent=None).order_by("pk").first() or _committee()
    campaign = _campaign(committee)
    units = _units(committee, size.units)
    reviewers = _reviewers(campaign, size.reviewers)
    for number, category in enumerate(campaign.categories.prefetch_related("criteria")):
        share = len(range(number, size.entries, len(LETTERS)))
        if share:
            _fill_category(campaign, category, share, units, reviewers, size.reviews)
    lock_rule(rule_in_force(campaign), actor=None)
    return campaign


def _committee() -> Unit:
    return Unit.objects.create(
        slug="committee", name="压力测试工委", short_name="压力测试工委", kind=UnitKind.COMMITTEE
    )


def _campaign(committee: Unit) -> Campaign:
    number = Campaign.objects.filter(is_scratch=True).count() + 1
    campaign = create_campaign(
        code=f"scratch-{number}",
        title=f"压力测试{number}",
        year=timezone.localdate().year,
        organiser=committee,
        actor=None,
        two_stages=False,
    )
    Campaign.objects.filter(pk=campaign.pk).update(is_scratch=True)
    return open_campaign(campaign, actor=None)


def _units(committee: Unit, wanted: int) -> list[Unit]:
    """The committee's organizations, in their order, and as many new ones as are missing."""
    units = list(Unit.objects.top_organizations(committee).order_by("order", "pk")[:wanted])
    for number in range(len(units) + 1, wanted + 1):
        name = f"压力测试第{number}单位"
        units.append(
            Unit.objects.create(
                slug=f"scratch-{committee.pk}-{number}",
                name=f"{name}党支部",
                short_name=name,
                kind=UnitKind.BRANCH,
                parent=committee,
                order=number,
            )
        )
    return units


def _reviewers(campaign: Campaign, wanted: int) -> list[Reviewer]:
    """Whoever holds the post already, and as many accounts nobody can sign in to as are missing."""
    committee = campaign.organiser
    holders = User.objects.filter(
        pk__in=Post.objects.current().filter(unit=committee, role=Role.REVIEWER).values("user")
    )
    users = list(holders.order_by("username")[:wanted])
    taken = User.objects.filter(username__startswith="scratch-").count()
    new = [
        User(username=f"scratch-{number:04d}", name=f"测试评委{number}", password="!")
        for number in range(taken + 1, taken + 1 + wanted - len(users))
    ]
    User.objects.bulk_create(new)
    Post.objects.bulk_create(
        Post(
            user=user,
            unit=committee,
            role=Role.REVIEWER,
            from_on=timezone.localdate(),
            confirmed_at=timezone.now(),
        )
        for user in new
    )
    return Reviewer.objects.bulk_create(
        Reviewer(campaign=campaign, user=user, declared_at=timezone.now()) for user in users + new
    )


def _fill_category(
    campaign: Campaign,
    category: Category,
    entries: int,
    units: list[Unit],
    reviewers: list[Reviewer],
    reviews: int,
) -> None:
    nominations = _nominations(campaign, category, entries, units)
    submissions = _submissions(nominations)
    now = timezone.now()
    panel = Panel.objects.create(
        campaign=campaign,
        category=category,
        stage=STAGE,
        seed=campaign.code,
        per_entry=min(reviews, len(reviewers)),
        drawn_at=now - timedelta(days=9),
        opened_at=now - timedelta(days=8),
        closes_at=now - timedelta(days=1),
        closed_at=now,
    )
    seats = Seat.objects.bulk_create(
        Seat(panel=panel, reviewer=reviewer, number=number) for number, reviewer in enumerate(reviewers, 1)
    )
    desks = _assignments(panel, nominations, seats)
    _sheets(campaign, category, desks, {row.nomination_id: row for row in submissions})


def _nominations(campaign: Campaign, category: Category, entries: int, units: list[Unit]) -> list[Nomination]:
    project = next(p for p in map(Project.read, LINES) if p.letter == category.letter)
    texts = texts_of(project, Figures(4, 120, 12, 11, 6, Decimal("95.5")))
    now = timezone.now()
    rows = [
        Nomination(
            campaign=campaign,
            category=category,
            unit=units[(number + category.order) % len(units)],
            slug=slug("volume", campaign.code, category.letter, number),
            code=f"{campaign.code}-{category.letter}-{number:03d}",
            state=State.QUALIFIED,
            title=f"{project.title}之{number}",
            target=project.target,
            service_kinds=["people"],
            leader_name="党组织书记",
            contact_name="党务干部",
            pledged=True,
            submitted_at=now - timedelta(days=20, seconds=entries - number),
            decided_at=now - timedelta(days=12),
            **texts,
        )
        for number in range(1, entries + 1)
    ]
    return Nomination.objects.bulk_create(rows, batch_size=BATCH)


def _submissions(nominations: list[Nomination]) -> list[Submission]:
    """The first one is frozen by the product, the others differ from it in title and unit."""
    pattern = frozen_content(nominations[0])
    rows = []
    for one in nominations:
        unit = {"slug": one.unit.slug, "name": one.unit.name}
        content = {**pattern, "title": one.title, "unit": unit}
        digest = digest_of_content(content)
        at = one.submitted_at
        rows.append(Submission(nomination=one, number=1, content=content, sha256=digest, submitted_at=at))
    return Submission.objects.bulk_create(rows, batch_size=BATCH)


def _assignments(panel: Panel, nominations: list[Nomination], seats: list[Seat]) -> list[Assignment]:
    """Round and round the seats, so that two loads differ by one at most."""
    rows = []
    for number, nomination in enumerate(nominations):
        for place in range(panel.per_entry):
            turn = number * panel.per_entry + place
            rows.append(
                Assignment(
                    panel=panel,
                    seat=seats[turn % len(seats)],
                    nomination=nomination,
                    order=turn // len(seats) + 1,
                    reason="压力测试",
                )
            )
    return Assignment.objects.bulk_create(rows, batch_size=BATCH)


def _sheets(
    campaign: Campaign, category: Category, desks: list[Assignment], submissions: dict[int, Submission]
) -> None:
    rule = rule_in_force(campaign)
    dice = chance("volume", campaign.code, category.letter)
    criteria = list(category.criteria.all())
    tops = [int(criterion.maximum * 2) for criterion in criteria]  # in half points
    handed = timezone.now() - timedelta(days=1)
    sheets, marks = [], []
    for desk in desks:
        halves = [dice.randrange(top * 13 // 20, top + 1) for top in tops]
        marks.append(halves)
        sheets.append(
            ScoreSheet(
                assignment=desk,
                submission=submissions[desk.nomination_id],
                rule=rule,
                state=SheetState.HANDED_IN,
                total=Decimal(sum(halves)) / 2,
                handed_in_at=handed,
            )
        )
    ScoreSheet.objects.bulk_create(sheets, batch_size=BATCH)

    def scores() -> Iterator[Score]:
        for sheet, halves in zip(sheets, marks, strict=True):
            for criterion, half in zip(criteria, halves, strict=True):
                yield Score(sheet=sheet, criterion=criterion, mark=Decimal(half) / 2)

    rows = scores()
    while batch := list(islice(rows, BATCH * 5)):
        Score.objects.bulk_create(batch)
