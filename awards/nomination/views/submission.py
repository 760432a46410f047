"""Out of the unit's hands: check and submit, review in the unit, withdraw, receipt and paper."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from awards.nomination.actions.submission import (
    AlreadySubmitted,
    send_back,
    send_to_unit_review,
    submit_nomination,
    withdraw_nomination,
)
from awards.nomination.papers import application_paper
from awards.nomination.permissions import (
    can_send,
    can_send_back,
    can_submit,
    can_withdraw,
    is_of_the_lead,
    is_office_of,
)
from awards.nomination.queries.form_map import warnings_of
from awards.nomination.queries.places import places_of
from awards.nomination.rules.freezing import digest_of_text, short_digest
from awards.nomination.rules.limits import has_lapsed
from awards.nomination.views.common import (
    OwnNominationAct,
    OwnNominationView,
    page_of,
    visible_nomination,
)
from awards.nomination.views.form_page import FormPageMixin
from awards.states import State
from units.audit.events import Event
from units.kit.exports import Exporting
from units.kit.reasons import ReasonForm


class CheckMixin(FormPageMixin):
    """The page before a file is handed on: what is missing, what will be asked, what it takes."""

    typed_only = False

    def show_check(self, verb: str, text: str, *, strict: bool):
        nomination = self.nomination
        cited = nomination.evidence.values_list("activity__happened_on", flat=True)
        shown = self.figures()
        waiting = [
            row["unit"] for row in nomination.partner_rows if not (row["confirmed"] or row["declined"])
        ]
        places = None if nomination.holds_a_place else places_of(nomination)
        closed = self.closed() if strict else ""
        stopped = strict and (closed or shown["map"].gaps or (places and places.problem))
        context = shown | {
            "closed": closed, "may_go": not stopped,
            "nomination": nomination, "verb": verb, "text": text, "strict": strict, "places": places,
            "warnings": warnings_of(nomination, shown["claim_lines"], list(cited), waiting),
            "partners": [row for row in nomination.partner_rows if row["confirmed"]],
        }  # fmt: skip
        return render(self.request, "awards/nomination/check.html", context)

    def closed(self) -> str:
        """Why nothing can be submitted today, whatever the file holds."""
        nomination = self.nomination
        if nomination.state == State.RETURNED:
            late = has_lapsed(nomination.correction_due_at, timezone.now())
            return "补正期限已过。" if late else ""
        return (
            "" if nomination.campaign.accepts_nominations_at(timezone.now()) else "不在申报时间内，不能提交。"
        )


class NominationSubmitView(CheckMixin, OwnNominationAct):
    verb = "提交申报"

    def get(self, request, key):
        return self.to("nomination-receipt") if self.handed_over else super().get(request, key)

    @property
    def handed_over(self) -> bool:
        return self.nomination.state == State.SUBMITTED

    def allowed(self) -> bool:
        # A second click finds the file at the office: it is told so, not refused.
        return self.handed_over or can_submit(self.request.user, self.nomination)

    def ask(self, form):
        text = "提交后内容即封存，不能再修改；审查中如有问题，评选办会退回补正。"
        return self.show_check(self.verb, text, strict=True)

    def act(self):
        return submit_nomination(self.nomination, actor=self.request.user)

    def refused(self, form, refusal):
        if isinstance(refusal, AlreadySubmitted):
            messages.info(self.request, str(refusal))
            return self.to("nomination-receipt")
        messages.error(self.request, str(refusal))
        return self.to("nomination-submit")

    def told(self, nomination) -> str:
        return f"{nomination.code}已提交，等待资格审查。"

    def after(self, nomination) -> str:
        return page_of("nomination-receipt", nomination)


class NominationSendView(CheckMixin, OwnNominationAct):
    verb, done = "报书记审核", "已报本单位党组织书记审核。"

    def allowed(self) -> bool:
        return can_send(self.request.user, self.nomination)

    def ask(self, form):
        return self.show_check(self.verb, "由本单位党组织书记审核并提交，审核期间仍可修改。", strict=False)

    def act(self):
        return send_to_unit_review(self.nomination, actor=self.request.user)


class NominationSendBackView(OwnNominationAct):
    title, verb, done = "退回党务干部修改", "退回修改", "已退回修改。"
    text = "申报回到草稿，理由会显示在申报页上。"
    form_class = ReasonForm

    def allowed(self) -> bool:
        return can_send_back(self.request.user, self.nomination)

    def act(self, reason: str):
        return send_back(self.nomination, reason=reason, actor=self.request.user)


class NominationWithdrawView(OwnNominationAct):
    title, verb, done, danger = "撤回申报", "撤回申报", "申报已撤回。", True
    text = "撤回后不能恢复，名额退还本单位；申报时间内可以另行申报。"
    form_class = ReasonForm

    def allowed(self) -> bool:
        return can_withdraw(self.request.user, self.nomination)

    def act(self, reason: str):
        return withdraw_nomination(self.nomination, reason=reason, actor=self.request.user)


class NominationReceiptView(OwnNominationView):
    """Number, time and digest of the last submission, to print and keep."""

    http_method_names = ["get"]

    def get(self, request, key):
        submission = self.nomination.submissions.select_related("submitted_by").first()
        if submission is None:
            raise Http404
        context = {
            "nomination": self.nomination,
            "submission": submission,
            "printed": short_digest(digest_of_text(submission.content)),
        }
        return render(request, "awards/nomination/receipt.html", context)


class NominationPaperView(Exporting, View):
    """The 申报表 as Word, for signature and seal. The office's download is a read of personal data."""

    http_method_names = ["get"]

    def get(self, request, key):
        nomination = visible_nomination(request, key)
        own = is_of_the_lead(request.user, nomination)
        if not (own or is_office_of(request.user, nomination)):
            raise PermissionDenied
        return self.export_paper(
            f"申报表_{nomination.code or nomination.unit}", application_paper(nomination), target=nomination,
            event=Event.EXPORTED if own else Event.PERSONAL_DATA_READ, paper="申报表",
        )  # fmt: skip
