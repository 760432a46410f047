"""Two people in the same second, with real commits."""

import pytest

from awards.errors import StageError
from awards.panel.actions.assigning import assign_entries
from awards.panel.actions.drawing import draw_panel
from awards.panel.actions.panels import close_panel
from awards.panel.actions.recusing import recuse_reviewer
from awards.panel.models import Assignment, Panel, Recusal
from tests.factories import (
    CampaignFactory,
    NominationFactory,
    OfficeFactory,
    PanelFactory,
    ReviewerFactory,
    SeatFactory,
    SupervisorFactory,
)
from tests.races import at_once
from units.audit.models import AuditEntry

pytestmark = pytest.mark.commits


@pytest.fixture
def panel():
    panel = PanelFactory()
    for _ in range(5):
        SeatFactory(panel=panel)
    NominationFactory.create_batch(3, campaign=panel.campaign, category=panel.category, qualified=True)
    return panel


def test_two_recusals_of_one_pair_are_one(panel):
    assign_entries(panel, actor=OfficeFactory())
    row = panel.assignments.first()
    said = {"kind": "declared_kin", "source": "declared", "reason": "亲属", "actor": row.seat.reviewer.user}

    at_once(*[lambda: recuse_reviewer(row.nomination, row.seat.reviewer, **said)] * 2)

    assert Recusal.objects.count() == 1
    assert AuditEntry.objects.filter(event="reviewer_recused").count() == 1


def test_a_recusal_during_an_assignment_is_never_handed_out(panel):
    nomination, reviewer = panel.category.nominations.first(), panel.seats.first().reviewer
    office = OfficeFactory()
    said = {"kind": "declared_kin", "source": "declared", "reason": "亲属", "actor": reviewer.user}

    at_once(
        lambda: assign_entries(panel, actor=office),
        lambda: recuse_reviewer(nomination, reviewer, **said),
    )

    pair = Assignment.objects.filter(nomination=nomination, seat__reviewer=reviewer)
    assert not pair.filter(revoked_at=None).exists()
    assert panel.assignments.live().count() == 14


def test_two_assignments_at_once_are_one(panel):
    office = OfficeFactory()

    given = at_once(*[lambda: assign_entries(panel, actor=office)] * 2)

    assert sorted(len(rows) for rows in given) == [0, 15]
    assert panel.assignments.count() == 15


def test_two_draws_at_once_are_one():
    campaign = CampaignFactory(panel_size=5)
    ReviewerFactory.create_batch(9, campaign=campaign)
    panel = PanelFactory(
        category=campaign.categories.first(), campaign=campaign, unopened=True, drawn_at=None
    )
    witness, office = SupervisorFactory(), OfficeFactory()

    answers = at_once(
        *[lambda seed=seed: draw_panel(panel, seed=seed, witness=witness, actor=office) for seed in "ab"]
    )

    refused = [one for one in answers if isinstance(one, StageError)]
    assert len(refused) == 1
    assert panel.seats.judging().count() == 5
    assert Panel.objects.get().seed in ("a", "b")


def test_a_panel_closes_once(panel):
    assign_entries(panel, actor=OfficeFactory())
    office = OfficeFactory()

    answers = at_once(*[lambda: close_panel(panel, actor=office, reason="提前结束")] * 2)

    assert sum(isinstance(one, StageError) for one in answers) == 1
    assert AuditEntry.objects.filter(event="panel_closed").count() == 1
