"""Acts on one panel: its settings, opening and closing, a seat filled anew, a supplement."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from awards import keys
from awards.panel.actions.assigning import assign_entries
from awards.panel.actions.drawing import fill_from_reserve
from awards.panel.actions.panels import change_panel, close_panel, open_panel, set_up_panel, stage_end
from awards.panel.actions.supplementing import reopen_panel
from awards.panel.forms import PanelForm, SupplementForm
from awards.panel.models import Panel
from awards.panel.queries.race import entries_of, marks_are_in, sheets_still_due
from awards.panel.queries.shortfall import entries_short, shortfalls
from awards.panel.views.base import PanelMixin
from units.kit.acts import ActPage, FormPage, OneClick
from units.kit.reasons import ReasonForm
from units.moments import moment_text


class PanelSettingsView(PanelMixin, FormPage):
    title, done = "评审组设置", "评审组设置已保存。"

    @property
    def lead(self) -> str:
        return self.heading

    def make_form(self, *data):
        return PanelForm(*data) if data else PanelForm(initial=self._stored())

    def _stored(self) -> dict:
        panel = self.panel
        closes_at = panel.closes_at or stage_end(self.campaign, panel.stage)
        return {"closes_at": closes_at, "per_entry": panel.per_entry, "load_cap": panel.load_cap}

    def act(self, **values):
        panel = set_up_panel(self.panel.category, self.panel.stage)
        return change_panel(panel, actor=self.request.user, **values)


class SavedPanelMixin(PanelMixin):
    """Acts on a panel that exists; 404 for one that was never set up."""

    @cached_property
    def panel(self):
        panel = super().panel
        if panel.pk is None:
            raise Http404
        return panel

    def facts(self):
        return [("评审组", self.heading)]


class AssignView(SavedPanelMixin, OneClick):
    done = "已按席位分配，回避情况已登记。"

    def act(self):
        return assign_entries(self.panel, actor=self.request.user)


class OpenView(SavedPanelMixin, ActPage):
    title = verb = "启动评审"
    text = "启动后评委可以看到分配的项目并开始评分，分数在关闭前对所有人封存。"
    done = "评审已启动。"

    def facts(self):
        return [
            *super().facts(),
            ("评委", f"{self.panel.seats.judging().count()}人"),
            ("参评项目", f"{entries_of(self.panel).count()}件"),
            ("评审截止", moment_text(self.panel.closes_at) if self.panel.closes_at else "未设定"),
        ]

    def act(self):
        return open_panel(self.panel, actor=self.request.user)


class CloseView(SavedPanelMixin, ActPage):
    second = keys.PANEL_CLOSED_EARLY
    title = verb = "关闭评审"
    text = "关闭后不能再评分，只能为有效评分不足的项目另行补评；分数随之启封，可以冻结排名。"
    done = "评审已关闭，分数已启封。"
    form_class = ReasonForm.asking(
        "提前关闭的理由", hint="到截止时间或评分表全部交齐后关闭，不必填写。", needed=False
    )

    @cached_property
    def missing(self) -> int:
        return sheets_still_due(self.panel)

    @property
    def danger(self) -> bool:
        return bool(self.missing)

    def facts(self):
        short = entries_short(self.panel).count()
        due = self.panel.closes_at is not None and self.panel.closes_at <= timezone.now()
        return [
            *super().facts(),
            ("未交评分表", f"{self.missing}份"),
            ("有效评分不足", f"{short}件，关闭后须补评才能排名" if short else "没有"),
            ("评审截止", moment_text(self.panel.closes_at) + ("，已到" if due else "，未到")),
        ]

    def waits(self) -> bool:
        """Closing when it is due, or when every sheet is in, is the clock's and takes one."""
        due = self.panel.closes_at is not None and self.panel.closes_at <= timezone.now()
        return bool(self.missing) and not due

    def about(self) -> str:
        return self.heading

    def entries(self, form):
        return entries_of(self.panel)

    def act(self, reason: str):
        return close_panel(self.panel, actor=self.request.user, reason=reason)


class ReplaceView(SavedPanelMixin, ActPage):
    second = keys.REVIEWER_REPLACED
    verb, danger = "更换评委", True
    text = "退出后该评委不再看到任何项目，已交的评分表照常计入；其余项目由候补评审。更换不能撤销。"
    form_class = ReasonForm

    @cached_property
    def seat(self):
        rows = self.panel.seats.judging().select_related("reviewer__user", "panel")
        return get_object_or_404(rows, reviewer__user__username=self.kwargs["username"])

    @property
    def title(self) -> str:
        return f"更换评委：{self.seat.reviewer}"

    def facts(self):
        called = self.panel.seats.waiting().select_related("reviewer__user").first()
        return [
            *super().facts(),
            ("退出", f"第{self.seat.number}席 {self.seat.reviewer}"),
            ("递补", f"候补第{called.number}位 {called.reviewer}" if called else "没有候补评委"),
        ]

    def waits(self) -> bool:
        return marks_are_in(Panel.objects.filter(pk=self.panel.pk))

    def about(self) -> str:
        return f"{self.heading}，{self.seat.reviewer}"

    def entries(self, form):
        return entries_of(self.panel)

    def act(self, reason: str):
        return fill_from_reserve(self.seat, reason=reason, actor=self.request.user)

    def told(self, called) -> str:
        return f"{called.reviewer}已递补第{called.number}席。"


class SupplementView(SavedPanelMixin, ActPage):
    second = keys.SUPPLEMENT_DRAWN
    title, verb, done = "补评", "启动补评", "补评已启动。"
    text = (
        "只由下列评委补评有效评分不足的项目；原评委已交的评分照常计入，未交的不再评。"
        "补评期间本组分数重新封存，关闭后重新冻结排名。"
    )

    def make_form(self, *data):
        return SupplementForm(*data, campaign=self.campaign)

    def facts(self):
        plan = shortfalls(self.panel)
        lines = [(line.nomination.code, self.sentence(line)) for line in plan]
        return [*super().facts(), *(lines or [("项目", "没有有效评分不足的项目")])]

    @staticmethod
    def sentence(line) -> str:
        called = "、".join(str(one) for one in line.called)
        if line.is_covered:
            return f"有效{line.valid}份，缺{line.lacking}份，由{called}补评"
        return f"有效{line.valid}份，缺{line.lacking}份，可补评的评委只有{len(line.called)}人"

    def act(self, **values):
        return reopen_panel(self.panel, actor=self.request.user, **values)
