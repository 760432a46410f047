"""How masked text is drawn: in one line, so that no space creeps in beside a hidden name."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def pieces(given) -> SafeString:
    """Text with its hidden stretches; they hold the word that stands for a name, never the name."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span class="blind">{}</span>', one.text) if one.hidden else one.text,)
            for one in given
        ),
    )
