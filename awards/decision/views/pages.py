"""What the meeting has before it, and its papers."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404
from django.views.generic import TemplateView, View

from awards.decision import papers
from awards.decision.models import Listed, MeetingState
from awards.decision.queries import agenda, listed, votes
from awards.decision.rules import quorum_needed
from awards.decision.views.base import DecisionMixin, MeetingMixin
from awards.ranking.queries.pages import mark_of, summaries

PAGE = 50


class DecisionView(DecisionMixin, TemplateView):
    """What the meeting has before it, and, once decided, what it decided."""

    template_name = "awards/decision/decision.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | {
            "campaign": self.campaign,
            "meeting": self.meeting,
            "not_called": MeetingState.NOT_CALLED,
            "ranking": self.ranking,
            "is_office": self.is_office,
            "may_open": self.may_open,
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
            and (self.is_office or bool(self.meeting.decided_at)),
            **self._of_the_meeting(every),
        }

    def _lines(self, rows, summary) -> list[dict]:
        rule = self.ranking.rule.parsed
        shown = self.meeting and (self.meeting.decided_at or self.is_office)
        return [
            {
                "row": row,
                "mark": mark_of(row, self.ranking, rule, summary.floor),
                "listed": Listed.YES if row.on_list else Listed.NO,
                "reason": row.reason if shown else None,
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


class PaperMixin(MeetingMixin):
    """Papers for those inside: members get them once the list is decided."""

    def get(self, request, *args, **kwargs):
        if not self.may_open and not self.meeting.decided_at:
            raise Http404
        return self.answer()


class MinutesView(PaperMixin, View):
    def answer(self):
        name = f"{self.campaign.title}会议纪要"
        rows = listed(self.meeting, self.request.user)
        return self.export_paper(name, papers.minutes_paper(self.meeting, rows, votes(self.meeting)))


class BallotView(PaperMixin, View):
    """The list as prepared; before one is, the seats of the ranking."""

    def answer(self):
        name = f"{self.campaign.title}票决单"
        rows = listed(self.meeting, self.request.user)
        if not rows:
            rows = list(agenda(self.ranking, self.meeting, self.request.user).filter(seat=True))
        return self.export_paper(name, papers.ballot_paper(self.meeting, rows))


class WorkbookView(PaperMixin, View):
    def answer(self):
        rows = agenda(self.meeting.ranking, self.meeting, self.request.user).filter(place__isnull=False)
        rows = rows.iterator(chunk_size=500)
        sheet = papers.list_sheet(self.meeting, rows, self.subtitle())
        return self.export(f"{self.campaign.title}审定名单", [sheet])
