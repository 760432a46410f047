"""Spans of time as a reviewer reads them."""

from datetime import timedelta

HOUR = 3600
DAY = 24 * HOUR


def time_left(span: timedelta) -> str:
    """还有4天, 还有3小时20分, 还有5分钟; 已截止 when nothing is left."""
    seconds = int(span.total_seconds())
    if seconds <= 0:
        return "已截止"
    if seconds >= 2 * DAY:
        return f"还有{seconds // DAY}天"
    if seconds >= HOUR:
        minutes = seconds % HOUR // 60
        return f"还有{seconds // HOUR}小时" + (f"{minutes}分" if minutes else "")
    return f"还有{max(seconds // 60, 1)}分钟"


def about(span: timedelta) -> str:
    """约需4小时, 约需1.5小时, 约需25分钟: an estimate, so never to the minute."""
    minutes = max(round(span.total_seconds() / 60), 1)
    if minutes < 60:
        return f"约需{max(-(-minutes // 5) * 5, 5)}分钟"
    halves = -(-minutes // 30)
    return f"约需{halves // 2}{'.5' if halves % 2 else ''}小时"


def took(span: timedelta) -> str:
    """11分钟, 1小时5分钟: what was measured, to the minute."""
    minutes = max(round(span.total_seconds() / 60), 1)
    hours, rest = divmod(minutes, 60)
    return (f"{hours}小时" if hours else "") + (f"{rest}分钟" if rest else "")
