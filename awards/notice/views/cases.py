"""One case: what is said, what is due, and each step on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from awards import keys
from awards.campaign.permissions import can_run
from awards.notice.actions.cases import (
    accept_objection,
    extend_objection,
    refuse_objection,
    rule_on_objection,
    take_objection,
)
from awards.notice.forms import RulingForm
from awards.notice.models import Objection, ObjectionState
from awards.notice.papers import reply_name, reply_paper
from awards.notice.permissions import can_read_case, can_read_identity, can_work_on
from awards.notice.queries import ties_of
from awards.notice.rules import ObjectionFacts, scope
from awards.notice.views.desk import DeskMixin
from units.audit.events import Event
from units.audit.record import record
from units.downloads import attachment_response
from units.kit.acts import ActPage
from units.kit.reasons import ReasonForm


@dataclass(frozen=True)
class Act:
    """One step: when it is possible, what its page says, what it does with the clean values."""

    verb: str
    text: str
    possible: Callable[[Objection, object], bool]
    do: Callable
    form: Callable
    danger: bool = False
    ends_it: bool = False
    """Whether it decides the case, and so takes two people."""


def _nothing(data=None):
    return None


ACTS = {
    "take": Act(
        "接办",
        "接办后由您经办本件，只有您能查看提出人的身份和附件，每次查看都有记录。",
        lambda case, user: (
            case.is_open and case.handler_id != user.pk and can_run(user, case.notice.campaign)
        ),
        take_objection,
        ReasonForm.asking("接办理由", hint="已有经办人的须填写。", needed=False, longest=500),
    ),
    "accept": Act(
        "受理",
        "受理后10个工作日内答复；该项目暂停，办结前不公布。",
        lambda case, user: case.state == ObjectionState.FILED,
        accept_objection,
        _nothing,
    ),
    "refuse": Act(
        "不予受理",
        "理由将告知提出人；匿名线索不作答复，理由只留存备查。",
        lambda case, user: case.state == ObjectionState.FILED,
        refuse_objection,
        ReasonForm.asking("不予受理的理由", longest=500),
        danger=True,
        ends_it=True,
    ),
    "extend": Act(
        "延长核查期限",
        "只能延长一次，再给10个工作日；理由告知提出人。",
        lambda case, user: case.state == ObjectionState.ACCEPTED and not case.extended_at,
        extend_objection,
        ReasonForm.asking("延期理由", longest=500),
    ),
    "rule": Act(
        "作出裁定",
        "裁定后不能修改。成立的，取消拟入选资格；部分成立的，更正公示内容；不成立的，恢复公示。",
        lambda case, user: case.state == ObjectionState.ACCEPTED,
        rule_on_objection,
        RulingForm,
        ends_it=True,
    ),
}


class CaseMixin(DeskMixin):
    @cached_property
    def case(self) -> Objection:
        rows = Objection.objects.filter(notice__campaign=self.campaign).select_related(
            "notice__campaign", "nomination__unit", "handler", "ruling__ruled_by"
        )
        return get_object_or_404(rows, receipt=self.kwargs["receipt"])

    @property
    def case_url(self) -> str:
        return self.url("case", self.case.receipt)


class CaseView(CaseMixin, View):
    def get(self, request, campaign, receipt):
        case = self.case
        ties = ties_of(request.user, case.nomination, timezone.localdate())
        if ties:
            return render(
                request, "awards/notice/case_barred.html", {"case": case, "ties": ties, "trail": self.trail()},
                status=403,
            )  # fmt: skip
        may_identify = can_read_identity(request.user, case)
        shown = may_identify and request.GET.get("show") == "identity"
        if shown:
            record(
                Event.PERSONAL_DATA_READ, actor=request.user, target=case, campaign=self.campaign.code,
                after={"fields": ["name", "contact"]},
            )  # fmt: skip
        files = list(case.files.all())
        context = {
            "case": case, "trail": self.trail(), "campaign": self.campaign, "files": files,
            "line": case.notice.entries.get(nomination=case.nomination),
            "suggestion": suggestion(case, len(files)) if case.state == ObjectionState.FILED else None,
            "may_identify": may_identify, "shown": shown,
            "acts": self.acts(),
            "others": Objection.objects.open().filter(nomination=case.nomination).exclude(pk=case.pk)
            .defer("name", "contact", "facts"),
            "may_reply": may_identify and can_be_answered(case),
        }  # fmt: skip
        return render(request, "awards/notice/case.html", context)

    def acts(self):
        """The steps this person may take now; the first is the usual one."""
        user, case = self.request.user, self.case
        found = []
        for name, act in ACTS.items():
            if not act.possible(case, user):
                continue
            if name != "take" and not (can_work_on(user, case) and is_mine(case, user)):
                continue
            found.append({"name": name, "verb": act.verb, "danger": act.danger})
        return found


def can_be_answered(case: Objection) -> bool:
    """Whether there is a ruling or refusal, and still a name to address it to."""
    return case.is_named and not case.is_open and not case.contacts_removed_at


def is_mine(case: Objection, user) -> bool:
    return case.handler_id in (None, user.pk) or not (case.is_named or case.state != ObjectionState.FILED)


def suggestion(case: Objection, files: int):
    """What the announced scope makes of the case; a person decides. A lead told in words counts as a piece of evidence."""
    facts = ObjectionFacts(
        filed_at=case.filed_at, ground=case.ground, statement=case.facts, is_named=case.is_named,
        name=case.name, contact=case.contact, evidence=files + bool(case.evidence),
    )  # fmt: skip
    return scope(facts, case.notice.published_at, case.notice.closes_at)


class CaseActView(CaseMixin, ActPage):
    second = keys.OBJECTION_DECIDED

    @cached_property
    def step(self) -> Act:
        if self.kwargs["act"] not in ACTS:
            raise Http404
        return ACTS[self.kwargs["act"]]

    def waits(self) -> bool:
        """A lead without a name is sorted by the supervisor alone, whom nobody else may confirm."""
        return self.step.ends_it and self.is_office

    def entries(self, form):
        return [self.case.nomination]

    @property
    def verb(self) -> str:
        return self.step.verb

    @property
    def text(self) -> str:
        return self.step.text

    @property
    def danger(self) -> bool:
        return self.step.danger

    @property
    def title(self) -> str:
        return f"{self.verb} {self.case.receipt}"

    def allowed(self) -> bool:
        case, user = self.case, self.request.user
        if not can_read_case(user, case):
            return False
        if self.kwargs["act"] == "take":
            return not case.is_open or self.is_office
        return not case.is_open or can_work_on(user, case)

    def stopped(self) -> str:
        case = self.case
        if self.step.possible(case, self.request.user):
            return ""
        return f"本件{case.get_state_display()}，不需要{self.verb}。"

    def make_form(self, *data):
        return self.step.form(*data[:1])

    def act(self, **values):
        return self.step.do(self.case, actor=self.request.user, **values)

    def told(self, _) -> str:
        return f"{self.case.receipt}已{self.verb}。"

    def back(self) -> str:
        return self.case_url

    def facts(self):
        return [("项目", str(self.case.nomination)), ("异议类型", self.case.get_ground_display())]

    def trail(self):
        return [*super().trail(), (self.case.receipt, self.case_url)]


class CaseFileView(CaseMixin, View):
    """One piece of evidence, to whoever may know the objector, each time with a line in the log."""

    def get(self, request, campaign, receipt, slug):
        if not can_read_identity(request.user, self.case):
            raise PermissionDenied
        file = get_object_or_404(self.case.files, slug=slug)
        record(
            Event.ATTACHMENT_READ, actor=request.user, target=self.case, campaign=self.campaign.code,
            after={"file": file.slug, "sha256": file.sha256},
        )  # fmt: skip
        return attachment_response(file.file.open("rb"), file.name, file.content_type)


class ReplyView(CaseMixin, View):
    """The answer as a paper; it bears the objector's name, so it is the handler's alone."""

    def get(self, request, campaign, receipt):
        case = self.case
        if not can_read_identity(request.user, case):
            raise PermissionDenied
        if not can_be_answered(case):
            raise Http404
        return self.export_paper(
            f"{reply_name(case)}_{case.receipt}", reply_paper(case), target=case, event=Event.PERSONAL_DATA_READ,
            fields=["name"], paper=reply_name(case),
        )  # fmt: skip
