"""One entry beside its score sheet, and everything that can be done there."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from awards.campaign.queries import rule_in_force
from awards.campaign.rules import stage_name
from awards.errors import StageError
from awards.review.actions import (
    JUDGED,
    StaleSheet,
    abstain,
    declare_conflict,
    hand_in_sheet,
    save_marks,
    skip,
    take_newer_submission,
)
from awards.review.forms import AbstainForm, ConflictForm, MarksForm
from awards.review.models import DeskState, SheetState
from awards.review.queries import neighbourhood, next_open, own_criteria, read_submission, what_changed
from awards.review.rules import sheet_total
from awards.review.scale import plain
from awards.review.views.access import desk_or_404, panel_key, route_of, sheet_of
from awards.review.words import time_left
from units.kit.acts import ActPage, OneClick


class DeskView(View):
    """A view of one live assignment of the person signed in; anything else answers 404."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.desk = None

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.desk = desk_or_404(request.user, kwargs["campaign"], kwargs["stage"], kwargs["code"])
        return super().dispatch(request, *args, **kwargs)

    def save(self, form: MarksForm):
        values = form.cleaned_data
        return save_marks(
            self.desk,
            marks=form.marks,
            comment=values["comment"],
            version=values["version"],
            actor=self.request.user,
        )

    def onward(self):
        """The next entry to judge, or the queue when there is none."""
        following = next_open(self.desk, self.request.user)
        if following is None:
            messages.success(self.request, "本组各件均已处理完毕。")
            return redirect("awards:review-queue")
        return redirect(route_of(following))


class SheetView(DeskView):
    """The entry to the left, the sheet to the right; on paper and without script the same form."""

    def get(self, request, **kwargs):
        sheet, criteria = sheet_of(self.desk), own_criteria(self.desk)
        form = MarksForm(criteria=criteria, initial=MarksForm.values_of(sheet, criteria))
        return self.show(form, sheet)

    def post(self, request, **kwargs):
        act = request.POST.get("act", "hand_in")
        form = MarksForm(request.POST, criteria=own_criteria(self.desk))
        if act in ("abstain", "recuse"):
            return self.leave(form, act)
        if not form.is_valid():
            return self.show(form, sheet_of(self.desk))
        try:
            return self.act(form, act)
        except StaleSheet as clash:
            return self.settle(form, act, clash)
        except StageError as refusal:
            if act == "hand_in" and self.is_in_already(form):
                return self.onward()
            form.add_error(None, str(refusal))
            return self.show(self.kept(form), sheet_of(self.desk))

    def act(self, form: MarksForm, act: str):
        if act == "skip":
            if not form.is_blank:
                self.save(form)
            skip(self.desk, actor=self.request.user)
            return self.onward()
        if act == "save":
            self.save(form)
            return redirect(route_of(self.desk))
        hand_in_sheet(
            self.desk,
            marks=form.marks,
            comment=form.cleaned_data["comment"],
            version=form.cleaned_data["version"],
            actor=self.request.user,
        )
        messages.success(self.request, f"{self.desk.nomination.code} 已提交。")
        if self.request.POST.get("back") == "grid":
            return redirect(f"{reverse('awards:review-grid')}?panel={panel_key(self.desk.panel)}")
        return self.onward()

    def is_in_already(self, form: MarksForm) -> bool:
        """A second click: the sheet lies handed in with these very marks, so nothing was refused."""
        sheet = sheet_of(self.desk)
        if sheet is None or sheet.state != SheetState.HANDED_IN:
            return False
        return not self.differing(form, MarksForm.values_of(sheet, own_criteria(self.desk)))

    def settle(self, form: MarksForm, act: str, clash: StaleSheet):
        """Both sides side by side; unless they are the same, when only an answer got lost on the way."""
        differing = self.compared(form, clash)
        if not differing and clash.sheet and clash.sheet.state == SheetState.DRAFT:
            form.cleaned_data["version"] = clash.sheet.version
            try:
                return self.act(form, act)
            except StageError as refusal:
                form.add_error(None, str(refusal))
        return self.show(form, clash.sheet, theirs=differing)

    def leave(self, form: MarksForm, act: str):
        """On the way to a page that asks for a reason: what was typed is kept, if it can be."""
        if form.is_valid() and not form.is_blank:
            try:
                self.save(form)
            except StageError as refusal:
                messages.warning(self.request, f"刚才填写的内容没有保存：{refusal}")
        return redirect(route_of(self.desk, f"review-{act}"))

    def kept(self, form: MarksForm) -> MarksForm:
        """A refused hand-in still saves the draft; the page goes on with its new version."""
        try:
            sheet = self.save(form)
        except StageError:
            return form
        form.data = form.data.copy()
        form.data["version"] = str(sheet.version)
        return form

    def show(self, form: MarksForm, sheet, theirs: list[dict] | None = None):
        desk = self.desk
        reading = read_submission(desk)
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
            "left": time_left(desk.panel.closes_at - timezone.now()) if desk.panel.closes_at else "",
            "save_url": route_of(desk, "review-save"),
            "renew_url": route_of(desk, "review-renew"),
            "theirs": theirs,
            "refused": "没有保存" if self.request.POST.get("act") == "save" else "没有提交",
        }
        context |= totals(context["rows"], desk)
        if sheet and sheet.submission_id != reading.submission:
            context["differences"] = what_changed(read_submission(desk, sheet.submission_id), reading)
        for one in context["place"].around:
            one.mark = DeskState(one.desk_state)
        page = "awards/review/sheet.html" if reading.is_blind else "awards/review/live.html"
        return render(self.request, page, context)

    def compared(self, form: MarksForm, clash: StaleSheet) -> list[dict]:
        """What differs between the two sides of a clash; the next send goes out on the newer version."""
        theirs = MarksForm.values_of(clash.sheet, own_criteria(self.desk))
        found = self.differing(form, theirs)
        form.data = form.data.copy()
        form.data["version"] = str(theirs["version"])
        return found

    def differing(self, form: MarksForm, theirs: dict) -> list[dict]:
        return [
            {"label": form[name].label, "mine": form[name].value() or "", "theirs": value}
            for name, value in theirs.items()
            if name != "version" and not self.is_same(form.cleaned_data[name], value)
        ]

    @staticmethod
    def is_same(mine, theirs: str) -> bool:
        text = "" if mine is None else plain(mine) if isinstance(mine, Decimal) else mine
        return text.replace("\r\n", "\n").strip() == theirs.replace("\r\n", "\n").strip()


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
        found["combine"] = rule_in_force(desk.panel.campaign).body["combine"]
    if len(marks) == len(rows):
        criteria = [row["criterion"] for row in rows]
        found["total"] = plain(sheet_total(found["combine"], criteria, marks))
    return found


class SaveView(DeskView):
    """Where the page saves itself: 200 with the new version, 409 with both sides, 422 with what is wrong."""

    http_method_names = ["post"]

    def post(self, request, **kwargs):
        criteria = own_criteria(self.desk)
        form = MarksForm(request.POST, criteria=criteria)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=422)
        try:
            sheet = self.save(form)
        except StaleSheet as clash:
            theirs = MarksForm.values_of(clash.sheet, criteria)
            version = theirs.pop("version")
            return JsonResponse({"clash": True, "version": version, "theirs": theirs}, status=409)
        except StageError as refusal:
            return JsonResponse({"errors": {"__all__": [str(refusal)]}}, status=422)
        saved_at = timezone.localtime(sheet.updated_at)
        return JsonResponse({"saved_at": f"{saved_at:%H:%M:%S}", "version": sheet.version})


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
