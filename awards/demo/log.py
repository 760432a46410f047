"""Rows of the service log and its registers, for a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from awards.demo.chance import chance, slug
from awards.demo.data import registers as words
from awards.demo.data import services as bank
from awards.demo.days import at
from awards.demo.people import People
from services.actions.bulk import review_rows, send_rows
from services.actions.imports import import_rows
from services.models.activities import (
    DETAIL_MODELS,
    Activity,
    ActivityUnit,
    IssueKind,
    ProgressLight,
    ProjectKind,
    ProjectLevel,
    ServiceKind,
    SinkMode,
)
from services.models.logged import Logged, LogState
from services.models.registers import BrightIdea, Donation, JointProject, Registration, VolunteerBrand
from services.models.tasks import ActionTask
from units.models import ActionKind, Community, Unit, UnitKind


@dataclass(frozen=True)
class Subject:
    """One line of the bank of activities."""

    kind: str
    text: str
    target: str
    volunteering: bool = False

    @classmethod
    def read(cls, line: str) -> Subject:
        kind, text, target, *mark = line.split("|")
        return cls(kind, text, target, bool(mark))


COMMON = [Subject.read(line) for line in bank.COMMON]
IN_2020 = [Subject.read(line) for line in bank.IN_2020]
VOLUNTEERING = [subject for subject in COMMON if subject.volunteering]


class Log:
    """Collects the rows of one year and writes them at once."""

    def __init__(self, people: People, year: int, last_day: date):
        self.people, self.year, self.last_day = people, year, last_day
        self.activities: list[Activity] = []
        self._office = people.users["office"]

    def day_between(self, first: date, last: date, dice: Random) -> date:
        """A day in the span, never after the last day of the log and nearly never a Sunday."""
        first = min(first, self.last_day)
        last = max(first, min(last, self.last_day))
        day = first + timedelta(days=dice.randrange((last - first).days + 1))
        return day - timedelta(days=1) if day.weekday() == 6 and day > first else day

    def logged(self, unit: Unit, day: date, state: str = LogState.REVIEWED) -> dict:
        """The columns every logged row shares: who typed it and what the office said of it."""
        columns = {"unit": unit, "state": state, "logged_by": self.people.logger_of(unit)}
        if state == LogState.REVIEWED:
            columns |= {
                "reviewed_by": self._office,
                "reviewed_at": at(min(day + timedelta(days=5), self.last_day)),
            }
        if state == LogState.RETURNED:
            columns["return_reason"] = "请补充服务对象数量和办理结果。"
        return columns

    def add(
        self,
        unit: Unit,
        subject: Subject,
        day: date,
        *,
        state: str = LogState.REVIEWED,
        joint: Iterable[Unit] = (),
        community: Community | None = None,
    ) -> Activity:
        """One activity of the unit. Its figures follow from its kind and its own chance."""
        number = len(self.activities)
        dice = chance("activity", self.year, number, unit.slug)
        near = community or dice.choice(self.people.communities)
        place = near.name if subject.kind in ("people", "grassroots") else dice.choice(PLACES[subject.kind])
        received = dice.choice((0, 2, 3, 4, 5, 6, 8, 12))
        closed = received if dice.random() < 0.8 else max(0, received - dice.randrange(1, 3))
        wide = subject.kind in ("people", "grassroots")
        activity = Activity(
            slug=slug("activity", self.year, number),
            kind=subject.kind,
            happened_on=day,
            place=place,
            subject=subject.text,
            target=subject.target,
            summary=dice.choice(bank.SUMMARIES[subject.kind]).format(target=subject.target, place=place),
            outcome=dice.choice(bank.OUTCOMES[subject.kind]),
            attendance=dice.randrange(4, 16),
            beneficiaries=dice.randrange(12, 90) if wide else dice.randrange(1, 24),
            hours=Decimal(dice.randrange(4, 17)) / 2,
            problems_received=received,
            problems_closed=closed,
            is_volunteering=subject.volunteering,
            community=near if wide else None,
            **self.logged(unit, day, state),
        )
        # Under the names that an import of a workbook gives them.
        activity.new_detail = DETAILS[subject.kind](activity, chance("detail", activity.slug))
        activity.new_joint_units = [other for other in joint if other != unit]
        self.activities.append(activity)
        return activity

    def write(self) -> None:
        """Everything collected so far, the core rows first, then what hangs on them."""
        Activity.objects.bulk_create(self.activities, batch_size=500)
        for kind, model in DETAIL_MODELS.items():
            rows = [
                model(activity=activity, **activity.new_detail)
                for activity in self.activities
                if activity.kind == kind
            ]
            model.objects.bulk_create(rows, batch_size=500)
        ActivityUnit.objects.bulk_create(
            ActivityUnit(activity=activity, unit=unit)
            for activity in self.activities
            for unit in activity.new_joint_units
        )

    def keep(self, rows: list[Logged]) -> None:
        """Rows of a register."""
        if rows:  # in January some registers are empty
            type(rows[0]).objects.bulk_create(rows, batch_size=1000)


class EnteredLog(Log):
    """A log that the units hand in by workbook and the office reviews, as the portal has it done."""

    def logged(self, unit: Unit, day: date, state: str = LogState.REVIEWED) -> dict:
        return {"unit": unit}

    def enter(self) -> None:
        """Hand in the activities collected, and have them reviewed."""
        self.keep(self.activities)

    def keep(self, rows: list[Logged]) -> None:
        by_unit: dict[Unit, list[Logged]] = defaultdict(list)
        for row in rows:
            by_unit[row.unit].append(row)
        for unit, own in by_unit.items():
            logger = self.people.logger_of(unit)
            import_rows(own, file_name=f"{self.year}年服务台账.xlsx", actor=logger)
            send_rows(type(own[0]).objects.filter(pk__in=[row.pk for row in own]), actor=logger)
        kept = type(rows[0]).objects.filter(pk__in=[row.pk for row in rows])
        review_rows(kept, actor=self._office)


PLACES = {
    "enterprise": ("企业会议室", "产业园区服务中心", "企业生产现场", "政务服务中心"),
    "project": ("项目部会议室", "施工现场", "园区指挥部", "政务服务中心"),
}


def _enterprise(activity: Activity, dice: Random) -> dict:
    done = activity.problems_received and activity.problems_closed == activity.problems_received
    return {
        "enterprise": f"{dice.choice(bank.ENTERPRISES)}{dice.randrange(1, 20)}户",
        "issue": f"{activity.subject}中提出的诉求{activity.problems_received}项"
        if activity.problems_received
        else "",
        "issue_kind": dice.choice(IssueKind.values),
        "promised_on": activity.happened_on + timedelta(days=15),
        "closed_on": activity.happened_on if done else None,
        "call_back": "满意" if done else "",
    }


def _project(activity: Activity, dice: Random) -> dict:
    return {
        "project": dice.choice(bank.PROJECTS),
        "level": dice.choice(ProjectLevel.values[1:3]),
        "project_kind": dice.choice(ProjectKind.values),
        "plan": "按月节点计划推进",
        "progress": f"完成本月计划的{dice.randrange(88, 108)}%",
        "light": dice.choice((ProgressLight.GREEN,) * 4 + (ProgressLight.YELLOW,)),
        "invested": Decimal(dice.randrange(20, 900) * 10),
        "coordinated": f"协调事项{activity.problems_closed}件" if activity.problems_closed else "",
    }


def _grassroots(activity: Activity, dice: Random) -> dict:
    return {
        "town": activity.place,
        "mode": dice.choice(SinkMode.values),
        "days": dice.randrange(1, 12),
        "trained": dice.randrange(8, 60),
    }


def _people(activity: Activity, dice: Random) -> dict:
    return {
        "households": dice.randrange(5, 60),
        "wish": f"居民提出意见建议{activity.problems_received}条" if activity.problems_received else "",
        "deed": activity.subject,
        "finished_on": activity.happened_on,
    }


DETAILS = {
    ServiceKind.ENTERPRISE: _enterprise,
    ServiceKind.PROJECT: _project,
    ServiceKind.GRASSROOTS: _grassroots,
    ServiceKind.PEOPLE: _people,
}


# ---------------------------------------------------------------- registers


def registrations(log: Log, by_month: Iterable[int], units: Iterable[Unit] | None = None) -> None:
    """So many members register in each month, nobody twice; each at the community of the unit's pairing.

    units: whose members; by default everybody's.
    """
    rows = []
    codes = log.people.members if units is None else [unit.slug for unit in units]
    members = [member for code in codes for member in log.people.members[code]]
    chance("members", log.year).shuffle(members)
    queue = iter(members)
    communities = log.people.oilfield
    for month, count in enumerate(by_month, 1):
        first = date(log.year, month, 1)
        for _ in range(count):
            member = next(queue)
            dice = chance("registration", log.year, member.number)
            day = log.day_between(first, first + timedelta(days=27), dice)
            rows.append(
                Registration(
                    slug=slug("registration", log.year, member.number),
                    member=member,
                    community=communities[member.unit.order % len(communities)],
                    registered_on=day,
                    duty=dice.choice(words.DUTIES),
                    **log.logged(member.unit, day),
                )
            )
    log.keep(rows)


def joint_projects(log: Log, count: int, communities: list[Community], *, waiting: int = 0) -> None:
    """Agreements with communities, every community once before any twice; the last `waiting` are unreviewed."""
    rows = []
    for number in range(count):
        dice = chance("joint project", log.year, number)
        community = communities[number % len(communities)]
        theme = words.JOINT_PROJECTS[(number + log.year) % len(words.JOINT_PROJECTS)]
        unit = log.people.organizations[(number * 7 + log.year) % len(log.people.organizations)]
        day = log.day_between(date(log.year, 2, 10), date(log.year, 10, 31), dice)
        done = log.day_between(day, day + timedelta(days=150), dice) if dice.random() < 0.8 else None
        state = LogState.SENT if number >= count - waiting else LogState.REVIEWED
        rows.append(
            JointProject(
                slug=slug("joint project", log.year, number),
                community=community,
                name=f"{community.name}{theme}",
                agreed_on=day,
                responsible="党组织组织委员",
                finished_on=done,
                result="已完成，经社区和居民代表验收。" if done else "",
                **log.logged(unit, day, state),
            )
        )
    log.keep(rows)


def brands(log: Log, chosen: list[tuple[str, int]], *, waiting: int = 0) -> None:
    rows = []
    for number, (name, field) in enumerate(chosen):
        dice = chance("brand", log.year, number)
        day = log.day_between(date(log.year, 1, 15), date(log.year, 11, 30), dice)
        unit = log.people.organizations[(number * 5 + log.year) % len(log.people.organizations)]
        state = LogState.SENT if number >= len(chosen) - waiting else LogState.REVIEWED
        rows.append(
            VolunteerBrand(
                slug=slug("brand", log.year, number),
                name=f"“{name}”志愿服务队",
                founded_on=day,
                field=words.FIELDS[field],
                idea="固定队伍、固定服务日、固定服务对象，活动有记录、有回访。",
                team=dice.randrange(8, 45),
                **log.logged(unit, day, state),
            )
        )
    log.keep(rows)


def donations(log: Log, lines: Iterable[tuple[str, int]], purpose: str, first: date, last: date) -> None:
    rows = []
    for number, (code, amount) in enumerate(lines):
        day = log.day_between(first, last, chance("donation", log.year, number))
        unit = log.people.units[code]
        rows.append(
            Donation(
                slug=slug("donation", log.year, number),
                donated_on=day,
                purpose=purpose,
                amount=Decimal(amount),
                **log.logged(unit, day),
            )
        )
    log.keep(rows)


def ideas(log: Log, lines: list[tuple[str, str, str]], *, waiting: int = 0) -> None:
    rows = []
    for number, (title, about, text) in enumerate(lines):
        dice = chance("idea", log.year, number)
        day = log.day_between(date(log.year, 3, 1), date(log.year, 10, 31), dice)
        unit = log.people.organizations[(number * 11 + log.year) % len(log.people.organizations)]
        adopted = dice.random() < 0.6
        state = LogState.SENT if number >= len(lines) - waiting else LogState.REVIEWED
        rows.append(
            BrightIdea(
                slug=slug("idea", log.year, number),
                title=title,
                proposed_on=day,
                field=about,
                text=text,
                adopted_by="相关主管部门" if adopted else "",
                effect="已列入年度工作计划。" if adopted else "",
                **log.logged(unit, day, state),
            )
        )
    log.keep(rows)


TASKS = {
    ActionKind.EPIDEMIC: ("重点人员台账每日核对", "卡口值守排班和物资保障", "居民需求代办"),
    ActionKind.FLOOD: ("物资盘点和队伍编组", "低洼点位排查整改", "汛期二十四小时值守"),
    ActionKind.KEY_PROJECT: ("征迁和手续难题清单销号", "关键节点党员突击", "质量安全联合检查"),
}


def action_tasks(people: People, today: date) -> None:
    """What each 行动党支部 set out to do; the finished ones did all of it."""
    rows = []
    for branch in people.units.values():
        if branch.kind != UnitKind.ACTION_BRANCH:
            continue
        for number, title in enumerate(TASKS[branch.action_kind]):
            due = branch.active_from + timedelta(days=40 * (number + 1))
            done = due - timedelta(days=3)
            finished = done <= today
            rows.append(
                ActionTask(
                    slug=slug("task", branch.slug, number),
                    branch=branch,
                    title=title,
                    due_on=due,
                    done_on=done if finished else None,
                    result="按期完成。" if finished else "",
                )
            )
    ActionTask.objects.bulk_create(rows)
