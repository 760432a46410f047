"""Accounts and the posts granted on them, for the system administrator; the office grants season posts."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from units import keys
from units.actions.accounts import (
    bar_account,
    change_account,
    create_account,
    give_halves,
    passwords_again,
    rename_account,
    renew_first_passwords,
    reset_password,
    set_account_active,
)
from units.actions.posts import grant_post
from units.audit.events import Event
from units.audit.record import record
from units.errors import Refused
from units.filters import AccountFilter
from units.folding import account_name
from units.forms import AccountForm, ActiveForm, FirstPasswordsForm, PostForm, RenameForm
from units.kit.acts import ActPage, FormPage
from units.kit.columns import Column
from units.kit.filled import Filled
from units.kit.keys import SecondKey
from units.kit.lists import ListPage
from units.kit.together import SharedForm
from units.models import AccountState, Post, PostState, User
from units.pending.halves import halves_of
from units.pending.permissions import can_act_on_administrator, can_end_post, is_year_open
from units.permissions import RoleRequiredMixin, can_manage_accounts, can_see_accounts, holds
from units.queries import accounts, accounts_for, never_used
from units.roles import ADMINISTRATORS, COMMITTEE_ROLES, Role
from units.templatetags.portal import masked_phone
from units.views.passwords import show_first_passwords

TRAIL = [("账号", "/people/")]


class AccountListView(RoleRequiredMixin, ListPage):
    roles_required = (*ADMINISTRATORS, Role.OFFICE)
    template_name = "units/account_list.html"
    filter_class = AccountFilter
    title, noun, unit = "账号", "账号", "个"
    start = ("username",)
    bulk_bar = "units/_account_bar.html"

    def rows(self):
        return accounts(accounts_for(self.request.user))

    def columns(self):
        return [
            Column("账号", "username", order="username", main=True, link="get_absolute_url"),
            Column("姓名", "name", order="name"),
            Column("职务", "duty", folded=True),
            Column("岗位", lambda user: "、".join(str(post) for post in user.posts_now), css="wide"),
            Column("办公电话", "office_phone", css="nowrap"),
            Column("手机", lambda user: masked_phone(user.mobile), page=False),
            Column("状态", "mark", "mark"),
            Column("上次登录", "last_login", "time", order="last_login"),
        ]

    def pick(self):
        may = can_manage_accounts(self.request.user)
        return (lambda user: (user.username, user.username)) if may else None

    def bulk_url(self):
        return reverse("units:account-first-passwords")

    def empty(self):
        return {"title": "还没有账号", "text": "新建账号，或导入名册。"}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, may_manage=can_manage_accounts(self.request.user))


class AccountView(View):
    """One account with its posts, past and present; its owner sees it too."""

    def get(self, request, username):
        own, manages = username == request.user.username, can_manage_accounts(request.user)
        if not own and not can_see_accounts(request.user):
            raise PermissionDenied
        found = User.objects.all() if own else accounts_for(request.user)
        person = get_object_or_404(found, username=username)
        if manages and not own:
            record(Event.PERSONAL_DATA_READ, actor=request.user, target=person)
        posts = list(person.posts.select_related("unit", "granted_by", "confirmed_by"))
        for post in posts:
            running = post.state in (PostState.WAITING, PostState.CURRENT)
            post.may_end = running and can_end_post(request.user, post)
        context = {
            "person": person,
            "posts": posts,
            "shows_phone": own or manages,
            "may_manage": manages,
            "may_reset": self.may_reset(person, posts),
            "may_grant": manages or holds(request.user, Role.OFFICE),
        }
        return render(request, "units/account.html", context)

    def may_reset(self, person, posts) -> bool:
        if any(post.role in ADMINISTRATORS and not post.is_over for post in posts):
            return can_act_on_administrator(self.request.user, person)
        return can_manage_accounts(self.request.user)


class ManagesAccounts(RoleRequiredMixin):
    roles_required = (Role.SYSADMIN,)


class AccountCreateView(ManagesAccounts, FormPage):
    second = keys.SECOND_ACCOUNT
    title, verb = "新建账号", "建立账号"
    lead = "建立后显示一次初始密码；岗位另行授予，经安全管理员确认后生效"

    def make_form(self, *data):
        return AccountForm(*data[:1])

    @property
    def secret(self) -> str:
        return self.request.POST.get("once", "")

    def waits(self) -> bool:
        """A second account under the name of somebody with a post."""
        posts = Post.objects.filter(user__name=self.request.POST.get("name", "").strip(), refused_at=None)
        return any(not post.is_over for post in posts)

    def about(self) -> str:
        return f"{self.request.POST.get('name')}（{self.request.POST.get('username')}）"

    @transaction.atomic
    def act(self, **values):
        user, password = create_account(values, actor=self.request.user, secret=self.secret)
        if self.pending:
            password = give_halves(user, "-".join(halves_of(self.pending.slug)), self.pending)
        return user, password

    def told(self, outcome) -> str:
        return f"账号{outcome[0].username}已建立，您的一半初始密码见下。"

    def answer(self, outcome):
        return show_password(self.request, *outcome, "账号已建立")

    def again(self, ticket):
        """A second click is shown the password too, as long as it holds: the first answer never came to be seen."""
        made = passwords_again([account_name(self.request.POST.get("username", ""))], self.secret)
        return self.answer(made[0]) if made else super().again(ticket)

    def back(self) -> str:
        return reverse("units:account-list")

    def trail(self):
        return TRAIL


class AccountEditView(ManagesAccounts, SharedForm):
    partly = False

    def row(self) -> User:
        return get_object_or_404(User, username=self.kwargs["username"])

    def form_key(self, person) -> str:
        return f"account:{person.pk}"

    def bind(self, person, data=None) -> Filled:
        self.person = person
        return Filled(AccountForm(data, instance=person))

    def act(self, **values):
        return change_account(self.person, values, version=self.version, actor=self.request.user)

    @property
    def title(self) -> str:
        return f"修改账号{self.kwargs['username']}"

    def told(self, person) -> str:
        return f"{person.username}已保存。"

    def back(self) -> str:
        return reverse("units:account", args=[self.kwargs["username"]])

    def trail(self):
        return [*TRAIL, (str(self.person), self.back())]


class PersonAct(RoleRequiredMixin, ActPage):
    """One act on one account."""

    roles_required = (Role.SYSADMIN,)

    @cached_property
    def person(self) -> User:
        return get_object_or_404(User, username=self.kwargs["username"])

    def concerns(self) -> User:
        return self.person

    def about(self) -> str:
        return f"{self.person}（{self.person.username}）"

    def back(self) -> str:
        return self.person.get_absolute_url()

    def trail(self):
        return [*TRAIL, (str(self.person), self.back())]


class KeyedByPosts(PersonAct):
    """An act on an account whose posts say how many people it takes: an administrator's, the remaining two; with other
    posts, two of the administrators; with none, one."""

    roles_required = tuple(ADMINISTRATORS)
    second_on_administrators: SecondKey

    @cached_property
    def bound(self) -> list[Post]:
        """The posts held or granted, today or later."""
        return [post for post in self.person.posts.select_related("unit").order_by("pk") if not post.is_over]

    @property
    def is_administrators(self) -> bool:
        return any(post.role in ADMINISTRATORS for post in self.bound)

    def key(self) -> SecondKey:
        return self.second_on_administrators if self.is_administrators else self.second

    def allowed(self) -> bool:
        if self.is_administrators:
            return can_act_on_administrator(self.request.user, self.person)
        return can_manage_accounts(self.request.user)

    def changes(self, form):
        posts = "、".join(str(post) for post in self.bound)
        return [
            ("账号", self.person.username, self.person.username),
            ("岗位", posts, posts),
            *super().changes(form),
        ]


class PasswordResetView(KeyedByPosts):
    second, second_on_administrators = keys.PASSWORD_RESET, keys.ADMINISTRATOR_RESET
    lead, verb, danger = "旧密码立即失效", "重置密码", True

    @property
    def text(self) -> str:
        shown = "新密码由提出人、确认人各见一半" if self.waits() else "新密码只显示一次"
        return f"，已登录的会话随之结束，两步验证一并解除。{shown}，请当面交给本人；首次登录须改密码。"

    def waits(self) -> bool:
        return bool(self.bound)

    def changes(self, form):
        return [
            *super().changes(form),
            ("密码", "现密码", "初始密码，两人各见一半"),
            ("两步验证", "", "解除"),
        ]

    @property
    def title(self) -> str:
        return f"重置{self.person}的密码"

    def act(self):
        password = "-".join(halves_of(self.pending.slug)) if self.pending else ""
        password = reset_password(self.person, password=password, actor=self.request.user)
        if (
            self.pending or not self.waits()
        ):  # proposing tries the act out, and the lock is no row to roll back
            get_adapter().unlock(self.request, self.person.username)
        return password

    def told(self, password) -> str:
        return f"{self.person.username}的密码已重置，您的一半见下。"

    def answer(self, password):
        return show_password(self.request, self.person, password, "密码已重置")


class FirstPasswordsView(ManagesAccounts, ActPage):
    """First passwords anew for the ticked accounts; the list sends the ticks, this page asks before it acts."""

    title, verb, danger = "补发初始密码", "补发", True
    text = "原初始密码随即失效。新密码只显示一次，请打印或下载后当面交给本人；首次登录须改密码。"
    form_class = FirstPasswordsForm

    @cached_property
    def picked(self):
        return User.objects.filter(username__in=self.request.POST.getlist("pick"))

    def ask(self, form):
        """The list sends ticks alone: they are shown before anything is done."""
        picked = [user.username for user in self.picked]
        if not picked:
            messages.error(self.request, "请先勾选账号。")
            return redirect(self.back())
        if "sure" in form.errors:
            form = self.form_class(initial={"pick": picked, "sure": True})
        return super().ask(form)

    @cached_property
    def able(self) -> list[User]:
        return list(never_used(self.picked))

    def facts(self):
        able, others = self.able, self.picked.exclude(pk__in=[user.pk for user in self.able])
        left = "、".join(user.username for user in others.order_by("username"))
        return [
            ("补发", f"{len(able)}个：{'、'.join(user.username for user in able)}" if able else "没有"),
            ("不补发", f"{left}（已登录过、已停用，或任工委、管理员岗位；请逐个重置）" if left else "没有"),
        ]

    def act(self, pick, sure):
        made = renew_first_passwords(pick, actor=self.request.user, secret=self.request.POST.get("once", ""))
        if not made:
            raise Refused("所选账号都不能补发：已登录过、已停用，或任工委、管理员岗位，请逐个重置。")
        return made

    def answer(self, outcome):
        for user, _ in outcome:
            get_adapter().unlock(self.request, user.username)
        return show_first_passwords(self.request, with_posts(outcome), f"已补发{len(outcome)}个初始密码")

    def again(self, ticket):
        names = self.picked.values_list("username", flat=True)
        made = passwords_again(names, self.request.POST.get("once", ""))
        return self.answer(made) if made else super().again(ticket)

    def back(self) -> str:
        return reverse("units:account-list")

    def trail(self):
        return TRAIL


def with_posts(made) -> list[tuple[str, ...]]:
    """The lines of a sheet: account, name, unit and post of each, and its password."""
    posts = Post.objects.filter(user__in=[user for user, _ in made], refused_at=None).select_related("unit")
    by_user = {post.user_id: post for post in posts.order_by("-pk")}
    return [
        (
            user.username,
            user.name,
            by_user[user.pk].unit.name if user.pk in by_user else "",
            by_user[user.pk].get_role_display() if user.pk in by_user else "",
            password,
        )
        for user, password in made
    ]


def show_password(request, person, password, title):
    """The one page on which a first password is readable; no cache keeps it."""
    response = render(
        request, "units/first_password.html", {"person": person, "password": password, "title": title}
    )
    response["Cache-Control"] = "no-store"
    return response


class AccountUnlockView(PersonAct):
    """Let somebody in whom wrong passwords, perhaps not the own, keep out; the password stays the owner's."""

    verb, lead = "解除登录锁定", "密码不变，五次输错的计数清零。"
    text = "连续输错5次的账号锁定30分钟。解除后本人用原密码即可登录；忘记密码的，请另行重置。"

    @property
    def title(self) -> str:
        return f"{self.verb}：{self.person}"

    def act(self):
        get_adapter().unlock(self.request, self.person.username)
        record(Event.ACCOUNT_UNLOCKED, actor=self.request.user, target=self.person)

    def told(self, _) -> str:
        return f"{self.person.username}的登录锁定已解除。"


