"""The office's acts: call the meeting, write down how it went, prepare its list, decide it."""

from __future__ import annotations

from django.contrib import messages

from awards import keys
from awards.decision import papers
from awards.decision.actions import call_meeting, decide, list_problems, prepare_list, save_meeting
from awards.decision.forms import COUNTS, CallForm, ListForm, MeetingForm
from awards.decision.queries import (
    candidates,
    listed,
    seated_lines,
    unsettled_shortlist,
    voted_apart,
    votes,
)
from awards.decision.rules import quorum_needed
from awards.decision.views.base import DECIDED, DecisionMixin, MeetingMixin
from awards.errors import StageError
from awards.nomination.rules.codes import code_key
from awards.ranking.queries.pages import mark_of
from units.kit.acts import ActPage
from units.kit.together import SharedForm

NO_LIST = "名单尚未拟定。"


class DecisionAct(DecisionMixin):
    """An act of the office, until the list is decided."""

    def allowed(self) -> bool:
        return self.is_office

    def stopped(self) -> str:
        return DECIDED if self.meeting and self.meeting.decided_at else ""

    def back(self) -> str:
        return self.page_url()


class OfTheMeeting(SharedForm):
    """A form of the meeting, open until the list is decided."""

    read_anew = ("meeting", "ranking")

    def row(self):
        return self.meeting

    def form_key(self, meeting) -> str:
        return f"meeting:{meeting.pk if meeting else f'new:{self.campaign.pk}'}:{type(self).__name__}"


class MeetingView(DecisionAct, OfTheMeeting):
    """Call the meeting; once it is called, write down who came and how it voted."""

    partly = False  # half a count would look like a whole one

    @property
    def title(self) -> str:
        return "登记会议情况" if self.meeting else "安排会议"

    @property
    def verb(self) -> str:
        return "保存" if self.meeting else "安排会议"

    @property
    def template_name(self) -> str:
        return "awards/decision/meeting.html" if self.meeting else "components/form_page.html"

    def make_form(self, *data):
        if self.meeting is None:
            return CallForm(*data)
        names = dict(self.campaign.categories.values_list("letter", "name"))
        present = set(self.meeting.ranking.entries.values_list("category__letter", flat=True).distinct())
        names = {letter: name for letter, name in names.items() if letter in present}
        for item in voted_apart(self.meeting):
            names[item.nomination.code] = f"{item.name}（{'、'.join(item.members)}到会时回避）"
        attendance = list(self.meeting.attendance.select_related("member"))
        return MeetingForm(*data, meeting=self.meeting, attendance=attendance, names=names)

    def typed(self, form) -> dict:
        return form.typed() if self.meeting else form.cleaned_data

    def act(self, **typed):
        if self.meeting is None:
            return call_meeting(self.campaign, **typed, actor=self.request.user)
        return save_meeting(self.meeting, **typed, version=self.version, actor=self.request.user)

    def told(self, outcome) -> str:
        return "会议情况已保存。" if self.version else "会议已安排。"

    def context(self, form) -> dict:
        quorum = quorum_needed(self.meeting.entitled) if self.meeting else None
        return super().context(form) | {"count_heads": COUNTS.values(), "quorum": quorum}


class ListAct(DecisionAct, MeetingMixin):
    """An act on the meeting's list."""

    def stopped(self) -> str:
        return super().stopped() or ("" if self.ranking else "最终排名尚未冻结。")


class ListView(ListAct, OfTheMeeting):
    """The list: seats ticked beforehand, every departure with its reason; saved, not decided."""

    title = "拟定名单"
    template_name = "awards/decision/list.html"
    verb = "保存并核对"
    done = "名单已保存，尚未审定。"

    def make_form(self, *data) -> ListForm:
        extra = self.request.GET.get("add", "").replace("，", " ").replace(",", " ").split()[:20]
        rows = candidates(self.ranking, self.meeting, self.request.user, extra)
        missing = set(extra) - {row.nomination.code for row in rows}
        if missing and not data:
            codes = "、".join(sorted(missing, key=code_key))
            messages.warning(self.request, f"{codes}不在排名中或没有名次，不能列入。")
        return ListForm(
            *data,
            digest=self.ranking.digest,
            rows=rows,
            prepared=self.meeting.ranking_id == self.ranking.pk and any(row.on_list for row in rows),
        )

    def typed(self, form) -> dict:
        return form.typed()

    def act(self, **typed):
        return prepare_list(self.meeting, **typed, version=self.version, actor=self.request.user)

    def after(self, outcome) -> str:
        return self.url("decision-decide")

    def context(self, form) -> dict:
        rule = self.ranking.rule.parsed
        lines = [
            {
                "row": row,
                "take": take,
                "reason": reason,
                "mark": mark_of(row, self.ranking, rule, rule.category(row.category.letter).floor),
                "seats": rule.category(row.category.letter).seats,
            }
            for row, take, reason in form.lines()
        ]
        return super().context(form) | {"lines": lines}


class DecideView(ListAct, ActPage):
    """Shows the whole list with votes and departures, then decides it in one act."""

    second = keys.LIST_DECIDED
    title = verb = "审定名单"
    template_name = "awards/decision/decide.html"

    def act(self):
        if not self.meeting.departures.exists() and not listed(self.meeting, self.request.user):
            raise StageError(NO_LIST)
        return decide(self.meeting, actor=self.request.user)

    def changes(self, form):
        chosen = [
            (row.nomination, f"{row.category.name}第{row.place}名", "拟入选")
            for row in listed(self.meeting, self.request.user)
        ]
        departures = self.meeting.departures.select_related("nomination")
        return [
            ("会议", "", f"{self.meeting}，应到{self.meeting.entitled}人，实到{self.meeting.present}人"),
            *((str(nomination), *words) for nomination, *words in chosen),
            *(
                (
                    f"与排名不一致：{row.nomination}",
                    "",
                    f"{'列入' if row.taken_in else '未列入'}，{row.reason}",
                )
                for row in departures
            ),
            *(("票决", vote.name, vote.outcome.sentence) for vote in votes(self.meeting) if vote.outcome),
        ]

    def entries(self, form):
        return [row.nomination for row in listed(self.meeting, self.request.user)]

    def told(self, outcome) -> str:
        proposed, rest = outcome
        return f"名单已审定：拟入选{proposed}项，未入选{rest}项。发布公示前不对外。"

    def context(self, form) -> dict:
        rows = listed(self.meeting, self.request.user)
        reasons = dict(self.meeting.departures.values_list("nomination__code", "reason"))
        counted = votes(self.meeting)
        return super().context(form) | {
            "meeting": self.meeting,
            "groups": papers.by_category(rows),
            "listed": len(rows),
            "votes": counted,
            "departures": self.meeting.departures.select_related("nomination"),
            "problems": self._problems(rows, reasons, counted),
            "list_url": self.url("decision-list"),
        }

    def _problems(self, rows, reasons, counted) -> list[str]:
        if self.meeting.ranking_id != self.ranking.pk:
            return ["排名已重新冻结，请按新的排名重新拟定名单。"]
        problems = [
            f"{vote.name}：{''.join(vote.problems) or vote.outcome.sentence}"
            for vote in counted
            if not vote.passed
        ]
        if unsettled_shortlist(self.ranking):
            problems.append("入围名单尚未下达，请先在排名页下达。")
        if not rows and not reasons:
            return [*problems, NO_LIST]
        chosen = {row.nomination.code for row in rows}
        return problems + list_problems(self.ranking, seated_lines(self.ranking), chosen, reasons)
