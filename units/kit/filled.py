"""What a page lets one fill, box by box: forms, and formsets whose rows are boxes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict

from units.pickers import Picker, PickField

SEVERAL = "、"
NONE = "（空）"


class Filled:
    """Forms and formsets of one page, all as stored or all as sent. Boxes are named as their controls are;
    a row of a formset is one box, `prefix/key`, for the rows of two people do not mix."""

    def __init__(self, *parts: forms.BaseForm | forms.BaseFormSet):
        self.parts = parts
        self._sides: list[Any] = [
            Rows(part) if isinstance(part, forms.BaseFormSet) else Boxes(part) for part in parts
        ]

    def is_valid(self) -> bool:
        valid = [part.is_valid() for part in self.parts]  # each is asked, for each shows its own errors
        return all(valid)

    def texts(self) -> dict[str, list[str]]:
        """Box → the texts a browser would send for it, in one spelling: 12 and 12.00 are the same."""
        return {name: texts for side in self._sides for name, texts in side.texts().items()}

    def copy_into(self, data: QueryDict, names: Iterable[str], sent: Filled) -> None:
        """Write what these boxes hold here over what was sent for them. sent: the same forms, of `data`."""
        for side, other in zip(self._sides, sent._sides, strict=True):
            side.copy_into(data, [name for name in names if side.has(name)], other)

    def errors(self) -> dict[str, list[str]]:
        """Control → what is wrong with it; "" → what is wrong with the whole."""
        return {name: texts for side in self._sides for name, texts in side.errors().items()}

    def wrong(self) -> list[str] | None:
        """The boxes to be mended; None when something is wrong that lies in no box."""
        found: list[str] = []
        for side in self._sides:
            if (wrong := side.wrong()) is None:
                return None
            found += wrong
        return found

    def label(self, name: str) -> str:
        return next((label for side in self._sides if (label := side.label(name))), name)

    def shown(self, name: str) -> str:
        """What a box holds, as a person reads it."""
        return next((text for side in self._sides if (text := side.shown(name))), "")

    def controls(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Control → its texts, for these boxes."""
        names = set(names)
        return {name: texts for side in self._sides for name, texts in side.controls(names).items()}


class Boxes:
    """A form: each open field is a box."""

    def __init__(self, form: forms.BaseForm):
        self.form = form
        self.bound = {
            bound.html_name: bound for bound in form if not bound.field.disabled and not bound.is_hidden
        }

    def texts(self) -> dict[str, list[str]]:
        return {name: spelled(bound) for name, bound in self.bound.items()}

    def has(self, name: str) -> bool:
        return name in self.bound

    def copy_into(self, data: QueryDict, names: Iterable[str], sent: Boxes) -> None:
        for name in names:
            _put(data, name, self.bound[name])

    def errors(self) -> dict[str, list[str]]:
        return {
            self.form.add_prefix(name) if name != NON_FIELD_ERRORS else "": [str(text) for text in texts]
            for name, texts in self.form.errors.items()
        }

    def wrong(self) -> list[str] | None:
        names = list(self.errors())
        return names if all(name in self.bound for name in names) else None

    def label(self, name: str) -> str:
        return str(self.bound[name].label) if name in self.bound else ""

    def shown(self, name: str) -> str:
        return shown(self.bound[name]) if name in self.bound else ""

    def controls(self, names: set[str]) -> dict[str, list[str]]:
        return {name: spelled(self.bound[name]) for name in self.bound if name in names}


