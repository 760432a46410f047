"""An uploaded workbook carried in the page between its preview and its saving.

Nothing is left behind on the server when nobody confirms; what comes back is read and checked again.
"""

import base64
import io

from django import forms

MOST_BYTES = 2 * 1024 * 1024  # as text it is a third longer, and a form may hold 5 MB


class WorkbookField(forms.FileField):
    """A workbook small enough to be carried in the page."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.FileInput(attrs={"accept": ".xlsx"}), **kwargs)

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError("文件超过2MB，请分成几个文件导入。")
        return file


def carried(file) -> str:
    """The file's bytes as text for a hidden field."""
    file.seek(0)
    return base64.b64encode(file.read()).decode()


def unpacked(content: str) -> io.BytesIO:
    """The file again. Raises ValueError when the text did not come back whole."""
    return io.BytesIO(base64.b64decode(content, validate=True))
