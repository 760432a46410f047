"""The office's board and to-do list; the supervisor's. Counts only, by SQL, whatever the number of entries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce, JSONObject

from awards.campaign.models import Campaign, Category, Phase
from awards.campaign.queries import LineStage, next_setup_step, shortlist_places, timetable_line
from awards.campaign.rules import SHANGHAI
from awards.decision.models import Meeting
from awards.home.links import link
from awards.home.queries.running import Running, running_columns, running_of
from awards.home.rules import Task
from awards.nomination.models import Nomination, PreparedDecision
from awards.notice.models import Notice, Objection, ObjectionState
from awards.panel.models import Panel, Reviewer
from awards.ranking.models import Ranking
from awards.result.models import Result
from awards.review.queries import PanelProgress, progress
from awards.states import IN_THE_RACE, State
from services.models import Activity, LogState
from units.models import User
from units.permissions import reach, units_of
from units.roles import Role

LISTED_OBJECTIONS = 5


@dataclass(frozen=True)
class PanelLine:
    """One panel with how far it is; a label for its state, never a mark."""

    panel: Panel
    progress: PanelProgress


@dataclass
class Board:
    """The year as the office sees it: one question for each field or so."""

    campaign: Campaign
    states: Counter
    counts: dict
    panels: list[PanelLine]
    objections: list[Objection]
    running: Running
    stages: list[dict] = field(default_factory=list)


def board_of(campaign: Campaign, user: User, now: datetime) -> Board:
    """Four questions; the campaign comes with `timetable` prefetched."""
    panels = list(campaign.panels.select_related("category").order_by("stage", "category__order"))
    for panel in panels:
        panel.campaign = campaign
    known = progress(panels) if panels else {}
    lines = [PanelLine(panel, known[panel.pk]) for panel in panels]
    open_cases = Objection.objects.open().filter(notice__campaign=campaign)
    counts = _counts(campaign, user, now)
    board = Board(
        campaign=campaign,
        states=Counter({State(row["state"]): row["n"] for row in counts["states"]}),
        counts=counts,
        panels=lines,
        objections=list(open_cases.order_by("accept_due_on", "pk")[:LISTED_OBJECTIONS]),
        running=running_of(counts),
    )
    board.stages = _stages(board, now)
    return board


def _number(rows) -> Coalesce:
    """The number of rows as a column; the rows are already those of one campaign."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _sum(rows, figure) -> Coalesce:
    """The sum of a figure over the rows of one campaign as a column."""
    summed = rows.values("campaign").annotate(total=Sum(figure)).values("total")
    return Coalesce(Subquery(summed, output_field=IntegerField()), Value(0))


