"""Working days by the decreed calendar of 2026 (seeded from chinesecalendar), and set-up checks by tables."""

import re
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.campaign.rules.setup import Step, setup_problems, timetable_problems, timetable_warnings
from awards.campaign.rules.statutory import LUNAR, rest_by_law
from awards.campaign.rules.wording import left_text
from awards.campaign.rules.working_days import (
    Calendar,
    add_years,
    days_strip,
    deadline,
    longer_period,
    notice_period,
)
from awards.scoring.parsing import parse_rule
from awards.scoring.rule import Rule
from units.moments import SHANGHAI

ROOT = Path(__file__).resolve().parents[3]
HOLIDAYS = chinese_calendar.constants.holidays
MADE_UP = chinese_calendar.constants.workdays
KNOWN = {2025, 2026}
CALENDAR = Calendar(
    {
        **{day: False for day in HOLIDAYS if day.year in KNOWN},
        **{day: True for day in MADE_UP if day.year in KNOWN},
    },
    KNOWN,
)
days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))
known_days = st.dates(date(2025, 1, 1), date(2026, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@given(days_of_2026)
def test_the_table_gives_the_decreed_working_days(day):
    assert CALENDAR.is_working(day) == chinese_calendar.is_workday(day)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 10, 1), False),  # 国庆
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday worked in exchange
        (date(2026, 9, 20), True),  # a Sunday worked in exchange
        (date(2026, 2, 14), True),  # a Saturday before 春节, worked
        (date(2026, 2, 16), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),
        (date(2027, 10, 8), True),  # not decreed yet: Monday to Friday, but for the holidays of the law
        (date(2027, 10, 1), False),
    ],
)
def test_single_days(day, working):
    assert CALENDAR.is_working(day) is working
    assert CALENDAR.provisional(day) is (day.year == 2027)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 29), 1, date(2026, 9, 30)),
        (date(2026, 9, 29), 2, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 30), 4, date(2026, 10, 12)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 27), 1, date(2026, 2, 28)),
        (date(2026, 2, 27), 2, date(2026, 3, 2)),
        (date(2026, 10, 1), 0, date(2026, 10, 1)),
    ],
)
def test_adding_working_days_across_holidays(start, count, end):
    assert CALENDAR.add_working_days(start, count) == end


def test_working_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_days(date(2026, 3, 2), -1)


@given(known_days, st.integers(1, 60))
def test_counting_is_the_reverse_of_adding(day, count):
    end = CALENDAR.add_working_days(day, count)

    assert CALENDAR.is_working(end)
    assert CALENDAR.working_days_between(day, end) == count
    assert CALENDAR.working_days_between(day, end - timedelta(days=1)) == count - 1
    assert CALENDAR.working_days_between(end, day) == 0


@given(known_days, st.integers(0, 30), st.integers(0, 30))
def test_adding_twice_is_adding_the_sum(day, one, other):
    twice = CALENDAR.add_working_days(CALENDAR.add_working_days(day, one), other)

    assert twice == CALENDAR.add_working_days(day, one + other)


@pytest.mark.parametrize(
    ("published", "first", "last", "announce"),
    [
        ("2026-12-09 09:00", date(2026, 12, 10), date(2026, 12, 16), date(2026, 12, 17)),
        ("2026-12-09 00:00", date(2026, 12, 10), date(2026, 12, 16), date(2026, 12, 17)),
        ("2026-12-09 23:59", date(2026, 12, 10), date(2026, 12, 16), date(2026, 12, 17)),
        ("2026-12-04 15:00", date(2026, 12, 7), date(2026, 12, 11), date(2026, 12, 12)),  # may end a Friday
        ("2026-12-05 15:00", date(2026, 12, 7), date(2026, 12, 11), date(2026, 12, 12)),  # from a Saturday
        ("2026-09-28 10:00", date(2026, 9, 29), date(2026, 10, 10), date(2026, 10, 11)),  # across 国庆
        ("2026-02-12 10:00", date(2026, 2, 13), date(2026, 2, 26), date(2026, 2, 27)),  # across 春节
    ],
)
def test_a_notice_of_five_working_days(published, first, last, announce):
    period = notice_period(CALENDAR, at(published), 5)

    assert (period.first_day, period.last_day, period.announce_from) == (first, last, announce)
    assert period.closes_at == datetime.combine(announce, time(), SHANGHAI)
    assert not period.provisional


def test_the_day_of_publishing_is_the_day_in_shanghai():
    assert notice_period(CALENDAR, datetime(2026, 12, 8, 16, 30, tzinfo=UTC), 5).first_day == date(
        2026, 12, 10
    )
    with pytest.raises(ValueError, match="time zone"):
        notice_period(CALENDAR, datetime(2026, 12, 9, 9), 5)  # noqa: DTZ001


def test_a_notice_that_reaches_an_unknown_year_is_provisional():
    assert notice_period(CALENDAR, at("2026-12-28 09:00"), 5).provisional
    assert not notice_period(CALENDAR, at("2026-12-24 09:00"), 5).provisional
    with pytest.raises(ValueError, match="at least one"):
        notice_period(CALENDAR, at("2026-12-24 09:00"), 0)


