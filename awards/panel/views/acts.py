from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import View

from awards.campaign.rules import moment_text
from awards.errors import StageError
from awards.panel.actions import (
    assign_entries,
    change_panel,
    close_panel,
    fill_from_reserve,
    open_panel,
    reopen_panel,
    set_up_panel,
)
from awards.panel.forms import CloseForm, PanelForm, ReasonForm, SupplementForm
from awards.panel.queries import entries_of, entries_short, sheets_still_due, shortfalls
from awards.panel.views.base import PanelMixin
from awards.screening.views.base import ConfirmView, act


class PanelSettingsView(PanelMixin, View):
    def get(self, request, **kwargs):
        panel = self.panel
        closes_at = panel.closes_at or self._phase_end()
        initial = {"closes_at": closes_at, "per_entry": panel.per_entry, "load_cap": panel.load_cap}
        return self.show(PanelForm(initial=initial))

    def _phase_end(self):
        """The year's timetable names the stage like the rule does; a deadline there is the default."""
        dates = self.campaign.timetable.filter(phase=self.panel.stage).first()
        return dates and dates.closes_at

    def post(self, request, **kwargs):
        form = PanelForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            panel = set_up_panel(self.panel.category, self.panel.stage)
            change_panel(panel, actor=request.user, **form.cleaned_data)
        except StageError as refusal:
            form.add_error(None, str(refusal))
            return self.show(form)
        messages.success(request, "评审组设置已保存。")
        return redirect(self.url("panel"))

    def show(self, form):
        context = {
            "title": "评审组设置",
            "lead": self.heading,
            "form": form,
            "cancel_url": self.url("panel"),
            "trail": self.trail(),
        }
        return render(self.request, "components/form_page.html", context)


class SavedPanelMixin(PanelMixin):
    """Acts on a panel that exists; 404 for one that was never set up."""

    @cached_property
    def panel(self):
        panel = super().panel
        if panel.pk is None:
            raise Http404
        return panel


class AssignView(SavedPanelMixin, View):
    http_method_names = ["post"]

    def post(self, request, **kwargs):
        return act(
            request,
            lambda: assign_entries(self.panel, actor=request.user),
            "已按席位分配，回避情况已登记。",
            self.url("panel"),
        )


class OpenView(SavedPanelMixin, ConfirmView):
    def question(self):
        return {
            "title": "启动评审",
            "text": "启动后评委可以看到分配的项目并开始评分，分数在关闭前对所有人封存。",
            "verb": "启动评审",
            "facts": [
                ("评审组", self.heading),
                ("评委", f"{self.panel.seats.judging().count()}人"),
                ("参评项目", f"{entries_of(self.panel).count()}件"),
                ("评审截止", moment_text(self.panel.closes_at) if self.panel.closes_at else "未设定"),
            ],
            "cancel_url": self.url("panel"),
            "trail": self.trail(),
        }

    def perform(self, form):
        open_panel(self.panel, actor=self.request.user)
        messages.success(self.request, "评审已启动。")
        return redirect(self.url("panel"))


class CloseView(SavedPanelMixin, ConfirmView):
    form_class = CloseForm

    def question(self):
        missing, short = sheets_still_due(self.panel), entries_short(self.panel).count()
        due = self.panel.closes_at is not None and self.panel.closes_at <= timezone.now()
        return {
            "title": "关闭评审",
            "text": "关闭后不能再评分，只能为有效评分不足的项目另行补评；分数随之启封，可以冻结排名。",
            "verb": "关闭评审",
            "facts": [
                ("评审组", self.heading),
                ("未交评分表", f"{missing}份"),
                ("有效评分不足", f"{short}件，关闭后须补评才能排名" if short else "没有"),
                ("评审截止", moment_text(self.panel.closes_at) + ("，已到" if due else "，未到")),
            ],
            "danger": bool(missing),
            "cancel_url": self.url("panel"),
            "trail": self.trail(),
        }

    def perform(self, form):
        close_panel(self.panel, actor=self.request.user, reason=form.cleaned_data["reason"])
        messages.success(self.request, "评审已关闭，分数已启封。")
        return redirect(self.url("panel"))


class ReplaceView(SavedPanelMixin, ConfirmView):
    form_class = ReasonForm

    @cached_property
    def seat(self):
        rows = self.panel.seats.judging().select_related("reviewer__user", "panel")
        return get_object_or_404(rows, reviewer__user__username=self.kwargs["username"])

    def question(self):
        called = self.panel.seats.waiting().select_related("reviewer__user").first()
        return {
            "title": f"更换评委：{self.seat.reviewer}",
            "text": "退出后该评委不再看到任何项目，已交的评分表照常计入；其余项目由候补评审。更换不能撤销。",
            "verb": "更换评委",
            "facts": [
                ("评审组", self.heading),
                ("退出", f"第{self.seat.number}席 {self.seat.reviewer}"),
                ("递补", f"候补第{called.number}位 {called.reviewer}" if called else "没有候补评委"),
            ],
            "danger": True,
            "cancel_url": self.url("panel"),
            "trail": self.trail(),
        }

    def perform(self, form):
        called = fill_from_reserve(self.seat, reason=form.cleaned_data["reason"], actor=self.request.user)
        messages.success(self.request, f"{called.reviewer}已递补第{called.number}席。")
        return redirect(self.url("panel"))


class SupplementView(SavedPanelMixin, ConfirmView):
    def form_class(self, *args):
        return SupplementForm(*args, campaign=self.campaign)

    def question(self):
        plan = shortfalls(self.panel)
        return {
            "title": "补评",
            "text": "只由下列评委补评有效评分不足的项目；原评委已交的评分照常计入，未交的不再评。"
            "补评期间本组分数重新封存，关闭后重新冻结排名。",
            "verb": "启动补评",
            "facts": [
                ("评审组", self.heading),
                *((line.nomination.code, self.sentence(line)) for line in plan),
                *([] if plan else [("项目", "没有有效评分不足的项目")]),
            ],
            "cancel_url": self.url("panel"),
            "trail": self.trail(),
        }

    @staticmethod
    def sentence(line) -> str:
        called = "、".join(str(one) for one in line.called)
        if line.is_covered:
            return f"有效{line.valid}份，缺{line.lacking}份，由{called}补评"
        return f"有效{line.valid}份，缺{line.lacking}份，可补评的评委只有{len(line.called)}人"

    def perform(self, form):
        reopen_panel(self.panel, actor=self.request.user, **form.cleaned_data)
        messages.success(self.request, "补评已启动。")
        return redirect(self.url("panel"))
