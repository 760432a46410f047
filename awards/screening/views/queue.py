from django.views.generic import View

from awards.campaign.views.year import YearMixin
from awards.screening.actions import prepare_decisions, release_decisions
from awards.screening.forms import QueueFilterForm
from awards.screening.queries import (
    TABS,
    decision_counts,
    in_tab,
    prepared_rows,
    queue_rows,
    result_rows,
    tab_counts,
)
from awards.screening.rules import checks_for
from awards.screening.views.base import READERS, FilteredListView
from awards.states import State
from units.kit.acts import ActPage, OneClick
from units.papers.workbook import Column, Sheet


class QueueView(FilteredListView):
    """Files by where they stand; the tab is part of the query string like every filter."""

    roles_required = READERS
    template_name = "awards/screening/queue.html"
    form_class = QueueFilterForm
    orders = {
        "code": ("code_key",),
        "unit": ("unit__order", "code_key"),
        "handed_in": ("handed_in_at", "code_key"),
        "due": ("correction_due_at", "code_key"),
    }

    @property
    def tab(self) -> str:
        asked = self.request.GET.get("tab", "open")
        return asked if asked in TABS else "open"

    def rows(self):
        return in_tab(queue_rows(self.campaign), self.tab)

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        counts = tab_counts(self.campaign)
        for row in context["page_obj"]:
            row.asked = len(checks_for(row.category.letter))
            row.prepared_text = f"拟{State(row.waiting_for).label}" if row.is_prepared else ""
        return context | {
            "tab": self.tab,
            "tabs": [
                {"label": label, "url": f"?tab={tab}", "current": tab == self.tab, "count": counts[tab]}
                for tab, (label, _) in TABS.items()
            ],
            "prepared": counts["prepared"],
            "may_prepare": self.is_office
            and self.tab == "open"
            and any(r.answered for r in context["page_obj"]),
            "keep": {"tab": self.tab},
            "clear_url": f"?tab={self.tab}",
        }


def remarks_of(decision) -> str:
    """What a return asks to mend, in one line."""
    return "；".join(item["remark"] for item in decision.details.get("items", []))


class QueueAct(YearMixin, ActPage):
    def back(self) -> str:
        return self.url("screening-queue")


class PrepareView(QueueAct, OneClick):
    """Prepares at once what has been checked to the end; each may still be taken back before the release."""

    def act(self):
        return prepare_decisions(self.campaign, actor=self.request.user)

    def told(self, prepared) -> str:
        return f"已拟定{len(prepared)}件，统一下达后生效。"

    def after(self, prepared) -> str:
        return f"{self.back()}?tab=prepared"


class ReleaseView(QueueAct):
    """Lists what a release would let take effect, then does it."""

    template_name = "awards/screening/release.html"
    SHOWN = 100

    def context(self, form):
        rows = prepared_rows(self.campaign)
        total = decision_counts(self.campaign)
        return super().context(form) | {
            "campaign": self.campaign,
            "rows": [(State(row.to_state), row, row.reason or remarks_of(row)) for row in rows[: self.SHOWN]],
            "counts": [(State(state).label, number) for state, number in sorted(total.items())],
            "total": sum(total.values()),
            "left_out": max(sum(total.values()) - self.SHOWN, 0),
            "prepared_url": f"{self.back()}?tab=prepared",
        }

    def trail(self):
        return [("资格审查", self.back())]

    def act(self):
        return release_decisions(self.campaign, actor=self.request.user)

    def told(self, files) -> str:
        return f"已统一下达{len(files)}件审查结论，申报单位现在可以看到。"


class ResultsView(YearMixin, View):
    """The results as released: what is only prepared is no result yet."""

    roles_required = READERS
    COLUMNS = [
        Column("申报编号", "code"),
        Column("类别", "category.name"),
        Column("项目名称", "title"),
        Column("申报单位", "unit.name"),
        Column("最近提交", "handed_in_at", "time"),
        Column("提交次数", "number", "number"),
        Column("退回补正次数", "rounds", "number"),
        Column("状态", "mark.label"),
        Column("结论时间", "decided_at", "time"),
        Column(
            "补正期限", lambda row: row.correction_due_at if row.state == State.RETURNED else None, "time"
        ),
        Column("不予受理原因", "refusal_reason"),
    ]

    def get(self, request, campaign):
        title = f"{self.campaign.title}资格审查情况表"
        sheet = Sheet(title, self.COLUMNS, result_rows(self.campaign), self.subtitle(), name="资格审查")
        return self.export(f"{self.campaign.code}资格审查情况表", [sheet])
