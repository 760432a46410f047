"""What other rooms ask about a year: its rule in force, the rule's body made from the rubric."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from awards.campaign.models import CalendarYear, Campaign, ScoringRule, SpecialDay
from awards.campaign.rules import Calendar


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


def compile_rule_body(campaign: Campaign, settings: dict[str, Any]) -> dict[str, Any]:
    """The record's `rule`: the settings (stages, trim, …) joined with the categories and their rubric."""
    codes = {stage["code"] for stage in settings["stages"]}
    categories = {}
    for category in campaign.categories.prefetch_related("criteria"):
        criteria = []
        for criterion in category.criteria.all():
            line = {
                "code": criterion.code,
                "max": plain(criterion.maximum),
                "weight": plain(criterion.weight),
            }
            if criterion.stages:
                line["stages"] = [code for code in criterion.stages if code in codes]
            criteria.append(line)
        categories[category.letter] = {
            "seats": category.seats,
            "floor": plain(category.floor),
            "ties": category.ties,
            "criteria": criteria,
        }
    return {
        **{key: value for key, value in settings.items() if key != "categories"},
        "categories": categories,
    }


def working_calendar() -> Calendar:
    """The table of working days the office keeps; years it has not entered count Monday to Friday."""
    return Calendar(
        special_days=dict(SpecialDay.objects.values_list("day", "working")),
        known_years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
    )
