"""What stands in the head of every page, and in the person's own menu."""

import pytest
from django.test import RequestFactory

from awards.home.navigation import items_for, menu_for
from tests.factories import (
    AuditorFactory,
    CampaignFactory,
    ClerkFactory,
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
        (AuditorFactory, ["审计日志"], []),
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
