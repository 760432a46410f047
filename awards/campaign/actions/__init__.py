"""What the office decides about a year."""

from awards.campaign.actions.calendar import save_special_days, seed_year
from awards.campaign.actions.editing import SetupRefused
from awards.campaign.actions.opening import open_campaign, save_quota
from awards.campaign.actions.rule import Line, lock_rule, save_category, save_rubric, save_rule
from awards.campaign.actions.settings import change_campaign
from awards.campaign.actions.start import copy_campaign, create_campaign, enter_past_year
from awards.campaign.actions.timetable import extend_deadline, save_timetable

__all__ = [
    "Line",
    "SetupRefused",
    "change_campaign",
    "copy_campaign",
    "create_campaign",
    "enter_past_year",
    "extend_deadline",
    "lock_rule",
    "open_campaign",
    "save_category",
    "save_quota",
    "save_rubric",
    "save_rule",
    "save_special_days",
    "save_timetable",
    "seed_year",
]