@given(known_days, st.integers(0, 1439), st.integers(1, 30))
def test_every_notice_has_its_full_days(day, minute, days):
    published = datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=minute)
    period = notice_period(CALENDAR, published, days)
    numbers = [strip.word for strip in days_strip(published, period, day)]

    assert period.closes_at - published >= timedelta(days=days)
    assert period.first_day > day
    assert numbers[0] == "发布"
    assert numbers[-1] == "公布"
    assert [word for word in numbers if word.startswith("第")] == [f"第{n}日" for n in range(1, days + 1)]


def test_the_strip_says_a_word_for_each_day():
    published = at("2026-12-09 09:00")
    strip = days_strip(published, notice_period(CALENDAR, published, 5), date(2026, 12, 14))

    assert [(day.day.day, day.word, day.tense) for day in strip] == [
        (9, "发布", "past"),
        (10, "第1日", "past"),
        (11, "第2日", "past"),
        (12, "休息", "past"),
        (13, "休息", "past"),
        (14, "第3日", "now"),
        (15, "第4日", "future"),
        (16, "第5日", "future"),
        (17, "公布", "future"),
    ]
    assert strip[3].weekday == "周六"


@pytest.mark.parametrize(
    ("day", "number"),
    [(9, None), (10, 1), (12, None), (14, 3), (16, 5), (17, None)],
)
def test_which_day_of_the_notice_it_is(day, number):
    period = notice_period(CALENDAR, at("2026-12-09 09:00"), 5)

    assert period.day_number(date(2026, 12, day)) == number


@pytest.mark.parametrize(
    ("after", "days", "until"),
    [
        ("2026-11-03 09:00", 3, "2026-11-06 17:30"),
        ("2026-11-03 23:30", 3, "2026-11-06 17:30"),
        ("2026-09-29 17:00", 3, "2026-10-09 17:30"),
        ("2026-02-13 08:00", 3, "2026-02-25 17:30"),
    ],
)
def test_a_deadline_falls_at_half_past_five(after, days, until):
    assert deadline(CALENDAR, at(after), days) == at(until)


@pytest.mark.parametrize(
    ("day", "years", "result"),
    [
        (date(2026, 3, 1), -3, date(2023, 3, 1)),
        (date(2028, 2, 29), -3, date(2025, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
    ],
)
def test_the_same_day_in_another_year(day, years, result):
    assert add_years(day, years) == result


RULE = {
    "version": 1,
    "combine": "sum",
    "average": "mean",
    "trim": {"on": "totals", "high": 1, "low": 1},
    "least": 5,
    "places": 2,
    "rounding": "published",
    "stages": [{"code": "written", "weight": "0.4", "advance": {"F": 10}}, {"code": "live", "weight": "0.6"}],
    "categories": {
        "F": {
            "seats": 5,
            "floor": "80",
            "ties": ["untrimmed_mean", "stage:live", "criterion:effect"],
            "criteria": [
                {"code": "effect", "max": "60.5", "weight": "0.65"},
                {"code": "novelty", "max": "39.5", "weight": "0.35"},
            ],
        }
    },
}


def changed(**paths) -> Rule:
    """The rule with one figure replaced; a path is written with __ between its steps."""
    rule = deepcopy(RULE)
    for path, value in paths.items():
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        place = rule
        for step in steps:
            place = place[step]
        place[last] = value
    return parse_rule(rule)


def test_the_default_rule_has_no_problem():
    assert setup_problems(parse_rule(RULE)) == []
    assert setup_problems(changed(combine="weighted")) == []
    assert setup_problems(changed(stages__0__advance={"F": 5})) == []


F_FIRST = "categories__F__criteria__0__"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({F_FIRST + "max": "60"}, "最佳服务举措各指标满分之和为99.5，应为100。"),
        ({"combine": "weighted", F_FIRST + "weight": "0.6"}, "最佳服务举措各指标权重之和为0.95，应为1。"),
        ({F_FIRST + "max": "60.25"}, "最佳服务举措的指标effect满分须为正数，且为0.5的倍数。"),
        ({F_FIRST + "stages": ["live"]}, "最佳服务举措在书面评审阶段的指标满分之和为39.5，应为100。"),
        ({"stages__0__weight": "0.3"}, "各评审阶段的权重之和为0.9，应为1。"),
        ({"stages__0__weight": "0"}, "各评审阶段的权重须为正数。"),
        ({"stages__1__advance": {"F": 8}}, "现场答辩是最后一个阶段，不能再设入围名额。"),
        ({"stages__0__advance": {"F": 4}}, "书面评审中最佳服务举措的入围名额为4，少于示范项目名额5。"),
        ({"categories__F__seats": 0}, "最佳服务举措的示范项目名额须大于0。"),
        ({"categories__F__floor": "100.5"}, "最佳服务举措的入选最低分须在0至100之间。"),
        ({"categories__F__criteria": []}, "最佳服务举措没有设置评分指标。"),
        ({"categories": {}, "stages__0__advance": {}}, "没有设置评选类别。"),
        ({"places": 7}, "保留小数位数须为0至4的整数。"),
    ],
)
def test_each_fault_of_a_rule_is_named(change, problem):
    assert problem in setup_problems(changed(**change))


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6))
def test_maxima_are_summed_exactly(halves):
    criteria = [{"code": f"c{n}", "max": f"{half / 2:.1f}", "weight": "1"} for n, half in enumerate(halves)]
    problems = setup_problems(changed(categories__F__criteria=criteria))

    assert any("应为100" in problem for problem in problems) == (sum(halves) != 200)


