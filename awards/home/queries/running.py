"""Whether the portal itself is looked after: the clock's work and the nightly backup, for office and administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Subquery

from awards.home.rules import Task, age_text
from units.models import BackupRun, TickRun, User

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


def running_columns() -> dict[str, Subquery]:
    """The same as columns of any one row, for whoever asks one question anyway."""
    ticks = TickRun.objects.filter(finished_at__isnull=False).order_by("-finished_at")
    return {
        "ticked_at": Subquery(ticks.values("finished_at")[:1]),
        "saved_at": Subquery(BackupRun.objects.filter(failure="").values("at")[:1]),
        "failure": Subquery(BackupRun.objects.values("failure")[:1]),
    }


def running_of(row: dict) -> Running:
    return Running(**{name: row[name] for name in running_columns()})


def running_now(user: User) -> Running:
    """One question; it hangs on the row of whoever asks."""
    columns = running_columns()
    return running_of(User.objects.filter(pk=user.pk).annotate(**columns).values(*columns).get())


def _ago(moment: datetime | None, now: datetime) -> str:
    return f"{age_text(now - moment)}前" if moment else ""


def _way_out(unit: str) -> str:
    return f"请在服务器上执行systemctl status {unit}.timer，原因见journalctl -u {unit}"
