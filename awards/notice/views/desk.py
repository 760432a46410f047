"""The office's desk: draft, publish, hand out, and every case at a glance."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from awards.campaign.models import Campaign
from awards.campaign.rules import moment_text
from awards.errors import StageError, StaleVersion
from awards.notice.actions import change_notice, draft_notice, move_up, publish_notice
from awards.notice.actions.publishing import publishing_problems
from awards.notice.export import static_pages
from awards.notice.forms import MoveUpForm, NoticeForm
from awards.notice.models import OPEN_STATES, Objection, ObjectionState
from awards.notice.pages import notice_context
from awards.notice.papers import case_columns, notice_paper
from awards.notice.permissions import DESK, can_run_desk
from awards.notice.queries import cases, planned_period, proposed, vacancies
from awards.states import State
from units.audit.events import Event
from units.audit.record import record
from units.downloads import attachment_response
from units.papers.document import docx_response
from units.papers.workbook import Sheet, export_line, workbook_response
from units.permissions import RoleRequiredMixin
from units.roles import Role
from units.templatetags.portal import cn_date

TABS = {
    "open": ("未办结", Q(state__in=OPEN_STATES)),
    "filed": ("待受理", Q(state=ObjectionState.FILED)),
    "accepted": ("核查中", Q(state=ObjectionState.ACCEPTED)),
    "closed": ("已办结", ~Q(state__in=OPEN_STATES)),
    "all": ("全部", Q()),
}


class DeskMixin(RoleRequiredMixin):
    """Pages of one year's desk; another committee's year is not found."""

    roles_required = DESK

    @cached_property
    def campaign(self) -> Campaign:
        rows = Campaign.objects.served_by(self.request.user, *self.roles_required).select_related("organiser")
        self.request.campaign = get_object_or_404(rows, code=self.kwargs["campaign"])
        return self.request.campaign

    @property
    def desk_url(self) -> str:
        return reverse("awards:notice-desk", args=[self.campaign.code])

    @property
    def trail(self):
        return [("公示与异议", self.desk_url)]


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


def filtered_cases(campaign: Campaign, query) -> tuple[str, str, object]:
    tab = query.get("tab") if query.get("tab") in TABS else "open"
    words = query.get("q", "").strip()[:60]
    rows = cases(campaign).filter(TABS[tab][1])
    if words:
        rows = rows.filter(
            Q(receipt__icontains=words)
            | Q(nomination__code__icontains=words)
            | Q(nomination__title__icontains=words)
        )
    return tab, words, rows


class DeskView(DeskMixin, View):
    def get(self, request, campaign):
        tab, words, rows = filtered_cases(self.campaign, request.GET)
        page = Paginator(rows, 50).get_page(request.GET.get("page"))
        everything = Objection.objects.filter(notice__campaign=self.campaign)
        notices = list(self.campaign.notices.order_by("-number"))
        free = vacancies(self.campaign) if notices else []
        query = request.GET.copy()
        query.pop("page", None)
        context = {
            "campaign": self.campaign,
            "notices": notices,
            "has_draft": any(notice.published_at is None for notice in notices),
            "waiting": proposed(self.campaign).count(),
            "vacancies": free,
            "may_move_up": any(row.candidates for row in free),
            "page_obj": page,
            "tab": tab,
            "words": words,
            "tabs": [
                {"label": label, "url": f"?tab={code}#cases", "current": code == tab}
                for code, (label, _) in TABS.items()
            ],
            "overdue": everything.overdue_on(timezone.localdate()).count(),
            "may_run": can_run_desk(request.user, self.campaign),
            "export_query": query.urlencode(),
        }
        return render(request, "awards/notice/desk.html", context)


class DraftView(OfficeMixin, View):
    http_method_names = ["post"]

    def post(self, request, campaign):
        try:
            notice = draft_notice(self.campaign, actor=request.user)
        except StageError as refusal:
            messages.error(request, str(refusal))
            return redirect(self.desk_url)
        return redirect("awards:notice-edit", self.campaign.code, notice.number)


class EditView(OfficeMixin, View):
    def get(self, request, campaign, number):
        return self.page(NoticeForm(instance=self.draft()))

    def post(self, request, campaign, number):
        notice = self.draft()
        form = NoticeForm(request.POST, instance=notice)
        if not form.is_valid():
            return self.page(form)
        version = form.cleaned_data["version"]
        values = {name: form.cleaned_data[name] for name in form.Meta.fields}
        try:
            change_notice(
                self.draft(), values=values, summaries=form.summaries, version=version, actor=request.user
            )
        except StaleVersion as refusal:
            form.add_error(None, f"{refusal}您填写的内容仍在下面，请另开页面查看最新草稿后再保存。")
            return self.page(form)
        except StageError as refusal:
            form.add_error(None, str(refusal))
            return self.page(form)
        messages.success(request, "草稿已保存，名单已按当前拟入选项目更新。")
        return redirect("awards:notice-preview", self.campaign.code, number)

    def page(self, form):
        context = {
            "form": form, "title": "公示草稿", "cancel_url": self.desk_url, "trail": self.trail,
            "verb": "保存并预览", "lead": f"{self.campaign}，名单{len(form.lines)}项，按申报编号排列",
        }  # fmt: skip
        return render(self.request, "components/form_page.html", context)


class PreviewView(OfficeMixin, View):
    """The draft as the public will see it."""

    def get(self, request, campaign, number):
        notice = self.draft()
        context = notice_context(notice) | {
            "preview": True,
            "problems": publishing_problems(notice),
            "planned": planned_period(notice, timezone.now()),
            "trail": self.trail,
        }
        return render(request, "awards/notice/notice.html", context)


class PublishView(OfficeMixin, View):
    def get(self, request, campaign, number):
        notice = self.draft()
        period = planned_period(notice, timezone.now())
        count = notice.entries.count()
        text = f"{count}个项目同时转为公示中，名单和未入选结果随即公开。发布后内容不能修改。"
        if period.provisional:
            text += "公示期跨入尚未录入放假安排的年度，日期按周一至周五暂定，发布后不再改变。"
        context = {
            "title": "发布公示", "lead": "发布后不能撤回。", "text": text, "verb": "发布公示",
            "cancel_url": reverse("awards:notice-preview", args=[self.campaign.code, number]),
            "trail": self.trail,
            "facts": [
                ("公示", notice.title),
                ("项目", f"{count}项"),
                ("首日", _day(period.first_day, period.provisional)),
                ("末日", f"{_day(period.last_day, period.provisional)}24:00"),
                ("工作日", f"{notice.days}个，发布当日不计"),
                ("可公布", f"{cn_date(period.announce_from)}起"),
            ],
        }  # fmt: skip
        return render(request, "components/confirm.html", context)

    def post(self, request, campaign, number):
        try:
            notice = publish_notice(self.draft(), actor=request.user)
        except StageError as refusal:
            messages.error(request, str(refusal))
            return redirect("awards:notice-preview", self.campaign.code, number)
        messages.success(request, f"公示已发布，{moment_text(notice.closes_at, year=True)}截止。")
        return redirect(notice)


def _day(day, provisional: bool) -> str:
    return cn_date(day) + ("（暂定）" if provisional else "")


class DeskPaperView(OfficeMixin, View):
    """The notice as Word, drafts included."""

    def get(self, request, campaign, number):
        notice = self.notice()
        record(Event.EXPORTED, actor=request.user, target=notice, campaign=self.campaign.code)
        return docx_response(notice.title, notice_paper(notice))


class ExportView(OfficeMixin, View):
    """The published notice as files for the district portal's column."""

    def get(self, request, campaign, number):
        notice = get_object_or_404(
            self.campaign.notices.published().select_related("campaign__organiser"), number=number
        )
        record(Event.NOTICE_EXPORTED, actor=request.user, target=notice, campaign=self.campaign.code)
        return attachment_response(static_pages(notice), f"{notice.title}_网页.zip", "application/zip")


