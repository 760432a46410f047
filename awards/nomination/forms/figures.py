"""Figures as offices type them: full-width digits, thousands separated, a % or a space behind."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms

from awards.campaign.queries import plain


def tidy(value: Any) -> Any:
    """１，２００ → 1200, 98.6 % → 98.6, 12。5 → 12.5; what is no figure is left for the field to refuse."""
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFKC", value).replace("。", ".").replace(",", "")
    return "".join(text.split()).removesuffix("%")


class FigureField(forms.DecimalField):
    """A text box, for a number box swallows what it cannot read. Shown as it is compared: 98.6, never 98.60."""

    widget = forms.TextInput

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value):
        return plain(value) if isinstance(value, Decimal) else value

    def to_python(self, value):
        return super().to_python(tidy(value))


class CountField(forms.IntegerField):
    """A whole number in a text box, as `FigureField`."""

    widget = forms.TextInput

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value):
        return super().to_python(tidy(value))
