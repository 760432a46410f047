from django.db.models import Count

from awards import keys
from awards.campaign.permissions import INSIDE
from awards.campaign.views.year import YearMixin
from awards.panel.actions.recusing import recuse_reviewer
from awards.panel.forms import RecusalFilter, RecusalForm
from awards.panel.models import Panel, RecusalSource
from awards.panel.queries.overview import recusal_rows
from awards.panel.queries.race import marks_are_in
from awards.panel.rules.conflicts import Tie
from awards.panel.views.pool import employer_name, trail
from units.kit.acts import FormPage
from units.kit.columns import Column
from units.kit.lists import ListPage


class RecusalListView(YearMixin, ListPage):
    roles_required = INSIDE
    template_name = "awards/panel/recusals.html"
    filter_class = RecusalFilter
    title, noun, unit = "回避登记", "回避", "件次"
    start = ("nomination__code_key", "reviewer__user__username")

    def rows(self):
        return recusal_rows(self.campaign)

    def columns(self):
        return [
            Column("申报编号", "nomination.code", order="code", by=("nomination__code_key",), css="nowrap"),
            Column("项目名称", "nomination.title", main=True),
            Column("申报单位", "nomination.unit.name", folded=True),
            Column(
                "评委", "reviewer.user.name", order="reviewer", by=("reviewer__user__username",), css="nowrap"
            ),
            Column("工作单位", lambda row: employer_name(row.reviewer)),
            Column("情形", "tie.label", css="nowrap"),
            Column("来源", "get_source_display", css="nowrap"),
            Column("说明", "reason"),
            Column("登记时间", "made_at", "time", order="made_at"),
        ]

    def trail(self):
        return trail(self.campaign)

    def book_name(self):
        return f"{self.campaign.code}评委回避登记表"

    def book_title(self):
        return f"{self.campaign.title}评委回避登记表"

    def empty(self):
        text = "分配项目时，系统算出的回避自动登记在这里；评委本人申报的也在这里。"
        return {"title": "还没有登记回避", "text": text}

    def get_context_data(self, **context):
        counted = self.found().order_by().values("kind").annotate(n=Count("pk"))
        counts = {row["kind"]: row["n"] for row in counted}
        return super().get_context_data(
            counts=[(tie.label, counts[tie.value]) for tie in Tie if tie.value in counts], **context
        )


class RecusalNewView(YearMixin, FormPage):
    second = keys.RECUSAL_MADE
    title = verb = "登记回避"
    lead = "登记后该评委不再看到这一件，已交的评分表不计入。登记不能取消。"

    def back(self):
        return self.url("recusal-list")

    def trail(self):
        return [*trail(self.campaign), ("回避", self.back())]

    def make_form(self, *data):
        return RecusalForm(*data, campaign=self.campaign)

    def typed(self, form):
        return form.cleaned_data | {"nomination": form.nomination}

    def waits(self) -> bool:
        """Before any mark is in, one person registers it."""
        return marks_are_in(Panel.objects.filter(category__campaign=self.campaign))

    def entries(self, form):
        return [form.nomination]

    def act(self, nomination, reviewer, kind, reason, code):
        recuse_reviewer(
            nomination,
            reviewer,
            kind=kind,
            source=RecusalSource.OFFICE,
            reason=reason,
            actor=self.request.user,
        )
        return f"{reviewer}已回避{code}。"

    def told(self, outcome):
        return outcome
