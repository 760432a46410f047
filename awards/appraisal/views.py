"""/appraisal/<campaign>/: what the year's projects count for 五型双优, and the same as a workbook."""

from __future__ import annotations

from django.utils.functional import cached_property

from awards.appraisal.forms import AppraisalFilter
from awards.appraisal.queries import Line, appraised
from awards.appraisal.rules import said
from awards.campaign.views.year import YearMixin
from units.kit.columns import Column
from units.kit.lists import ListPage
from units.models import Unit
from units.permissions import holds, posts_of
from units.roles import UNIT_ROLES, Role

ACTING = (Role.OFFICE, Role.MEMBER, Role.SUPERVISOR)


class AppraisalView(YearMixin, ListPage):
    """Those who act for the committee read all organizations, a unit's people their own.

    One line a project, so that each figure can be followed; the organization's total stands beside its first.
    """

    roles_required = (*ACTING, *UNIT_ROLES)
    template_name = "awards/appraisal/list.html"
    noun, unit = "计分项目", "项"
    book_note = said()

    @property
    def title(self) -> str:
        return f"{self.campaign.year}年度五型双优评选计分"

    @property
    def reads_all(self) -> bool:
        return holds(self.request.user, *ACTING, unit=self.campaign.organiser_id)

    @property
    def filter_class(self):
        return AppraisalFilter if self.reads_all else None

    def make_filter(self, rows):
        return super().make_filter(Unit.objects.none())

    @cached_property
    def lines(self) -> list[Line]:
        own = {post.unit.top_id for post in posts_of(self.request.user) if post.role in UNIT_ROLES}
        return appraised(self.campaign, None if self.reads_all else own)

    def rows(self):
        return self.lines

    def found(self):
        return self.filter.among(self.lines) if self.filter else self.lines

    def columns(self):
        return [
            Column("党组织", "unit.name", main=True),
            Column("项目名称", "title"),
            Column("计分项", "part", folded=True),
            Column("计分类型", "type", css="nowrap"),
            Column("分值", "points", "number", places=1),
            Column("全年计分", lambda line: line.total if line.is_first else None, "number", places=1),
        ]

    def empty(self):
        if not self.campaign.announced_at:
            return {"title": "结果还没有公布", "text": "公布后按示范项目和入围项目自动计分。"}
        return {"title": "本年度没有计分", "text": "没有入选或者入围的项目。"}

    def trail(self):
        return [("结果", self.url("result-list"))]
