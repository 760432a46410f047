"""What the log-in page says in the demo alone."""

from importlib import import_module
from importlib.util import find_spec

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def telling_pages() -> dict:
    """Role → the page of the demo that is most worth seeing as it ({address, words}); nothing elsewhere."""
    if not getattr(settings, "DEMO", False) or find_spec("awards.demo") is None:
        return {}
    return import_module("awards.demo.pages").telling_pages()


@register.filter
def of_role(pages: dict, role: str):
    return pages.get(role)
