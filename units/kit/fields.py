"""Boxes that people type into, and the columns that take long texts: one reader for each kind of value."""

from __future__ import annotations

from copy import copy
from decimal import Decimal

from django import forms
from django.db import models

from units.counting import count_characters
from units.folding import as_meant
from units.papers.values import Unreadable, figure
from units.phones import normalise_phone, phone_problem

# Code points: a long address counts as one 字 and is stored all the same. So many for each 字 that is allowed,
# in a small box so many at least, where no limit is said so many at most.
FOR_EACH, AT_LEAST, AT_MOST = 4, 2_000, 20_000


def column(model: type[models.Model], name: str) -> models.Field:
    """A column by its name; a relation from elsewhere that bears the name is none."""
    found = model._meta.get_field(name)
    assert isinstance(found, models.Field)
    return found


class LongTextField(forms.CharField):
    """Text of several lines, of at most `max_length` 字 as the counter below its box counts them.

    Pasted text is never cut: the limit is told, with the text still there.
    """

    default_error_messages = {
        "max_length": "已写%(used)d字，请精简到%(limit)d字以内。",
        "endless": "共%(length)d个字符，请精简到%(limit)s字以内，删去网址一类的长串。",
    }

    def __init__(self, *, max_length: int | None = None, rows: int = 3, **kwargs):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        self.limit = max_length
        if max_length:
            self.widget.attrs["data-limit"] = max_length

    def to_python(self, value):
        text = super().to_python(value)
        return self.empty_value if text in self.empty_values else as_meant(text)

    def run_validators(self, value):
        super().run_validators(value)
        told = {"used": count_characters(value), "length": len(value), "limit": self.limit or AT_MOST}
        most = max(self.limit * FOR_EACH, AT_LEAST) if self.limit else AT_MOST
        code = "max_length" if told["used"] > told["limit"] else "endless" if len(value) > most else ""
        if code:
            raise forms.ValidationError(self.error_messages[code], code=code, params=told)


class LongText(models.TextField):
    """A column for what is typed into a LongTextField; max_length: the 字 its box takes."""

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": LongTextField, **kwargs})

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class FigureField(forms.DecimalField):
    """A text box, for a number box swallows what it cannot read. Shown as it is compared: 98.6, never 98.60."""

    widget = forms.TextInput

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value):
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def to_python(self, value):
        return super().to_python(_read(value))


class CountField(forms.IntegerField):
    """A whole number in a text box, as `FigureField`."""

    widget = forms.TextInput

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value):
        number = _read(value)
        if isinstance(number, Decimal) and number == number.to_integral_value():
            number = int(number)
        return super().to_python(number)


def _read(value):
    """A figure as cells of a workbook are read; a % behind it is what its box asks for."""
    if not isinstance(value, str) or not value.strip():
        return value
    try:
        return figure(value.strip().rstrip("%％"))
    except Unreadable as refusal:
        raise forms.ValidationError(str(refusal), code="invalid") from None


class PhoneField(forms.CharField):
    """One telephone number, kept in one way of writing."""

    def to_python(self, value):
        return normalise_phone(super().to_python(value) or "")

    def validate(self, value):
        super().validate(value)
        if value and (problem := phone_problem(value)):
            raise forms.ValidationError(problem, code="invalid")


class ModelForm(forms.ModelForm):
    """A form on a copy of its row.

    Django writes what was typed on the instance even where it is refused; the page around the form, its heading
    too, goes on telling what is stored.
    """

    def __init__(self, *args, instance=None, **kwargs):
        super().__init__(*args, instance=copy(instance), **kwargs)
