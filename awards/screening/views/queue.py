from dataclasses import replace

from django.utils.functional import cached_property
from django.views.generic import View

from awards import keys
from awards.campaign.permissions import INSIDE
from awards.campaign.views.year import YearMixin
from awards.screening.actions.decisions import prepare_decisions, release_decisions
from awards.screening.forms import QueueFilter
from awards.screening.models import PREPARED, Verdict
from awards.screening.queries.queue import (
    TABS,
    decision_counts,
    in_tab,
    prepared_rows,
    queue_rows,
    result_rows,
    tab_counts,
)
from awards.screening.rules.checklist import checks_for
from awards.states import State
from units.kit.acts import ActPage, OneClick
from units.kit.columns import Column
from units.kit.lists import ListPage
from units.kit.status import Mark
from units.papers.workbook import Sheet


class QueueView(YearMixin, ListPage):
    """Files by where they stand; the tab is part of the query string like every filter."""

    roles_required = INSIDE
    template_name = "awards/screening/queue.html"
    filter_class = QueueFilter
    title, noun, unit, style = "资格审查", "申报", "件", "stack-2"
    start = ("code_key",)
    list_tabs = {tab: label for tab, (label, _) in TABS.items()}
    tabs_label = "按审查情况"

    def rows(self):
        return queue_rows(self.campaign)

    def in_tab(self, rows):
        return in_tab(rows, self.list_tab)

    @cached_property
    def counts(self):
        return tab_counts(self.campaign)

    def tab_counts(self):
        return self.counts

    def columns(self):
        returned = self.list_tab in ("returned", "all")
        return [
            Column("申报编号", "code", order="code", by=("code_key",), css="nowrap"),
            Column("项目名称", "title", main=True, link=self.file_url),
            Column("申报单位", "unit.name", order="unit", by=("unit__order", "code_key")),
            Column("类别", "category.name", css="nowrap"),
            Column("提交", "handed_in_at", "time", order="handed_in", by=("handed_in_at", "code_key")),
            Column("提交次数", "number", "number", page=False),
            Column(
                "已审/应审", lambda row: f"{row.answered}/{len(checks_for(row.category.letter))}", css="num"
            ),
            Column("审查意见", fault_mark, "mark"),
            Column("状态", examination_mark, "mark"),
            Column("补正期限", due, "time", page=returned, order="due", by=("correction_due_at", "code_key")),
        ]

    def file_url(self, row):
        return self.url("screening-file", row.code)

    def empty(self):
        if self.list_tab == "open":
            text = "单位提交后出现在这里；已拟定结论的在“已拟定”中等待统一下达。"
            return {"title": "没有待审查的申报", "text": text}
        return {"title": "这里还没有申报", "text": "请看其他分类。"}

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        checked = any(row.answered for row in context["page_obj"])
        return context | {
            "prepared": self.counts["prepared"],
            "may_prepare": self.is_office and self.list_tab == "open" and checked,
        }


def fault_mark(row) -> Mark | None:
    """What has been found so far; None before the first answer."""
    if row.faults:
        return Verdict.FIX.said(f"{row.faults}项有问题")
    return Verdict.PASS.said("未见问题") if row.answered else None


def examination_mark(row):
    return replace(PREPARED, label=f"拟{State(row.waiting_for).label}") if row.is_prepared else row.mark


def due(row):
    return row.correction_due_at if row.state == State.RETURNED else None


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

    second = keys.VERDICTS_RELEASED
    title = "统一下达审查结论"
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

    def changes(self, form):
        rows = ((State(row.to_state).label, row) for row in prepared_rows(self.campaign))
        return [
            (
                str(row.nomination),
                row.nomination.mark.label,
                "：".join(filter(None, (to, row.reason or remarks_of(row)))),
            )
            for to, row in rows
        ]

    def entries(self, form):
        return [row.nomination for row in prepared_rows(self.campaign)]

    def trail(self):
        return [("资格审查", self.back())]

    def act(self):
        return release_decisions(self.campaign, actor=self.request.user)

    def told(self, files) -> str:
        return f"已统一下达{len(files)}件审查结论，申报单位现在可以看到。"


class ResultsView(YearMixin, View):
    """The results as released: what is only prepared is no result yet."""

    roles_required = INSIDE
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
        Column("补正期限", due, "time"),
        Column("不予受理原因", "refusal_reason"),
    ]

    def get(self, request, campaign):
        title = f"{self.campaign.title}资格审查情况表"
        sheet = Sheet(title, self.COLUMNS, result_rows(self.campaign), self.subtitle(), name="资格审查")
        return self.export(f"{self.campaign.code}资格审查情况表", [sheet])