class CasesWorkbookView(DeskMixin, View):
    def get(self, request, campaign):
        tab, _, rows = filtered_cases(self.campaign, request.GET)
        rows = rows[:10_000]
        title = f"{self.campaign}异议办理台账"
        record(
            Event.EXPORTED, actor=request.user, target=title, campaign=self.campaign.code,
            after={"rows": len(rows), "tab": TABS[tab][0]},
        )  # fmt: skip
        sheet = Sheet(
            title, case_columns(), rows, subtitle=export_line(self.campaign.organiser.name, str(request.user))
        )
        return workbook_response("异议办理台账", [sheet], author=str(request.user))


class MoveUpView(OfficeMixin, View):
    """Propose the next in rank for a seat an upheld objection freed."""

    def get(self, request, campaign):
        found = vacancies(self.campaign)
        return self.page(MoveUpForm(vacancies=found), found)

    def post(self, request, campaign):
        found = vacancies(self.campaign)
        form = MoveUpForm(request.POST, vacancies=found)
        if not form.is_valid():
            return self.page(form, found)
        nomination = form.candidates[form.cleaned_data["entry"]]
        try:
            move_up(
                self.campaign, nomination=nomination, reason=form.cleaned_data["reason"], actor=request.user
            )
        except StageError as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, found)
        messages.success(request, f"{nomination}已递补为{State.PROPOSED.label}，请起草新的公示。")
        return redirect(self.desk_url)

    def page(self, form, found):
        if not any(row.candidates for row in found):
            messages.info(self.request, "没有需要递补的名额，或没有达到入选分数线的后续项目。")
            return redirect(self.desk_url)
        context = {
            "form": form, "title": "依次递补", "verb": "递补", "cancel_url": self.desk_url, "trail": self.trail,
            "lead": "按冻结的排名依次递补；递补项目须另行公示，公示期重新计算。",
            "text": "", "danger": False,
        }  # fmt: skip
        return render(self.request, "components/confirm.html", context)
