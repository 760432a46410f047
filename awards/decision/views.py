"""The meeting's pages: agenda, attendance and votes, the list, the decision, the papers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from awards.campaign.models import Campaign
from awards.decision import papers
from awards.decision.actions import call_meeting, decide, list_problems, prepare_list, save_meeting
from awards.decision.forms import COUNTS, CallForm, ListForm, MeetingForm
from awards.decision.queries import (
    agenda,
    candidates,
    final_ranking,
    last_meeting,
    listed,
    seated_lines,
    seats_of,
    unsettled_shortlist,
    voted_apart,
    votes,
)
from awards.decision.rules import quorum_needed
from awards.errors import StageError
from awards.nomination.rules import code_key
from awards.ranking.parsing import parse_rule
from awards.ranking.permissions import READERS, can_freeze, can_read_any, roles_at
from awards.ranking.queries import summaries
from awards.ranking.queries.pages import mark_of
from units.audit.events import Event
from units.audit.record import record
from units.papers.document import docx_response
from units.papers.workbook import workbook_response
from units.permissions import RoleRequiredMixin

PAGE = 50


class DecisionMixin(RoleRequiredMixin):
    """`self.campaign`, `self.meeting` and `self.ranking` (the one in force until the list is decided)."""

    roles_required = READERS
    office_only = False
    needs_meeting = False

    def load(self) -> None:
        code = self.kwargs["campaign"]
        self.meeting = last_meeting(code)
        if self.meeting is not None:
            self.campaign = self.meeting.campaign
        else:
            self.campaign = Campaign.objects.select_related("organiser").filter(code=code).first()
        if self.campaign is None or not roles_at(self.request.user, self.campaign):
            raise Http404
        self.request.campaign = self.campaign
        if self.office_only and not can_freeze(self.request.user, self.campaign):
            raise PermissionDenied
        if self.needs_meeting and self.meeting is None:
            raise Http404
        self.ranking = self._ranking()

    def _ranking(self):
        if self.meeting and (self.meeting.decided_at or not self.meeting.ranking.superseded_at):
            ranking = self.meeting.ranking
        else:
            ranking = final_ranking(self.campaign)
        if ranking is not None:
            ranking.campaign = self.campaign
        return ranking

    def get(self, request, *args, **kwargs):
        self.load()
        return super().get(request, *args, **kwargs)

    def page_url(self) -> str:
        return reverse("awards:decision", args=[self.campaign.code])

    def refuse(self, refusal: StageError, url: str):
        messages.error(self.request, str(refusal))
        return redirect(url)

    def trail(self) -> list[tuple[str, str]]:
        return [("审定", self.page_url())]


class DecisionView(DecisionMixin, TemplateView):
    """What the meeting has before it, and, once decided, what it decided."""

    template_name = "awards/decision/decision.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | {
            "campaign": self.campaign,
            "meeting": self.meeting,
            "ranking": self.ranking,
            "is_office": can_freeze(self.request.user, self.campaign),
            "may_open": can_read_any(self.request.user, self.campaign),
        }
        if self.ranking is None:
            return context
        every = summaries(self.ranking)
        letter = self.request.GET.get("category", "")
        summary = next((item for item in every if item.letter == letter), every[0])
        page = Paginator(range(summary.entries), PAGE).get_page(self.request.GET.get("page", 1))
        rows = agenda(self.ranking, self.meeting, self.request.user)
        rows = rows.filter(
            category__letter=summary.letter, order__range=(page.start_index(), page.end_index())
        )
        return context | {
            "summary": summary,
            "page_obj": page,
            "lines": self._lines(rows, summary),
            "tabs": [
                {
                    "label": item.name,
                    "count": item.entries,
                    "url": f"?category={item.letter}",
                    "current": item.letter == summary.letter,
                }
                for item in every
            ],
            "shows_list": bool(self.meeting)
            and self.meeting.has_list
            and (context["is_office"] or bool(self.meeting.decided_at)),
            **self._of_the_meeting(every),
        }

    def _lines(self, rows, summary) -> list[dict]:
        rule = parse_rule(self.ranking.rule.body)
        shown = self.meeting and (self.meeting.decided_at or can_freeze(self.request.user, self.campaign))
        found = self.meeting.departures.all() if shown else ()
        reasons = {row.nomination_id: row.reason for row in found}
        return [
            {
                "row": row,
                "mark": mark_of(row, self.ranking, rule, summary.floor),
                "reason": reasons.get(row.nomination_id),
            }
            for row in rows
        ]

    def _of_the_meeting(self, every) -> dict:
        if self.meeting is None:
            return {}
        counted = votes(self.meeting, {item.letter: item.name for item in every})
        untyped = any(vote.tally is None for vote in counted)
        return {
            "votes": counted,
            "next_step": "list" if not self.meeting.has_list else "meeting" if untyped else "decide",
            "attendance": self.meeting.attendance.select_related("member"),
            "quorum": quorum_needed(self.meeting.entitled),
        }


class MeetingView(DecisionMixin, TemplateView):
    """Call the meeting; once it is called, write down who came and how it voted."""

    office_only = True

    def get_template_names(self):
        return [f"awards/decision/{'meeting' if self.meeting else 'call'}.html"]

    def form(self, data=None):
        if self.meeting is None:
            return CallForm(data)
        names = dict(self.campaign.categories.values_list("letter", "name"))
        present = set(self.meeting.ranking.entries.values_list("category__letter", flat=True).distinct())
        attendance = list(self.meeting.attendance.select_related("member"))
        names = {letter: name for letter, name in names.items() if letter in present}
        for item in voted_apart(self.meeting):
            names[item.nomination.code] = f"{item.name}（{'、'.join(item.members)}到会时回避）"
        return MeetingForm(data, meeting=self.meeting, attendance=attendance, names=names)

    def get_context_data(self, **kwargs):
        if self.meeting and self.meeting.decided_at:
            raise Http404
        return super().get_context_data(**kwargs) | {
            "campaign": self.campaign,
            "meeting": self.meeting,
            "form": kwargs.get("form") or self.form(),
            "title": "登记会议情况" if self.meeting else "安排会议",
            "verb": "保存" if self.meeting else "安排会议",
            "cancel_url": self.page_url(),
            "trail": self.trail(),
            "count_heads": COUNTS.values(),
            "quorum": quorum_needed(self.meeting.entitled) if self.meeting else None,
        }

    def post(self, request, *args, **kwargs):
        self.load()
        if self.meeting and self.meeting.decided_at:
            return self.refuse(StageError("名单已经审定，不能再修改。"), self.page_url())
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            self._save(form)
        except StageError as refusal:
            # The form stays on the page: what was typed can be compared with what the other one saved.
            form.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(form=form))
        return redirect(self.page_url())

    def _save(self, form) -> None:
        if self.meeting is None:
            call_meeting(self.campaign, **form.cleaned_data, actor=self.request.user)
            messages.success(self.request, "会议已安排。")
            return
        save_meeting(
            self.meeting,
            values=form.values(),
            present=form.present(),
            excuses=form.excuses(),
            tallies=form.tallies(),
            version=form.cleaned_data["version"],
            actor=self.request.user,
        )
        messages.success(self.request, "会议情况已保存。")


class ListView(DecisionMixin, TemplateView):
    """The list: seats ticked beforehand, every departure with its reason; saved, not decided."""

    template_name = "awards/decision/list.html"
    office_only = needs_meeting = True

    def form(self, data=None) -> ListForm:
        extra = self.request.GET.get("add", "").replace("，", " ").replace(",", " ").split()[:20]
        rows = candidates(self.ranking, self.meeting, self.request.user, extra)
        reasons = dict(self.meeting.departures.values_list("nomination__code", "reason"))
        prepared = self.meeting.ranking_id == self.ranking.pk and any(row.on_list for row in rows)
        missing = set(extra) - {row.nomination.code for row in rows}
        if missing and data is None:
            messages.warning(
                self.request, f"{'、'.join(sorted(missing, key=code_key))}不在排名中或没有名次，不能列入。"
            )
        return ListForm(
            data,
            meeting=self.meeting,
            digest=self.ranking.digest,
            rows=rows,
            reasons=reasons,
            prepared=prepared,
        )

    def get_context_data(self, **kwargs):
        if self.meeting.decided_at or self.ranking is None:
            raise Http404
        form = kwargs.get("form") or self.form()
        seats, rule = seats_of(self.ranking), parse_rule(self.ranking.rule.body)
        floors = {category.code: category.floor for category in rule.categories}
        lines = [
            {
                "row": row,
                "take": take,
                "reason": reason,
                "mark": mark_of(row, self.ranking, rule, floors[row.category.letter]),
                "seats": seats[row.category.letter],
            }
            for row, take, reason in form.lines()
        ]
        return super().get_context_data(**kwargs) | {
            "campaign": self.campaign,
            "meeting": self.meeting,
            "form": form,
            "lines": lines,
            "trail": self.trail(),
            "cancel_url": self.page_url(),
        }

    def post(self, request, *args, **kwargs):
        self.load()
        if self.meeting.decided_at or self.ranking is None:
            return self.refuse(StageError("名单已经审定，不能再修改。"), self.page_url())
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            prepare_list(
                self.meeting,
                chosen=form.chosen(),
                reasons=form.reasons(),
                version=form.cleaned_data["version"],
                digest=form.cleaned_data["digest"],
                actor=request.user,
            )
        except StageError as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(request, "名单已保存，尚未审定。")
        return redirect("awards:decision-decide", self.campaign.code)


class DecideView(DecisionMixin, TemplateView):
    """Shows the whole list with votes and departures, then decides it in one act."""

    template_name = "awards/decision/decide.html"
    office_only = needs_meeting = True

    def get_context_data(self, **kwargs):
        if self.meeting.decided_at or self.ranking is None:
            raise Http404
        rows = listed(self.meeting, self.request.user)
        reasons = dict(self.meeting.departures.values_list("nomination__code", "reason"))
        counted = votes(self.meeting)
        return super().get_context_data(**kwargs) | {
            "campaign": self.campaign,
            "meeting": self.meeting,
            "groups": papers.by_category(rows),
            "listed": len(rows),
            "votes": counted,
            "departures": self.meeting.departures.select_related("nomination"),
            "problems": self._problems(rows, reasons, counted),
            "trail": self.trail(),
            "cancel_url": self.page_url(),
            "list_url": reverse("awards:decision-list", args=[self.campaign.code]),
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
            return [*problems, "名单尚未拟定。"]
        chosen = {row.nomination.code for row in rows}
        return problems + list_problems(self.ranking, seated_lines(self.ranking), chosen, reasons)

    def post(self, request, *args, **kwargs):
        self.load()
        try:
            proposed, rest = decide(self.meeting, actor=request.user)
        except StageError as refusal:
            return self.refuse(refusal, request.path if not self.meeting.decided_at else self.page_url())
        messages.success(request, f"名单已审定：拟入选{proposed}项，未入选{rest}项。发布公示前不对外。")
        return redirect(self.page_url())


class PaperMixin(DecisionMixin):
    """Papers for those inside: members get them once the list is decided."""

    needs_meeting = True

    def load(self) -> None:
        super().load()
        if not can_read_any(self.request.user, self.campaign) and not self.meeting.decided_at:
            raise Http404

    def log(self, name: str) -> None:
        record(
            Event.EXPORTED,
            actor=self.request.user,
            target=f"{self.campaign.title}{name}",
            campaign=self.campaign.code,
        )

    def get(self, request, *args, **kwargs):
        self.load()
        return self.answer()


class MinutesView(PaperMixin, View):
    def answer(self):
        self.log("会议纪要")
        rows = listed(self.meeting, self.request.user)
        paper = papers.minutes_paper(self.meeting, rows, votes(self.meeting))
        return docx_response(f"{self.campaign.title}会议纪要", paper)


class BallotView(PaperMixin, View):
    """The list as prepared; before one is, the seats of the ranking."""

    def answer(self):
        self.log("票决单")
        rows = listed(self.meeting, self.request.user)
        if not rows:
            rows = list(agenda(self.ranking, self.meeting, self.request.user).filter(seat=True))
        return docx_response(f"{self.campaign.title}票决单", papers.ballot_paper(self.meeting, rows))


class WorkbookView(PaperMixin, View):
    def answer(self):
        self.log("审定名单")
        rows = agenda(self.meeting.ranking, self.meeting, self.request.user).filter(place__isnull=False)
        sheet = papers.list_sheet(
            self.meeting,
            rows.iterator(chunk_size=500),
            unit=self.campaign.organiser.name,
            person=str(self.request.user),
        )
        return workbook_response(
            f"{self.campaign.title}审定名单", [sheet], author=self.campaign.organiser.name
        )
