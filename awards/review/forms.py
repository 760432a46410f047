"""The score sheet as a form, and the two exits that ask for a reason."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from awards.campaign.models import Criterion
from awards.panel.rules.conflicts import DECLARED, Tie
from awards.review.actions import COMMENT_LIMIT
from awards.review.models import ScoreSheet
from awards.review.rules import clean_mark
from awards.review.scale import levels, scale
from awards.scoring.numbers import Refused, plain
from units.kit.fields import LongTextField
from units.kit.reasons import ReasonForm
from units.papers.values import bare_number

PREFIX = "mark_"


class MarkField(forms.CharField):
    """A mark as typed: full-width digits and 。 of a Chinese keyboard are taken; left empty it is open."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, criterion: Criterion):
        super().__init__(label=criterion.label, required=False, max_length=20)
        self.maximum = Decimal(plain(criterion.maximum))  # the refusal prints it

    def to_python(self, value) -> str:
        return bare_number(super().to_python(value))

    def clean(self, value) -> Decimal | None:
        if not (text := super().clean(value)):
            return None
        try:
            return clean_mark(text, self.maximum)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class MarksForm(forms.Form):
    """One sheet: a mark per criterion and a comment."""

    comment = LongTextField(label="评语", required=False, max_length=COMMENT_LIMIT, rows=2)

    def __init__(self, *args, criteria: list[Criterion], **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[PREFIX + criterion.code] = MarkField(criterion)

    @staticmethod
    def values_of(sheet: ScoreSheet | None, criteria: list[Criterion]) -> dict[str, str]:
        """What a page built from this sheet shows; criteria carry `mark`."""
        marks = {PREFIX + one.code: "" if one.mark is None else plain(one.mark) for one in criteria}
        return {"comment": sheet.comment if sheet else "", **marks}

    @property
    def marks(self) -> dict[str, Decimal | None]:
        return {one.code: self.cleaned_data[PREFIX + one.code] for one in self.criteria}

    def rows(self) -> list[dict]:
        """Per criterion what the template draws: field, levels, scale."""
        found = []
        for number, criterion in enumerate(self.criteria, start=1):
            field = self[PREFIX + criterion.code]
            mark = self._shown_mark(criterion, field)
            found.append(
                {
                    "number": number,
                    "criterion": criterion,
                    "field": field,
                    "mark": mark,
                    "maximum": plain(criterion.maximum),
                    "weight": plain(criterion.weight),
                    "levels": levels(criterion.maximum, criterion.anchors, mark),
                    "scale": scale(criterion.maximum, criterion.earlier, mark),
                }
            )
        return found

    def _shown_mark(self, criterion: Criterion, field) -> Decimal | None:
        try:
            return field.field.clean(field.value() or "")
        except forms.ValidationError:
            return None


AbstainForm = ReasonForm.asking("弃评理由")


class ConflictForm(ReasonForm):
    label = "关系说明"

    kind = forms.ChoiceField(
        label="回避情形",
        choices=[(tie.value, tie.label) for tie in Tie if tie in DECLARED],
        widget=forms.RadioSelect,
    )
    field_order = ["kind", "reason"]
