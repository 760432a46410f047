from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from awards.errors import StageError
from awards.nomination.models import Partner
from awards.panel.actions.assigning import assign_entries
from awards.panel.actions.drawing import draw_panel, fill_from_reserve
from awards.panel.actions.panels import change_panel, close_panel, open_panel, set_up_panel
from awards.panel.actions.pool import add_reviewer, change_reviewer
from awards.panel.actions.recusing import recuse_reviewer
from awards.panel.models import Assignment, Recusal, RecusalSource
from awards.panel.queries.race import entries_of, wanting
from awards.panel.rules.conflicts import Tie
from awards.states import State
from tests.factories import (
    CampaignFactory,
    NominationFactory,
    OfficeFactory,
    PanelFactory,
    PostFactory,
    ReviewerFactory,
    ReviewerUserFactory,
    ScoreSheetFactory,
    SeatFactory,
    SupervisorFactory,
    UnitFactory,
    UserFactory,
)
from units.audit.models import AuditEntry
from units.roles import Role

pytestmark = pytest.mark.django_db


def panel_with(reviewers=5, entries=3, **columns):
    """A drawn, unopened panel with seats and qualified entries, all of different units."""
    panel = PanelFactory(unopened=True, **columns)
    for _ in range(reviewers):
        SeatFactory(panel=panel)
    for _ in range(entries):
        NominationFactory(campaign=panel.campaign, category=panel.category, qualified=True)
    return panel


def pairs(panel):
    rows = panel.assignments.live().values_list("nomination__code", "seat__reviewer__user__username")
    return set(rows)


# --- the pool ------------------------------------------------------------------------------------


def test_a_reviewer_joins_the_pool_with_the_employer():
    campaign, unit = CampaignFactory(), UnitFactory()
    user = ReviewerUserFactory()

    reviewer = add_reviewer(campaign, user=user, employer=unit, expertise="项目管理", actor=OfficeFactory())

    assert (reviewer.user, reviewer.employer, reviewer.is_active) == (user, unit, True)
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.campaign) == ("reviewer_added", campaign.code)


@pytest.mark.parametrize("role", [Role.OFFICE, Role.MEMBER, Role.SUPERVISOR])
def test_who_decides_for_the_committee_is_not_taken_as_a_reviewer(role):
    campaign, user = CampaignFactory(), ReviewerUserFactory()
    PostFactory(user=user, unit=campaign.organiser, role=role)

    with pytest.raises(StageError, match="不能同时担任评委"):
        add_reviewer(campaign, user=user, employer=None, actor=OfficeFactory())
    assert not campaign.reviewers.exists()


def test_without_the_reviewers_post_at_the_organiser_nobody_joins_the_pool():
    campaign, user = CampaignFactory(), UserFactory()
    PostFactory(user=user, unit=UnitFactory(), role=Role.REVIEWER)

    with pytest.raises(StageError, match="评委岗位"):
        add_reviewer(campaign, user=user, employer=None, actor=OfficeFactory())


def test_nobody_stands_twice_in_a_pool():
    reviewer = ReviewerFactory()

    with pytest.raises(StageError, match="已在评委库"):
        add_reviewer(reviewer.campaign, user=reviewer.user, employer=None, actor=OfficeFactory())


def test_a_changed_employer_bars_at_the_fetch_and_at_the_next_assignment():
    panel = panel_with(reviewers=5, entries=2)
    assign_entries(panel, actor=OfficeFactory())
    seat, entry = panel.seats.first(), entries_of(panel).first()
    panel.opened_at = timezone.now()
    panel.save()

    change_reviewer(seat.reviewer, employer=entry.unit, expertise="", is_active=True, actor=OfficeFactory())

    seen = Assignment.objects.visible_to(seat.reviewer.user)
    assert [row.nomination for row in seen] == [entries_of(panel).last()]
    assign_entries(panel, actor=OfficeFactory())
    assert Recusal.objects.get().kind == Tie.OWN_UNIT


# --- the draw ------------------------------------------------------------------------------------


def drawable(pool=9, size=5):
    campaign = CampaignFactory(panel_size=size)
    panel = PanelFactory(
        category=campaign.categories.first(), campaign=campaign, unopened=True, seed="", drawn_at=None
    )
    return panel, ReviewerFactory.create_batch(pool, campaign=campaign)


def test_a_draw_fills_seats_and_reserves_and_keeps_its_lines():
    panel, _ = drawable()
    witness = SupervisorFactory()

    draw_panel(panel, seed="20261101", witness=witness, actor=OfficeFactory(), reserves=2)

    panel.refresh_from_db()
    assert panel.seats.judging().count() == 5
    assert panel.seats.waiting().count() == 2
    assert (panel.witness, panel.seed) == (witness, "20261101")
    assert len(panel.draw_lines) == 9
    assert all(line["reason"] for line in panel.draw_lines)
    assert AuditEntry.objects.get().second_actor == witness


