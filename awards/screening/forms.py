"""The checklist as a form, and the queue's filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crispy_forms.helper import FormHelper
from django import forms

from awards.campaign.forms.filters import CategoryFilter
from awards.catalogue import SECTIONS, of_section, part_of_check
from awards.screening.actions.checks import Opinion
from awards.screening.models import ScreeningCheck, Verdict
from awards.screening.queries.findings import Finding
from awards.screening.rules.checklist import Answer, Check, checks_for
from units.kit.lists import choice, words
from units.kit.reasons import ReasonForm


def part_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What a remark can be hung on: a whole part of the form, or one answer of it."""
    return [
        (
            part.label,
            [(part.code, f"{part.label}（整个部分）")]
            + [(one.code, one.title) for one in of_section(part.code) if one.code != part.code],
        )
        for part in SECTIONS
    ]


@dataclass(frozen=True)
class CheckRow:
    """One question as the page lays it out: its fields, what the system found, what was said before."""

    check: Check
    verdict: forms.BoundField
    remark: forms.BoundField
    part: forms.BoundField
    finding: Finding
    former: ScreeningCheck | None
    saved: ScreeningCheck | None

    @property
    def hints(self) -> list[str]:
        """What to know before answering: the system's answer and yesterday's on one line, then the rest."""
        said = []
        if mark := self.finding.mark:
            said.append(f"系统核对：{mark.answer.label}{'，' if mark.reason else ''}{mark.reason}")
        if former := self.former:
            reason = f"，{former.remark}" if former.remark else ""
            said.append(f"上次：{former.get_verdict_display()}{reason}")
        first = "；".join(part.rstrip("。") for part in said)
        return [*([f"{first}。"] if first else []), *self.finding.hints]


class ChecklistForm(forms.Form):
    """Three fields for each question. An answer left open is not an answer: it is not sent on."""

    def __init__(
        self,
        *args,
        category: str,
        saved: Mapping[str, ScreeningCheck],
        former: Mapping[str, ScreeningCheck],
        findings: Mapping[str, Finding],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.checks, self.saved, self.former, self.findings = checks_for(category), saved, former, findings
        for check in self.checks:
            self._add(check)

    def _add(self, check: Check) -> None:
        answer, remark, part = self._initial(check.code)
        self.fields[f"{check.code}-verdict"] = forms.ChoiceField(
            label=check.label, choices=Verdict.choices, required=False, initial=answer,
            widget=forms.RadioSelect,
        )  # fmt: skip
        self.fields[f"{check.code}-remark"] = forms.CharField(
            label=f"{check.label}：原因", max_length=300, required=False, initial=remark,
            widget=forms.TextInput({"placeholder": "需补正或不通过时写明，申报单位会看到"}),
        )  # fmt: skip
        self.fields[f"{check.code}-part"] = forms.ChoiceField(
            label=f"{check.label}：补正内容", choices=part_choices(), required=False, initial=part
        )

    def _initial(self, item: str) -> tuple[str, str, str]:
        """What was saved; else what the system proposes; else 通过 where it was said of the last submission.

        A proposed 不通过 is left for a person to tick, its reason ready: it alone refuses the file.
        """
        if saved := self.saved.get(item):
            return saved.verdict, saved.remark, saved.field
        mark = self.findings.get(item, Finding()).mark
        if mark:
            answer = "" if mark.answer == Answer.FAIL else mark.answer.value
            return answer, mark.reason[:300], part_of_check(item)
        former = self.former.get(item)
        passed = former is not None and former.verdict == Answer.PASS
        return (Answer.PASS.value if passed else ""), "", part_of_check(item)

    def rows(self) -> list[CheckRow]:
        return [
            CheckRow(
                check,
                self[f"{check.code}-verdict"],
                self[f"{check.code}-remark"],
                self[f"{check.code}-part"],
                self.findings.get(check.code, Finding()),
                self.former.get(check.code),
                self.saved.get(check.code),
            )
            for check in self.checks
        ]

    def opinions(self) -> dict[str, Opinion]:
        given = self.cleaned_data
        return {
            check.code: Opinion(
                given[f"{check.code}-verdict"],
                # The page hides the reason of a passed question, so none that was typed before may stay.
                "" if given[f"{check.code}-verdict"] == Answer.PASS else given[f"{check.code}-remark"],
                given[f"{check.code}-part"],
            )
            for check in self.checks
            if given[f"{check.code}-verdict"]
        }


class QueueFilter(CategoryFilter):
    look_in = ("code", "title", "unit__name", "unit__short_name")
    fault = choice("审查意见", [("none", "尚未开始"), ("some", "有需补正或不通过")], method="with_fault")
    q = words("编号、项目名称或单位")

    def with_fault(self, rows, name, value):
        return rows.filter(answered=0) if value == "none" else rows.filter(faults__gt=0)


class BlindForm(forms.Form):
    """Whether a file may be opened by reviewers who do not know whose work it is."""

    ok = forms.ChoiceField(choices=[("1", "可供"), ("0", "不供")], widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True


class BlindCorrectionForm(ReasonForm):
    label, hint = "原因", "评委会看到，不写单位名称和人员姓名。"

    ok = BlindForm.base_fields["ok"]
