import pytest

from services.actions import bulk
from services.actions.activities import change_activity, log_activity
from services.actions.bulk import return_rows, review_rows, send_rows
from services.actions.rows import change_row, delete_row, event_of
from services.actions.tasks import change_task
from services.models.activities import Activity
from services.models.logged import LogState
from tests.factories.services import ActionTaskFactory, ActivityFactory, DonationFactory, RegistrationFactory
from tests.factories.units import ClerkFactory, OfficeFactory, UnitFactory
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.errors import Refused, StaleVersion

pytestmark = pytest.mark.django_db


def these(*rows):
    return type(rows[0]).objects.filter(pk__in=[row.pk for row in rows])


def new_activity(unit, **values):
    return ActivityFactory.build(unit=unit, **values)


def test_a_logged_activity_is_a_draft_with_its_detail_and_its_partners():
    unit, partner = UnitFactory(), UnitFactory()
    clerk = ClerkFactory(unit=unit)

    activity = log_activity(
        new_activity(unit, kind="enterprise"),
        detail={"enterprise": "某公司"},
        joint_units=[partner, unit],
        actor=clerk,
    )

    activity.refresh_from_db()
    assert (activity.state, activity.logged_by) == (LogState.DRAFT, clerk)
    assert activity.enterprise_detail.enterprise == "某公司"
    assert [joint.unit for joint in activity.joint_units.all()] == [partner]
    assert AuditEntry.objects.get().event == Event.ACTIVITY_LOGGED


def test_a_change_writes_everything_and_says_what_was_different():
    activity = ActivityFactory(kind="people", detail={"households": 3}, joint_with=[UnitFactory(slug="old")])
    partner = UnitFactory(slug="new")

    changed = change_activity(
        activity,
        values={"subject": "另一个主题", "place": activity.place},
        detail={"households": 5},
        joint_units=[partner],
        version=1,
        actor=ClerkFactory(unit=activity.unit),
    )

    changed.refresh_from_db()
    assert (changed.subject, changed.version, changed.people_detail.households) == ("另一个主题", 2, 5)
    entry = AuditEntry.objects.get()
    assert entry.before == {"subject": activity.subject, "households": 3, "joint_units": ["old"]}
    assert entry.after == {"subject": "另一个主题", "households": 5, "joint_units": ["new"]}


def test_a_stale_form_never_overwrites_a_newer_row():
    row = DonationFactory(state=LogState.DRAFT)
    clerk = ClerkFactory(unit=row.unit)
    change_row(row, values={"purpose": "先保存的"}, version=1, actor=clerk)

    with pytest.raises(StaleVersion):
        change_row(row, values={"purpose": "后保存的"}, version=1, actor=clerk)

    row.refresh_from_db()
    assert row.purpose == "先保存的"
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("state", [LogState.SENT, LogState.REVIEWED])
def test_a_row_out_of_its_units_hands_is_closed(state):
    row = DonationFactory(state=state)

    with pytest.raises(Refused, match="不能修改"):
        change_row(row, values={"purpose": "改"}, version=1, actor=ClerkFactory(unit=row.unit))

    row.refresh_from_db()
    assert row.purpose == "疫情防控"
    assert not AuditEntry.objects.exists()


def test_sending_leaves_closed_rows_alone():
    unit = UnitFactory()
    draft, returned = ActivityFactory(unit=unit), ActivityFactory(unit=unit, returned=True)
    done = ActivityFactory(unit=unit, reviewed=True)

    sent = send_rows(these(draft, returned, done), actor=ClerkFactory(unit=unit))

    assert {row.pk for row in sent} == {draft.pk, returned.pk}
    assert set(these(draft, returned, done).values_list("state", flat=True)) == {"sent", "reviewed"}
    entries = AuditEntry.objects.filter(event=Event.ACTIVITY_SENT)
    assert entries.count() == 2
    assert len(set(entries.values_list("act_id", flat=True)) - {None}) == 1


def test_one_sent_row_is_no_bulk_act():
    draft = RegistrationFactory(state=LogState.DRAFT)

    send_rows(these(draft), actor=ClerkFactory(unit=draft.unit))

    entry = AuditEntry.objects.get()
    assert (entry.event, entry.act_id) == (Event.REGISTER_SENT, None)


def test_review_takes_sent_rows_of_others_and_dates_them():
    office = OfficeFactory()
    sent, own = ActivityFactory(sent=True), ActivityFactory(sent=True, logged_by=office)
    draft = ActivityFactory()

    reviewed = review_rows(these(sent, own, draft), actor=office)

    assert [row.pk for row in reviewed] == [sent.pk]
    sent.refresh_from_db()
    assert (sent.state, sent.reviewed_by, sent.version) == (LogState.REVIEWED, office, 2)
    assert sent.reviewed_at is not None
    own.refresh_from_db()
    assert own.state == LogState.SENT


def test_returning_a_reviewed_row_opens_it_with_the_reason():
    office = OfficeFactory()
    row = ActivityFactory(reviewed=True, reviewed_by=office)

    return_rows(these(row), reason="办结数有误", actor=office)

    row.refresh_from_db()
    assert (row.state, row.return_reason, row.reviewed_at, row.is_open) == (
        "returned",
        "办结数有误",
        None,
        True,
    )
    entry = AuditEntry.objects.get(event=Event.ACTIVITY_RETURNED)
    assert (entry.before, entry.reason) == ({"state": "reviewed"}, "办结数有误")


def test_nothing_is_returned_without_a_reason():
    row = ActivityFactory(sent=True)

    with pytest.raises(Refused, match="原因"):
        return_rows(these(row), reason=" ", actor=OfficeFactory())

    row.refresh_from_db()
    assert row.state == LogState.SENT


def test_only_a_draft_is_thrown_away():
    draft, returned = ActivityFactory(), ActivityFactory(returned=True)
    clerk = ClerkFactory(unit=draft.unit)

    delete_row(draft, actor=clerk)
    with pytest.raises(Refused, match="不能删除"):
        delete_row(returned, actor=clerk)

    assert list(Activity.objects.all()) == [returned]
    assert AuditEntry.objects.get().before["subject"] == draft.subject


def test_a_bulk_act_too_large_changes_nothing(monkeypatch):
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 1)
    rows = [ActivityFactory(sent=True), ActivityFactory(sent=True)]

    with pytest.raises(Refused, match="最多"):
        review_rows(these(*rows), actor=OfficeFactory())

    assert not Activity.objects.reviewed().exists()


def test_a_task_is_closed_by_a_later_version_only():
    task = ActionTaskFactory()
    clerk = ClerkFactory(unit=task.branch)

    change_task(task, values={"result": "完成"}, version=1, actor=clerk)
    with pytest.raises(StaleVersion):
        change_task(task, values={"result": "未完成"}, version=1, actor=clerk)

    task.refresh_from_db()
    assert (task.result, task.version) == ("完成", 2)


@pytest.mark.parametrize("factory", [ActivityFactory, RegistrationFactory])
def test_reviewing_many_rows_costs_as_many_statements_as_reviewing_two(cost, factory):
    office, model = OfficeFactory(), factory._meta.model

    def spent_on(number):
        rows = these(*(factory(state=LogState.SENT) for _ in range(number)))
        with cost() as spent:
            assert len(review_rows(rows, actor=office)) == number
        return spent.queries

    assert spent_on(2) == spent_on(40) <= 6
    assert AuditEntry.objects.filter(event=event_of("review", model)).count() == 42
    assert set(model.objects.values_list("state", "version", "reviewed_by")) == {("reviewed", 2, office.pk)}
