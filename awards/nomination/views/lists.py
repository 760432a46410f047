"""The list of nominations: a unit's own with its invitations, the office's whole year."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views import View

from awards.campaign.models import Campaign
from awards.campaign.rules import CATEGORY_NAMES
from awards.nomination.forms import ListFilter
from awards.nomination.permissions import READERS, nominates
from awards.nomination.queries import filtered, invitations_of, listed_for
from units.audit.events import Event
from units.audit.record import record
from units.papers.workbook import Column, Sheet, export_line, workbook_response
from units.permissions import RoleRequiredMixin, posts_of

COLUMNS = [
    Column("申报编号", "code"),
    Column("项目名称", "title"),
    Column("申报单位", "unit.name"),
    Column("类别", "category.name"),
    Column("状态", lambda row: row.shown_mark.label),
    Column("提交时间", "submitted_at", "time"),
]


class ListMixin(RoleRequiredMixin):
    roles_required = READERS

    @cached_property
    def campaigns(self) -> list[Campaign]:
        slugs = {post.unit.organiser_slug for post in posts_of(self.request.user)}
        found = Campaign.objects.opened().filter(organiser__slug__in=slugs).select_related("organiser")
        return list(found.defer("call", "basis").order_by("-year", "-pk"))

    @cached_property
    def form(self) -> ListFilter:
        """Without a choice a unit sees all its years, the committee's people the newest, by code."""
        asked = self.request.GET.copy()
        if "campaign" not in asked and self.campaigns and not nominates(self.request.user):
            asked["campaign"] = next((one.code for one in self.campaigns if not one.is_scratch), "")
        if not nominates(self.request.user):
            asked.setdefault("order", "code")
        form = ListFilter(asked, campaigns=self.campaigns, categories=list(CATEGORY_NAMES.items()))
        form.is_valid()
        return form

    @cached_property
    def rows(self):
        self.request.campaign = self.campaign
        return filtered(listed_for(self.request.user), self.form.cleaned_data)

    @property
    def campaign(self) -> Campaign | None:
        code = self.form.cleaned_data.get("campaign")
        chosen = (one for one in self.campaigns if (one.code == code if code else not one.is_scratch))
        return next(chosen, None)


class NominationListView(ListMixin, View):
    def get(self, request):
        page = Paginator(self.rows, 50).get_page(request.GET.get("page"))
        own = nominates(request.user)
        context = {
            "page_obj": page, "filter": self.form, "own": own, "campaign": self.campaign,
            "invitations": invitations_of(request.user) if own else [],
            "several_units": len({row.unit_id for row in page}) > 1 or not own,
        }  # fmt: skip
        return render(request, "awards/nomination/list.html", context)


class NominationExportView(ListMixin, View):
    """The same list, whole, as xlsx."""

    def get(self, request):
        post = posts_of(request.user)[0]
        rows = self.rows.iterator(chunk_size=1000)
        sheet = Sheet("申报清单", COLUMNS, rows, subtitle=export_line(str(post.unit), str(request.user)))
        record(
            Event.EXPORTED, actor=request.user, target="申报清单", after={"query": request.GET.urlencode()},
            campaign=self.campaign.code if self.campaign else "",
        )  # fmt: skip
        return workbook_response("申报清单", [sheet], author=str(request.user))