def test_the_same_seed_draws_the_same_people():
    panel, _ = drawable()
    again = PanelFactory(
        category=panel.campaign.categories.last(), campaign=panel.campaign, unopened=True, drawn_at=None
    )
    witness = SupervisorFactory()

    for one in (panel, again):
        draw_panel(one, seed="s", witness=witness, actor=OfficeFactory())

    drawn = [list(one.seats.values_list("reviewer", "number", "is_reserve")) for one in (panel, again)]
    assert drawn[0] == drawn[1]


def test_a_panel_is_drawn_once():
    panel, _ = drawable()
    witness = SupervisorFactory()
    draw_panel(panel, seed="a", witness=witness, actor=OfficeFactory())
    seats = set(panel.seats.values_list("reviewer", flat=True))

    with pytest.raises(StageError, match="不能重抽"):
        draw_panel(panel, seed="b", witness=witness, actor=OfficeFactory())
    assert set(panel.seats.values_list("reviewer", flat=True)) == seats


def test_the_witness_is_a_supervisor_and_somebody_else():
    panel, _ = drawable()
    office = OfficeFactory()
    PostFactory(user=office, unit=panel.campaign.organiser, role=Role.SUPERVISOR)

    for witness in (OfficeFactory(), office):
        with pytest.raises(StageError, match="监督员"):
            draw_panel(panel, seed="a", witness=witness, actor=office)
    assert not panel.seats.exists()


def test_a_pool_that_is_too_small_is_refused():
    panel, _ = drawable(pool=4)

    with pytest.raises(StageError, match="少于5名"):
        draw_panel(panel, seed="a", witness=SupervisorFactory(), actor=OfficeFactory())


def test_inactive_and_tied_reviewers_are_not_drawn():
    panel, pool = drawable(pool=7)
    pool[0].is_active = False
    pool[0].save()
    NominationFactory(campaign=panel.campaign, category=panel.category, unit=pool[1].employer, qualified=True)
    PostFactory(user=pool[2].user, unit=panel.campaign.organiser, role=Role.OFFICE)

    with pytest.raises(StageError, match="只能产生4名"):
        draw_panel(panel, seed="a", witness=SupervisorFactory(), actor=OfficeFactory(), leave_out_tied=True)
    draw_panel(panel, seed="a", witness=SupervisorFactory(), actor=OfficeFactory())

    panel.refresh_from_db()
    excluded = {line["username"]: line["reason"] for line in panel.draw_lines if line["drawn"] == "excluded"}
    assert set(excluded) == {pool[0].user.username, pool[2].user.username}
    assert "不能同时担任评委" in excluded[pool[2].user.username]


# --- assigning -----------------------------------------------------------------------------------


def test_everybody_judges_everything_without_a_tie():
    panel = panel_with(reviewers=5, entries=4)
    seat, entry = panel.seats.first(), entries_of(panel).first()
    seat.reviewer.employer = entry.unit
    seat.reviewer.save()

    added = assign_entries(panel, actor=OfficeFactory())

    assert len(added) == 19
    assert (entry.code, seat.reviewer.user.username) not in pairs(panel)
    recusal = Recusal.objects.get()
    assert (recusal.kind, recusal.source) == ("own_unit", RecusalSource.COMPUTED)
    assert all(row.reason for row in panel.assignments.all())


def live_panel(reviewers=5, entries=6):
    panel = PanelFactory(unopened=True, stage="live", seed="1118-27")
    for _ in range(reviewers):
        SeatFactory(panel=panel)
    for _ in range(entries):
        NominationFactory(
            campaign=panel.campaign, category=panel.category, qualified=True, state=State.SHORTLISTED
        )
    return panel


def places_of(panel):
    """Code → the set of places its seats were given."""
    places = {}
    for code, order in panel.assignments.live().values_list("nomination__code", "order"):
        places.setdefault(code, set()).add(order)
    return places


def test_all_seats_of_a_live_panel_hear_the_entries_in_one_order_drawn_by_lot():
    panel = live_panel()

    assign_entries(panel, actor=OfficeFactory())

    by_lot = sorted(
        entries_of(panel).values_list("code", flat=True),
        key=lambda code: sha256(f"1118-27|appearance|{code}".encode()).hexdigest(),
    )
    assert places_of(panel) == {code: {place} for place, code in enumerate(by_lot, 1)}


