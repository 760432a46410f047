from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from awards.campaign.models import Criterion, ScoringRule
from awards.errors import StageError
from awards.panel.models import Assignment, Recusal
from awards.panel.rules.conflicts import Tie
from awards.review.actions import (
    abstain,
    declare_conflict,
    hand_in_sheet,
    save_marks,
    skip,
    take_newer_submission,
)
from awards.review.models import Score, ScoreSheet, SheetState
from awards.review.queries.progress import counting_sheets
from awards.review.queries.sheets import criteria_of
from awards.scoring.arithmetic import sheet_total
from tests.factories.awards import AssignmentFactory, ScoreSheetFactory, SubmissionFactory
from tests.factories.units import PostFactory, ReviewerUserFactory
from tests.races import at_once
from units.audit.models import AuditEntry
from units.errors import StaleVersion

# leadership 15, novelty 20, effect 30, satisfaction 20, spread 15
GOOD = {"leadership": 12, "novelty": 17.5, "effect": 26, "satisfaction": 17, "spread": 12.5}
MARKS = {code: Decimal(str(mark)) for code, mark in GOOD.items()}


@pytest.fixture
def desk(db):
    return AssignmentFactory()


@pytest.fixture
def reviewer(desk):
    return desk.seat.reviewer.user


def kept(sheet):
    return {score.criterion.code: score.mark for score in sheet.scores.select_related("criterion")}


def events():
    return list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))


# ---- saving ----


def test_a_draft_keeps_what_is_marked_and_has_no_row_for_what_is_open(desk, reviewer):
    marks = {"leadership": Decimal("13.5"), "novelty": None}

    sheet = save_marks(desk, marks=marks, comment="先看做法", version=0, actor=reviewer)

    assert (sheet.version, sheet.comment, sheet.state) == (1, "先看做法", SheetState.DRAFT)
    assert kept(sheet) == {"leadership": Decimal("13.5")}
    assert sheet.submission == desk.nomination.submissions.get()
    assert events() == []


def test_the_next_save_changes_and_takes_back_marks(desk, reviewer):
    save_marks(desk, marks=MARKS, comment="", version=0, actor=reviewer)

    sheet = save_marks(
        desk, marks={"leadership": Decimal(1), "effect": None}, comment="", version=1, actor=reviewer
    )

    assert sheet.version == 2
    assert kept(sheet) == {"leadership": Decimal(1)}


def test_a_second_tab_does_not_overwrite_the_first(desk, reviewer):
    first = save_marks(desk, marks=MARKS, comment="第一页", version=0, actor=reviewer)

    with pytest.raises(StaleVersion):
        save_marks(desk, marks={"leadership": Decimal(1)}, comment="第二页", version=0, actor=reviewer)

    assert kept(first) == MARKS
    assert ScoreSheet.objects.get().comment == "第一页"


@pytest.mark.parametrize(
    ("code", "mark", "words"),
    [
        ("leadership", "15.5", "0 到 15"),
        ("leadership", "-0.5", "0 到 15"),
        ("leadership", "12.3", "0.5 分"),
        ("leadership", "NaN", "0 到 15"),
        ("problem", "10", "不符"),  # another category's criterion
    ],
)
def test_what_is_no_mark_is_refused_whole(desk, reviewer, code, mark, words):
    with pytest.raises(StageError, match=words):
        save_marks(
            desk, marks={"novelty": Decimal(10), code: Decimal(mark)}, comment="", version=0, actor=reviewer
        )

    assert not ScoreSheet.objects.exists()


