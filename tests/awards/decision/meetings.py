"""A committee in session: seven members, a frozen final ranking, a meeting with its votes."""

from django.utils import timezone

from awards.decision.actions import call_meeting, save_meeting
from awards.ranking.actions import freeze_ranking
from tests.awards.ranking.rounds import judged
from tests.factories import MemberFactory, OfficeFactory

FOR_ALL = {"in_favour": 6, "against": 0, "abstained": 0}


def members(campaign, number=7):
    return [MemberFactory(unit=campaign.organiser) for _ in range(number)]


def meeting_on(campaign, *, came=6, tally=None, letters=("F",)):
    """A called meeting of seven with `came` present and the same count for every category."""
    people = members(campaign)
    office = OfficeFactory(unit=campaign.organiser)
    meeting = call_meeting(
        campaign, held_at=timezone.now(), place="机关第一会议室", chair="工委书记", actor=office
    )
    counts = tally or {"in_favour": came, "against": 0, "abstained": 0}
    return save_meeting(
        meeting, values={}, present=[person.pk for person in people[:came]],
        tallies=dict.fromkeys(letters, counts), version=meeting.version, actor=office,
    )  # fmt: skip


def ready(number=7, *, campaign=None, **kwargs):
    """campaign, entries best first, meeting: everything typed in, the list not decided."""
    campaign, files = judged(number, campaign=campaign)
    freeze_ranking(campaign, stage="final", actor=None)
    return campaign, files, meeting_on(campaign, **kwargs)
