"""/dashboard/<campaign>/: the year in numbers, each reader's cut, the rows behind each figure, one workbook."""

from __future__ import annotations

from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.views.generic import TemplateView, View

from awards.campaign.models import Campaign
from awards.campaign.views.year import YearMixin
from awards.dashboard import queries
from awards.dashboard.figures import BY_KEY, Figure, counted_until
from awards.dashboard.forms import FigureFilter
from awards.dashboard.permissions import READERS, Cut, cut_for, visible_years
from awards.dashboard.tables import tables_of
from units.kit.lists import ListPage
from units.papers.workbook import SUM, Column, Sheet


class DashboardMixin(YearMixin):
    """The campaign of the address and what this person may see of it."""

    roles_required = READERS

    @cached_property
    def switch(self) -> list[Campaign]:
        """All years of the reader's committees, newest first; a handful of rows."""
        return list(visible_years(self.request.user).select_related("organiser"))

    @cached_property
    def campaign(self) -> Campaign:
        found = next((one for one in self.switch if one.code == self.kwargs["campaign"]), None)
        if found is None:
            raise Http404
        self.request.campaign = found
        return found

    @cached_property
    def cut(self) -> Cut:
        return cut_for(self.request.user, self.campaign)

    @cached_property
    def categories(self):
        return queries.category_counts(self.campaign, self.cut)


class DashboardView(DashboardMixin, TemplateView):
    template_name = "awards/dashboard/year.html"

    def get_context_data(self, **kwargs):
        campaign, cut = self.campaign, self.cut
        lines = queries.figure_lines(campaign, self.categories)
        if cut.rows:
            lines = [line | {"url": self.url("dashboard-rows", line["key"])} for line in lines]
        return super().get_context_data(**kwargs) | {
            "campaign": campaign,
            "switch": [one for one in self.switch if one == campaign or self._is_beside(one)],
            "cut": cut,
            "figures": lines,
            "own": [(unit, queries.own_lines(campaign, unit, lines)) for unit in cut.units],
            "own_states": self._own_states(),
            "tables": tables_of(campaign, cut, self.categories),
            "until": counted_until(campaign, timezone.localdate()),
            "export_url": self.url("dashboard-export"),
        }

    def _is_beside(self, other: Campaign) -> bool:
        return other.organiser_id == self.campaign.organiser_id and not other.is_scratch

    def _own_states(self) -> list[tuple[str, list]]:
        """Per category the reader's own files by the state that a unit knows."""
        found = []
        for category in self.categories:
            if category.own:
                told = queries.outward(category.own, self.campaign, category.before)
                found.append((category.name, [(state, number) for state, number in told.items() if number]))
        return [(name, states) for name, states in found if states]


class FigureRowsView(DashboardMixin, ListPage):
    """The rows behind one figure: for those who act for the committee."""

    template_name = "awards/dashboard/rows.html"
    filter_class = FigureFilter
    noun = "记录"

    @cached_property
    def figure(self) -> Figure:
        if self.kwargs["figure"] not in BY_KEY:
            raise Http404
        if not self.cut.rows:
            raise PermissionDenied
        return BY_KEY[self.kwargs["figure"]]

    @property
    def title(self) -> str:
        return f"{self.campaign.year}年{self.figure.label}明细"

    @property
    def book_note(self) -> str:
        return self.figure.note

    def rows(self):
        return self.figure.rows(self.campaign)

    def columns(self):
        return self.figure.columns

    def totals(self):
        return {column.header: SUM for column in self.columns() if column.kind == "money"}

    def make_filter(self, rows):
        """Words are looked for in every text that the database itself can sort by."""
        found = super().make_filter(rows)
        texts = [column for column in self.columns() if column.order and column.kind == "text"]
        found.look_in = tuple(path for column in texts for path in column.paths)
        return found

    def empty(self):
        return {"title": "还没有记录", "text": "单位登记并经评选办审核后，明细列在这里。"}

    def trail(self):
        return [(f"{self.campaign.year}年度数据", self.url("dashboard"))]


class DashboardExportView(DashboardMixin, View):
    """The whole year, or with ?table= one table of it."""

    COLUMNS = (
        Column("指标", "label"),
        Column("数值", "value", "number"),
        Column("单位", "unit"),
        Column("口径", "says"),
    )

    def get(self, request, **kwargs):
        asked = request.GET.get("table", "")
        tables = tables_of(self.campaign, self.cut, self.categories)
        if asked:
            tables = [table for table in tables if table.key == asked]
            if not tables:
                raise Http404
        year = f"{self.campaign.year}年"
        sheets = [table.sheet(self.subtitle()) for table in tables]
        if not asked:
            lines = queries.figure_lines(self.campaign, self.categories)
            title = f"{year}度数据"
            sheets.insert(0, Sheet(title, list(self.COLUMNS), lines, subtitle=self.subtitle(), name="总数"))
        return self.export(f"{year}{tables[0].title}" if asked else f"{year}度数据", sheets)