def test_a_recusal_leaves_the_order_of_appearance_of_everybody_else_alone():
    panel = live_panel()
    assign_entries(panel, actor=OfficeFactory())
    before = places_of(panel)
    entry, seat = entries_of(panel)[2], panel.seats.first()

    recuse_reviewer(
        entry,
        seat.reviewer,
        kind=Tie.DECLARED_KIN,
        source=RecusalSource.OFFICE,
        reason="近亲属",
        actor=OfficeFactory(),
    )
    assign_entries(panel, actor=OfficeFactory())

    assert places_of(panel) == before
    assert seat.assignments.live().count() == 5


def test_a_reserve_takes_the_order_of_appearance_over_and_a_late_entry_comes_last():
    panel = live_panel()
    SeatFactory(panel=panel, is_reserve=True, number=1)
    assign_entries(panel, actor=OfficeFactory())
    before = places_of(panel)
    late = NominationFactory(
        campaign=panel.campaign, category=panel.category, qualified=True, state=State.SHORTLISTED
    )

    called = fill_from_reserve(panel.seats.judging().first(), reason="请病假", actor=OfficeFactory())

    assert places_of(panel) == {**before, late.code: {7}}
    assert called.assignments.live().count() == 7


def test_each_seat_has_its_own_order_without_holes():
    panel = panel_with(reviewers=3, entries=6)

    assign_entries(panel, actor=OfficeFactory())

    queues = [list(seat.assignments.order_by("order")) for seat in panel.seats.all()]
    assert all([row.order for row in queue] == list(range(1, 7)) for queue in queues)
    assert len({tuple(row.nomination_id for row in queue) for queue in queues}) > 1


def test_assigning_twice_changes_nothing():
    panel = panel_with(reviewers=5, entries=4)
    assign_entries(panel, actor=OfficeFactory())
    before = list(panel.assignments.values())

    assert assign_entries(panel, actor=OfficeFactory()) == []

    assert list(panel.assignments.values()) == before
    assert AuditEntry.objects.filter(event="entries_assigned").count() == 1


def test_a_new_entry_comes_at_the_end_of_every_queue():
    panel = panel_with(reviewers=5, entries=4)
    assign_entries(panel, actor=OfficeFactory())
    late = NominationFactory(campaign=panel.campaign, category=panel.category, qualified=True)

    added = assign_entries(panel, actor=OfficeFactory())

    assert {(row.nomination_id, row.order) for row in added} == {(late.pk, 5)}
    assert len(added) == 5


def test_an_entry_that_leaves_the_race_is_withdrawn_from_the_queues():
    panel = panel_with(reviewers=5, entries=4)
    assign_entries(panel, actor=OfficeFactory())
    gone = entries_of(panel).first()
    type(gone).objects.filter(pk=gone.pk).update(state=State.REVOKED)

    assign_entries(panel, actor=OfficeFactory())

    assert not panel.assignments.live().filter(nomination=gone).exists()


@pytest.mark.parametrize("per_entry", [3, 4])
def test_entries_are_shared_out_evenly(per_entry):
    panel = panel_with(reviewers=7, entries=10, per_entry=per_entry)

    assign_entries(panel, actor=OfficeFactory())

    loads = [seat.assignments.live().count() for seat in panel.seats.all()]
    assert sum(loads) == 10 * per_entry
    assert max(loads) - min(loads) <= 1


def test_a_recusal_is_made_good_by_another_reviewer_and_leaves_the_rest():
    panel = panel_with(reviewers=7, entries=10, per_entry=5)
    assign_entries(panel, actor=OfficeFactory())
    before, first = pairs(panel), panel.assignments.live().first()

    recuse_reviewer(
        first.nomination, first.seat.reviewer, kind=Tie.DECLARED_KIN, source="declared", reason="亲属",
        actor=first.seat.reviewer.user,
    )  # fmt: skip
    assign_entries(panel, actor=OfficeFactory())

    lost = (first.nomination.code, first.seat.reviewer.user.username)
    assert before - pairs(panel) == {lost}
    assert panel.assignments.live().filter(nomination=first.nomination).count() == 5


def test_a_sheet_handed_in_is_never_taken_by_an_assignment():
    panel = panel_with(reviewers=5, entries=2)
    assign_entries(panel, actor=OfficeFactory())
    row = panel.assignments.first()
    ScoreSheetFactory(assignment=row, share=0.9, handed_in=True)
    row.seat.reviewer.employer = row.nomination.unit
    row.seat.reviewer.save()

    assign_entries(panel, actor=OfficeFactory())

    row.refresh_from_db()
    assert row.revoked_at is None
    assert not Recusal.objects.filter(nomination=row.nomination).exists()


