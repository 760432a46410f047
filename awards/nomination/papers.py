"""The 申报表 on paper: what the unit signs and seals, in the order of the form."""

from __future__ import annotations

from datetime import date

from awards.nomination.models import BODY_SECTIONS, InnovationKind, Metric, Nomination, ProjectKind
from awards.nomination.queries import frozen_content
from services.models import ServiceKind
from units.papers.document import OfficialPaper
from units.papers.typesetting import chinese_date

SIGNED_BELOW = "\n\n　　　　　　　　　　（盖章）　　　年　　月　　日"


def application_paper(nomination: Nomination) -> OfficialPaper:
    """Of the last submission, or of the draft as it stands while the file is with its unit."""
    submission = None if nomination.is_with_the_unit else nomination.submissions.first()
    content = submission.content if submission else frozen_content(nomination)
    campaign = nomination.campaign
    paper = OfficialPaper(f"{campaign.title}申报表", campaign.organiser.name)
    paper.facts(_facts(nomination, content))
    paper.heading("摘要").paragraph(content["summary"])
    for name, label in BODY_SECTIONS.items():
        paper.heading(label).paragraph(content[name])
    paper.heading("量化成效").table(
        ["指标", "实施前", "实施后", "记录数", "数据来源"],
        [_claim(claim, content["recorded"]) for claim in content["claims"]],
        [30, 18, 18, 18, 36],
    )
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
    paper.heading("审核意见").facts(
        [
            ("申报承诺", "申报内容真实，不涉及国家秘密、工作秘密和敏感个人信息，同一项目未在其他类别申报。"),
            ("本单位公示", _period(content["unit_notice_from"], content["unit_notice_to"])),
            ("本单位党组织意见", SIGNED_BELOW),
            ("资格审查意见", SIGNED_BELOW),
            ("工委审定意见", SIGNED_BELOW),
        ],
        per_row=1,
    )
    return paper


def _facts(nomination: Nomination, content: dict) -> list[tuple[str, object]]:
    kinds = "、".join(ServiceKind(kind).label for kind in content["service_kinds"])
    facts = [
        ("项目名称", content["title"]),
        ("申报编号", nomination.code or "提交后生成"),
        ("申报类别", nomination.category.name),
        ("申报单位", content["unit"]["name"]),
        ("联合单位", "、".join(partner["name"] for partner in content["partners"]) or "无"),
        ("服务维度", kinds),
        ("实施时间", _period(content["started_on"], content["ended_on"])),
        ("服务对象与覆盖范围", content["target"]),
        ("项目负责人", f"{content['leader_name']}　{content['leader_duty']}"),
        ("负责人电话", content["leader_phone"]),
        ("联系人", content["contact_name"]),
        ("联系人电话", content["contact_phone"]),
    ]
    letter = nomination.category.letter
    if letter in "FZ" and content["innovation_kind"]:
        facts.append(("创新类型", InnovationKind(content["innovation_kind"]).label))
    if letter == "Z":
        facts.append(("制度文号", content["document_number"]))
    if letter == "X":
        kind = ProjectKind(content["project_kind"]).label if content["project_kind"] else ""
        facts += [
            ("项目类型", kind),
            ("年度计划投资（万元）", content["investment_planned"] or ""),
            ("完成投资（万元）", content["investment_done"] or ""),
        ]
    if content["satisfaction_percent"]:
        sample = content["satisfaction_sample"]
        facts.append(
            ("满意度", f"{content['satisfaction_percent']}%" + (f"（样本{sample}）" if sample else ""))
        )
    facts.append(("曾获奖情况", content["earlier_awards"] or "无"))
    return facts


def _claim(claim: dict, recorded: dict[str, str]) -> list[str]:
    figure = "不统计" if claim["metric"] == Metric.OTHER else recorded[claim["metric"]]
    return [
        claim["indicator"],
        claim["before"],
        f"{claim['value']}{claim['measure']}",
        figure,
        claim["source"],
    ]


def _period(first: str | None, last: str | None) -> str:
    return "至".join(_day(day) for day in (first, last) if day)


def _day(iso: str) -> str:
    return chinese_date(date.fromisoformat(iso))


def _short_day(iso: str) -> str:
    """2026.4.14: fits the narrow column of the records."""
    day = date.fromisoformat(iso)
    return f"{day.year}.{day.month}.{day.day}"
