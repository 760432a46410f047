"""补评: what happens to an entry that a closed panel left with too few valid sheets."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from awards.errors import StageError
from awards.panel.actions.assigning import assign_entries
from awards.panel.actions.drawing import fill_from_reserve
from awards.panel.actions.panels import close_panel
from awards.panel.actions.recusing import recuse_reviewer
from awards.panel.actions.supplementing import reopen_panel
from awards.panel.models import Assignment, RecusalSource
from awards.panel.queries.race import entries_of
from awards.panel.queries.shortfall import entries_short, shortfalls
from awards.panel.rules.conflicts import Tie
from awards.panel.rules.lots import lot
from tests.factories import (
    NominationFactory,
    OfficeFactory,
    PanelFactory,
    PostFactory,
    ReviewerFactory,
    ScoreSheetFactory,
    SeatFactory,
    SecretaryFactory,
    SupervisorFactory,
)
from units.audit.models import AuditEntry
from units.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel():
    """Five seats, two reserves, three entries, closed; the second entry has four valid sheets, one undone."""
    panel = PanelFactory(unopened=True)
    for _ in range(5):
        SeatFactory(panel=panel)
    for number in (1, 2):
        SeatFactory(panel=panel, is_reserve=True, number=number)
    NominationFactory.create_batch(3, campaign=panel.campaign, category=panel.category, qualified=True)
    assign_entries(panel, actor=OfficeFactory())
    panel.opened_at = timezone.now()
    panel.save()
    short = entries_of(panel)[1]
    lazy = panel.seats.judging().first()
    for task in panel.assignments.exclude(nomination=short, seat=lazy):
        ScoreSheetFactory(assignment=task, share=0.8, handed_in=True)
    close_panel(panel, reason="评委出差", actor=OfficeFactory())
    panel.refresh_from_db()
    return panel


def reopened(panel, **changes):
    given = {
        "closes_at": timezone.now() + timedelta(days=2),
        "reason": "1件有效评分不足",
        "witness": SupervisorFactory(),
        "actor": OfficeFactory(),
    }
    return reopen_panel(panel, **given | changes)


def test_the_first_reserve_is_called_for_the_short_entry_alone(panel):
    short, reserve = entries_of(panel)[1], panel.seats.waiting().first()
    witness = SupervisorFactory()

    tasks = reopened(panel, witness=witness)

    panel.refresh_from_db()
    reserve.refresh_from_db()
    assert [(task.nomination, task.seat) for task in tasks] == [(short, reserve)]
    assert (reserve.is_reserve, reserve.number) == (False, 6)
    assert panel.is_running
    assert [row.nomination for row in Assignment.objects.visible_to(reserve.reviewer.user)] == [short]
    entry = AuditEntry.objects.get(event="panel_reopened")
    assert (entry.second_actor, entry.reason) == (witness, "1件有效评分不足")


def test_who_saw_the_marks_unsealed_judges_no_further(panel):
    """The undone sheet of a member is withdrawn; sheets handed in stand."""
    lazy = panel.seats.judging().first()

    reopened(panel)

    seen = Assignment.objects.visible_to(lazy.reviewer.user)
    assert set(seen) == set(lazy.assignments.filter(sheets__state="handed_in"))
    assert panel.assignments.live().filter(sheets__state="handed_in").count() == 14


def test_a_supplementary_sheet_makes_the_entry_whole(panel):
    (task,) = reopened(panel)
    ScoreSheetFactory(assignment=task, share=0.7, handed_in=True)
    close_panel(panel, actor=OfficeFactory())

    panel.refresh_from_db()
    assert not entries_short(panel).exists()
    assert panel.close_reason == "评委出差"
    with pytest.raises(StageError, match="没有有效评分不足"):
        reopened(panel)


def test_a_tied_reserve_is_passed_over(panel):
    first, second = panel.seats.waiting()
    short = entries_of(panel)[1]
    first.reviewer.employer = short.unit
    first.reviewer.save()

    assert [line.called for line in shortfalls(panel)] == [[second.reviewer]]


def test_behind_the_reserves_the_pool_is_called_by_lot(panel):
    panel.seats.waiting().update(left_at=timezone.now())
    pool = ReviewerFactory.create_batch(3, campaign=panel.campaign)

    (line,) = shortfalls(panel)

    assert line.called == [min(pool, key=lambda one: lot(panel.seed, one.user.username))]
    (task,) = reopened(panel)
    assert (task.seat.reviewer, task.seat.number) == (line.called[0], 6)


def test_without_anybody_to_call_nothing_is_opened(panel):
    panel.seats.waiting().update(left_at=timezone.now())

    with pytest.raises(StageError, match="没有足够的评委可以补评"):
        reopened(panel)
    panel.refresh_from_db()
    assert panel.closed_at
    assert panel.assignments.filter(revoked_at=None).count() == 15


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "须写明补评的理由"),
        ({"closes_at": timezone.now() - timedelta(days=1)}, "须晚于现在"),
    ],
)
def test_a_supplement_needs_its_reason_and_a_deadline_ahead(panel, changes, words):
    with pytest.raises(StageError, match=words):
        reopened(panel, **changes)


def test_a_supplement_needs_a_second_person_who_supervises(panel):
    office = OfficeFactory()
    PostFactory(user=office, unit=panel.campaign.organiser, role=Role.SUPERVISOR)
    for witness in (office, OfficeFactory()):
        with pytest.raises(StageError, match="见证人"):
            reopened(panel, actor=office, witness=witness)


def test_while_a_panel_is_supplemented_its_other_sheets_stay_out_of_reach(panel):
    (task,) = reopened(panel)
    entry = entries_of(panel)[0]

    with pytest.raises(StageError, match="补评期间"):
        assign_entries(panel, actor=OfficeFactory())
    with pytest.raises(StageError, match="补评期间"):
        fill_from_reserve(task.seat, reason="请假", actor=OfficeFactory())
    with pytest.raises(StageError, match="启封"):
        recuse_reviewer(
            entry,
            panel.seats.judging().get(number=2).reviewer,
            kind=Tie.DECLARED_KIN,
            source=RecusalSource.OFFICE,
            reason="近亲属",
            actor=OfficeFactory(),
        )


def test_the_office_supplements_from_the_panels_page(client, panel):
    client.force_login(OfficeFactory())
    witness, short = SupervisorFactory(), entries_of(panel)[1]
    page = reverse("awards:panel", args=[panel.campaign.code, panel.category.letter, panel.stage])
    url = f"{page}supplement/"

    board = client.get(page).content.decode()
    question = client.get(url).content.decode()
    assert f"1件有效评分不足5份，</b>不能排名：{short.code}" in board
    assert f'href="{url}"' in board
    assert f"有效4份，缺1份，由{panel.seats.waiting().first().reviewer}补评" in question

    refused = client.post(url, {"reason": "补足", "witness": witness.pk, "closes_at": ""})
    assert "补足" in refused.content.decode()
    panel.refresh_from_db()
    assert panel.closed_at
    closes_at = timezone.localtime() + timedelta(days=1)
    given = {"reason": "补足", "witness": witness.pk, "closes_at": f"{closes_at:%Y-%m-%dT%H:%M}"}
    assert client.post(url, given).url == page
    panel.refresh_from_db()
    assert panel.is_running
    board = client.get(page).content.decode()
    assert "补评中" in board
    assert "评审中" not in board
    assert f"1件有效评分仍不足5份：{short.code}，只由后加的席位评审" in board
    overview = client.get(reverse("awards:panel-list", args=[panel.campaign.code])).content.decode()
    assert "补评中" in overview


def test_nobody_but_the_office_supplements(client, panel):
    args = [panel.campaign.code, panel.category.letter, panel.stage]
    url = reverse("awards:panel-supplement", args=args)

    assert client.get(url).url.startswith("/accounts/login/")
    for user in (SupervisorFactory(), SecretaryFactory(), panel.seats.first().reviewer.user):
        client.force_login(user)
        assert client.get(url).status_code == 403
