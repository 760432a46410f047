"""/appraisal/<campaign>/: who reads which organizations, what counts, what it costs."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from awards.campaign.models import Campaign
from awards.nomination.models import Partner
from awards.result.actions import announce_results, revoke_result
from awards.result.models import Result
from awards.states import State
from tests.awards.notice.rounds import at, on_notice, over
from tests.factories import (
    AuditorFactory,
    CampaignFactory,
    CommitteeFactory,
    MemberFactory,
    NominationFactory,
    OfficeFactory,
    ReviewerUserFactory,
    SecretaryFactory,
    SupervisorFactory,
    UnitFactory,
)
from units.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    """campaign, entries, office; five of seven announced, the first of them with a partner."""
    campaign, files, office, notice = on_notice()
    partner = UnitFactory()
    Partner.objects.create(nomination=files[0], unit=partner, confirmed_at=timezone.now())
    with at(over(notice)):
        announce_results(campaign, document_number="东区直工委〔2026〕12号", actor=office)
    campaign.refresh_from_db()
    return campaign, files, office, partner


def asked(client, campaign, user, name="appraisal", **query):
    client.force_login(user)
    return client.get(reverse(f"awards:{name}", args=[campaign.code]), query)


def points(answer):
    return {row.unit.pk: row.total for row in answer.context["page_obj"]}


def test_leads_partners_and_nobody_else_count_and_a_revoked_result_counts_nothing(client, year):
    campaign, files, office, partner = year
    revoke_result(Result.objects.get(nomination=files[1]), reason="材料造假", actor=office)
    found = points(asked(client, campaign, office))
    assert found == {file.unit_id: 3 for file in files[:5]} | {files[1].unit_id: 0, partner.pk: 1.5}
    assert "已撤销，核减" in asked(client, campaign, office).content.decode()


def test_the_shortlisted_of_a_year_with_two_stages_count_one(client):
    campaign = CampaignFactory(two_stages=True)
    file = NominationFactory(campaign=campaign, state=State.NOT_SELECTED, code="2099-F-001")
    out = NominationFactory(campaign=campaign, state=State.NOT_SHORTLISTED, code="2099-F-002")
    office = OfficeFactory(unit=campaign.organiser)
    assert points(asked(client, campaign, office)) == {}
    Campaign.objects.filter(pk=campaign.pk).update(announced_at=timezone.now())
    found = points(asked(client, campaign, office))
    assert found == {file.unit.top_id: 1}
    assert out.unit.top_id not in found


def test_a_unit_reads_itself_and_the_committee_all(client, year):
    campaign, files, _, _ = year
    answer = asked(client, campaign, SecretaryFactory(unit=files[0].unit))
    assert set(points(answer)) == {files[0].unit_id}
    assert files[1].title not in answer.content.decode()
    for person in (MemberFactory(), SupervisorFactory(), OfficeFactory()):
        assert len(points(asked(client, campaign, person))) == 6
    for person in (ReviewerUserFactory(), AuditorFactory()):
        assert asked(client, campaign, person).status_code == 403
        assert asked(client, campaign, person, export="xlsx").status_code == 403
    stranger = OfficeFactory(unit=CommitteeFactory(slug="elsewhere"))
    assert asked(client, campaign, stranger).status_code == 404
    client.logout()
    assert client.get(reverse("awards:appraisal", args=[campaign.code])).status_code == 302


def test_the_workbook_follows_each_figure_to_its_project_and_is_noted(client, year):
    campaign, files, office, _ = year
    answer = asked(client, campaign, office, export="xlsx", q=files[0].unit.name)
    cells = [
        cell
        for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
        for cell in row
    ]
    assert files[0].title in cells
    assert "示范项目牵头" in cells
    assert files[1].title not in cells
    assert AuditEntry.objects.filter(event="exported").count() == 1
    secretary = SecretaryFactory(unit=files[1].unit)
    answer = asked(client, campaign, secretary, export="xlsx")
    cells = [
        cell
        for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
        for cell in row
    ]
    assert files[0].title not in cells


def test_the_list_costs_the_same_with_one_organization_and_with_six(client, cost, year):
    campaign, files, office, _ = year
    asked(client, campaign, office)
    with cost() as six:
        asked_again = client.get(reverse("awards:appraisal", args=[campaign.code]))
    assert len(points(asked_again)) == 6
    Partner.objects.all().delete()
    type(files[0]).objects.filter(pk__in=[f.pk for f in files[1:]]).update(state=State.NOT_SHORTLISTED)
    with cost() as one:
        asked_again = client.get(reverse("awards:appraisal", args=[campaign.code]))
    assert len(points(asked_again)) == 1
    assert one.queries == six.queries <= 10
