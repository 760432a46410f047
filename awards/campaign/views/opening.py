"""A new year, its opening, and the places of each unit."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from awards import keys
from awards.campaign.actions.opening import open_campaign, save_quota
from awards.campaign.actions.start import copy_campaign, create_campaign
from awards.campaign.forms.year import NewCampaignForm, QuotaForm
from awards.campaign.models import Campaign
from awards.campaign.permissions import organisers_for
from awards.campaign.queries.places import quota_rows, units_without_quota
from awards.campaign.queries.timetable import opening_problems
from awards.campaign.views.common import SetupMixin, SetupPage
from units.kit.acts import ActPage, FormPage
from units.kit.columns import Column
from units.kit.lists import ListFilter, ListPage, choice, words
from units.models import Unit
from units.moments import moment_text


class NewCampaignView(FormPage):
    title, verb, blamed = "新建年度活动", "新建", "code"

    def allowed(self):
        return bool(self.organisers)

    @cached_property
    def organisers(self):
        return organisers_for(self.request.user)

    def make_form(self, *data):
        return NewCampaignForm(*data, organisers=self.organisers, initial=self._proposed())

    def _proposed(self) -> dict:
        year = timezone.localdate().year
        found = Campaign.objects.run_here().filter(organiser__in=self.organisers)
        newest = found.order_by("-year", "-pk").first()
        if newest:
            year = max(year, newest.year + 1)
        return {"year": year, "code": str(year), "source": newest}

    def act(self, source, code, year, title, organiser, two_stages):
        new = {"code": code, "year": year, "title": title, "actor": self.request.user}
        if source:
            return copy_campaign(source, **new)
        return create_campaign(organiser=organiser, two_stages=two_stages, **new)

    def told(self, campaign):
        return f"{campaign}已新建，尚未启动，单位和公众还看不到。"

    def after(self, campaign):
        return campaign.get_absolute_url()

    def back(self):
        return reverse("awards:campaign-list")

    def trail(self):
        return [("年度活动", self.back())]


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
        problems = opening_problems(self.campaign, self.rule)
        return [("启动前须改正", "".join(problems))] * bool(problems) + [
            (row.get_phase_display(), f"{moment_text(row.opens_at)}至{moment_text(row.closes_at)}")
            for row in self.campaign.timetable.all()
        ]

    def act(self):
        return open_campaign(self.campaign, actor=self.request.user)

    def back(self) -> str:
        return self.campaign.get_absolute_url()

    def trail(self):
        return [(str(self.campaign), self.back())]


class QuotaFilter(ListFilter):
    look_in = ("unit__name", "unit__short_name")
    begun = choice("申报", [("yes", "已开始"), ("no", "还没有开始")], method="having_begun")
    q = words("党组织")

    def having_begun(self, rows, name, value):
        return rows.filter(begun=value == "yes", places__gt=0)


class QuotaListView(SetupMixin, ListPage):
    """Every organization's places and how many are used."""

    template_name = "awards/campaign/quotas.html"
    tab = "campaign-quotas"
    filter_class = QuotaFilter
    noun, unit = "党组织", "个"

    @property
    def title(self):
        return f"{self.campaign}申报名额"

    def rows(self):
        return quota_rows(self.campaign)

    def columns(self):
        return [
            Column("党组织", "unit.name", order="unit", by=("unit__order", "unit__path"), main=True),
            Column("合计限报", "places", "number", order="places"),
            Column("每类限报", "per_category", "number", order="per_category"),
            Column("已占用", "used", "number", order="used"),
            Column("申报", lambda row: "已开始" if row.begun else "还没有开始", css="nowrap"),
            Column("操作", kind="act", page=not self.campaign.announced_at),
        ]

    def empty(self):
        text = "启动时按“类别与名额”中的限额，给每个直属党组织各建一份。"
        return {"title": "还没有名额", "text": text}

    def get_context_data(self, **kwargs):
        missing = units_without_quota(self.campaign)
        return super().get_context_data(**kwargs) | self.frame() | {"missing": missing}


class QuotaView(SetupPage):
    second = keys.PLACES_CHANGED
    template_name = "awards/campaign/quota.html"
    tab = "campaign-quotas"

    @cached_property
    def unit(self) -> Unit:
        found = Unit.objects.top_organizations(self.campaign.organiser)
        return get_object_or_404(found, slug=self.kwargs["unit"])

    def make_form(self, *data):
        quota = self.campaign.quotas.filter(unit=self.unit).first()
        initial = {
            "places": quota.places if quota else self.campaign.places_in_all,
            "per_category": quota.per_category if quota else self.campaign.places_per_category,
        }
        return QuotaForm(*data, initial=initial)

    def context(self, form):
        return super().context(form) | {"unit": self.unit}

    def back(self):
        return self.url("campaign-quotas")

    @property
    def title(self) -> str:
        return f"{self.unit.name}的申报名额"

    def act(self, **typed):
        return save_quota(self.campaign, self.unit, actor=self.request.user, **typed)
