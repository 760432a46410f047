"""Every panel of a year, those not yet set up too."""

from awards.campaign.permissions import INSIDE
from awards.campaign.views.year import YearMixin
from awards.panel.queries.overview import panel_lines
from units.kit.columns import Column
from units.kit.lists import ListPage


def drawn(number):
    """A figure that means nothing before the draw."""
    return lambda line: getattr(line, number) if line.panel.drawn_at else None


def opened(number):
    return lambda line: getattr(line, number) if line.panel.opened_at else None


class PanelListView(YearMixin, ListPage):
    roles_required = INSIDE
    template_name = "awards/panel/list.html"
    title, noun, unit, style = "评审", "评审组", "个", "stack-2"

    def rows(self):
        return panel_lines(self.campaign)

    def columns(self):
        return [
            Column("评审组", heading, main=True, link="panel.get_absolute_url"),
            Column("状态", "panel.mark", "mark"),
            Column("评委", drawn("seats"), "number"),
            Column("候补", drawn("reserves"), "number"),
            Column("参评项目", "entries", "number"),
            Column("回避", "recusals", "number"),
            Column("已交评分表", opened("handed_in"), "number"),
            Column("应交评分表", opened("due"), "number"),
            Column("见证人", lambda line: line.panel.witness and str(line.panel.witness)),
            Column("抽取时间", "panel.drawn_at", "time", page=False),
            Column("启动时间", "panel.opened_at", "time", page=False),
            Column("截止", "panel.closes_at", "time"),
            Column("关闭时间", "panel.closed_at", "time", page=False),
        ]

    def book_name(self):
        return f"{self.campaign.code}评审组一览"

    def book_title(self):
        return f"{self.campaign.title}评审组一览"

    def empty(self):
        return {"title": "还没有评审组", "text": "请先在年度设置中确定类别和评分规则。"}


def heading(line) -> str:
    return f"{line.panel.category.name} · {line.stage_name}"
