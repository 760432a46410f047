"""What the office decides about a year."""

from awards.campaign.actions.calendar import save_special_days, seed_year
from awards.campaign.actions.opening import SetupRefused, open_campaign
from awards.campaign.actions.rule import lock_rule
from awards.campaign.actions.start import create_campaign

__all__ = [
    "SetupRefused",
    "create_campaign",
    "lock_rule",
    "open_campaign",
    "save_special_days",
    "seed_year",
]
