"""The form, saving by hand and by itself, and the map beside it."""

from __future__ import annotations

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from awards.errors import StageError, StaleVersion
from awards.nomination.actions import save_draft
from awards.nomination.forms import (
    BODY,
    NominationForm,
    shown_values,
)
from awards.nomination.models import Nomination
from awards.nomination.permissions import can_edit, can_send, can_submit
from awards.nomination.queries import part_label
from awards.nomination.rules import count_characters, questions_for, time_left
from awards.nomination.views.common import OwnNominationView
from awards.nomination.views.form_page import FormPageMixin

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
            save(self.nomination, form, rows, request.user)
        except StaleVersion:
            return self.show_both(form, rows)
        except StageError as refusal:
            messages.error(request, f"没有保存：{refusal}")
            return self.show(form, rows)
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
            "remarks": [(part_label(remark.field), remark.remark) for remark in self.remarks],
            "opened": self.opened, "cited": cited[:SHOWN_RECORDS],
            "sections": {name: form[name] for name in BODY},
            "left": time_left(nomination.closes_at, timezone.now()) if nomination.closes_at else "",
            "used": sum(count_characters(getattr(nomination, name)) for name in BODY),
            "questions": questions_for(nomination.campaign.year),
            "can_submit": can_submit(self.request.user, nomination),
            "can_send": can_send(self.request.user, nomination),
            "partners": [row for row in nomination.partner_rows if not row["declined"]],
        }  # fmt: skip
        return render(self.request, self.template_name, context)

    def show_both(self, form, rows):
        """Nothing is overwritten: the page keeps what was typed and shows beside it what others saved."""
        self.nomination = type(self.nomination).objects.with_rows().shown_to(self.request.user).get(
            pk=self.nomination.pk
        )  # fmt: skip
        del self.claims
        stored = shown_form(self.nomination, self)
        data = self.request.POST.copy()
        data["version"] = self.nomination.version
        form, rows = self.bind(data)
        form.is_valid(), rows.is_valid()
        mine = shown_values(form) | rows_values(rows)
        labels = {bound.html_name: bound.label for bound in form}
        clash = [
            {
                "label": labels.get(name, "量化成效"),
                "theirs": joined(text),
                "mine": joined(mine.get(name, "")),
            }
            for name, text in stored.items()
            if joined(text) != joined(mine.get(name, ""))
        ]
        return self.show(form, rows, clash)


def joined(text: str | list[str]) -> str:
    return "、".join(text) if isinstance(text, list) else text.replace("\r\n", "\n")


def rows_values(rows) -> dict[str, str | list[str]]:
    return {name: text for form in rows.forms for name, text in shown_values(form).items()}


def shown_form(nomination: Nomination, page: FormPageMixin) -> dict[str, str | list[str]]:
    """What is stored now, as the form's controls would show it."""
    form, rows = page.bind()
    return shown_values(form) | rows_values(rows)


def save(nomination: Nomination, form: NominationForm, rows, actor) -> Nomination:
    values = form.values()
    if rows.forms and not rows.forms[0].fields["value"].disabled:
        values["claims"] = rows.rows()
    return save_draft(nomination, values, version=form.cleaned_data["version"], actor=actor)


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
            nomination = save(self.nomination, form, rows, request.user)
        except StaleVersion:
            return self.clash()
        except StageError as refusal:
            return self.refused({"": [str(refusal)]})
        return JsonResponse({"saved_at": f"{timezone.localtime():%H:%M:%S}", "version": nomination.version})

    def refused(self, errors):
        return JsonResponse({"errors": errors}, status=422)

    def clash(self):
        self.nomination.refresh_from_db()
        del self.claims
        theirs = shown_form(self.nomination, self)
        return JsonResponse({"clash": True, "version": self.nomination.version, "theirs": theirs}, status=409)


def row_errors(rows) -> dict[str, list[str]]:
    return {form.add_prefix(name): texts for form in rows.forms for name, texts in form.errors.items()}


class NominationMapView(FormPageMixin, OwnNominationView):
    """The map and the figures alone, asked again after each save."""

    http_method_names = ["get"]

    def get(self, request, key):
        context = self.figures() | {"nomination": self.nomination}
        return render(request, "awards/nomination/_map.html", context)
