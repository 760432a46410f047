"""The 申报表 on paper: what the unit signs and seals, in the order of the form."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from awards import catalogue
from awards.nomination.models import Metric, Nomination
from awards.nomination.queries.answers import facts
from awards.nomination.queries.content import frozen_content
from awards.nomination.rules.freezing import digest_of_text, short_digest
from awards.nomination.rules.measured import measured_by
from services.models.activities import ServiceKind
from units.kit.columns import clock
from units.papers.document import OfficialPaper

SIGNED_BELOW = "\n负责人（签字）：\n　　　　　　　　　　（盖章）　　　年　　月　　日"


def application_paper(nomination: Nomination) -> OfficialPaper:
    """Of the last submission, or of the draft as it stands while the file is with its unit."""
    submission = None if nomination.is_with_the_unit else nomination.submissions.first()
    content = submission.content if submission else frozen_content(nomination)
    campaign = nomination.campaign
    paper = OfficialPaper(f"{campaign.title}申报表", campaign.organiser.name)
    paper.facts(_facts(nomination, content))
    for one in catalogue.typed(kind="text"):
        paper.heading(one.label).paragraph(content.get(one.code, ""))
    paper.heading("量化成效").table(
        ["指标", "实施前", "实施后", "记录数", "数据来源"],
        [_claim(claim, content["recorded"]) for claim in content["claims"]],
        [30, 18, 18, 18, 36],
    )
    for claim in content["claims"]:
        if claim.get("explanation"):
            paper.paragraph(f"{claim['indicator']}的说明：{claim['explanation']}")
    paper.heading("引用的服务记录").table(
        ["日期", "类别", "主题", "受益人次", "办结／受理"],
        [
            [
                _short_day(row["happened_on"]), ServiceKind(row["kind"]).label, row["subject"], row["beneficiaries"],
                f"{row['problems_closed']}／{row['problems_received']}",
            ]
            for row in content["activities"]
        ],
        [26, 20, 48, 20, 22],
    )  # fmt: skip
    if files := content["attachments"]:
        paper.heading("佐证材料清单").table(
            ["序号", "材料名称"],
            [(number, file["name"]) for number, file in enumerate(files, start=1)],
            [1, 9],
            align="cl",
        )
    paper.heading("审核意见").facts(
        [
            *((one.label, one.hint) for one in catalogue.typed(kind="tick")),
            *_printed(content, [one for one in catalogue.of_section("pledges") if one.kind != "tick"]),
            ("本单位党组织意见", SIGNED_BELOW),
            ("资格审查意见", SIGNED_BELOW),
            ("工委审定意见", SIGNED_BELOW),
        ],
        per_row=1,
    )
    stage = f"第{submission.number}次提交" if submission else f"草稿第{nomination.version}稿"
    return paper.foot(
        f"{stage}　内容校验{short_digest(digest_of_text(content))}　打印于{clock(timezone.now())}"
    )


def _facts(nomination: Nomination, content: dict) -> list[tuple[str, object]]:
    letter = nomination.category.letter
    asked = [one for one in catalogue.typed() if letter in one.categories and one.section != "pledges"]
    (title, *others) = _printed(content, asked)
    return [
        title,
        ("申报编号", nomination.code or "提交后生成"),
        ("申报类别", nomination.category.name),
        ("申报单位", content["unit"]["name"]),
        ("联合单位", "、".join(partner["name"] for partner in content["partners"]) or "无"),
        *others,
    ]


def _printed(content: dict, fields: list[catalogue.Field]) -> list[tuple[str, str]]:
    return [(fact.label, fact.text or fact.field.bare) for fact in facts(content, phones=True, fields=fields)]


def _claim(claim: dict, recorded: dict[str, str]) -> list[str]:
    measured = measured_by(claim["metric"], claim["indicator"], claim["measure"])
    figure = "不统计" if measured == Metric.OTHER else recorded[measured]
    return [
        claim["indicator"],
        claim["before"],
        f"{claim['value']}{claim['measure']}",
        figure,
        claim["source"],
    ]


def _short_day(iso: str) -> str:
    """2026.4.14: fits the narrow column of the records."""
    day = date.fromisoformat(iso)
    return f"{day.year}.{day.month}.{day.day}"
