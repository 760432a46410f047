"""The small forms around a draft: beginning, reasons, files, partners, filters."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from awards.campaign.models import Campaign, Category
from awards.campaign.rules.setup import CATEGORY_NAMES
from awards.nomination.models import AttachmentKind, Nomination
from awards.nomination.permissions import can_start
from awards.states import State
from services.models.activities import ServiceKind
from units.kit.lists import ListFilter, choice, words
from units.models import Unit
from units.pickers import Picking, UnitField
from units.uploads.fields import UploadField


class StartForm(forms.Form):
    """What a new nomination begins with, after the questions of eligibility."""

    category = forms.ModelChoiceField(
        label="申报类别",
        queryset=Category.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择申报类别。"},
    )
    unit = forms.ModelChoiceField(label="申报单位", queryset=Unit.objects.none(), empty_label=None)
    source = forms.ModelChoiceField(
        label="从已有申报复制", queryset=Nomination.objects.none(), required=False, to_field_name="slug",
        empty_label="不复制，从空白开始", help_text="复制文字和量化成效；服务记录、附件和承诺须重新填写。",
    )  # fmt: skip

    def __init__(self, *args, campaign: Campaign, user, units, sources, questions, places, **kwargs):
        """places: the organization's, by the category's key; those of a category are told beside its name."""
        super().__init__(*args, **kwargs)
        self.user, self.questions = user, questions
        self.fields["category"].queryset = campaign.categories.all()
        self.fields["category"].label_from_instance = lambda category: (
            f"{category.name}（{places[category.pk].words}）" if category.pk in places else category.name
        )
        self.fields["unit"].queryset = units
        self.fields["source"].queryset = sources
        for question in questions:
            self.fields[f"q_{question.code}"] = forms.TypedChoiceField(
                label=question.text, choices=[("yes", "是"), ("no", "否")], widget=forms.RadioSelect,
                coerce=lambda answer: answer == "yes", error_messages={"required": "请选择“是”或“否”。"},
            )  # fmt: skip

    def question_fields(self):
        return [self[f"q_{question.code}"] for question in self.questions]

    def answers(self) -> dict[str, bool]:
        return {question.code: self.cleaned_data.get(f"q_{question.code}") for question in self.questions}

    def clean_unit(self) -> Unit:
        unit = self.cleaned_data["unit"]
        if not can_start(self.user, unit):
            raise forms.ValidationError("不能以该单位名义申报。")
        return unit


class AttachmentForm(forms.Form):
    """One file at a time; what it is, whether reviewers may see it, and that it holds no secret."""

    file = UploadField(label="文件")
    kind = forms.ChoiceField(label="材料类型", choices=AttachmentKind, initial=AttachmentKind.EVIDENCE)
    blind_claimed = forms.BooleanField(
        label="文件中不出现单位名称、人员姓名和电话，可供匿名评审", required=False,
        help_text="评选办确认后评委才能看到。盖章申报表不供匿名评审。",
    )  # fmt: skip
    no_secrets = forms.BooleanField(
        label="涉密不上网：已确认文件不涉及国家秘密、工作秘密和敏感个人信息",
        error_messages={"required": "请确认文件不涉密后再上传。"},
    )

    def __init__(self, *args, kinds=AttachmentKind.choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds


class PartnerForm(Picking, forms.Form):
    unit = UnitField(label="联合单位")
    share = forms.IntegerField(
        label="计分比例（%）", min_value=1, max_value=100, initial=50, help_text="结果运用时按此比例计分。"
    )

    def __init__(self, *args, nomination: Nomination, **kwargs):
        super().__init__(*args, **kwargs)
        organiser = nomination.campaign.organiser
        units = Unit.objects.top_organizations(organiser).active_on(timezone.localdate())
        self.fields["unit"].rows = units.exclude(pk=nomination.unit.top_id)


class NominationFilter(ListFilter):
    """The state asked for is the one shown, so that a filter tells nobody more than the list does."""

    look_in = ("title", "code", "unit__name", "unit__short_name")
    campaign = choice("年度", field_name="campaign__code")
    category = choice("类别", CATEGORY_NAMES.items(), field_name="category__letter")
    state = choice("状态", State.choices, field_name="shown_state")
    q = words("编号、项目名称或单位")

    def __init__(self, *args, campaigns, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("campaign", [(one.code, one.code) for one in campaigns])


class EvidenceFilter(forms.Form):
    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *ServiceKind.choices])
    q = forms.CharField(label="主题或服务对象", required=False, max_length=60)
    cited = forms.BooleanField(label="只看已引用", required=False)

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, **kwargs)
        years = range(campaign.year, campaign.year - 3, -1)
        self.fields["year"].choices = [("", "全部"), *((str(year), f"{year}年") for year in years)]
