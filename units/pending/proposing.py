"""From a page to a proposal, and from a proposal back to its page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.urls import resolve
from django.utils import timezone

from units.errors import Refused
from units.models import User
from units.pending.actions import Proposal
from units.pending.models import PendingAct
from units.pending.permissions import ties_of
from units.permissions import holds

if TYPE_CHECKING:
    from units.kit.acts import ActPage

CARRIERS = {"csrfmiddlewaretoken", "once"}
OF_THE_PROPOSAL = {"proposal-why", "proposal-reason"}
GONE = "页面已不再提供这一操作，事项失效。"


def payload(request: HttpRequest) -> dict[str, list[str]]:
    """What a form asks for, box by box: all that was sent but what only carries it; files as name and size."""
    sent = {name: texts for name, texts in request.POST.lists() if name not in CARRIERS}
    files = {name: [f"{file.name}, {file.size}" for file in found] for name, found in request.FILES.lists()}
    return sent | files


def end_of_weekday(now: datetime, days: int) -> datetime:
    """The end of the `days`-th weekday after today, Monday to Friday; holidays are not looked at."""
    day = timezone.localdate(now)
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def proposal_of(page: ActPage, form: forms.Form | None) -> Proposal:
    """What the page would do with this clean form, for a second person to see."""
    asked = {name: texts for name, texts in payload(page.request).items() if name not in OF_THE_PROPOSAL}
    shown = [list(line) for line in page.changes(form)]
    query = page.request.META.get("QUERY_STRING", "")
    path = f"{page.request.path}?{query}" if query else page.request.path
    return Proposal(
        row=page.key(),
        target=page.request.path,
        about=page.about()[:300],
        path=path,
        payload=asked,
        shown=shown,
        digest=digest_of(page.key().code, path, asked, shown),
        lapses_at=page.lapses_at(timezone.now()),
        committee=page.committee(),
        campaign=page.year_code(),
        concerns=page.concerns(),
    )


def digest_of(kind: str, path: str, asked: dict[str, list[str]], shown: list[list[str]]) -> str:
    """SHA-256 of the canonical text of what is asked and what it changes."""
    told = json.dumps([kind, path, asked, shown], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(told.encode(errors="surrogatepass")).hexdigest()


class Rebuilt:
    """The page of a proposed act as it stands now, as its first person sees it. Raises Refused where it no longer
    offers the act: the year has gone on, the first person's post has ended."""

    def __init__(self, act: PendingAct, request: HttpRequest | None = None):
        if not holds(act.first, *act.row.first, unit=act.committee_id):
            raise Refused(f"{act.first}已不在可以提出的岗位上，事项失效。")
        try:
            self.page = page_at(act.path, act.payload, act.first, request)
            self.page.pending = act
            is_offered = self.page.allowed()
            why = self.page.stopped() if is_offered else ""
            self.form = self.page.make_form(self.page.request.POST, self.page.request.FILES)
        except (Http404, PermissionDenied) as gone:
            raise Refused(GONE) from gone
        if not is_offered or why:
            raise Refused(f"{why}{GONE}")
        if self.form is not None and not self.form.is_valid():
            raise Refused(f"所填内容现在已不能办理：{_first_error(self.form)}")
        self.proposal = proposal_of(self.page, self.form)

    @property
    def digest(self) -> str:
        return self.proposal.digest

    def ties(self, user: User) -> list[str]:
        """How this person is tied to what the act is about, in words."""
        return ties_of(user, self.page.entries(self.form))

    def run(self):
        return self.page.act(**(self.page.typed(self.form) if self.form else {}))


def page_at(
    path: str, payload: Mapping[str, list[str]], user: User, around: HttpRequest | None = None
) -> ActPage:
    """The page of an act as somebody sends it a form. around: the request in which it is asked for, if one is."""
    path, _, query = path.partition("?")
    match = resolve(path)
    asked = HttpRequest()
    asked.user, asked.method = user, "POST"
    asked.session = around.session if around else {}
    asked.path = asked.path_info = path
    asked.META = (around.META if around else {}) | {"QUERY_STRING": query}
    asked.GET, asked.POST = QueryDict(query), QueryDict(mutable=True)
    for name, texts in payload.items():
        asked.POST.setlist(name, texts)
    page = match.func.view_class(**match.func.view_initkwargs)
    page.setup(asked, *match.args, **match.kwargs)
    return page


def _first_error(form: forms.Form) -> str:
    return next((str(texts[0]) for texts in form.errors.values()), "")
