"""What stands in the head of every page, and in the person's own menu."""

import re

import pytest
from django.test import RequestFactory
from django.urls import reverse

from awards.campaign.models import CHOSEN_YEAR
from awards.home.navigation import items_for, menu_for
from tests.factories import (
    AuditorFactory,
    CampaignFactory,
    ClerkFactory,
    CommitteeFactory,
    MemberFactory,
    OfficeFactory,
    ReviewerUserFactory,
    SecadminFactory,
    SupervisorFactory,
    SysadminFactory,
)

pytestmark = pytest.mark.django_db

OFFICE = [
    "服务记录",
    "资格审查",
    "评审",
    "排名",
    "审定",
    "公示与异议",
    "结果",
    "年度设置",
    "年度数据",
    "公示公告",
]


def asked_by(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return request


@pytest.mark.parametrize(
    ("factory", "head", "menu"),
    [
        (ClerkFactory, ["服务记录", "申报", "年度数据", "公示公告"], []),
        (OfficeFactory, OFFICE, ["年度活动", "党组织", "账号与岗位"]),
        (ReviewerUserFactory, ["我的评审", "公示公告"], []),
        (MemberFactory, ["会议议程", "排名", "年度数据", "公示公告"], []),
        (SupervisorFactory, ["评审", "排名", "审定", "公示与异议", "年度数据", "公示公告"], ["党组织"]),
        (SysadminFactory, ["账号", "党组织"], ["岗位"]),
        (SecadminFactory, ["岗位确认"], ["党组织", "账号"]),
        (AuditorFactory, ["审计日志"], ["账号"]),
    ],
)
def test_each_role_finds_its_places(factory, head, menu):
    campaign = CampaignFactory()
    request = asked_by(factory())

    assert [item.label for item in items_for(request, campaign)] == ["待办", *head]
    assert [item.label for item in menu_for(request)] == menu


def test_without_a_year_the_places_that_need_one_are_left_out():
    labels = [item.label for item in items_for(asked_by(OfficeFactory()), None)]

    assert labels == ["待办", "服务记录", "公示公告"]


@pytest.mark.parametrize("path", ["/activities/", "/registers/brands/", "/action-tasks/"])
def test_pages_below_a_place_mark_it(path):
    items = items_for(asked_by(ClerkFactory(), path), None)

    assert [item.label for item in items if item.current] == ["服务记录"]


def in_the_head(page) -> list[str]:
    found = re.search(r"data-years>.*?</details>", page.text, re.S)
    return re.findall(r'href="([^"]*)"', found[0]) if found else []


def test_two_open_years_are_both_reached_from_every_page(client):
    office = OfficeFactory()
    first = CampaignFactory(organiser=office.posts.get().unit, code="2026", year=2026)
    client.force_login(office)
    assert in_the_head(client.get("/activities/")) == []

    CampaignFactory(organiser=first.organiser, code="2027", year=2027)
    page = client.get("/activities/")
    assert in_the_head(page) == ["/?year=2027", "/?year=2026"]
    assert reverse("awards:screening-queue", args=["2027"]) in page.text

    client.get("/?year=2026")
    for address in ("/", "/activities/"):
        page = client.get(address)
        assert reverse("awards:screening-queue", args=["2026"]) in page.text
        assert reverse("awards:screening-queue", args=["2027"]) not in page.text
    # A page that holds its year asks no question for it and still offers the other.
    assert in_the_head(client.get(reverse("awards:campaign", args=["2026"]))) == [
        "/?year=2027",
        "/?year=2026",
    ]


@pytest.mark.parametrize("asked", ["2019", "x" * 300, "%00"])
def test_a_year_that_is_none_of_the_open_ones_is_not_chosen(client, asked):
    office = OfficeFactory()
    CampaignFactory(organiser=office.posts.get().unit, code="2026", year=2026)
    client.force_login(office)

    assert client.get(f"/?year={asked}").status_code == 200
    assert CHOSEN_YEAR not in client.session


def test_another_committees_open_year_is_not_offered(client):
    CampaignFactory(code="2027", year=2027, organiser=CommitteeFactory(slug="other"))
    office = OfficeFactory()
    CampaignFactory(organiser=office.posts.get().unit, code="2026", year=2026)
    client.force_login(office)

    assert in_the_head(client.get("/")) == []
