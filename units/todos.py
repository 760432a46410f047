"""What the portal itself asks: accounts, confirmations, the log, the clock's work and the nightly backup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Subquery
from django.utils.timezone import localtime

from units.audit.events import Event
from units.audit.models import AuditEntry
from units.kit.keys import TABLE
from units.kit.todos import Desk, Task, link, number, once
from units.models import BackupRun, Post, TickRun, User
from units.pending.models import PendingAct
from units.pending.permissions import waiting_for
from units.roles import ADMINISTRATORS, Role

DAY = timedelta(days=1)
MANY_FAILURES = 10
TICK_MAY_REST = timedelta(minutes=10)
BACKUP_MAY_REST = timedelta(hours=26)  # one every night, and time to run
OTHERS = "请联系系统管理员"


@dataclass(frozen=True)
class Running:
    """ticked_at, saved_at: when the clock's work and a backup last ended well; failure: what ended the newest backup."""

    ticked_at: datetime | None
    saved_at: datetime | None
    failure: str | None

    def facts(self, now: datetime) -> list[tuple[str, str]]:
        """Two lines for whoever wants to know without being asked to act."""
        return [
            ("定时任务", _ago(self.ticked_at, now) or "从未运行"),
            ("上次备份", _ago(self.saved_at, now) or "尚无"),
        ]

    def tasks(self, now: datetime, *, at_server: bool = False) -> list[Task]:
        """A warning for each that rests too long; whoever is `at_server` reads what to do there."""
        found = []
        if not self.ticked_at or now - self.ticked_at > TICK_MAY_REST:
            title = f"{age_text(now - self.ticked_at)}没有运行" if self.ticked_at else "从未运行"
            way = _way_out("portal-tick") if at_server else OTHERS
            found.append(Task(f"定时任务{title}", sub=f"到期处理、详情撤下和日志封存因此停顿，{way}"))
        if title := self._backup_fault(now):
            found.append(Task(title, sub=_way_out("portal-backup") if at_server else OTHERS))
        return found

    def _backup_fault(self, now: datetime) -> str:
        if settings.DEMO:  # made anew at each start, saved by nobody
            return ""
        if self.failure:
            return "最近一次备份失败"
        if not self.saved_at:
            return "还没有备份"
        age = now - self.saved_at
        return f"{age_text(age)}没有备份" if age > BACKUP_MAY_REST else ""


def figures(desk: Desk) -> dict[str, Any]:
    """How the portal runs, and how many acts wait for this person's second key, as columns of any one row."""
    waiting = _second_keys(desk)
    by = Subquery(waiting.order_by("lapses_at").values("lapses_at")[:1])
    return how_it_runs() | {"second_keys": number(waiting), "second_keys_by": by}


def how_it_runs() -> dict[str, Any]:
    ticks = TickRun.objects.filter(finished_at__isnull=False).order_by("-finished_at")
    return {
        "ticked_at": Subquery(ticks.values("finished_at")[:1]),
        "saved_at": Subquery(BackupRun.objects.filter(failure="").values("at")[:1]),
        "failure": Subquery(BackupRun.objects.values("failure")[:1]),
    }


def tasks(desk: Desk) -> list[Task]:
    """One or two questions for each administrator's post; a standing clock is the office's concern too."""
    found: list[Task] = []
    if desk.serves(Role.OFFICE):
        found += running(desk).tasks(desk.now)
    if desk.holds(Role.SYSADMIN):
        found += [*_account_tasks(), *running(desk).tasks(desk.now, at_server=True)]
    if desk.holds(Role.SECADMIN):
        found += _confirmation_tasks()
    found += _second_key_tasks(desk)
    if desk.holds(*ADMINISTRATORS, Role.SUPERVISOR):
        found += _emergency_tasks(desk.now)
    if desk.holds(Role.AUDITOR):
        found += [*_log_tasks(desk.now), *running(desk).tasks(desk.now)]
    return found