def _counts(campaign: Campaign, user: User, now: datetime) -> dict:
    """Everything that is one figure, in one question."""
    files = Nomination.objects.filter(campaign=OuterRef("pk")).order_by()
    states = files.values("state").annotate(n=Count("pk")).values(row=JSONObject(state="state", n="n"))
    categories = Category.objects.filter(campaign=OuterRef("pk")).order_by()
    filed = files.filter(submitted_at__isnull=False)
    today_ends = now.astimezone(SHANGHAI).replace(hour=23, minute=59, second=59)
    notices = Notice.objects.filter(campaign=OuterRef("pk"), published_at__isnull=False).order_by(
        "-published_at"
    )
    rankings = Ranking.objects.current().filter(campaign=OuterRef("pk"), stage=Ranking.FINAL)
    meetings = Meeting.objects.filter(campaign=OuterRef("pk"))
    decisions = PreparedDecision.objects.filter(nomination__campaign=OuterRef("pk"), released_at=None)
    units = filed.order_by().values("campaign").annotate(n=Count("unit__top", distinct=True)).values("n")
    return (
        Campaign.objects.filter(pk=campaign.pk)
        .annotate(
            states=ArraySubquery(states),
            seats=_sum(categories, F("seats")),
            places=_sum(categories, shortlist_places()),
            filed=_number(filed),
            filing_units=Coalesce(Subquery(units, output_field=IntegerField()), Value(0)),
            quota_units=Count("quotas"),
            pool=_number(Reviewer.objects.filter(campaign=OuterRef("pk"))),
            due_today=_number(filed.filter(state=State.RETURNED, correction_due_at__lte=today_ends)),
            prepared=_number(decisions),
            activities=_number(Activity.objects.filter(reach(user, Role.OFFICE), state=LogState.SENT)),
            frozen=_number(rankings),
            meeting_at=Subquery(meetings.filter(decided_at=None).order_by("held_at").values("held_at")[:1]),
            decided=_number(meetings.filter(decided_at__isnull=False)),
            notice_closes_at=Subquery(notices.values("closes_at")[:1]),
            drafted=_number(Notice.objects.filter(campaign=OuterRef("pk"), published_at=None)),
            announced=_number(Result.objects.filter(campaign=OuterRef("pk"), revoked_at=None)),
            clues=_number(
                Objection.objects.filter(
                    notice__campaign=OuterRef("pk"), is_named=False, state=ObjectionState.FILED
                )
            ),
            cases=_number(Objection.objects.open().filter(notice__campaign=OuterRef("pk"))),
            **running_columns(),
        )
        .values(
            "states", "seats", "places", "filed",
            "filing_units", "quota_units", "due_today", "prepared", "activities", "frozen", "meeting_at",
            "pool", "decided", "notice_closes_at", "drafted", "announced", "clues", "cases",
            *running_columns(),
        )
        .get()
    )  # fmt: skip


# ---- the line of stages with counts ----


def _stages(board: Board, now: datetime) -> list[dict]:
    """The year's line with a count, a text and a link each; nothing here knows a mark."""
    makers = {
        Phase.NOMINATION: _filed,
        Phase.SCREENING: _screened,
        Phase.WRITTEN: _reviewed,
        Phase.LIVE: _reviewed,
        Phase.MEETING: _decided,
        Phase.NOTICE: _noticed,
        Phase.RESULT: _announced,
    }
    line = [stage for stage in timetable_line(board.campaign, now) if stage.phase]
    return [_base(stage) | makers[Phase(stage.phase)](board, stage) for stage in line]


def _base(stage: LineStage) -> dict:
    return {"label": Phase(stage.phase).label, "status": stage.status, "when": stage.when}


def _link(route: str, board: Board) -> str:
    return link(f"awards:{route}", board.campaign.code)


def _filed(board: Board, stage: LineStage) -> dict:
    counts = board.counts
    rest = counts["quota_units"] - counts["filing_units"]
    text = f"{counts['filing_units']}个单位" + (f"，{rest}个未报" if rest > 0 else "")
    return {
        "count": counts["filed"],
        "count_unit": "件",
        "text": text,
        "url": link("awards:nomination-list"),
    }


def _screened(board: Board, stage: LineStage) -> dict:
    passed = sum(board.states[state] for state in IN_THE_RACE)
    parts = [
        f"{label}{number}"
        for label, state in (
            ("待审", State.SUBMITTED),
            ("补正", State.RETURNED),
            ("不予受理", State.INELIGIBLE),
            ("撤回", State.WITHDRAWN),
            ("逾期", State.LAPSED),
        )
        if (number := board.states[state])
    ]
    text = "，".join(parts) or stage.when
    return {"count": passed, "count_unit": "件合格", "text": text, "url": _link("screening-queue", board)}


def _reviewed(board: Board, stage: LineStage) -> dict:
    lines = [line for line in board.panels if line.panel.stage == stage.phase]
    done = sum(line.progress.handed_in for line in lines)
    due = sum(line.progress.due for line in lines)
    if not due:
        return _awaited(board, stage) | {"text": stage.when, "url": _link("panel-list", board)}
    text = f"{done * 100 // due}%，{stage.when}"
    url = _link("review-progress", board)
    return {"count": done, "count_unit": f"/ {due}份", "value": done, "max": due, "text": text, "url": url}


