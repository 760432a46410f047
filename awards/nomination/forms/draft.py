"""The form of a draft and its rows of claimed figures."""

from __future__ import annotations

from typing import Any

from django import forms

from awards.campaign.models import Campaign
from awards.nomination.forms.figures import CountField, FigureField
from awards.nomination.models import Metric, Nomination
from awards.nomination.rules import EVERY_ANSWER, SECTIONS, left_out, normalise_phone
from services.models import ServiceKind

BODY = ("background", "practice", "innovation", "effect", "spread")
HINTS = {
    "background": "针对什么问题，问题有多大，涉及哪些人。",
    "practice": "分步骤写明做了什么、谁来做、怎样做。",
    "innovation": "与以往做法、外地做法相比新在哪里，不超过5点。",
    "effect": "写前后对比；数字与下面的量化成效一致。",
    "spread": "写明已被哪些单位采用，或采用需要具备什么条件。",
    "earlier_awards": "名称、级别、年度；没有可不填。",
    "target": "如：全区新开办企业，约1200户。",
    "leader_phone": "仅本单位和评选办可见。",
    "contact_phone": "仅本单位和评选办可见。",
}
LONGEST = 20000  # what the server takes of one text; the limits in 字 are asked at submission
MOST_CLAIMS = 20


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class NominationForm(forms.ModelForm):
    """Everything that is typed. Nothing is required of a draft; what submission asks for is marked 必填.

    Of a returned file only the remarked parts can be changed: the rest is shown, and what a browser sends
    for it is passed over.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    service_kinds = forms.MultipleChoiceField(
        label="服务维度", choices=ServiceKind, required=False, widget=forms.CheckboxSelectMultiple
    )
    satisfaction_sample = CountField(label="满意度样本数", required=False, min_value=1, max_value=99_999_999)
    satisfaction_percent = FigureField(
        label="满意率（%）", required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    investment_planned = FigureField(
        label="年度计划投资（万元）", required=False, min_value=0, max_digits=12, decimal_places=2
    )
    investment_done = FigureField(
        label="完成投资（万元）", required=False, min_value=0, max_digits=12, decimal_places=2
    )

    class Meta:
        model = Nomination
        fields = [
            "category", "title", "service_kinds", "innovation_kind", "started_on", "ended_on", "target",
            "document_number", "project_kind", "investment_planned", "investment_done", "earlier_awards",
            "leader_name", "leader_duty", "leader_phone", "contact_name", "contact_phone", "summary",
            "background", "practice", "innovation", "effect", "spread", "satisfaction_sample",
            "satisfaction_percent", "unit_notice_from", "unit_notice_to", "pledged",
        ]  # fmt: skip
        widgets = {
            "started_on": Day(), "ended_on": Day(), "unit_notice_from": Day(), "unit_notice_to": Day(),
        }  # fmt: skip
        help_texts = HINTS

    def __init__(self, *args, opened: frozenset[str] = EVERY_ANSWER, categories=None, **kwargs):
        super().__init__(*args, **kwargs)
        nomination = self.instance
        self.initial["version"] = nomination.version
        letter = nomination.category.letter
        for item in (item for section in SECTIONS for item in section.items):
            if item.code in self.fields:
                self.fields[item.code].needed = letter in item.categories
        for name in left_out(letter):
            del self.fields[name]
        self._set_limits(nomination.campaign)
        for name, field in self.fields.items():
            # A browser cuts a pasted text at maxlength without a word; the server says how long it may be.
            field.widget.attrs.pop("maxlength", None)
            field.disabled = name not in opened and name not in ("version", "category")
        if nomination.code:
            del self.fields["category"]
        else:
            self.fields["category"].choices = [
                (category.pk, category.name) for category in categories or [nomination.category]
            ]

    def _set_limits(self, campaign: Campaign) -> None:
        attrs = {
            "title": {"data-limit": campaign.title_limit},
            "summary": {"data-limit": campaign.summary_limit},
        }
        for name in ("summary", *BODY):
            given = (self.initial.get(name) or "") if not self.is_bound else ""
            rows = min(16, max(4, len(given) // 44 + given.count("\n") + 2))
            self.fields[name].widget = forms.Textarea(attrs={"rows": rows} | attrs.get(name, {}))
            self.fields[name].max_length = LONGEST
            if name in BODY:
                self.fields[name].widget.attrs["data-sum"] = "body"
        self.fields["title"].widget.attrs |= attrs["title"]

    def clean_leader_phone(self) -> str:
        return normalise_phone(self.cleaned_data["leader_phone"])

    def clean_contact_phone(self) -> str:
        return normalise_phone(self.cleaned_data["contact_phone"])

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for name in ("summary", *BODY):
            text = values.get(name)
            if text is not None:
                values[name] = text = text.replace("\r\n", "\n")
                if len(text) > LONGEST:
                    self.add_error(name, f"超过{LONGEST}个字符，无法保存。")
        for first, last, words in (
            ("started_on", "ended_on", "实施结束日期不能早于开始日期。"),
            ("unit_notice_from", "unit_notice_to", "公示截止日期不能早于起始日期。"),
        ):
            if values.get(first) and values.get(last) and values[last] < values[first]:
                self.add_error(last, words)
        return values

    def values(self) -> dict[str, Any]:
        """What `save_draft` writes: the open fields alone."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "version" and not self.fields[name].disabled
        }

    def _post_clean(self):
        """The draft is written by its action, under the lock; the instance stays as it was read."""


class ClaimForm(forms.Form):
    """One claimed figure. A row left empty is no row."""

    indicator = forms.CharField(label="指标", max_length=40, required=False)
    metric = forms.ChoiceField(label="对应记录", choices=Metric, required=False, initial=Metric.OTHER)
    before = forms.CharField(label="实施前", max_length=30, required=False)
    value = FigureField(label="实施后", max_digits=14, decimal_places=2, min_value=0, required=False)
    measure = forms.CharField(label="单位", max_length=10, required=False)
    source = forms.CharField(label="数据来源", max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if any(values.get(name) for name in ("indicator", "before", "measure", "source")) or (
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
    def rows(self) -> list[dict[str, Any]]:
        """The filled rows, in order, as `save_draft` takes them."""
        return [form.row for form in self.forms if form.row]


def claim_rows(claims, data=None, *, disabled: bool = False) -> ClaimRows:
    """The table of claimed figures with a few empty rows below; INITIAL_FORMS stays 0, rows have no keys."""
    given = [
        {
            name: getattr(claim, name)
            for name in ("indicator", "metric", "before", "value", "measure", "source")
        }
        for claim in claims
    ]
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


def shown_values(form: forms.BaseForm) -> dict[str, str | list[str]]:
    """Name → text of every control as a browser would send it; what autosave.js compares at a clash."""
    found = {}
    for bound in form:
        if bound.field.disabled or bound.name == "version":
            continue
        value = bound.value()
        if isinstance(bound.field.widget, forms.CheckboxInput):
            found[bound.html_name] = "on" if value else ""
        elif isinstance(bound.field.widget, forms.CheckboxSelectMultiple):
            found[bound.html_name] = [str(one) for one in value or []]
        else:
            found[bound.html_name] = (
                str(bound.field.widget.format_value(value) or "")
                if not isinstance(bound.field.widget, forms.Select)
                else str("" if value is None else value)
            )
    return found
