"""A form that several people fill at once: what each changed is kept, only what both changed is asked about.

    class EditView(Together, View):
        def row(self): return get_object_or_404(..., slug=...)
        def bind(self, row, data=None): return Filled(NoticeForm(data, instance=row))
        def write(self, row, filled, version): return change_notice(row, ..., version=version)
        def form_key(self, row): return f"notice:{row.pk}"

        def get(self, request):
            return self.page(self.as_stored())
        def post(self, request):
            fill = self.fill(request.POST)
            if fill.is_done: return redirect(...)
            return self.page(fill)

The page draws `fill.filled`, includes components/_clash.html in a row above the form and
components/_carried.html in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from units.actions.presence import savers_since, tell_saved
from units.errors import Refused, StaleVersion
from units.kit.acts import FormPage, Ticket
from units.kit.differences import Piece, sides
from units.kit.filled import NONE, Filled
from units.kit.merge import Merged, answers_to, base_of, merge
from units.moments import day_text

TRIES = 3
ANSWER = "answer:"
"""A control that answers which text of a box is kept: `answer:` and the box."""
SALT = "presence"


@dataclass(frozen=True)
class Asked:
    """A box that both changed: both texts in pieces, and what the form sends to keep either."""

    name: str
    label: str
    theirs: list[Piece]
    mine: list[Piece]
    answers: dict[str, str]


@dataclass
class Fill:
    """A form as it stands after it was opened or sent.

    row: what was saved, else what is stored. saved: whether anything was written. asked, errors: what was held
    back, of the rest all is saved if `saved`. taken: boxes that others changed and that were left alone here.
    who: whose changes these are.
    """

    filled: Filled
    row: object
    version: object = None
    base_now: Callable[[], str] = str
    saved: bool = False
    asked: list[Asked] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    taken_controls: dict[str, list[str]] = field(default_factory=dict)
    savers: tuple = ()
    form_id: str = "form"
    here: str = ""
    user: object = None
    moment: str = field(default_factory=lambda: f"{timezone.now().timestamp():.3f}")

    @cached_property
    def base(self) -> str:
        """What the form carries of its texts; worked out where a page is drawn or a script is answered."""
        return self.base_now()

    @property
    def is_done(self) -> bool:
        """Everything typed is saved."""
        return self.saved and not self.asked and not self.errors

    @property
    def was_seen(self) -> bool:
        """Saved, and nothing in it that the page did not show: an act may follow on the same press."""
        return self.is_done and not self.taken

    @property
    def is_own(self) -> bool:
        """Whether all that was saved meanwhile was saved by the same person, in another window."""
        return bool(self.savers) and all(person == self.user for person, _ in self.savers)

    @property
    def who(self) -> str:
        """Whose the other version is, and of when."""
        if self.is_own:
            at = self.savers[0][1]
            return f"您在另一窗口保存的版本{_time(at)}"
        others = [f"{person}{_time(at)}" for person, at in self.savers if person != self.user]
        return f"{'、'.join(others)}保存的版本" if others else "他人保存的版本"

    @property
    def refused(self) -> str:
        """What stands above the boxes that are wrong; empty for the page's own words."""
        return "其余内容已保存" if self.saved else ""

    @property
    def taken_labels(self) -> list[str]:
        return [self.filled.label(name) for name in self.taken]

    @property
    def lead(self) -> str:
        """What happened, in a sentence or two; empty when there is nothing to say."""
        said = []
        if self.asked or self.errors:
            said.append("其余内容已保存。" if self.saved else "本次没有保存。")
        if self.taken:
            said.append(f"已并入{self.who}中的修改：{'、'.join(self.taken_labels)}。")
        return "".join(said)


def _time(at) -> str:
    if at is None:
        return ""
    at, now = timezone.localtime(at), timezone.localtime()
    return f"（{at:%H:%M}）" if at.date() == now.date() else f"（{day_text(at)}{at:%H:%M}）"


