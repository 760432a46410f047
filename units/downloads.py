"""Answers that the browser saves and never shows."""

import re

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

from units.papers.values import printable

SEPARATORS = re.compile(r'[\\/:*?"<>|\n\t]+')
WORDS = 120


def file_name(name: str) -> str:
    """A name that Windows, WPS and a header can all hold; its ending is kept, the rest is cut at 120 characters."""
    clean = SEPARATORS.sub("_", printable(name)).strip(" ._") or "未命名"
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 5:
        return clean[:WORDS]
    return f"{stem[: WORDS - len(ending) - 1]}.{ending}"


def attachment_response(content, display_name: str, content_type: str) -> HttpResponse:
    """`content` (bytes, or an open file that is then sent in pieces) as a download.

    Whatever the file turns out to hold, the browser neither guesses its kind nor runs it in our origin, and no
    cache keeps it: who may read it is asked again each time.
    """
    if isinstance(content, bytes):
        response = HttpResponse(content, content_type=content_type)
        response["Content-Length"] = str(len(content))
    else:
        response = FileResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, file_name(display_name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
