"""The list of years, and a year as everybody may read it: the call, the dates, the rubric, the rule."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.generic import ListView, TemplateView

from awards.campaign.forms import CampaignFilter
from awards.campaign.models import Campaign
from awards.campaign.permissions import organisers_for
from awards.campaign.queries import (
    campaign_rows,
    category_names,
    differences,
    extensions_of,
    opening_problems,
    previous_campaign,
    rubric_of,
    timetable_line,
    timetable_remarks,
    with_setup,
)
from awards.campaign.rules import rule_sentences
from awards.campaign.views.common import RuleMixin
from units.audit.events import Event
from units.audit.record import record
from units.papers.workbook import Column, Sheet, export_line, workbook_response
from units.permissions import posts_of

COLUMNS = [
    Column("代码", "code"),
    Column("名称", "title"),
    Column("年度", "year"),
    Column("组织单位", "organiser.name"),
    Column("名额", lambda row: None if row.from_papers else row.seats_in_all, "number"),
    Column("启动", lambda row: None if row.from_papers else row.opened_at, "date"),
    Column("公布", "announced_at", "date"),
]


class CampaignListView(ListView):
    """The years; `?export=xlsx` gives the same list."""

    template_name = "awards/campaign/list.html"
    paginate_by = 50

    @cached_property
    def filter(self) -> CampaignFilter:
        form = CampaignFilter(self.request.GET)
        form.is_valid()
        return form

    def get_queryset(self):
        return campaign_rows(self.request.user, self.filter.cleaned_data)

    def get(self, request, *args, **kwargs):
        return self.export() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    def export(self):
        person = self.request.user
        record(Event.EXPORTED, actor=person, target="年度活动")
        unit = next((post.unit.name for post in posts_of(person)), "")
        sheet = Sheet("年度活动", COLUMNS, self.get_queryset(), export_line(unit, str(person)))
        return workbook_response("年度活动", [sheet])

    def get_context_data(self, **kwargs):
        can_start = bool(organisers_for(self.request.user))
        return super().get_context_data(filter=self.filter, can_start=can_start, **kwargs)


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
            "sentences": rule_sentences(self.rule.body, category_names(campaign)),
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
                context |= {"earlier": earlier, "differences": differences(campaign, earlier)}
        return context
