"""The list of nominations: a unit's own with its invitations, the office's whole year."""

from __future__ import annotations

from django.utils.functional import cached_property

from awards.campaign.models import Campaign
from awards.nomination.forms.around import NominationFilter
from awards.nomination.permissions import READERS, nominates
from awards.nomination.queries.lists import invitations_of, listed_for
from units.kit.columns import Column
from units.kit.lists import ListPage
from units.permissions import RoleRequiredMixin, posts_of


class NominationListView(RoleRequiredMixin, ListPage):
    """Without a choice a unit sees all its years, latest change first; the committee's people the newest, by code."""

    roles_required = READERS
    template_name = "awards/nomination/list.html"
    filter_class = NominationFilter
    title, noun, unit, style = "申报", "申报", "件", "stack-2"

    @cached_property
    def campaigns(self) -> list[Campaign]:
        slugs = {post.unit.organiser_slug for post in posts_of(self.request.user)}
        found = Campaign.objects.opened().filter(organiser__slug__in=slugs).select_related("organiser")
        return list(found.defer("call", "basis").order_by("-year", "-pk"))

    @property
    def own(self) -> bool:
        return nominates(self.request.user)

    @cached_property
    def campaign(self) -> Campaign | None:
        code = self.filter.form.cleaned_data.get("campaign") if self.filter.form.is_valid() else ""
        chosen = (one for one in self.campaigns if (one.code == code if code else not one.is_scratch))
        return next(chosen, None)

    @property
    def start(self):
        return ("-updated_at",) if self.own else ("code_key",)

    def rows(self):
        return listed_for(self.request.user)

    def make_filter(self, rows):
        asked = self.request.GET.copy()
        if "campaign" not in asked and self.campaigns and not self.own:
            asked["campaign"] = next((one.code for one in self.campaigns if not one.is_scratch), "")
        return NominationFilter(asked, queryset=rows, request=self.request, campaigns=self.campaigns)

    def found(self):
        self.request.campaign = self.campaign
        return super().found()

    def exported_year(self):
        return self.campaign.code if self.campaign else ""

    def columns(self):
        return [
            Column("申报编号", "code", order="code", by=("code_key",), css="nowrap"),
            Column(
                "项目名称",
                lambda row: row.title or "未命名项目",
                order="title",
                main=True,
                link="get_absolute_url",
            ),
            Column("申报单位", "unit.name", order="unit", by=("unit__order", "unit__path", "code_key")),
            Column("类别", "category.name"),
            Column("状态", "shown_mark", "mark"),
            Column("提交时间", "submitted_at", "time", order="submitted", by=("submitted_at",)),
            Column("最近更新", "updated_at", "time", order="updated", by=("updated_at",)),
        ]

    def book_name(self):
        return "申报清单"

    book_title = book_name

    def empty(self):
        return {
            "title": "还没有申报",
            "text": "按“新建申报”开始一件。" if self.own else "单位提交后列在这里。",
        }

    def get_context_data(self, **kwargs):
        invitations = invitations_of(self.request.user) if self.own else []
        return super().get_context_data(invitations=invitations, **kwargs)
