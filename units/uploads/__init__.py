"""Files that people hand in: what they are by content, made harmless, and given back only as a download.

receive(file, name=…)    the one call a form needs: what kind of file it is, or UploadRefused with the sentence the
                         user reads; without its makers' traces, ready to be saved in a FileField. Read apart.
upload_path              `upload_to` of such a field: a random name, so that no path can be guessed
inspection.inspect       the judgement alone, in this process

Whether a person may read a file is asked of its row, never of its name or hash. The default storage must lie
outside everything a web server hands out.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field

from django.core.files.base import File

from units.uploads.apart import run_apart
from units.uploads.facts import DEFAULT_KINDS, KINDS, FileFacts, renamed
from units.uploads.taking import take


@dataclass(frozen=True)
class Upload:
    """An accepted file: what to store, under which name to show it, and its facts.

    text: what it says, as far as it can be read; is_read: whether that is all. traces: what its properties still say
    of its makers, where they could not be taken out.
    """

    content: File
    display_name: str
    facts: FileFacts
    text: str = ""
    is_read: bool = False
    traces: list[str] = field(default_factory=list)


def receive(
    file, *, name: str, allowed: Collection[str] = DEFAULT_KINDS, max_bytes: int | None = None
) -> Upload:
    """Check an uploaded file and clean it, in a process that can be ended. Raises UploadRefused."""
    taken, made = run_apart(take, file, name=name, allowed=list(allowed), max_bytes=max_bytes)
    facts = FileFacts(**taken.pop("facts"))
    is_new = facts.sha256 != facts.original_sha256
    content = File(made if is_new else file, name=f"file.{facts.kind}")
    return Upload(content, renamed(name, facts.kind), facts, **taken)


def upload_path(instance, filename: str) -> str:
    """A name that says nothing of the file but its ending, spread over 256 folders."""
    token = secrets.token_hex(16)
    ending = filename.rpartition(".")[2].lower()
    return f"uploads/{token[:2]}/{token}.{ending if ending in KINDS else 'bin'}"
