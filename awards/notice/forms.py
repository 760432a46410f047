"""What is typed into the notice: its draft, an objection, the steps of a case."""

import re
import secrets

from crispy_forms.layout import HTML, Div
from django import forms

from awards.notice.actions.filing import MOST_FILES
from awards.notice.actions.publishing import FIELDS, LEAST_DAYS
from awards.notice.models import Ground, Notice, Outcome
from units.forms import helper
from units.kit.fields import LongTextField, ModelForm
from units.kit.lists import ListFilter, choice, words
from units.kit.reasons import ReasonForm
from units.phones import phone_problem
from units.uploads import receive
from units.uploads.facts import DEFAULT_KINDS, MEGABYTE, UploadRefused

FACTS_LIMIT = 2000
FILE_LIMIT = 10 * MEGABYTE
NAMED, UNSIGNED = "named", "unsigned"
ONLY_DIGITS = re.compile(r"[\d\s+()（）—－-]+")


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Zero or more files, each inspected and made harmless; its value is a list of Upload."""

    widget = SeveralFiles

    def clean(self, data, initial=None):
        files = [file for file in (data or []) if file]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"附件不能超过{MOST_FILES}个。")
        uploads, problems = [], []
        for file in files:
            try:
                uploads.append(receive(file, name=file.name, max_bytes=FILE_LIMIT))
            except UploadRefused as refusal:
                problems.append(f"{file.name}：{refusal}")
        if problems:
            raise forms.ValidationError(problems)
        return uploads


class ObjectionForm(forms.Form):
    entry = forms.ChoiceField(label="异议项目", error_messages={"invalid_choice": "请从公示名单中选择。"})
    ground = forms.ChoiceField(
        label="异议类型",
        choices=[("", "请选择"), *Ground.choices],
        help_text="对得分、名次本身的不同意见不属于异议。",
    )
    facts = LongTextField(
        label="事实",
        max_length=FACTS_LIMIT,
        rows=8,
        help_text="写明时间、地点、事项，与公示内容哪里不符。",
        error_messages={"max_length": f"请精简到{FACTS_LIMIT}字以内，更多内容可以放在附件里。"},
    )
    evidence = LongTextField(
        label="证据或可以核查的线索",
        max_length=1000,
        required=False,
        help_text="文件名称和文号、公开网址、知情单位等；已在附件中提供的可以不填。",
    )
    signed = forms.ChoiceField(
        label="提出方式",
        choices=[(NAMED, "实名提出，得到书面答复"), (UNSIGNED, "匿名反映，作为线索由监督员核查，不作答复")],
        widget=forms.RadioSelect,
        initial=NAMED,
    )
    name = forms.CharField(
        label="姓名或单位名称", max_length=60, required=False, help_text="只有本件经办人可以查看。"
    )
    contact = forms.CharField(
        label="联系方式", max_length=60, required=False, help_text="电话、邮箱或通信地址。"
    )
    files = SeveralFilesField(
        label="附件",
        required=False,
        widget=SeveralFiles(attrs={"accept": ",".join(f".{kind}" for kind in DEFAULT_KINDS)}),
        help_text=f"可选，不超过{MOST_FILES}个，每个不超过10MB，{'、'.join(DEFAULT_KINDS)}；单位提出的请附盖章件。",
    )
    open_only = forms.BooleanField(
        label="所填内容和附件不含国家秘密、工作秘密（涉密不上网）",
        error_messages={"required": "请确认内容不涉密后再提交。"},
    )
    # Tells a second sending of the same page from a second objection.
    form_key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    # Filled only by machines that fill everything.
    website = forms.CharField(label="网址", required=False)

    def __init__(self, *args, entries, kept_days: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.listed = {line.nomination.code: line.nomination for line in entries}
        self.fields["contact"].help_text += f"办结满{kept_days}天后，姓名和联系方式删除。"
        self.fields["entry"].choices = [("", "请选择")] + [
            (line.nomination.code, f"{line.title}（{line.unit_name}）") for line in entries
        ]
        self.fields["form_key"].initial = secrets.token_urlsafe(24)
        self.fields["website"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        drawn = [name for name in self.fields if name not in {"name", "contact", "website"}]
        drawn.insert(drawn.index("signed") + 1, ("name", "contact"))
        trap = Div(HTML("<p>请不要填写这一栏。</p>"), "website", css_class="trap", aria_hidden="true")
        self.helper = helper(*drawn, trap)

    def clean_contact(self):
        """Any way to reach somebody will do, but what can only be a telephone number must be one."""
        contact = self.cleaned_data["contact"].strip()
        if ONLY_DIGITS.fullmatch(contact) and (problem := phone_problem(contact)):
            raise forms.ValidationError(problem)
        return contact

    def clean(self):
        values = super().clean()
        if values.get("signed") == NAMED:
            for field, message in (
                ("name", "实名提出的请填写姓名或单位名称。"),
                ("contact", "请留联系方式，以便答复。"),
            ):
                if field not in self.errors and not values.get(field, "").strip():
                    self.add_error(field, message)
        return values

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.data.get("website"))


class LookupForm(forms.Form):
    code = forms.CharField(
        label="查询码", max_length=40, help_text="提交时给出的12位查询码，大小写、空格和横线都可以。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("code")


class NoticeForm(ModelForm):
    """The draft's texts and one summary per entry."""

    class Meta:
        model = Notice
        fields = list(FIELDS)
        help_texts = {
            "days": f"不少于{LEAST_DAYS}个工作日，发布当日不计。",
            "postcode": "",
            "order_rule": "",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["days"].min_value = LEAST_DAYS
        self.fields["days"].widget.attrs["min"] = LEAST_DAYS
        self.lines = list(self.instance.entries.select_related("nomination"))
        names = []
        for line in self.lines:
            name = f"summary_{line.nomination_id}"
            names.append(name)
            self.fields[name] = LongTextField(
                label=f"{line.nomination.code} {line.title}", initial=line.summary, required=False
            )
        self.helper = helper(
            "title", "basis", ("order_rule", "days"), ("office", "office_hours"),
            ("phone", "email"), ("address", "postcode"),
            HTML('<div class="block-head mt-4 mb-3"><h2>项目摘要</h2><p>公示期内公开，期满撤下；不出现个人姓名和电话</p></div>'),
            *names,
        )  # fmt: skip

    def clean_days(self):
        days = self.cleaned_data["days"]
        if days < LEAST_DAYS:
            raise forms.ValidationError(f"公示期不得少于{LEAST_DAYS}个工作日。")
        return days

    @property
    def summaries(self) -> dict[int, str]:
        return {line.nomination_id: self.cleaned_data[f"summary_{line.nomination_id}"] for line in self.lines}


class RulingForm(forms.Form):
    outcome = forms.ChoiceField(label="结论", choices=Outcome, widget=forms.RadioSelect)
    findings = LongTextField(
        label="核查情况", max_length=2000, rows=6, help_text="写入答复函，不出现提出人的身份信息。"
    )
    correction = LongTextField(
        label="更正内容", max_length=300, required=False, rows=2,
        help_text="部分成立时填写，附在公示名单该项目之后。",
    )  # fmt: skip
    title = forms.CharField(
        label="更正后的项目名称", max_length=200, required=False, help_text="名称不变的不填。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("outcome", "findings", "correction", "title")

    def clean(self):
        values = super().clean()
        if values.get("outcome") == Outcome.PARTLY and not values.get("correction", "").strip():
            self.add_error("correction", "部分成立的，请写明更正内容。")
        return values


class ExtensionForm(ReasonForm):
    hint = "与新的截止时间一并公开。"

    days = forms.IntegerField(label="延长工作日数", min_value=1, max_value=30, initial=1)
    field_order = ["days", "reason"]


class MoveUpForm(ReasonForm):
    label, longest = "依据", 500

    entry = forms.ChoiceField(label="递补项目", widget=forms.RadioSelect)
    field_order = ["entry", "reason"]

    def __init__(self, *args, vacancies, **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = {
            line.nomination.code: line.nomination for row in vacancies for line in row.candidates
        }
        self.fields["entry"].choices = [
            (
                line.nomination.code,
                f"{row.category}第{line.place}名：{line.nomination.title}（{line.nomination.unit}）",
            )
            for row in vacancies
            for line in row.candidates
        ]


class CaseFilter(ListFilter):
    look_in = ("receipt", "nomination__code", "nomination__title")
    crowd = choice("来件", [(False, "单独提交"), (True, "集中提交")], field_name="in_a_crowd")
    q = words("受理编号、项目编号或名称")
