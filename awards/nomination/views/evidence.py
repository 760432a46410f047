"""The picker of service records."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone

from awards.nomination.actions.drafts import cite_activities
from awards.nomination.forms.around import EvidenceFilter
from awards.nomination.permissions import can_edit
from awards.nomination.queries.content import claim_lines
from awards.nomination.queries.lists import citable_activities
from awards.nomination.views.common import OwnNominationView
from awards.nomination.views.form_page import FormPageMixin
from services.models.logged import LogState


class NominationEvidenceView(FormPageMixin, OwnNominationView):
    """The organization's records, ticked or not. Works as a plain form; HTMX sends each tick at once."""

    template_name = "awards/nomination/evidence.html"

    def get(self, request, key):
        self.require(can_edit(request.user, self.nomination))
        nomination = self.nomination
        asked = request.GET.copy()
        asked.setdefault("year", str(nomination.campaign.year))
        form = EvidenceFilter(asked, campaign=nomination.campaign)
        form.is_valid()
        rows = citable_activities(nomination, form.cleaned_data)
        page = Paginator(rows, 50).get_page(request.GET.get("page"))
        context = self.totals() | {"page_obj": page, "filter": form, "nomination": nomination}
        context |= {"open": "evidence" in self.opened, "reviewed": LogState.REVIEWED}
        return render(request, self.template_name, context)

    def post(self, request, key):
        self.require(can_edit(request.user, self.nomination))
        shown, picked = (self.keys(name) for name in ("shown", "pick"))
        changed = self.attempt(
            lambda: cite_activities(self.nomination, add=picked, drop=shown - picked, actor=request.user),
            done="" if request.htmx else "引用已保存。",
        )
        if request.htmx:
            context = self.totals() | {"nomination": self.nomination, "saved_at": changed and timezone.now()}
            return render(request, "awards/nomination/_evidence_totals.html", context)
        return redirect(request.get_full_path())

    def keys(self, name: str) -> set[int]:
        return {int(text) for text in self.request.POST.getlist(name) if text.isdigit()}

    def totals(self) -> dict:
        return {
            "recorded": {metric.value: figure for metric, figure in self.recorded.items()},
            "claim_lines": claim_lines(self.claims, self.recorded),
        }
