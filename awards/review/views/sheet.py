"""One entry beside its score sheet, and everything that can be done there."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from awards.campaign.queries.rule import rule_in_force
from awards.campaign.rules.wording import left_text
from awards.errors import StageError
from awards.review.actions import (
    JUDGED,
    abstain,
    declare_conflict,
    hand_in_sheet,
    save_marks,
    skip,
    take_newer_submission,
)
from awards.review.forms import AbstainForm, ConflictForm, MarksForm
from awards.review.models import DeskState, ScoreSheet, SheetState
from awards.review.queries.desk import neighbourhood, next_open
from awards.review.queries.reading import read_submission, what_changed
from awards.review.queries.sheets import own_criteria
from awards.review.views.access import desk_or_404, panel_key, route_of, sheet_of
from awards.scoring.arithmetic import sheet_total
from awards.scoring.numbers import plain
from awards.scoring.words import stage_name
from units.kit.acts import ActPage, OneClick, Ticket
from units.kit.filled import Filled
from units.kit.together import Fill, Together


class DeskView(View):
    """A view of one live assignment of the person signed in; anything else answers 404."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.desk = None

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.desk = desk_or_404(request.user, kwargs["campaign"], kwargs["stage"], kwargs["code"])
        return super().dispatch(request, *args, **kwargs)

    def onward(self):
        """The next entry to judge, or the queue when there is none."""
        following = next_open(self.desk, self.request.user)
        if following is None:
            messages.success(self.request, "本组各件均已处理完毕。")
            return redirect("awards:review-queue")
        return redirect(route_of(following))


class FillMixin(Together):
    """The sheet as a form. Only its reviewer fills it: another version is from another window."""

    alone = True

    @property
    def form_id(self) -> str:
        from_grid = self.request.POST.get("back") == "grid"
        return f"row-{self.desk.nomination.code}" if from_grid else "sheet"

    def row(self):
        self.criteria = own_criteria(self.desk)
        return sheet_of(self.desk)

    def version_of(self, sheet) -> int:
        return sheet.version if sheet else 0

    def bind(self, sheet, data=None) -> Filled:
        initial = MarksForm.values_of(sheet, self.criteria)
        return Filled(MarksForm(data, criteria=self.criteria, initial=initial))

    def write(self, sheet, filled, version):
        (form,) = filled.parts
        comment = form.cleaned_data["comment"]
        return save_marks(
            self.desk, marks=form.marks, comment=comment, version=version, actor=self.request.user
        )

    def form_key(self, sheet) -> str:
        return f"sheet:{self.desk.pk}"


class SheetView(FillMixin, DeskView):
    """The entry to the left, the sheet to the right; on paper and without script the same form."""

    def get(self, request, **kwargs):
        if self.desk.panel.is_running and not self.desk.seat.reviewer.declared_at:
            return redirect(f"{reverse('awards:review-pledge')}?next={request.path}")
        return self.show(self.as_stored())

    def post(self, request, **kwargs):
        act, data = request.POST.get("act", "hand_in"), request.POST
        if act in ("skip", "abstain", "recuse") and self.is_blank(data):
            return self.act(act, None)
        try:
            fill = self.fill(data)
        except StageError as refusal:
            if act == "hand_in" and self.is_in_already(data):
                return self.onward()
            if act in ("abstain", "recuse"):
                messages.warning(request, f"刚才填写的内容没有保存：{refusal}")
                return self.act(act, None)
            return self.show(self.blamed(self.sent_back(data), refusal))
        if not fill.is_done or (fill.taken and act == "hand_in"):
            return self.show(fill)
        try:
            return self.act(act, fill)
        except StageError as refusal:
            return self.show(self.blamed(fill, refusal))

    def act(self, act: str, fill: Fill | None):
        """What follows once all that was typed is saved."""
        if act in ("abstain", "recuse"):  # a page that asks for a reason
            return redirect(route_of(self.desk, f"review-{act}"))
        if act == "skip":
            with Ticket(self.request) as ticket:
                if not ticket.spent:
                    skip(self.desk, actor=self.request.user)
                    ticket.led_to = self.request.path
                    messages.info(self.request, f"{self.desk.nomination.code} 已跳过，其余评完后再回来评。")
            return self.onward()
        if act == "save":
            return redirect(route_of(self.desk))
        (form,) = fill.filled.parts
        comment = form.cleaned_data["comment"]
        hand_in_sheet(
            self.desk, marks=form.marks, comment=comment, version=fill.version, actor=self.request.user
        )
        messages.success(self.request, f"{self.desk.nomination.code} 已提交。")
        if self.request.POST.get("back") == "grid":
            return redirect(f"{reverse('awards:review-grid')}?panel={panel_key(self.desk.panel)}")
        return self.onward()

    def is_blank(self, data) -> bool:
        """Nothing typed, and nothing there before: not worth a sheet."""
        filled = self.bind(self.row_now(), data)
        return data.get("version") in ("", "0", None) and not any(filled.texts().values())

    def is_in_already(self, data) -> bool:
        """A second click: the sheet lies handed in with these very marks, so nothing was refused."""
        sheet = self.row_now()
        if sheet is None or sheet.state != SheetState.HANDED_IN:
            return False
        return self.bind(sheet, data).texts() == self.bind(sheet).texts()

    def blamed(self, fill: Fill, refusal: StageError) -> Fill:
        (form,) = fill.filled.parts
        form.is_valid()
        form.add_error(None, str(refusal))
        return fill

    def show(self, fill: Fill):
        desk, sheet = self.desk, fill.row
        reading = read_submission(desk)
        (form,) = fill.filled.parts
        context = {
            "desk": desk,
            "panel": desk.panel,
            "stage": stage_name(desk.panel.stage),
            "reading": reading,
            "form": form,
            "rows": form.rows(),
            "sheet": sheet,
            "place": neighbourhood(desk, self.request.user),
            "closed": why_closed(desk, sheet),
            "left": left_text(timezone.now(), desk.panel.closes_at) if desk.panel.closes_at else "",
            "save_url": route_of(desk, "review-save"),
            "renew_url": route_of(desk, "review-renew"),
            "fill": fill,
            "refused": fill.refused or "没有保存" if self.request.POST.get("act") == "save" else "没有提交",
        }
        context |= totals(context["rows"], desk)
        if sheet and sheet.submission_id != reading.submission:
            context["differences"] = what_changed(read_submission(desk, sheet.submission_id), reading)
        for one in context["place"].around:
            one.mark = DeskState(one.desk_state)
        page = "awards/review/sheet.html" if reading.is_blind else "awards/review/live.html"
        return render(self.request, page, context)


