"""What the meeting's pages share: the year, its meeting, and the ranking it decides on."""

from __future__ import annotations

from django.http import Http404
from django.utils.functional import cached_property

from awards.campaign.permissions import INSIDE, can_read_inside
from awards.campaign.views.year import YearMixin
from awards.decision.models import Meeting
from awards.decision.queries import final_ranking, last_meeting
from awards.ranking.models import Ranking
from units.roles import Role

DECIDED = "名单已经审定，不能再修改。"


class DecisionMixin(YearMixin):
    """A page of the year's meeting, for those who read its ranking."""

    roles_required = (*INSIDE, Role.MEMBER)

    @cached_property
    def meeting(self) -> Meeting | None:
        return last_meeting(self.campaign)

    @cached_property
    def ranking(self) -> Ranking | None:
        """The meeting's own once decided, and while it stands; else the one in force."""
        meeting = self.meeting
        keeps = meeting and (meeting.decided_at or not meeting.ranking.superseded_at)
        ranking = meeting.ranking if keeps else final_ranking(self.campaign)
        if ranking is not None:
            ranking.campaign = self.campaign
        return ranking

    @property
    def may_open(self) -> bool:
        return can_read_inside(self.request.user, self.campaign)

    def page_url(self) -> str:
        return self.url("decision")

    def trail(self) -> list[tuple[str, str]]:
        return [("审定", self.page_url())]


class MeetingMixin(DecisionMixin):
    """A page that is there once a meeting is called."""

    @cached_property
    def meeting(self) -> Meeting:
        found = last_meeting(self.campaign)
        if found is None:
            raise Http404
        return found