class AccountRenameView(PersonAct):
    """Another name to sign in with."""

    verb, lead = "更改账号名", "密码、岗位和记录不变。"
    text = "更改后用新账号登录，旧账号名可以另给他人。请告知本人。"
    blamed = "username"

    @property
    def title(self) -> str:
        return f"更改{self.person}的账号名"

    def facts(self):
        return [("现账号", self.person.username)]

    def make_form(self, *data):
        return RenameForm(*data[:1], person=self.person)

    def act(self, username: str, reason: str):
        return rename_account(self.person, username, reason=reason, actor=self.request.user)

    def after(self, person) -> str:
        return person.get_absolute_url()

    def told(self, person) -> str:
        return f"账号名已改为{person.username}。"


class AccountActiveView(KeyedByPosts):
    """Disable an account, or enable it again."""

    second, second_on_administrators = keys.ACCOUNT_DISABLED, keys.ADMINISTRATOR_DISABLED

    def waits(self) -> bool:
        """Enabling is one person's act; so is disabling whoever decides nothing in an open year."""
        deciding = [post.unit for post in self.bound if post.role in COMMITTEE_ROLES]
        return self.person.is_active and (self.is_administrators or is_year_open(deciding))

    def make_form(self, *data):
        at_once = self.waits() and not self.is_administrators
        shown = {} if data else {"initial": {"active": not self.person.is_active}}
        return ActiveForm(*data, at_once=at_once, **shown)

    def changes(self, form):
        now = AccountState.ACTIVE if self.person.is_active else AccountState.DISABLED
        later = AccountState.ACTIVE if form.cleaned_data["active"] else AccountState.DISABLED
        return [*KeyedByPosts.changes(self, None), ("状态", now.label, later.label)]

    def propose(self, form, proposal, first):
        with transaction.atomic():
            act = super().propose(form, proposal, first)
            if form.cleaned_data.get("at_once"):
                bar_account(self.person, actor=first, reason=act.reason)
        return act

    @property
    def verb(self) -> str:
        return "停用账号" if self.person.is_active else "启用账号"

    @property
    def title(self) -> str:
        return f"{self.verb}：{self.person}"

    @property
    def danger(self) -> bool:
        return self.person.is_active

    @property
    def text(self) -> str:
        if self.person.is_active:
            return "停用后不能登录，岗位记录保留。"
        return "启用后可以登录，岗位不变。"

    def act(self, active: bool, reason: str, at_once: bool = False):
        set_account_active(self.person, active, actor=self.request.user, reason=reason)
        return active

    def told(self, active) -> str:
        return f"{self.person.username}已{'启用' if active else '停用'}。"


class PostGrantView(PersonAct, FormPage):
    second = keys.POST_GRANTED
    roles_required = (Role.SYSADMIN, Role.OFFICE)
    verb, lead = "报请确认", "岗位经安全管理员确认后生效"
    done = "已报安全管理员确认，确认后生效。"

    @property
    def title(self) -> str:
        return f"授予岗位：{self.person}"

    def make_form(self, *data):
        return PostForm(*data[:1], asking=self.request.user)

    def act(self, **values):
        return grant_post(self.person, actor=self.request.user, **values)
