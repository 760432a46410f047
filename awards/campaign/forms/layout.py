"""What the forms of the set-up pages share."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms

MOMENT = "%Y-%m-%dT%H:%M"


def heading(text: str) -> HTML:
    return HTML(f'<h2 class="h3 mt-4 mb-3">{text}</h2>')


def row(*names: str) -> Row:
    return Row(*(Column(name, css_class="col-sm") for name in names))


class Helped:
    """The form draws its fields only; page and buttons are the template's."""

    @property
    def helper(self) -> FormHelper:
        """Made when drawn, when all fields are there."""
        helper = FormHelper(self)
        if layout := self.fields_in_order():
            helper.layout = layout
        return helper

    def fields_in_order(self) -> Layout | None:
        return None


class MomentField(forms.DateTimeField):
    """A minute, picked with the browser's own calendar."""

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=[MOMENT, "%Y-%m-%d %H:%M"], **kwargs)
