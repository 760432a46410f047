"""/dashboard/<campaign>/: figures, tables, each role's cut, what it costs."""

from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from awards.campaign.models import Campaign
from awards.dashboard.figures import FIGURES
from awards.states import State
from services.models.logged import LogState
from tests.factories import (
    ActivityFactory,
    CampaignFactory,
    CommitteeFactory,
    NominationFactory,
    PostFactory,
    RegistrationFactory,
    UnitFactory,
    UserFactory,
)
from units.audit.models import AuditEntry
from units.roles import Role

pytestmark = pytest.mark.django_db

YEAR = timezone.localdate().year


@pytest.fixture
def campaign():
    return CampaignFactory(code=str(YEAR), year=YEAR, two_stages=True)


def somebody(role: Role, unit=None):
    user = UserFactory()
    PostFactory(user=user, unit=unit or CommitteeFactory(), role=role)
    return user


def page(client, campaign, user, name="dashboard", *more, **query):
    client.force_login(user)
    return client.get(reverse(f"awards:{name}", args=[campaign.code, *more]), query)


# ---------------------------------------------------------------- who sees what


@pytest.mark.parametrize(
    ("role", "tables"),
    [
        (Role.OFFICE, {"months", "quarters", "registrations", "nominations"}),
        (Role.SUPERVISOR, {"months", "quarters", "registrations", "nominations"}),
        (Role.MEMBER, {"months", "quarters", "registrations"}),
        (Role.REVIEWER, {"months", "quarters", "registrations"}),
    ],
)
def test_the_committee_sees_the_year_and_its_office_the_states(client, campaign, role, tables):
    answer = page(client, campaign, somebody(role))

    assert answer.status_code == 200
    assert {table.key for table in answer.context["tables"]} == tables


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.CLERK])
def test_a_unit_sees_itself_beside_the_district_and_no_states_before_the_notice(client, campaign, role):
    unit, other = UnitFactory(), UnitFactory()
    for lead in (unit, other, other):
        RegistrationFactory(unit=lead, registered_on=date(YEAR, 1, 1), state=LogState.REVIEWED)
    NominationFactory(campaign=campaign, unit=unit, state=State.PROPOSED, code=f"{YEAR}-F-901")
    answer = page(client, campaign, somebody(role, unit))

    assert {table.key for table in answer.context["tables"]} == {"months", "quarters"}
    [(_, lines)] = answer.context["own"]
    registered = next(line for line in lines if line["key"] == "registered_members")
    assert (registered["own"], registered["value"]) == (1, 3)
    words = answer.content.decode()
    assert State.SHORTLISTED.label in words  # what it was when the meeting took it up
    assert State.PROPOSED.label not in words
    assert other.short_name not in words


def test_with_one_stage_a_decided_file_still_reads_as_qualified(client):
    campaign, unit = CampaignFactory(), UnitFactory()
    NominationFactory(campaign=campaign, unit=unit, state=State.NOT_SELECTED, code="2099-F-901")
    words = page(client, campaign, somebody(Role.SECRETARY, unit)).content.decode()
    assert State.QUALIFIED.label in words
    assert State.SHORTLISTED.label not in words
    assert State.NOT_SELECTED.label not in words


def test_once_the_outcome_is_public_a_unit_sees_how_all_files_stand(client, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(outcome_public_at=timezone.now())
    NominationFactory(campaign=campaign, state=State.NOT_SELECTED, code=f"{YEAR}-F-901")
    answer = page(client, campaign, somebody(Role.SECRETARY, UnitFactory()))

    assert "nominations" in {table.key for table in answer.context["tables"]}
    assert State.NOT_SELECTED.label in answer.content.decode()


@pytest.mark.parametrize("name", ["dashboard", "dashboard-export"])
def test_strangers_go_to_the_log_in_page(client, campaign, name):
    answer = client.get(reverse(f"awards:{name}", args=[campaign.code]))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR])
@pytest.mark.parametrize("name", ["dashboard", "dashboard-export"])
def test_administrators_see_no_figures(client, campaign, role, name):
    assert page(client, campaign, somebody(role), name).status_code == 403


@pytest.mark.parametrize("role", [Role.OFFICE, Role.MEMBER])
def test_another_committees_year_is_not_there(client, campaign, role):
    user = somebody(role, CommitteeFactory(slug="elsewhere"))
    assert page(client, campaign, user).status_code == 404
    assert page(client, campaign, user, "dashboard-rows", "brands").status_code == 404