@once
def running(desk: Desk) -> Running:
    """How the portal runs: of the figures there are, else one question on the row of whoever asks."""
    columns = how_it_runs()
    if columns.keys() <= desk.figures.keys():
        return Running(**{name: desk.figures[name] for name in columns})
    asking = User.objects.filter(pk=desk.user.pk).annotate(**columns)
    return Running(**asking.values(*columns).get())


def _account_tasks() -> list[Task]:
    """Accounts nobody can use for anything: active, with no post today and none under way."""
    held = Post.objects.current().values("user")
    granted = Post.objects.awaiting_confirmation().values("user")
    idle = User.objects.filter(is_active=True).exclude(pk__in=held).exclude(pk__in=granted).count()
    if not idle:
        return []
    return [Task(f"{idle}个账号没有岗位", link("units:account-list"), "查看", "不再使用的请停用")]


def _confirmation_tasks() -> list[Task]:
    waiting = Post.objects.awaiting_confirmation().count()
    if not waiting:
        return []
    return [Task(f"{waiting}个岗位待确认", link("units:post-list"), "核对", "确认前不生效")]


def _second_keys(desk: Desk) -> QuerySet[PendingAct]:
    return PendingAct.objects.filter(waiting_for(desk.user)).open_at(desk.now)


def _second_key_tasks(desk: Desk) -> list[Task]:
    """What waits for this person's confirmation."""
    if not desk.holds(*(role for row in TABLE.values() if row.waits for role in row.second)):
        return []
    if "second_keys" in desk.figures:
        waiting, by = desk.figures["second_keys"], desk.figures["second_keys_by"]
    else:
        days = _second_keys(desk).order_by("lapses_at").values_list("lapses_at", flat=True)
        waiting, by = len(days), next(iter(days), None)
    if not waiting:
        return []
    title, to = f"{waiting}件双人事项待您确认", link("units:pending-list")
    return [Task(title, to, "核对", due=by, then="到期未确认的自动失效")]


def _emergency_tasks(now: datetime) -> list[Task]:
    """Passwords reset on the server in the last month, past the two people: everybody who watches sees it."""
    used = AuditEntry.objects.filter(event=Event.PASSWORD_RESET, actor=None, at__gte=now - 30 * DAY)
    rows = used.order_by("-pk").values_list("at", "target", "reason")
    return [
        Task(f"{localtime(at):%m-%d %H:%M}在服务器上应急重置了{who}的密码", sub=f"理由：{why or '未写明'}")
        for at, who, why in rows
    ]


def _log_tasks(now: datetime) -> list[Task]:
    """The last day's failed log-ins when they are many, and what the sealer has left behind for a day."""
    failed = Q(event=Event.LOGIN_FAILED, at__gte=now - DAY)
    unsealed = Q(seal=None, at__lt=now - DAY)
    counts = AuditEntry.objects.filter(failed | unsealed).aggregate(
        failed=Count("pk", filter=failed), unsealed=Count("pk", filter=unsealed)
    )
    url, tasks = link("units:audit-log"), []
    if counts["failed"] >= MANY_FAILURES:
        words = f"24小时内登录失败{counts['failed']}次"
        tasks.append(Task(words, f"{url}?event={Event.LOGIN_FAILED}", "查阅"))
    if counts["unsealed"]:
        tasks.append(Task(f"{counts['unsealed']}条日志超过一天未封存", url, "查阅", "请核对定时任务是否运行"))
    return tasks


def _ago(moment: datetime | None, now: datetime) -> str:
    return f"{age_text(now - moment)}前" if moment else ""


def _way_out(unit: str) -> str:
    return f"请在服务器上执行systemctl status {unit}.timer，原因见journalctl -u {unit}"


def age_text(age: timedelta) -> str:
    """An age to the minute, hour or day: 7分钟, 2小时, 3天."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes}分钟"
    return f"{minutes // 60}小时" if minutes < 48 * 60 else f"{minutes // 1440}天"
