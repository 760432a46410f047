"""Forms that know which version of a row they were opened with, and show what somebody else saved meanwhile."""

from __future__ import annotations

from decimal import Decimal

from django import forms

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
    """A model form carrying the row's `version`; actions compare it under a lock and raise StaleVersion."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            del self.fields["version"]
        else:
            self.initial["version"] = self.instance.version

    @property
    def opened_with(self) -> int:
        """The version the form was opened with; 0, which no row has, where the browser lost it."""
        return self.cleaned_data.get("version") or 0

    def differences(self, stored: forms.ModelForm) -> list[dict[str, str]]:
        """Where the clean values differ from what is stored now: label, both texts."""
        found = []
        for name, field in self.fields.items():
            if name == "version":
                continue
            theirs = shown(field, stored.get_initial_for_field(stored.fields[name], name))
            mine = shown(field, self.cleaned_data.get(name))
            if theirs != mine:
                found.append({"label": field.label, "stored": theirs or "（空）", "typed": mine or "（空）"})
        return found

    def clash_with(self, stored: forms.ModelForm) -> list[dict[str, str]]:
        """The differences; the form then carries the stored version, so that saving again decides."""
        found = self.differences(stored)
        self.data = self.data.copy()
        self.data["version"] = stored.instance.version
        return found


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
