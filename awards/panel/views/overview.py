from django.views.generic import TemplateView, View

from awards.campaign.views.year import YearMixin
from awards.panel.queries import panel_lines
from awards.screening.views.base import READERS
from units.papers.workbook import Column, Sheet


class PanelListView(YearMixin, TemplateView):
    roles_required = READERS
    template_name = "awards/panel/list.html"

    def get_context_data(self, **context):
        return super().get_context_data(
            campaign_row=self.campaign, lines=panel_lines(self.campaign), is_office=self.is_office, **context
        )


COLUMNS = [
    Column("类别", "panel.category.name"),
    Column("阶段", "stage_name"),
    Column("状态", lambda line: line.panel.mark.label),
    Column("评委", "seats", "number"),
    Column("候补", "reserves", "number"),
    Column("参评项目", "entries", "number"),
    Column("回避", "recusals", "number"),
    Column("应交评分表", "due", "number"),
    Column("已交评分表", "handed_in", "number"),
    Column("见证人", lambda line: line.panel.witness and str(line.panel.witness)),
    Column("抽取时间", "panel.drawn_at", "time"),
    Column("启动时间", "panel.opened_at", "time"),
    Column("截止时间", "panel.closes_at", "time"),
    Column("关闭时间", "panel.closed_at", "time"),
]


class PanelListExportView(YearMixin, View):
    roles_required = READERS

    def get(self, request, campaign):
        title = f"{self.campaign.title}评审组一览"
        sheet = Sheet(title, COLUMNS, panel_lines(self.campaign), self.subtitle(), name="评审组")
        return self.export(f"{self.campaign.code}评审组一览", [sheet])
