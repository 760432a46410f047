"""The meeting: called, recorded, its list prepared, and the whole list decided in one act."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from awards.campaign.models import Campaign
from awards.decision.models import Attendance, Departure, ListedEntry, Meeting, Tally, Threshold
from awards.decision.queries import (
    entitled_members,
    final_ranking,
    seated_lines,
    seats_of,
    unsettled_shortlist,
    voted_apart,
    votes,
)
from awards.decision.rules import (
    Seated,
    decision_problems,
    departures,
    shared_place_choices,
    shared_place_problems,
)
from awards.errors import StageError
from awards.moves import move
from awards.nomination.models import Nomination
from awards.nomination.rules.codes import code_key
from awards.ranking.models import Ranking
from awards.states import State
from units.audit.events import Event
from units.audit.record import record
from units.errors import StaleVersion
from units.known import known
from units.models import User

COUNTS = ("in_favour", "against", "abstained", "invalid")
FIELDS = ("held_at", "place", "chair", "threshold", "notes")


@dataclass(frozen=True)
class Choice:
    """One entry the meeting treats otherwise than the ranking: listed or left out, and why."""

    code: str
    taken_in: bool
    reason: str


@transaction.atomic
def call_meeting(
    campaign: Campaign,
    *,
    held_at: datetime,
    place: str = "",
    chair: str = "",
    threshold: str = Threshold.ENTITLED,
    actor: User | None,
) -> Meeting:
    """Set the meeting on the final ranking, with everybody entitled to vote, nobody counted present yet.

    Raises StageError without a final ranking or members, while another meeting is open, or once decided.
    """
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    ranking = final_ranking(campaign)
    if ranking is None:
        raise StageError("最终排名尚未冻结，不能安排审定会议。")
    former = campaign.meetings.order_by("-pk").first()
    if former is not None:
        raise StageError(
            "名单已经审定。" if former.decided_at else "已有一次会议尚未审定，请在该会议中登记。"
        )
    members = entitled_members(campaign)
    if not members:
        raise StageError("没有在任的工委委员，请先由系统管理员授予岗位。")
    meeting = Meeting.objects.create(
        campaign=campaign,
        ranking=ranking,
        held_at=held_at,
        place=place,
        chair=chair,
        threshold=threshold,
        entitled=len(members),
        called_by=actor,
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, member=post.user, present=False) for post in members
    )
    after = {"held_at": held_at, "place": place, "entitled": len(members), "ranking": ranking.digest}
    record(Event.MEETING_CALLED, actor=actor, target=meeting, campaign=campaign.code, after=after)
    return meeting


@transaction.atomic
def save_meeting(
    meeting: Meeting,
    *,
    values: Mapping[str, Any],
    present: Collection[int],
    tallies: Mapping[str, Mapping[str, int]],
    version: int,
    actor: User | None,
    excuses: Mapping[int, str] | None = None,
) -> Meeting:
    """Write down when and where, who came, and how each category's list was voted on.

    values: any of held_at, place, chair, threshold, notes. present: keys of the members who came;
    excuses: member → why absent. tallies: category letter, or code of a listed entry that a member is tied
    to → counts (in_favour, against, abstained, invalid); a motion left out has no count.
    Raises StaleVersion when somebody saved meanwhile.
    """
    meeting = _open(meeting, version)
    before = {name: getattr(meeting, name) for name in FIELDS} | {"present": meeting.present}
    for name in FIELDS:
        if name in values:
            setattr(meeting, name, values[name])
    attendance = list(meeting.attendance.all())
    for row in attendance:
        row.present = row.member_id in present
        row.note = "" if row.present else (excuses or {}).get(row.member_id, "")[:100]
    Attendance.objects.bulk_update(attendance, ["present", "note"])
    meeting.entitled = len(attendance)
    meeting.present = sum(row.present for row in attendance)
    meeting.version += 1
    meeting.save()
    meeting.tallies.all().delete()
    Tally.objects.bulk_create(_tallies(meeting, tallies))
    after = {name: getattr(meeting, name) for name in FIELDS} | {"present": meeting.present}
    changed = [name for name in after if after[name] != before[name]]
    counted = {
        f"tally_{letter}": [counts.get(name) or 0 for name in COUNTS] for letter, counts in tallies.items()
    }
    record(
        Event.MEETING_CHANGED,
        actor=actor,
        target=meeting,
        campaign=meeting.campaign.code,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed} | counted,
    )
    return meeting


def _tallies(meeting: Meeting, tallies: Mapping[str, Mapping[str, int]]) -> list[Tally]:
    """The counts as rows; an entry is counted apart only when somebody who came had to leave for it."""
    categories = {category.letter: category for category in meeting.campaign.categories.all()}
    apart = {item.nomination.code: item for item in voted_apart(meeting) if item.left}
    made = []
    for key, typed in tallies.items():
        counts = {name: typed.get(name) or 0 for name in COUNTS}
        if key in categories:
            made.append(Tally(meeting=meeting, category=categories[key], **counts))
        elif item := apart.get(key):
            category = categories[item.letter]
            made.append(
                Tally(
                    meeting=meeting, category=category, nomination=item.nomination, left=item.left, **counts
                )
            )
    return made


@transaction.atomic
def prepare_list(
    meeting: Meeting,
    *,
    chosen: Collection[str],
    reasons: Mapping[str, str],
    version: int,
    actor: User | None,
    digest: str = "",
) -> Meeting:
    """Prepare the decision on every entry: 拟入选 for the chosen codes, 未入选 for the rest.

    Nothing is told to anybody before `decide`. reasons: code → why it departs from the ranking. digest:
    of the ranking the list was made from, so that one made from a superseded ranking is refused.
    """
    meeting = _open(meeting, version)
    ranking = known(final_ranking(meeting.campaign))
    if digest and digest != ranking.digest:
        raise StageError("排名已重新冻结，请按新的排名核对名单后再保存。")
    meeting.ranking = ranking
    _prepare(meeting, chosen, reasons, actor)
    meeting.version += 1
    meeting.save(update_fields=["ranking", "version"])
    record(
        Event.MEETING_CHANGED,
        actor=actor,
        target=meeting,
        campaign=meeting.campaign.code,
        after={"chosen": sorted(chosen, key=code_key), "departures": meeting.departures.count()},
    )
    return meeting


@transaction.atomic
def decide(
    meeting: Meeting, *, departures: Iterable[Choice] | None = None, actor: User | None
) -> tuple[int, int]:
    """Release the whole list at once; gives how many were proposed and how many were not selected.

    departures: choices against the ranking; None takes the list as it was prepared, or the ranking's own
    seats if none was. Units learn nothing of it before the notice (`outward_state`).
    Raises StageError without quorum or majority in a category, with more entries than seats, with a
    departure or a shared place without its reason, or when the ranking is no longer the one in force.
    """
    meeting = _open(meeting)
    ranking = Ranking.objects.select_for_update(no_key=True).get(pk=meeting.ranking_id)
    newest = final_ranking(meeting.campaign)
    if newest is None or newest.pk != ranking.pk:
        raise StageError("排名已重新冻结，请按新的排名重新拟定名单。")
    if unsettled_shortlist(ranking):
        raise StageError("入围名单尚未下达，请先在排名页下达。")
    lines = seated_lines(ranking)
    if departures is not None or not _prepared(meeting).exists():
        chosen, reasons = apply_choices(lines, departures or ())
        _prepare(meeting, chosen, reasons, actor)
    # Which entries are voted on apart depends on the list.
    if failed := [f"{vote.name}：{_why_not(vote)}" for vote in votes(meeting) if not vote.passed]:
        raise StageError("".join(failed))
    chosen = set(_prepared(meeting).filter(taken_in=True).values_list("nomination__code", flat=True))
    reasons = dict(meeting.departures.values_list("nomination__code", "reason"))
    if problems := list_problems(ranking, lines, chosen, reasons):
        raise StageError("".join(problems))
    return _release(meeting, actor)


def apply_choices(lines: Iterable[Seated], choices: Iterable[Choice]) -> tuple[set[str], dict[str, str]]:
    """The chosen codes and the reasons that follow from the ranking's seats and the choices against it."""
    chosen, reasons = {line.entry for line in lines if line.seat}, {}
    for choice in choices:
        (chosen.add if choice.taken_in else chosen.discard)(choice.code)
        reasons[choice.code] = choice.reason
    return chosen, reasons


