"""A new year, from the defaults or from the year before."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from awards.campaign import defaults
from awards.campaign.models import Campaign, Category, Criterion, Deadline, ScoringRule
from awards.campaign.queries.calendar import working_calendar
from awards.campaign.queries.rule import compile_rule_body, rule_in_force, rule_settings
from awards.campaign.rules.timetable import proposed_timetable, shifted_timetable
from awards.errors import StageError
from units.audit.events import Event
from units.audit.record import record
from units.models import Unit, User

# Codes that are pages of their own under /campaigns/ or /results/.
TAKEN_CODES = frozenset({"new", "import"})


def require_free_code(code: str) -> None:
    if code in TAKEN_CODES or Campaign.objects.filter(code=code).exists():
        raise StageError(f"代码“{code}”已被使用，请换一个。")


@transaction.atomic
def create_campaign(
    *, code: str, title: str, year: int, organiser: Unit, actor: User | None, two_stages: bool = True
) -> Campaign:
    """A year with the default categories, rubric, rule and a proposed timetable; not yet opened.

    two_stages: written review and live defence; else the written review decides alone.
    """
    require_free_code(code)
    campaign = Campaign.objects.create(
        code=code, title=title, year=year, organiser=organiser, contact_office=f"{organiser}办公室"
    )
    _set_up(campaign, two_stages=two_stages, actor=actor)
    _propose_timetable(campaign, two_stages)
    record(Event.CAMPAIGN_CREATED, actor=actor, target=campaign, after={"year": year})
    return campaign


@transaction.atomic
def enter_past_year(
    organiser: Unit, year: int, *, announced_at: datetime, actor: User | None, act_id: UUID | None = None
) -> Campaign:
    """A year held before the portal: finished and public, without dates. Its rule is only a place holder."""
    code = str(year)
    if Campaign.objects.filter(code=code).exists():
        code = f"{year}-{organiser.slug}"[:20]
    require_free_code(code)
    campaign = Campaign.objects.create(
        code=code, title=f"{year}年度“三个最佳”评选", year=year, organiser=organiser, from_papers=True,
        contact_office=f"{organiser}办公室",
        opened_at=announced_at, outcome_public_at=announced_at, announced_at=announced_at,
    )  # fmt: skip
    _set_up(campaign, two_stages=False, actor=actor)
    after = {"year": year, "from_papers": True}
    record(Event.CAMPAIGN_CREATED, actor=actor, target=campaign, after=after, act_id=act_id)
    return campaign


def _set_up(campaign: Campaign, *, two_stages: bool, actor: User | None) -> None:
    """The default categories, rubric and rule."""
    for order, given in enumerate(defaults.CATEGORIES):
        _add_category(campaign, given, order)
    stages = defaults.TWO_STAGES if two_stages else defaults.ONE_STAGE
    ScoringRule.objects.create(
        campaign=campaign,
        body=compile_rule_body(campaign, {**defaults.SCORING, "stages": stages}),
        made_by=actor,
    )


def _add_category(campaign: Campaign, given: defaults.CategoryDefault, order: int) -> None:
    category = Category.objects.create(
        campaign=campaign,
        letter=given.letter,
        name=given.name,
        focus=given.focus,
        seats=defaults.SEATS,
        ties=list(given.ties),
        order=order,
    )
    Criterion.objects.bulk_create(
        Criterion(
            category=category,
            code=line.code,
            label=line.label,
            maximum=line.maximum,
            full_marks_need=line.full_marks_need,
            anchors=list(line.anchors),
            section=line.section,
            order=place,
        )
        for place, line in enumerate(given.criteria)
    )


def _propose_timetable(campaign: Campaign, two_stages: bool) -> None:
    days = {phase: n for phase, n in defaults.PHASE_DAYS.items() if two_stages or phase != "live"}
    calendar = working_calendar([campaign.year, campaign.year + 1])
    first_day = date(campaign.year, *defaults.FIRST_DAY)
    dates = proposed_timetable(calendar, first_day, days, campaign.notice_days)
    Deadline.objects.bulk_create(
        Deadline(campaign=campaign, phase=phase, opens_at=opens, closes_at=closes)
        for phase, (opens, closes) in dates.items()
    )


# What a year does not hand on: its key, its own moments, and an approval that was given for it alone.
NOT_COPIED = frozenset(
    {
        "id", "code", "year", "title", "approval_number", "opened_at", "outcome_public_at", "announced_at",
        "is_scratch", "from_papers", "version", "created_at",
    }
)  # fmt: skip


@transaction.atomic
def copy_campaign(source: Campaign, *, code: str, year: int, actor: User | None, title: str = "") -> Campaign:
    """The year before once more: texts, contacts, limits, categories, rubric, rule, and its timetable moved
    by whole weeks. Not yet opened; `differences` lists what is not the same. title: as the source's, with the year replaced.
    """
    require_free_code(code)
    columns = {
        field.attname: getattr(source, field.attname)
        for field in Campaign._meta.concrete_fields
        if field.name not in NOT_COPIED
    }
    campaign = Campaign.objects.create(
        **columns, code=code, year=year, title=title or source.title.replace(str(source.year), str(year))
    )
    for category in source.categories.prefetch_related("criteria"):
        _copy_category(category, campaign)
    settings = rule_settings(rule_in_force(source)) | {"version": 1}
    ScoringRule.objects.create(campaign=campaign, body=compile_rule_body(campaign, settings), made_by=actor)
    dates = {row.phase: (row.opens_at, row.closes_at) for row in source.timetable.all()}
    Deadline.objects.bulk_create(
        Deadline(campaign=campaign, phase=phase, opens_at=opens, closes_at=closes)
        for phase, (opens, closes) in shifted_timetable(dates, year - source.year).items()
    )
    after = {"year": year, "copied_from": source.code}
    record(Event.CAMPAIGN_CREATED, actor=actor, target=campaign, after=after)
    return campaign


def _copy_category(category: Category, campaign: Campaign) -> None:
    criteria = list(category.criteria.all())
    category.pk, category._state.adding, category.campaign = None, True, campaign
    category.save()
    for criterion in criteria:
        criterion.pk, criterion.category = None, category
    Criterion.objects.bulk_create(criteria)
