"""Choosing units in a form: found by a few letters, chosen by a tick. One piece for every form that asks.

    class PartnerForm(Picking, forms.Form):
        unit = UnitField(label="联合单位", units=Unit.objects.none())

Only the chosen units and what was just found are sent, never the whole tree. With script the box asks
`units:unit-find` while somebody types (htmx, static/js/picker.js); without, its button sends the form, which
comes back as it was with what was found. Either way the form's own `units` decide what may be chosen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from units.folding import sought, sought_words
from units.models import Unit

MOST_FOUND = 20
FIND = "find"  # the button that looks for units and saves nothing; its value is the field's name


@dataclass(frozen=True)
class Picked:
    """What the browser sent: slugs that are ticked, words still in the box, whether its button was pressed."""

    slugs: tuple[str, ...] = ()
    words: str = ""
    finding: bool = False


class UnitPicker(forms.Widget):
    """Chosen units as ticked boxes (one: as a radio), a search box, and what it found."""

    template_name = "components/unit_picker.html"
    use_fieldset = True

    class Media:
        js = [forms.Script("js/picker.js", defer=True)]

    def __init__(self, *, several: bool, attrs=None):
        super().__init__(attrs)
        self.several = several
        self.field: UnitsField | None = None

    def value_from_datadict(self, data, files, name) -> Picked:
        slugs = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        words = str(data.get(f"{name}-words", "")).strip()
        slugs = tuple(dict.fromkeys(slugs if self.several else slugs[-1:]))
        return Picked(slugs, words, bool(words) and data.get(FIND) == name)

    def value_omitted_from_data(self, data, files, name):
        return False  # nothing ticked is an answer

    def id_for_label(self, id_, index=None):
        return f"{id_}_words" if id_ else id_

    def render(self, name, value, attrs=None, renderer=None):
        attrs = self.build_attrs(self.attrs, attrs)
        picked = value if isinstance(value, Picked) else Picked()
        chosen = self.field.resolved(picked.slugs) if isinstance(value, Picked) else as_units(value)
        context = {
            "name": name,
            "id": attrs.get("id", f"id_{name}"),
            "kind": "checkbox" if self.several else "radio",
            "several": self.several,
            "chosen": chosen,
            "words": picked.words,
            "found": self.field.found(picked.words, chosen) if picked.words else None,
            "find_url": reverse("units:unit-find"),
            "scope": self.field.scope,
            "invalid": "is-invalid" in attrs.get("class", ""),
            "described_by": attrs.get("aria-describedby", ""),
        }
        return render_to_string(self.template_name, context)


def as_units(value) -> list[Unit]:
    """An initial value: nothing, one unit, or several."""
    if value in (None, ""):
        return []
    return list(value) if isinstance(value, Iterable) else [value]


@dataclass(frozen=True)
class Found:
    """The first units of a search, and how many more there are."""

    units: list[Unit]
    more: int

    @classmethod
    def among(cls, units: QuerySet[Unit], words: str, without: Iterable[str] = ()) -> Found:
        """Two queries at most; nothing asked finds nothing."""
        if not sought_words(words):
            return cls([], 0)
        matching = units.called(words).exclude(slug__in=list(without)).order_by("order", "path")
        first = list(matching[: MOST_FOUND + 1])
        more = matching.count() - MOST_FOUND if len(first) > MOST_FOUND else 0
        return cls(first[:MOST_FOUND], more)


class UnitsField(forms.Field):
    """Several units; clean value: a list of Unit in 规范排序.

    units: those that may be chosen. scope: what the search box asks meanwhile, see `UnitFindView`.
    """

    several = True

    def __init__(self, *, units: QuerySet[Unit] | None = None, scope: str = "tops", **kwargs):
        super().__init__(widget=UnitPicker(several=self.several), **kwargs)
        self.widget.field = self
        self.units, self.scope = units, scope
        self._resolved: dict[tuple[str, ...], list[Unit]] = {}

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.widget.field, copied._resolved = copied, {}
        return copied

    def resolved(self, slugs: tuple[str, ...]) -> list[Unit]:
        """The units of these slugs that may be chosen; asked once for the same slugs."""
        if slugs not in self._resolved:
            found = self.units.filter(slug__in=slugs).order_by("order", "path") if slugs else ()
            self._resolved[slugs] = list(found)
        return self._resolved[slugs]

    def found(self, words: str, chosen: Iterable[Unit] = ()) -> Found:
        return Found.among(self.units, words, [unit.slug for unit in chosen])

    def clean(self, value: Picked):
        chosen = list(self.resolved(value.slugs))
        if len(chosen) < len(value.slugs):
            raise ValidationError("所选单位有的已撤销或不在可选范围，请重新选择。", code="gone")
        if value.finding:
            raise ValidationError("请勾选查到的单位。", code=FIND)
        if value.words and not any(_bears(unit, value.words) for unit in chosen):
            chosen = self._with_named(chosen, value.words)
        if self.required and not chosen:
            raise ValidationError(self.error_messages["required"], code="required")
        return chosen

    def _with_named(self, chosen: list[Unit], words: str) -> list[Unit]:
        """A name left in the box counts when it names exactly one unit; anything else is asked about."""
        named = list(self.units.named(words)[:2])
        if len(named) != 1:
            raise ValidationError(f"“{words}”还没有选入：请在下面勾选，或清空后再保存。", code="open")
        if not self.several:
            return named
        return sorted({*chosen, *named}, key=lambda unit: (unit.order, unit.path))


def _bears(unit: Unit, words: str) -> bool:
    """Whether the words in the box are answered by this ticked unit (without script they stay there)."""
    return any(sought(words) in sought(name) for name in (unit.name, unit.short_name))


class UnitField(UnitsField):
    """One unit, or None."""

    several = False

    def clean(self, value: Picked) -> Unit | None:
        chosen = super().clean(value)
        return chosen[0] if chosen else None


class Picking:
    """For forms with a picker: looking for a unit is no attempt to save, so it blames no other field."""

    def full_clean(self):
        super().full_clean()
        name = self.data.get(FIND) if self.is_bound else None
        if name in self.fields and self.has_error(name, FIND):
            self._errors = type(self._errors)({name: self._errors[name]})
