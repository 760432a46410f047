"""The year's rule: in force, as data, made from the rubric, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Coalesce, NullIf

from awards.campaign.defaults import SHORTLIST_FACTOR
from awards.campaign.models import (
    Campaign,
    Category,
    Criterion,
    ScoringRule,
)
from awards.scoring.numbers import plain
from awards.scoring.words import step_text


def with_setup(*campaigns: Campaign) -> None:
    """Read categories with their criteria, timetable and rules of all these years, in four questions.

    For pages that read a whole year or compare two; an action that changes it reads anew.
    """
    prefetch_related_objects(campaigns, "timetable", "categories__criteria", "rules")


def rule_in_force(campaign: Campaign) -> ScoringRule:
    """The newest version of the year's rule. Raises ScoringRule.DoesNotExist before set-up."""
    rule = next(iter(campaign.rules.all()), None)  # ordered by version, the newest first
    if rule is None:
        raise ScoringRule.DoesNotExist
    return rule


def second_stage_of(campaign) -> Subquery:
    """The code of a year's second stage as a column, null where it has one; campaign: an OuterRef."""
    rules = ScoringRule.objects.filter(campaign=campaign).order_by("-version")
    return Subquery(rules.values("body__stages__1__code")[:1])


def shortlist_places() -> Coalesce:
    """`shortlist_of` as a column of a category."""
    return Coalesce(NullIf("shortlist", Value(0)), F("seats") * SHORTLIST_FACTOR)


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
            line: dict[str, Any] = {
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


@dataclass(frozen=True)
class RubricCategory:
    """A category as the public call prints it; ties in words, in order."""

    category: Category
    criteria: list[Criterion]
    shortlist: int | None
    ties: list[str]


def rubric_of(campaign: Campaign, rule: ScoringRule) -> list[RubricCategory]:
    """Every category with its criteria, in two queries at most. shortlist: None with one stage only."""
    staged = len(rule.parsed.stages) > 1
    found = []
    prefetch_related_objects([campaign], "categories__criteria")
    for category in campaign.categories.all():
        criteria = list(category.criteria.all())
        labels = {line.code: line.label for line in criteria}
        ties = [step_text(step, labels) for step in category.ties]
        found.append(RubricCategory(category, criteria, shortlist_of(category) if staged else None, ties))
    return found