class Together:
    """What a page of such a form does; see the head of the module."""

    partly = True
    """Whether good boxes are saved though others are wrong or asked about; False where boxes hang together."""
    alone = False
    """Whether only one person ever fills this form: then nobody is shown, and other versions are one's own."""
    form_id = "form"
    request: Any  # of somebody who is logged in

    read_anew: tuple[str, ...] = ()
    """Cached properties that the row and its forms are made of; forgotten once somebody may have saved."""
    was_read = False

    def row(self):
        """The row as it is stored; None before there is one."""
        raise NotImplementedError

    def row_now(self):
        """The row; from the second asking on, as it is stored by then."""
        if self.was_read:
            for name in self.read_anew:
                vars(self).pop(name, None)
        self.was_read = True
        return self.row()

    def bind(self, row, data: QueryDict | None = None) -> Filled:
        """The forms of the row, as stored or as sent."""
        raise NotImplementedError

    def write(self, row, filled: Filled, version) -> object:
        """Run the action with clean forms and give the row as it then stands. Raises StaleVersion, Refused."""
        raise NotImplementedError

    def form_key(self, row) -> str:
        """What this form is called among all forms of the portal, the same for all who fill it."""
        raise NotImplementedError

    def version_of(self, row):
        return row.version if row is not None else None

    # -- opened ------------------------------------------------------------------------------------

    def as_stored(self, row=None) -> Fill:
        """The form as it is stored. row: where it has been read already."""
        row = row or self.row_now()
        filled = self.bind(row)
        return self._fill(filled, row, self.version_of(row), lambda: base_of(filled.texts()))

    def sent_back(self, data: QueryDict) -> Fill:
        """What was sent and refused as a whole. It keeps the base it came with: that belongs to its version."""
        row = self.row_now()
        filled = self.bind(row, data)
        return self._fill(
            filled, row, data.get("version") or self.version_of(row), lambda: data.get("base") or ""
        )

    def _fill(self, filled: Filled, row, version, base: Callable[[], str], **more) -> Fill:
        user = self.request.user
        here = "" if self.alone else signing.dumps([self.form_key(row), user.pk], salt=SALT)
        return Fill(filled, row, version, base, here=here, user=user, form_id=self.form_id, **more)

    # -- sent --------------------------------------------------------------------------------------

    def fill(self, data: QueryDict) -> Fill:
        """Save what was sent, upon what others saved meanwhile. Raises Refused as the action does."""
        for _ in range(TRIES):
            try:
                return self._filled(data)
            except StaleVersion:
                continue  # somebody saved between reading and writing
        raise Refused("多人正在同时保存，请稍后再试。")

    def _filled(self, data: QueryDict) -> Fill:
        sending = Sending(self, data)
        may = sending.hold_back_what_is_wrong()
        key, told = self.form_key(sending.row), sending.told()
        if sending.found.taken or sending.found.both:
            told["savers"] = self._savers(key, data)
        row, version, base = sending.row, sending.version, sending.base_of_what_is_stored
        if may and not sending.is_all_stored:
            row = self.write(row, sending.filled, version)
            if not self.alone:
                tell_saved(key, self.request.user)
            told["saved"], version, base = True, self.version_of(row), sending.base_of_what_was_saved
        elif sending.stored is None:  # a page sent back keeps what it came with
            version, base = data.get("version") or version, lambda: data.get("base") or ""
        if sending.found.both:  # unanswered, it stays on the version it was opened with and is asked again
            version, told["moment"] = data.get("version", ""), data.get("opened", "")
        return self._fill(sending.shown(row), row, version, base, **told)

    def _savers(self, key: str, data: QueryDict) -> tuple:
        if self.alone:
            return ((self.request.user, None),)
        try:
            opened = datetime.fromtimestamp(float(data.get("opened", "")), UTC)
        except (ValueError, OverflowError):
            return ()
        return tuple((one.person, one.saved_at) for one in savers_since(key, opened))

    # -- told to autosave.js -----------------------------------------------------------------------

    def as_json(self, fill: Fill) -> JsonResponse:
        """200 all is saved, 409 something is asked about, 422 something is wrong; `saved_at` if anything is saved."""
        told = {
            "saved_at": f"{timezone.localtime():%H:%M:%S}" if fill.saved else "",
            "version": fill.version,
            "base": fill.base,
            "opened": fill.moment,
            "taken": fill.taken_controls,
            "errors": fill.errors,
            "asked": len(fill.asked),
            "is_own": fill.is_own,
            "clash": render_to_string("components/_clash.html", {"fill": fill})
            if fill.asked or fill.taken
            else "",
        }
        return JsonResponse(told, status=409 if fill.asked else 422 if fill.errors else 200)

    def refused_json(self, why: Refused | str) -> JsonResponse:
        return JsonResponse({"errors": {"": [str(why)]}}, status=422)


