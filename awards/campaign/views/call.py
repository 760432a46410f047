"""The list of years, and a year as everybody may read it: the call, the dates, the rubric, the rule."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import ListView, TemplateView

from awards.campaign.models import Campaign
from awards.campaign.permissions import can_change_campaign, organisers_for
from awards.campaign.queries import (
    category_names,
    differences,
    extensions_of,
    opening_problems,
    previous_campaign,
    rubric_of,
    timetable_line,
    timetable_remarks,
    with_seats,
)
from awards.campaign.rules import rule_sentences
from awards.campaign.views.common import CampaignMixin


class CampaignListView(ListView):
    template_name = "awards/campaign/list.html"
    paginate_by = 50
    context_object_name = "campaigns"

    def get_queryset(self):
        found = Campaign.objects.visible_to(self.request.user).filter(is_scratch=False)
        return with_seats(found.select_related("organiser"))

    def get_context_data(self, **kwargs):
        return super().get_context_data(can_start=bool(organisers_for(self.request.user)), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class CampaignView(CampaignMixin, TemplateView):
    """Public once opened; the office sees what is still missing and what differs from last year."""

    template_name = "awards/campaign/campaign.html"

    def get_context_data(self, **kwargs):
        campaign, now = self.campaign, timezone.now()
        context = {
            "campaign": campaign,
            "rule": self.rule,
            "sentences": rule_sentences(self.rule.body, category_names(campaign)),
            "rubric": rubric_of(campaign, self.rule),
            "stages": timetable_line(campaign, now),
            "extensions": extensions_of(campaign),
        }
        if can_change_campaign(self.request.user, campaign):
            context |= self.office_context()
        return super().get_context_data(**{**kwargs, **context})

    def office_context(self) -> dict:
        campaign = self.campaign
        context = {"tabs": self.tabs("campaign"), "remarks": timetable_remarks(campaign)}
        if not campaign.opened_at:
            context["problems"] = opening_problems(campaign, self.rule)
            if earlier := previous_campaign(campaign):
                context |= {"earlier": earlier, "differences": differences(campaign, earlier)}
        return context
