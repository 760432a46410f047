from datetime import date
from decimal import Decimal

import pytest

from services import queries
from services.models.activities import Activity
from services.models.logged import LogState
from tests.factories.services import (
    ActionBranchFactory,
    ActivityFactory,
    BrightIdeaFactory,
    DonationFactory,
    JointProjectFactory,
    RegistrationFactory,
    VolunteerBrandFactory,
)
from tests.factories.units import CommitteeFactory, CommunityFactory, PartyMemberFactory, UnitFactory
from units.models import Unit

pytestmark = pytest.mark.django_db

SPRING, AUTUMN = date(2025, 2, 10), date(2025, 11, 3)


@pytest.fixture
def committee():
    return CommitteeFactory()


def test_joint_work_counts_once_for_the_district_and_once_for_each_unit(committee):
    lead, partner, idle = UnitFactory(order=3), UnitFactory(order=1), UnitFactory(order=2)
    branch = UnitFactory(parent=lead)
    ActivityFactory(
        unit=lead,
        reviewed=True,
        happened_on=SPRING,
        attendance=7,
        joint_with=[partner, branch],
        kind="project",
    )
    ActivityFactory(unit=branch, reviewed=True, happened_on=AUTUMN, attendance=2)

    rows = {row.unit: row for row in queries.totals(committee, 2025)}
    whole = queries.district_totals(queries.counted(committee, 2025))

    assert list(rows) == [partner, idle, lead]
    assert (rows[lead].events, rows[lead].attendance, rows[lead].quarters) == (2, 9, (1, 0, 0, 1))
    assert (rows[partner].events, rows[partner].kinds["project"]) == (1, 1)
    assert (rows[idle].events, rows[idle].attendance) == (0, 0)
    assert (whole.events, whole.attendance) == (2, 9)


def test_only_reviewed_work_of_the_year_and_the_committee_counts(committee):
    unit = UnitFactory()
    ActivityFactory(unit=unit, sent=True, happened_on=SPRING)
    ActivityFactory(unit=unit, returned=True, happened_on=SPRING)
    ActivityFactory(unit=unit, reviewed=True, happened_on=date(2024, 12, 31))
    ActivityFactory(unit=unit, reviewed=True, happened_on=date(2026, 1, 1))
    ActivityFactory(
        unit=UnitFactory(parent=CommitteeFactory(slug="other")), reviewed=True, happened_on=SPRING
    )
    counted = ActivityFactory(unit=unit, reviewed=True, happened_on=date(2025, 12, 31))

    assert list(queries.counted(committee, 2025)) == [counted]
    assert [row.events for row in queries.totals(committee, 2025)] == [1]
    assert queries.by_quarter(queries.counted(committee, 2025))[4].events == 1
    assert queries.totals(committee, 2025, quarter=1)[0].events == 0


def test_attendance_is_summed_by_event_and_units_stand_in_their_order(committee):
    """人次按场累计，不去重；单位按规范排序。"""
    last, first = UnitFactory(order=9), UnitFactory(order=1)
    for _ in range(2):  # the same twelve people, twice on one day
        ActivityFactory(unit=last, reviewed=True, happened_on=SPRING, attendance=12, beneficiaries=30)
    ActivityFactory(unit=last, sent=True, happened_on=SPRING, attendance=500, beneficiaries=500)

    rows = queries.totals(committee, 2025)

    assert [row.unit for row in rows] == [first, last]
    assert [(row.attendance, row.beneficiaries) for row in rows] == [(0, 0), (24, 60)]


def test_an_action_branch_below_the_committee_is_listed_only_with_work(committee):
    busy, idle = ActionBranchFactory(parent=committee), ActionBranchFactory(parent=committee)
    ActivityFactory(unit=busy, reviewed=True, happened_on=SPRING)

    assert [row.unit for row in queries.totals(committee, 2025)] == [busy]
    assert idle not in [row.unit for row in queries.totals(committee, 2025)]


def test_totals_cost_the_same_with_much_work(committee, cost):
    units = [UnitFactory() for _ in range(3)]
    spent = []
    for number in (2, 40):
        Activity.objects.bulk_create(
            ActivityFactory.build(unit=units[n % 3], state="reviewed", happened_on=SPRING)
            for n in range(number)
        )
        with cost() as now:
            queries.totals(committee, 2025)
            queries.by_quarter(queries.counted(committee, 2025))
        spent.append((now.queries, now.rows))

    assert spent[0][0] == spent[1][0] == 3
    assert spent[1][1] <= 10  # three units twice and one quarter, not forty activities


