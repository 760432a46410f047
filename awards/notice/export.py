"""The notice as plain files for a column of the district's portal: no script, no request to anywhere."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from awards.notice.models import Notice
from awards.notice.pages import notice_context
from awards.notice.papers import notice_paper
from awards.ranking.models import Ranking
from awards.scoring.checker import checker_source

STYLES = ("vendor/bootstrap/css/bootstrap.min.css", "css/theme.css")


def static_pages(notice: Notice) -> bytes:
    """A zip: index.html, its styles, the paper, and the record with its checker; opens from a folder."""
    context = notice_context(notice) | {"title": notice.title, "dated": notice.published_at}
    files = {
        "index.html": render_to_string("awards/notice/static.html", context).encode(),
        "notice.docx": notice_paper(notice).to_bytes(),
    }
    if notice.ranking_id:
        text = Ranking.objects.values_list("record", flat=True).get(pk=notice.ranking_id)
        files["record.json"], files["verify.py"] = text.encode(), checker_source().encode()
    return packed(files)


def packed(files: dict[str, bytes]) -> bytes:
    """These files and the portal's styles as a zip; the same files make the same bytes."""
    styles = {
        f"css/{Path(style).name}": without_outside(Path(finders.find(style)).read_text()).encode()
        for style in STYLES
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in (files | styles).items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            pack.writestr(entry, content)
    return out.getvalue()


def without_outside(style: str) -> str:
    """A style sheet without its comments: they name the hosts of its makers."""
    return re.sub(r"/\*.*?\*/", "", style, flags=re.S)
