"""The results as papers: the circular under the red head, the words of a certificate, the year's list."""

from __future__ import annotations

import io
from collections.abc import Iterable

import segno

from awards.campaign.models import Campaign
from awards.campaign.rules.working_days import local_date
from awards.notice.papers import list_projects
from awards.notice.queries import source_of
from awards.result.models import Result
from awards.result.rules import certificate_date, wording
from units.papers.document import OfficialPaper
from units.papers.typesetting import in_quotes


def honour_of(campaign: Campaign) -> str:
    """What one is selected as: 2026年度“三个最佳”示范项目."""
    return campaign.title.removesuffix("评选") + wording(campaign.approval_number).honour


def sentence_of(result: Result) -> str:
    """The one sentence a certificate says."""
    words = wording(result.campaign.approval_number)
    units = "、".join([result.unit_name, *filter(None, [result.partner_names])])
    joint = "联合申报" if result.partner_names else "申报"
    return f"{units}{joint}的{in_quotes(result.title)}，{words.verb}{honour_of(result.campaign)}（{result.category}）。"


def dated(result: Result) -> str:
    """The day of announcing in characters, as certificates write it."""
    return certificate_date(local_date(result.announced_at))


def circular(campaign: Campaign, number: str, results: Iterable[Result]) -> OfficialPaper:
    """通报 (or 表彰通报 where approved) of everything announced under one document number."""
    results = list(results)
    issuer, words = campaign.organiser.name, wording(campaign.approval_number)
    day = local_date(results[0].announced_at)
    title = f"关于{honour_of(campaign)}的{words.paper}"
    paper = OfficialPaper(title, issuer, number, red_head=True)
    paper.addressee("区直各部门、单位党组织")
    approved = f"经{campaign.approval_number}批准，" if words.plaque else ""
    paper.paragraph(
        f"{source_of(campaign)}，经单位申报、资格审查、评审、工委会议审定和公示，{approved}"
        f"现将{len(results)}个{honour_of(campaign)}予以{words.paper}（名单附后）。"
    )
    paper.paragraph(
        "各党组织要学习借鉴示范项目的做法，结合实际抓好推广。入选项目如发现材料不实等情形，撤销入选并予公布。"
    )
    listed = f"{honour_of(campaign)}名单"
    paper.attachments([listed])
    paper.signature(issuer, day)
    paper.note("此件公开发布")
    paper.annex("附件", listed)
    list_projects(paper, by_category(results), "个")
    paper.imprint(campaign.contact_office or f"{campaign.organiser}办公室", day)
    return paper


def by_category(results: Iterable[Result]) -> list[tuple[str, list[Result]]]:
    groups: dict[str, list[Result]] = {}
    for line in results:
        groups.setdefault(line.category.name, []).append(line)
    return list(groups.items())


def qr_svg(text: str) -> bytes:
    """A QR code as a picture file: no style, no script, prints sharp at any size."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=4, border=2, xmldecl=False)
    return out.getvalue()