def test_only_the_seats_reviewer_may_mark(desk):
    with pytest.raises(StageError, match="不由您"):
        save_marks(desk, marks=MARKS, comment="", version=0, actor=ReviewerUserFactory())


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        ({"opened_at": None}, "尚未启动"),
        ({"closed_at": timezone.now()}, "已关闭"),
        ({"closes_at": timezone.now() - timedelta(minutes=1)}, "时间已过"),
    ],
)
@pytest.mark.parametrize("act", ["save", "hand_in", "skip", "abstain", "conflict"])
def test_nothing_is_done_outside_the_panels_time(desk, reviewer, panel, words, act):
    type(desk.panel).objects.filter(pk=desk.panel.pk).update(**panel)
    acts = {
        "save": lambda: save_marks(desk, marks=MARKS, comment="", version=0, actor=reviewer),
        "hand_in": lambda: hand_in_sheet(desk, marks=MARKS, comment="", version=0, actor=reviewer),
        "skip": lambda: skip(desk, actor=reviewer),
        "abstain": lambda: abstain(desk, reason="不熟悉", actor=reviewer),
        "conflict": lambda: declare_conflict(desk, kind="declared_kin", reason="亲属", actor=reviewer),
    }

    with pytest.raises(StageError, match=words):
        acts[act]()

    assert not ScoreSheet.objects.exists()
    assert not Recusal.objects.exists()
    assert events() == []


@pytest.mark.parametrize(
    "closing",
    [
        lambda desk: Assignment.objects.filter(pk=desk.pk).update(revoked_at=timezone.now()),
        lambda desk: Recusal.objects.create(
            nomination=desk.nomination, reviewer=desk.seat.reviewer, kind="own_unit", source="computed"
        ),
        # a tie that came up after the assignment and that nobody has written down yet
        lambda desk: PostFactory(user=desk.seat.reviewer.user, unit=desk.nomination.unit, role="clerk"),
    ],
)
def test_a_revoked_recused_or_tied_reviewer_marks_nothing(desk, reviewer, closing):
    closing(desk)

    with pytest.raises(StageError, match="不由您"):
        save_marks(desk, marks=MARKS, comment="", version=0, actor=reviewer)
    with pytest.raises(StageError, match="不由您"):
        hand_in_sheet(desk, marks=MARKS, comment="", version=0, actor=reviewer)

    assert not ScoreSheet.objects.exists()


# ---- handing in ----


def test_a_complete_sheet_is_handed_in_with_its_exact_total_and_locks_the_rule(desk, reviewer):
    draft = save_marks(desk, marks=MARKS, comment="", version=0, actor=reviewer)

    sheet = hand_in_sheet(desk, marks=MARKS, comment="", version=draft.version, actor=reviewer)

    sheet.refresh_from_db()
    assert (sheet.state, sheet.total) == (SheetState.HANDED_IN, Decimal("85"))
    assert ScoringRule.objects.get().locked_at is not None
    assert events() == ["rule_locked", "sheet_handed_in"]
    assert list(counting_sheets(desk.panel)) == [sheet]
    log = " ".join(str(entry.__dict__) for entry in AuditEntry.objects.all())
    assert not any(str(mark) in log for mark in ("17.5", "12.5", "85.0"))


def test_an_open_criterion_keeps_the_sheet_and_names_itself(desk, reviewer):
    marks = MARKS | {"effect": None}
    draft = save_marks(desk, marks=marks, comment="", version=0, actor=reviewer)

    with pytest.raises(StageError, match="还有1项未评：服务实效"):
        hand_in_sheet(desk, marks=marks, comment="", version=draft.version, actor=reviewer)

    assert ScoreSheet.objects.get().state == SheetState.DRAFT
    assert not counting_sheets(desk.panel).exists()
    assert ScoringRule.objects.get().locked_at is None


@pytest.mark.parametrize(
    ("taken", "needed"),
    [("40.5", True), ("40", False), ("5.5", False), ("5", True)],  # total 59.5, 60, 94.5, 95
)
def test_the_highest_and_the_lowest_totals_need_a_comment(desk, reviewer, taken, needed):
    marks = {line.code: line.maximum for line in criteria_of(desk.panel)}
    marks["effect"] -= min(Decimal(taken), Decimal(30))
    marks["novelty"] -= max(Decimal(taken) - 30, Decimal(0))

    if needed:
        with pytest.raises(StageError, match="评语"):
            hand_in_sheet(desk, marks=marks, comment=" ", version=0, actor=reviewer)
        hand_in_sheet(desk, marks=marks, comment="理由", version=0, actor=reviewer)
    else:
        hand_in_sheet(desk, marks=marks, comment="", version=0, actor=reviewer)

    assert ScoreSheet.objects.get().total == 100 - Decimal(taken)


