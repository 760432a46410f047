"""The committee's part: the final ranking frozen, the meeting called, its list, its votes, its decision.

The list departs from the ranking once; for an entry that a member is tied to, the member leaves the room.
"""

from __future__ import annotations

from awards.decision.actions import call_meeting, prepare_list, save_meeting
from awards.decision.models import Meeting
from awards.decision.queries import final_ranking, seated_lines, seats_of, voted_apart
from awards.decision.rules import Seated, departures, shared_place_choices
from awards.demo.two import by_two
from awards.demo.walk import Walk
from awards.ranking.actions import freeze_ranking
from awards.ranking.models import Ranking

DEPARTS = "Z"  # the category whose last seat goes to the next in rank
REASON = "会议认为该项目覆盖面更广、已有文本可以移用，按推广价值调整。"
SHARED = "并列名次超出名额，经会议复议，按现场答辩情况取舍。"
ABSENT = "出差请假"


def plan_meeting(walk: Walk) -> None:
    walk.on(11, 10, freeze_ranking, walk.campaign, stage=Ranking.FINAL, actor=walk.office)
    walk.on(11, 11, _call, walk)
    walk.on(11, 16, _prepare, walk)
    walk.on(12, 16, _count, walk)
    walk.on(12, 17, by_two, walk, "decision-decide")


def _meeting(walk: Walk) -> Meeting:
    return walk.campaign.meetings.get()


def _call(walk: Walk) -> None:
    call_meeting(
        walk.campaign,
        held_at=walk.season.moment(12, 15),
        place="区直机关工委会议室",
        chair="工委书记",
        actor=walk.office,
    )


def _prepare(walk: Walk) -> None:
    meeting = _meeting(walk)
    ranking = final_ranking(walk.campaign)
    chosen, reasons = _list(seated_lines(ranking), seats_of(ranking))
    prepare_list(meeting, chosen=chosen, reasons=reasons, version=meeting.version, actor=walk.office)


def _list(lines: list[Seated], seats: dict[str, int]) -> tuple[set[str], dict[str, str]]:
    """The ranking's seats; of a shared place as many as fit; in one category the next instead of the last."""
    chosen = {line.entry for line in lines if line.seat}
    for letter, most in seats.items():
        own = [line for line in lines if line.category == letter]
        free = most - sum(line.entry in chosen for line in own)
        chosen |= {line.entry for line in [line for line in own if line.seat is None][:free]}
    own = [line for line in lines if line.category == DEPARTS and line.place]
    out = [line for line in own if line.seat][-1]
    taken = next(line for line in own if line.entry not in chosen and line.seat is False)
    chosen = chosen - {out.entry} | {taken.entry}
    reasons = {one.entry: REASON for one in departures(lines, chosen)}
    reasons |= {line.entry: SHARED for line in shared_place_choices(lines, chosen)}
    return chosen, reasons


def _count(walk: Walk) -> None:
    """All but one member came; everybody votes for the lists, with one abstention in one of them."""
    meeting = _meeting(walk)
    members = sorted(meeting.attendance.all(), key=lambda row: row.member.username)
    absent = members[-1].member_id
    present = [row.member_id for row in members[:-1]]
    save = {"present": present, "excuses": {absent: ABSENT}, "values": {}, "actor": walk.office}
    # Who has to leave follows from who came, so that comes first.
    meeting = save_meeting(meeting, tallies={}, version=meeting.version, **save)
    tallies = {letter: _votes(len(present), abstained=letter == DEPARTS) for letter in walk.categories}
    tallies |= {
        item.nomination.code: _votes(len(present) - item.left) for item in voted_apart(meeting) if item.left
    }
    save_meeting(meeting, tallies=tallies, version=meeting.version, **save)


def _votes(voting: int, *, abstained: int = 0) -> dict[str, int]:
    return {"in_favour": voting - abstained, "against": 0, "abstained": int(abstained), "invalid": 0}
