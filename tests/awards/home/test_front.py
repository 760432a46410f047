"""The public front page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from awards.campaign.actions.calendar import seed_year
from awards.campaign.models import Phase
from awards.campaign.queries.calendar import working_calendar
from awards.states import State
from tests.factories.awards import CampaignFactory, NominationFactory, NoticeFactory
from units.models import User

pytestmark = pytest.mark.django_db


def result_of(campaign, title="示范甲", **given):
    nomination = NominationFactory(campaign=campaign, full=True, state=State.SELECTED)
    return campaign.results.create(
        nomination=nomination, category=nomination.category, title=title, unit_name="某局机关党委", **given
    )


def text_of(client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_portal_stands_before_its_first_year(client):
    text = text_of(client)
    assert "登录" in text
    assert "现在没有公示" in text


def test_the_call_and_the_year_are_public(client):
    CampaignFactory(call="请按时申报。", now_in=Phase.SCREENING, contact_phone="0546-1234567")
    text = text_of(client)
    for words in ("请按时申报。", "资格审查，还有5天", "0546-1234567"):
        assert words in text


def test_an_unopened_year_is_not(client):
    CampaignFactory(unopened=True, call="不要外传")
    CampaignFactory(is_scratch=True, call="试验数据")
    text = text_of(client)
    assert "不要外传" not in text
    assert "试验数据" not in text


def test_a_running_notice_counts_down_in_working_days(client):
    seed_year(timezone.localdate().year)
    notice = NoticeFactory(running=True)
    response = client.get("/")
    (line,) = response.context["notices"]
    calendar, today = working_calendar(), timezone.localdate()
    days = [today + timedelta(days=n) for n in range((notice.last_day - today).days + 1)]
    assert line.left == sum(calendar.is_working(day) for day in days)
    assert f"还有{line.left}个工作日" in response.content.decode()
    assert notice.title in response.content.decode()


def test_a_draft_notice_is_not_public_and_a_past_one_is_over(client):
    NoticeFactory(title="草稿公示")
    past = NoticeFactory(running=True, title="旧公示", closes_at=timezone.now() - timedelta(hours=1))
    text = text_of(client)
    assert "草稿公示" not in text
    assert past.title in text
    assert "已结束" in text
    assert "个工作日</span>" not in text


def test_model_projects_are_those_of_the_newest_announced_year(client):
    old = CampaignFactory(year=2024, announced_at=timezone.now())
    new = CampaignFactory(year=2025, announced_at=timezone.now())
    running = CampaignFactory(year=2026)
    result_of(old, "前年的")
    result_of(new, "去年的")
    result_of(new, "撤销的", revoked_at=timezone.now(), revoke_reason="不实")
    result_of(running, "还没公布的")
    text = text_of(client)
    assert "2025年示范项目" in text
    assert "去年的" in text
    for hidden in ("前年的", "撤销的", "还没公布的"):
        assert hidden not in text


def test_nobody_is_asked_who_they_are(client, cost):
    campaign = CampaignFactory(announced_at=timezone.now())
    result_of(campaign)
    NoticeFactory(campaign=campaign, running=True)
    with cost() as one:
        text_of(client)
    for number in (2, 3):
        result_of(campaign)
        NoticeFactory(campaign=campaign, running=True, number=number, slug=f"second-{number}")
    with cost() as three:
        text_of(client)
    assert one.queries == three.queries <= 6
    assert not any(User._meta.db_table in statement for statement in three.statements)


def test_the_front_page_is_small(client):
    campaign = CampaignFactory(announced_at=timezone.now(), call="通知" * 500)
    for _ in range(15):
        result_of(campaign)
    assert len(client.get("/").content) < 40_000


def test_passwords_are_not_reset_by_mail(client):
    assert "请联系" in client.get("/accounts/password/reset/").content.decode()
    assert client.post("/accounts/password/reset/", {"email": "a@b.cn"}).status_code == 405
    assert client.get("/accounts/password/reset/done/").status_code == 404
    assert client.get("/accounts/password/reset/key/1-abc/").status_code == 404
