"""How the dates and figures of a year are written."""

from django import template
from django.utils import timezone

from awards.campaign.rules.wording import left_text
from awards.nomination.queries.answers import day_text
from awards.scoring import numbers
from awards.scoring.words import stage_name
from units.moments import moment_text

register = template.Library()


@register.filter
def deadline(moment, style: str = "") -> str:
    """11月6日（周五）17:30, midnight as 24:00 of the day before; "year": with the year in front."""
    return moment_text(moment, year=style == "year") if moment else ""


@register.filter
def left(moment) -> str:
    """还有3天, 明天截止, 今天截止, 已截止."""
    return left_text(timezone.now(), moment) if moment else ""


@register.filter
def plain(number) -> str:
    """15.0 → 15, 0.3500 → 0.35."""
    return "" if number is None else numbers.plain(number)


register.filter("stage_name", stage_name)
register.filter("day_text", day_text)
