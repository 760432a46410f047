"""Spans of time as a reviewer reads them."""

from datetime import timedelta


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
