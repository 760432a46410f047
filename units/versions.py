"""Forms that know which version of a row they were opened with, and show what somebody else saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.http import QueryDict

from units.errors import Refused, StaleVersion
from units.kit.merge import base_of, merge

SEVERAL = "、"
NO_BOXES = {"version", "base", "ticket"}


def boxes(form: forms.BaseForm) -> dict[str, list[str]]:
    """What each open box of a form holds, as stored or as sent, in one spelling: 12 and 12.00 are the same.

    This is what `units.kit.merge` compares.
    """
    return {
        bound.html_name: _spelled(bound)
        for bound in form
        if not bound.field.disabled and bound.name not in NO_BOXES
    }


def _spelled(bound: forms.BoundField) -> list[str]:
    value = bound.value()
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return ["on"] if bound.field.widget.check_test(value) else []
    if isinstance(value, list | tuple | set):
        return sorted(str(getattr(one, "pk", one)) for one in value)
    if value in (None, ""):
        return []
    if isinstance(bound.field, forms.CharField | forms.DecimalField | forms.IntegerField):
        try:
            clean = bound.field.to_python(value)
        except forms.ValidationError:
            return [str(value)]
        return [f"{clean.normalize():f}" if isinstance(clean, Decimal) else str(clean or "")]
    return [str(getattr(value, "pk", value))]


class Versioned(forms.ModelForm):
    """A model form carrying the row's `version`, which actions compare under a lock, and what it was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            del self.fields["version"], self.fields["base"]
        else:
            self.initial["version"] = self.instance.version

    def get_initial_for_field(self, field, name):
        if name == "base":  # asked when it is drawn, when all fields are there
            return base_of(boxes(self))
        return super().get_initial_for_field(field, name)

    @property
    def opened_with(self) -> int:
        """The version the form was opened with; 0, which no row has, where the browser lost it."""
        return self.cleaned_data.get("version") or 0

    def merged_onto(self, stored: Versioned) -> tuple[QueryDict, list[dict[str, str]]]:
        """What to bind anew upon the stored row, and each box that both changed: label, both texts.

        In such a box mine stands: with the new version in the form, saving once more decides.
        """
        found = merge(self.data.get(self.add_prefix("base"), ""), boxes(self), boxes(stored))
        data = self.data.copy()
        for name in found.taken:
            data.setlist(name, found.texts[name])
        data[self.add_prefix("version")] = stored.instance.version
        data[self.add_prefix("base")] = base_of(boxes(stored))
        both = [self._compared(bound, stored[bound.name]) for bound in self if bound.html_name in found.both]
        return data, [line for line in both if line["stored"] != line["typed"]]

    def _compared(self, mine: forms.BoundField, theirs: forms.BoundField) -> dict[str, str]:
        typed = shown(mine.field, self.cleaned_data.get(mine.name)) or "（空）"
        stored = shown(theirs.field, theirs.value()) or "（空）"
        return {"label": mine.label, "stored": stored, "typed": typed}


@dataclass(frozen=True)
class Saved:
    """row: what was saved, None when it was not. form: as it stands then. asked: boxes that both changed."""

    row: object
    form: Versioned
    asked: list[dict[str, str]]


def save_merged(
    form: Versioned, make: Callable[..., Versioned], save: Callable[[Versioned], object]
) -> Saved:
    """Save a clean form; overtaken by somebody else, save it upon what they changed.

    make: `make()` is the form of the row as it is stored now, `make(data)` the same with what was sent.
    """
    for _ in range(3):
        try:
            return Saved(save(form), form, [])
        except StaleVersion:
            data, asked = form.merged_onto(make())
            form = make(data)
            if not form.is_valid() or asked:
                return Saved(None, form, asked)
    raise Refused("多人正在同时保存，请稍后再试。")


def shown(field: forms.Field, value) -> str:
    """A field's value as a person reads it."""
    if isinstance(field, forms.BooleanField):
        return "是" if value in (True, "on", "True", "true") else "否"
    if isinstance(value, list | tuple):
        labels = dict(getattr(field, "choices", ()))
        return SEVERAL.join(sorted(str(labels.get(str(getattr(one, "pk", one)), one)) for one in value))
    if isinstance(field, forms.ChoiceField) and value not in (None, ""):
        return str(dict(field.choices).get(str(getattr(value, "pk", value)), value))
    if isinstance(field, forms.IntegerField | forms.DecimalField) and value not in (None, ""):
        try:
            return f"{field.to_python(value).normalize():f}"
        except (AttributeError, forms.ValidationError):
            return str(value)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()
