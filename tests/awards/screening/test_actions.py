from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from awards.campaign.models import CalendarYear, SpecialDay
from awards.errors import StageError
from awards.nomination.models import PreparedDecision
from awards.screening.actions.checks import Opinion, confirm_blind, save_checks
from awards.screening.actions.decisions import (
    discard_decision,
    prepare_decision,
    prepare_decisions,
    release_decisions,
)
from awards.screening.actions.lapsing import lapse_overdue
from awards.screening.models import ScreeningCheck
from awards.states import State
from tests.awards.screening.support import answer_all, decide, return_nomination, save_check
from tests.factories import (
    AttachmentFactory,
    CampaignFactory,
    NominationFactory,
    OfficeFactory,
    SubmissionFactory,
)
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.errors import StaleVersion

pytestmark = pytest.mark.django_db

FIX = {"records": ("fix", "引用服务记录不足3条")}
FAIL = {"unit": ("fail", "不属于区直部门")}


@pytest.fixture
def office():
    return OfficeFactory()


def submitted(**columns):
    return NominationFactory(submitted=True, **columns)


def events():
    return list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))


# --- the checklist -------------------------------------------------------------------------------


def test_an_answer_is_kept_with_who_gave_it(office):
    nomination = submitted()

    check = save_check(nomination, item="seal", verdict="fix", remark=" 印章不清 ", actor=office)

    assert (check.verdict, check.remark, check.field) == ("fix", "印章不清", "sealed")
    assert (check.checked_by, check.submission) == (office, nomination.submissions.get())
    assert AuditEntry.objects.get().after == {"盖章页清晰有效": "需补正"}


def test_saving_the_same_answers_again_is_no_act(office):
    nomination = submitted()
    answer_all(nomination, actor=office)

    answer_all(nomination, actor=office)

    assert events() == ["screening_checked"]


def test_questions_of_another_category_are_not_kept(office):
    nomination = submitted()

    save_checks(nomination, {"legality": Opinion("pass"), "seal": Opinion("pass")}, actor=office)

    assert [check.item for check in ScreeningCheck.objects.all()] == ["seal"]


def test_a_stale_page_does_not_overwrite_a_newer_answer(office):
    nomination = submitted()
    opened = save_checks(nomination, {"seal": Opinion("pass")}, actor=office).version
    save_check(nomination, item="seal", verdict="fix", remark="印章不清", actor=OfficeFactory())

    with pytest.raises(StaleVersion):
        save_checks(nomination, {"veto": Opinion("pass")}, actor=office, version=opened)
    assert not ScreeningCheck.objects.filter(item="veto").exists()


@pytest.mark.parametrize("state", [State.RETURNED, State.QUALIFIED, State.WITHDRAWN])
def test_answers_are_given_to_submitted_files_only(office, state):
    with pytest.raises(StageError, match="不能再登记"):
        save_check(NominationFactory(state=state), item="seal", verdict="pass", actor=office)


def test_answers_stand_while_a_decision_waits(office):
    nomination = submitted()
    answer_all(nomination, actor=office)
    prepare_decision(nomination, to=State.QUALIFIED, actor=office)

    with pytest.raises(StageError, match="先取消拟定"):
        save_check(nomination, item="seal", verdict="fail", remark="无章", actor=office)


# --- preparing and releasing ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("others", "to"),
    [({}, State.QUALIFIED), (FIX, State.RETURNED), (FAIL, State.INELIGIBLE)],
)
def test_the_checklist_allows_one_step_and_no_other(office, others, to):
    nomination = submitted()
    answer_all(nomination, actor=office, **others)

    for other in {State.QUALIFIED, State.RETURNED, State.INELIGIBLE} - {to}:
        with pytest.raises(StageError, match="不能作出"):
            prepare_decision(nomination, to=other, actor=office)
    assert prepare_decision(nomination, to=to, actor=office).to_state == to


def test_an_open_question_stops_every_decision_but_a_refusal(office):
    nomination = submitted()
    save_check(nomination, item="seal", verdict="pass", actor=office)

    with pytest.raises(StageError, match="尚未审查"):
        prepare_decision(nomination, to=State.QUALIFIED, actor=office)
    save_check(nomination, item="unit", verdict="fail", remark="不属于区直部门", actor=office)
    assert prepare_decision(nomination, to=State.INELIGIBLE, actor=office).reason == "不属于区直部门。"


def test_a_prepared_decision_leaves_the_file_as_it_is(office):
    nomination = submitted()
    answer_all(nomination, actor=office, **FIX)

    prepare_decision(nomination, to=State.RETURNED, actor=office)

    nomination.refresh_from_db()
    assert nomination.state == State.SUBMITTED
    assert nomination.correction_due_at is None
    assert not nomination.corrections.exists()