def _awaited(board: Board, stage: LineStage) -> dict:
    """A stage nobody judges yet: the files that wait for it, or the places of the live stage."""
    if stage.phase == Phase.WRITTEN:
        return {"count": board.states[State.QUALIFIED], "count_unit": "件待评"}
    if listed := board.states[State.SHORTLISTED]:
        return {"count": listed, "count_unit": "件入围"}
    return {"count": board.counts["places"], "count_unit": "件入围名额"}


def _decided(board: Board, stage: LineStage) -> dict:
    seats, url = board.counts["seats"], _link("decision", board)
    return {"count": seats, "count_unit": "席", "text": stage.when, "url": url}


def _noticed(board: Board, stage: LineStage) -> dict:
    cases = board.counts["cases"]
    text = f"异议{cases}件" if cases else stage.when
    days = board.campaign.notice_days
    return {"count": days, "count_unit": "个工作日", "text": text, "url": _link("notice-desk", board)}


def _announced(board: Board, stage: LineStage) -> dict:
    results = board.counts["announced"]
    return {
        "count": results,
        "count_unit": "个示范项目",
        "text": stage.when,
        "url": _link("result-list", board),
    }


# ---- to do ----


def office_tasks(board: Board, now: datetime) -> list[Task]:
    """What the office should do next, in the order of the process."""
    return [
        *_screening_tasks(board),
        *_panel_tasks(board, now),
        *_closing_tasks(board, now),
        *_objection_tasks(board),
        *_log_tasks(board),
        *board.running.tasks(now),
    ]


def _due(board: Board, phase: Phase) -> datetime | None:
    row = board.campaign.phase(phase)
    return row.closes_at if row else None


def start_tasks(user: User, now: datetime) -> list[Task]:
    """Years that this person's office has begun to set up and not opened, each with what it wants next."""
    organisers = [unit.pk for unit in units_of(user, Role.OFFICE)]
    waiting = Campaign.objects.run_here().filter(organiser__in=organisers, opened_at=None)
    tasks = []
    for year in waiting.order_by("year").prefetch_related("rules", "categories", "timetable"):
        step = next_setup_step(year, now)
        tasks.append(Task(f"{year}尚未启动", link(f"awards:{step.route}", year.code), step.action, step.says))
    return tasks


def _screening_tasks(board: Board) -> list[Task]:
    url, tasks = _link("screening-queue", board), []
    if waiting := board.states[State.SUBMITTED]:
        tasks.append(Task(f"{waiting}件申报待资格审查", url, "审查", due=_due(board, Phase.SCREENING)))
    if prepared := board.counts["prepared"]:
        tasks.append(Task(f"{prepared}件结论待统一下达", url, "核对下达", "下达前申报单位看不到"))
    if today := board.counts["due_today"]:
        tasks.append(
            Task(f"{today}件补正今日到期", url, "查看", "逾期的由系统按撤回处理", mark=State.RETURNED)
        )
    return tasks


def _panel_tasks(board: Board, now: datetime) -> list[Task]:
    tasks = []
    if sum(board.states[state] for state in (State.QUALIFIED, State.SHORTLISTED)) and not board.panels:
        due = _due(board, Phase.WRITTEN)
        if board.counts["pool"]:
            url = _link("panel-list", board)
            tasks.append(Task("还没有评审组", url, "组建", "有资格合格的申报等待评审", due))
        else:
            url = _link("reviewer-list", board)
            tasks.append(Task("评委库是空的", url, "列入评委", "列入后才能抽取，宜为席位的3倍以上", due))
    for line in board.panels:
        panel, counts = line.panel, line.progress
        name = f"{panel.category}{Phase(panel.stage).label}"
        if panel.closed_at:
            continue
        if not panel.opened_at:
            step = "待抽取评委" if not panel.drawn_at else "待启动" if counts.due else "待分配"
            tasks.append(
                Task(f"{name}：{step}", panel.get_absolute_url(), "办理", due=_due(board, panel.stage))
            )
        elif counts.due and counts.handed_in == counts.due:
            tasks.append(Task(f"{name}：评分表已交齐", panel.get_absolute_url(), "关闭", due=panel.closes_at))
        elif panel.closes_at and panel.closes_at <= now:
            missing = counts.due - counts.handed_in
            tasks.append(
                Task(
                    f"{name}：已到期，还差{missing}份", panel.get_absolute_url(), "处理", due=panel.closes_at
                )
            )
    return tasks


