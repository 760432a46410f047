"""Seats, rubric and scoring rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from awards.campaign.actions.rule import Line
from awards.campaign.forms.layout import Helped, heading, row
from awards.campaign.models import Category
from awards.catalogue import typed
from awards.scoring.numbers import plain
from awards.scoring.rule import STEP, UNTRIMMED_MEAN, Rule
from awards.scoring.words import STAGE_NAMES, step_text
from units.kit.fields import ModelForm

TIE_STEPS = 4
# The parts of a submission that the score sheet can scroll to.
SECTION_LABELS = [("", "不对应"), *((one.code, one.label) for one in typed(section="body"))]
ANCHOR_WORDS = ("优（90%以上）", "良（80%以上）", "中（60%以上）", "差（不足60%）")


class CategoryForm(Helped, ModelForm):
    """Seats, floor and the tie rule of one category."""

    class Meta:
        model = Category
        fields = ("name", "focus", "seats", "shortlist", "floor")

    def __init__(self, *args, stages: list[str], **kwargs):
        self.stages = stages
        super().__init__(*args, **kwargs)
        self.fields["seats"].validators.append(MinValueValidator(1))
        self.fields["floor"].validators += [MinValueValidator(0), MaxValueValidator(100)]
        if len(stages) == 1:
            del self.fields["shortlist"]
        self._add_ties()

    def fields_in_order(self):
        numbers = ["seats", "shortlist", "floor"] if len(self.stages) > 1 else ["seats", "floor"]
        ties = [f"tie{number}" for number in range(TIE_STEPS)]
        return Layout(
            "name", "focus", row(*numbers), heading("同分时依次比较"), row(*ties[:2]), row(*ties[2:])
        )

    def _add_ties(self):
        labels = {line.code: line.label for line in self.instance.criteria.all()}
        steps = [UNTRIMMED_MEAN, *(f"stage:{code}" for code in self.stages)]
        steps += [f"criterion:{code}" for code in labels]
        choices = [("", "不再比较"), *((step, step_text(step, labels)) for step in steps)]
        for number in range(TIE_STEPS):
            self.fields[f"tie{number}"] = forms.ChoiceField(
                label=f"第{'一二三四'[number]}项", choices=choices, required=False
            )
            given = [step for step in self.instance.ties if step in dict(choices)]
            self.initial[f"tie{number}"] = given[number] if number < len(given) else ""

    def clean(self):
        values = super().clean()
        ties = [step for number in range(TIE_STEPS) if (step := values.pop(f"tie{number}", ""))]
        if len(set(ties)) < len(ties):
            raise forms.ValidationError("同分比较的各项不能重复。")
        values["ties"] = ties
        return values


class RuleForm(Helped, forms.Form):
    """How marks become places. The two weights are one figure, so they cannot miss 100%."""

    two_stages = forms.TypedChoiceField(
        label="评审阶段", widget=forms.RadioSelect, coerce=lambda value: value == "2",
        choices=[("2", "书面评审和现场答辩"), ("1", "只有书面评审")],
    )  # fmt: skip
    written = forms.DecimalField(
        label="书面评审占比（%）", min_value=1, max_value=99, max_digits=4, decimal_places=2, required=False,
        help_text="其余为现场答辩占比。只有书面评审时不填。",
    )  # fmt: skip
    combine = forms.ChoiceField(
        label="每份评分表的总分", widget=forms.RadioSelect,
        choices=[("sum", "各项分数相加（满分之和须为100）"), ("weighted", "各项分数乘以权重再相加（权重之和须为1）")],
    )  # fmt: skip
    trim_on = forms.ChoiceField(
        label="去高去低", widget=forms.RadioSelect,
        choices=[("totals", "在各评委的总分中去掉"), ("criteria", "在每个评分项中分别去掉")],
    )  # fmt: skip
    high = forms.IntegerField(label="去掉最高分个数", min_value=0, max_value=5)
    low = forms.IntegerField(label="去掉最低分个数", min_value=0, max_value=5)
    average = forms.ChoiceField(
        label="取值", widget=forms.RadioSelect, choices=[("mean", "平均值"), ("median", "中位数")]
    )
    least = forms.IntegerField(label="最少有效份数", min_value=1, max_value=99)
    places = forms.IntegerField(label="保留小数位数", min_value=0, max_value=4)
    rounding = forms.ChoiceField(
        label="四舍五入", widget=forms.RadioSelect,
        choices=[("published", "公布的每个数字都取舍，后一步用公布的数字计算"), ("final", "只对总分取舍，中间结果不取舍")],
    )  # fmt: skip

    def fields_in_order(self):
        return Layout(
            "two_stages", "written", "combine", "trim_on", row("high", "low", "least", "places"), "average",
            "rounding",
        )  # fmt: skip

    @staticmethod
    def initial_from(rule: Rule) -> dict[str, Any]:
        first, *later = rule.stages
        names = ("combine", "trim_on", "high", "low", "average", "least", "places", "rounding")
        return {
            "two_stages": "2" if later else "1",
            "written": first.weight * 100 if later else None,
            **{name: getattr(rule, name) for name in names},
        }

    def clean(self):
        values = super().clean()
        if values.get("two_stages") and not values.get("written") and "written" not in self.errors:
            self.add_error("written", "请填写书面评审占比。")
        high, low, least = (values.get(name) for name in ("high", "low", "least"))
        if None not in (high, low, least) and least <= high + low:
            self.add_error("least", f"须大于去掉的最高分、最低分个数之和{high + low}。")
        return values

    def settings(self) -> dict[str, Any]:
        """The rule's settings as the public record writes them."""
        values = self.cleaned_data
        stages = [{"code": "written", "weight": "1"}]
        if values["two_stages"]:
            written = values["written"] / 100
            stages = [
                {"code": code, "weight": plain(weight)}
                for code, weight in (("written", written), ("live", 1 - written))
            ]
        return {
            "stages": stages,
            "trim": {"on": values["trim_on"], "high": values["high"], "low": values["low"]},
            **{name: values[name] for name in ("combine", "average", "least", "places", "rounding")},
        }