def test_one_decision_waits_at_a_time_and_can_be_taken_back(office):
    nomination = submitted()
    answer_all(nomination, actor=office)
    prepare_decision(nomination, to=State.QUALIFIED, actor=office)
    with pytest.raises(StageError, match="已有拟定结论"):
        prepare_decision(nomination, to=State.QUALIFIED, actor=office)

    discard_decision(nomination, actor=office)

    assert not PreparedDecision.objects.exists()
    with pytest.raises(StageError, match="没有待下达"):
        discard_decision(nomination, actor=office)


def test_a_release_moves_all_at_once_under_one_act(office):
    campaign = CampaignFactory()
    good, thin, bad, open_one = (submitted(campaign=campaign) for _ in range(4))
    for nomination, others, to in (
        (good, {}, State.QUALIFIED),
        (thin, FIX, State.RETURNED),
        (bad, FAIL, State.INELIGIBLE),
    ):
        answer_all(nomination, actor=office, **others)
        prepare_decision(nomination, to=to, actor=office)

    moved = release_decisions(campaign, actor=office)

    states = {one.pk: one.state for one in type(good).objects.all()}
    assert states == {
        good.pk: State.QUALIFIED,
        thin.pk: State.RETURNED,
        bad.pk: State.INELIGIBLE,
        open_one.pk: State.SUBMITTED,
    }
    assert {one.pk for one in moved} == {good.pk, thin.pk, bad.pk}
    released = AuditEntry.objects.filter(act_id__isnull=False)
    assert sorted(released.values_list("event", flat=True)) == [
        "nomination_qualified", "nomination_refused", "nomination_returned",
    ]  # fmt: skip
    assert released.values("act_id").distinct().count() == 1
    bad.refresh_from_db()
    assert bad.refusal_reason == "不属于区直部门。"
    with pytest.raises(StageError, match="没有待下达"):
        release_decisions(campaign, actor=office)


def test_a_release_leaves_other_campaigns_and_withdrawn_files_alone(office):
    campaign = CampaignFactory()
    gone, other = submitted(campaign=campaign), submitted()
    for nomination in (gone, other):
        answer_all(nomination, actor=office)
        prepare_decision(nomination, to=State.QUALIFIED, actor=office)
    type(gone).objects.filter(pk=gone.pk).update(state=State.WITHDRAWN)

    with pytest.raises(StageError, match="没有待下达"):
        release_decisions(campaign, actor=office)
    other.refresh_from_db()
    assert other.state == State.SUBMITTED


def test_no_other_decision_waits_among_the_verdicts():
    with pytest.raises(IntegrityError, match="prepared_is_a_verdict"), transaction.atomic():
        PreparedDecision.objects.create(nomination=NominationFactory(qualified=True), to_state=State.PROPOSED)


# --- returning -----------------------------------------------------------------------------------


def test_a_return_hangs_a_remark_on_each_thing_to_mend(office):
    nomination = submitted()
    answer_all(nomination, actor=office, seal=("fix", "印章不清"), **FIX)

    return_nomination(nomination, actor=office)

    correction = nomination.corrections.get()
    assert correction.number == 1
    remarks = {item.field: item.remark for item in correction.items.all()}
    assert remarks == {"sealed": "印章不清", "evidence": "引用服务记录不足3条"}
    nomination.refresh_from_db()
    assert nomination.correction_due_at == correction.due_at


def again_submitted(nomination):
    """Handed in again after a return, as the unit's room does it."""
    SubmissionFactory(nomination=nomination)
    type(nomination).objects.filter(pk=nomination.pk).update(state=State.SUBMITTED)


def test_after_the_last_round_a_file_is_qualified_or_refused(office):
    nomination = submitted()
    for _ in range(nomination.campaign.correction_rounds):
        answer_all(nomination, actor=office, **FIX)
        return_nomination(nomination, actor=office)
        again_submitted(nomination)
    answer_all(nomination, actor=office, **FIX)

    with pytest.raises(StageError, match="达到上限"):
        return_nomination(nomination, actor=office)
    decide(nomination, State.INELIGIBLE, actor=office)

    nomination.refresh_from_db()
    assert nomination.state == State.INELIGIBLE
    assert "引用服务记录不足3条" in nomination.refusal_reason
    assert "达到上限2次" in nomination.refusal_reason