class Rows:
    """A formset: each row is a box. `row_key(form)` of the formset tells rows apart by what they are (a code,
    a day), `row_label(form)` how to call one; without them their places do."""

    def __init__(self, formset: forms.BaseFormSet):
        self.formset = formset
        self.rows: dict[str, forms.BaseForm] = {}
        key_of = getattr(formset, "row_key", lambda form: "")
        for place, form in enumerate(formset.forms):
            key = str(key_of(form) or f"+{place}")
            self.rows[self._name(key if self._name(key) not in self.rows else f"+{place}")] = form

    def _name(self, key: str) -> str:
        return f"{self.formset.prefix}/{key}"

    def texts(self) -> dict[str, list[str]]:
        return {name: self._told(form) for name, form in self.rows.items()}

    def _told(self, form: forms.BaseForm) -> list[str]:
        """Field by field with its label, so that a text moved to the next column is a change."""
        if any(bound.field.disabled for bound in form) or _on(form, "DELETE"):
            return []
        fields = [bound for bound in form if not bound.is_hidden]
        if all(spelled(bound) in ([], _untouched(bound)) for bound in fields):
            return []
        return [f"{bound.label}：{text}" for bound in fields if (text := shown(bound))]

    def has(self, name: str) -> bool:
        return name.startswith(f"{self.formset.prefix}/")

    def copy_into(self, data: QueryDict, names: Iterable[str], sent: Rows) -> None:
        prefix = self.formset.prefix
        for name in names:
            if name not in self.rows:
                self._take_out(data, sent.rows[name], list(sent.rows).index(name))
                continue
            place = list(sent.rows).index(name) if name in sent.rows else None
            if place is None:
                rows = data.get(f"{prefix}-TOTAL_FORMS", "")
                place = int(rows) if rows.isdecimal() else 0  # a broken count is refused with the form
                data[f"{prefix}-TOTAL_FORMS"] = str(place + 1)
            data.pop(f"{prefix}-{place}-DELETE", None)
            for bound in self.rows[name]:
                if bound.name != "DELETE":
                    _put(data, f"{prefix}-{place}-{bound.name}", bound)

    def _take_out(self, data: QueryDict, form: forms.BaseForm, place: int) -> None:
        """A row that the others have deleted."""
        prefix = f"{self.formset.prefix}-{place}"
        if self.formset.can_delete:
            data[f"{prefix}-DELETE"] = "on"
        else:
            for name in form.fields:
                data[f"{prefix}-{name}"] = ""

    def errors(self) -> dict[str, list[str]]:
        found = {
            form.add_prefix(name): [str(text) for text in texts]
            for form in self.formset.forms
            for name, texts in form.errors.items()
        }
        whole = [str(text) for text in self.formset.non_form_errors()]
        return found | ({"": whole} if whole else {})

    def wrong(self) -> list[str] | None:
        if self.formset.non_form_errors():
            return None
        return [name for name, form in self.rows.items() if form.errors]

    def label(self, name: str) -> str:
        form = self.rows.get(name)
        if form is None:
            return ""
        called = getattr(self.formset, "row_label", None)
        return called(form) if called else f"第{list(self.rows).index(name) + 1}行"

    def shown(self, name: str) -> str:
        return "\n".join(self._told(self.rows[name])) if name in self.rows else ""

    def controls(self, names: set[str]) -> dict[str, list[str]]:
        return {
            bound.html_name: spelled(bound)
            for name, form in self.rows.items()
            if name in names
            for bound in form
        }


def _put(data: QueryDict, control: str, bound: forms.BoundField) -> None:
    """Send for this control what the box holds: nothing for an empty tick, an empty text elsewhere."""
    texts, widget = spelled(bound), bound.field.widget
    ticks = isinstance(widget, forms.CheckboxInput | forms.SelectMultiple | forms.RadioSelect | Picker)
    data.setlist(control, texts or [""])
    if ticks and not texts:
        del data[control]


def _on(form: forms.BaseForm, name: str) -> bool:
    return name in form.fields and bool(form[name].value())


def _untouched(bound: forms.BoundField) -> list[str]:
    """What a box of an empty row holds before anybody touches it."""
    initial = bound.field.initial
    return [str(initial)] if initial not in (None, "") else []


def spelled(bound: forms.BoundField) -> list[str]:
    """The texts of a box in the spelling in which they are compared and sent; an empty box has none."""
    value, field = bound.value(), bound.field
    if isinstance(field.widget, forms.CheckboxInput):
        return ["on"] if field.widget.check_test(value) else []
    if isinstance(field, PickField):
        return field.texts(value)
    if isinstance(value, list | tuple | set):
        return sorted(str(getattr(one, "pk", one)) for one in value)
    if value in (None, ""):
        return []
    if isinstance(field, forms.ChoiceField) or not hasattr(field.widget, "format_value"):
        return [str(getattr(value, "pk", value))]
    try:
        clean = field.to_python(value)
    except forms.ValidationError:
        return [str(value)]
    if isinstance(clean, Decimal):
        return [f"{clean.normalize():f}"]
    text = field.widget.format_value(field.prepare_value(clean))
    return [str(text)] if text not in (None, "") else []


def shown(bound: forms.BoundField) -> str:
    """What a box holds, as a person reads it; empty for an empty one."""
    texts, field = spelled(bound), bound.field
    if isinstance(field.widget, forms.CheckboxInput):
        return "是" if texts else "否"
    if isinstance(field, PickField):
        return SEVERAL.join(str(row) for row in field.chosen(bound.value()))
    labels: Mapping[str, str] = dict(_flat(getattr(field, "choices", ())))
    return SEVERAL.join(str(labels.get(text, text)) for text in texts).replace("\r\n", "\n").strip()


def _flat(choices) -> Iterable[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from ((str(one), str(word)) for one, word in label)
        else:
            yield str(value), str(label)
