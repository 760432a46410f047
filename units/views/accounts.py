"""Accounts and the posts granted on them, for the system administrator; the office grants season posts."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from units.actions import change_account, create_account, grant_post, reset_password, set_account_active
from units.audit.events import Event
from units.audit.record import record
from units.errors import Refused, StaleVersion
from units.filters import AccountFilter
from units.forms import AccountForm, ActiveForm, PostForm
from units.models import User
from units.papers.workbook import Column
from units.permissions import RoleRequiredMixin, can_grant_post, can_manage_accounts, can_see_accounts, holds
from units.queries import accounts, accounts_for
from units.roles import Role
from units.templatetags.portal import masked_phone
from units.views.lists import FilteredListView

TRAIL = [("账号", "/people/")]


class AccountListView(RoleRequiredMixin, FilteredListView):
    roles_required = (Role.SYSADMIN, Role.SECADMIN, Role.OFFICE)
    template_name = "units/account_list.html"
    filterset_class = AccountFilter
    title = "账号清单"

    def base_queryset(self):
        return accounts(accounts_for(self.request.user)).order_by("username")

    def columns(self):
        return [
            Column("账号", "username"),
            Column("姓名", "name"),
            Column("职务", "duty"),
            Column("岗位", lambda user: "、".join(str(post) for post in user.posts_now)),
            Column("办公电话", "office_phone"),
            Column("手机", lambda user: masked_phone(user.mobile)),
            Column("状态", lambda user: "启用" if user.is_active else "停用"),
            Column("上次登录", "last_login", "time"),
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, may_manage=can_manage_accounts(self.request.user))


class AccountView(View):
    """One account with its posts, past and present; its owner sees it too."""

    def get(self, request, username):
        own, manages = username == request.user.username, can_manage_accounts(request.user)
        if not own and not can_see_accounts(request.user):
            raise PermissionDenied
        found = User.objects.all() if own else accounts_for(request.user)
        person = get_object_or_404(found.distinct(), username=username)
        if manages and not own:
            record(Event.PERSONAL_DATA_READ, actor=request.user, target=person)
        posts = list(person.posts.select_related("unit", "granted_by", "confirmed_by"))
        for post in posts:
            running = post.standing in ("waiting", "current")
            post.may_end = running and can_grant_post(request.user, Role(post.role), post.unit)
        context = {
            "person": person,
            "posts": posts,
            "shows_phone": own or manages,
            "may_manage": manages,
            "may_grant": manages or holds(request.user, Role.OFFICE),
        }
        return render(request, "units/account.html", context)


class ManagesAccounts(RoleRequiredMixin):
    roles_required = (Role.SYSADMIN,)


class AccountCreateView(ManagesAccounts, View):
    def get(self, request):
        return self.page(request, AccountForm())

    def post(self, request):
        form = AccountForm(request.POST)
        if not form.is_valid():
            return self.page(request, form)
        user, password = create_account(form.cleaned_data, actor=request.user)
        return show_password(request, user, password, "账号已建立")

    def page(self, request, form):
        context = {
            "title": "新建账号",
            "form": form,
            "trail": TRAIL,
            "cancel_url": reverse("units:account-list"),
        }
        context |= {
            "verb": "建立账号",
            "lead": "建立后显示一次初始密码；岗位另行授予，经安全管理员确认后生效",
        }
        return render(request, "components/form_page.html", context)


class AccountEditView(ManagesAccounts, View):
    def get(self, request, username):
        person = get_object_or_404(User, username=username)
        return self.page(request, person, AccountForm(instance=person))

    def post(self, request, username):
        person = get_object_or_404(User, username=username)
        form = AccountForm(request.POST, instance=User.objects.get(pk=person.pk))
        if not form.is_valid():
            return self.page(request, person, form)
        try:
            change_account(person, form.cleaned_data, version=form.opened_with, actor=request.user)
        except StaleVersion:
            differences = form.clash_with(AccountForm(instance=person))
            return self.page(request, person, form, clash=True, differences=differences)
        messages.success(request, f"{person.username}已保存。")
        return redirect(person)

    def page(self, request, person, form, **more):
        context = {
            "title": f"修改账号{person.username}",
            "form": form,
            "trail": [*TRAIL, (str(person), person.get_absolute_url())],
            "cancel_url": person.get_absolute_url(),
        }
        return render(request, "components/form_page.html", context | more)


class PasswordResetView(ManagesAccounts, View):
    def get(self, request, username):
        person = get_object_or_404(User, username=username)
        context = {
            "title": f"重置{person}的密码",
            "lead": "旧密码立即失效",
            "text": "，已登录的会话随之结束，两步验证一并解除。新密码只显示一次，请当面交给本人；首次登录须改密码。",
            "verb": "重置密码",
            "danger": True,
            "cancel_url": person.get_absolute_url(),
            "trail": [*TRAIL, (str(person), person.get_absolute_url())],
        }
        return render(request, "components/confirm.html", context)

    def post(self, request, username):
        person = get_object_or_404(User, username=username)
        try:
            password = reset_password(person, actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(person)
        get_adapter().unlock(request, person.username)
        return show_password(request, person, password, "密码已重置")


def show_password(request, person, password, title):
    """The one page on which a first password is readable; no cache keeps it."""
    response = render(
        request, "units/first_password.html", {"person": person, "password": password, "title": title}
    )
    response["Cache-Control"] = "no-store"
    return response


class AccountActiveView(ManagesAccounts, View):
    """Disable an account, or enable it again."""

    def get(self, request, username):
        person = get_object_or_404(User, username=username)
        return self.page(request, person, ActiveForm(initial={"active": not person.is_active}))

    def post(self, request, username):
        person = get_object_or_404(User, username=username)
        form = ActiveForm(request.POST)
        if not form.is_valid():
            return self.page(request, person, form)
        active, reason = form.cleaned_data["active"], form.cleaned_data["reason"]
        try:
            set_account_active(person, active, actor=request.user, reason=reason)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{person.username}已{'启用' if active else '停用'}。")
        return redirect(person)

    def page(self, request, person, form):
        verb = "停用账号" if person.is_active else "启用账号"
        context = {
            "title": f"{verb}：{person}",
            "text": "停用后不能登录，岗位记录保留。" if person.is_active else "启用后可以登录，岗位不变。",
            "form": form,
            "verb": verb,
            "danger": person.is_active,
            "cancel_url": person.get_absolute_url(),
            "trail": [*TRAIL, (str(person), person.get_absolute_url())],
        }
        return render(request, "components/confirm.html", context)


class PostGrantView(RoleRequiredMixin, View):
    roles_required = (Role.SYSADMIN, Role.OFFICE)

    def get(self, request, username):
        return self.page(request, get_object_or_404(User, username=username), PostForm(asking=request.user))

    def post(self, request, username):
        person = get_object_or_404(User, username=username)
        form = PostForm(request.POST, asking=request.user)
        if form.is_valid():
            try:
                grant_post(person, actor=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "已报安全管理员确认，确认后生效。")
                return redirect(person)
        return self.page(request, person, form)

    def page(self, request, person, form):
        context = {
            "title": f"授予岗位：{person}",
            "form": form,
            "trail": [*TRAIL, (str(person), person.get_absolute_url())],
            "verb": "报请确认",
            "lead": "岗位经安全管理员确认后生效",
            "cancel_url": person.get_absolute_url(),
        }
        return render(request, "components/form_page.html", context)
