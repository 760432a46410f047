"""Beginning a nomination: the questions of eligibility, then category, unit and what to copy."""

from __future__ import annotations

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from awards.campaign.models import CHOSEN_YEAR, Campaign
from awards.errors import StageError
from awards.nomination.actions.drafts import start_nomination
from awards.nomination.forms.around import StartForm
from awards.nomination.permissions import nominates
from awards.nomination.queries.form_map import repeat_remark
from awards.nomination.queries.lists import copyable_for
from awards.nomination.queries.opening import takes_drafts
from awards.nomination.queries.places import Places, elsewhere, places_by_category
from awards.nomination.rules.eligibility import first_refusal, questions_for
from awards.nomination.views.common import page_of
from units.kit.acts import FormPage
from units.models import Unit
from units.permissions import units_of
from units.roles import UNIT_ROLES


class NominationNewView(FormPage):
    """First the questions of eligibility: one 否 stops here, with the rule and whom to ask."""

    title, verb, done = "新建申报", "开始填写", ""
    template_name = "awards/nomination/new.html"
    refusal = None

    def allowed(self) -> bool:
        return nominates(self.request.user)

    @cached_property
    def campaign(self) -> Campaign | None:
        """The chosen year, else the newest, that takes drafts and is run by the committee above the person's unit."""
        slugs = {unit.organiser_slug for unit in units_of(self.request.user, *UNIT_ROLES)}
        running = Campaign.objects.opened().filter(organiser__slug__in=slugs, is_scratch=False)
        running = running.select_related("organiser").prefetch_related("timetable").order_by("-year", "-pk")
        chosen = self.request.session.get(CHOSEN_YEAR)
        years = sorted(running[:5], key=lambda campaign: campaign.code != chosen)
        return next((campaign for campaign in years if takes_drafts(campaign)), None)

    @cached_property
    def places(self) -> dict[int, Places]:
        """Of the person's organization, by category; empty when it was given none."""
        own = next((unit for unit in units_of(self.request.user, *UNIT_ROLES) if unit.top_id), None)
        return places_by_category(self.campaign, own.top) if own else {}

    def make_form(self, *data) -> StartForm | None:
        if self.campaign is None:
            return None
        user = self.request.user
        units = Unit.objects.within(units_of(user, *UNIT_ROLES)).active_on(timezone.localdate())
        return StartForm(
            *data, campaign=self.campaign, user=user, units=units.exclude(top=None), sources=copyable_for(user),
            questions=questions_for(self.campaign.year), places=self.places,
            initial={"source": self.request.GET.get("source", ""), "unit": units_of(user, *UNIT_ROLES)[0].pk},
        )  # fmt: skip

    def typed(self, form) -> dict:
        return {"refusal": first_refusal(form.answers(), form.questions), **form.cleaned_data}

    def act(self, refusal=None, category=None, unit=None, source=None, **answers):
        if self.campaign is None:
            raise StageError("现在不能新建申报。申报时间见首页的年度进程。")
        if refusal:
            self.refusal = refusal
            raise StageError(refusal.rule)
        nomination = start_nomination(
            campaign=self.campaign, category=category, unit=unit, actor=self.request.user, source=source
        )
        if remark := self.remark(nomination, source):
            messages.warning(self.request, remark)
        return nomination

    def remark(self, nomination, source) -> str:
        """What stands against submitting it one day: said now, not at the end."""
        if source and (twins := elsewhere(nomination)):
            return repeat_remark(twins[0])
        places = self.places.get(nomination.category_id)
        if places and places.problem:
            return f"{places.problem}可以先写草稿；有申报撤回或未通过审查、名额退还后才能提交。"
        return ""

    def blame(self, form, refusal) -> None:
        if self.refusal is None:  # a question of eligibility has a note of its own, with whom to ask
            super().blame(form, refusal)

    def after(self, nomination) -> str:
        return page_of("nomination-edit", nomination)

    def back(self) -> str:
        return reverse("awards:nomination-list")

    def trail(self):
        return [("申报", self.back())]

    def context(self, form) -> dict:
        self.request.campaign = self.campaign
        return super().context(form) | {
            "campaign": self.campaign,
            "refusal": self.refusal,
            "places": list(self.places.values()) if self.campaign else [],
        }
