"""What the forms of all rows share. Choices come from rows loaded once: a form costs a fixed few questions."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db import models
from django.utils import timezone

from services.models.logged import SLUG_ALPHABET, new_slug
from services.permissions import own_committees
from services.rules import faults
from units.kit.fields import CountField, FigureField, ModelForm
from units.models import Unit, UnitKind, User
from units.permissions import units_of
from units.pickers import PickField, Picking
from units.roles import UNIT_ROLES


def box_of(column: models.Field, **kwargs) -> forms.Field | None:
    """The box of a column; figures are typed as in a workbook and read by the same reader."""
    if isinstance(column, models.DecimalField):
        kwargs["form_class"] = FigureField
    elif isinstance(column, models.IntegerField) and not column.choices:
        kwargs["form_class"] = CountField
    return column.formfield(**kwargs)


class LoadedChoiceField(forms.TypedChoiceField):
    """One of some rows already in memory: drawing and checking it asks the database nothing."""

    def __init__(self, *, rows, **kwargs):
        self.rows = {str(row.pk): row for row in rows}
        choices = [(key, str(row)) for key, row in self.rows.items()]
        super().__init__(choices=[("", "请选择"), *choices], coerce=self.rows.get, empty_value=None, **kwargs)

    def prepare_value(self, value):
        return getattr(value, "pk", value)


class Units:
    """The person's own units, in one query, and those that a form finds by typing."""

    def __init__(self, user: User):
        own = units_of(user, *UNIT_ROLES)
        everyone = Unit.objects.filter(own_committees(user)).active_on(timezone.localdate())
        below = everyone.within(own).only("slug", "name", "short_name", "kind", "path", "parent", "top")
        # The committee itself serves nobody: its people log for the units below it.
        self.own = [unit for unit in below if not unit.is_committee]
        self.home = next((unit for unit in self.own if unit.pk == own[0].pk), None) if own else None
        self.tops = everyone.top_organizations()
        self.action_branches = everyone.filter(kind=UnitKind.ACTION_BRANCH)
        self.own_action_branches = [unit for unit in self.own if unit.kind == UnitKind.ACTION_BRANCH]


class RowForm(Picking, ModelForm):
    """Common to all: calendars for days, no cutting of pasted text, rules beside the field."""

    # What a new row will be called, given out with the empty form: sent twice, it is one row.
    ticket = forms.RegexField(
        rf"^[{SLUG_ALPHABET}]{{10}}$", widget=forms.HiddenInput, required=False, initial=new_slug
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.units = Units(user)
        if not self.instance._state.adding:
            del self.fields["ticket"]
        if "unit" in self.fields:
            self._offer_units()
        self.helper = FormHelper(self)

    def _offer_units(self):
        self.fields["unit"] = LoadedChoiceField(rows=self.units.own, label="单位")
        if self.units.home and not self.instance.unit_id:
            self.initial["unit"] = self.units.home.pk

    def tidy(self) -> None:
        """Called when all fields are there."""
        for field in self.fields.values():
            # A browser cuts a pasted text at maxlength without a word; the server says how long it is.
            field.widget.attrs.pop("maxlength", None)
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"} | field.widget.attrs)
            if isinstance(field.widget, forms.NumberInput):
                # A number box swallows what it cannot read: 约10 would be sent as nothing.
                whole = not isinstance(field, forms.DecimalField)
                attrs = {"inputmode": "numeric" if whole else "decimal", "autocomplete": "off"}
                field.widget = forms.TextInput(attrs)
            if isinstance(field, forms.TypedChoiceField) and field.choices[:1] == [("", "---------")]:
                field.choices = [("", "请选择"), *field.choices[1:]]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4

    def _get_validation_exclusions(self):
        # Chosen among rows that were loaded a moment ago: not looked up once more.
        kinds = LoadedChoiceField, PickField
        loaded = {name for name, field in self.fields.items() if isinstance(field, kinds)}
        return super()._get_validation_exclusions() | loaded | self.asked

    # Fields whose constraints `faults` asks in words; asking the database too costs three queries each.
    asked: frozenset[str] = frozenset()

    def clean(self):
        values = super().clean()
        for name, words in faults(values, today=timezone.localdate()).items():
            if name in self.fields:
                self.add_error(name, words)
        return values

    def _post_clean(self):
        super()._post_clean()
        if self.cleaned_data.get("ticket"):
            self.instance.slug = self.cleaned_data["ticket"]

    def saved_before(self):
        """The row that this very form has made already, or None."""
        ticket = self.cleaned_data.get("ticket")
        return self._meta.model.objects.filter(slug=ticket).first() if ticket else None

    def values(self) -> dict[str, Any]:
        """Column → clean value, for an action."""
        columns = {field.name for field in self._meta.model._meta.concrete_fields}
        return {name: value for name, value in self.cleaned_data.items() if name in columns}