def why_closed(desk, sheet) -> str:
    """Why this sheet can only be read; empty while it can be filled in."""
    panel = desk.panel
    if sheet and sheet.state == SheetState.HANDED_IN:
        return "评分表已提交，不能再改。"
    if desk.abstained_at:
        return f"您已弃评本件：{desk.abstain_reason}"
    if panel.closed_at:
        return "评审组已关闭。"
    if panel.closes_at and panel.closes_at < timezone.now():
        return "评审时间已过，评分不能再改。"
    return "" if desk.nomination.state in JUDGED else "本件已不在评审中。"


def totals(rows: list[dict], desk) -> dict:
    """How many are marked; the total only when all are, so that nobody marks towards a number."""
    marks = {row["criterion"].code: row["mark"] for row in rows if row["mark"] is not None}
    found = {"marked": len(marks), "combine": "sum", "total": ""}
    if any(row["criterion"].weight != 1 for row in rows):
        found["combine"] = rule_in_force(desk.panel.campaign).parsed.combine
    if len(marks) == len(rows):
        criteria = [row["criterion"] for row in rows]
        found["total"] = plain(sheet_total(found["combine"], criteria, marks))
    return found


class SaveView(FillMixin, DeskView):
    """Where the sheet saves itself, on its own page and in the grid."""

    http_method_names = ["post"]

    def row(self):
        """The first time as it came with the desk: saving asks once more, under the lock."""
        if "criteria" in vars(self):
            return super().row()
        self.criteria, version = own_criteria(self.desk), self.desk.sheet_version
        return version and ScoreSheet(version=version, comment=self.desk.sheet_comment)

    def post(self, request, **kwargs):
        try:
            return self.as_json(self.fill(request.POST))
        except StageError as refusal:
            return self.refused_json(refusal)


class ExitView(DeskView, ActPage):
    """A page of its own before an exit that cannot be taken back; then the next entry."""

    danger = True

    @property
    def title(self) -> str:
        return f"{self.leaving}：{self.desk.nomination.code}"

    def back(self) -> str:
        return route_of(self.desk)

    def after(self, _) -> str:
        return self.onward().url


class AbstainView(ExitView):
    leaving, verb = "弃评", "确认弃评"
    text = "弃评后不能再评本件。弃评按未评计，不按零分计；理由由评选办留存。"
    form_class = AbstainForm

    def act(self, reason: str):
        return abstain(self.desk, reason=reason, actor=self.request.user)

    def told(self, _) -> str:
        return f"{self.desk.nomination.code} 已弃评。"


class ConflictView(ExitView):
    leaving, verb = "申报回避", "申报并关闭本件"
    text = "申报后本件立即对您关闭，已填的评分作废，并通知评选办。"
    form_class = ConflictForm

    def act(self, **values):
        return declare_conflict(self.desk, **values, actor=self.request.user)

    def told(self, _) -> str:
        return f"{self.desk.nomination.code} 已申报回避，不再由您评审。"


class RenewView(DeskView, OneClick):
    """The answer to a change of the entry under a draft: confirm the marks or start again."""

    def act(self):
        version = self.request.POST.get("version", "")
        return take_newer_submission(
            self.desk,
            keep_marks=self.request.POST.get("act") != "revise",
            version=int(version) if version.isdecimal() else 0,
            actor=self.request.user,
        )

    def back(self) -> str:
        return route_of(self.desk)