STEPS = [
    Step("申报", at("2026-10-09 08:30"), at("2026-11-06 17:30")),
    Step("资格审查", at("2026-11-06 17:30"), at("2026-11-13 17:30")),
    Step("书面评审", at("2026-11-16 08:30"), at("2026-11-27 17:30")),
]


def test_a_timetable_in_order_has_no_problem():
    assert timetable_problems(STEPS) == []
    assert timetable_warnings(STEPS, CALENDAR) == []


@pytest.mark.parametrize(
    ("number", "step", "problem"),
    [
        (0, Step("申报", at("2026-11-07 08:30"), at("2026-11-06 17:30")), "申报的截止时间应晚于开始时间。"),
        (
            1,
            Step("资格审查", at("2026-11-06 17:29"), at("2026-11-13 17:30")),
            "资格审查11月6日（周五）17:29开始，早于申报的截止时间11月6日（周五）17:30。",
        ),
        (2, Step("书面评审", None, at("2026-11-27 17:30")), "书面评审没有填全起止时间。"),
    ],
)
def test_a_timetable_out_of_order_is_named(number, step, problem):
    assert problem in timetable_problems([*STEPS[:number], step, *STEPS[number + 1 :]])


def test_a_step_that_ends_on_a_rest_day_is_pointed_out():
    sunday = Step("公示", at("2026-12-10 00:00"), at("2026-12-14 00:00"))  # 24:00 of the 13th
    later = Step("通报", at("2026-12-14 08:00"), at("2027-01-08 17:30"))

    assert timetable_warnings([sunday, later], CALENDAR) == [
        "公示截止于12月13日（周日）24:00，不是工作日。",
        "2027年节假日安排尚未录入，通报的截止日期暂定。",
    ]


# ---- what the law alone says


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_holidays_of_the_law_are_those_that_the_orders_rest(year):
    """Two of them fall on weekends in some years: then the order need not name them."""
    assert rest_by_law(year) <= HOLIDAYS.keys()


@pytest.mark.parametrize("year", range(2010, 2027))
def test_the_holidays_of_the_sun_have_always_rested(year):
    of_the_sun = {day for day in rest_by_law(year) if day.month != 5 or day.day == 1}  # two days since 2025
    of_the_sun -= {day for day in of_the_sun if year in LUNAR and day.month in (1, 2) and day.day != 1}
    assert of_the_sun <= HOLIDAYS.keys()


@pytest.mark.parametrize("year", [2027, 2030, 2040])
def test_a_year_without_order_rests_on_the_holidays_of_the_law(year):
    calendar = Calendar({}, set())

    assert not any(calendar.is_working(day) for day in rest_by_law(year))
    assert calendar.provisional(date(year, 1, 1))
    weekdays = sum((date(year, 1, 1) + timedelta(days=n)).weekday() < 5 for n in range(365))
    assert calendar.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) <= weekdays - 4


def test_an_entered_order_is_the_whole_truth():
    """A year that is entered is taken as entered: its table says what differs from Monday to Friday."""
    assert Calendar({}, {2027}).is_working(date(2027, 1, 1))


def test_a_period_made_longer_keeps_the_days_it_had():
    period = notice_period(CALENDAR, at("2026-12-09 09:00"), 5)
    moved = Calendar({date(2026, 12, 14): False}, {2026})  # made a rest day while the notice runs

    longer = longer_period(moved, period, 2)

    assert longer.worked[:5] == period.worked
    assert longer.worked[5:] == (date(2026, 12, 17), date(2026, 12, 18))
    assert longer.closes_at == datetime.combine(date(2026, 12, 19), time(), SHANGHAI)
    with pytest.raises(ValueError, match="at least one"):
        longer_period(CALENDAR, period, 0)


CLOSING = datetime(2026, 11, 6, 17, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 11, 3, 10, tzinfo=SHANGHAI), "还有3天"),
        (datetime(2026, 11, 5, 23, 59, tzinfo=SHANGHAI), "明天截止"),
        (datetime(2026, 11, 6, 0, 0, tzinfo=SHANGHAI), "今天截止"),
        (CLOSING, "已截止"),
    ],
)
def test_what_is_left_is_told_by_days(now, words):
    assert left_text(now, CLOSING) == words


def test_one_countdown_tells_all_that_end():
    """Files, panels and notices: nowhere else are days or hours that are left put in words."""
    counting = re.compile(r"还有\{[^}]+\}(?:天|小时|分)")
    sources = [path for app in ("awards", "services", "units") for path in (ROOT / app).rglob("*.py")]
    assert [path.name for path in sources if counting.search(path.read_text())] == ["wording.py"]
