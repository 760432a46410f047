"""Beginning a nomination, its form, saving by hand and by itself, and the picker of records."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from awards.campaign.models import Campaign
from awards.errors import StageError, StaleVersion
from awards.nomination.actions import cite_activities, save_draft, start_nomination
from awards.nomination.forms import (
    BODY,
    EvidenceFilter,
    NominationForm,
    StartForm,
    claim_rows,
    shown_values,
)
from awards.nomination.models import AttachmentKind, Metric, Nomination
from awards.nomination.permissions import can_edit, can_send, can_submit, nominates
from awards.nomination.queries import (
    citable_activities,
    claim_lines,
    copyable_for,
    files_of,
    form_map,
    form_state,
    open_parts,
    open_remarks,
    recorded_figures,
    takes_drafts,
)
from awards.nomination.rules import PART_LABELS, count_characters, first_refusal, questions_for, time_left
from awards.nomination.views.common import OwnNominationView
from services.models import LogState
from units.models import Unit
from units.permissions import units_of
from units.roles import UNIT_ROLES

SHOWN_RECORDS = 30


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
            data, campaign=self.campaign, user=user, units=units, sources=copyable_for(user)[:100],
            questions=questions_for(self.campaign.year),
            initial={"source": source, "unit": units_of(user, *UNIT_ROLES)[0].pk},
        )  # fmt: skip

    def show(self, form=None, refusal=None, status=200):
        self.request.campaign = self.campaign
        context = {"campaign": self.campaign, "form": form, "refusal": refusal}
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


class FormPageMixin:
    """What the form, its map and the picker show of the same nomination."""

    nomination: Nomination

    @cached_property
    def remarks(self):
        return open_remarks(self.nomination)

    @cached_property
    def opened(self) -> frozenset[str]:
        return open_parts(self.nomination, self.remarks)

    @cached_property
    def claims(self):
        return list(self.nomination.claims.all())

    @cached_property
    def recorded(self):
        return recorded_figures(self.nomination.evidence.values("activity"))

    def bind(self, data=None):
        """The form and the rows of claims, as stored or as sent."""
        nomination = self.nomination
        categories = None if nomination.code else list(nomination.campaign.categories.all())
        form = NominationForm(data, instance=nomination, opened=self.opened, categories=categories)
        return form, claim_rows(self.claims, data, disabled="claims" not in self.opened)

    def figures(self) -> dict:
        """The map and the comparison of claimed and recorded figures."""
        files = files_of(self.nomination)
        states = form_state(
            self.nomination,
            claims=len(self.claims),
            cited=int(self.recorded[Metric.EVENTS]),
            sealed=any(file["kind"] == AttachmentKind.SEALED for file in files),
        )
        return {
            "map": form_map(states),
            "states": {state.code: state for state in states},
            "claim_lines": claim_lines(self.claims, self.recorded),
            "recorded": {metric.value: figure for metric, figure in self.recorded.items()},
            "files": files,
        }


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
            "remarks": [(remark_label(remark.field), remark.remark) for remark in self.remarks],
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


def remark_label(field: str) -> str:
    """The name of the part a remark hangs on."""
    return PART_LABELS.get(field) or str(Nomination._meta.get_field(field).verbose_name)
