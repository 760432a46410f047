"""A page that asks, then acts: the one way from a button to an action.

GET shows what will happen, with a form where words are wanted; POST does it, or says why not with everything
typed still in its boxes. Sent twice, it is done once.

    class WithdrawView(ActPage):
        title = verb = "撤回申报"
        form_class = ReasonForm
        done = "申报已撤回。"

        def allowed(self): return can_withdraw(self.request.user, self.file)
        def act(self, reason): withdraw(self.file, reason=reason, actor=self.request.user)
        def back(self): return self.file.get_absolute_url()
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from time import monotonic, sleep

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from units.errors import Refused
from units.kit.filled import Filled
from units.kit.keys import SecondKey
from units.models import Unit, User
from units.pending.actions import propose
from units.pending.forms import ProposalForm
from units.pending.models import PendingAct
from units.pending.proposing import end_of_weekday, payload, proposal_of


class ActPage(View):
    """One act on one thing. A subclass says the words, who may, and what is done."""

    template_name = "components/confirm.html"
    title = text = lead = verb = done = ""
    danger = False
    form_class: type[forms.Form] | None = None
    second: SecondKey | None = None
    """The act's row in the table of acts that take two people; None: one person does it."""
    blamed: str | None = None
    """The field beside which a refusal stands; None: above the form."""
    proposal: ProposalForm | None = None
    """Why it is proposed, where it waits for a second person."""
    pending: PendingAct | None = None
    """What was proposed here, while its second person has it done."""

    def allowed(self) -> bool:
        """Whether this person may; False answers 403."""
        return True

    def stopped(self) -> str:
        """Why it is not possible now, told on the page that `back` names; empty while it is."""
        return ""

    def typed(self, form) -> dict[str, object]:
        """What the action is given of a clean form."""
        return form.cleaned_data

    def act(self, **typed) -> object:
        """Run the action with what was typed; Refused is told beside it."""
        raise NotImplementedError

    def back(self) -> str:
        """Where 取消 leads, and what follows a refusal that no form can show."""
        raise NotImplementedError

    def after(self, outcome) -> str:
        """Where it goes on when it is done."""
        return self.back()

    def told(self, outcome) -> str:
        """The sentence for what was done."""
        return self.done

    def answer(self, outcome) -> HttpResponse:
        """What the browser gets when it is done."""
        if told := self.told(outcome):
            messages.success(self.request, told)
        return redirect(self.after(outcome))

    def facts(self) -> list[tuple[str, object]]:
        """What the act is about, as label and value."""
        return []

    def trail(self) -> list[tuple[str, str]]:
        """The way to this page, without the page itself."""
        return []

    def make_form(self, *data):
        """An empty form, or one of what was sent; None for a page that has none."""
        return self.form_class(*data) if self.form_class else None

    # -- what a second person has to know ------------------------------------------------------------

    def key(self) -> SecondKey | None:
        """Its row of the table, where that depends on whom it is about."""
        return self.second

    def waits(self) -> bool:
        """Whether the act waits for a second person."""
        key = self.key()
        return key is not None and key.waits

    def about(self) -> str:
        """What the act is about, in the list of what waits."""
        return str(self.title)

    def committee(self) -> Unit | None:
        """Whose office and supervisor may confirm; None: acts on accounts, whoever holds the post."""
        return None

    def concerns(self) -> User | None:
        """The person it is about, who is never its second."""
        return None

    def year_code(self) -> str:
        return ""

    def lapses_at(self, now: datetime) -> datetime:
        """Until when it may be confirmed: the end of the third weekday."""
        return end_of_weekday(now, 3)

    def changes(self, form: forms.Form | None) -> list[tuple[str, str, str]]:
        """Label, before, after of what will be otherwise; by default what the act is about, and of each box what an
        empty form holds and what was typed."""
        lines = [(str(label), "", str(value)) for label, value in self.facts()]
        if form is None:
            return lines
        filled, before = Filled(form), Filled(self.make_form())
        return lines + [
            (filled.label(name), before.shown(name), filled.shown(name)) for name in filled.texts()
        ]

    def entries(self, form: forms.Form | None) -> Iterable[Model]:
        """The entries of the selection that the act is about; a tie to one of them bars, or is shown."""
        return []

    # -- the two verbs -----------------------------------------------------------------------------

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if answer := self._barred():
            return answer
        form = self.make_form()  # first of all: what the address names must be there
        if (key := self.key()) and self.waits():
            proposed = PendingAct.objects.open_at(timezone.now()).filter(kind=key.code, target=request.path)
            if waiting := proposed.first():
                messages.info(request, "这一操作已经提出，正在等待另一人确认。")
                return redirect(waiting)
            self.proposal = ProposalForm(beside=form)
        return self.ask(form)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with Ticket(request) as ticket:
            if ticket.spent:
                return self.again(ticket)
            if answer := self._barred():
                return answer
            form = self.make_form(request.POST, request.FILES)
            self.proposal = ProposalForm(request.POST, beside=form) if self.waits() else None
            are_clean = [one.is_valid() for one in (form, self.proposal) if one is not None]
            if not all(are_clean):
                return self.ask(form)
            try:
                if (key := self.key()) and self.proposal:
                    answer = self.proposed(self.propose(form, self.proposal, request.user), key)
                else:
                    answer = self.answer(self.act(**(self.typed(form) if form else {})))
            except Refused as refusal:
                return self.refused(form, refusal)
            ticket.led_to = getattr(answer, "url", "") or self.back()
            return answer

    def propose(self, form: forms.Form | None, proposal: ProposalForm, first) -> PendingAct:
        """Let the act wait, with what was typed; what would be refused now is refused now."""
        with transaction.atomic():
            self.act(**(self.typed(form) if form else {}))
            transaction.set_rollback(True)
        return propose(proposal_of(self, form), **proposal.said(), actor=first)

    def proposed(self, act: PendingAct, row: SecondKey) -> HttpResponse:
        messages.success(self.request, f"已提出，{row.confirmers}确认后生效。")
        return redirect(act)

    def again(self, ticket: Ticket) -> HttpResponse:
        """The answer to a form that is sent again after it was done."""
        done = "刚才已经办理，没有重复办理。"
        messages.info(self.request, done if ticket.led_to else "刚才已经发送过，请先看看是否已经办理。")
        return redirect(ticket.led_to or self.back())

    def _barred(self) -> HttpResponse | None:
        if not self.allowed():
            raise PermissionDenied
        if why := self.stopped():
            messages.error(self.request, why)
            return redirect(self.back())
        return None

    def refused(self, form: forms.Form | None, refusal: Refused) -> HttpResponse:
        shown = form or self.proposal
        if shown is None:
            messages.error(self.request, str(refusal))
            return redirect(self.back())
        self.blame(shown, refusal)
        return self.ask(form)

    def blame(self, form: forms.Form | forms.BaseFormSet, refusal: Refused) -> None:
        """Put a refusal beside the fields it names, or above the form."""
        if isinstance(form, forms.BaseFormSet):
            form.non_form_errors().append(str(refusal))
        elif fields := refusal.fields:
            for name, why in fields.items():
                form.add_error(name, why)
        else:
            form.add_error(self.blamed, str(refusal))

    def ask(self, form: forms.Form | None) -> HttpResponse:
        """The page; it is also the answer to bad input and to a refusal."""
        return render(self.request, self.template_name, self.context(form) | {"proposal": self.proposal})

    def context(self, form: forms.BaseForm | forms.BaseFormSet | None) -> dict:
        words = {name: getattr(self, name) for name in ("title", "text", "lead", "verb", "danger")}
        around = {"facts": self.facts(), "trail": self.trail(), "cancel_url": self.back()}
        return words | around | {"form": form}


