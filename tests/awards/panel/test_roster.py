"""The pool comes in as a book: whom it finds, whom it refuses and why, and that it is all or nothing."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from awards.panel.models import Reviewer
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    MemberFactory,
    OfficeFactory,
    ReviewerFactory,
    ReviewerUserFactory,
    SupervisorFactory,
    UnitFactory,
    UserFactory,
)
from tests.sheets import blamed, effects, preview, told, words_of
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.models import Post
from units.roles import Role

HEAD = ["姓名", "账号", "手机", "工作单位", "专业特长"]


@pytest.fixture
def campaign(db):
    return CampaignFactory()


@pytest.fixture
def office(client, campaign):
    client.force_login(OfficeFactory())
    return client


@pytest.fixture
def url(campaign):
    return reverse("awards:reviewer-import", args=[campaign.code])


def reviewer(name, **more):
    return ReviewerUserFactory(name=name, **more)


def test_people_are_found_by_name_by_account_and_by_mobile(office, campaign, url):
    bureau = UnitFactory(name="区统计局党总支", short_name="区统计局")
    bureau.aliases.create(name="统计局")
    by_name, by_account = reviewer("张一"), reviewer("李二", username="judge2")
    by_mobile, _ = reviewer("王三", mobile="13800000003"), reviewer("王三", mobile="13800000004")
    UserFactory(name="张一")  # the same name without the post is not meant

    page = preview(
        office, url, ["评委名单"], HEAD,
        ["张　一", "", "", "统计局", "项目管理"],
        ["李二", "JUDGE2", "", "外请专家", ""],
        ["王三", "", 13800000003, "", "法律"],
    )  # fmt: skip
    assert effects(page) == ["新增"] * 3
    done = office.post(url, words_of(page), follow=True)

    assert "已导入：列入3人。" in done.content.decode()
    found = campaign.reviewers.values_list("user", "employer", "expertise")
    assert set(found) == {
        (by_name.pk, bureau.pk, "项目管理"), (by_account.pk, None, ""), (by_mobile.pk, None, "法律"),
    }  # fmt: skip
    added = AuditEntry.objects.filter(event=Event.REVIEWER_ADDED, campaign=campaign.code)
    assert added.count() == 3
    assert AuditEntry.objects.get(event=Event.REVIEWERS_IMPORTED).act_id == added.first().act_id


def test_whoever_cannot_judge_is_told_by_row_and_what_to_do(office, url):
    reviewer("同名"), reviewer("同名")
    reviewer("停用", is_active=False)
    both = reviewer("兼任")
    Post.objects.filter(user=both).update(role=Role.MEMBER)
    UserFactory(name="没岗位")
    reviewer("有账号", username="judge9")
    reviewer("没单位")
    reviewer("两行")

    page = preview(
        office, url, HEAD,
        ["同名", "", "", "", ""],
        ["停用", "", "", "", ""],
        ["兼任", "", "", "", ""],
        ["没岗位", "", "", "", ""],
        ["没账号", "", "", "", ""],
        ["别人", "judge9", "", "", ""],
        ["没单位", "", "", "区无此局", ""],
        ["两行", "", "", "", ""],
        ["两行", "", "", "", "另一行"],
        ["", "judge9", "", "", ""],
        ["某人", "judge10", "", "", ""],
    )  # fmt: skip

    words = {row: (column, sentence) for row, column, sentence in told(page)}
    assert {row: column for row, (column, _) in words.items()} == {
        2: "姓名", 3: "姓名", 4: "姓名", 5: "姓名", 6: "姓名", 7: "姓名", 8: "工作单位", 10: "姓名", 11: "姓名",
        12: "账号",
    }  # fmt: skip
    assert "同名的账号有2个" in words[2][1]
    assert "账号已停用" in words[3][1]
    assert "现任工委委员" in words[4][1]
    assert "没有本届组织单位的评委岗位" in words[5][1]
    assert "请系统管理员在“账号”页用名册导入" in words[6][1]
    assert "有账号" in words[7][1]
    assert "外请专家" in words[8][1]
    assert "与第9行是同一人" in words[10][1]
    assert page.context["content"] == ""
    assert not Reviewer.objects.exists()


def test_the_pool_as_it_is_exported_comes_back_unchanged_and_cells_change_it(office, campaign, url):
    bureau, other = UnitFactory(), UnitFactory(short_name="区水利局")
    one = ReviewerFactory(campaign=campaign, employer=bureau, expertise="财务")
    two = ReviewerFactory(campaign=campaign, employer=None, expertise="法律")
    exported = office.get(reverse("awards:reviewer-list", args=[campaign.code]), {"export": "xlsx"}).content
    rows = [list(cells) for cells in load_workbook(io.BytesIO(exported)).active.iter_rows(values_only=True)]
    assert effects(preview(office, url, *rows)) == ["不变", "不变"]

    page = preview(
        office, url, HEAD,
        [one.user.name, one.user.username, "", "外请专家", ""],
        [two.user.name, two.user.username, "", "区水利局", "水利"],
    )  # fmt: skip
    assert "工作单位由外请专家改为区水利局；专业特长由法律改为水利" in page.content.decode()
    assert "修改2人" in office.post(url, words_of(page), follow=True).content.decode()

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.employer, one.expertise) == (None, "财务")
    assert (two.employer, two.expertise) == (other, "水利")
    assert AuditEntry.objects.filter(event=Event.REVIEWER_CHANGED).count() == 2


def test_a_post_that_ended_meanwhile_is_told_before_anything_is_written(office, campaign, url):
    person = reviewer("张一")
    reviewer("李二")
    words = words_of(preview(office, url, HEAD, ["张一", "", "", "", ""], ["李二", "", "", "", ""]))
    Post.objects.filter(user=person).update(to_on="2020-12-31")

    page = office.post(url, words)

    assert blamed(page) == {(2, "姓名")}
    assert not campaign.reviewers.exists()


def test_a_second_click_puts_nobody_in_twice(office, campaign, url):
    reviewer("张一")
    words = words_of(preview(office, url, HEAD, ["张一", "", "", "", ""]))
    office.post(url, words)

    assert "刚才已经导入" in office.post(url, words, follow=True).content.decode()
    assert campaign.reviewers.count() == 1


def test_the_pool_is_the_offices_own(client, campaign, url):
    for stranger in (MemberFactory(), SupervisorFactory(), ReviewerUserFactory()):
        client.force_login(stranger)
        assert client.get(url).status_code == 403
    client.force_login(OfficeFactory(unit=CommitteeFactory(slug="other")))
    assert client.get(url).status_code == 404


def test_accounts_of_another_committee_are_not_found(office, url):
    ReviewerUserFactory(name="外区评委", username="far", unit=CommitteeFactory(slug="other"))

    page = preview(office, url, HEAD, ["外区评委", "", "", "", ""], ["外区评委", "far", "", "", ""])

    assert blamed(page) == {(2, "姓名"), (3, "账号")}


def test_a_hundred_reviewers_cost_as_many_statements_as_two(office, url, cost):
    units = UnitFactory.create_batch(3)

    def spent_on(number, letter):
        people = [reviewer(f"{letter}{n}") for n in range(number)]
        rows = [[one.name, "", "", units[n % 3].short_name, ""] for n, one in enumerate(people)]
        words = words_of(preview(office, url, HEAD, *rows))
        with cost() as spent:
            assert office.post(url, words).status_code == 302
        return spent.queries

    assert spent_on(2, "甲") == spent_on(100, "乙")
