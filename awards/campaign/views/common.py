"""What the pages of a year share: whose year, the tabs, the version, the refusal beside the form."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property

from awards.campaign.queries.rule import rule_in_force
from awards.campaign.queries.timetable import opening_problems
from awards.campaign.rules.locks import RULE_IS_LOCKED, YEAR_IS_OVER
from awards.campaign.views.year import CampaignMixin
from units.kit.acts import FormPage
from units.kit.together import SharedForm

TABS = (
    ("总览", "campaign"),
    ("基本信息", "campaign-settings"),
    ("类别与名额", "campaign-categories"),
    ("评分规则", "campaign-rule"),
    ("时间安排", "campaign-timetable"),
    ("申报名额", "campaign-quotas"),
    ("工作日历", "campaign-calendar"),
)


class RuleMixin(CampaignMixin):
    """A page that tells of the year's rule."""

    @cached_property
    def rule(self):
        return rule_in_force(self.campaign)

    def tabs(self, current: str) -> list[dict]:
        return [
            {"label": label, "url": self.url(route), "current": route == current} for label, route in TABS
        ]


class SetupMixin(RuleMixin):
    """A page of the set-up: for the organiser's office alone; `tab` is the route it stands under."""

    tab = "campaign"

    def years(self):
        return super().years().prefetch_related("timetable")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not self.is_office:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def frame(self) -> dict:
        """What the frame of the set-up pages needs."""
        campaign = self.campaign
        return {
            "campaign": campaign,
            "tabs": self.tabs(self.tab),
            "rule": self.rule,
            "problems": [] if campaign.opened_at else opening_problems(campaign, self.rule),
        }


class SetupPage(SetupMixin, FormPage):
    """A form of the set-up. Nothing typed is lost: a refusal stands above what was typed."""

    is_of_the_rule = False

    @property
    def closed(self) -> str:
        """Why nothing can be saved here any more, and what to do; empty while something can."""
        if self.campaign.announced_at:
            return YEAR_IS_OVER
        return RULE_IS_LOCKED if self.is_of_the_rule and self.rule.locked_at else ""

    def back(self) -> str:
        return self.request.path

    def context(self, form) -> dict:
        return super().context(form) | self.frame() | {"closed": self.closed}


class SetupForm(SharedForm, SetupPage):
    """A form of what the set-up's version counts: the year's parts hang together, so all is saved or nothing."""

    partly = False
    read_anew = ("campaign", "rule", "category")

    def row(self):
        return self.campaign

    def form_key(self, campaign) -> str:
        place = ":".join(self.kwargs[name] for name in sorted(self.kwargs) if name != "campaign")
        return f"campaign:{campaign.pk}:{self.tab}:{place}"
