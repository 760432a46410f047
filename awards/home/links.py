"""Addresses of other rooms' pages."""

from django.urls import NoReverseMatch, reverse


def link(route: str, *args: str) -> str:
    """The page's address; "" for a room that is still being built, whose task then only informs."""
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        return ""
