"""The list of years, and a year as everybody may read it: the call, the dates, the rubric, the rule."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from awards.campaign.forms.year import CampaignFilter
from awards.campaign.models import Campaign
from awards.campaign.permissions import organisers_for
from awards.campaign.queries.comparison import previous_campaign, year_changes
from awards.campaign.queries.lists import campaign_rows
from awards.campaign.queries.rule import category_names, rubric_of, with_setup
from awards.campaign.queries.timetable import (
    extensions_of,
    opening_problems,
    timetable_line,
    timetable_remarks,
)
from awards.campaign.views.common import RuleMixin
from awards.scoring.words import rule_sentences
from units.kit.columns import Column
from units.kit.lists import ListPage


class CampaignListView(ListPage):
    """The years."""

    template_name = "awards/campaign/list.html"
    filter_class = CampaignFilter
    title, noun, unit = "年度活动", "年度", "年"

    def rows(self):
        return campaign_rows(self.request.user)

    def columns(self):
        return [
            Column("代码", "code", page=False),
            Column("名称", "title", order="title", main=True, link="get_absolute_url"),
            Column("年度", "year", order="year", css="nowrap"),
            Column("组织单位", "organiser.name", order="organiser", by=("organiser__name",)),
            Column("名额", lambda row: None if row.from_papers else row.seats_in_all, "number"),
            Column(
                "启动",
                lambda row: None if row.from_papers else row.opened_at,
                "date",
                order="opened",
                by=("opened_at",),
            ),
            Column("公布", "announced_at", "date", order="announced", by=("announced_at",)),
        ]

    def empty(self):
        text = "新建后设好类别、评分规则和时间，再启动；平台启用前的年度可以导入往年结果。"
        return {"title": "还没有年度活动", "text": text}

    def get_context_data(self, **kwargs):
        return super().get_context_data(can_start=bool(organisers_for(self.request.user)), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class CampaignView(RuleMixin, TemplateView):
    """Public once opened; the office sees what is still missing and what differs from last year."""

    template_name = "awards/campaign/campaign.html"

    def get_context_data(self, **kwargs):
        campaign, now = self.campaign, timezone.now()
        is_office = self.is_office
        earlier = previous_campaign(campaign) if is_office and not campaign.opened_at else None
        with_setup(campaign, *([earlier] if earlier else []))
        context = {
            "campaign": campaign,
            "rule": self.rule,
            "sentences": rule_sentences(self.rule.parsed, category_names(campaign)),
            "rubric": rubric_of(campaign, self.rule),
            "stages": [] if campaign.from_papers else timetable_line(campaign, now),
            "extensions": extensions_of(campaign) if campaign.opened_at else [],
        }
        if is_office and not campaign.from_papers:
            context |= self.office_context(earlier)
        return super().get_context_data(**{**kwargs, **context})

    def office_context(self, earlier: Campaign | None) -> dict:
        campaign = self.campaign
        context = {"tabs": self.tabs("campaign"), "remarks": timetable_remarks(campaign)}
        if not campaign.opened_at:
            context["problems"] = opening_problems(campaign, self.rule)
            if earlier:
                context |= {"earlier": earlier, "differences": year_changes(campaign, earlier)}
        return context