class Sending:
    """What was sent, on its way onto what is stored.

    typed: with what others filled in boxes left alone here. data, filled: of it, what is to be saved. held: boxes
    held back. stored: the forms of what is stored, where they were needed.
    """

    def __init__(self, page: Together, data: QueryDict):
        self.page, self.row = page, page.row_now()
        self.version = page.version_of(self.row)
        self.typed = data
        self.held: list[str] = []
        self.errors: dict[str, list[str]] = {}
        self.filled = page.bind(self.row, data)
        self.stored: Filled | None = None
        self.found = Merged({}, [], [])
        if self.version is not None and str(self.version) != data.get("version", ""):
            self._merge(data)
        self.data = self.typed
        if self.found.both:
            self._hold_back(self.found.both)

    def as_stored(self) -> Filled:
        if self.stored is None:
            self.stored = self.page.bind(self.row)
        return self.stored

    def _merge(self, data: QueryDict) -> None:
        stored = self.as_stored()
        answers = {name.removeprefix(ANSWER): str(data[name]) for name in data if name.startswith(ANSWER)}
        self.found = merge(data.get("base", ""), self.filled.texts(), stored.texts(), answers)
        self.typed = data.copy()
        stored.copy_into(self.typed, self.found.taken, self.filled)
        self.filled = self.page.bind(self.row, self.typed)

    def _hold_back(self, names: list[str]) -> None:
        """Put what is stored in these boxes in the place of what was typed."""
        self.held += names
        self.data = self.data.copy()
        self.as_stored().copy_into(self.data, names, self.filled)
        self.filled = self.page.bind(self.row, self.data)

    def hold_back_what_is_wrong(self) -> bool:
        """Whether anything can be saved then: a new row, and boxes that hang together, only as a whole."""
        partly = self.page.partly and self.version is not None
        while not self.filled.is_valid():
            self.errors |= self.filled.errors()
            wrong = self.filled.wrong()
            if not partly or wrong is None or not set(wrong) - set(self.held):
                return False
            self._hold_back(wrong)
        return partly or not self.held

    @property
    def is_all_stored(self) -> bool:
        """Whether what could be saved is what is stored."""
        return bool(self.held) and self.filled.texts() == self.as_stored().texts()

    def shown(self, row) -> Filled:
        """The forms as the page shows them: what was typed, with what is wrong beside it."""
        if self.data is self.typed:
            return self.filled
        filled = self.page.bind(row, self.typed)
        filled.is_valid()
        return filled

    def told(self) -> dict:
        """What a Fill tells of it."""
        told: dict[str, object] = {"errors": self.errors, "taken": self.found.taken}
        if self.found.taken:
            told["taken_controls"] = self.as_stored().controls(self.found.taken)
        if self.found.both:
            typed = self.page.bind(self.row, self.typed)
            told["asked"] = [self._asked(name, typed) for name in self.found.both]
        return told

    def _asked(self, name: str, typed: Filled) -> Asked:
        stored = self.as_stored()
        theirs, mine = sides(stored.shown(name) or NONE, typed.shown(name) or NONE)
        answers = answers_to(stored.texts().get(name, []))
        return Asked(name, typed.label(name) or stored.label(name), theirs, mine, answers)

    def base_of_what_is_stored(self) -> str:
        return self._base(self.as_stored())

    def base_of_what_was_saved(self) -> str:
        return self._base(self.filled)

    def _base(self, filled: Filled) -> str:
        return base_of(filled.texts(), asked=self.found.both, before=self.typed.get("base", ""))


class SharedForm(Together, FormPage):
    """A form page of the kit that several people fill. `act` is given `self.version` to hold the row against."""

    version: object = None

    def bind(self, row, data=None) -> Filled:
        return Filled(self.make_form(*([] if data is None else [data])))

    def write(self, row, filled: Filled, version):
        self.version = version
        self.outcome = self.act(**self.typed(filled.parts[0]))
        return self.row_now()

    def get(self, request, *args, **kwargs):
        return self._barred() or self.show(self.as_stored())

    def post(self, request, *args, **kwargs):
        with Ticket(request) as ticket:
            if ticket.spent:
                messages.info(request, "刚才已经保存，没有重复保存。")
                return redirect(ticket.led_to or self.back())
            if answer := self._barred():
                return answer
            try:
                fill = self.fill(request.POST)
            except Refused as refusal:
                fill = self.sent_back(request.POST)
                fill.filled.is_valid()
                self.blame(fill.filled.parts[0], refusal)
            if not fill.is_done:
                return self.show(fill)
            if fill.taken:
                messages.info(request, fill.lead)
            answer = self.answer(self.outcome)
            ticket.led_to = answer.url
            return answer

    def show(self, fill: Fill):
        context = self.context(fill.filled.parts[0]) | {"fill": fill}
        return render(self.request, self.template_name, context)
