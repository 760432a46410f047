"""The one look-up that the figures' tables need."""

from django import template

register = template.Library()


@register.filter
def events_of(figures, kind) -> int:
    """How many events of one kind a cut of the log holds."""
    return figures.kinds[kind]
