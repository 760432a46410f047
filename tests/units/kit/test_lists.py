"""The list kit: what a declaration gives on the page and in the workbook."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from awards.campaign.models import Campaign
from awards.nomination.models import Nomination
from awards.states import State
from services.models.activities import Activity
from tests.factories import ClerkFactory, OfficeFactory, SysadminFactory, UnitFactory, UserFactory
from tests.factories.awards import CampaignFactory, NominationFactory
from tests.factories.services import ActivityFactory
from tests.factories.units import PASSWORD, PostFactory
from units.kit.lists import PER_PAGE
from units.models import Post, User
from units.roles import Role


@pytest.fixture
def sysadmin(client):
    client.force_login(SysadminFactory(username="a-sysadmin"))
    return client


def pages(client, url, **query):
    """The rows of each page, one after the other."""
    number, found = 1, []
    while True:
        page = client.get(url, query | {"page": number}).context["page_obj"]
        found += [row.pk for row in page]
        if not page.has_next():
            return found
        number += 1


@pytest.mark.parametrize("order", ["name", "-name", "last_login", "-last_login", "nonsense", ""])
@pytest.mark.django_db
def test_rows_that_tie_are_neither_repeated_nor_lost_between_pages(sysadmin, order):
    User.objects.bulk_create(
        UserFactory.build(name="同名", username=f"p{n:03}") for n in range(2 * PER_PAGE + 5)
    )

    found = pages(sysadmin, reverse("units:account-list"), order=order)

    assert len(found) == len(set(found)) == User.objects.count()


@pytest.mark.django_db
def test_what_is_empty_comes_last_both_ways(sysadmin):
    UserFactory(username="never", last_login=None)

    for order in ("last_login", "-last_login"):
        assert (
            pages(sysadmin, reverse("units:account-list"), order=order)[-1]
            == User.objects.get(username="never").pk
        )


@pytest.mark.django_db
def test_the_workbook_has_the_rows_of_the_search_in_the_order_asked_for(sysadmin):
    for name in ("甲一", "甲三", "甲二", "乙"):
        UserFactory(name=name, username=name)
    query = {"q": "甲", "order": "-username"}

    listed = sysadmin.get(reverse("units:account-list"), query).context["page_obj"]
    sheet = load_workbook(
        BytesIO(sysadmin.get(reverse("units:account-list"), query | {"export": "xlsx"}).content)
    )

    rows = list(sheet.active.iter_rows(min_row=3, values_only=True))
    assert rows[0][:3] == ("账号", "姓名", "职务")
    assert [row[0] for row in rows[1:]] == [person.username for person in listed] != []


@pytest.mark.django_db
def test_a_filter_keeps_the_order_and_clearing_it_is_one_click(sysadmin):
    page = sysadmin.get(reverse("units:account-list"), {"q": "没有这个人", "order": "-name"}).content.decode()

    assert '<input type="hidden" name="order" value="-name">' in page
    assert "没有符合条件的账号" in page
    assert f'href="{reverse("units:account-list")}">清除条件' in page


def more_accounts(number):
    """Each with one post, as whoever asks has: who stands on the first page makes no difference."""
    people = User.objects.bulk_create(UserFactory.build() for _ in range(number))
    unit = UnitFactory()
    Post.objects.bulk_create(PostFactory.build(user=person, unit=unit, role=Role.CLERK) for person in people)


def more_activities(number):
    unit = UnitFactory()
    Activity.objects.bulk_create(ActivityFactory.build(unit=unit, state="sent") for _ in range(number))


def more_nominations(number):
    unit, campaign = UnitFactory(), Campaign.objects.first() or CampaignFactory()
    category = campaign.categories.first()
    begun = Nomination.objects.count()
    Nomination.objects.bulk_create(
        NominationFactory.build(
            unit=unit, campaign=campaign, category=category, state=State.SUBMITTED,
            code=f"{campaign.code}-{category.letter}-{begun + n:03}", submitted_at=timezone.now(),
        )
        for n in range(number)
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "who", "more"),
    [
        ("/people/", SysadminFactory, more_accounts),
        ("/activities/", OfficeFactory, more_activities),
        ("/nominations/", OfficeFactory, more_nominations),
    ],
)
def test_one_three_sixty_and_five_hundred_rows_cost_the_same(client, cost, url, who, more):
    client.force_login(who())
    spent, whole = [], 0
    for wanted in (1, 3, 60, 500):
        more(wanted - whole)
        whole = wanted
        client.get(url)  # the first request writes the session
        with cost() as paid:
            assert client.get(url).status_code == 200
        spent.append(paid)

    assert {paid.queries for paid in spent} == {spent[0].queries}
    assert spent[0].queries <= 10
    assert spent[2].rows == spent[3].rows


@pytest.mark.browser
def test_what_is_ticked_on_a_page_is_sent_by_the_bars_button(page, live_server):
    office = OfficeFactory()
    rows = [ActivityFactory(logged_by=ClerkFactory(), state="sent", subject=f"第{n}件") for n in range(3)]
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", office.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    page.goto(f"{live_server.url}/activities/?order=happened_on")

    page.get_by_label("选择本页全部").check()
    page.get_by_label("第1件").uncheck()
    assert page.locator("[data-picked]").inner_text() == "2"
    with page.expect_navigation():
        page.get_by_role("button", name="审核通过").click()

    states = []
    for row in rows:
        row.refresh_from_db()
        states.append(row.state)
    assert states == ["reviewed", "sent", "reviewed"]