def test_every_submission_has_its_own_checklist(office):
    nomination = submitted()
    answer_all(nomination, actor=office, **FIX)
    return_nomination(nomination, actor=office)
    again_submitted(nomination)

    with pytest.raises(StageError, match="尚未审查"):
        decide(nomination, State.QUALIFIED, actor=office)
    answer_all(nomination, actor=office)
    assert decide(nomination, State.QUALIFIED, actor=office).state == State.QUALIFIED


# The holidays of 2026 around 国庆 as decreed: 1–7 October off, Sunday 20 September and Saturday 10 October worked.
HOLIDAYS_2026 = {date(2026, 10, day): False for day in range(1, 8)} | {
    date(2026, 9, 20): True,
    date(2026, 10, 10): True,
}


@pytest.mark.parametrize(
    ("returned_at", "due_at"),
    [
        ("2026-11-02 09:00", "2026-11-05 17:30"),  # Monday: Tuesday is day 1
        ("2026-11-02 23:59", "2026-11-05 17:30"),  # the hour does not matter
        ("2026-11-06 12:00", "2026-11-11 17:30"),  # Friday: the weekend is skipped
        ("2026-11-07 12:00", "2026-11-11 17:30"),  # Saturday is like Friday
        ("2026-09-18 12:00", "2026-09-22 17:30"),  # the worked Sunday counts
        ("2026-09-30 17:00", "2026-10-10 17:30"),  # 8, 9 and the worked Saturday 10 October
        ("2026-10-01 00:00", "2026-10-10 17:30"),
    ],
)
def test_corrections_are_due_in_working_days(office, monkeypatch, returned_at, due_at):
    CalendarYear.objects.create(year=2026)
    SpecialDay.objects.bulk_create(SpecialDay(day=day, working=works) for day, works in HOLIDAYS_2026.items())
    nomination = submitted()
    answer_all(nomination, actor=office, **FIX)
    moment = timezone.make_aware(datetime.fromisoformat(returned_at))

    monkeypatch.setattr(timezone, "now", lambda: moment)
    return_nomination(nomination, actor=office)

    nomination.refresh_from_db()
    assert timezone.localtime(nomination.correction_due_at).strftime("%Y-%m-%d %H:%M") == due_at


# --- lapsing -------------------------------------------------------------------------------------


def test_overdue_files_lapse_once_and_as_the_clock(office):
    due = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)
    late = NominationFactory(state=State.RETURNED, correction_due_at=due)
    NominationFactory(state=State.RETURNED, correction_due_at=due + timedelta(seconds=1))
    NominationFactory(submitted=True, correction_due_at=due - timedelta(days=3))

    assert lapse_overdue(due) == 0
    assert lapse_overdue(due + timedelta(microseconds=1)) == 1
    assert lapse_overdue(due + timedelta(microseconds=1)) == 0

    late.refresh_from_db()
    assert late.state == State.LAPSED
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.actor, entry.actor_name) == ("nomination_lapsed", None, "system")


# --- blind attachments ---------------------------------------------------------------------------


def test_an_attachment_is_opened_to_reviewers_by_the_office(office):
    attachment = AttachmentFactory(nomination=submitted(), blind_claimed=True)

    confirm_blind(attachment, ok=True, actor=office)
    confirm_blind(attachment, ok=True, actor=office)

    attachment.refresh_from_db()
    assert attachment.blind_ok
    assert events() == ["blind_confirmed"]


def test_what_the_unit_did_not_claim_to_be_blind_stays_closed(office):
    attachment = AttachmentFactory(nomination=submitted())

    with pytest.raises(StageError, match="没有声明"):
        confirm_blind(attachment, ok=True, actor=office)
    attachment.refresh_from_db()
    assert not attachment.blind_ok


def test_what_is_checked_to_the_end_is_prepared_in_one_act():
    office, campaign = OfficeFactory(), CampaignFactory()
    good, faulty, half, untouched = NominationFactory.create_batch(4, submitted=True, campaign=campaign)
    answer_all(good, actor=office)
    answer_all(faulty, actor=office, seal=("fix", "印章不清"))
    save_check(half, item="seal", verdict="pass", actor=office)

    prepared = prepare_decisions(campaign, actor=office)

    assert {one.nomination: one.to_state for one in prepared} == {good: "qualified", faulty: "returned"}
    entries = AuditEntry.objects.filter(event=Event.DECISION_PREPARED)
    assert len({entry.act_id for entry in entries}) == 1
    assert entries.count() == 2
    for nomination in (half, untouched):
        assert not nomination.prepared_decisions.exists()
    with pytest.raises(StageError, match="没有审查完的申报"):
        prepare_decisions(campaign, actor=office)
