from django.db.models import Count
from django.urls import reverse

from awards.panel.actions import recuse_reviewer
from awards.panel.forms import RecusalFilterForm, RecusalForm
from awards.panel.models import RecusalSource
from awards.panel.queries import recusal_rows
from awards.panel.rules import Tie
from awards.panel.views.pool import ReviewerFormView, trail
from awards.screening.views.base import READERS, FilteredListView
from units.papers.workbook import Column, Sheet


class RecusalListView(FilteredListView):
    roles_required = READERS
    template_name = "awards/panel/recusals.html"
    form_class = RecusalFilterForm
    orders = {
        "code": ("nomination__code_key", "pk"),
        "reviewer": ("reviewer__user__username", "nomination__code_key"),
        "made_at": ("made_at", "pk"),
    }

    def rows(self):
        return recusal_rows(self.campaign)

    def get_context_data(self, **context):
        counted = self.object_list.order_by().values("kind").annotate(n=Count("pk"))
        counts = {row["kind"]: row["n"] for row in counted}
        return super().get_context_data(
            trail=trail(self.campaign),
            counts=[(tie.label, counts[tie.value]) for tie in Tie if tie.value in counts],
            **context,
        )


class RecusalExportView(RecusalListView):
    def get(self, request, **kwargs):
        columns = [
            Column("申报编号", "nomination.code"),
            Column("项目名称", "nomination.title"),
            Column("申报单位", "nomination.unit.name"),
            Column("评委", "reviewer.user.name"),
            Column(
                "工作单位", lambda row: row.reviewer.employer.name if row.reviewer.employer else "外请专家"
            ),
            Column("情形", "tie.label"),
            Column("来源", "get_source_display"),
            Column("说明", "reason"),
            Column("登记时间", "made_at", "time"),
        ]
        rows = self.get_queryset()
        sheet = Sheet(f"{self.campaign.title}评委回避登记表", columns, rows, self.subtitle(), name="回避")
        return self.export(f"{self.campaign.code}评委回避登记表", [sheet])


class RecusalNewView(ReviewerFormView):
    title, verb = "登记回避", "登记回避"
    lead = "登记后该评委不再看到这一件，已交的评分表不计入。登记不能取消。"

    def list_url(self):
        return reverse("awards:recusal-list", args=[self.campaign.code])

    def make_form(self, data=None):
        self.form = RecusalForm(data, campaign=self.campaign)
        return self.form

    def perform(self, given):
        recuse_reviewer(
            self.form.nomination,
            given["reviewer"],
            kind=given["kind"],
            source=RecusalSource.OFFICE,
            reason=given["reason"],
            actor=self.request.user,
        )
        return f"{given['reviewer']}已回避{given['code']}。"
