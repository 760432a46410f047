from django.views.generic import ListView, View

from awards.campaign.permissions import INSIDE
from awards.panel.actions.panels import obstacles
from awards.panel.models import PanelState
from awards.panel.queries.board import appearance_rows, assignment_rows, board_entries, board_lines, seats_of
from awards.panel.queries.shortfall import entries_short
from awards.panel.views.base import PanelMixin
from units.papers.workbook import Column, Sheet


class PanelView(PanelMixin, ListView):
    """The board: seats, and entries × reviewers with a symbol and a word in each cell."""

    roles_required = INSIDE
    template_name = "awards/panel/board.html"
    paginate_by = 50

    def get_queryset(self):
        if self.panel.pk is None:
            return self.panel.category.nominations.none()
        return board_entries(self.panel)

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        panel, mark = self.panel, self.panel.mark
        seats = list(seats_of(panel)) if panel.pk else []
        judging = [seat for seat in seats if not seat.is_reserve and seat.left_at is None]
        left = [seat for seat in seats if seat.left_at]
        lines = board_lines(panel, context["page_obj"], judging, left) if judging else []
        lacks = mark == PanelState.CLOSED or panel.is_supplemented
        return context | {
            "panel": panel,
            "heading": self.heading,
            "mark": mark,
            "trail": self.trail(inside=False),
            "is_office": self.is_office,
            "judging": judging,
            "reserves": [seat for seat in seats if seat.is_reserve and seat.left_at is None],
            "left": left,
            "lines": lines,
            "least": panel.rule.least,
            "short": [line for line in lines if line.short],
            "given": sum(seat.given for seat in [*judging, *left]),
            "lacking": list(entries_short(panel)) if lacks else [],
            "obstacles": obstacles(panel, judging) if mark == PanelState.PREPARING else [],
        }


class AssignmentExportView(PanelMixin, View):
    roles_required = INSIDE
    COLUMNS = [
        Column("席次", "seat.number", "number"),
        Column("评委", "seat.reviewer.user.name"),
        Column(
            "工作单位", lambda r: r.seat.reviewer.employer.name if r.seat.reviewer.employer else "外请专家"
        ),
        Column("顺序", "order", "number"),
        Column("申报编号", "nomination.code"),
        Column("项目名称", "nomination.title"),
        Column("申报单位", "nomination.unit.name"),
        Column("依据", "reason"),
        Column("撤回时间", "revoked_at", "time"),
    ]

    APPEARANCES = [
        Column("出场", "place", "number"),
        Column("申报编号", "nomination.code"),
        Column("项目名称", "nomination.title"),
        Column("申报单位", "nomination.unit.name"),
        Column("签号", "lot"),
        Column("回避席位", lambda r: r["away"] or "无"),
    ]

    def get(self, request, **kwargs):
        rows = assignment_rows(self.panel) if self.panel.pk else []
        sheet = Sheet(
            f"{self.heading}任务分配表", self.COLUMNS, rows, self.subtitle(), name="分配",
            note=f"随机种子：{self.panel.seed or '—'}",
        )  # fmt: skip
        return self.export(f"{self.campaign.code}{self.heading}分配表", [*self.appearances(), sheet])

    def appearances(self):
        """A live panel's order, first in the file: the sheet that is printed and posted at the door."""
        if not (self.panel.pk and self.panel.is_live):
            return
        yield Sheet(
            f"{self.heading}出场顺序表", self.APPEARANCES, appearance_rows(self.panel), self.subtitle(),
            name="出场顺序",
            note=f"随机种子：{self.panel.seed}。签号是“种子|appearance|申报编号”的SHA-256前16位，小的先出场。",
        )  # fmt: skip
