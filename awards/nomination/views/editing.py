"""The form, saving by hand and by itself, and the map beside it."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from awards.campaign.rules.wording import left_text
from awards.catalogue import label_of
from awards.errors import StageError
from awards.nomination.actions.drafts import save_draft
from awards.nomination.forms.draft import NominationForm, claim_rows
from awards.nomination.permissions import can_edit, can_send, can_submit
from awards.nomination.rules.eligibility import questions_for
from awards.nomination.views.common import OwnNominationView, visible_nomination
from awards.nomination.views.form_page import FormPageMixin
from units.kit.filled import Filled
from units.kit.together import Fill, Together

SHOWN_RECORDS = 30


class FillMixin(Together, FormPageMixin):
    """The form and the rows of claims, filled by clerk and secretary at once."""

    form_id = "nomination"
    read_anew = ("nomination", "claims")

    def row(self):
        if "nomination" not in vars(self):
            self.nomination = visible_nomination(self.request, self.kwargs["key"])
        return self.nomination

    def bind(self, nomination, data=None) -> Filled:
        categories = None if nomination.code else list(nomination.campaign.categories.all())
        form = NominationForm(data, instance=nomination, opened=self.opened, categories=categories)
        return Filled(form, claim_rows(self.claims, data, disabled="claims" not in self.opened))

    def write(self, nomination, filled, version):
        form, rows = filled.parts
        values = form.values()
        if "claims" in self.opened:
            values["claims"] = rows.rows()
        return save_draft(nomination, values, version=version, actor=self.request.user)

    def form_key(self, nomination) -> str:
        return f"nomination:{nomination.pk}"


class NominationEditView(FillMixin, OwnNominationView):
    template_name = "awards/nomination/edit.html"

    def get(self, request, key):
        if not can_edit(request.user, self.nomination):
            messages.info(request, "申报已在评选办，不能再修改。")
            return redirect(self.nomination)
        return self.show(self.as_stored())

    def post(self, request, key):
        if not can_edit(request.user, self.nomination):
            messages.error(request, "没有保存：申报已不在本单位，不能再修改。")
            return redirect(self.nomination)
        try:
            fill = self.fill(request.POST)
        except StageError as refusal:
            messages.error(request, f"没有保存：{refusal}")
            return self.show(self.sent_back(request.POST))
        if not fill.is_done:
            return self.show(fill)
        if fill.taken:
            messages.info(request, fill.lead)
        elif request.POST.get("next") == "check":
            return self.to(
                "nomination-submit" if can_submit(request.user, self.nomination) else "nomination-send"
            )
        messages.success(request, "已保存。")
        return self.to("nomination-edit")

    def show(self, fill: Fill):
        nomination = self.nomination
        form, rows = fill.filled.parts
        cited = nomination.evidence.select_related("activity__unit").order_by("-activity__happened_on", "-pk")
        context = self.figures() | {
            "nomination": nomination, "form": form, "rows": rows, "fill": fill,
            "remarks": [(label_of(remark.field), remark.remark) for remark in self.remarks],
            "opened": self.opened, "cited": cited[:SHOWN_RECORDS],
            "left": left_text(timezone.now(), nomination.closes_at) if nomination.closes_at else "",
            "questions": questions_for(nomination.campaign.year),
            "can_submit": can_submit(self.request.user, nomination),
            "can_send": can_send(self.request.user, nomination),
            "partners": [row for row in nomination.partner_rows if not row["declined"]],
        }  # fmt: skip
        return render(self.request, self.template_name, context)


class NominationSaveView(FillMixin, OwnNominationView):
    """The draft saves itself: JSON as static/js/autosave.js reads it. Never an entry in the log."""

    http_method_names = ["post"]

    def post(self, request, key):
        if not can_edit(request.user, self.nomination):
            return self.refused_json("申报已不在本单位，不能再修改。")
        try:
            return self.as_json(self.fill(request.POST))
        except StageError as refusal:
            return self.refused_json(refusal)


class NominationMapView(FormPageMixin, OwnNominationView):
    """The map and the figures alone, asked again after each save."""

    http_method_names = ["get"]

    def get(self, request, key):
        context = self.figures() | {"nomination": self.nomination}
        return render(request, "awards/nomination/_map.html", context)
