"""The meeting's acts: what is asked before the list is decided, and what happens to whom when it is."""

import pytest
from django.utils import timezone

from awards.decision.actions import Choice, call_meeting, decide, prepare_list, save_meeting
from awards.decision.models import Attendance, ListedEntry, Meeting
from awards.errors import StageError
from awards.nomination.models import Nomination, PreparedDecision
from awards.ranking.actions import freeze_ranking, release_shortlist
from awards.states import State, outward_state
from tests.awards.decision.meetings import meeting_on, members, ready
from tests.awards.ranking.rounds import SEVEN, add_entries, add_round, judged, two_stage
from tests.factories import CampaignFactory, NominationFactory, OfficeFactory, PostFactory, UserFactory
from units.audit.models import AuditEntry
from units.errors import StaleVersion
from units.roles import Role

pytestmark = pytest.mark.django_db


def states(files):
    found = dict(Nomination.objects.values_list("pk", "state"))
    return [found[file.pk] for file in files]


# ---- calling and recording


def test_a_meeting_needs_a_final_ranking_and_members():
    campaign, _ = judged(3)
    with pytest.raises(StageError, match="最终排名尚未冻结"):
        call_meeting(campaign, held_at=timezone.now(), actor=None)
    freeze_ranking(campaign, stage="final", actor=None)
    with pytest.raises(StageError, match="没有在任的工委委员"):
        call_meeting(campaign, held_at=timezone.now(), actor=None)
    assert not Meeting.objects.exists()


def test_calling_lists_everybody_entitled_and_nobody_present():
    campaign, _ = judged(3)
    ranking = freeze_ranking(campaign, stage="final", actor=None)
    people = members(campaign, 3)
    PostFactory(user=people[0], unit=campaign.organiser, role=Role.MEMBER)  # two posts, one vote
    former = UserFactory()
    PostFactory(user=former, unit=campaign.organiser, role=Role.MEMBER, to_on="2021-01-01")

    meeting = call_meeting(campaign, held_at=timezone.now(), actor=OfficeFactory())

    assert (meeting.ranking, meeting.entitled, meeting.present) == (ranking, 3, 0)
    assert set(Attendance.objects.values_list("member", "present")) == {(p.pk, False) for p in people}
    with pytest.raises(StageError, match="已有一次会议"):
        call_meeting(campaign, held_at=timezone.now(), actor=None)


def test_heads_are_counted_from_the_attendance():
    _, _, meeting = ready(came=5)
    assert (meeting.entitled, meeting.present) == (7, 5)
    assert AuditEntry.objects.filter(event="meeting_changed").latest("pk").after["present"] == 5


def test_a_stale_form_saves_nothing():
    _, _, meeting = ready()
    with pytest.raises(StaleVersion):
        save_meeting(
            meeting, values={"place": "别处"}, present=[], tallies={}, version=meeting.version - 1, actor=None
        )
    meeting.refresh_from_db()
    assert (meeting.place, meeting.present) == ("机关第一会议室", 6)


# ---- deciding


def test_the_ranking_s_own_seats_are_decided_together():
    campaign, files, meeting = ready(7)
    office = OfficeFactory()

    assert decide(meeting, actor=office) == (5, 2)

    assert states(files) == ["proposed"] * 5 + ["not_selected"] * 2
    meeting.refresh_from_db()
    assert meeting.decided_at
    assert list(meeting.lines.values_list("taken_in", flat=True)) == [True] * 5 + [False] * 2
    acts = set(AuditEntry.objects.filter(event="list_decided").values_list("act_id", flat=True))
    assert len(acts) == 1
    assert AuditEntry.objects.filter(event="list_decided").count() == 8  # each entry, and the meeting
    for file in Nomination.objects.all():  # their own unit sees nothing of it
        assert outward_state(file.state, outcome_public=False) == State.QUALIFIED
    campaign.refresh_from_db()
    assert campaign.outcome_public_at is None
    with pytest.raises(StageError, match="已经审定"):
        decide(meeting, actor=office)
    with pytest.raises(StageError, match="已经审定"):
        call_meeting(campaign, held_at=timezone.now(), actor=None)


@pytest.mark.parametrize(
    ("came", "tally", "message"),
    [
        (4, None, "应到会7人，实到4人，不足5人，会议无效"),
        (5, {"in_favour": 3, "against": 2}, "赞成3票，反对2票，弃权0票；须4票赞成，未通过"),
        (6, {"in_favour": 6, "against": 1}, "合计7票，与到会6人不符"),
    ],
)
def test_without_quorum_majority_or_a_sound_count_nothing_is_decided(came, tally, message):
    _, files, meeting = ready(came=came, tally=tally)
    with pytest.raises(StageError, match=message):
        decide(meeting, actor=None)
    assert set(states(files)) == {"qualified"}


