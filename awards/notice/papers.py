"""The notice and the answer to an objection as papers the office signs; the cases as a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import count

from django.utils import timezone

from awards.campaign.rules.working_days import local_date
from awards.notice.models import Notice, Objection, ObjectionState
from awards.notice.queries import listing, planned_period
from awards.notice.rules import CONSEQUENCES
from units.moments import chinese_date, chinese_period
from units.papers.document import OfficialPaper
from units.papers.typesetting import in_quotes

HEADERS, ALIGN = ("序号", "项目名称", "申报单位", "联合单位"), "clll"


def notice_paper(notice: Notice) -> OfficialPaper:
    """The notice in the official layout; a draft bears the days it would have if published now."""
    issuer = notice.campaign.organiser.name
    period = notice if notice.published_at else planned_period(notice, timezone.now())
    over = notice.is_over
    paper = OfficialPaper(notice.title, issuer)
    paper.paragraph(notice.basis)
    paper.paragraph(
        f"公示期为{chinese_period(period.first_day, period.last_day)}24:00，"
        f"共{notice.days}个工作日，发布当日不计。{notice.order_rule}。"
    )
    for extension in notice.extensions.all():
        paper.paragraph(str(extension))
    if acts := notice.two_person_acts:
        paper.paragraph(two_people_text(acts))
    if not over:
        paper.paragraph(objection_text())
        paper.paragraph(contact_text(notice))
    paper.attachments(["拟入选示范项目名单"])
    paper.signature(issuer, local_date(notice.published_at) if notice.published_at else timezone.localdate())
    paper.annex("附件", "拟入选示范项目名单")
    list_projects(paper, grouped(notice), "项")
    return paper


def list_projects(paper: OfficialPaper, groups: Iterable[tuple[str, list]], measure: str) -> None:
    """The lines by category, numbered through; a column of partners only where somebody has one."""
    groups, number = list(groups), count(1)
    columns = 4 if any(line.partner_names for _, lines in groups for line in lines) else 3
    for category, lines in groups:
        paper.heading(f"{category}（{len(lines)}{measure}）")
        rows = [(next(number), line.title, line.unit_name, line.partner_names or "—") for line in lines]
        paper.table(HEADERS[:columns], [row[:columns] for row in rows], align=ALIGN[:columns])


def two_people_text(acts: list[list]) -> str:
    """How the acts of two people ended, all kinds together; see `Notice.two_person_acts`."""
    confirmed, refused, lapsed = (sum(line[place] for line in acts) for place in (1, 2, 3))
    return (
        f"本次评选由两人办理的事项，到发布时共{confirmed + refused + lapsed}件："
        f"确认{confirmed}件，不予确认{refused}件，逾期失效{lapsed}件。"
    )


def objection_text() -> str:
    return (
        "公示期内，单位和个人对公示项目的真实性、参评资格有异议的，可以书面或在线提出，并附事实依据。"
        "单位提出的，加盖公章；个人提出的，请署真实姓名并留联系方式，对其身份保密。"
        "对得分本身的不同意见，不作为异议受理。"
    )


def contact_text(notice: Notice) -> str:
    """Where an objection is taken, a line each."""
    postcode = f"（邮编：{notice.postcode}）" if notice.postcode else ""
    lines = [
        ("受理部门", notice.office), ("联系电话", notice.phone), ("电子邮箱", notice.email),
        ("通信地址", notice.address and f"{notice.address}{postcode}"), ("受理时间", notice.office_hours),
    ]  # fmt: skip
    return "\n".join(f"{label}：{said}" for label, said in lines if said)


def grouped(notice: Notice) -> list[tuple[str, list]]:
    """The lines of a notice by category, in the order of the year."""
    groups: dict[str, list] = {}
    for line in listing(notice):
        groups.setdefault(line.nomination.category.name, []).append(line)
    return list(groups.items())


def reply_paper(objection: Objection, *, on: date | None = None) -> OfficialPaper:
    """异议答复函: to the objector, of a refusal or of the ruling."""
    issuer = objection.notice.campaign.organiser.name
    refused = objection.state == ObjectionState.REFUSED
    line = objection.notice.entries.get(nomination=objection.nomination)
    paper = OfficialPaper(f"关于{in_quotes(line.title)}{reply_name(objection)}", issuer)
    paper.addressee(objection.name)
    paper.paragraph(
        f"{chinese_date(local_date(objection.filed_at))}对{in_quotes(line.title)}（{line.unit_name}申报）提出的异议"
        f"（受理编号{objection.receipt}，类型：{objection.get_ground_display()}）收悉。"
    )
    if refused:
        paper.paragraph(f"经审查，该异议不予受理。理由：{objection.refused_reason}")
    else:
        ruling = objection.ruling
        paper.paragraph(
            f"本件于{chinese_date(local_date(objection.accepted_at))}受理，现将核查结果答复如下。"
        )
        paper.heading("核查情况").paragraph(ruling.findings)
        paper.heading("结论").paragraph(CONSEQUENCES[ruling.outcome].sentence)
        if ruling.correction:
            paper.paragraph(f"更正内容：{ruling.correction}")
    paper.paragraph("特此函复。")
    closed = objection.refused_at if refused else objection.ruling.ruled_at
    paper.signature(issuer, on or local_date(closed))
    return paper


def reply_name(objection: Objection) -> str:
    """What the letter is: an answer, or the word that the objection is not taken up."""
    refused = objection.state == ObjectionState.REFUSED
    return "异议不予受理的告知函" if refused else "异议的答复函"