def test_a_weighted_rule_weighs_the_total(desk, reviewer):
    rule = ScoringRule.objects.get()
    ScoringRule.objects.filter(pk=rule.pk).update(body=rule.body | {"combine": "weighted"})
    Criterion.objects.update(weight=Decimal("0.2"))

    sheet = hand_in_sheet(desk, marks=MARKS, comment="", version=0, actor=reviewer)

    assert sheet.total == Decimal("17.0")


def test_a_sheet_handed_in_is_closed(desk, reviewer):
    sheet = hand_in_sheet(desk, marks=MARKS, comment="", version=0, actor=reviewer)

    for act in (
        lambda: save_marks(desk, marks=MARKS, comment="改", version=1, actor=reviewer),
        lambda: hand_in_sheet(desk, marks=MARKS, comment="改", version=1, actor=reviewer),
        lambda: skip(desk, actor=reviewer),
        lambda: abstain(desk, reason="改主意", actor=reviewer),
    ):
        with pytest.raises(StageError, match="已提交"):
            act()

    sheet.refresh_from_db()
    assert (sheet.comment, sheet.version) == ("", 1)


# ---- skip, abstain, conflict ----


def test_skipping_keeps_the_draft_and_marking_again_ends_it(desk, reviewer):
    save_marks(desk, marks={"effect": Decimal(20)}, comment="", version=0, actor=reviewer)
    skip(desk, actor=reviewer)
    desk.refresh_from_db()
    assert desk.skipped_at

    save_marks(desk, marks={"effect": Decimal(21)}, comment="", version=1, actor=reviewer)

    desk.refresh_from_db()
    assert desk.skipped_at is None
    assert kept(ScoreSheet.objects.get()) == {"effect": Decimal(21)}


def test_abstaining_needs_a_reason_and_counts_as_missing_not_as_zero(desk, reviewer):
    save_marks(desk, marks=MARKS, comment="", version=0, actor=reviewer)
    with pytest.raises(StageError, match="理由"):
        abstain(desk, reason="  ", actor=reviewer)

    abstain(desk, reason="不熟悉该领域", actor=reviewer)

    desk.refresh_from_db()
    assert (bool(desk.abstained_at), desk.abstain_reason) == (True, "不熟悉该领域")
    assert ScoreSheet.objects.get().state == SheetState.VOID
    assert not counting_sheets(desk.panel).exists()
    assert events() == ["sheet_abstained"]
    with pytest.raises(StageError, match="已弃评"):
        save_marks(desk, marks=MARKS, comment="", version=0, actor=reviewer)


def test_a_declared_conflict_closes_the_entry_voids_the_sheet_and_tells_the_office(desk, reviewer):
    hand_in_sheet(desk, marks=MARKS, comment="", version=0, actor=reviewer)

    declare_conflict(desk, kind="declared_kin", reason="负责人是我的亲属", actor=reviewer)

    recusal = Recusal.objects.get()
    assert (recusal.kind, recusal.source, recusal.reason) == (
        Tie.DECLARED_KIN, "declared", "负责人是我的亲属",
    )  # fmt: skip
    assert Assignment.objects.get().revoked_at
    assert ScoreSheet.objects.get().state == SheetState.VOID
    assert not Assignment.objects.visible_to(reviewer).exists()
    assert not counting_sheets(desk.panel).exists()
    assert events()[-1] == "reviewer_recused"


@pytest.mark.parametrize(("kind", "reason"), [("own_unit", "有"), ("", "有"), ("declared_kin", " ")])
def test_a_conflict_is_declared_with_one_of_the_kinds_and_a_reason(desk, reviewer, kind, reason):
    with pytest.raises(StageError):
        declare_conflict(desk, kind=kind, reason=reason, actor=reviewer)

    assert not Recusal.objects.exists()


# ---- the submission that was judged ----


def test_a_draft_on_an_older_submission_is_confirmed_before_it_is_handed_in(desk, reviewer):
    draft = save_marks(desk, marks=MARKS, comment="", version=0, actor=reviewer)
    newer = SubmissionFactory(nomination=desk.nomination)

    with pytest.raises(StageError, match="有更新"):
        hand_in_sheet(desk, marks=MARKS, comment="", version=draft.version, actor=reviewer)
    sheet = take_newer_submission(desk, keep_marks=True, version=draft.version, actor=reviewer)
    hand_in_sheet(desk, marks=MARKS, comment="", version=sheet.version, actor=reviewer)

    assert ScoreSheet.objects.get().submission == newer
    assert kept(sheet) == MARKS


