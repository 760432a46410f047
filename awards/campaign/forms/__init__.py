"""What the office types about a year."""

from awards.campaign.forms.dates import CalendarFormSet, ExtensionForm, SourceForm, TimetableForm
from awards.campaign.forms.rule import CategoryForm, LineForm, RubricFormSet, RuleForm
from awards.campaign.forms.year import (
    CampaignFilter,
    LimitsForm,
    NewCampaignForm,
    QuotaForm,
    SettingsForm,
)

__all__ = [
    "CalendarFormSet",
    "CampaignFilter",
    "CategoryForm",
    "ExtensionForm",
    "LimitsForm",
    "LineForm",
    "NewCampaignForm",
    "QuotaForm",
    "RubricFormSet",
    "RuleForm",
    "SettingsForm",
    "SourceForm",
    "TimetableForm",
]