class LineForm(forms.Form):
    """One line of the rubric. Its row keeps its code; a new one gets one when saved."""

    code = forms.CharField(widget=forms.HiddenInput, required=False)
    order = forms.IntegerField(label="顺序", min_value=0, max_value=99, required=False)
    label = forms.CharField(label="评分项", max_length=30)
    maximum = forms.DecimalField(label="满分", min_value=STEP, max_value=100, max_digits=4, decimal_places=1)
    weight = forms.DecimalField(
        label="权重", min_value=Decimal("0.0001"), max_value=10, max_digits=6, decimal_places=4, initial=1
    )
    section = forms.ChoiceField(label="对应章节", choices=SECTION_LABELS, required=False)
    stage = forms.ChoiceField(
        label="适用阶段",
        choices=[("", "各阶段通用"), *((code, f"仅{name}") for code, name in STAGE_NAMES.items())],
        required=False,
    )
    full_marks_need = forms.CharField(label="满分要求", max_length=200, required=False)

    def __init__(self, *args, weighted: bool, staged: bool, **kwargs):
        super().__init__(*args, **kwargs)
        for number, words in enumerate(ANCHOR_WORDS):
            self.fields[f"anchor{number}"] = forms.CharField(label=words, max_length=120, required=False)
        if not weighted:
            del self.fields["weight"]
        if not staged:
            del self.fields["stage"]

    def clean_maximum(self):
        maximum = self.cleaned_data["maximum"]
        if maximum % STEP:
            raise forms.ValidationError("满分须为0.5的倍数。")
        return maximum

    @property
    def line(self) -> Line:
        values = self.cleaned_data
        return Line(
            code=values["code"],
            label=values["label"],
            maximum=values["maximum"],
            weight=values.get("weight", Decimal(1)),
            full_marks_need=values["full_marks_need"],
            anchors=tuple(values[f"anchor{number}"] for number in range(len(ANCHOR_WORDS))),
            section=values["section"],
            stages=(values["stage"],) if values.get("stage") else (),
        )


class LineFormSet(forms.BaseFormSet):
    def row_key(self, form: LineForm) -> str:
        return form["code"].value()

    def row_label(self, form: LineForm) -> str:
        return f"评分项“{form['label'].value() or '新增'}”"

    def clean(self):
        if not any(self.errors) and not self.lines():
            raise forms.ValidationError("至少保留一个评分项。")

    def lines(self) -> list[Line]:
        """What is left, in the order typed; equal numbers keep the order on the page."""
        left = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        return [form.line for form in sorted(left, key=lambda form: form.cleaned_data["order"] or 0)]


RubricFormSet = forms.formset_factory(LineForm, formset=LineFormSet, extra=1, can_delete=True, max_num=20)
