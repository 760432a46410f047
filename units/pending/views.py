"""What waits for a second person: the list, one act, and its three ends."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from units.errors import Refused
from units.kit.acts import ActPage
from units.kit.columns import Column
from units.kit.keys import Tie
from units.kit.lists import ListFilter, ListPage, choice, words
from units.kit.reasons import ReasonForm
from units.models import User
from units.moments import moment_text
from units.pending.actions import barred, confirm, refuse, withdraw
from units.pending.forms import ProofForm
from units.pending.halves import half_for
from units.pending.models import PendingAct, PendingState
from units.pending.permissions import can_confirm, visible_to, waiting_for
from units.pending.proposing import Rebuilt

WRONG_PROOFS = 5
"""Wrong tries that end the session; they lock nothing."""


class PendingFilter(ListFilter):
    look_in = ("about", "first__name", "reason")
    q = words("事项或人员")
    state = choice("状态", PendingState.choices)


class PendingListView(ListPage):
    title, noun, unit = "双人事项", "事项", "项"
    filter_class = PendingFilter
    list_tabs = {"mine": "待我确认", "all": "全部"}
    start = ("-proposed_at",)

    def rows(self):
        people = PendingAct.objects.select_related("first", "second")
        return people.filter(visible_to(self.request.user) | waiting_for(self.request.user))

    def in_tab(self, rows):
        if self.list_tab == "all":
            return rows
        return rows.filter(waiting_for(self.request.user)).open_at(timezone.now())

    def columns(self):
        return [
            Column("事项", "row.label", main=True, link="get_absolute_url"),
            Column("对象", "about"),
            Column("提出人", "first.name", order="first", by=("first__name",)),
            Column("提出时间", "proposed_at", "time", order="proposed_at"),
            Column("确认期限", "lapses_at", "time", order="lapses_at"),
            Column("状态", "mark", "mark"),
            Column("确认人", "second.name", folded=True),
        ]

    def empty(self):
        return {"title": "没有等您确认的事项", "text": "须由两人办理的事项，提出后在这里等另一人确认。"}


class OfOne(ActPage):
    """A page about one proposed act."""

    @cached_property
    def pending(self) -> PendingAct:
        user = self.request.user
        rows = PendingAct.objects.select_related("first", "second", "concerns")
        return get_object_or_404(rows.filter(visible_to(user) | waiting_for(user)), slug=self.kwargs["slug"])

    @cached_property
    def may_confirm(self) -> bool:
        return self.pending.mark == PendingState.WAITING and can_confirm(self.request.user, self.pending)

    @cached_property
    def rebuilt(self) -> Rebuilt | Refused:
        """The act's page as it stands now, or why it no longer offers the act."""
        try:
            return Rebuilt(self.pending, self.request)
        except Refused as refusal:
            return refusal

    @cached_property
    def ties(self) -> list[str]:
        """How whoever may confirm is tied to what the act is about."""
        if not self.may_confirm or isinstance(self.rebuilt, Refused):
            return []
        return self.rebuilt.ties(self.request.user)

    @property
    def barred(self) -> str:
        """Why a tie keeps this person from deciding; empty without one."""
        return barred(self.ties) if self.ties and self.pending.row.tie == Tie.BARS else ""

    def back(self) -> str:
        return self.pending.get_absolute_url()

    def trail(self):
        return [("双人事项", reverse("units:pending-list")), (str(self.pending), self.back())]


