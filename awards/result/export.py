"""The year's results as plain files for a column of the district's portal, beside those of the notice."""

from __future__ import annotations

from itertools import groupby

from django.template.loader import render_to_string

from awards.campaign.models import Campaign
from awards.notice.export import packed
from awards.result.papers import by_category, circular, honour_of
from awards.result.queries import results
from awards.result.rules import wording
from units.papers.typesetting import balanced


def static_results(campaign: Campaign) -> bytes:
    """A zip: index.html with every announced project, revoked ones marked, and the circulars as Word.

    Raises ValueError before anything was announced.
    """
    rows = list(results(campaign))
    if not rows:
        raise ValueError("nothing was announced yet")
    valid = [row for row in rows if not row.revoked_at]
    title = f"{honour_of(campaign)}名单"
    files, papers = {}, []
    by_number = sorted(valid, key=lambda row: row.document_number)
    printed = [] if campaign.from_papers else [row for row in by_number if row.document_number]
    for number, own in groupby(printed, lambda row: row.document_number):
        name = f"circular-{len(papers) + 1}.docx"
        files[name] = circular(campaign, number, own).to_bytes()
        papers.append((number, name))
    context = {
        "title": title, "title_lines": balanced(title), "issuer": campaign.organiser.name,
        "dated": max(row.announced_at for row in rows), "groups": by_category(rows), "papers": papers,
        "total": len(rows), "revoked": len(rows) - len(valid), "honour": honour_of(campaign),
        "words": wording(campaign.approval_number),
    }  # fmt: skip
    page = render_to_string("awards/result/static.html", context)
    return packed({"index.html": page.encode()} | files)
