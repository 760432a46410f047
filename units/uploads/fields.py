"""The form field for a file that is inspected and made clean before anything is stored."""

from __future__ import annotations

from collections.abc import Collection

from django import forms

from units.uploads import Upload, receive
from units.uploads.facts import DEFAULT_KINDS, KINDS, TAKEN, UploadRefused


class UploadField(forms.FileField):
    """Clean value: an Upload. What the file may be is judged by its content; the browser is only told."""

    def __init__(self, *, allowed: Collection[str] = DEFAULT_KINDS, max_bytes: int | None = None, **kwargs):
        self.allowed, self.max_bytes = allowed, max_bytes
        accept = ",".join(f".{kind}" for kind in KINDS if kind in allowed)
        kwargs.setdefault("help_text", f"{TAKEN}。文件会去除作者、拍摄地点等信息。")
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), **kwargs)

    def clean(self, data, initial=None) -> Upload | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return receive(file, name=file.name, allowed=self.allowed, max_bytes=self.max_bytes)
        except UploadRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