def _closing_tasks(board: Board, now: datetime) -> list[Task]:
    """Ranking, meeting, notice and announcement, each when its turn has come."""
    counts, states, tasks = board.counts, board.states, []
    if board.panels and all(line.panel.closed_at for line in board.panels) and not counts["frozen"]:
        tasks.append(Task("评审组已关闭，待冻结排名", _link("ranking", board), "查看排名"))
    if counts["frozen"] and not counts["decided"]:
        title = "工委会议待登记审定结果" if counts["meeting_at"] else "排名已冻结，待安排工委会议"
        tasks.append(Task(title, _link("decision", board), "办理", due=counts["meeting_at"]))
    if states[State.PROPOSED]:
        title = "公示待发布" if counts["drafted"] else f"{states[State.PROPOSED]}件拟入选，待起草公示"
        tasks.append(Task(title, _link("notice-desk", board), "办理", due=_due(board, Phase.NOTICE)))
    closes = counts["notice_closes_at"]
    if states[State.ON_NOTICE] and closes and closes <= now:
        title = f"公示期满，{states[State.ON_NOTICE]}件待公布"
        sub = "有异议未办结的，办结后才能公布" if board.objections else ""
        tasks.append(Task(title, _link("result-list", board), "公布", sub, _due(board, Phase.RESULT)))
    return tasks


def _objection_tasks(board: Board) -> list[Task]:
    """Cases by their next deadline: taking them up, then answering. Names stay on the case's own page.

    Unsigned ones nobody has looked through are the supervisor's. Beyond the first few, their number.
    """
    tasks = []
    for case in board.objections:
        if not case.is_named and case.state == ObjectionState.FILED:
            continue
        accepted = case.state == ObjectionState.ACCEPTED
        day = case.rule_due_on if accepted else case.accept_due_on
        tasks.append(
            Task(
                f"异议{case.receipt}",
                link("awards:case", board.campaign.code, case.receipt),
                "答复" if accepted else "决定是否受理",
                case.get_ground_display(),
                _end_of(day) if day else None,
                mark=case.mark,
            )
        )
    if (more := board.counts["cases"] - len(board.objections)) > 0:
        tasks.append(Task(f"另有{more}件异议未办结", _link("notice-desk", board), "查看"))
    return tasks


def _end_of(day) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1)


def _log_tasks(board: Board) -> list[Task]:
    if not (waiting := board.counts["activities"]):
        return []
    url = f"{link('services:activity-list')}?state={LogState.SENT}"
    return [Task(f"{waiting}条服务记录待审核", url, "审核", "未审核的记录不计入统计，不能作为佐证")]


def supervisor_tasks(board: Board) -> list[Task]:
    """Draws to witness and anonymous clues to look through; the rest is for reading."""
    tasks = [
        Task(
            f"{line.panel.category}{Phase(line.panel.stage).label}：评委待抽取",
            line.panel.get_absolute_url(),
            "见证",
            "抽取时须有监督员在场，种子和结果当场记录",
            _due(board, line.panel.stage),
        )
        for line in board.panels
        if not line.panel.drawn_at
    ]
    if clues := board.counts["clues"]:
        tasks.append(Task(f"{clues}条匿名线索待甄别", _link("notice-desk", board), "查看"))
    return tasks
