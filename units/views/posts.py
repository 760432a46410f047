"""The security administrator confirms every grant; ended posts stay on file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from units.actions import confirm_posts, end_post, refuse_post
from units.errors import Refused
from units.filters import PostFilter
from units.forms import EndPostForm, ReasonForm
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


class PostConfirmView(RoleRequiredMixin, View):
    """Confirm the ticked grants together."""

    roles_required = (Role.SECADMIN,)
    http_method_names = ["post"]

    def post(self, request):
        picked = [pk for pk in request.POST.getlist("pick") if pk.isdecimal()]
        if not picked:
            messages.error(request, "请先勾选要确认的岗位。")
            return redirect("units:post-list")
        try:
            confirmed = confirm_posts(Post.objects.filter(pk__in=picked), actor=request.user)
        except Refused as refusal:
            messages.error(request, f"{refusal}本次勾选的岗位均未确认。")
        else:
            self.tell(request, confirmed, len(set(picked)) - confirmed)
        return redirect("units:post-list")

    def tell(self, request, confirmed: int, others: int):
        late = f"另有{others}个已由他人办理，没有再动。" if others else ""
        if confirmed:
            messages.success(request, f"已确认{confirmed}个岗位。{late}")
        else:
            messages.error(request, "所选岗位已由他人办理，没有再动。")


class PostRefuseView(RoleRequiredMixin, View):
    roles_required = (Role.SECADMIN,)

    def get(self, request, pk):
        return self.page(request, get_object_or_404(posts().awaiting_confirmation(), pk=pk), ReasonForm())

    def post(self, request, pk):
        post = get_object_or_404(posts(), pk=pk)
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.page(request, post, form)
        try:
            refuse_post(post, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"不予确认：{post.user}任{post}。")
        return redirect("units:post-list")

    def page(self, request, post, form):
        context = {
            "title": "不予确认岗位",
            "text": f"{post.user}任{post}，不予确认后不生效，须重新授予。",
            "form": form,
            "verb": "不予确认",
            "danger": True,
            "cancel_url": reverse("units:post-list"),
            "trail": [("岗位", reverse("units:post-list"))],
        }
        return render(request, "components/confirm.html", context)


class PostEndView(RoleRequiredMixin, View):
    roles_required = (Role.SYSADMIN, Role.OFFICE)

    def get(self, request, pk):
        return self.page(request, self.running(request, pk), EndPostForm())

    def post(self, request, pk):
        post = self.running(request, pk)
        form = EndPostForm(request.POST)
        if form.is_valid():
            try:
                end_post(post, actor=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error("on", str(refusal))
            else:
                messages.success(
                    request, f"{post.user}的{post}岗位到{cn_date(form.cleaned_data['on'])}为止。"
                )
                return redirect(post.user)
        return self.page(request, post, form)

    def running(self, request, pk):
        post = get_object_or_404(
            posts().filter(Q(to_on=None) | Q(to_on__gte=timezone.localdate()), refused_at=None), pk=pk
        )
        if not can_grant_post(request.user, Role(post.role), post.unit):
            raise PermissionDenied
        return post

    def page(self, request, post, form):
        context = {
            "title": f"结束岗位：{post.user}",
            "text": f"{post}。到期后失去该岗位的权限，已办事项和记录保留。",
            "form": form,
            "verb": "结束岗位",
            "danger": True,
            "cancel_url": post.user.get_absolute_url(),
            "trail": [("账号", "/people/"), (str(post.user), post.user.get_absolute_url())],
        }
        return render(request, "components/confirm.html", context)
