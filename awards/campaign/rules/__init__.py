"""Rules of the year: what a working day is, and whether a set-up can be opened at all."""

from awards.campaign.rules.setup import (
    CATEGORY_NAMES,
    STAGE_NAMES,
    Step,
    setup_problems,
    timetable_problems,
    timetable_warnings,
)
from awards.campaign.rules.working_days import (
    SHANGHAI,
    Calendar,
    Period,
    StripDay,
    add_years,
    day_of_period,
    days_strip,
    deadline,
    local_date,
    moment_text,
    notice_period,
)

__all__ = [
    "CATEGORY_NAMES",
    "SHANGHAI",
    "STAGE_NAMES",
    "Calendar",
    "Period",
    "Step",
    "StripDay",
    "add_years",
    "day_of_period",
    "days_strip",
    "deadline",
    "local_date",
    "moment_text",
    "notice_period",
    "setup_problems",
    "timetable_problems",
    "timetable_warnings",
]
