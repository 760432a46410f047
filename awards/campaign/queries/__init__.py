"""What other rooms ask about a year: its rule in force, its calendar, its dates, its places."""

from awards.campaign.queries.calendar import already_set, known_calendar, working_calendar
from awards.campaign.queries.comparison import previous_campaign, rule_changes, year_changes
from awards.campaign.queries.lists import campaign_rows
from awards.campaign.queries.places import quota_rows, units_without_quota
from awards.campaign.queries.rule import (
    category_names,
    compile_rule_body,
    plain,
    rubric_of,
    rule_in_force,
    rule_settings,
    second_stage_of,
    shortlist_of,
    shortlist_places,
    with_setup,
)
from awards.campaign.queries.setting_up import next_setup_step
from awards.campaign.queries.timetable import (
    LineStage,
    extensions_of,
    opening_problems,
    steps_of,
    timetable_line,
    timetable_remarks,
)

__all__ = [
    "LineStage",
    "already_set",
    "campaign_rows",
    "category_names",
    "compile_rule_body",
    "extensions_of",
    "known_calendar",
    "next_setup_step",
    "opening_problems",
    "plain",
    "previous_campaign",
    "quota_rows",
    "rubric_of",
    "rule_changes",
    "rule_in_force",
    "rule_settings",
    "second_stage_of",
    "shortlist_of",
    "shortlist_places",
    "steps_of",
    "timetable_line",
    "timetable_remarks",
    "units_without_quota",
    "with_setup",
    "working_calendar",
    "year_changes",
]
