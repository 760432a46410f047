"""The reader's work on an upload: judged, made clean of its makers, its text brought along."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import asdict, replace
from typing import IO

from units.uploads import film, images, office, pdf, pdf_text
from units.uploads.facts import MEGABYTE, display_name
from units.uploads.inspection import inspect

MOST_LETTERS = 200_000
NO_TEXT = re.compile("[\x00\ud800-\udfff]")
# What these keep of their makers lies all over the file; only another kind is free of it.
NEVER_CLEAN = {"wps": "wps文件记有作者和保存过的电脑", "et": "et文件记有作者和保存过的电脑"}


def take(
    source: IO[bytes], target: IO[bytes], *, name: str, allowed: Collection[str], max_bytes: int | None
) -> dict:
    """The facts, the text and what is left of the makers; a changed copy, if it had to change, in `target`."""
    facts = inspect(source, name=name, allowed=allowed, max_bytes=max_bytes)
    shown, kind = display_name(name), facts.kind
    text, is_read, traces = "", False, []
    if kind in ("jpg", "png"):
        target.write(images.drawn(source, shown))
    elif kind in ("docx", "xlsx", "ofd"):
        contents = office.take(source, target, kind, shown)
        text, is_read, traces = contents.text, True, contents.traces
    elif kind == "pdf":
        traces, file = pdf.take(source, target, shown)
        text, is_read = pdf_text.text_of(file)
    elif kind == "mp4":
        film.take(source, target, facts.size)
    elif kind in NEVER_CLEAN:
        traces = [NEVER_CLEAN[kind]]
    target.flush()
    if target.tell():
        target.seek(0)
        facts = replace(facts, **_measured(target))
    text = re.sub(r"\s*\n\s*", "\n", NO_TEXT.sub("", text))
    return {
        "facts": asdict(facts),
        "text": text[:MOST_LETTERS],
        "is_read": is_read and len(text) <= MOST_LETTERS,
        "traces": [NO_TEXT.sub("", trace)[:100] for trace in traces[:20]],
    }


def _measured(file: IO[bytes]) -> dict:
    digest, size = hashlib.sha256(), 0
    while block := file.read(MEGABYTE):
        digest.update(block)
        size += len(block)
    return {"sha256": digest.hexdigest(), "size": size}
