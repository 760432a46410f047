"""When a thing to do is due, in words, and what comes first."""

from datetime import datetime, timedelta

from awards.campaign.rules.wording import last_day, left_text
from awards.campaign.rules.working_days import local_date
from units.kit.todos import Task
from units.moments import moment_text

WARN_DAYS = 1
REMIND_DAYS = (7, 3, 1)


def due_text(task: Task, now: datetime) -> str:
    """明天17:30, 还有3天, 已逾期, 无期限."""
    if task.due is None:
        return "无期限"
    if task.due <= now:
        return "已逾期"
    days = days_left(task.due, now)
    clock = moment_text(task.due).partition("）")[2]
    return left_text(now, task.due) if days > 1 else f"{'明天' if days else '今天'}{clock}"


def days_left(due: datetime, now: datetime) -> int:
    """Whole days to the last day."""
    return (last_day(due) - local_date(now)).days


def due_sub(task: Task) -> str:
    """The date in full, and what follows."""
    if task.due is None:
        return ""
    return f"{moment_text(task.due)}{'，' + task.then if task.then else ''}"


def is_pressing(task: Task, now: datetime) -> bool:
    return task.due is not None and days_left(task.due, now) <= WARN_DAYS


def in_order(tasks: list[Task]) -> list[Task]:
    """By deadline, what has none last; equal ones as they were found."""
    return sorted(tasks, key=lambda task: (task.due is None, task.due.timestamp() if task.due else 0))


def reminder(now: datetime, closes_at: datetime) -> str:
    """The sentence above a unit's list 7, 3 and 1 day before nominating ends, and in the last hours.

    Seven days: all of the week from the seventh day on, so that nobody depends on one morning's log-in.
    """
    if not now < closes_at <= now + timedelta(days=REMIND_DAYS[0] + 1):
        return ""
    days = (last_day(closes_at) - local_date(now)).days
    if days > REMIND_DAYS[0]:
        return ""
    return f"申报{left_text(now, closes_at)}，{moment_text(closes_at)}后不能再提交。"
