"""What waits for the three administrators: accounts, confirmations, the log. No business content."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q

from awards.home.links import link
from awards.home.queries.running import Running
from awards.home.rules import Task
from units.audit.events import Event
from units.models import AuditEntry, Post, User
from units.permissions import holds
from units.roles import Role

DAY = timedelta(days=1)
MANY_FAILURES = 10


def administration_tasks(user: User, running: Running, now: datetime) -> list[Task]:
    """One or two questions for each administrator's post."""
    tasks: list[Task] = []
    if holds(user, Role.SYSADMIN):
        tasks += [*_account_tasks(), *running.tasks(now, at_server=True)]
    if holds(user, Role.SECADMIN):
        tasks += _confirmation_tasks()
    if holds(user, Role.AUDITOR):
        tasks += [*_log_tasks(now), *running.tasks(now)]
    return tasks


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