class PendingView(OfOne):
    """Exactly what will happen, worked out anew; the second person's proof is what does it."""

    template_name = "units/pending/act.html"
    verb = "确认办理"

    @property
    def title(self) -> str:
        return str(self.pending)

    def allowed(self) -> bool:
        return self.request.method == "GET" or can_confirm(self.request.user, self.pending)

    def stopped(self) -> str:
        """Settled, lapsed or impossible, it is still shown; it is only not done."""
        if self.request.method == "GET":
            return ""
        if self.pending.mark != PendingState.WAITING:
            return f"这一事项{self.pending.mark.label}，没有重复办理。"
        return str(self.rebuilt) if isinstance(self.rebuilt, Refused) else self.barred

    def make_form(self, *data):
        if not self.may_confirm or isinstance(self.rebuilt, Refused) or self.barred:
            return None
        return ProofForm(*data, user=self.request.user, initial={"digest": self.rebuilt.digest})

    def ask(self, form):
        if form is not None and form.has_error("proof", "wrong_proof") and self._too_often():
            logout(self.request)
            messages.error(self.request, f"连续{WRONG_PROOFS}次验证不正确，请重新登录。账号没有锁定。")
            return redirect("account_login")
        answer = super().ask(form)
        if self.pending.row.halves:
            answer["Cache-Control"] = "no-store"
        return answer

    def _too_often(self) -> bool:
        tries = self.request.session.get("wrong_proofs", 0) + 1
        self.request.session["wrong_proofs"] = tries
        return tries >= WRONG_PROOFS

    def act(self, digest, proof):
        self.request.session.pop("wrong_proofs", None)
        return confirm(
            self.pending, seen=digest, now_is=lambda: self.rebuilt_now().digest, run=self.run_it,
            ties=lambda: self.locked.ties(self.request.user), actor=self.request.user,
        )  # fmt: skip

    def rebuilt_now(self) -> Rebuilt:
        """Worked out once more, under the lock: between showing and confirming something may have changed."""
        self.locked = Rebuilt(self.pending, self.request)
        return self.locked

    def run_it(self):
        return self.locked.run()

    def told(self, outcome) -> str:
        return f"已确认。{self.locked.page.told(outcome)}"

    def after(self, outcome) -> str:
        return self.back()

    def trail(self):
        return [("双人事项", reverse("units:pending-list"))]

    def facts(self):
        act = self.pending
        facts = [
            ("提出", f"{act.first}，{moment_text(act.proposed_at, year=True)}"),
            ("理由", f"{act.get_why_display()}：{act.reason}"),
            ("确认期限", moment_text(act.lapses_at, year=True)),
        ]
        if act.second:
            facts.append((act.mark.label, f"{act.second}，{moment_text(act.settled_at, year=True)}"))
        return [*facts, ("说明", act.settled_reason)] if act.settled_reason else facts

    def context(self, form):
        rebuilt = self.rebuilt if self.pending.mark == PendingState.WAITING else None
        return super().context(form) | {
            "act": self.pending,
            "changes": rebuilt.proposal.shown if isinstance(rebuilt, Rebuilt) else self.pending.shown,
            "differs": isinstance(rebuilt, Rebuilt) and rebuilt.digest != self.pending.digest,
            "impossible": str(rebuilt) if isinstance(rebuilt, Refused) else "",
            "is_first": self.pending.first_id == self.request.user.pk,
            "may_confirm": self.may_confirm,
            "tied": self._tied(),
            "half": half_for(self.request.user, self.pending),
            "barred": self.barred,
            "accounts": [] if self.may_confirm else demo_confirmers(self.pending),
        }

    def _tied(self) -> str:
        shown = f"您与所涉项目有利害关系（{'、'.join(self.ties)}），确认时如实记入日志。"
        return shown if self.ties and not self.barred else ""


def demo_confirmers(act: PendingAct) -> list[User]:
    """In the demo alone: the accounts that can confirm, for the page that changes to one at a press."""
    if not settings.DEMO or act.mark != PendingState.WAITING or find_spec("units.demo") is None:
        return []
    mark = import_module("units.demo").MARK
    found = User.objects.filter(email__endswith=mark, is_active=True, posts__role__in=act.row.second)
    return [user for user in found.distinct().order_by("username") if can_confirm(user, act)]


class DemoConfirmerView(OfOne):
    """In the demo alone: go on as an account that can confirm; for a newcomer who holds every password anyway."""

    title = verb = "换用账号"

    @cached_property
    def confirmer(self) -> User | None:
        return next(
            (one for one in demo_confirmers(self.pending) if one.username == self.kwargs["username"]), None
        )

    def allowed(self) -> bool:
        return self.confirmer is not None

    @property
    def text(self) -> str:
        return f"演示：以{self.confirmer}（{self.confirmer.username}）的账号打开这一事项。"

    def act(self):
        login(self.request, self.confirmer, backend=settings.AUTHENTICATION_BACKENDS[0])


class PendingRefuseView(OfOne):
    title, verb, danger = "不予确认", "不予确认", True
    form_class = ReasonForm
    text = "提出人会看到理由；需要办理的，须重新提出。"
    done = "已退回，没有办理。"

    def stopped(self) -> str:
        return self.barred

    def allowed(self) -> bool:
        return can_confirm(self.request.user, self.pending)

    def act(self, reason):
        return refuse(self.pending, reason=reason, actor=self.request.user)


class PendingWithdrawView(OfOne):
    title = verb = "撤回事项"
    text = "撤回后不再等待确认，可以重新提出。"
    done = "已撤回。"

    def allowed(self) -> bool:
        return self.pending.first_id == self.request.user.pk

    def act(self):
        return withdraw(self.pending, actor=self.request.user)
