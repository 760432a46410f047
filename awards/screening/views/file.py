from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from awards import keys
from awards.campaign.permissions import INSIDE
from awards.campaign.views.year import YearMixin
from awards.catalogue import label_of
from awards.errors import StageError
from awards.nomination.queries.content import files_handed_over
from awards.screening.actions.checks import BLIND_IS_OPEN, confirm_blind, save_checks
from awards.screening.actions.decisions import discard_decision, prepare_decision
from awards.screening.forms import BlindCorrectionForm, BlindForm, ChecklistForm
from awards.screening.queries.blind import UNSEEN, looks_of
from awards.screening.queries.file import file_of, files
from awards.screening.queries.findings import findings_of
from awards.screening.queries.queue import next_open
from awards.screening.queries.reading import changes_in_rows, claim_rows, parts_of
from awards.states import State
from units.kit.acts import ActPage, OneClick
from units.kit.filled import Filled
from units.kit.together import Fill, Together


class FileMixin(YearMixin):
    """The file of the URL; a draft has no code and is not found."""

    @cached_property
    def nomination(self):
        # Not `visible_to`: a secretary who is also the office elsewhere must not find the own file here.
        rows = files().filter(campaign__in=self.years(), campaign__code=self.kwargs["campaign"])
        nomination = get_object_or_404(rows, code=self.kwargs["code"])
        self.request.campaign = nomination.campaign
        return nomination

    @property
    def campaign(self):
        return self.nomination.campaign

    def file_url(self) -> str:
        return reverse("awards:screening-file", args=[self.kwargs["campaign"], self.kwargs["code"]])


class FileView(Together, FileMixin, View):
    """The submission beside the checklist."""

    roles_required = INSIDE

    @cached_property
    def file(self):
        return file_of(self.nomination)

    @property
    def is_open(self) -> bool:
        """Whether answers may still be given: submitted, nothing prepared, and the office looks."""
        return (
            self.nomination.state == State.SUBMITTED and not self.file.examination.waiting and self.is_office
        )

    @cached_property
    def found(self):
        is_submitted = self.nomination.state == State.SUBMITTED
        return findings_of(self.file) if is_submitted else ({}, [])

    @property
    def can_confirm(self) -> bool:
        return self.is_office and self.nomination.state in BLIND_IS_OPEN

    def attachments(self) -> list[dict]:
        """The files handed over; beside each that may become blind, what was found in it."""
        handed_over = files_handed_over(self.nomination, [self.file.examination.submission])
        looks = looks_of(self.file) if self.can_confirm else {}
        asked = {row["slug"] for row in handed_over if self.can_confirm and row["blind_claimed"]}
        return [
            row | {"look": looks.get(row["slug"], UNSEEN) if row["slug"] in asked else None}
            for row in handed_over
        ]

    read_anew = ("nomination", "file", "found")

    def row(self):
        return self.nomination

    def version_of(self, nomination) -> str:
        return self.file.examination.version

    def form_key(self, nomination) -> str:
        return f"screening:{nomination.pk}:{self.file.examination.submission.pk}"

    def bind(self, nomination, data=None) -> Filled:
        saved, former = self.file.examination.checks, self.file.former_checks
        letter = nomination.category.letter
        form = ChecklistForm(data, category=letter, saved=saved, former=former, findings=self.found[0])
        return Filled(form)

    def write(self, nomination, filled, version):
        (form,) = filled.parts
        save_checks(nomination, form.opinions(), actor=self.request.user, version=version)
        return self.row_now()

    def get(self, request, **kwargs):
        return self.show(self.as_stored() if self.is_open else None)

    def post(self, request, **kwargs):
        if not self.is_office:
            raise PermissionDenied
        try:
            fill = self.fill(request.POST)
            if not fill.is_done or (fill.taken and "prepare" in request.POST):
                return self.show(fill)
            message = self.conclude()
        except StageError as refusal:
            messages.error(request, str(refusal))
            return redirect(self.file_url())
        messages.success(request, f"{message}{fill.lead}")
        following = next_open(self.campaign, self.nomination.code) if "prepare" in request.POST else None
        where = [self.campaign.code, following] if following else None
        return redirect("awards:screening-file", *where) if where else redirect(self.file_url())

    def conclude(self) -> str:
        """Where asked for, prepare what the saved answers lead to."""
        if "prepare" not in self.request.POST:
            return "审查意见已保存。"
        examination = self.file.examination
        to = examination.outcome
        if to is None:
            raise StageError("审查意见已保存，但还不能拟定结论：" + "".join(examination.conclusion.problems))
        prepare_decision(self.nomination, to=to, actor=self.request.user)
        return f"{self.nomination.code}已拟定“{to.label}”，统一下达后生效。"

    def show(self, fill: Fill | None):
        file, nomination = self.file, self.nomination
        waiting = file.examination.waiting
        return render(
            self.request,
            "awards/screening/file.html",
            {
                "file": file,
                "nomination": nomination,
                "parts": parts_of(file.content, file.former_content, file.remarks),
                "claims": claim_rows(file.content),
                "changes": changes_in_rows(file.content, file.former_content),
                "attachments": self.attachments(),
                "asked": [(label_of(part), text) for part, text in file.remarks.items()],
                "fill": fill,
                "form": fill and fill.filled.parts[0],
                "similar": self.found[1],
                "waiting": waiting,
                "remarks": [item["remark"] for item in waiting.details.get("items", [])] if waiting else [],
                "waiting_state": waiting and State(waiting.to_state),
                "is_office": self.is_office,
                "can_confirm": self.can_confirm,
                "rounds_left": max(self.campaign.correction_rounds - nomination.rounds, 0),
                "trail": [("资格审查", reverse("awards:screening-queue", args=[self.campaign.code]))],
            },
        )


