"""Nominations with everything that hangs on them: texts, claims, cited records, files, submissions, checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import F
from django.db.models.functions import Coalesce

from awards.campaign.models import Campaign
from awards.demo.chance import chance, slug
from awards.demo.log import Log, Subject
from awards.demo.papers import attachment, pdf_bytes, png_bytes
from awards.demo.people import People
from awards.demo.writing import Figures, Project, texts_of
from awards.nomination.models import (
    Attachment,
    AttachmentKind,
    Claim,
    Evidence,
    InnovationKind,
    Metric,
    Nomination,
    Partner,
    ProjectKind,
    Submission,
)
from awards.nomination.queries import frozen_content
from awards.nomination.rules import digest_of_content
from awards.screening.models import ScreeningCheck, Verdict
from awards.screening.rules import checks_for
from awards.screening.rules.remarks import PART_OF_CHECK
from awards.states import IN_THE_RACE, State
from services.models import Activity, LogState, ServiceKind

CITED = {
    "F": ("需求走访", "集中服务日", "现场办理", "回访座谈", "宣讲推介"),
    "Z": ("试行座谈", "业务培训", "运行情况调研", "政策宣讲", "办理情况回访"),
    "X": ("现场推进会", "难题会商", "质量安全检查", "节点验收", "群众意见征求"),
}
FIRMS = ("企业", "项目", "纳税人", "机构", "经营", "作坊", "园区")
# Never submitted: no code, no submission, no place taken.
UNSENT = frozenset({State.DRAFT, State.UNIT_REVIEW})


@dataclass
class File:
    """One nomination to be made. overclaim: share by which the claimed beneficiaries exceed the recorded."""

    project: Project
    state: State
    cited: list[Activity]
    submitted_at: datetime | None = None
    partners: tuple[str, ...] = ()
    overclaim: Decimal = Decimal(0)
    thin: bool = False  # an unfinished draft: no effect, no figures
    resubmitted_at: datetime | None = None  # the first submission then lacked half of its results
    faults: dict[str, str] = field(default_factory=dict)  # part of the form → what was wrong with it
    columns: dict = field(default_factory=dict)


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


def add_files(campaign: Campaign, people: People, files: list[File]) -> list[Nomination]:
    """Write the nominations in bulk; in the order of the files, codes counted within each category."""
    categories = {category.letter: category for category in campaign.categories.all()}
    counts = dict.fromkeys(categories, 0)
    nominations = []
    for file in files:
        letter = file.project.letter
        code = None
        if file.state not in UNSENT and file.submitted_at:
            counts[letter] += 1
            code = f"{campaign.code}-{letter}-{counts[letter]:03d}"
        nominations.append(
            Nomination(
                campaign=campaign,
                category=categories[letter],
                unit=people.units[file.project.unit],
                slug=slug("nomination", campaign.code, file.project.title),
                code=code,
                state=file.state,
                submitted_at=file.resubmitted_at or file.submitted_at,
                created_by=people.logger_of(people.units[file.project.unit]),
                **_answers(file, campaign, people),
                **file.columns,
            )
        )
    Nomination.objects.bulk_create(nominations)
    _add_rows(people, files, nominations)
    _submit(campaign, people, [(f, n) for f, n in zip(files, nominations, strict=True) if n.code])
    # Not the minute of the loading, in which the database would have it all happen.
    Nomination.objects.filter(campaign=campaign).update(
        created_at=Coalesce(F("submitted_at") - timedelta(days=9), F("created_at")),
        updated_at=Coalesce("decided_at", "submitted_at", "updated_at"),
    )
    return nominations


def _figures(file: File) -> Figures:
    reviewed = [activity for activity in file.cited if activity.state == LogState.REVIEWED]
    dice = chance("satisfaction", file.project.title)
    first = min((activity.happened_on for activity in reviewed), default=date(2020, 1, 1))
    last = max((activity.happened_on for activity in reviewed), default=first)
    return Figures(
        events=len(reviewed),
        beneficiaries=sum(activity.beneficiaries for activity in reviewed),
        received=sum(activity.problems_received for activity in reviewed),
        closed=sum(activity.problems_closed for activity in reviewed),
        months=max(3, (last - first).days // 30 + 2),
        satisfaction=Decimal(dice.randrange(860, 995)) / 10,
    )


def _answers(file: File, campaign: Campaign, people: People) -> dict:
    """The form's fields, by category."""
    project, figures = file.project, _figures(file)
    dice = chance("answers", campaign.code, project.title)
    unit = people.units[project.unit]
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
    if file.submitted_at:
        day = file.submitted_at.date()
        answers |= {
            "unit_notice_from": day - timedelta(days=11),
            "unit_notice_to": day - timedelta(days=3),
        }
    if project.letter in "FZ":
        answers["innovation_kind"] = dice.choice(InnovationKind.values)
    if project.letter == "F":
        answers |= {
            "satisfaction_sample": dice.randrange(40, 240),
            "satisfaction_percent": figures.satisfaction,
        }
    if project.letter == "Z":
        number = dice.randrange(3, 60)
        answers["document_number"] = f"东区政办字〔{campaign.year}〕{number}号"
    if project.letter == "X":
        planned = Decimal(dice.randrange(80, 2600) * 10)
        answers |= {
            "project_kind": dice.choice(ProjectKind.values),
            "investment_planned": planned,
            "investment_done": planned * dice.randrange(88, 106) / 100,
        }
    return answers


