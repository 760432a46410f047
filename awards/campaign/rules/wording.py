"""The dates of a year said in Chinese, for the public call and the set-up pages."""

from datetime import date, datetime

from awards.campaign.rules.working_days import local_date
from units.moments import day_text


def left_text(now: datetime, closes_at: datetime) -> str:
    """What is left of a deadline, by calendar days: 还有3天, 明天截止, 今天截止, 已截止."""
    if closes_at <= now:
        return "已截止"
    days = (last_day(closes_at) - local_date(now)).days
    return {0: "今天截止", 1: "明天截止"}.get(days, f"还有{days}天")


def last_day(closes_at: datetime) -> date:
    """The day a deadline ends on; midnight belongs to the day before."""
    return local_date(closes_at - datetime.resolution)


def span_text(opens_at: datetime, closes_at: datetime) -> str:
    """12月3日, 12月10—16日 or 11月30日—12月2日."""
    first, last = local_date(opens_at), last_day(closes_at)
    start = day_text(first)
    if first == last:
        return start
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.month}月{first.day}—{last.day}日"
    return f"{start}—{day_text(last)}"
