"""Files that people hand in: what they are by content, made harmless, and given back only as a download.

inspect(file, name=…)    what kind of file it is, or UploadRefused with the sentence the user reads
clean_image(file, name=…)  an image drawn anew, without place, camera and whatever hung behind it
receive(file, name=…)    both, ready to be saved in a FileField: the one call a form needs
upload_path              `upload_to` of such a field: a random name, so that no path can be guessed
attachment_response      the file as a download

Whether a person may read a file is asked of its row, never of its name or hash. The default storage must lie
outside everything a web server hands out.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.core.files.base import ContentFile, File

from units.downloads import attachment_response
from units.uploads.facts import DEFAULT_KINDS, KINDS, FileFacts, UploadRefused, display_name
from units.uploads.images import clean_image
from units.uploads.inspection import inspect

__all__ = [
    "DEFAULT_KINDS", "KINDS", "FileFacts", "Upload", "UploadRefused",
    "attachment_response", "clean_image", "display_name", "inspect", "receive", "upload_path",
]  # fmt: skip


@dataclass(frozen=True)
class Upload:
    """An accepted file: what to store, under which name to show it, and its facts."""

    content: File
    display_name: str
    facts: FileFacts


def receive(
    file, *, name: str, allowed: Collection[str] = DEFAULT_KINDS, max_bytes: int | None = None
) -> Upload:
    """Check an uploaded file and clean it. Raises UploadRefused."""
    facts = inspect(file, name=name, allowed=allowed, max_bytes=max_bytes)
    shown = display_name(name)
    if facts.kind in ("jpg", "png"):
        content, facts = clean_image(file, name=name)
        return Upload(ContentFile(content, name=f"file.{facts.kind}"), shown, facts)
    file.seek(0)
    return Upload(File(file, name=f"file.{facts.kind}"), shown, facts)


def upload_path(instance, filename: str) -> str:
    """A name that says nothing of the file but its ending, spread over 256 folders."""
    token = secrets.token_hex(16)
    ending = filename.rpartition(".")[2].lower()
    return f"uploads/{token[:2]}/{token}.{ending if ending in KINDS else 'bin'}"
