"""What a nomination may take and claim: places, partners, figures, cited records, rounds of correction."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from awards.campaign.rules.working_days import Calendar, deadline

GAP_TO_FLAG = Fraction(1, 10)
CORRECTION_ROUNDS = 2
CORRECTION_DAYS = 3
UNIT_NOTICE_DAYS = 5


def places_problem(
    held_in_category: int, held_total: int, per_category: int = 1, total: int = 2
) -> str | None:
    """Why a lead unit may not submit one more, None when it may (docs/field.md 1.4).

    held_*: places its other nominations hold (docs/design.md), the one to be submitted left out.
    """
    if held_in_category >= per_category:
        return f"本单位在该类别的名额（{per_category}个）已用完。"
    if held_total >= total:
        return f"本单位名额（{total}个）已用完。"
    return None


def partners_problem(lead: object, partners: Iterable[object], most: int = 3) -> str | None:
    """Why a list of 联合申报单位 cannot stand; units by key, the top organizations below the organiser."""
    partners = list(partners)
    if lead in partners:
        return "牵头单位不能同时是联合申报单位。"
    if len(set(partners)) < len(partners):
        return "联合申报单位有重复。"
    if len(partners) > most:
        return f"联合申报单位{len(partners)}个，超过上限{most}个。"
    return None


@dataclass(frozen=True)
class FigureGap:
    """A claimed figure beside the recorded one, in the figure's own unit.

    share: (claimed − recorded) / recorded, negative when less is claimed; None where nothing is recorded.
    """

    claimed: Decimal
    recorded: Decimal
    share: Fraction | None
    flagged: bool

    @property
    def sentence(self) -> str:
        """The remark for the screening officer; empty when there is nothing to remark."""
        if not self.flagged:
            return ""
        if self.share is None:
            return "没有可对照的记录。"
        tenths = floor(abs(self.share) * 1000 + Fraction(1, 2))  # half up
        return f"申报数{'高' if self.share > 0 else '低'}于记录{tenths // 10}.{tenths % 10}%。"


def claimed_vs_recorded(claimed: Decimal, recorded: Decimal) -> FigureGap:
    """Compare what a nomination claims with what its cited activities add up to (docs/field.md 4.3).

    Flagged when they differ by more than a tenth of the recorded figure, exactly a tenth is not; and when
    something is claimed while nothing is recorded. Raises ValueError for a negative figure.
    """
    if claimed < 0 or recorded < 0:
        raise ValueError("a figure is never negative")
    if not recorded:
        return FigureGap(claimed, recorded, None if claimed else Fraction(0), bool(claimed))
    share = (Fraction(claimed) - Fraction(recorded)) / Fraction(recorded)
    return FigureGap(claimed, recorded, share, abs(share) > GAP_TO_FLAG)


def records_warnings(days: Iterable[date], least: int = 3, quarters: int = 2) -> list[str]:
    """What is thin about the cited activities; a warning, unless the campaign makes it a condition.

    days: the date of each cited activity (docs/field.md 4.3: at least 3 from at least 2 quarters).
    """
    days = list(days)
    covered = {(day.year, (day.month - 1) // 3) for day in days}
    warnings = []
    if len(days) < least:
        warnings.append(f"引用服务记录{len(days)}条，建议不少于{least}条。")
    if len(covered) < quarters:
        warnings.append(f"引用的服务记录分布在{len(covered)}个季度，建议不少于{quarters}个季度。")
    return warnings


def in_operation_long_enough(started_on: date, closing_on: date, months: int = 3) -> bool:
    """Whether work begun on a day has run `months` whole months when nominations close.

    By calendar: begun on 10 August it has run three months on 10 November; begun on 30 November, on the last
    of February.
    """
    count = (closing_on.year - started_on.year) * 12 + closing_on.month - started_on.month
    last_day = monthrange(closing_on.year, closing_on.month)[1]
    if closing_on.day < min(started_on.day, last_day):
        count -= 1
    return count >= months


def unit_notice_problem(days: int, least: int = UNIT_NOTICE_DAYS) -> str | None:
    """Why a 公示 in the own unit of so many working days is too short, None when it is long enough."""
    return f"本单位公示{days}个工作日，少于{least}个工作日。" if days < least else None


def unit_notice_days(calendar: Calendar, first: date, last: date) -> int:
    """Its working days, the first and the last day counted (docs/field.md 1.7)."""
    return calendar.working_days_between(first - timedelta(days=1), last)


def correction_problem(rounds_used: int, most: int = CORRECTION_ROUNDS) -> str | None:
    """Why a file cannot be returned once more, None when it can."""
    if rounds_used >= most:
        return f"已退回补正{rounds_used}次，达到上限{most}次，不能再退回。"
    return None


def correction_due(calendar: Calendar, returned_at: datetime, days: int = CORRECTION_DAYS) -> datetime:
    """Until when a returned file may be handed in again: 17:30 of the `days`-th working day after."""
    return deadline(calendar, returned_at, days)


def has_lapsed(due_at: datetime, now: datetime) -> bool:
    """True when the time for correction is over; handed in on the very second is still in time."""
    return now > due_at
