from django import forms

from awards.campaign.forms.filters import CategoryFilter
from awards.result.rules import document_number_problem
from units.forms import helper
from units.kit.fields import LongTextField
from units.kit.lists import words


class AnnounceForm(forms.Form):
    document_number = forms.CharField(
        label="通报文号",
        max_length=60,
        help_text="如东区直工委〔2026〕12号，年份用六角括号，序号不加“第”、不编虚位。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("document_number")

    def clean_document_number(self):
        number = self.cleaned_data["document_number"].strip()
        if problem := document_number_problem(number, issuer=""):
            raise forms.ValidationError(problem)
        return number


class RevokeForm(forms.Form):
    reason = LongTextField(
        label="撤销理由",
        max_length=500,
        rows=4,
        help_text="在证书查验页公开，写明事由和依据，不出现个人姓名。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("reason")


class ResultFilter(CategoryFilter):
    look_in = ("title", "unit_name", "certificate__number")
    q = words("项目、单位或证书编号")
