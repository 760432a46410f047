"""The security administrator confirms every grant; ended posts stay on file."""

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from units import keys
from units.actions.posts import confirm_posts, end_post, refuse_post
from units.errors import Refused
from units.filters import PostFilter
from units.forms import EndPostForm
from units.kit.acts import ActPage, OneClick
from units.kit.columns import Column
from units.kit.lists import ListPage
from units.kit.reasons import ReasonForm
from units.models import Post
from units.pending.permissions import can_end_post, is_year_open
from units.permissions import RoleRequiredMixin, can_confirm_posts
from units.queries import posts
from units.roles import ADMINISTRATORS, COMMITTEE_ROLES, Role
from units.templatetags.portal import cn_date


class PostListView(RoleRequiredMixin, ListPage):
    roles_required = (Role.SECADMIN, Role.SYSADMIN)
    template_name = "units/post_list.html"
    filter_class = PostFilter
    title, noun, unit = "岗位", "岗位", "个"
    start = ("-from_on",)
    list_tabs = {"waiting": "待确认", "current": "现任", "ended": "已结束", "refused": "不予确认"}
    bulk_bar = "units/_post_bar.html"

    def rows(self):
        return posts()

    def in_tab(self, rows):
        if self.list_tab == "waiting":
            return rows.awaiting_confirmation()
        if self.list_tab == "current":
            return rows.current()
        if self.list_tab == "refused":
            return rows.filter(refused_at__isnull=False)
        return rows.filter(confirmed_at__isnull=False, to_on__lt=timezone.localdate())

    @property
    def may_confirm(self):
        return self.list_tab == "waiting" and can_confirm_posts(self.request.user)

    def pick(self):
        return (lambda post: (post.pk, f"{post.user}任{post}")) if self.may_confirm else None

    def bulk_url(self):
        return reverse("units:post-confirm")

    def columns(self):
        waiting = self.list_tab == "waiting"
        return [
            Column(
                "人员", "user.name", order="name", by=("user__name",), main=True, link="user.get_absolute_url"
            ),
            Column("账号", "user.username", folded=True),
            Column("岗位", "get_role_display", css="nowrap"),
            Column("单位", "unit.name", order="unit", by=("unit__order", "unit__path")),
            Column("开始日期", "from_on", "date", order="from_on"),
            Column("结束日期", "to_on", "date", order="to_on"),
            Column("授予人", "granted_by.name"),
            Column("授予时间", "granted_at", "time", folded=True),
            Column("确认人", "confirmed_by.name", page=not waiting),
            Column("确认时间", "confirmed_at", "time", page=not waiting, folded=True),
            Column("依据", "reason", page=waiting or self.list_tab == "refused"),
            Column("操作", kind="act", page=self.may_confirm),
        ]

    def empty(self):
        if self.list_tab == "waiting":
            return {"title": "没有待确认的岗位", "text": "系统管理员或评选办授予岗位后，会出现在这里。"}
        return {"title": "这里没有岗位", "text": "请看其他分类。"}


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
    form_class = ReasonForm.asking("理由", longest=200)

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
    second, second_on_administrators = keys.POST_ENDED, keys.ADMINISTRATOR_ENDED
    roles_required = (*ADMINISTRATORS, Role.OFFICE)
    verb, danger = "结束岗位", True
    form_class, blamed = EndPostForm, "on"

    @cached_property
    def running(self) -> Post:
        rows = posts().filter(Q(to_on=None) | Q(to_on__gte=timezone.localdate()), refused_at=None)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def is_administrators(self) -> bool:
        return self.running.role in ADMINISTRATORS

    def key(self):
        return self.second_on_administrators if self.is_administrators else self.second

    def waits(self) -> bool:
        """A post that only waits to be confirmed, or that decides nothing in an open year, is ended by one person."""
        if self.running.confirmed_at is None:
            return False
        deciding = self.running.role in COMMITTEE_ROLES
        return self.is_administrators or (deciding and is_year_open([self.running.unit]))

    def concerns(self):
        return self.running.user

    def about(self) -> str:
        return f"{self.running.user}（{self.running.user.username}）：{self.running}"

    def changes(self, form):
        ends, on = self.running.to_on, form.cleaned_data["on"]
        return [
            (
                f"{self.running.user}的{self.running}岗位",
                cn_date(ends) if ends else "长期",
                f"到{cn_date(on)}",
            )
        ]

    def allowed(self) -> bool:
        return can_end_post(self.request.user, self.running)

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