def _add_rows(people: People, files: list[File], nominations: list[Nomination]) -> None:
    claims, evidence, partners, papers = [], [], [], []
    for file, nomination in zip(files, nominations, strict=True):
        evidence += [Evidence(nomination=nomination, activity=activity) for activity in file.cited]
        if file.thin:
            continue
        claims += _claims(file, nomination)
        for code in file.partners:
            unit = people.units[code]
            partners.append(
                Partner(
                    nomination=nomination,
                    unit=unit,
                    confirmed_at=file.submitted_at and file.submitted_at - timedelta(days=2),
                    confirmed_by=people.secretary_of(unit) if file.submitted_at else None,
                )
            )
        if file.submitted_at:
            papers += _papers(file, nomination, people)
    Claim.objects.bulk_create(claims)
    Evidence.objects.bulk_create(evidence)
    Partner.objects.bulk_create(partners)
    Attachment.objects.bulk_create(papers)


def _claims(file: File, nomination: Nomination) -> list[Claim]:
    figures = _figures(file)
    dice = chance("claims", nomination.slug)
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
        Claim(
            nomination=nomination,
            metric=metric,
            indicator=indicator,
            before=before,
            value=Decimal(value),
            measure=measure,
            source=source,
            order=order,
        )
        for order, (metric, indicator, before, value, measure, source) in enumerate(lines)
    ]


def _papers(file: File, nomination: Nomination, people: People) -> list[Attachment]:
    """The stamped form; a chart for the reviewers; for a Z the text that was issued."""
    by, at = people.logger_of(nomination.unit), file.submitted_at
    form = pdf_bytes(
        "申报表（盖章页）",
        [f"项目名称：{nomination.title}", f"申报单位：{nomination.unit.name}", "单位党组织意见：同意申报。"],
        seal="演示印章",
    )
    rows = [attachment(nomination, AttachmentKind.SEALED, "盖章申报表.pdf", form, blind=False, by=by, at=at)]
    chart = png_bytes(nomination.slug)
    rows.append(
        attachment(nomination, AttachmentKind.IMAGE, "各月服务量.png", chart, blind=True, by=by, at=at)
    )
    if file.project.letter == "Z":
        lines = [
            f"第{number}条　{words}。" for number, words in zip("一二三", file.project.measures, strict=True)
        ]
        policy = pdf_bytes("制度文本（节选）", lines)
        rows.append(
            attachment(nomination, AttachmentKind.POLICY, "制度文本.pdf", policy, blind=True, by=by, at=at)
        )
    return rows


def _submit(campaign: Campaign, people: People, sent: list[tuple[File, Nomination]]) -> None:
    """Freeze what was handed over, and what the office found of it where it has decided."""
    submissions = []
    for file, nomination in sent:
        content = frozen_content(nomination)
        if file.resubmitted_at:
            shorter = {**content, "effect": content["effect"].partition("。")[0] + "。"}
            submissions.append(_submission(nomination, 1, shorter, file.submitted_at, people))
            submissions.append(_submission(nomination, 2, content, file.resubmitted_at, people))
        else:
            submissions.append(_submission(nomination, 1, content, file.submitted_at, people))
    Submission.objects.bulk_create(submissions)
    faults = {nomination.pk: file.faults for file, nomination in sent if file.faults}
    checks = [
        check
        for row in submissions
        if row.nomination.state in IN_THE_RACE or (row.number == 1 and row.nomination_id in faults)
        for check in _checks(row, faults.get(row.nomination_id, {}), people)
    ]
    ScreeningCheck.objects.bulk_create(checks, batch_size=1000)


# Which question found what was wrong.
FOUND_BY = {"sealed": "seal", "document_number": "legality", "effect": "evidence", "started_on": "year"}


def _checks(row: Submission, faults: dict[str, str], people: People) -> list[ScreeningCheck]:
    """The whole checklist of one submission: 通过, but 需补正 or 不通过 where something was wrong."""
    found = {FOUND_BY[part]: (part, remark) for part, remark in faults.items()}
    otherwise = Verdict.FAIL if row.nomination.state == State.INELIGIBLE else Verdict.FIX
    return [
        ScreeningCheck(
            submission=row,
            item=check.code,
            verdict=otherwise if check.code in found else Verdict.PASS,
            remark=found[check.code][1] if check.code in found else "",
            field=found[check.code][0] if check.code in found else PART_OF_CHECK[check.code],
            checked_by=people.users["office"],
            checked_at=row.submitted_at + timedelta(days=4),
        )
        for check in checks_for(row.nomination.category.letter)
    ]


def _submission(
    nomination: Nomination, number: int, content: dict, at: datetime, people: People
) -> Submission:
    return Submission(
        nomination=nomination,
        number=number,
        content=content,
        sha256=digest_of_content(content),
        submitted_at=at,
        submitted_by=people.secretary_of(nomination.unit),
    )
