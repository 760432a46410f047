"""What a unit puts forward: the words, the figures and the papers of a nomination, from one line of data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from awards.catalogue import known
from awards.demo.chance import chance
from awards.demo.log import Log, Subject
from awards.demo.papers import Paper, pdf_bytes, png_bytes
from awards.demo.writing import Figures, Project, texts_of
from awards.nomination.models import AttachmentKind, Metric
from services.models.activities import Activity, ServiceKind
from units.models import Unit

CITED = {
    "F": ("需求走访", "集中服务日", "现场办理", "回访座谈", "宣讲推介"),
    "Z": ("试行座谈", "业务培训", "运行情况调研", "政策宣讲", "办理情况回访"),
    "X": ("现场推进会", "难题会商", "质量安全检查", "节点验收", "群众意见征求"),
}
FIRMS = ("企业", "项目", "纳税人", "机构", "经营", "作坊", "园区")


@dataclass
class File:
    """One nomination to be made. overclaim: share by which the claimed beneficiaries exceed the recorded.

    thin: an unfinished draft, no effect, no figures. sent_at: when its unit hands it over; None for a draft.
    """

    project: Project
    unit: Unit
    year: int
    cited: list[Activity]
    sent_at: datetime | None = None
    partners: tuple[str, ...] = ()
    overclaim: Decimal = Decimal(0)
    thin: bool = False
    answers: dict[str, Any] = field(init=False)

    def __post_init__(self):
        self.answers = _answers(self)

    @property
    def key(self) -> tuple[str, str]:
        return self.project.unit, self.project.letter

    @property
    def claims(self) -> list[dict[str, Any]]:
        return [] if self.thin else _claims(self)

    @property
    def papers(self) -> list[Paper]:
        return _papers(self) if self.sent_at else []


def cite(log: Log, project: Project, *, first: date, last: date) -> list[Activity]:
    """Log the activities a nomination will cite: four or five of its unit, spread over the span."""
    unit = log.people.units[project.unit]
    dice = chance("cited", log.year, project.unit, project.title)
    kind = _kind_of(project)
    chosen = CITED[project.letter][: dice.choice((4, 5))]
    span = max((last - first).days, len(chosen)) // len(chosen)
    cited = []
    for number, words in enumerate(chosen):
        start = first + timedelta(days=number * span)
        day = log.day_between(start, start + timedelta(days=max(span - 2, 0)), dice)
        subject = Subject(kind, f"{project.short}{words}"[:60], project.target)
        cited.append(log.add(unit, subject, day))
    return cited


def _kind_of(project: Project) -> str:
    if project.letter == "X":
        return ServiceKind.PROJECT
    if any(word in project.target for word in FIRMS):
        return ServiceKind.ENTERPRISE
    return (
        ServiceKind.GRASSROOTS if "村" in project.target or "基层" in project.target else ServiceKind.PEOPLE
    )


def _figures(file: File) -> Figures:
    dice = chance("satisfaction", file.project.title)
    days = [activity.happened_on for activity in file.cited]
    return Figures(
        events=len(file.cited),
        beneficiaries=sum(activity.beneficiaries for activity in file.cited),
        received=sum(activity.problems_received for activity in file.cited),
        closed=sum(activity.problems_closed for activity in file.cited),
        months=max(3, (max(days) - min(days)).days // 30 + 2),
        satisfaction=Decimal(dice.randrange(860, 995)) / 10,
    )


def _answers(file: File) -> dict[str, Any]:
    """The form's fields, by category."""
    project, figures, unit = file.project, _figures(file), file.unit
    dice = chance("answers", file.year, project.title)
    texts = texts_of(project, figures)
    if file.thin:
        return {
            "title": project.title,
            "service_kinds": [_kind_of(project)],
            "background": texts["background"],
        }
    first = min(activity.happened_on for activity in file.cited)
    answers = {
        "title": project.title,
        **texts,
        "service_kinds": [_kind_of(project)],
        "started_on": first - timedelta(days=dice.randrange(5, 40)),
        "target": project.target,
        "leader_name": "党组织书记",
        "leader_duty": f"{unit.top}党组织书记",
        "leader_phone": f"0546-8200{unit.order:03d}",
        "contact_name": "党务干部",
        "contact_phone": f"0546-8201{unit.order:03d}",
        "pledged": True,
    }
    if file.sent_at:
        day = file.sent_at.date()
        answers |= {
            "unit_notice_from": day - timedelta(days=11),
            "unit_notice_to": day - timedelta(days=3),
        }
    if project.letter in "FZ":
        answers["innovation_kind"] = dice.choice(list(known("innovation_kind").choices))
    if project.letter == "F":
        answers |= {
            "satisfaction_sample": dice.randrange(40, 240),
            "satisfaction_percent": figures.satisfaction,
        }
    if project.letter == "Z":
        number = dice.randrange(3, 60)
        answers["document_number"] = f"东区政办字〔{file.year}〕{number}号"
    if project.letter == "X":
        planned = Decimal(dice.randrange(80, 2600) * 10)
        answers |= {
            "project_kind": dice.choice(list(known("project_kind").choices)),
            "investment_planned": planned,
            "investment_done": planned * dice.randrange(88, 106) / 100,
        }
    return answers


def _claims(file: File) -> list[dict[str, Any]]:
    figures = _figures(file)
    dice = chance("claims", file.year, file.project.title)
    claimed = int(figures.beneficiaries * (1 + file.overclaim))
    lines = [
        (Metric.EVENTS, "开展活动", "", figures.events, "场", "服务记录"),
        (Metric.BENEFICIARIES, "受益人（户）次", "", claimed, "人次", "服务记录"),
    ]
    if figures.received:
        lines.append((Metric.PROBLEMS_CLOSED, "办结诉求", "", figures.closed, "件", "服务记录"))
    if file.project.letter == "Z":
        before = dice.randrange(8, 30)
        lines.append(
            (Metric.OTHER, "平均办理用时", f"{before}个工作日", dice.randrange(1, 7), "工作日", "办件系统")
        )
    if file.project.letter == "X":
        lines.append((Metric.OTHER, "年度投资完成率", "", dice.randrange(92, 106), "%", "项目台账"))
    return [
        {
            "metric": metric,
            "indicator": indicator,
            "before": before,
            "value": Decimal(value),
            "measure": measure,
            "source": source,
        }
        for metric, indicator, before, value, measure, source in lines
    ]


def _papers(file: File) -> list[Paper]:
    """The stamped form; from every other a chart for the reviewers; for a Z the text that was issued."""
    papers = [stamped_form(file)]
    if chance("chart", file.project.title).random() < 0.5:
        chart = png_bytes(file.year, file.project.title)
        papers.append(Paper(AttachmentKind.IMAGE, "各月服务量.png", chart, blind=True))
    if file.project.letter == "Z":
        lines = [
            f"第{number}条　{words}。" for number, words in zip("一二三", file.project.measures, strict=True)
        ]
        policy = pdf_bytes("制度文本（节选）", lines)
        papers.append(Paper(AttachmentKind.POLICY, "制度文本.pdf", policy, blind=True))
    return papers


def stamped_form(file: File, name: str = "盖章申报表.pdf", word: str = "演示印章") -> Paper:
    lines = [f"项目名称：{file.project.title}", f"申报单位：{file.unit.name}", "单位党组织意见：同意申报。"]
    return Paper(AttachmentKind.SEALED, name, pdf_bytes("申报表（盖章页）", lines, seal=word), blind=False)