def test_judging_anew_voids_the_old_draft_and_keeps_it(desk, reviewer):
    draft = save_marks(desk, marks=MARKS, comment="旧", version=0, actor=reviewer)
    newer = SubmissionFactory(nomination=desk.nomination)

    sheet = take_newer_submission(desk, keep_marks=False, version=draft.version, actor=reviewer)

    draft.refresh_from_db()
    assert (draft.state, kept(draft)) == (SheetState.VOID, MARKS)
    assert (sheet.submission, kept(sheet)) == (newer, {})
    with pytest.raises(StaleVersion):  # a tab that still shows the old sheet
        save_marks(desk, marks=MARKS, comment="", version=draft.version, actor=reviewer)


def test_a_sheet_of_somebody_taken_off_the_entry_never_counts(desk):
    sheet = ScoreSheetFactory(assignment=desk, share=0.8, handed_in=True)
    assert list(counting_sheets(desk.panel)) == [sheet]

    Recusal.objects.create(
        nomination=desk.nomination, reviewer=desk.seat.reviewer, kind="own_unit", source="office"
    )

    assert not counting_sheets(desk.panel).exists()


# ---- properties ----

halves = st.integers(min_value=0, max_value=60).map(lambda number: Decimal(number) / 2)


class TestAnyMarks(TestCase):
    @trials(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_order_is_irrelevant_and_the_total_is_the_rules(self, data):
        desk = AssignmentFactory()
        criteria = criteria_of(desk.panel)
        marks = {line.code: min(data.draw(halves), line.maximum) for line in criteria}
        shuffled = {code: marks[code] for code in data.draw(st.permutations(sorted(marks)))}
        actor = desk.seat.reviewer.user

        sheet = hand_in_sheet(desk, marks=shuffled, comment="理由", version=0, actor=actor)

        assert kept(sheet) == marks
        assert sheet.total == sheet_total("sum", criteria, marks)


# ---- races ----


@pytest.mark.commits
def test_two_hand_ins_at_once_give_one():
    desk = AssignmentFactory()
    actor = desk.seat.reviewer.user

    outcomes = at_once(*[lambda: hand_in_sheet(desk, marks=MARKS, comment="", version=0, actor=actor)] * 2)

    assert sorted(isinstance(outcome, StageError) for outcome in outcomes) == [False, True]
    assert ScoreSheet.objects.count() == 1
    assert Score.objects.count() == 5
    assert events() == ["rule_locked", "sheet_handed_in"]


@pytest.mark.commits
def test_two_tabs_that_save_at_once_give_one_sheet_and_one_clash():
    desk = AssignmentFactory()
    actor = desk.seat.reviewer.user

    outcomes = at_once(
        lambda: save_marks(desk, marks={"effect": Decimal(20)}, comment="甲", version=0, actor=actor),
        lambda: save_marks(desk, marks={"effect": Decimal(25)}, comment="乙", version=0, actor=actor),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ScoreSheet", "StaleVersion"]
    winner = ScoreSheet.objects.get()
    assert kept(winner) == {"effect": Decimal(20) if winner.comment == "甲" else Decimal(25)}


@pytest.mark.commits
def test_a_hand_in_waits_for_the_panel_that_is_being_closed():
    desk = AssignmentFactory()
    panel = type(desk.panel)

    def close():
        with transaction.atomic():
            found = panel.objects.select_for_update().get(pk=desk.panel.pk)
            found.closed_at = timezone.now()
            found.save()
            connection.cursor().execute("SELECT pg_sleep(0.3)")
            return ScoreSheet.objects.handed_in().count()

    counted, outcome = at_once(
        close,
        lambda: hand_in_sheet(desk, marks=MARKS, comment="", version=0, actor=desk.seat.reviewer.user),
    )

    assert ScoreSheet.objects.handed_in().count() == counted
    assert counted == (0 if isinstance(outcome, StageError) else 1)
