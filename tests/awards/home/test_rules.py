from datetime import datetime, timedelta

import pytest

from awards.home.rules import due_sub, due_text, in_order, is_pressing, reminder
from units.kit.todos import Task
from units.moments import SHANGHAI
from units.todos import age_text


def at(day, hour=9, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("due", "words", "pressing"),
    [
        (None, "无期限", False),
        (at(3, 8), "已逾期", True),
        (at(3, 17, 30), "今天17:30", True),
        (at(4, 17, 30), "明天17:30", True),
        (at(5, 0), "明天24:00", True),  # midnight belongs to the day before
        (at(5, 17, 30), "还有2天", False),
        (at(10, 17, 30), "还有7天", False),
    ],
)
def test_a_deadline_is_said_by_what_is_left(due, words, pressing):
    task = Task("事项", due=due)
    assert due_text(task, at(3)) == words
    assert is_pressing(task, at(3)) is pressing


def test_the_date_says_what_follows():
    task = Task("事项", due=at(4, 17, 30), then="逾期视为撤回")
    assert due_sub(task) == "11月4日（周三）17:30，逾期视为撤回"
    assert due_sub(Task("事项")) == ""


def test_tasks_stand_by_deadline_and_those_without_come_last():
    late, soon, never, other = Task("迟", due=at(9)), Task("早", due=at(4)), Task("无"), Task("又无")
    assert in_order([never, late, other, soon]) == [soon, late, never, other]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (at(1), ""),
        (at(3), "申报还有7天，11月10日（周二）17:30后不能再提交。"),
        (at(9, 23), "申报明天截止，11月10日（周二）17:30后不能再提交。"),
        (at(10, 17), "申报今天截止，11月10日（周二）17:30后不能再提交。"),
        (at(10, 17, 30), ""),
    ],
)
def test_units_are_reminded_in_the_last_week(now, words):
    assert reminder(now, at(10, 17, 30)) == words


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(minutes=12), "12分钟"),
        (timedelta(hours=5), "5小时"),
        (timedelta(hours=47, minutes=59), "47小时"),
        (timedelta(days=3), "3天"),
    ],
)
def test_an_age_is_told_to_the_minute_hour_or_day(age, words):
    assert age_text(age) == words