def test_too_few_free_reviewers_are_named():
    panel = panel_with(reviewers=3, entries=1, per_entry=3)
    seat, entry = panel.seats.first(), entries_of(panel).first()
    seat.reviewer.employer = entry.unit
    seat.reviewer.save()

    with pytest.raises(StageError, match=entry.code):
        assign_entries(panel, actor=OfficeFactory())
    assert not panel.assignments.exists()


def test_the_live_stage_takes_the_shortlist_alone():
    campaign = CampaignFactory(two_stages=True)
    panel = PanelFactory(category=campaign.categories.first(), campaign=campaign, stage="live")
    NominationFactory(campaign=campaign, category=panel.category, qualified=True)
    listed = NominationFactory(campaign=campaign, category=panel.category, state=State.SHORTLISTED)

    assert list(entries_of(panel)) == [listed]


# --- opening and closing -------------------------------------------------------------------------


def test_a_panel_opens_once_everything_is_there():
    panel = panel_with(reviewers=5, entries=2)
    with pytest.raises(StageError, match="没有分配"):
        open_panel(panel, actor=OfficeFactory())

    assign_entries(panel, actor=OfficeFactory())
    opened = open_panel(panel, actor=OfficeFactory())

    assert opened.is_running
    with pytest.raises(StageError, match="已经启动"):
        open_panel(panel, actor=OfficeFactory())


@pytest.mark.parametrize(("reviewers", "words"), [(0, "尚未抽取"), (4, "单数"), (3, "少于最少有效评分数5")])
def test_a_panel_of_the_wrong_size_does_not_open(reviewers, words):
    panel = panel_with(reviewers=reviewers, entries=1)
    if reviewers:
        assign_entries(panel, actor=OfficeFactory())

    with pytest.raises(StageError, match=words):
        open_panel(panel, actor=OfficeFactory())
    panel.refresh_from_db()
    assert panel.opened_at is None


def test_a_panel_ends_with_its_stage_of_the_year_until_somebody_says_otherwise():
    campaign = CampaignFactory(two_stages=True)
    panel = set_up_panel(campaign.categories.first(), "written")
    assert panel.closes_at == campaign.timetable.get(phase="written").closes_at


def test_a_panel_without_a_future_deadline_does_not_open():
    panel = panel_with(reviewers=5, entries=1, closes_at=timezone.now() - timedelta(minutes=1))
    assign_entries(panel, actor=OfficeFactory())

    with pytest.raises(StageError, match="截止时间"):
        open_panel(panel, actor=OfficeFactory())


def running(**columns):
    panel = panel_with(reviewers=5, entries=1, **columns)
    assign_entries(panel, actor=OfficeFactory())
    panel.opened_at = timezone.now()
    panel.save()
    return panel


def test_closing_early_needs_a_reason_while_sheets_are_due():
    panel = running()

    with pytest.raises(StageError, match="有5份评分表未交"):
        close_panel(panel, actor=OfficeFactory())
    close_panel(panel, actor=OfficeFactory(), reason="评委集中评审已结束")

    panel.refresh_from_db()
    assert panel.closed_at
    assert panel.close_reason == "评委集中评审已结束"


def test_closing_needs_no_reason_when_all_are_in_or_abstained():
    panel = running()
    *judged, last = panel.assignments.all()
    for row in judged:
        ScoreSheetFactory(assignment=row, share=0.9, handed_in=True)
    last.abstained_at = timezone.now()
    last.save()

    assert close_panel(panel, actor=OfficeFactory()).closed_at


def test_closing_needs_no_reason_after_the_deadline():
    panel = running(closes_at=timezone.now() - timedelta(seconds=1))

    assert close_panel(panel, actor=OfficeFactory()).closed_at
    with pytest.raises(StageError, match="已经关闭"):
        close_panel(panel, actor=OfficeFactory())
    with pytest.raises(StageError, match="已关闭"):
        assign_entries(panel, actor=OfficeFactory())


def test_a_running_panels_deadline_moves_only_with_a_reason():
    panel = running()
    later = timezone.now() + timedelta(days=9)

    with pytest.raises(StageError, match="理由"):
        change_panel(panel, closes_at=later, per_entry=None, load_cap=None, actor=OfficeFactory())
    with pytest.raises(StageError, match="不能再改"):
        change_panel(panel, closes_at=later, per_entry=3, load_cap=None, actor=OfficeFactory())
    change_panel(
        panel, closes_at=later, per_entry=None, load_cap=None, actor=OfficeFactory(), reason="评委出差"
    )

    panel.refresh_from_db()
    assert panel.closes_at == later