def list_problems(
    ranking: Ranking, lines: list[Seated], chosen: Collection[str], reasons: Mapping[str, str]
) -> list[str]:
    """Everything that keeps a list from being decided, in words for the office."""
    problems = decision_problems(lines, chosen, seats_of(ranking), reasons)
    return problems + shared_place_problems(lines, chosen, reasons)


def _why_not(vote) -> str:
    return "".join(vote.problems) or vote.outcome.sentence


def _open(meeting: Meeting, version: int | None = None) -> Meeting:
    """The meeting under a row lock, not decided yet and in the version the form was opened with."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.decided_at:
        raise StageError("名单已经审定，不能再修改。")
    if version is not None and version != meeting.version:
        raise StaleVersion
    return meeting


def _prepared(meeting: Meeting):
    return meeting.lines.filter(nomination__rankings__ranking=meeting.ranking_id)


def _prepare(
    meeting: Meeting, chosen: Collection[str], reasons: Mapping[str, str], actor: User | None
) -> None:
    lines = seated_lines(meeting.ranking)
    if unknown := set(chosen) - {line.entry for line in lines}:
        raise StageError(f"{'、'.join(sorted(unknown, key=code_key))}不在排名中。")
    keys = dict(meeting.ranking.entries.values_list("nomination__code", "nomination_id"))
    files = Nomination.objects.filter(pk__in=keys.values(), state__in=(State.QUALIFIED, State.SHORTLISTED))
    open_codes = set(files.values_list("code", flat=True))
    meeting.lines.all().delete()
    meeting.departures.all().delete()
    against = {item.entry: item.taken_in for item in departures(lines, chosen)}
    against |= {line.entry: line.entry in chosen for line in shared_place_choices(lines, chosen)}
    Departure.objects.bulk_create(
        Departure(
            meeting=meeting,
            nomination_id=keys[code],
            taken_in=taken,
            reason=reasons.get(code, "").strip()[:300],
        )
        for code, taken in against.items()
    )
    ListedEntry.objects.bulk_create(
        (
            ListedEntry(
                meeting=meeting,
                nomination_id=keys[line.entry],
                taken_in=line.entry in chosen,
                reason=reasons.get(line.entry, "").strip()[:500] if line.entry in against else "",
                prepared_by=actor,
            )
            for line in lines
            if line.entry in open_codes
        ),
        batch_size=1000,
    )


def _release(meeting: Meeting, actor: User | None) -> tuple[int, int]:
    now, act_id = timezone.now(), uuid4()
    prepared = {row.nomination_id: row for row in _prepared(meeting)}
    files = list(Nomination.objects.select_for_update().filter(pk__in=prepared).order_by("pk"))
    for file in files:
        row = prepared[file.pk]
        to = State.PROPOSED if row.taken_in else State.NOT_SELECTED
        move(file, to, actor=actor, event=Event.LIST_DECIDED, reason=row.reason, act_id=act_id)
    meeting.decided_at = now
    meeting.version += 1
    meeting.save(update_fields=["decided_at", "version"])
    proposed = sum(row.taken_in for row in prepared.values())
    counts = {"proposed": proposed, "not_selected": len(files) - proposed}
    record(
        Event.LIST_DECIDED,
        actor=actor,
        target=meeting,
        campaign=meeting.campaign.code,
        after=counts | {"departures": meeting.departures.count(), "ranking": meeting.ranking.digest},
        act_id=act_id,
    )
    return proposed, len(files) - proposed
