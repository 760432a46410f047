"""`{% sent_once %}`: what every form that acts carries. In every template without being loaded."""

from secrets import token_urlsafe

from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag(takes_context=True)
def sent_once(context) -> str:
    """The token against forged requests, and a number good for one act (`units.kit.acts.Ticket`)."""
    hidden = '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="once" value="{}">'
    return format_html(hidden, context["csrf_token"], token_urlsafe(9))
