"""Each sentence of 统计口径, tried by rows that must count and rows that must not."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from awards.campaign.models import Campaign
from awards.dashboard.figures import BY_KEY
from awards.dashboard.permissions import Cut
from awards.dashboard.queries import category_counts, figure_lines
from awards.result.models import Result
from awards.states import State
from services.models.logged import LogState
from tests.factories import CampaignFactory, CommitteeFactory, NominationFactory, UnitFactory
from tests.factories.services import (
    ActionBranchFactory,
    ActivityFactory,
    DonationFactory,
    JointProjectFactory,
    RegistrationFactory,
    VolunteerBrandFactory,
)
from tests.factories.units import CommunityFactory, PartyMemberFactory

pytestmark = pytest.mark.django_db

YEAR = 2026
NOW = timezone.now()
SPRING, BEFORE = date(YEAR, 3, 5), date(YEAR - 1, 12, 31)
EVERYTHING = Cut((), rows=True, inside=True, outcome=True)
Case = Callable[[], object]


def oilfield(**more):
    return JointProjectFactory(community=CommunityFactory(kind="oilfield"), agreed_on=SPRING, **more)


def twice(project) -> None:
    """The same project as another unit of it enters it."""
    same = {name: getattr(project, name) for name in ("name", "community", "agreed_on")}
    JointProjectFactory(unit=UnitFactory(), **same)


def registered_again():
    first = RegistrationFactory(registered_on=SPRING)
    RegistrationFactory(member=first.member, unit=first.unit, registered_on=date(YEAR, 9, 1))


def volunteering(**more):
    return ActivityFactory(**{"is_volunteering": True, "reviewed": True, "happened_on": SPRING} | more)


def announced(**more):
    """A project of the circular."""
    file = NominationFactory(campaign=Campaign.objects.get(), state=State.PROPOSED, code=f"{YEAR}-F-901")
    kept = {"category": file.category, "title": file.title, "unit_name": str(file.unit)}
    Result.objects.create(campaign=file.campaign, nomination=file, announced_at=NOW, **kept, **more)


# key → what adds one to the figure (of donations: its amount), and what adds nothing.
CASES: dict[str, tuple[list[Case], list[Case]]] = {
    "volunteering_units": (
        [volunteering, lambda: volunteering(unit=UnitFactory(parent=UnitFactory()))],
        [
            lambda: volunteering(is_volunteering=False),
            lambda: volunteering(happened_on=BEFORE),
            lambda: volunteering(reviewed=False, sent=True),
            lambda: volunteering(unit=ActionBranchFactory(parent=CommitteeFactory())),
        ],
    ),
    "registered_members": (
        [lambda: RegistrationFactory(registered_on=SPRING), registered_again],
        [
            lambda: RegistrationFactory(registered_on=BEFORE),
            lambda: RegistrationFactory(registered_on=SPRING, state=LogState.SENT),
        ],
    ),
    "joint_projects": (
        [lambda: JointProjectFactory(agreed_on=SPRING), lambda: twice(JointProjectFactory(agreed_on=SPRING))],
        [lambda: JointProjectFactory(agreed_on=BEFORE)],
    ),
    "brands": (
        [lambda: VolunteerBrandFactory(founded_on=SPRING, team=1)],
        [
            lambda: VolunteerBrandFactory(founded_on=SPRING, team=0),
            lambda: VolunteerBrandFactory(founded_on=BEFORE),
        ],
    ),
    "oilfield_communities": (
        [oilfield, lambda: JointProjectFactory(community=oilfield().community, agreed_on=SPRING)],
        [
            lambda: JointProjectFactory(community=CommunityFactory(kind="town"), agreed_on=SPRING),
            lambda: oilfield(state=LogState.SENT),
        ],
    ),
    "action_branches": (
        [
            lambda: ActionBranchFactory(active_from=SPRING),
            lambda: ActionBranchFactory(active_from=SPRING, active_to=date(YEAR, 6, 1)),
        ],
        [
            lambda: ActionBranchFactory(active_from=SPRING, approval_number=""),
            lambda: ActionBranchFactory(active_from=BEFORE),
        ],
    ),
    "front_line_members": (
        [lambda: PartyMemberFactory(joined_year=YEAR, front_line="疫情防控")],
        [
            lambda: PartyMemberFactory(joined_year=YEAR),
            lambda: PartyMemberFactory(joined_year=YEAR - 1, front_line="疫情防控"),
        ],
    ),
    "donations": (
        [lambda: DonationFactory(donated_on=SPRING, amount=1)],
        [
            lambda: DonationFactory(donated_on=BEFORE, amount=1),
            lambda: DonationFactory(donated_on=SPRING, amount=1, state=LogState.SENT),
        ],
    ),
    "results": (
        [announced],
        [
            lambda: announced(revoked_at=NOW, revoke_reason="材料不实"),
            lambda: NominationFactory(
                campaign=Campaign.objects.get(), state=State.PROPOSED, code=f"{YEAR}-F-902"
            ),
        ],
    ),
}


def test_every_figure_has_its_rows_here():
    assert set(CASES) == set(BY_KEY)


@pytest.mark.parametrize(
    ("key", "make", "counts"),
    [
        (key, make, counts)
        for key in CASES
        for counts, made in zip((1, 0), CASES[key], strict=True)
        for make in made
    ],
)
def test_a_figure_counts_what_its_sentence_says(key, make, counts):
    campaign = CampaignFactory(code=str(YEAR), year=YEAR)
    make()
    (line,) = [
        line for line in figure_lines(campaign, category_counts(campaign, EVERYTHING)) if line["key"] == key
    ]
    assert line["value"] == BY_KEY[key].rows(campaign).count() == counts


def test_donations_against_the_epidemic_are_told_apart():
    campaign = CampaignFactory(code=str(YEAR), year=YEAR)
    DonationFactory(donated_on=SPRING, amount=1705, purpose="疫情防控捐款")
    DonationFactory(donated_on=SPRING, amount=300, purpose="助学")
    lines = figure_lines(campaign, category_counts(campaign, EVERYTHING))
    (line,) = [line for line in lines if line["key"] == "donations"]
    assert (line["label"], line["value"]) == ("捐款（疫情防控1,705）", 2005)
