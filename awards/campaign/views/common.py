"""What the pages of a year share: whose year, the tabs, the version, the refusal beside the form."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView

from awards.campaign.models import Campaign
from awards.campaign.permissions import can_change_campaign
from awards.campaign.queries import opening_problems, rule_in_force
from awards.campaign.rules import RULE_IS_LOCKED, YEAR_IS_OVER
from awards.errors import StageError, StaleVersion

TABS = (
    ("总览", "campaign"),
    ("基本信息", "campaign-settings"),
    ("类别与名额", "campaign-categories"),
    ("评分规则", "campaign-rule"),
    ("时间安排", "campaign-timetable"),
    ("申报名额", "campaign-quotas"),
    ("工作日历", "campaign-calendar"),
)


class CampaignMixin:
    """The year of the address, with `beside` read along; one that this person may not know of answers 404."""

    beside: tuple[str, ...] = ("timetable",)

    @cached_property
    def campaign(self) -> Campaign:
        found = Campaign.objects.visible_to(self.request.user).select_related("organiser")
        found = found.prefetch_related(*self.beside)
        self.request.campaign = get_object_or_404(found, code=self.kwargs["campaign"])
        return self.request.campaign

    @cached_property
    def rule(self):
        return rule_in_force(self.campaign)

    def url(self, name: str, *args) -> str:
        return reverse(f"awards:{name}", args=[self.campaign.code, *args])

    def tabs(self, current: str) -> list[dict]:
        return [
            {"label": label, "url": self.url(route), "current": route == current} for label, route in TABS
        ]


class SetupMixin(CampaignMixin):
    """A page of the set-up: for the organiser's office alone; `tab` is the route it stands under."""

    tab = "campaign"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not can_change_campaign(request.user, self.campaign):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        campaign = self.campaign
        return super().get_context_data(**kwargs) | {
            "campaign": campaign,
            "tabs": self.tabs(self.tab),
            "rule": self.rule,
            "problems": [] if campaign.opened_at else opening_problems(campaign, self.rule),
        }


class SetupFormView(SetupMixin, FormView):
    """A form of the set-up. Nothing typed is lost: a refusal, and a clash, stand above what was typed.

    After a clash the page carries the new version, so saving once more overwrites on purpose.
    """

    saved = "已保存。"
    is_of_the_rule = False

    @property
    def closed(self) -> str:
        """Why nothing can be saved here any more, and what to do; empty while something can."""
        if self.campaign.announced_at:
            return YEAR_IS_OVER
        return RULE_IS_LOCKED if self.is_of_the_rule and self.rule.locked_at else ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(closed=self.closed, **kwargs)

    @property
    def version(self) -> int | None:
        typed = self.request.POST.get("version", "")
        return int(typed) if typed.isdecimal() else self.campaign.version

    def form_valid(self, form):
        try:
            self.save(form)
        except StaleVersion as clash:
            return self.clash(form, clash)
        except StageError as refusal:
            self.refuse(form, refusal)
            return self.form_invalid(form)
        messages.success(self.request, self.saved)
        return redirect(self.get_success_url())

    def refuse(self, form, refusal: StageError):
        if fields := getattr(refusal, "fields", None):
            for name, text in fields.items():
                form.add_error(name, text)
        elif hasattr(form, "add_error"):
            form.add_error(None, str(refusal))
        else:
            form.non_form_errors().append(str(refusal))

    def clash(self, form, clash: StaleVersion):
        self.refuse(form, clash)
        return self.render_to_response(self.get_context_data(form=form, theirs=self.theirs(form)))

    def theirs(self, form) -> list[tuple[str, object]]:
        """label and stored value of each field where what was typed differs from what is stored now."""
        if not hasattr(form, "fields"):
            return []
        stored = {name: form[name].initial for name in form.changed_data}
        return [
            (form.fields[name].label, dict(form.fields[name].choices).get(value, value))
            if hasattr(form.fields[name], "choices")
            else (form.fields[name].label, value)
            for name, value in stored.items()
        ]

    def get_success_url(self):
        return self.request.path

    def save(self, form) -> None:
        raise NotImplementedError
