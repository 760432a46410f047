"""The one form that asks why."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from django import forms

from units.kit.fields import LongTextField


class ReasonForm(forms.Form):
    """The reason of an act, on its page; kept in the log, and told to whom it concerns where the page says so.

    label and hint are the words beside the box, longest its limit in 字.
    """

    label, hint, needed, longest = "理由", "", True, 300

    reason = LongTextField()  # its place among the fields of a subclass

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = LongTextField(
            label=self.label, help_text=self.hint, required=self.needed, max_length=self.longest
        )
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True

    @classmethod
    def asking(cls, label: str, **words) -> type[ReasonForm]:
        """The same under other words: `ReasonForm.asking("延期理由")`, hint=, needed=, longest=."""
        return type(cls.__name__, (cls,), {"label": label, **words})
