"""Choosing among many: found by a few letters, chosen by a tick. One piece for every form that asks.

    class PartnerForm(Picking, forms.Form):
        unit = UnitField(label="联合单位", rows=Unit.objects.none())

Only what is chosen and what was just found is sent, never the whole tree. With script the box asks the field's
`find_url` while somebody types (htmx, static/js/picker.js); without, its button sends the form, which comes back
as it was with what was found. Either way the form's own `rows` decide what may be chosen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from units.folding import sought, sought_words
from units.kit.search import called, matching
from units.models import Unit, User

MOST_FOUND = 20
FIND = "find"  # the button that looks for rows and saves nothing; its value is the field's name


class Units:
    """Organizations, as they are looked for, shown and sent."""

    key, order = "slug", ("order", "path")
    noun, ask = "单位", "输入名称、简称或排序号"

    @staticmethod
    def called(rows: QuerySet[Unit], words: str) -> QuerySet[Unit]:
        return rows.called(words)

    @staticmethod
    def named(rows: QuerySet[Unit], words: str) -> QuerySet[Unit]:
        return rows.named(words)

    @staticmethod
    def label(unit: Unit) -> str:
        return unit.name

    @staticmethod
    def bears(unit: Unit, words: str) -> bool:
        """Whether words left in the box are answered by this ticked unit (without script they stay there)."""
        return any(sought(words) in sought(name) for name in (unit.name, unit.short_name))


class People:
    """Accounts. Whoever may be found is for the form and its `find_url` to say: names are not for everybody."""

    key, order = "username", ("username",)
    noun, ask = "人员", "输入姓名或账号"

    @staticmethod
    def called(rows: QuerySet[User], words: str) -> QuerySet[User]:
        return rows.filter(matching(words, "name", "username"))

    @staticmethod
    def named(rows: QuerySet[User], words: str) -> QuerySet[User]:
        return rows.filter(called(words, "name", "username"))

    @staticmethod
    def label(user: User) -> str:
        return f"{user}（{user.username}）"

    @staticmethod
    def bears(user: User, words: str) -> bool:
        return any(sought(words) in sought(name) for name in (user.name, user.username))


@dataclass(frozen=True)
class Picked:
    """What the browser sent: keys that are ticked, words still in the box, whether its button was pressed."""

    keys: tuple[str, ...] = ()
    words: str = ""
    finding: bool = False


class Picker(forms.Widget):
    """What is chosen as ticked boxes (one: as a radio), a search box, and what it found."""

    template_name = "components/picker.html"
    use_fieldset = True

    class Media:
        js = [forms.Script("js/picker.js", defer=True)]

    def __init__(self, *, several: bool, attrs=None):
        super().__init__(attrs)
        self.several = several
        self.field: PickField | None = None

    def value_from_datadict(self, data, files, name) -> Picked:
        keys = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        words = str(data.get(f"{name}-words", "")).strip()
        keys = tuple(dict.fromkeys(key for key in (keys if self.several else keys[-1:]) if key))
        return Picked(keys, words, bool(words) and data.get(FIND) == name)

    def value_omitted_from_data(self, data, files, name):
        return False  # nothing ticked is an answer

    def id_for_label(self, id_, index=None):
        return f"{id_}_words" if id_ else id_

    def render(self, name, value, attrs=None, renderer=None):
        attrs = self.build_attrs(self.attrs, attrs)
        picked, what = value if isinstance(value, Picked) else Picked(), self.field.what
        chosen = self.field.chosen(value)
        kind = "checkbox" if self.several else "radio"
        context = {
            "name": name,
            "id": attrs.get("id", f"id_{name}"),
            "kind": kind,
            "several": self.several,
            "chosen": options(what, chosen),
            "words": picked.words,
            "found": self.field.found(picked.words, chosen) if picked.words else None,
            "find_url": f"{self.field.find_url}{urlencode({'name': name, 'kind': kind})}",
            "ask": what.ask,
            "noun": what.noun,
            "invalid": "is-invalid" in attrs.get("class", ""),
            "described_by": attrs.get("aria-describedby", ""),
        }
        return render_to_string(self.template_name, context)


def options(what, rows: Iterable) -> list[tuple[str, str]]:
    """Key and label of each row."""
    return [(getattr(row, what.key), what.label(row)) for row in rows]


@dataclass(frozen=True)
class Found:
    """The first rows of a search as (key, label), and how many more there are."""

    options: list[tuple[str, str]]
    more: int

    @classmethod
    def among(cls, what, rows: QuerySet, words: str, without: Iterable[str] = ()) -> Found:
        """Two queries at most; nothing asked finds nothing."""
        if not sought_words(words):
            return cls([], 0)
        fitting = what.called(rows, words).exclude(**{f"{what.key}__in": list(without)})
        first = list(fitting.order_by(*what.order)[: MOST_FOUND + 1])
        more = fitting.count() - MOST_FOUND if len(first) > MOST_FOUND else 0
        return cls(options(what, first[:MOST_FOUND]), more)


class PickField(forms.Field):
    """Several rows of one kind (`what`); clean value: a list of them in their order.

    rows: those that may be chosen. find_url: what the search box asks meanwhile, ending in ? or &.
    """

    several = True
    what: type = Units
    find_url = ""

    def __init__(self, *, rows: QuerySet | None = None, **kwargs):
        super().__init__(widget=Picker(several=self.several), **kwargs)
        self.widget.field = self
        self.rows = rows
        self._resolved: dict[tuple[str, ...], list] = {}

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.widget.field, copied._resolved = copied, {}
        return copied

    def resolved(self, keys: tuple[str, ...]) -> list:
        """The rows of these keys that may be chosen; asked once for the same keys."""
        if keys not in self._resolved:
            of_keys = {f"{self.what.key}__in": keys}
            found = self.rows.filter(**of_keys).order_by(*self.what.order) if keys else ()
            self._resolved[keys] = list(found)
        return self._resolved[keys]

    def chosen(self, value) -> list:
        """The rows of what was sent, or of an initial value: nothing, one row or its pk, or several rows."""
        if isinstance(value, Picked):
            return self.resolved(value.keys)
        if isinstance(value, int):
            return list(self.rows.model.objects.filter(pk=value))
        if value in (None, ""):
            return []
        return list(value) if isinstance(value, Iterable) else [value]

    def texts(self, value) -> list[str]:
        """What a browser would send of the value, for comparing two of them."""
        if isinstance(value, Picked):
            return sorted(value.keys)
        return sorted(key for key, _ in options(self.what, self.chosen(value)))

    def found(self, words: str, chosen: Iterable = ()) -> Found:
        return Found.among(self.what, self.rows, words, [getattr(row, self.what.key) for row in chosen])

    def clean(self, value: Picked):
        chosen = list(self.resolved(value.keys))
        if len(chosen) < len(value.keys):
            raise ValidationError(f"所选{self.what.noun}有的已不在可选范围，请重新选择。", code="gone")
        if value.finding:
            raise ValidationError(f"请勾选查到的{self.what.noun}。", code=FIND)
        if value.words and not any(self.what.bears(row, value.words) for row in chosen):
            chosen = self._with_named(chosen, value.words)
        if self.required and not chosen:
            raise ValidationError(self.error_messages["required"], code="required")
        return chosen

    def _with_named(self, chosen: list, words: str) -> list:
        """A name left in the box counts when it names exactly one row; anything else is asked about."""
        named = list(self.what.named(self.rows, words)[:2])
        if len(named) != 1:
            raise ValidationError(f"“{words}”还没有选入：请在下面勾选，或清空后再保存。", code="open")
        if not self.several:
            return named
        return sorted({*chosen, *named}, key=lambda row: [getattr(row, name) for name in self.what.order])


class UnitsField(PickField):
    """Several organizations. scope: what the search box finds meanwhile, see `UnitFindView`."""

    def __init__(self, *, scope: str = "tops", **kwargs):
        super().__init__(**kwargs)
        self.scope = scope

    @property
    def find_url(self) -> str:
        return f"{reverse('units:unit-find')}?{urlencode({'scope': self.scope})}&"


class One:
    """One row, or None."""

    several = False

    def clean(self, value: Picked):
        chosen = super().clean(value)
        return chosen[0] if chosen else None


class UnitField(One, UnitsField):
    """One organization, or None."""


class PersonField(One, PickField):
    """One account, or None; its form says at which `find_url` who may be found."""

    what = People


class Picking:
    """For forms with a picker: looking for a unit is no attempt to save, so it blames no other field."""

    def full_clean(self):
        super().full_clean()
        name = self.data.get(FIND) if self.is_bound else None
        if name in self.fields and self.has_error(name, FIND):
            self._errors = type(self._errors)({name: self._errors[name]})
