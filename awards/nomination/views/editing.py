"""The form, saving by hand and by itself, and the map beside it."""

from __future__ import annotations

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from awards.catalogue import label_of
from awards.errors import StageError, StaleVersion
from awards.nomination.actions import save_draft
from awards.nomination.forms import ClaimRows, NominationForm, shown_values
from awards.nomination.permissions import can_edit, can_send, can_submit
from awards.nomination.rules import questions_for, time_left
from awards.nomination.views.common import OwnNominationView
from awards.nomination.views.form_page import CLAIMS, FormPageMixin
from units.kit.merge import Merged, base_of

SHOWN_RECORDS = 30


class NominationEditView(FormPageMixin, OwnNominationView):
    template_name = "awards/nomination/edit.html"

    def get(self, request, key):
        if not can_edit(request.user, self.nomination):
            messages.info(request, "申报已在评选办，不能再修改。")
            return redirect(self.nomination)
        return self.show(*self.bind())

    def post(self, request, key):
        if not can_edit(request.user, self.nomination):
            messages.error(request, "没有保存：申报已不在本单位，不能再修改。")
            return redirect(self.nomination)
        form, rows = self.bind(request.POST)
        if not (form.is_valid() and rows.is_valid()):
            return self.show(form, rows)
        try:
            form, rows, found = save(self, form, rows)
        except StageError as refusal:
            messages.error(request, f"没有保存：{refusal}")
            return self.show(form, rows)
        if found.both or not (form.is_valid() and rows.is_valid()):
            return self.show(form, rows, self.compared(form, rows, found.both))
        if request.POST.get("next") == "check":
            return self.to(
                "nomination-submit" if can_submit(request.user, self.nomination) else "nomination-send"
            )
        messages.success(request, "已保存。")
        return self.to("nomination-edit")

    def show(self, form, rows, clash=()):
        nomination = self.nomination
        cited = nomination.evidence.select_related("activity__unit").order_by("-activity__happened_on", "-pk")
        context = self.figures() | {
            "nomination": nomination, "form": form, "rows": rows, "clash": clash,
            # A page sent back keeps the base it came with: it belongs to the version beside it.
            "base": form.data.get("base", "") if form.is_bound else base_of(self.texts(form, rows)),
            "remarks": [(label_of(remark.field), remark.remark) for remark in self.remarks],
            "opened": self.opened, "cited": cited[:SHOWN_RECORDS],
            "left": time_left(nomination.closes_at, timezone.now()) if nomination.closes_at else "",
            "questions": questions_for(nomination.campaign.year),
            "can_submit": can_submit(self.request.user, nomination),
            "can_send": can_send(self.request.user, nomination),
            "partners": [row for row in nomination.partner_rows if not row["declined"]],
        }  # fmt: skip
        return render(self.request, self.template_name, context)

    def compared(self, form, rows, both: list[str]) -> list[dict]:
        """Boxes that two people changed: both texts. The page keeps what was typed; saving again decides."""
        labels = {bound.html_name: bound.label for bound in form} | {CLAIMS: "量化成效"}
        stored, typed = self.texts(*self.bind()), self.texts(form, rows)
        return [
            {"label": labels[name], "theirs": joined(stored[name]), "mine": joined(typed[name])}
            for name in both
        ]


def joined(texts: list[str]) -> str:
    return "、".join(text for text in texts if text).replace("\r\n", "\n")


def save(page: FormPageMixin, form: NominationForm, rows) -> tuple[NominationForm, ClaimRows, Merged]:
    """Write what is clean, upon what others saved meanwhile; nothing where both changed the same box.

    Returns the form and rows as they stand then, and what the merge found.
    """
    found = Merged({}, [], [])
    for _ in range(3):
        values = form.values()
        if rows.forms and not rows.forms[0].fields["value"].disabled:
            values["claims"] = rows.rows()
        try:
            page.nomination = save_draft(
                page.nomination, values, version=form.cleaned_data["version"], actor=page.request.user
            )
        except StaleVersion:
            form, rows, found = page.merged(page.request.POST)
            if found.both or not (form.is_valid() and rows.is_valid()):
                return form, rows, found
        else:
            return form, rows, found
    raise StageError("多人正在同时保存，请稍后再试。")


class NominationSaveView(FormPageMixin, OwnNominationView):
    """The draft saves itself: JSON as static/js/autosave.js reads it. Never an entry in the log."""

    http_method_names = ["post"]

    def post(self, request, key):
        if not can_edit(request.user, self.nomination):
            return self.refused({"": ["申报已不在本单位，不能再修改。"]})
        form, rows = self.bind(request.POST)
        if not (form.is_valid() and rows.is_valid()):
            return self.refused(form.errors | row_errors(rows))
        try:
            form, rows, found = save(self, form, rows)
        except StageError as refusal:
            return self.refused({"": [str(refusal)]})
        if found.both:
            return self.clash(found)
        if not (form.is_valid() and rows.is_valid()):
            return self.refused(form.errors | row_errors(rows))
        return JsonResponse(
            {
                "saved_at": f"{timezone.localtime():%H:%M:%S}",
                "version": self.nomination.version,
                "base": base_of(self.texts(form, rows)),
                "taken": controls(form, rows, found.taken),
            }
        )

    def refused(self, errors):
        return JsonResponse({"errors": errors}, status=422)

    def clash(self, found: Merged):
        stored = self.bind()
        return JsonResponse(
            {
                "clash": True,
                "version": self.nomination.version,
                "base": base_of(self.texts(*stored)),
                "theirs": controls(*stored, found.both),
                "taken": controls(*stored, found.taken),
            },
            status=409,
        )


def controls(form, rows, names: list[str]) -> dict[str, str | list[str]]:
    """Control → text as autosave.js writes it, for these boxes."""
    found = {name: text for name, text in shown_values(form).items() if name in names}
    if CLAIMS in names:
        found |= {name: text for row in rows.forms for name, text in shown_values(row).items()}
    return found


def row_errors(rows) -> dict[str, list[str]]:
    return {form.add_prefix(name): texts for form in rows.forms for name, texts in form.errors.items()}


class NominationMapView(FormPageMixin, OwnNominationView):
    """The map and the figures alone, asked again after each save."""

    http_method_names = ["get"]

    def get(self, request, key):
        context = self.figures() | {"nomination": self.nomination}
        return render(request, "awards/nomination/_map.html", context)
