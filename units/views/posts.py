"""The security administrator confirms every grant; ended posts stay on file."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from units.actions import confirm_posts, end_post, refuse_post
from units.errors import Refused
from units.filters import PostFilter
from units.forms import EndPostForm, ReasonForm
from units.kit.acts import ActPage, OneClick
from units.models import Post
from units.papers.workbook import Column
from units.permissions import RoleRequiredMixin, can_confirm_posts, can_grant_post
from units.queries import posts
from units.roles import Role
from units.templatetags.portal import cn_date
from units.views.lists import FilteredListView

TABS = {
    "waiting": ("待确认", lambda rows: rows.awaiting_confirmation()),
    "current": ("现任", lambda rows: rows.current()),
    "ended": ("已结束", lambda rows: rows.filter(confirmed_at__isnull=False, to_on__lt=timezone.localdate())),
    "refused": ("不予确认", lambda rows: rows.filter(refused_at__isnull=False)),
}


class PostListView(RoleRequiredMixin, FilteredListView):
    roles_required = (Role.SECADMIN, Role.SYSADMIN)
    template_name = "units/post_list.html"
    filterset_class = PostFilter
    title = "岗位清单"

    @property
    def tab(self):
        tab = self.request.GET.get("tab", "waiting")
        if tab not in TABS:
            raise Http404
        return tab

    def base_queryset(self):
        return TABS[self.tab][1](posts()).order_by("-from_on", "pk")

    def columns(self):
        return [
            Column("人员", "user.name"),
            Column("账号", "user.username"),
            Column("岗位", "get_role_display"),
            Column("单位", "unit.name"),
            Column("开始日期", "from_on", "date"),
            Column("结束日期", "to_on", "date"),
            Column("授予人", "granted_by.name"),
            Column("确认人", "confirmed_by.name"),
            Column("依据", "reason"),
        ]

    def get_context_data(self, **kwargs):
        tabs = [
            {"label": label, "url": f"?tab={code}", "current": code == self.tab}
            for code, (label, _) in TABS.items()
        ]
        return super().get_context_data(
            **kwargs,
            tabs=tabs,
            tab=self.tab,
            keep={"tab": self.tab},
            may_confirm=can_confirm_posts(self.request.user),
        )


class PostListAct(RoleRequiredMixin, ActPage):
    """An act of the security administrator on grants."""

    roles_required = (Role.SECADMIN,)

    def back(self) -> str:
        return reverse("units:post-list")

    def trail(self):
        return [("岗位", self.back())]


class PostConfirmView(PostListAct, OneClick):
    """Confirm the ticked grants together."""

    def act(self):
        picked = {pk for pk in self.request.POST.getlist("pick") if pk.isdecimal()}
        if not picked:
            raise Refused("请先勾选要确认的岗位。")
        try:
            confirmed = confirm_posts(Post.objects.filter(pk__in=picked), actor=self.request.user)
        except Refused as refusal:
            raise Refused(f"{refusal}本次勾选的岗位均未确认。") from refusal
        if not confirmed:
            raise Refused("所选岗位已由他人办理，没有再动。")
        return confirmed, len(picked) - confirmed

    def told(self, outcome) -> str:
        confirmed, others = outcome
        late = f"另有{others}个已由他人办理，没有再动。" if others else ""
        return f"已确认{confirmed}个岗位。{late}"


class PostRefuseView(PostListAct):
    title, verb, danger = "不予确认岗位", "不予确认", True
    form_class = ReasonForm

    @cached_property
    def grant(self) -> Post:
        # Asked about while it waits; answered later it is told that somebody was first.
        rows = posts().awaiting_confirmation() if self.request.method == "GET" else posts()
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def text(self) -> str:
        return f"{self.grant.user}任{self.grant}，不予确认后不生效，须重新授予。"

    def act(self, reason: str):
        return refuse_post(self.grant, reason=reason, actor=self.request.user)

    def told(self, _) -> str:
        return f"不予确认：{self.grant.user}任{self.grant}。"


class PostEndView(RoleRequiredMixin, ActPage):
    roles_required = (Role.SYSADMIN, Role.OFFICE)
    verb, danger = "结束岗位", True
    form_class, blamed = EndPostForm, "on"

    @cached_property
    def running(self) -> Post:
        rows = posts().filter(Q(to_on=None) | Q(to_on__gte=timezone.localdate()), refused_at=None)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def allowed(self) -> bool:
        return can_grant_post(self.request.user, Role(self.running.role), self.running.unit)

    @property
    def title(self) -> str:
        return f"结束岗位：{self.running.user}"

    @property
    def text(self) -> str:
        return f"{self.running}。到期后失去该岗位的权限，已办事项和记录保留。"

    def act(self, on, reason: str):
        end_post(self.running, on=on, reason=reason, actor=self.request.user)
        return on

    def told(self, on) -> str:
        return f"{self.running.user}的{self.running}岗位到{cn_date(on)}为止。"

    def back(self) -> str:
        return self.running.user.get_absolute_url()

    def trail(self):
        return [("账号", "/people/"), (str(self.running.user), self.back())]
