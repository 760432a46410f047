"""What goes with rows: why they go back, and their files."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from django import forms

from units.forms import NOTHING_SECRET
from units.kit.fields import LongTextField
from units.uploads.fields import UploadField


class SlugsField(forms.Field):
    """The ticked rows, carried along in hidden fields."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        return list(value or [])


class ReturnForm(forms.Form):
    """Why rows go back, and which ones."""

    reason = LongTextField(label="退回原因", max_length=300, help_text="写明要改什么，登记单位会看到。")
    pick = SlugsField(required=False)
    whole = forms.CharField(widget=forms.HiddenInput, required=False)
    act = forms.CharField(widget=forms.HiddenInput, required=False, initial="return")

    def __init__(self, *args, single: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if single:
            for name in ("pick", "whole", "act"):
                del self.fields[name]
        self.helper = FormHelper(self)


class FileForm(forms.Form):
    """One file of an activity."""

    file = UploadField(label="文件")
    nothing_secret = forms.BooleanField(
        label=NOTHING_SECRET, error_messages={"required": "请确认文件不涉密后再上传。"}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
