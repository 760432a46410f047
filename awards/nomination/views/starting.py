"""Beginning a nomination: the questions of eligibility, then category, unit and what to copy."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from awards.campaign.models import Campaign
from awards.errors import StageError
from awards.nomination.actions import start_nomination
from awards.nomination.forms import (
    StartForm,
)
from awards.nomination.permissions import nominates
from awards.nomination.queries import (
    copyable_for,
    places_all_taken,
    takes_drafts,
)
from awards.nomination.rules import first_refusal, questions_for
from units.models import Unit
from units.permissions import units_of
from units.roles import UNIT_ROLES


class NominationNewView(View):
    """First the questions of eligibility: one 否 stops here, with the rule and whom to ask."""

    template_name = "awards/nomination/new.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not nominates(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def campaign(self) -> Campaign | None:
        """The newest year that takes drafts and is run by the committee above the person's unit."""
        slugs = {unit.organiser_slug for unit in units_of(self.request.user, *UNIT_ROLES)}
        running = Campaign.objects.opened().filter(organiser__slug__in=slugs, is_scratch=False)
        running = running.select_related("organiser").prefetch_related("timetable").order_by("-year", "-pk")
        return next((campaign for campaign in running[:5] if takes_drafts(campaign)), None)

    def form(self, data=None) -> StartForm:
        user = self.request.user
        units = Unit.objects.within(units_of(user, *UNIT_ROLES)).active_on(timezone.localdate())
        units = units.exclude(top=None)
        source = self.request.GET.get("source", "")
        return StartForm(
            data, campaign=self.campaign, user=user, units=units, sources=copyable_for(user),
            questions=questions_for(self.campaign.year),
            initial={"source": source, "unit": units_of(user, *UNIT_ROLES)[0].pk},
        )  # fmt: skip

    def show(self, form=None, refusal=None, status=200):
        self.request.campaign = self.campaign
        context = {"campaign": self.campaign, "form": form, "refusal": refusal}
        own = next((unit for unit in units_of(self.request.user, *UNIT_ROLES) if unit.top_id), None)
        if self.campaign and own:
            context["taken"] = places_all_taken(self.campaign, own.top)
        return render(self.request, self.template_name, context, status=status)

    def get(self, request):
        return self.show(self.form() if self.campaign else None)

    def post(self, request):
        if self.campaign is None:
            return self.show()
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        refusal = first_refusal(form.answers(), form.questions)
        if refusal:
            return self.show(form, refusal)
        values = form.cleaned_data
        try:
            nomination = start_nomination(
                campaign=self.campaign, category=values["category"], unit=values["unit"], actor=request.user,
                source=values["source"],
            )  # fmt: skip
        except StageError as problem:
            messages.error(request, str(problem))
            return self.show(form)
        return redirect("awards:nomination-edit", nomination.key)
