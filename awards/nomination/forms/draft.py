"""The form of a draft and its rows of claimed figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from awards import catalogue
from awards.catalogue import Field, Section
from awards.nomination.models import Metric, Nomination
from awards.nomination.queries.content import limits_of
from services.forms.rows import LoadedChoiceField
from services.models.activities import ServiceKind
from units.counting import count_characters
from units.kit.fields import CountField, FigureField, LongTextField, ModelForm
from units.papers.typesetting import chinese_number
from units.phones import normalise_phone

MOST_CLAIMS = 20


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


@dataclass(frozen=True)
class Cell:
    """A field on the page: its box, or the template that shows its rows."""

    field: Field
    box: forms.BoundField | None

    @property
    def template(self) -> str:
        return f"awards/nomination/rows/_{self.field.code}.html"


@dataclass(frozen=True)
class Part:
    """A section of the page, its cells in rows of twelve columns.

    limit: of characters, its texts together, with how many they have `used`; 0 for none. sum: its name, where
    several texts share it.
    """

    section: Section
    number: str
    rows: list[list[Cell]]
    limit: int
    used: int
    sum: str


class NominationForm(ModelForm):
    """Everything that is typed. Nothing is required of a draft; what submission asks for is marked 必填.

    Of a returned file only the remarked parts can be changed: the rest is shown, and what a browser sends
    for it is passed over.
    """

    class Meta:
        model = Nomination
        fields = ("category",)

    def __init__(self, *args, opened: frozenset[str] | None = None, categories=None, **kwargs):
        super().__init__(*args, **kwargs)
        nomination = self.instance
        self.letter, self.limits = nomination.category.letter, limits_of(nomination.campaign)
        asked = [one for one in catalogue.typed() if self.letter in one.categories]
        self.initial = forms.model_to_dict(nomination, catalogue.codes(asked)) | self.initial
        for one in asked:
            self.fields[one.code] = field = form_field(one)
            field.needed = one.asked_of(self.letter)
            field.widget.attrs |= self._counted(one)
            # A browser cuts a pasted text at maxlength without a word; the server says how long it may be.
            field.widget.attrs.pop("maxlength", None)
            field.disabled = opened is not None and one.code not in opened
        if nomination.code:
            del self.fields["category"]
        else:
            rows = categories or [nomination.category]
            self.fields["category"] = LoadedChoiceField(rows=rows, label=self.fields["category"].label)
            self.fields["category"].choices = self.fields["category"].choices[1:]

    def _counted(self, one: Field) -> dict[str, object]:
        """What the page's script counts, and how high a text's box stands at first."""
        attrs: dict[str, object] = {}
        if one.is_long:
            given = (self.initial.get(one.code) or "") if not self.is_bound else ""
            attrs["rows"] = min(16, max(4, len(given) // 44 + given.count("\n") + 2))
        if one.limit:
            shared = len(catalogue.typed(limit=one.limit)) > 1
            attrs |= {"data-sum": one.limit} if shared else {"data-limit": getattr(self.limits, one.limit)}
        return attrs

    def parts(self) -> list[Part]:
        """The sections of the page below the questions, as the template draws them."""
        return [self._part(section, number) for number, section in enumerate(catalogue.SECTIONS, start=2)]

    def _part(self, section: Section, number: int) -> Part:
        fields = [one for one in catalogue.of_section(section.code) if self.letter in one.categories]
        rows: list[list[Cell]] = []
        room = 0
        for one in fields:
            if one.width > room:
                rows.append([])
                room = 12
            rows[-1].append(Cell(one, self[one.code] if one.is_typed else None))
            room -= one.width
        texts = [one for one in fields if one.is_long and one.limit]
        return Part(
            section,
            chinese_number(number),
            rows,
            getattr(self.limits, texts[0].limit) if texts else 0,
            sum(count_characters(getattr(self.instance, one.code)) for one in texts),
            texts[0].limit if len(texts) > 1 else "",
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for one in catalogue.typed():
            value = values.get(one.code)
            if one.kind == "phone" and value:
                values[one.code] = normalise_phone(value)
            if one.kind == "day" and value and (end := values.get(one.joined)) and end < value:
                self.add_error(one.joined, f"{one.fact}的截止日期不能早于起始日期。")
        return values

    def values(self) -> dict[str, Any]:
        """What `save_draft` writes: the open fields alone."""
        return {name: value for name, value in self.cleaned_data.items() if not self.fields[name].disabled}

    def _post_clean(self):
        """The draft is written by its action, under the lock; the instance stays as it was read."""


def form_field(one: Field) -> forms.Field:
    """The box of a field: what its column makes of itself, in the way its kind is typed."""
    column = Nomination._meta.get_field(one.code)
    said = {"label": one.title, "required": False, "help_text": "" if one.kind == "tick" else one.hint}
    if one.kind == "services":
        return forms.MultipleChoiceField(choices=ServiceKind, widget=forms.CheckboxSelectMultiple, **said)
    if one.kind == "count":
        return CountField(min_value=1, max_value=99_999_999, **said)
    if one.kind in ("figure", "percent"):
        size = {"max_digits": column.max_digits, "decimal_places": column.decimal_places}
        return FigureField(min_value=0, max_value=100 if one.kind == "percent" else None, **size, **said)
    if one.kind == "text":
        return LongTextField(**said)
    return column.formfield(**said, **({"widget": Day()} if one.kind == "day" else {}))


class ClaimForm(forms.Form):
    """One claimed figure. A row left empty is no row."""

    indicator = forms.CharField(label="指标", max_length=40, required=False)
    metric = forms.ChoiceField(label="对应记录", choices=Metric, required=False, initial=Metric.OTHER)
    before = forms.CharField(label="实施前", max_length=30, required=False)
    value = FigureField(label="实施后", max_digits=14, decimal_places=2, min_value=0, required=False)
    measure = forms.CharField(label="单位", max_length=10, required=False)
    source = forms.CharField(label="数据来源", max_length=100, required=False)
    explanation = forms.CharField(label="说明", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if any(values.get(name) for name in ("indicator", "before", "measure", "source", "explanation")) or (
            values.get("value") is not None
        ):
            values["metric"] = values.get("metric") or Metric.OTHER
            if not values.get("indicator") and values["metric"] != Metric.OTHER:
                values["indicator"] = Metric(values["metric"]).label
            if not values.get("indicator"):
                self.add_error("indicator", "请填写指标名称。")
            if values.get("value") is None and "value" not in self.errors:
                self.add_error("value", "请填写数字。")
        return values

    @property
    def row(self) -> dict[str, Any] | None:
        return self.cleaned_data if self.cleaned_data.get("value") is not None else None


class ClaimRows(forms.BaseFormSet):
    def row_label(self, form: ClaimForm) -> str:
        return f"量化成效第{self.forms.index(form) + 1}项"

    def rows(self) -> list[dict[str, Any]]:
        """The filled rows, in order, as `save_draft` takes them."""
        return [form.row for form in self.forms if form.row]


def claim_rows(claims, data=None, *, disabled: bool = False) -> ClaimRows:
    """The table of claimed figures with a few empty rows below; INITIAL_FORMS stays 0, rows have no keys."""
    given = [{name: getattr(claim, name) for name in ClaimForm.base_fields} for claim in claims]
    count = min(MOST_CLAIMS, max(len(given) + 2, 4))
    factory = forms.formset_factory(
        ClaimForm, formset=ClaimRows, extra=count, max_num=MOST_CLAIMS, absolute_max=MOST_CLAIMS
    )
    rows = factory(data, prefix="claims")
    for place, form in enumerate(rows.forms):
        # Rows carry no key: each is read as it was sent, an unchanged one too.
        form.empty_permitted = False
        if place < len(given):
            form.initial = given[place]
        for field in form.fields.values():
            field.widget.attrs.pop("maxlength", None)
            field.disabled = disabled
    return rows
