"""An act that takes two people, each in a browser of their own."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from awards.campaign.models import Extension
from tests.factories.awards import CampaignFactory
from tests.factories.units import PASSWORD, OfficeFactory, SupervisorFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.commits]


def test_one_proposes_and_the_other_confirms_after_a_wrong_password(open_as):
    campaign = CampaignFactory()
    office, supervisor = (factory(unit=campaign.organiser) for factory in (OfficeFactory, SupervisorFactory))
    first = open_as(office, reverse("awards:campaign-extend", args=[campaign.code, "nomination"]))
    first.fill("[name=new]", "2199-12-31T17:00")
    first.fill("[name=reason]", "台风影响，材料无法按时送达。")
    first.locator("[name=proposal-why]").select_option("changed")
    first.get_by_role("button", name="提出，等待确认").click()
    first.wait_for_url(re.compile("/pending/"))
    expect(first.get_by_text("等待确认。")).to_be_visible()
    assert not Extension.objects.exists()

    second = open_as(supervisor, "/")
    second.get_by_text("1件双人事项待您确认").click()
    second.get_by_role("link", name="延长期限").click()
    expect(second.locator("main")).to_contain_text("2199年12月31日")
    second.fill("[name=proof]", "不对")
    second.get_by_role("button", name="确认办理").click()
    expect(second.get_by_text("登录密码不正确。", exact=True)).to_be_visible()
    second.fill("[name=proof]", PASSWORD)
    second.get_by_role("button", name="确认办理").click()
    expect(second.get_by_text("已确认。已延长")).to_be_visible()

    assert Extension.objects.get().made_by == office
    first.reload()
    expect(first.locator("main")).to_contain_text("已确认")
