"""What the office types on the pages of the panels."""

import secrets

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from awards.campaign.forms.filters import CategoryFilter
from awards.panel.models import RecusalSource
from awards.panel.queries.overview import nomination_by_code
from awards.panel.queries.pool import employers, people_in_pool, people_to_add, witnesses
from awards.panel.rules.conflicts import Tie
from units.kit.fields import LongTextField
from units.kit.lists import ListFilter, choice, words
from units.kit.reasons import ReasonForm
from units.pickers import PersonField, Picking, UnitField


def helper(*layout) -> FormHelper:
    made = FormHelper()
    if layout:
        made.layout = Layout(*layout)
    return made


def find_url(campaign, among: str) -> str:
    """Where a search box finds people: `new` to the pool, or in the `pool`."""
    return f"{reverse('awards:reviewer-find', args=[campaign.code])}?{urlencode({'among': among})}&"


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return f"{user}（{user.username}）"


class ReviewerForm(Picking, forms.Form):
    user = PersonField(label="评委", help_text="查找持有本届组织单位评委岗位、尚未入库的人员。")
    employer = UnitField(
        label="工作单位", required=False, scope="all",
        help_text="用于核查回避：本单位、上下级单位和联合申报单位的项目不分配给该评委。外请专家不填。",
    )  # fmt: skip
    expertise = forms.CharField(label="专业特长", max_length=60, required=False)

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].rows = people_to_add(campaign)
        self.fields["user"].find_url = find_url(campaign, "new")
        self.fields["employer"].rows = employers(campaign)
        self.helper = helper()


class ReviewerChangeForm(ReviewerForm):
    is_active = forms.BooleanField(label="参加抽取", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["user"]
        self.helper = helper()


class DrawForm(forms.Form):
    seed = forms.CharField(
        label="随机种子", max_length=64,
        help_text="可由监督员现场给出，如当日日期加一个报出的数。种子与名单相同，结果就相同，可以复核。",
    )  # fmt: skip
    witness = PersonChoice(
        label="见证人", queryset=None, empty_label="请选择", help_text="本届组织单位的监督员。"
    )
    reserves = forms.IntegerField(label="候补人数", min_value=0, max_value=20, initial=2)
    per_unit = forms.IntegerField(
        label="同一单位最多人数",
        min_value=1,
        max_value=99,
        required=False,
        initial=1,
        help_text="不限可不填。",
    )
    leave_out_tied = forms.BooleanField(
        label="与本组项目有回避关系的不参加抽取", required=False,
        help_text="不选时照常抽取，抽中后只回避有关项目。",
    )  # fmt: skip

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["witness"].queryset = witnesses(campaign)
        self.fields["seed"].initial = f"{timezone.localdate():%Y%m%d}-{secrets.randbelow(10**6):06d}"
        self.helper = helper(
            Row(Column("seed", css_class="col-md-6"), Column("witness", css_class="col-md-6")),
            Row(Column("reserves", css_class="col-md-6"), Column("per_unit", css_class="col-md-6")),
            "leave_out_tied",
        )


class PanelForm(forms.Form):
    closes_at = forms.DateTimeField(
        label="评审截止时间",
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )
    per_entry = forms.IntegerField(
        label="每件评委数", min_value=1, max_value=99, required=False, help_text="不填则全组评审每一件。"
    )
    load_cap = forms.IntegerField(
        label="每人最多件数",
        min_value=1,
        max_value=999,
        required=False,
        help_text="只在填写每件评委数时使用。",
    )
    reason = forms.CharField(
        label="调整理由", max_length=300, required=False, help_text="评审启动后调整截止时间须填写。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "closes_at",
            Row(Column("per_entry", css_class="col-md-6"), Column("load_cap", css_class="col-md-6")),
            "reason",
        )


class SupplementForm(ReasonForm):
    closes_at = forms.DateTimeField(
        label="补评截止时间",
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )
    witness = PersonChoice(
        label="见证人", queryset=None, empty_label="请选择", help_text="本届组织单位的监督员。"
    )

    field_order = ("closes_at", "witness", "reason")

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["witness"].queryset = witnesses(campaign)


class RecusalForm(Picking, forms.Form):
    code = forms.CharField(label="申报编号", max_length=30, help_text="如2026-F-001。")
    reviewer = PersonField(label="评委")
    kind = forms.ChoiceField(label="情形", choices=[(tie.value, tie.label) for tie in Tie])
    reason = LongTextField(label="具体情况", max_length=300)

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.fields["reviewer"].rows = people_in_pool(campaign)
        self.fields["reviewer"].find_url = find_url(campaign, "pool")
        self.helper = helper()

    def clean_reviewer(self):
        return self.campaign.reviewers.select_related("user").get(user=self.cleaned_data["reviewer"])

    def clean_code(self):
        nomination = nomination_by_code(self.campaign, self.cleaned_data["code"])
        if nomination is None:
            raise forms.ValidationError("本届没有这个编号的申报。")
        self.nomination = nomination
        return nomination.code


class RecusalFilter(CategoryFilter):
    look_in = ("nomination__code", "nomination__title", "nomination__unit__name", "reviewer__user__name")
    category = choice("类别", field_name="nomination__category__letter")
    kind = choice("情形", [(tie.value, tie.label) for tie in Tie])
    source = choice("来源", RecusalSource.choices)
    q = words("编号、项目、单位或评委")


class PoolFilter(ListFilter):
    look_in = ("user__name", "user__username", "employer__name", "expertise")
    active = choice("参加抽取", [("yes", "参加"), ("no", "不参加")], method="drawn")
    q = words("姓名、单位或特长")

    def drawn(self, rows, name, value):
        return rows.filter(is_active=value == "yes")
