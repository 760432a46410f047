"""What other rooms ask about a year: its rule in force, the rule's body made from the rubric."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, F, Func, Value
from django.db.models.fields import DateField
from django.utils import timezone

from awards.campaign.defaults import SHORTLIST_FACTOR
from awards.campaign.models import CalendarYear, Campaign, Category, Phase, ScoringRule, SpecialDay
from awards.campaign.rules import Calendar, Step, setup_problems, timetable_problems

REVIEW_PHASES = frozenset({Phase.WRITTEN, Phase.LIVE})


def plain(number: Decimal | int) -> str:
    """A decimal as the record writes it: no exponent, no trailing zeros."""
    text = f"{Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rule_in_force(campaign: Campaign) -> ScoringRule:
    """The newest version of the year's rule. Raises ScoringRule.DoesNotExist before set-up."""
    rule = campaign.rules.order_by("-version").first()
    if rule is None:
        raise ScoringRule.DoesNotExist
    return rule


def working_calendar(years: Iterable[int] | None = None) -> Calendar:
    """The working days of these years (default: last year to the year after next), in one query.

    A year not asked for counts Monday to Friday and is provisional, as one whose order is not entered.
    """
    if years is None:
        today = timezone.localdate()
        years = range(today.year - 1, today.year + 3)
    years = set(years)
    known = CalendarYear.objects.filter(year__in=years).annotate(
        day=Func(F("year"), 1, 1, function="make_date", output_field=DateField()),
        working=Value(None, BooleanField()),
    )
    rows = SpecialDay.objects.filter(day__year__in=years).values_list("day", "working")
    rows = list(rows.union(known.values_list("day", "working"), all=True))
    return Calendar(
        special_days={day: working for day, working in rows if working is not None},
        known_years={day.year for day, working in rows if working is None},
    )


def shortlist_of(category: Category) -> int:
    """Places of the next stage: as set, else the usual multiple of the seats."""
    return category.shortlist or category.seats * SHORTLIST_FACTOR


def rule_settings(rule: ScoringRule) -> dict[str, Any]:
    """A rule's settings without what `compile_rule_body` adds from the categories."""
    stages = [
        {key: value for key, value in stage.items() if key != "advance"} for stage in rule.body["stages"]
    ]
    return {key: value for key, value in rule.body.items() if key != "categories"} | {"stages": stages}


def compile_rule_body(campaign: Campaign, settings: dict[str, Any]) -> dict[str, Any]:
    """The record's `rule`: the settings (stages, trim, …) joined with the categories and their rubric.

    Each stage but the last lets so many entries of a category go on as the category says, unless the
    settings name the places themselves.
    """
    codes = {stage["code"] for stage in settings["stages"]}
    categories, advance = {}, {}
    for category in campaign.categories.prefetch_related("criteria"):
        advance[category.letter] = shortlist_of(category)
        criteria = []
        for criterion in category.criteria.all():
            line = {
                "code": criterion.code,
                "max": plain(criterion.maximum),
                "weight": plain(criterion.weight),
            }
            if criterion.stages:
                line["stages"] = [code for code in criterion.stages if code in codes]
                if not line["stages"]:  # made for a stage that this year does without
                    continue
            criteria.append(line)
        categories[category.letter] = {
            "seats": category.seats,
            "floor": plain(category.floor),
            "ties": category.ties,
            "criteria": criteria,
        }
    *earlier, last = settings["stages"]
    return {
        **{key: value for key, value in settings.items() if key != "categories"},
        "stages": [{"advance": dict(advance), **stage} for stage in earlier] + [dict(last)],
        "categories": categories,
    }


def category_names(campaign: Campaign) -> dict[str, str]:
    return {category.letter: category.name for category in campaign.categories.all()}


def steps_of(campaign: Campaign) -> list[Step]:
    """The timetable in the order of the process; a phase without dates is not part of this year."""
    rows = {row.phase: row for row in campaign.timetable.all()}
    return [
        Step(phase.label, rows[phase].opens_at, rows[phase].closes_at) for phase in Phase if phase in rows
    ]


def missing_phases(campaign: Campaign, rule: ScoringRule) -> list[str]:
    """Phases the year needs and its timetable lacks: the stages of the rule and what every year has."""
    stages = {stage["code"] for stage in rule.body["stages"]}
    needed = [phase for phase in Phase if phase not in REVIEW_PHASES or phase in stages]
    dated = {row.phase for row in campaign.timetable.all()}
    return [f"{phase.label}没有填时间。" for phase in needed if phase not in dated]


def opening_problems(campaign: Campaign) -> list[str]:
    """Everything that keeps the year from being opened, as whole sentences."""
    rule = rule_in_force(campaign)
    return [
        *setup_problems(rule.body, category_names(campaign)),
        *missing_phases(campaign, rule),
        *timetable_problems(steps_of(campaign)),
    ]
