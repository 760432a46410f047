"""Who stays away from an entry finds no trace of it; who is not let in yet finds nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from awards.panel.actions.assigning import assign_entries
from awards.panel.actions.panels import open_panel
from awards.panel.actions.recusing import recuse_reviewer
from awards.panel.models import Assignment
from awards.panel.queries.race import entries_of
from tests.factories import (
    CommitteeFactory,
    NominationFactory,
    OfficeFactory,
    PanelFactory,
    PostFactory,
    SeatFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel():
    panel = PanelFactory(unopened=True)
    for _ in range(5):
        SeatFactory(panel=panel)
    NominationFactory.create_batch(2, campaign=panel.campaign, category=panel.category, qualified=True)
    assign_entries(panel, actor=OfficeFactory())
    return panel


def seen(user):
    return set(Assignment.objects.visible_to(user).values_list("nomination__code", flat=True))


def test_nothing_is_seen_before_the_panel_opens(panel):
    user = panel.seats.first().reviewer.user
    assert seen(user) == set()

    open_panel(panel, actor=OfficeFactory())
    assert len(seen(user)) == 2


def test_a_reserve_sees_nothing(panel):
    bench = SeatFactory(panel=panel, is_reserve=True)
    entry = entries_of(panel).first()
    Assignment.objects.create(panel=panel, seat=bench, nomination=entry, order=1)
    open_panel(panel, actor=OfficeFactory())

    assert seen(bench.reviewer.user) == set()


@pytest.mark.parametrize("ended", [0, 1000])
def test_a_post_taken_up_after_the_assignment_hides_the_entry_at_once(panel, ended):
    open_panel(panel, actor=OfficeFactory())
    user, (tied, free) = panel.seats.first().reviewer.user, entries_of(panel)
    since = timezone.localdate() - timedelta(days=1001)
    PostFactory(
        user=user,
        unit=UnitFactory(parent=tied.unit),
        from_on=since,
        to_on=timezone.localdate() - timedelta(days=ended),
    )

    assert seen(user) == {free.code}


def test_a_post_that_ended_more_than_three_years_ago_hides_nothing(panel):
    open_panel(panel, actor=OfficeFactory())
    user, today = panel.seats.first().reviewer.user, timezone.localdate()
    PostFactory(
        user=user, unit=entries_of(panel).first().unit, from_on=today - timedelta(days=2000),
        to_on=today - timedelta(days=1097),
    )  # fmt: skip

    assert len(seen(user)) == 2


def test_a_grant_nobody_confirmed_is_no_post(panel):
    open_panel(panel, actor=OfficeFactory())
    user = panel.seats.first().reviewer.user
    PostFactory(user=user, unit=entries_of(panel).first().unit, confirmed_at=None)

    assert len(seen(user)) == 2


def test_access_ends_with_the_reviewers_post(panel):
    open_panel(panel, actor=OfficeFactory())
    user = panel.seats.first().reviewer.user
    user.posts.update(to_on=timezone.localdate() - timedelta(days=1))

    assert seen(user) == set()


def test_a_reviewers_post_at_another_committee_opens_nothing(panel):
    open_panel(panel, actor=OfficeFactory())
    user = panel.seats.first().reviewer.user
    user.posts.update(unit=CommitteeFactory(slug="other"))

    assert seen(user) == set()


def test_nobody_sees_anothers_assignments(panel):
    open_panel(panel, actor=OfficeFactory())
    first, second = (seat.reviewer.user for seat in panel.seats.all()[:2])

    assert not Assignment.objects.visible_to(first).filter(seat__reviewer__user=second).exists()


def test_a_recused_reviewer_finds_no_trace_on_any_page(client, panel):
    open_panel(panel, actor=OfficeFactory())
    reviewer, (barred, free) = panel.seats.first().reviewer, entries_of(panel)
    recuse_reviewer(
        barred, reviewer, kind="declared_kin", source="declared", reason="亲属", actor=reviewer.user
    )
    client.force_login(reviewer.user)

    queue = client.get(reverse("awards:review-queue")).content.decode()
    assert free.code in queue
    assert barred.code not in queue
    found = client.get(reverse("awards:review-queue"), {"q": barred.code}).content.decode()
    assert f"/{barred.code}/" not in found
    sheet = reverse("awards:review-sheet", args=[panel.campaign.code, panel.stage, barred.code])
    assert client.get(sheet).status_code == 404
    assert client.get(barred.get_absolute_url()).status_code in (403, 404)
