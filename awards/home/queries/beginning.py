"""The first season's steps, each read off what is there: units, accounts, posts, the year. No list is kept.

They stand on the desks of those who take them until the committee has opened its first year.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.utils import timezone

from awards.campaign.models import Campaign
from units.kit.status import Status
from units.kit.todos import Desk, Task, link, number
from units.models import Post, Unit
from units.permissions import posts_of
from units.roles import UNIT_ROLES, Role

PEOPLE = (Role.SUPERVISOR, Role.MEMBER, Role.REVIEWER)


class StepState(Status):
    DONE = "done", "check2", "off", "已完成"
    NOW = "now", "hourglass-split", "warn", "待办理"
    LATER = "later", "dash", "off", "在前一步之后"


@dataclass(frozen=True)
class Step:
    """One step of the first season. turn: whose it is now; takers: who else may take it."""

    title: str
    turn: Role
    route: str = ""
    action: str = "办理"
    says: str = ""
    is_done: bool = False
    is_open: bool = True
    takers: frozenset[Role] = frozenset()

    @property
    def mark(self) -> StepState:
        return StepState.DONE if self.is_done else StepState.NOW if self.is_open else StepState.LATER

    def is_for(self, roles: set[Role]) -> bool:
        return self.is_open and not self.is_done and bool({self.turn, *self.takers} & roles)


@dataclass
class Beginning:
    """steps: all of them, in order; tasks: those that are this person's now."""

    steps: list[Step]
    tasks: list[Task] = field(default_factory=list)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if step.is_open and not step.is_done), None)


@dataclass(frozen=True)
class Facts:
    """What is there. held, waiting: roles with a confirmed post at the committee, and with one still to confirm.

    bare, unproposed: organizations where nobody is secretary or clerk yet, and where nobody is even proposed.
    """

    units: int
    held: frozenset[str]
    waiting: frozenset[str]
    bare: int
    unproposed: int
    has_draft: bool


def beginning_for(desk: Desk) -> Beginning:
    """The steps of this person's committee, and which of them are the person's; one question."""
    roles = {Role(post.role) for post in posts_of(desk.user)}
    steps = first_steps(_facts(posts_of(desk.user)[0].unit.organiser_slug))
    tasks = [
        Task(step.title, link(step.route), step.action, step.says)
        for step in steps
        # Years and posts under way have their own lines on the same desk.
        if step.is_for(roles) and step.turn != Role.SECADMIN and step.route != "awards:campaign-list"
    ]
    return Beginning(steps, tasks)


def first_steps(facts: Facts) -> list[Step]:
    """The way to the first year. What is proposed and not confirmed waits for the security administrator."""
    lacking = "、".join(role.label for role in PEOPLE if role not in facts.held)
    bare = f"{facts.unproposed or facts.bare}个" if facts.units else "各"
    return [
        Step(
            "录入党组织", Role.SYSADMIN, "units:unit-import", "导入",
            "用表格一次导入名称、简称、上级和类型，也可以逐个新建",
            is_done=facts.units > 0, takers=frozenset({Role.OFFICE}),
        ),
        _post(
            "建立评选办的账号和岗位", "名册中岗位填评选办，单位填工委", "确认评选办的岗位",
            proposed=Role.OFFICE in facts.waiting, is_done=Role.OFFICE in facts.held,
        ),
        _post(
            f"建立{lacking}的账号和岗位", "单位填工委", f"确认{lacking}的岗位",
            proposed=facts.held | facts.waiting >= set(PEOPLE), is_done=facts.held >= set(PEOPLE),
            done="建立监督员、工委委员、评委的账号和岗位",
        ),
        _post(
            f"建立{bare}党组织书记、党务干部的账号和岗位", "可以与上面的人员放在同一份名册里",
            f"确认{facts.bare}个党组织书记、党务干部的岗位",
            proposed=facts.unproposed == 0, is_done=facts.units > 0 and facts.bare == 0, is_open=facts.units > 0,
            done="建立各党组织书记、党务干部的账号和岗位",
        ),
        Step(
            "新建年度活动", Role.OFFICE, "awards:campaign-new", "新建",
            "类别、评分规则和时间有默认值，可以改；往年结果可以另行导入",
            is_done=facts.has_draft, is_open=Role.OFFICE in facts.held,
        ),
        Step("设置并启动年度活动", Role.OFFICE, "awards:campaign-list", "设置", is_open=facts.has_draft),
    ]  # fmt: skip


def _post(
    title: str,
    says: str,
    confirming: str,
    *,
    proposed: bool,
    is_done: bool,
    is_open: bool = True,
    done: str = "",
) -> Step:
    """Accounts with posts: made by the system administrator, then confirmed by the other one."""
    if is_done:
        return Step(done or title, Role.SYSADMIN, is_done=True)
    if proposed and is_open:
        return Step(confirming, Role.SECADMIN, "units:post-list", "核对")
    return Step(title, Role.SYSADMIN, "units:roster-import", "导入名册", says, is_open=is_open)


def _facts(slug: str) -> Facts:
    today = timezone.localdate()
    confirmed = Post.objects.current()
    proposed = Post.objects.awaiting_confirmation()
    here, unit = {"unit": OuterRef("pk")}, {"unit__top": OuterRef("pk"), "role__in": UNIT_ROLES}
    below = Unit.objects.filter(path__startswith=f"{slug}/").exclude(parent=None).active_on(today).order_by()
    tops = below.filter(parent__parent=None).annotate(
        held=Exists(confirmed.filter(**unit)), proposed=Exists(proposed.filter(**unit))
    )
    drafts = Campaign.objects.run_here().filter(organiser=OuterRef("pk"), opened_at=None)
    row = (
        Unit.objects.filter(slug=slug)
        .annotate(
            units=number(below),
            bare=number(tops.filter(held=False)),
            unproposed=number(tops.filter(held=False, proposed=False)),
            held_roles=ArraySubquery(confirmed.filter(**here).order_by().values("role").distinct()),
            waiting_roles=ArraySubquery(proposed.filter(**here).order_by().values("role").distinct()),
            has_draft=Exists(drafts),
        )
        .values("units", "bare", "unproposed", "held_roles", "waiting_roles", "has_draft")
        .get()
    )
    return Facts(
        row["units"], frozenset(row["held_roles"]), frozenset(row["waiting_roles"]), row["bare"],
        row["unproposed"], row["has_draft"],
    )  # fmt: skip
