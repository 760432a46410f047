"""Whole rounds of marks in a few inserts: what a freeze needs, without walking through every page."""

from decimal import Decimal

from django.db import connection
from django.utils import timezone

from awards.campaign.models import ScoringRule
from awards.nomination.models import Nomination, Submission
from awards.panel.models import Assignment, Panel, Reviewer, Seat
from awards.review.models import Score, ScoreSheet, SheetState
from awards.states import State
from tests.factories import CampaignFactory, PanelFactory, ReviewerFactory, UnitFactory
from units.models import Post, User
from units.roles import Role

SEVEN = ["92.5", "88", "90", "85", "95", "89.5", "91"]  # the contract's vector: 90.20


def spread(total, criteria):
    """Marks in halves that add up to the total, each near the same part of its maximum."""
    left, marks = Decimal(str(total)), {}
    room = sum((line.maximum for line in criteria), Decimal())
    for line in criteria:
        share = left * line.maximum / room
        mark = max(Decimal(int(share * 2)) / 2, left - (room - line.maximum))
        marks[line.code] = min(mark, line.maximum, left)
        left, room = left - marks[line.code], room - line.maximum
    assert not left, total
    return marks


def reviewers_of(campaign, number):
    have = list(Reviewer.objects.filter(campaign=campaign).order_by("pk"))
    return have + [ReviewerFactory(campaign=campaign) for _ in range(number - len(have))]


def seats_of(panel, people):
    have = {seat.reviewer_id: seat for seat in Seat.objects.filter(panel=panel)}
    seats = [
        have.get(person.pk) or Seat(panel=panel, reviewer=person, number=n)
        for n, person in enumerate(people, start=1)
    ]
    Seat.objects.bulk_create(seat for seat in seats if seat.pk is None)
    return seats


def add_entries(campaign, letter, number, *, state=State.QUALIFIED, units=None):
    """Entries with code, unit of their own and one submission, in three inserts."""
    category = campaign.categories.get(letter=letter)
    taken = Nomination.objects.filter(category=category).count()
    units = units or [UnitFactory() for _ in range(min(number, 20))]
    files = Nomination.objects.bulk_create(
        Nomination(
            campaign=campaign, category=category, unit=units[n % len(units)], state=state,
            code=f"{campaign.code}-{letter}-{taken + n + 1:03d}", title=f"{category.name}第{taken + n + 1}项",
            summary="把企业开办的多个环节合为一件事，专人帮办，一次办结。", submitted_at=timezone.now(),
        )
        for n in range(number)
    )  # fmt: skip
    Submission.objects.bulk_create(
        Submission(nomination=file, number=1, content={"title": file.title}, sha256="0" * 64)
        for file in files
    )
    return files


def add_round(campaign, files, totals, *, stage="written", closed=True):
    """One panel for the files of one category; totals: per file, the totals its reviewers gave.

    A total of None is a sheet that was never handed in.
    """
    category = files[0].category
    panel = Panel.objects.filter(category=category, stage=stage).first() or PanelFactory(
        category=category, campaign=campaign, stage=stage, closed=closed
    )
    seats = seats_of(panel, reviewers_of(campaign, max(map(len, totals))))
    before = panel.assignments.count()
    assignments = Assignment.objects.bulk_create(
        Assignment(panel=panel, seat=seat, nomination=file, order=before + n)
        for n, (file, given) in enumerate(zip(files, totals, strict=True), start=1)
        for seat, _ in zip(seats, given, strict=False)
    )
    add_sheets(category, files, assignments, [total for given in totals for total in given])
    return panel


def add_sheets(category, files, assignments, totals):
    rule = ScoringRule.objects.filter(campaign=category.campaign).first()
    submission_of = dict(
        Submission.objects.filter(nomination__in=files).order_by("number").values_list("nomination_id", "pk")
    )
    criteria = list(category.criteria.all())
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(
            assignment=assignment, submission_id=submission_of[assignment.nomination_id], rule=rule,
            state=SheetState.DRAFT if total is None else SheetState.HANDED_IN, total=total,
            handed_in_at=None if total is None else timezone.now(),
        )
        for assignment, total in zip(assignments, totals, strict=True)
    )  # fmt: skip
    Score.objects.bulk_create(
        (
            Score(sheet=sheet, criterion=line, mark=marks[line.code])
            for sheet, total in zip(sheets, totals, strict=True)
            if total is not None
            for marks in [spread(total, criteria)]
            for line in criteria
        ),
        batch_size=5000,
    )


def judged(number=7, *, letter="F", campaign=None, base=95, step=1):
    """A one-stage year, one category judged by seven: the nth entry is `step` points below the one before."""
    campaign = campaign or CampaignFactory()
    files = add_entries(campaign, letter, number)
    offsets = (-3, -1, 0, 0, 0, 1, 3)
    add_round(campaign, files, [[base - n * step + off for off in offsets] for n in range(number)])
    return campaign, files


def two_stage(number=6, advance=3, letter="F", seats=2):
    """A two-stage year whose written stage is closed; `advance` go on."""
    campaign = CampaignFactory(two_stages=True)
    rule = campaign.rules.get()
    rule.body["stages"][0]["advance"] = {letter: advance}
    rule.body["categories"][letter]["seats"] = seats
    rule.save()
    campaign.categories.filter(letter=letter).update(seats=seats)
    return judged(number, letter=letter, campaign=campaign)


def many(campaign, number, reviewers=50, per_entry=5):
    """`number` entries in the first category, each judged by five of many reviewers, quickly."""
    files = add_entries(campaign, "F", number)
    panel = PanelFactory(category=files[0].category, campaign=campaign, closed=True)
    users = User.objects.bulk_create(
        User(username=f"judge{campaign.pk}-{n}", name=f"评委{n}", password="!") for n in range(reviewers)
    )
    Post.objects.bulk_create(
        Post(user=user, unit=campaign.organiser, role=Role.REVIEWER, from_on="2020-01-01",
             confirmed_at=timezone.now())
        for user in users
    )  # fmt: skip
    people = Reviewer.objects.bulk_create(
        Reviewer(campaign=campaign, user=user, declared_at=timezone.now()) for user in users
    )
    seats = Seat.objects.bulk_create(
        Seat(panel=panel, reviewer=person, number=n) for n, person in enumerate(people, start=1)
    )
    chosen = [
        (file, seats[(n + k * 7) % reviewers]) for n, file in enumerate(files) for k in range(per_entry)
    ]
    assignments = Assignment.objects.bulk_create(
        (
            Assignment(panel=panel, seat=seat, nomination=file, order=n)
            for n, (file, seat) in enumerate(chosen)
        ),
        batch_size=5000,
    )
    totals = [Decimal(60) + Decimal((n * 37) % 79) / 2 for n in range(len(assignments))]
    add_sheets(files[0].category, files, assignments, totals)
    with connection.cursor() as cursor:  # what the server does by itself a minute later
        cursor.execute("ANALYZE")
    return files
