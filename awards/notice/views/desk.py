"""The office's desk: draft, publish, hand out, and every case at a glance."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from awards import keys
from awards.campaign.permissions import INSIDE
from awards.campaign.views.year import YearMixin
from awards.notice.actions.publishing import (
    change_notice,
    draft_notice,
    extend_notice,
    publish_notice,
    publishing_problems,
)
from awards.notice.actions.succession import move_up
from awards.notice.export import static_pages
from awards.notice.forms import CaseFilter, ExtensionForm, MoveUpForm, NoticeForm
from awards.notice.models import OPEN_STATES, OVERDUE, Objection, ObjectionState
from awards.notice.pages import notice_context
from awards.notice.papers import notice_paper
from awards.notice.queries import cases, planned_period, proposed, vacancies
from awards.states import State
from units.audit.events import Event
from units.kit.acts import ActPage, FormPage, OneClick
from units.kit.columns import Column
from units.kit.lists import EXPORT, ListPage
from units.kit.together import SharedForm
from units.moments import moment_text
from units.roles import Role
from units.templatetags.portal import cn_date

TABS = {
    "open": ("未办结", Q(state__in=OPEN_STATES)),
    "filed": ("待受理", Q(state=ObjectionState.FILED)),
    "accepted": ("核查中", Q(state=ObjectionState.ACCEPTED)),
    "closed": ("已办结", ~Q(state__in=OPEN_STATES)),
    "all": ("全部", Q()),
}


class DeskMixin(YearMixin):
    """Pages of one year's desk."""

    roles_required = INSIDE

    @property
    def desk_url(self) -> str:
        return self.url("notice-desk")

    def trail(self):
        return [("公示与异议", self.desk_url)]

    def back(self) -> str:
        return self.desk_url


class OfficeMixin(DeskMixin):
    roles_required = (Role.OFFICE,)

    def notice(self):
        rows = self.campaign.notices.select_related("campaign__organiser", "ranking__rule")
        return get_object_or_404(rows.defer("ranking__record"), number=self.kwargs["number"])

    def draft(self):
        return get_object_or_404(
            self.campaign.notices.filter(published_at=None).select_related("campaign__organiser"),
            number=self.kwargs["number"],
        )


class DeskView(DeskMixin, ListPage):
    """The year's notices, and every objection: no name and no contact, for more people read a list than a case."""

    template_name = "awards/notice/desk.html"
    filter_class = CaseFilter
    title, noun, unit = "公示与异议", "异议", "件"
    list_tabs = {tab: label for tab, (label, _) in TABS.items()}
    tabs_label, tabs_anchor = "异议状态", "#cases"

    def rows(self):
        return cases(self.campaign)

    def in_tab(self, rows):
        """The ledger is whole, whatever tab is shown."""
        return rows if EXPORT in self.request.GET else rows.filter(TABS[self.list_tab][1])

    def columns(self):
        return [
            Column("受理编号", "receipt", order="receipt", main=True, css="nowrap", link=self.case_url),
            Column("项目编号", "nomination.code", order="code", by=("nomination__code_key",), css="nowrap"),
            Column("项目名称", "nomination.title"),
            Column("异议类型", "get_ground_display", order="ground"),
            Column("方式", lambda case: "实名" if case.is_named else "匿名线索", folded=True),
            Column("来件", lambda case: "集中提交" if case.in_a_crowd else "", folded=True),
            Column("提交时间", "filed_at", "time", order="filed_at"),
            Column("办理期限", "due_on", "date"),
            Column(
                "是否超期", lambda case: "已超期" if case.is_overdue else "", folded=True, css="state-stop"
            ),
            Column("受理期限", "accept_due_on", "date", page=False),
            Column("答复期限", "rule_due_on", "date", page=False),
            Column("状态", "mark", "mark"),
            Column("结论", "ruling.get_outcome_display", folded=True),
            Column("经办人", "handler.name"),
        ]

    def case_url(self, case) -> str:
        return self.url("case", case.receipt)

    def trail(self):
        return []

    def book_name(self):
        return f"{self.campaign}异议办理台账"

    book_title = book_name

    def empty(self):
        text = "公示期内收到的异议会出现在这里，2个工作日内决定是否受理。"
        return {"title": "这里没有异议", "text": text}

    def get_context_data(self, **kwargs):
        everything = Objection.objects.filter(notice__campaign=self.campaign)
        notices = list(self.campaign.notices.order_by("-number"))
        free = vacancies(self.campaign) if notices else []
        late = everything.overdue_on(timezone.localdate()).count()
        return super().get_context_data(
            campaign=self.campaign,
            notices=notices,
            has_draft=any(notice.published_at is None for notice in notices),
            waiting=proposed(self.campaign).count(),
            vacancies=free,
            may_move_up=any(row.candidates for row in free),
            overdue=late and replace(OVERDUE, label=f"{late}件异议已超期"),
            may_run=self.is_office,
            **kwargs,
        )


class DraftView(OfficeMixin, OneClick):
    def act(self):
        return draft_notice(self.campaign, actor=self.request.user)

    def after(self, notice) -> str:
        return self.url("notice-edit", notice.number)


class EditView(OfficeMixin, SharedForm):
    title, verb = "公示草稿", "保存并预览"
    done = "草稿已保存，名单已按当前拟入选项目更新。"

    def row(self):
        self.notice_here = self.draft()
        return self.notice_here

    def form_key(self, notice) -> str:
        return f"notice:{notice.pk}"

    def make_form(self, *data):
        self.form = NoticeForm(*data, instance=self.notice_here)
        return self.form

    @property
    def lead(self) -> str:
        return f"{self.campaign}，名单{len(self.form.lines)}项，按申报编号排列"

    def typed(self, form):
        values = {name: form.cleaned_data[name] for name in NoticeForm.Meta.fields}
        return {"values": values, "summaries": form.summaries}

    def act(self, **typed):
        return change_notice(self.notice_here, **typed, version=self.version, actor=self.request.user)

    def after(self, _) -> str:
        return self.url("notice-preview", self.kwargs["number"])


