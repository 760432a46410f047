"""What is wrong with a logged row, judged on plain values: forms and imports ask the same questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

# Days on which something happened; what is planned may lie ahead.
PAST_DAYS = (
    "happened_on", "ends_on", "registered_on", "agreed_on", "founded_on", "donated_on", "proposed_on",
    "closed_on", "finished_on", "done_on",
)  # fmt: skip
# first day, last day, the last one's words
SPANS = (
    ("happened_on", "ends_on", "结束日期不能早于开始日期。"),
    ("agreed_on", "finished_on", "完成日期不能早于协议日期。"),
)


def faults(values: Mapping[str, Any], *, today: date) -> dict[str, str]:
    """Field name → what is wrong with it, for those fields of `values` that are given (None is not)."""
    found = {
        name: "日期不能晚于今天。" for name in PAST_DAYS if _given(values, name) and values[name] > today
    }
    for first, last, words in SPANS:
        if _given(values, first, last) and values[last] < values[first]:
            found.setdefault(last, words)
    if (
        _given(values, "problems_received", "problems_closed")
        and values["problems_closed"] > values["problems_received"]
    ):
        found["problems_closed"] = "办结诉求数不能多于受理诉求数。"
    return found


def _given(values: Mapping[str, Any], *names: str) -> bool:
    return all(values.get(name) is not None for name in names)


def closing_rate(received: int, closed: int) -> float | None:
    """办结率 as a share of 1; None where nothing was received, which is not 100 %."""
    return closed / received if received else None


def quarter_of(day: date) -> int:
    return (day.month + 2) // 3


def quarter_span(year: int, quarter: int | None = None) -> tuple[date, date]:
    """First and last day of a quarter (1 to 4), or of the whole year."""
    if quarter is None:
        return date(year, 1, 1), date(year, 12, 31)
    after = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return date(year, quarter * 3 - 2, 1), date.fromordinal(after.toordinal() - 1)
