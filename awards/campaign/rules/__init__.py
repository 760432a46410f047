"""Rules of the year: what a working day is, and whether a set-up can be opened at all."""

from awards.campaign.rules.locks import (
    DATES_ONLY_MOVE_LATER,
    PLACES_BY_UNIT,
    RULE_IS_LOCKED,
    YEAR_IS_OVER,
    never_lowered,
)
from awards.campaign.rules.setup import (
    CATEGORY_NAMES,
    STAGE_NAMES,
    Step,
    setup_problems,
    stage_name,
    timetable_problems,
    timetable_warnings,
)
from awards.campaign.rules.statutory import known_years, statutory_days
from awards.campaign.rules.timetable import (
    days_moved,
    moved,
    proposed_timetable,
    shifted_timetable,
)
from awards.campaign.rules.wording import (
    last_day,
    left_text,
    percent,
    rule_sentences,
    span_text,
    step_text,
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
    "DATES_ONLY_MOVE_LATER",
    "PLACES_BY_UNIT",
    "RULE_IS_LOCKED",
    "SHANGHAI",
    "STAGE_NAMES",
    "YEAR_IS_OVER",
    "Calendar",
    "Period",
    "Step",
    "StripDay",
    "add_years",
    "day_of_period",
    "days_moved",
    "days_strip",
    "deadline",
    "known_years",
    "last_day",
    "left_text",
    "local_date",
    "moment_text",
    "moved",
    "never_lowered",
    "notice_period",
    "percent",
    "proposed_timetable",
    "rule_sentences",
    "setup_problems",
    "shifted_timetable",
    "span_text",
    "stage_name",
    "statutory_days",
    "step_text",
    "timetable_problems",
    "timetable_warnings",
]
