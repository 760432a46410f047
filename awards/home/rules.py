"""When a thing to do is due, in words, and what comes first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from awards.campaign.rules import last_day, left_text, local_date, moment_text

WARN_DAYS = 1
REMIND_DAYS = (7, 3, 1)


@dataclass(frozen=True)
class Task:
    """One line of the to-do list.

    url: where it is done; "" for what only wants to be known. mark: something with label, icon and tone.
    then: what happens when it is not done in time.
    """

    title: str
    url: str = ""
    action: str = "办理"
    sub: str = ""
    due: datetime | None = None
    then: str = ""
    mark: object = None

    def due_text(self, now: datetime) -> str:
        """明天17:30, 还有3天, 已逾期, 无期限."""
        if self.due is None:
            return "无期限"
        if self.due <= now:
            return "已逾期"
        days = self.days_left(now)
        clock = moment_text(self.due).partition("）")[2]
        return left_text(now, self.due) if days > 1 else f"{'明天' if days else '今天'}{clock}"

    def days_left(self, now: datetime) -> int:
        """Whole days to the last day; only asked of a task with a deadline."""
        return (last_day(self.due) - local_date(now)).days

    def due_sub(self) -> str:
        """The date in full, and what follows."""
        if self.due is None:
            return ""
        return f"{moment_text(self.due)}{'，' + self.then if self.then else ''}"

    def is_pressing(self, now: datetime) -> bool:
        return self.due is not None and self.days_left(now) <= WARN_DAYS


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


def age_text(age: timedelta) -> str:
    """An age to the minute, hour or day: 7分钟, 2小时, 3天."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes}分钟"
    return f"{minutes // 60}小时" if minutes < 48 * 60 else f"{minutes // 1440}天"