@pytest.mark.parametrize("export", ["", "xlsx"])
def test_the_rows_behind_a_figure_are_the_committees_alone(client, campaign, export):
    name = "dashboard-rows"
    assert page(client, campaign, somebody(Role.OFFICE), name, "brands", export=export).status_code == 200
    assert (
        page(
            client, campaign, somebody(Role.SECRETARY, UnitFactory()), name, "brands", export=export
        ).status_code
        == 403
    )
    assert page(client, campaign, somebody(Role.REVIEWER), name, "brands", export=export).status_code == 403
    assert page(client, campaign, somebody(Role.OFFICE), name, "nothing", export=export).status_code == 404


def test_an_unopened_year_is_the_offices_alone(client):
    campaign = CampaignFactory(unopened=True)
    assert page(client, campaign, somebody(Role.OFFICE)).status_code == 200
    assert page(client, campaign, somebody(Role.MEMBER)).status_code == 404


# ---------------------------------------------------------------- what it says


def test_only_reviewed_rows_of_the_year_count(client, campaign):
    ActivityFactory(happened_on=date(YEAR, 1, 1), state=LogState.REVIEWED, is_volunteering=True)
    ActivityFactory(happened_on=date(YEAR, 1, 1), state=LogState.SENT, is_volunteering=True)
    ActivityFactory(happened_on=date(YEAR - 1, 12, 31), state=LogState.REVIEWED, is_volunteering=True)
    answer = page(client, campaign, somebody(Role.OFFICE))

    lines = {line["key"]: line["value"] for line in answer.context["figures"]}
    assert lines["volunteering_units"] == 1
    months = answer.context["tables"][0]
    assert months.rows[0][-1] == months.total[-1] == 1


def test_every_table_is_a_sheet_with_the_same_figures(client, campaign):
    ActivityFactory(happened_on=date(YEAR, 1, 1), state=LogState.REVIEWED)
    office = somebody(Role.OFFICE)
    tables = page(client, campaign, office).context["tables"]
    whole = load_workbook(BytesIO(page(client, campaign, office, "dashboard-export").content))
    one = load_workbook(BytesIO(page(client, campaign, office, "dashboard-export", table="months").content))

    assert len(whole.sheetnames) == len(tables) + 1
    cells = [[cell.value for cell in row] for row in one.active.iter_rows(min_row=3)]
    assert cells[0] == list(tables[0].head)
    assert cells[1] == list(tables[0].rows[0])
    assert AuditEntry.objects.filter(event="exported", campaign=campaign.code).count() == 2
    assert page(client, campaign, office, "dashboard-export", table="none").status_code == 404


def test_each_chart_stands_beside_its_table_and_needs_no_inline_script(client, campaign):
    words = page(client, campaign, somebody(Role.OFFICE)).content.decode()
    assert words.count("data-chart=") == words.count('role="img"') == words.count("?table=") == 4
    assert "style=" not in words
    assert "<script>" not in words


# ---------------------------------------------------------------- what it costs


@pytest.mark.parametrize("role", [Role.OFFICE, Role.SECRETARY, Role.MEMBER])
def test_the_page_takes_twelve_statements_at_most(client, campaign, cost, role):
    user = somebody(role, UnitFactory() if role == Role.SECRETARY else None)
    page(client, campaign, user)
    with cost() as spent:
        client.get(reverse("awards:dashboard", args=[campaign.code]))
    assert spent.queries <= 12, spent.statements


def test_sixty_and_six_hundred_entries_cost_the_same(client, cost):
    def spent_on(entries):
        out = StringIO()
        call_command("volume", entries=entries, reviewers=10, units=5, stdout=out, stderr=StringIO())
        campaign = Campaign.objects.get(code=out.getvalue().strip())
        user = somebody(Role.OFFICE, campaign.organiser)
        client.force_login(user)
        url = reverse("awards:dashboard", args=[campaign.code])
        client.get(url)
        with cost() as spent:
            client.get(url)
        return spent.queries, spent.rows - Campaign.objects.count()

    CommitteeFactory()
    few, many = spent_on(60), spent_on(600)
    assert few == many
    assert few[0] <= 12


@pytest.mark.parametrize("figure", [figure.key for figure in FIGURES])
def test_the_list_behind_a_figure_costs_the_same_with_one_and_three_rows(client, campaign, cost, figure):
    office = somebody(Role.OFFICE)
    client.force_login(office)
    url = reverse("awards:dashboard-rows", args=[campaign.code, figure])

    def spent():
        RegistrationFactory(registered_on=date(YEAR, 1, 1), state=LogState.REVIEWED)
        ActivityFactory(happened_on=date(YEAR, 1, 1), state=LogState.REVIEWED, is_volunteering=True)
        with cost() as spending:
            assert client.get(url).status_code == 200
        return spending.queries

    client.get(url)
    one = spent()
    spent()
    assert one == spent() <= 10
