"""Addresses of other rooms' pages."""

from django.urls import reverse


def link(route: str, *args: str) -> str:
    return reverse(route, args=args)
