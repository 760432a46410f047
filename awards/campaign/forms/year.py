"""The list of years; a new year; its texts, contacts, limits; the places of one unit."""

from __future__ import annotations

from crispy_forms.layout import Layout
from django import forms
from django.core.validators import MinValueValidator

from awards.campaign.forms.layout import Helped, heading, row
from awards.campaign.models import Campaign
from units.kit.fields import ModelForm
from units.kit.lists import ListFilter, choice, words
from units.models import Unit


class NewCampaignForm(Helped, forms.Form):
    organiser = forms.ModelChoiceField(label="组织单位", queryset=Unit.objects.none(), empty_label=None)
    year = forms.IntegerField(label="年度", min_value=2015, max_value=2100)
    code = forms.SlugField(
        label="代码", max_length=20, help_text="用于网址和申报编号，一般就是年度，如2026。不能再改。"
    )
    title = forms.CharField(
        label="名称", max_length=80, required=False, help_text="沿用往年设置时可不填，名称中的年度自动更换。"
    )
    source = forms.ModelChoiceField(
        label="沿用", queryset=Campaign.objects.none(), required=False, empty_label="默认设置",
        help_text="沿用时带入类别、评分项、评分规则、联系方式，时间按整周顺移；批准文号不带入。",
    )  # fmt: skip
    two_stages = forms.TypedChoiceField(
        label="评审阶段", widget=forms.RadioSelect, coerce=lambda value: value == "2", initial="2",
        choices=[("2", "书面评审和现场答辩"), ("1", "只有书面评审")], help_text="沿用往年设置时以往年为准。",
    )  # fmt: skip

    def __init__(self, *args, organisers: list[Unit], **kwargs):
        super().__init__(*args, **kwargs)
        keys = [unit.pk for unit in organisers]
        self.fields["organiser"].queryset = Unit.objects.filter(pk__in=keys)
        self.fields["source"].queryset = Campaign.objects.run_here().filter(organiser__in=keys)
        if len(keys) == 1:
            self.fields["organiser"].widget = forms.HiddenInput()
            self.initial.setdefault("organiser", keys[0])

    def fields_in_order(self):
        return Layout("organiser", row("year", "code"), "source", "title", "two_stages")

    def clean(self):
        values = super().clean()
        source = values.get("source")
        if not source and not values.get("title") and "title" not in self.errors:
            self.add_error("title", "请填写名称，例如“2026年度区直机关‘三个最佳’评选”。")
        if source and values.get("organiser") and source.organiser_id != values["organiser"].pk:
            self.add_error("source", "只能沿用同一组织单位的设置。")
        return values


class CampaignFilter(ListFilter):
    look_in = ("title", "code", "organiser__name")
    state = choice(
        "状态", [("draft", "未启动"), ("running", "进行中"), ("over", "已公布")], method="by_state"
    )
    q = words("名称、代码或组织单位")

    def by_state(self, rows, name, value):
        if value == "draft":
            return rows.filter(opened_at=None)
        return rows.filter(opened_at__isnull=False, announced_at__isnull=value == "running")


class SettingsForm(Helped, ModelForm):
    """Texts, contacts and the wording."""

    class Meta:
        model = Campaign
        fields = (
            "title", "basis", "call", "contact_office", "contact_phone", "contact_email", "contact_address",
            "approval_number",
        )  # fmt: skip
        widgets = {"call": forms.Textarea(attrs={"rows": 12})}

    def fields_in_order(self):
        return Layout(
            "title",
            "basis",
            "call",
            heading("受理异议和咨询"),
            row("contact_office", "contact_phone"),
            row("contact_email", "contact_address"),
            heading("用语"),
            "approval_number",
        )


class LimitsForm(Helped, ModelForm):
    """How much each unit may hand in, and the length of things."""

    class Meta:
        model = Campaign
        fields = (
            "places_per_category", "places_in_all", "partners_limit", "attachments_limit", "title_limit",
            "summary_limit", "body_limit", "correction_rounds", "correction_days", "notice_days", "panel_size",
            "contacts_kept_days",
        )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in (
            "title_limit",
            "summary_limit",
            "body_limit",
            "notice_days",
            "panel_size",
            "contacts_kept_days",
        ):
            self.fields[name].validators.append(MinValueValidator(1))
            self.fields[name].widget.attrs["min"] = 1
        if self.instance.opened_at:
            for name in ("places_per_category", "places_in_all"):
                self.fields[name].disabled = True
                self.fields[name].help_text = "已启动，请在“申报名额”中逐个单位调整。"

    def fields_in_order(self):
        return Layout(
            row("places_per_category", "places_in_all", "partners_limit", "attachments_limit"),
            row("title_limit", "summary_limit", "body_limit"),
            row("correction_rounds", "correction_days", "notice_days", "panel_size"),
            row("contacts_kept_days"),
        )


class QuotaForm(Helped, forms.Form):
    places = forms.IntegerField(label="合计限报", min_value=0, max_value=20)
    per_category = forms.IntegerField(label="每类限报", min_value=0, max_value=20)
    reason = forms.CharField(label="调整理由", max_length=200)

    def fields_in_order(self):
        return Layout(row("places", "per_category"), "reason")

    def clean(self):
        values = super().clean()
        if values.get("per_category", 0) > values.get("places", 99):
            self.add_error("per_category", "不能多于合计限报。")
        return values