def test_a_category_without_a_count_is_named():
    campaign, files = judged(3)
    judged(2, letter="Z", campaign=campaign)
    freeze_ranking(campaign, stage="final", actor=None)
    meeting = meeting_on(campaign, letters=("F",))
    with pytest.raises(StageError, match="最佳制度创新：尚未登记票数"):
        decide(meeting, actor=None)
    assert set(states(files)) == {"qualified"}


def test_a_departure_needs_its_reason_and_is_kept():
    _, files, meeting = ready(7)
    swap = [Choice(files[4].code, False, "牵头单位主动申请撤项"), Choice(files[5].code, True, "  ")]
    with pytest.raises(StageError, match=rf"{files[5].code}（排名外增列）须写明理由"):
        decide(meeting, departures=swap, actor=None)
    assert set(states(files)) == {"qualified"}
    assert not ListedEntry.objects.exists()

    swap[1] = Choice(files[5].code, True, "依次递补")
    decide(meeting, departures=swap, actor=None)

    assert states(files) == ["proposed"] * 4 + ["not_selected", "proposed", "not_selected"]
    kept = meeting.departures.values_list("nomination__code", "taken_in", "reason")
    assert set(kept) == {(files[4].code, False, "牵头单位主动申请撤项"), (files[5].code, True, "依次递补")}


def test_seats_are_never_exceeded():
    _, files, meeting = ready(7)
    with pytest.raises(StageError, match="F类审定6项，超过名额5项"):
        decide(meeting, departures=[Choice(files[5].code, True, "同样优秀")], actor=None)


def test_below_the_floor_only_by_a_departure():
    campaign, files = judged(3, base=81)  # 81, 80, 79
    freeze_ranking(campaign, stage="final", actor=None)
    meeting = meeting_on(campaign)
    assert decide(meeting, departures=[], actor=None) == (2, 1)
    assert states(files) == ["proposed", "proposed", "not_selected"]


def test_an_entry_without_a_place_cannot_be_listed():
    campaign, files = judged(2)
    short = add_entries(campaign, "F", 1)
    add_round(campaign, short, [SEVEN[:3]])
    freeze_ranking(campaign, stage="final", actor=None)
    meeting = meeting_on(campaign)
    with pytest.raises(StageError, match=f"{short[0].code}没有名次，不能列入"):
        decide(meeting, departures=[Choice(short[0].code, True, "情况特殊")], actor=None)
    assert decide(meeting, actor=None) == (2, 1)
    assert states([*files, *short]) == ["proposed", "proposed", "not_selected"]


def test_a_shared_place_that_does_not_fit_must_be_settled_with_a_reason():
    campaign = CampaignFactory()
    files = add_entries(campaign, "F", 6)
    add_round(campaign, files, [[90] * 5] * 4 + [[85] * 5] * 2)
    freeze_ranking(campaign, stage="final", actor=None)
    meeting = meeting_on(campaign)
    with pytest.raises(StageError, match=r"并列第5名）须写明取舍理由"):
        decide(meeting, actor=None)
    assert set(states(files)) == {"qualified"}

    decide(meeting, departures=[Choice(files[5].code, True, "评委会复议，4比3")], actor=None)

    assert states(files) == ["proposed"] * 4 + ["not_selected", "proposed"]
    assert meeting.departures.get().reason == "评委会复议，4比3"


def test_the_seat_of_a_shared_place_may_stay_empty_if_both_are_reasoned():
    campaign = CampaignFactory()
    files = add_entries(campaign, "F", 6)
    add_round(campaign, files, [[90] * 5] * 4 + [[85] * 5] * 2)
    freeze_ranking(campaign, stage="final", actor=None)
    meeting = meeting_on(campaign)
    empty = [Choice(file.code, False, "宁缺毋滥") for file in files[4:]]
    assert decide(meeting, departures=empty, actor=None) == (4, 2)
    assert meeting.departures.count() == 2


# ---- the prepared list


def test_a_prepared_list_waits_and_tells_nobody():
    _, files, meeting = ready(7)
    meeting = prepare_list(
        meeting,
        chosen=[f.code for f in files[:4]],
        reasons={files[4].code: "材料存疑"},
        version=meeting.version,
        actor=None,
    )
    assert set(states(files)) == {"qualified"}
    assert meeting.lines.filter(taken_in=True).count() == 4
    # Preparing again replaces, never adds.
    meeting = prepare_list(
        meeting, chosen=[f.code for f in files[:5]], reasons={}, version=meeting.version, actor=None
    )
    assert meeting.lines.count() == 7
    assert not meeting.departures.exists()
    assert decide(meeting, actor=None) == (5, 2)