class FormPage(ActPage):
    """The same with the form as the page's main part: something new, or a change."""

    template_name = "components/form_page.html"
    verb = "保存"
    done = "已保存。"


class OneClick(ActPage):
    """An act whose button stands on another page. Its address, opened by hand, leads back there."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return self._barred() or redirect(self.back())


class Ticket:
    """The number a form carries (`{% sent_once %}`), good for one act of one person; kept for an hour.

    The same form sent again finds it spent, and where the first sending led; what was refused gives it back.
    Another text in the same form, as after the browser's Back, is another act.
    """

    KEPT = 3600  # seconds
    PATIENCE = 10  # seconds to wait for a first sending that is still being done

    def __init__(self, request: HttpRequest):
        number = request.POST.get("once", "")[:40]
        asked = json.dumps(payload(request), sort_keys=True, ensure_ascii=False)
        digest = sha256(asked.encode(errors="surrogatepass")).hexdigest()
        self._key = f"act:{request.user.pk}:{number}:{digest}" if number else ""
        self.led_to = ""
        self.spent = False

    def __enter__(self) -> Ticket:
        until = monotonic() + self.PATIENCE
        while self._key and not cache.add(self._key, "", self.KEPT):
            # The browser shows the answer to its last sending: wait for what the first one comes to.
            self.led_to = cache.get(self._key, "")
            if self.led_to or monotonic() > until:
                self.spent = True
                return self
            sleep(0.05)
        return self

    def __exit__(self, *error) -> None:
        if not self._key or self.spent:
            return
        if self.led_to:
            cache.set(self._key, self.led_to, self.KEPT)
        else:
            cache.delete(self._key)
