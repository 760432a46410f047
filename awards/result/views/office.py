"""The year's results: announced, listed, printed and, if need be, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from awards import keys
from awards.campaign.permissions import organisers_for
from awards.campaign.views.year import YearMixin
from awards.result.actions import announce_results, revoke_result
from awards.result.export import static_results
from awards.result.forms import AnnounceForm, ResultFilter, RevokeForm
from awards.result.papers import circular, dated, honour_of, local_date, sentence_of
from awards.result.past.columns import FIELDS
from awards.result.past.reading import read_past
from awards.result.past.taking import import_past
from awards.result.permissions import READERS, only_reviews
from awards.result.queries import announcing, results, valid_results
from awards.result.rules import BAN_YEARS, wording
from units.audit.events import Event
from units.kit.acts import ActPage
from units.kit.columns import Column
from units.kit.lists import ListPage
from units.roles import Role
from units.templatetags.portal import cn_date
from units.views.importing import ImportView


class ResultMixin(YearMixin):
    """Everybody with a business post reads what was announced."""

    roles_required = READERS

    @property
    def list_url(self) -> str:
        return self.url("result-list")

    def trail(self):
        return [("结果", self.list_url)]

    def back(self) -> str:
        return self.list_url


class OfficeMixin(ResultMixin):
    roles_required = (Role.OFFICE,)


class ResultListView(ResultMixin, ListPage):
    template_name = "awards/result/list.html"
    filter_class = ResultFilter
    title, noun, unit = "结果", "示范项目", "个"

    def trail(self):
        return []

    def rows(self):
        return results(self.campaign)

    @cached_property
    def may_announce(self) -> bool:
        return self.is_office

    def columns(self):
        may = self.may_announce
        number = ("certificate__number",)
        return [
            Column("类别", "category.name", order="category", by=("category__order", "nomination__code_key"), css="nowrap"),
            Column("申报编号", "nomination.code", order="code", by=("nomination__code_key",), css="nowrap"),
            Column("项目名称", "title", order="title", main=True, link="nomination.get_absolute_url" if may else ""),
            Column("申报单位", "unit_name", order="unit", by=("unit_name",)),
            Column("联合单位", "partner_names"),
            Column(
                "证书编号", certificate_of, order="certificate", by=number, css="nowrap",
                link="certificate.get_absolute_url",
            ),
            Column("通报文号", "document_number", page=False),
            Column("公布日期", lambda row: local_date(row.announced_at), "date", page=False),
            Column("状态", "mark", "mark"),
            Column("撤销理由", "revoke_reason", folded=True),
            Column("限报至", "banned_until", "date", folded=True, show=lambda day: f"限报至{cn_date(day)}"),
            Column("操作", kind="act", page=may),
        ]  # fmt: skip

    def book_name(self):
        return f"{honour_of(self.campaign)}名单"

    book_title = book_name

    def empty(self):
        return {"title": "结果还没有公布", "text": "公示期满、异议办结后公布，公布后在这里列出。"}

    def get_context_data(self, **kwargs):
        may = self.may_announce
        return super().get_context_data(
            campaign=self.campaign,
            may_announce=may,
            reads_appraisal=self.reads_appraisal,
            announcing=announcing(self.campaign, timezone.now()) if may else None,
            papers=self.papers() if may else [],
            honour=honour_of(self.campaign),
            **kwargs,
        )

    @property
    def reads_appraisal(self) -> bool:
        counted = self.campaign.announced_at and not self.campaign.from_papers
        return bool(counted) and not only_reviews(self.request.user)

    def papers(self) -> list[str]:
        """The circulars that can be printed here; one of the years before lies in the archive."""
        if self.campaign.from_papers:
            return []
        numbers = results(self.campaign).order_by("document_number").values_list("document_number", flat=True)
        return [number for number in numbers.distinct() if number]


def certificate_of(result):
    return getattr(getattr(result, "certificate", None), "number", None)


class PastImportView(ImportView):
    """Winners of the years before the portal; who may start a year may enter an earlier one."""

    name, measure = "往年结果", "个项目"
    ready = "下面是前几行，核对后确认；一个文件可以含几个年度。导入后即公开，可查验证书。"
    tips = (
        "用于平台启用前的年度：只登记入选项目，不补录分数和名次；申报查重、曾获奖和撤销限报据此核对。",
        "申报单位按当时的名称写；单位已更名的，先把原名登记为现单位的别名。",
        "同一文件再次导入时，已登记的项目不变，可以补上证书编号和通报文号。",
    )

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not organisers_for(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def back(self):
        return "年度活动", reverse("awards:campaign-list")

    def template_fields(self):
        return FIELDS

    def read(self, file, name):
        return read_past(file, name=name, user=self.request.user)

    def take(self, word, file_name):
        made = import_past(word)
        years = "、".join(str(year) for year in sorted({result.campaign.year for result in made}))
        messages.success(self.request, f"已导入{len(made)}个项目（{years}年度）。")
        return redirect(
            "awards:result-list", min(made, key=lambda result: -result.campaign.year).campaign.code
        )


class AnnounceView(OfficeMixin, ActPage):
    second = keys.RESULTS_ANNOUNCED
    title, verb = "公布结果", "公布"
    form_class = AnnounceForm

    @cached_property
    def announced(self):
        return announcing(self.campaign, timezone.now())

    def get(self, request, campaign):
        if not self.announced.ready:
            messages.info(request, "没有可以公布的项目：公示尚未期满，或者异议还没有办结。")
            return redirect(self.list_url)
        return super().get(request, campaign)

    @property
    def text(self) -> str:
        return f"{len(self.announced.ready)}个项目转为入选并编发证书编号，单位和公众即可看到。公布后只能撤销，不能收回。"

    def facts(self):
        words = wording(self.campaign.approval_number)
        waiting = "；".join(f"{row.line.nomination.code} {row.reason}" for row in self.announced.waiting)
        return [
            ("可以公布", "；".join(f"{line.nomination.code} {line.title}" for line in self.announced.ready)),
            ("暂不公布", waiting or "无"),
            ("文书用语", f"{words.paper}、{words.verb}{words.honour}"),
        ]

    def entries(self, form):
        return [line.nomination for line in self.announced.ready]

    def act(self, document_number: str):
        return announce_results(self.campaign, document_number=document_number, actor=self.request.user)

    def told(self, made) -> str:
        return f"已公布{len(made)}个示范项目，证书编号{made[0].certificate}—{made[-1].certificate}。"


class RevokeView(OfficeMixin, ActPage):
    second = keys.RESULT_REVOKED
    title = verb = "撤销入选"
    danger = True
    text = (
        f"证书和登记保留并标明已撤销，理由在查验页公开；同一成果{BAN_YEARS}年内不得再申报。撤销后不能恢复。"
    )
    form_class = RevokeForm

    @cached_property
    def result(self):
        rows = results(self.campaign).select_related("certificate", "category", "nomination")
        return get_object_or_404(rows, nomination__code=self.kwargs["code"])

    def stopped(self) -> str:
        return "该项目已被撤销。" if self.result.revoked_at else ""

    def facts(self):
        return [
            ("证书编号", getattr(self.result, "certificate", "无")),
            ("项目", self.result.title),
            ("申报单位", self.result.unit_name),
            ("应办事项", "书面告知申报单位；收回证书；公开说明；核减当年度计分"),
        ]

    def about(self) -> str:
        return f"{self.result.nomination.code} {self.result.title}"

    def entries(self, form):
        return [self.result.nomination]

    def act(self, reason: str):
        return revoke_result(self.result, reason=reason, actor=self.request.user)

    def told(self, result) -> str:
        return f"{result.nomination.code}已撤销。"

    def after(self, result) -> str:
        certificate = getattr(result, "certificate", None)
        return certificate.get_absolute_url() if certificate else self.list_url


class CircularView(OfficeMixin, View):
    """通报 of one document number; what was revoked since is not in it."""

    def get(self, request, campaign):
        number = request.GET.get("number", "")
        rows = list(valid_results(self.campaign).filter(document_number=number))
        if not rows:
            raise Http404
        words = wording(self.campaign.approval_number)
        paper = circular(self.campaign, number, rows)
        return self.export_paper(f"{words.paper}_{number}", paper, target=number)


class ExportView(OfficeMixin, View):
    """The announced list as files for the district portal's column."""

    def get(self, request, campaign):
        if not results(self.campaign).exists():
            raise Http404
        title = f"{honour_of(self.campaign)}名单"
        pages = static_results(self.campaign)
        return self.export_file(
            f"{title}_网页.zip", pages, "application/zip", target=title, event=Event.RESULTS_EXPORTED
        )


class CertificatesView(OfficeMixin, View):
    """All valid certificates of the year, one a sheet, to be printed."""

    def get(self, request, campaign):
        rows = valid_results(self.campaign).exclude(certificate=None).select_related("campaign__organiser")
        rows = list(rows)
        self.log_export("证书", rows=len(rows))
        sheets = [(row, sentence_of(row), dated(row)) for row in rows]
        context = {
            "campaign": self.campaign, "sheets": sheets, "trail": self.trail(),
            "words": wording(self.campaign.approval_number),
        }  # fmt: skip
        return render(request, "awards/result/certificates.html", context)