class FileAct(FileMixin, OneClick):
    def back(self) -> str:
        return self.file_url()


class DiscardView(FileAct):
    done = "已取消拟定，可以修改审查意见。"

    def act(self):
        return discard_decision(self.nomination, actor=self.request.user)


class BlindView(FileMixin, ActPage):
    """Yes or no to a file; while the entry is being read, a correction with a reason for the reviewers."""

    second = keys.BLIND_CHANGED

    @cached_property
    def attachment(self):
        return get_object_or_404(self.nomination.attachments.present(), slug=self.kwargs["slug"])

    @property
    def ok(self) -> bool:
        return (self.request.POST or self.request.GET).get("ok") == "1"

    @property
    def is_late(self) -> bool:
        return self.nomination.reviewed_from is not None

    @property
    def verb(self) -> str:
        return "更正" if self.is_late else "确认可供" if self.ok else "不供匿名评审"

    @property
    def title(self) -> str:
        return f"“{self.attachment.name}”{'可供' if self.ok else '不供'}匿名评审"

    @property
    def lead(self) -> str:
        return "评审已经启动，评委会看到这次更正和原因" if self.is_late else ""

    def make_form(self, *data):
        form_class = BlindCorrectionForm if self.is_late else BlindForm
        return form_class(*data) if data else form_class(initial={"ok": "1" if self.ok else "0"})

    def waits(self) -> bool:
        return self.is_late

    def about(self) -> str:
        return f"{self.nomination} {self.title}"

    def changes(self, form):
        now, then = ("可供" if ok else "不供" for ok in (self.attachment.blind_ok, self.ok))
        reason = form.cleaned_data.get("reason", "")
        return [(f"“{self.attachment.name}”匿名评审", now, then), ("更正原因", "", reason)]

    def entries(self, form):
        return [self.nomination]

    def act(self, ok, **typed):
        return confirm_blind(self.attachment, ok=ok == "1", actor=self.request.user, **typed)

    def told(self, attachment) -> str:
        return f"“{attachment.name}”{'可供匿名评审' if attachment.blind_ok else '不供匿名评审'}。"

    def back(self) -> str:
        return self.file_url() + "#files"
