"""A reviewer signs the pledge before the first mark; who is behind is reminded in one act."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from awards.errors import StageError
from awards.panel.models import Reviewer, Seat
from awards.review.actions import save_marks
from awards.review.models import ScoreSheet
from tests.factories.awards import AssignmentFactory, PanelFactory, ScoreSheetFactory, SeatFactory
from tests.factories.units import ClerkFactory, CommitteeFactory, OfficeFactory, SupervisorFactory
from units.audit.events import Event
from units.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
PLEDGE = reverse("awards:review-pledge")


@pytest.fixture
def desk():
    desk = AssignmentFactory()
    Reviewer.objects.update(declared_at=None)
    desk.seat.reviewer.refresh_from_db()
    return desk


@pytest.fixture
def reviewer(desk, client):
    client.force_login(desk.seat.reviewer.user)
    return desk.seat.reviewer.user


def sheet(desk):
    panel = desk.panel
    return reverse("awards:review-sheet", args=[panel.campaign.code, panel.stage, desk.nomination.code])


def todo(client, person) -> tuple[str, str, str]:
    client.force_login(person)
    (row,) = client.get("/").context["tasks"]
    return row["task"].url, row["task"].action, row["task"].sub


def test_nothing_is_opened_or_marked_before_the_pledge_is_signed(client, desk, reviewer):
    assert todo(client, reviewer)[:2] == (PLEDGE, "签署承诺")
    assert PLEDGE in client.get(reverse("awards:review-queue")).text
    assert client.get(sheet(desk)).url == f"{PLEDGE}?next={sheet(desk)}"
    with pytest.raises(StageError, match="请先签署评审承诺"):
        save_marks(desk, marks={}, comment="先写一句", version=0, actor=reviewer)
    assert not ScoreSheet.objects.exists()


def test_the_reviewer_signs_once_and_goes_on_where_the_way_led(client, desk, reviewer):
    page = client.get(f"{PLEDGE}?next={sheet(desk)}")
    assert "主动申报回避" in page.text
    assert client.post(f"{PLEDGE}?next={sheet(desk)}").url == sheet(desk)

    assert Reviewer.objects.get(user=reviewer).declared_at
    entry = AuditEntry.objects.get(event=Event.REVIEWER_PLEDGED)
    assert (entry.actor, entry.campaign) == (reviewer, desk.panel.campaign.code)
    assert client.get(sheet(desk)).status_code == 200
    assert PLEDGE not in client.get(reverse("awards:review-queue")).text
    client.post(PLEDGE)
    assert AuditEntry.objects.filter(event=Event.REVIEWER_PLEDGED).count() == 1


def test_the_way_on_leads_nowhere_outside(client, desk, reviewer):
    assert client.post(f"{PLEDGE}?next=//elsewhere.example/").url == reverse("awards:review-queue")


@pytest.mark.parametrize("who", [OfficeFactory, SupervisorFactory, ClerkFactory])
def test_nobody_signs_for_a_reviewer(client, desk, who):
    client.force_login(who())
    assert client.post(PLEDGE).status_code == 403
    assert not Reviewer.objects.filter(declared_at__isnull=False).exists()


# --- reminders ------------------------------------------------------------------------------------


@pytest.fixture
def behind():
    """Two seats of a panel: one has handed in, one owes a sheet."""
    panel = PanelFactory()
    done, owes = (AssignmentFactory(seat=SeatFactory(panel=panel)) for _ in range(2))
    ScoreSheetFactory(assignment=done, share=0.8, handed_in=True)
    return done, owes


def remind(client, panel):
    key = f"{panel.category.letter}-{panel.stage}"
    address = reverse("awards:review-remind", args=[panel.campaign.code])
    return client.post(address, {"panel": key}, follow=True)


def test_the_office_reminds_those_who_are_behind_in_one_act(client, behind):
    done, owes = behind
    client.force_login(OfficeFactory())
    name = owes.seat.reviewer.user.name

    page = remind(client, owes.panel)

    assert f"已提醒1位评委：{name}。" in page.text
    reminded = Seat.objects.filter(reminded_at__isnull=False)
    assert [seat.pk for seat in reminded] == [owes.seat_id]
    entry = AuditEntry.objects.get(event=Event.REVIEWERS_REMINDED)
    assert entry.after == {"reviewers": [name]}
    assert "提醒：请尽快交齐" in todo(client, owes.seat.reviewer.user)[2]
    client.force_login(done.seat.reviewer.user)
    assert client.get("/").context["tasks"] == []


def test_nobody_is_reminded_of_a_closed_panel(client, behind):
    panel = behind[1].panel
    type(panel).objects.update(closed_at=timezone.now() + timedelta(seconds=-1))
    client.force_login(OfficeFactory())
    assert "不需要提醒" in remind(client, panel).text
    assert not Seat.objects.filter(reminded_at__isnull=False).exists()


@pytest.mark.parametrize("who", [SupervisorFactory, ClerkFactory])
def test_only_the_office_reminds(client, behind, who):
    client.force_login(who())
    assert remind(client, behind[1].panel).status_code == 403


def test_another_committees_office_reminds_nobody(client, behind):
    client.force_login(OfficeFactory(unit=CommitteeFactory(slug="elsewhere")))
    assert remind(client, behind[1].panel).status_code == 404
    assert not Seat.objects.filter(reminded_at__isnull=False).exists()