# --- reserves ------------------------------------------------------------------------------------


def test_a_reserve_takes_the_seat_and_what_is_left_to_judge():
    panel = running()
    seat = panel.seats.first()
    other = NominationFactory(campaign=panel.campaign, category=panel.category, qualified=True)
    assign_entries(panel, actor=OfficeFactory())
    ScoreSheetFactory(assignment=seat.assignments.get(nomination=other), share=0.9, handed_in=True)
    bench = SeatFactory(panel=panel, is_reserve=True, number=1)

    called = fill_from_reserve(seat, reason="因病退出", actor=OfficeFactory())

    assert (called.pk, called.is_reserve, called.number) == (bench.pk, False, seat.number)
    assert other not in [row.nomination for row in called.assignments.live()]
    assert called.assignments.live().count() == 1
    assert [row.nomination for row in seat.assignments.live()] == [other]
    assert assign_entries(panel, actor=OfficeFactory()) == []
    assert other.assignments.live().count() == 5  # as many voices as before
    assert not Assignment.objects.visible_to(seat.reviewer.user).exists()


def test_an_empty_bench_is_said():
    panel = running()

    with pytest.raises(StageError, match="没有候补"):
        fill_from_reserve(panel.seats.first(), reason="因病退出", actor=OfficeFactory())
    assert panel.seats.judging().count() == 5


def test_a_reserve_who_lost_the_post_is_passed_over():
    panel = running()
    lost, next_one = [SeatFactory(panel=panel, is_reserve=True, number=number) for number in (1, 2)]
    lost.reviewer.user.posts.update(to_on=timezone.localdate() - timedelta(days=1))

    assert fill_from_reserve(panel.seats.first(), reason="退出", actor=OfficeFactory()).pk == next_one.pk


# --- recusals ------------------------------------------------------------------------------------


def test_a_declared_tie_withdraws_the_entry_at_once():
    panel = running()
    row = panel.assignments.first()
    user = row.seat.reviewer.user

    recuse_reviewer(
        row.nomination,
        row.seat.reviewer,
        kind="declared_mentor",
        source="declared",
        reason="师生",
        actor=user,
    )

    row.refresh_from_db()
    assert row.revoked_at
    assert not Assignment.objects.visible_to(user).exists()
    assert wanting(panel).unassigned == 0


def test_a_recusal_said_twice_is_written_once():
    panel = running()
    row = panel.assignments.first()
    said = {"kind": "declared_kin", "source": "declared", "reason": "亲属", "actor": row.seat.reviewer.user}

    first = recuse_reviewer(row.nomination, row.seat.reviewer, **said)
    assert recuse_reviewer(row.nomination, row.seat.reviewer, **said) == first
    assert AuditEntry.objects.filter(event="reviewer_recused").count() == 1


@pytest.mark.parametrize(
    ("kind", "source", "reason", "words"),
    [
        ("own_unit", "declared", "x", "申报的情形"),
        ("declared_kin", "computed", "x", "系统核查"),
        ("declared_kin", "declared", "  ", "具体情况"),
        ("own_unit", "office", "", "具体情况"),
    ],
)
def test_a_recusal_names_a_kind_that_fits_and_a_reason(kind, source, reason, words):
    row = running().assignments.first()

    with pytest.raises(StageError, match=words):
        recuse_reviewer(
            row.nomination, row.seat.reviewer, kind=kind, source=source, reason=reason, actor=OfficeFactory()
        )
    assert not Recusal.objects.exists()


def test_marks_in_the_open_are_not_struck_by_one_person():
    panel = running()
    row = panel.assignments.first()
    ScoreSheetFactory(assignment=row, share=0.9, handed_in=True)
    close_panel(panel, actor=OfficeFactory(), reason="提前结束")

    with pytest.raises(StageError, match="启封"):
        recuse_reviewer(
            row.nomination, row.seat.reviewer, kind="declared_kin", source="office", reason="亲属",
            actor=OfficeFactory(),
        )  # fmt: skip
    row.refresh_from_db()
    assert row.revoked_at is None


def test_a_partner_still_invited_bars_and_one_who_declined_does_not():
    panel = panel_with(reviewers=2, entries=1)
    entry = entries_of(panel).get()
    first, second = panel.seats.all()
    Partner.objects.create(nomination=entry, unit=first.reviewer.employer)
    Partner.objects.create(nomination=entry, unit=second.reviewer.employer, declined_at=timezone.now())

    assign_entries(panel, actor=OfficeFactory())

    assert [row.seat for row in panel.assignments.live()] == [second]
    assert Recusal.objects.get().kind == Tie.CO_APPLICANT
