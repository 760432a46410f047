"""The timetable and the table of working days."""

from __future__ import annotations

from datetime import date, datetime

from django import forms

from awards.campaign.forms.layout import Helped, MomentField
from awards.campaign.models import Campaign, Phase
from units.kit.fields import LongTextField
from units.moments import day_text


class TimetableForm(forms.Form):
    """Two moments a phase; a phase without either is left out of the year."""

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, **kwargs)
        rows = {row.phase: row for row in campaign.timetable.all()}
        for phase in Phase:
            for end, word in (("opens_at", "开始"), ("closes_at", "截止")):
                self.fields[f"{phase}_{end}"] = MomentField(label=f"{phase.label}{word}", required=False)
                if phase in rows:
                    self.initial[f"{phase}_{end}"] = getattr(rows[phase], end)

    def rows(self):
        """phase label and its two bound fields, for the table."""
        return [(phase.label, self[f"{phase}_opens_at"], self[f"{phase}_closes_at"]) for phase in Phase]

    def clean(self):
        values = super().clean()
        for phase in Phase:
            opens, closes = values.get(f"{phase}_opens_at"), values.get(f"{phase}_closes_at")
            if bool(opens) != bool(closes):
                self.add_error(f"{phase}_{'closes' if opens else 'opens'}_at", "起止时间须填全。")
            elif opens and closes <= opens:
                self.add_error(f"{phase}_closes_at", "须晚于开始时间。")
        return values

    def dates(self) -> dict[str, tuple[datetime, datetime]]:
        values = self.cleaned_data
        return {
            phase.value: (opens, values[f"{phase}_closes_at"])
            for phase in Phase
            if (opens := values[f"{phase}_opens_at"])
        }


class ExtensionForm(Helped, forms.Form):
    new = MomentField(label="新的截止时间")
    reason = LongTextField(label="理由", max_length=300, help_text="与新的期限一并公开。")
    opens_too = forms.BooleanField(label="本阶段尚未开始，开始时间顺延同样天数", required=False)
    later_too = forms.BooleanField(label="后续各阶段一并顺延同样天数", required=False)

    def __init__(self, *args, begun: bool, last: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if begun:
            del self.fields["opens_too"]
        if last:
            del self.fields["later_too"]


class SpecialDayForm(forms.Form):
    day = forms.DateField(label="日期", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    working = forms.TypedChoiceField(
        label="安排", initial="0", choices=[("0", "休息"), ("1", "上班")], coerce=lambda value: value == "1"
    )
    name = forms.CharField(label="名称", max_length=40, required=False)


class SpecialDayFormSet(forms.BaseFormSet):
    """Rows of a table: the eye reads the column's heading, a screen reader the row's own label.

    source: the form of the decree that the rows follow; both are right or nothing is saved.
    """

    def __init__(self, *args, source: forms.Form, **kwargs):
        super().__init__(*args, **kwargs)
        self.source = source

    def is_valid(self):
        return super().is_valid() & self.source.is_valid()

    def row_key(self, form: SpecialDayForm) -> str:
        return form["day"].value() and str(form["day"].value())

    def row_label(self, form: SpecialDayForm) -> str:
        return str(form["day"].value())

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = f"第{index + 1}行{field.label}"

    def clean(self):
        if any(self.errors):
            return
        days = [form.cleaned_data["day"] for form in self._kept()]
        if doubled := {day for day in days if days.count(day) > 1}:
            listed = "、".join(map(day_text, sorted(doubled)))
            raise forms.ValidationError(f"{listed}填了不止一次。")

    def _kept(self):
        return [f for f in self.forms if f.cleaned_data and not f.cleaned_data.get("DELETE")]

    def days(self) -> dict[date, tuple[bool, str]]:
        values = [form.cleaned_data for form in self._kept()]
        return {row["day"]: (row["working"], row["name"]) for row in values}


CalendarFormSet = forms.formset_factory(
    SpecialDayForm, formset=SpecialDayFormSet, extra=4, can_delete=True, max_num=120
)


class SourceForm(Helped, forms.Form):
    source = forms.CharField(
        label="依据", max_length=100, help_text="例如：国务院办公厅关于2027年部分节假日安排的通知。"
    )