def test_months_and_kinds_hold_every_month(committee):
    ActivityFactory(reviewed=True, happened_on=SPRING, kind="enterprise")
    ActivityFactory(reviewed=True, happened_on=SPRING, kind="people")

    months = queries.by_kind_and_month(committee, 2025)

    assert list(months) == list(range(1, 13))
    assert months[2] == {"enterprise": 1, "project": 0, "grassroots": 0, "people": 1}
    assert sum(sum(kinds.values()) for kinds in months.values()) == 2


def test_recorded_figures_sum_the_reviewed_ones_once():
    rows = [
        ActivityFactory(
            reviewed=True, attendance=3, beneficiaries=10, hours="2.5", problems_received=4, problems_closed=3,
            joint_with=[UnitFactory(), UnitFactory()],
        ),
        ActivityFactory(reviewed=True, attendance=1),
        ActivityFactory(sent=True, attendance=100),
    ]  # fmt: skip

    assert queries.recorded_figures([row.pk for row in rows]) == {
        "events": 2,
        "attendance": 4,
        "beneficiaries": 10,
        "hours": Decimal("2.5"),
        "problems_received": 4,
        "problems_closed": 3,
    }
    assert queries.recorded_figures([])["events"] == 0


def test_register_figures_are_the_articles(committee, django_assert_num_queries):
    lead, partner, branch_owner = UnitFactory(), UnitFactory(), UnitFactory()
    action = ActionBranchFactory(parent=committee)
    ActivityFactory(
        unit=lead, reviewed=True, is_volunteering=True, happened_on=SPRING, joint_with=[partner, action]
    )
    ActivityFactory(unit=UnitFactory(parent=lead), reviewed=True, is_volunteering=True, happened_on=AUTUMN)
    ActivityFactory(unit=branch_owner, reviewed=True, happened_on=SPRING)
    oilfield, town = CommunityFactory(kind="oilfield"), CommunityFactory(kind="town")
    for community in (oilfield, oilfield, town):
        JointProjectFactory(unit=lead, community=community, agreed_on=SPRING)
    JointProjectFactory(
        unit=lead, community=CommunityFactory(kind="oilfield"), agreed_on=SPRING, state="sent"
    )
    member = PartyMemberFactory(unit=lead)
    for community in (oilfield, town):
        RegistrationFactory(member=member, community=community, registered_on=AUTUMN)
    VolunteerBrandFactory(unit=lead, founded_on=SPRING, team=0)
    VolunteerBrandFactory(unit=lead, founded_on=SPRING)
    VolunteerBrandFactory(unit=lead, founded_on=date(2024, 5, 1))
    DonationFactory(unit=lead, donated_on=SPRING, amount="301000")
    DonationFactory(unit=partner, donated_on=SPRING, amount="705.50", purpose="助学")
    BrightIdeaFactory(unit=lead, proposed_on=SPRING, state=LogState.RETURNED)

    with django_assert_num_queries(1):
        figures = queries.register_figures(committee, 2025)

    assert figures == {
        "volunteering_units": 2,
        "oilfield_communities": 1,
        "joint_projects": 3,
        "registrations": 2,
        "registered_members": 1,
        "brands": 1,
        "donations": Decimal("301705.50"),
        "epidemic_donations": Decimal("301000.00"),
        "ideas": 0,
    }


def test_a_unit_takes_part_through_its_branches():
    unit, other = UnitFactory(), UnitFactory()
    joint = ActivityFactory(unit=other, reviewed=True, joint_with=[unit])
    own = ActivityFactory(unit=UnitFactory(parent=unit), reviewed=True)
    ActivityFactory(unit=other, reviewed=True)

    found = queries.taken_part_in(Activity.objects.all(), Unit.objects.within([unit]))

    assert set(found) == {joint, own}


def test_the_closing_rate_is_never_rounded_up_to_all():
    activities = Activity.objects.all()
    ActivityFactory(problems_received=3000, problems_closed=2999)

    assert queries.district_totals(activities).closing_percent == "99.9%"
    Activity.objects.update(problems_received=0, problems_closed=0)
    assert queries.district_totals(activities).closing_percent == ""
