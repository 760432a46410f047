"""How every page of one nomination finds it and asks whether the person may work on it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views import View

from awards.errors import StageError
from awards.nomination.models import Nomination
from awards.nomination.permissions import is_of_the_lead
from units.kit.acts import ActPage


def visible_nomination(request, key: str) -> Nomination:
    """The file a URL names, with what stands around it; 404 for whom it does not exist."""
    files = Nomination.objects.visible_to(request.user).keyed(key).with_rows().shown_to(request.user)
    nomination = get_object_or_404(files)
    request.campaign = nomination.campaign
    return nomination


def page_of(name: str, nomination: Nomination) -> str:
    return reverse(f"awards:{name}", args=[nomination.key])


class OwnNominationMixin:
    """A page for the lead unit's people; `self.nomination` is there before get and post."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.nomination = visible_nomination(request, kwargs["key"])
            if not is_of_the_lead(request.user, self.nomination):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def to(self, name: str):
        return redirect(page_of(name, self.nomination))


class OwnNominationView(OwnNominationMixin, View):
    def require(self, allowed: bool) -> None:
        if not allowed:
            raise PermissionDenied

    def attempt(self, act, *, done: str = "") -> bool:
        """Run an action; its refusal, or what was done, is told on the next page."""
        try:
            act()
        except StageError as refusal:
            messages.error(self.request, str(refusal))
            return False
        if done:
            messages.success(self.request, done)
        return True


class OwnNominationAct(OwnNominationMixin, ActPage):
    """An act of the unit on its own file."""

    def back(self) -> str:
        return self.nomination.get_absolute_url()

    def facts(self):
        return [("项目", str(self.nomination)), ("当前状态", self.nomination.mark.label)]
