"""The current year, in review: nominations in every state reached so far, and the log they rest on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from awards.campaign.actions import create_campaign, open_campaign
from awards.campaign.models import Campaign, Phase
from awards.demo import log as rows
from awards.demo.chance import chance
from awards.demo.data import projects
from awards.demo.data import registers as words
from awards.demo.days import EVENING, Season, at
from awards.demo.log import COMMON, Log
from awards.demo.nominations import File, add_files, cite
from awards.demo.people import People
from awards.demo.writing import Project
from awards.nomination.models import Correction, CorrectionItem, Nomination
from awards.states import State
from services.models import LogState

# Where a file did not simply qualify. The first organization has one to mend by tomorrow.
STATES = {
    ("party-office", "Z"): State.RETURNED,
    ("registry", "Z"): State.RETURNED,
    ("statistics", "Z"): State.SUBMITTED,
    ("tobacco", "F"): State.SUBMITTED,
    ("arts", "F"): State.UNIT_REVIEW,
    ("archives", "X"): State.DRAFT,
    ("social-science", "F"): State.DRAFT,
    ("overseas-chinese", "F"): State.DRAFT,
    ("livestock", "F"): State.INELIGIBLE,
    ("media", "Z"): State.INELIGIBLE,
    ("united-front", "X"): State.INELIGIBLE,
    ("cyberspace", "F"): State.LAPSED,
    ("city", "F"): State.WITHDRAWN,
    ("affairs", "X"): State.WITHDRAWN,
}
THIN = {("archives", "X"), ("social-science", "F")}
WITHDRAWN_BEFORE_SUBMISSION = ("affairs", "X")
PARTNERS = {
    ("reform", "F"): ("party-school",),
    ("approval", "Z"): ("natural-resources", "housing"),
    ("petitions", "Z"): ("justice", "politics-law"),
    ("hospital", "X"): ("health",),
    ("transport", "X"): ("key-projects", "natural-resources"),
    ("labour", "Z"): ("housing", "unions"),
    ("civil-affairs", "F"): ("women",),
    ("women", "F"): ("commerce-federation",),
    ("investment", "X"): ("industry",),
    ("court", "F"): ("justice",),
    ("environment", "Z"): ("industry",),
    ("agriculture", "X"): ("water",),
}
OVERCLAIMS = {
    ("commerce", "Z"): "0.35",
    ("police", "F"): "0.18",
    ("water", "X"): "0.42",
    ("tax", "F"): "0.15",
    ("science", "F"): "0.60",
    ("housing", "Z"): "0.24",
    ("culture", "X"): "0.12",
}
REFUSALS = {
    "livestock": "主要工作在上一年度已经完成，不属于本年度申报范围。",
    "media": "属于日常考核办法，没有形成制度文件，不符合最佳制度创新的申报条件。",
    "united-front": "项目尚未开工，截止申报时运行不满三个月。",
}
REFUSED_AT = {"livestock": "started_on", "media": "document_number", "united-front": "started_on"}
REMARKS = {
    "party-office": (
        ("sealed", "盖章页扫描不清，公章和日期不能辨认，请重新扫描上传。"),
        ("effect", "“成效”中基层填报时间的变化没有数据来源，请补充。"),
    ),
    "registry": (("document_number", "制度文号与所附文本不一致，请核对。"),),
    "statistics": (("effect", "成效只有一句，请补充运行以来的办理数据。"),),
    "tobacco": (("effect", "请补充农村零售户的前后对比情况。"),),
    "cyberspace": (("sealed", "未上传盖章页。"),),
}
BY_MONTH = (0, 62, 95, 88, 110, 124, 96, 70, 92, 85, 60, 30)
UNREVIEWED = (LogState.SENT,) * 5 + (LogState.RETURNED, LogState.DRAFT)
DAILY_GIFTS = [("unions", 12600), ("education", 18350), ("health", 9720), ("tax", 7400), ("red-cross", 5160)]


def build_current(people: People, season: Season) -> tuple[Campaign, list[Nomination]]:
    campaign = _campaign(people, season)
    log = Log(people, season.today.year, season.today)
    _log_the_year(log, season)
    files = [_file(log, Project.read(line), season) for line in projects.LINES]
    files.sort(key=lambda file: file.submitted_at or season.timetable()[Phase.RESULT][1])
    log.write()
    _fill_registers(log)
    nominations = add_files(campaign, people, files)
    _add_corrections(people, nominations, season)
    return campaign, nominations


def _campaign(people: People, season: Season) -> Campaign:
    office, year = people.users["office"], season.today.year
    campaign = create_campaign(
        code=str(year),
        title=f"{year}年度“三个最佳”评选",
        year=year,
        organiser=people.committee,
        actor=office,
    )
    for phase, (opens, closes) in season.timetable().items():
        campaign.timetable.filter(phase=phase).update(opens_at=opens, closes_at=closes)
    campaign = open_campaign(campaign, actor=office)
    Campaign.objects.filter(pk=campaign.pk).update(
        opened_at=at(season.working(-40)),
        basis=f"《区直机关{year}年党建工作要点》和《区直机关“三个最佳”评选办法》。",
        call="为深化服务企业、服务项目、服务基层、服务群众“四项服务”，加快推进模范机关建设，"
        f"决定开展{year}年度最佳服务举措、最佳制度创新、最佳项目推进评选。\n"
        "各单位党组织每个类别限报1件，合计不超过2件。申报须引用已审核的服务记录，"
        "并在本单位公示不少于5个工作日。逾期不报视为放弃。\n"
        "评选分书面评审和现场答辩，三类各评选示范项目5个，宁缺毋滥。",
        contact_office="区直机关工委办公室",
        contact_phone="0546-8200100",
        contact_address="东营区府前大街机关办公楼",
    )
    campaign.refresh_from_db()
    return campaign


def _log_the_year(log: Log, season: Season) -> None:
    """What every organization did besides the work it nominates; some of it the office has yet to review."""
    communities = log.people.communities
    for order, unit in enumerate(log.people.organizations):
        dice = chance("year", log.year, unit.slug)
        for _ in range(14 if order == 0 else dice.randrange(1, 5)):
            day = log.day_between(season.first_day, season.today - timedelta(days=9), dice)
            joint = dice.sample(log.people.organizations, 2) if dice.random() < 0.15 else ()
            log.add(unit, dice.choice(COMMON), day, joint=joint, community=dice.choice(communities))
        for _ in range(dice.randrange(1, 4)):
            day = log.day_between(season.today - timedelta(days=52), season.today - timedelta(days=7), dice)
            if day.year == log.year:
                log.add(unit, dice.choice(COMMON), day, community=dice.choice(communities))
        for _ in range(4 if order == 0 else dice.random() < 0.4):
            day = log.day_between(
                max(season.first_day, season.today - timedelta(days=20)), season.today, dice
            )
            log.add(unit, dice.choice(COMMON), day, state=dice.choice(UNREVIEWED))


def _file(log: Log, project: Project, season: Season) -> File:
    key = (project.unit, project.letter)
    state = STATES.get(key, State.QUALIFIED)
    opens, closes = season.timetable()[Phase.NOMINATION]
    dice = chance("sent", project.title)
    first = season.first_day + timedelta(days=dice.randrange(20, 70))
    cited = cite(log, project, first=first, last=max(first, opens.date()))
    unsent = state in (State.DRAFT, State.UNIT_REVIEW) or key == WITHDRAWN_BEFORE_SUBMISSION
    span = int((closes - opens).total_seconds() // 60)
    moment = opens + timedelta(minutes=int(span * dice.random() ** 0.4))
    sent = None if unsent else season.in_office_hours(moment)
    columns = _columns(project.unit, state, season)
    return File(
        project,
        state,
        cited,
        submitted_at=sent,
        partners=PARTNERS.get(key, ()),
        overclaim=Decimal(OVERCLAIMS.get(key, 0)),
        thin=key in THIN,
        resubmitted_at=at(season.working(-2)) if state == State.SUBMITTED else None,
        columns=columns,
        faults=_faults(project.unit, state),
    )


def _faults(unit: str, state: State) -> dict[str, str]:
    """What screening found: part of the form → remark."""
    if state == State.INELIGIBLE:
        return {REFUSED_AT[unit]: REFUSALS[unit]}
    screened = state in (State.RETURNED, State.LAPSED, State.SUBMITTED)
    return dict(REMARKS.get(unit, ())) if screened else {}


def _columns(unit: str, state: State, season: Season) -> dict:
    """What a decision of the office left on the file."""
    decided = at(season.working(-8))
    if state == State.QUALIFIED:
        return {"decided_at": decided}
    if state == State.INELIGIBLE:
        return {"decided_at": decided, "refusal_reason": REFUSALS[unit]}
    if state in (State.RETURNED, State.LAPSED):
        return {"decided_at": decided, "correction_due_at": _due(unit, state, season)}
    return {}


def _due(unit: str, state: State, season: Season):
    if state == State.LAPSED:
        return at(season.working(-5), EVENING)
    return at(season.working(1 if unit == "party-office" else 2), EVENING)


def _add_corrections(people: People, nominations: list[Nomination], season: Season) -> None:
    """The remarks on files that were returned; those handed in again are answered."""
    for nomination in nominations:
        remarks = REMARKS.get(nomination.unit.slug)
        if nomination.state not in (State.RETURNED, State.LAPSED, State.SUBMITTED) or not remarks:
            continue
        answered = at(season.working(-2)) if nomination.state == State.SUBMITTED else None
        issued = season.working(-8 if nomination.state == State.LAPSED else -4 if answered else -2)
        correction = Correction.objects.create(
            nomination=nomination,
            number=1,
            due_at=nomination.correction_due_at or at(season.working(-1), EVENING),
            issued_at=at(issued),
            issued_by=people.users["office"],
            answered_at=answered,
        )
        CorrectionItem.objects.bulk_create(
            CorrectionItem(correction=correction, field=field, remark=remark) for field, remark in remarks
        )


def _fill_registers(log: Log) -> None:
    month = log.last_day.month
    rows.registrations(log, BY_MONTH[:month])
    rows.joint_projects(log, 34, log.people.oilfield + log.people.communities[-6:], waiting=3)
    rows.brands(log, [(f"{name}·新程", field) for name, field in words.BRANDS[::9]], waiting=1)
    rows.donations(log, DAILY_GIFTS, "慈心一日捐", date(log.year, 5, 6), date(log.year, 5, 30))
    rows.ideas(log, words.IDEAS[6:], waiting=2)
    rows.action_tasks(log.people, log.last_day)