class PreviewView(OfficeMixin, View):
    """The draft as the public will see it."""

    def get(self, request, campaign, number):
        notice = self.draft()
        context = notice_context(notice) | {
            "preview": True,
            "problems": publishing_problems(notice),
            "planned": planned_period(notice, timezone.now()),
            "trail": self.trail(),
        }
        return render(request, "awards/notice/notice.html", context)


class OnNotice(OfficeMixin):
    """An act of two people on `notice_here` and all that it lists."""

    def about(self) -> str:
        return self.notice_here.title

    def entries(self, form):
        return [line.nomination for line in self.notice_here.entries.select_related("nomination__unit")]


class PublishView(OnNotice, ActPage):
    second = keys.NOTICE_PUBLISHED
    title = verb = "发布公示"
    lead = "发布后不能撤回。"

    @cached_property
    def notice_here(self):
        return self.draft()

    @cached_property
    def period(self):
        return planned_period(self.notice_here, timezone.now())

    @cached_property
    def count(self) -> int:
        return self.notice_here.entries.count()

    @property
    def text(self) -> str:
        text = f"{self.count}个项目同时转为公示中，名单和未入选结果随即公开。发布后内容不能修改。"
        if self.period.provisional:
            text += "公示期跨入尚未录入放假安排的年度，日期按周一至周五暂定，发布后不再改变。"
        return text

    def facts(self):
        period, notice = self.period, self.notice_here
        return [
            ("公示", notice.title),
            ("项目", f"{self.count}项"),
            ("首日", _day(period.first_day, period.provisional)),
            ("末日", f"{_day(period.last_day, period.provisional)}24:00"),
            ("工作日", f"{notice.days}个，发布当日不计"),
            ("可公布", f"{cn_date(period.announce_from)}起"),
        ]

    def changes(self, form):
        lines = self.notice_here.entries.select_related("nomination__unit")
        listed = [
            (line.nomination.code, "", f"{line.title}（{line.nomination.unit.name}）") for line in lines
        ]
        return [*super().changes(form), *listed]

    def act(self):
        return publish_notice(self.notice_here, actor=self.request.user)

    def told(self, notice) -> str:
        return f"公示已发布，{moment_text(notice.closes_at, year=True)}截止。"

    def after(self, notice) -> str:
        return notice.get_absolute_url()

    def back(self) -> str:
        return self.url("notice-preview", self.kwargs["number"])


class ExtendView(OnNotice, FormPage):
    second = keys.NOTICE_EXTENDED
    title = verb = "延长公示"
    form_class = ExtensionForm

    @cached_property
    def notice_here(self):
        return get_object_or_404(self.campaign.notices.published(), number=self.kwargs["number"])

    @property
    def lead(self) -> str:
        return f"现在的截止时间：{moment_text(self.notice_here.closes_at, year=True)}"

    def stopped(self) -> str:
        return "" if self.notice_here.is_running else "公示已经期满，不能延长；需要时重新公示。"

    def changes(self, form):
        now = moment_text(self.notice_here.closes_at, year=True)
        return [("截止时间", now, f"再加{form.cleaned_data['days']}个工作日"), *super().changes(form)]

    def act(self, days, reason):
        return extend_notice(self.notice_here, days=days, reason=reason, actor=self.request.user)

    def told(self, notice) -> str:
        return f"已延长，{moment_text(notice.closes_at, year=True)}截止，新的期限和理由已公开。"


def _day(day, provisional: bool) -> str:
    return cn_date(day) + ("（暂定）" if provisional else "")


class DeskPaperView(OfficeMixin, View):
    """The notice as Word, drafts included."""

    def get(self, request, campaign, number):
        notice = self.notice()
        return self.export_paper(notice.title, notice_paper(notice), target=notice)


class ExportView(OfficeMixin, View):
    """The published notice as files for the district portal's column."""

    def get(self, request, campaign, number):
        notice = get_object_or_404(
            self.campaign.notices.published().select_related("campaign__organiser"), number=number
        )
        pages = static_pages(notice)
        return self.export_file(
            f"{notice.title}_网页.zip", pages, "application/zip", target=notice, event=Event.NOTICE_EXPORTED
        )


class MoveUpView(OfficeMixin, ActPage):
    """Propose the next in rank for a seat an upheld objection freed."""

    second = keys.PLACE_MOVED_UP
    title, verb = "依次递补", "递补"
    lead = "按冻结的排名依次递补；递补项目须另行公示，公示期重新计算。"

    @cached_property
    def vacancies(self):
        return vacancies(self.campaign)

    def stopped(self) -> str:
        if any(row.candidates for row in self.vacancies):
            return ""
        return "没有需要递补的名额，或没有达到入选分数线的后续项目。"

    def make_form(self, *data):
        self.form = MoveUpForm(*data, vacancies=self.vacancies)
        return self.form

    def entries(self, form):
        return [self.form.candidates[form.cleaned_data["entry"]]]

    def act(self, entry, reason: str):
        nomination = self.form.candidates[entry]
        move_up(self.campaign, nomination=nomination, reason=reason, actor=self.request.user)
        return nomination

    def told(self, nomination) -> str:
        return f"{nomination}已递补为{State.PROPOSED.label}，请起草新的公示。"
