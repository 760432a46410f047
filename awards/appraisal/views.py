"""/appraisal/<campaign>/: what the year's projects count for 五型双优, and the same as a workbook."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views import View

from awards.appraisal.queries import Row, appraised
from awards.appraisal.rules import said
from awards.campaign.views.year import YearMixin
from units.papers.workbook import Column, Sheet
from units.permissions import holds, posts_of
from units.roles import UNIT_ROLES, Role

ACTING = (Role.OFFICE, Role.MEMBER, Role.SUPERVISOR)


class AppraisalMixin(YearMixin):
    """Those who act for the committee read all organizations, a unit's people their own."""

    roles_required = (*ACTING, *UNIT_ROLES)

    @property
    def reads_all(self) -> bool:
        return holds(self.request.user, *ACTING, unit=self.campaign.organiser_id)

    def rows(self) -> list[Row]:
        words = self.request.GET.get("q", "").strip()[:60]
        own = {post.unit.top_id for post in posts_of(self.request.user) if post.role in UNIT_ROLES}
        found = appraised(self.campaign, None if self.reads_all else own)
        return [row for row in found if words in row.unit.name or words in row.unit.short_name]


class AppraisalView(AppraisalMixin, View):
    def get(self, request, campaign):
        query = request.GET.copy()
        query.pop("page", None)
        url = self.url("appraisal-xlsx")
        context = {
            "campaign": self.campaign,
            "page_obj": Paginator(self.rows(), 50).get_page(request.GET.get("page")),
            "words": request.GET.get("q", ""),
            "says": said(),
            "reads_all": self.reads_all,
            "export_url": f"{url}?{query.urlencode()}" if query else url,
            "trail": [("结果", self.url("result-list"))],
        }
        return render(request, "awards/appraisal/list.html", context)


class WorkbookView(AppraisalMixin, View):
    """One line a project, so that each figure can be followed; the organization's total beside its first."""

    COLUMNS = (
        Column("党组织", "unit"),
        Column("项目名称", "title"),
        Column("计分类型", "type"),
        Column("计分项", "part"),
        Column("分值", "points", "number", places=1),
        Column("全年计分", "total", "number", places=1),
    )

    def get(self, request, campaign):
        title = f"{self.campaign.year}年度五型双优评选计分"
        lines = [
            {"unit": row.unit.name, "total": None if number else row.total} | line
            for row in self.rows()
            for number, line in enumerate(row.lines)
        ]
        sheet = Sheet(title, list(self.COLUMNS), lines, subtitle=self.subtitle(), note=said())
        return self.export(title, [sheet], rows=len(lines))
