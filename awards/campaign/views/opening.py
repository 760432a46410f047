"""A new year, its opening, and the places of each unit."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, ListView

from awards.campaign.actions import copy_campaign, create_campaign, open_campaign, save_quota
from awards.campaign.forms import NewCampaignForm, QuotaForm
from awards.campaign.models import Campaign
from awards.campaign.permissions import organisers_for
from awards.campaign.queries import quota_rows, units_without_quota
from awards.campaign.rules import moment_text
from awards.campaign.views.common import SetupFormView, SetupMixin
from awards.errors import StageError
from units.audit.events import Event
from units.audit.record import record
from units.kit.acts import ActPage
from units.models import Unit
from units.papers.workbook import Column, Sheet, export_line, workbook_response

QUOTA_COLUMNS = [
    Column("党组织", "unit.name"),
    Column("合计限报", "places", "number"),
    Column("每类限报", "per_category", "number"),
    Column("已占用", "used", "number"),
]


class NewCampaignView(FormView):
    template_name = "awards/campaign/new.html"
    form_class = NewCampaignForm

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not self.organisers:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def organisers(self):
        return organisers_for(self.request.user)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"organisers": self.organisers}

    def get_initial(self):
        year = timezone.localdate().year
        found = Campaign.objects.run_here().filter(organiser__in=self.organisers)
        newest = found.order_by("-year", "-pk").first()
        if newest:
            year = max(year, newest.year + 1)
        return {"year": year, "code": str(year), "source": newest}

    def form_valid(self, form):
        values, user = form.cleaned_data, self.request.user
        try:
            if source := values["source"]:
                campaign = copy_campaign(
                    source, code=values["code"], year=values["year"], title=values["title"], actor=user
                )
            else:
                names = ("code", "title", "year", "organiser", "two_stages")
                campaign = create_campaign(**{name: values[name] for name in names}, actor=user)
        except StageError as refusal:
            form.add_error("code", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, f"{campaign}已新建，尚未启动，单位和公众还看不到。")
        return redirect(campaign)


class OpenCampaignView(SetupMixin, ActPage):
    verb, done = "启动", "已启动。"

    @property
    def title(self) -> str:
        return f"启动{self.campaign}"

    @property
    def text(self) -> str:
        units = Unit.objects.top_organizations(self.campaign.organiser).active_on(timezone.localdate())
        return (
            f"启动后，通知、时间安排和评分规则公开，{units.count()}个党组织各得申报名额；"
            "时间只能顺延，字数和名额只能放宽。不能退回未启动。"
        )

    def facts(self):
        return [
            (row.get_phase_display(), f"{moment_text(row.opens_at)}至{moment_text(row.closes_at)}")
            for row in self.campaign.timetable.all()
        ]

    def act(self):
        return open_campaign(self.campaign, actor=self.request.user)

    def back(self) -> str:
        return self.campaign.get_absolute_url()

    def trail(self):
        return [(str(self.campaign), self.back())]


class QuotaListView(SetupMixin, ListView):
    """Every organization's places and how many are used; `?export=xlsx` gives the same list."""

    template_name = "awards/campaign/quotas.html"
    tab = "campaign-quotas"
    paginate_by = 50

    def get_queryset(self):
        return quota_rows(self.campaign, self.request.GET.get("q", "").strip())

    def get(self, request, *args, **kwargs):
        return self.export() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    def export(self):
        title = f"{self.campaign}申报名额"
        record(Event.EXPORTED, actor=self.request.user, target=title, campaign=self.campaign.code)
        line = export_line(self.campaign.organiser.name, str(self.request.user))
        return workbook_response(title, [Sheet(title, QUOTA_COLUMNS, self.get_queryset(), line)])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            q=self.request.GET.get("q", ""), missing=units_without_quota(self.campaign), **kwargs
        )


class QuotaView(SetupFormView):
    template_name = "awards/campaign/quota.html"
    form_class = QuotaForm
    tab = "campaign-quotas"

    @cached_property
    def unit(self) -> Unit:
        found = Unit.objects.top_organizations(self.campaign.organiser)
        return get_object_or_404(found, slug=self.kwargs["unit"])

    def get_initial(self):
        quota = self.campaign.quotas.filter(unit=self.unit).first()
        return {
            "places": quota.places if quota else self.campaign.places_in_all,
            "per_category": quota.per_category if quota else self.campaign.places_per_category,
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(unit=self.unit, **kwargs)

    def get_success_url(self):
        return self.url("campaign-quotas")

    def save(self, form):
        save_quota(self.campaign, self.unit, actor=self.request.user, **form.cleaned_data)