def test_preparing_the_list_leaves_a_verdict_of_screening_waiting():
    campaign, files, meeting = ready(3)
    late = NominationFactory(campaign=campaign, submitted=True)
    waiting = PreparedDecision.objects.create(nomination=late, to_state=State.QUALIFIED)

    prepare_list(meeting, chosen=[files[0].code], reasons={}, version=meeting.version, actor=None)

    assert PreparedDecision.objects.get() == waiting


def tied(meeting, file, came=True):
    """One of the meeting's members turns out to be the secretary of the entry's unit."""
    member = meeting.attendance.filter(present=came).first().member
    PostFactory(user=member, unit=file.unit, role=Role.SECRETARY)
    return member


def counted(meeting, **counts):
    people = list(meeting.attendance.filter(present=True).values_list("member", flat=True))
    tallies = {key: {"in_favour": number} for key, number in counts.items()}
    return save_meeting(
        meeting, values={}, present=people, tallies=tallies, version=meeting.version, actor=None
    )


@pytest.mark.parametrize(
    ("apart", "message"),
    [
        (None, "单独表决：尚未登记票数"),
        (6, "合计6票，与到会6人除去回避1人不符"),
        (3, "回避1人，赞成3票"),
    ],
)
def test_who_has_a_tie_to_a_listed_entry_has_no_vote_on_it(apart, message):
    _, files, meeting = ready(7)
    tied(meeting, files[0])
    chosen = [f.code for f in files[:5]]
    meeting = prepare_list(meeting, chosen=chosen, reasons={}, version=meeting.version, actor=None)
    counts = {"F": 6} if apart is None else {"F": 6, files[0].code: apart}
    if apart == 3:  # two against: three of seven entitled are no majority
        people = list(meeting.attendance.filter(present=True).values_list("member", flat=True))
        tallies = {"F": {"in_favour": 6}, files[0].code: {"in_favour": 3, "against": 2}}
        meeting = save_meeting(
            meeting, values={}, present=people, tallies=tallies, version=meeting.version, actor=None
        )
    else:
        meeting = counted(meeting, **counts)

    with pytest.raises(StageError, match=message):
        decide(meeting, actor=None)

    assert set(states(files)) == {"qualified"}


def test_an_entry_voted_on_by_the_others_is_decided_with_the_list():
    _, files, meeting = ready(7)
    tied(meeting, files[0])
    chosen = [f.code for f in files[:5]]
    meeting = prepare_list(meeting, chosen=chosen, reasons={}, version=meeting.version, actor=None)
    meeting = counted(meeting, **{"F": 6, files[0].code: 5})

    assert decide(meeting, actor=None) == (5, 2)

    assert set(meeting.tallies.values_list("nomination__code", "left")) == {(None, 0), (files[0].code, 1)}


@pytest.mark.parametrize(("place", "came"), [(0, False), (6, True)])
def test_a_tie_of_the_absent_or_to_an_unlisted_entry_asks_for_no_vote_of_its_own(place, came):
    _, files, meeting = ready(7)
    tied(meeting, files[place], came=came)
    chosen = [f.code for f in files[:5]]
    meeting = prepare_list(meeting, chosen=chosen, reasons={}, version=meeting.version, actor=None)
    assert decide(meeting, actor=None) == (5, 2)


def test_a_list_from_a_superseded_ranking_is_refused():
    campaign, files, meeting = ready(7)
    old = meeting.ranking.digest
    freeze_ranking(campaign, stage="final", actor=None)
    with pytest.raises(StageError, match="排名已重新冻结"):
        decide(meeting, actor=None)
    with pytest.raises(StageError, match="排名已重新冻结"):
        prepare_list(meeting, chosen=[], reasons={}, version=meeting.version, digest=old, actor=None)
    chosen = [file.code for file in files[:5]]
    prepare_list(meeting, chosen=chosen, reasons={}, version=meeting.version, actor=None)
    assert decide(meeting, actor=None) == (5, 2)


def test_two_stages_decide_on_those_who_were_shortlisted():
    campaign, files = two_stage(6, advance=3, seats=2)
    written = freeze_ranking(campaign, stage="written", actor=None)
    add_round(campaign, files[:3], [[90] * 5, [85] * 5, [80] * 5], stage="live")
    freeze_ranking(campaign, stage="final", actor=None)
    meeting = meeting_on(campaign)
    with pytest.raises(StageError, match="入围名单尚未下达"):
        decide(meeting, actor=None)
    release_shortlist(written, actor=None)
    assert decide(meeting, actor=None) == (2, 1)
    assert states(files) == ["proposed", "proposed", "not_selected"] + ["not_shortlisted"] * 3
