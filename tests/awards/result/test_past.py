"""Winners of the years before the portal come in as a book; nothing about those years is made up."""

from datetime import date

import pytest
from django.urls import reverse

from awards.campaign.actions.start import create_campaign
from awards.campaign.models import Campaign
from awards.nomination.models import Nomination
from awards.result.models import Certificate, Result
from awards.screening.queries.likeness import similar_files
from awards.states import State
from tests.confirming import by_two
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    MemberFactory,
    NominationFactory,
    OfficeFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
    UnitFactory,
)
from tests.sheets import blamed, effects, preview, told, words_of
from units.audit.events import Event
from units.audit.models import AuditEntry

URL = "/results/import/"
HEAD = [
    "年度",
    "类别",
    "项目名称",
    "申报单位",
    "公布日期",
    "联合单位",
    "通报文号",
    "证书编号",
    "撤销日期",
    "撤销原因",
]


@pytest.fixture
def bureau(db):
    unit = UnitFactory(name="区统计局党总支", short_name="区统计局")
    unit.aliases.create(name="区统计办公室")
    return unit


@pytest.fixture
def office(client, bureau):
    client.force_login(OfficeFactory())
    return client


def row(title="数据直报", year=2018, kind="最佳服务举措", unit="区统计局", day="2018.12.20", **more):
    rest = ("partners", "paper", "number", "revoked", "reason")
    return [year, kind, title, unit, day, *(more.get(name, "") for name in rest)]


def take(client, *rows):
    return client.post(URL, words_of(preview(client, URL, HEAD, *rows)), follow=True)


def test_a_book_makes_finished_years_with_results_and_certificates(office, bureau):
    closed = UnitFactory(name="区粮食局支部", short_name="区粮食局", active_to="2019-03-01")

    page = take(
        office,
        row(number="ＤＹＱＺ-2018-F-003", paper="东区直工委〔2018〕38号", partners="区财政局、某大学"),
        row("减证便民", kind="最佳制度创新", unit="区统计办公室", number="2018年第07号"),
        row("粮库改造", "2019年度", "最佳项目推进", "区粮食局", "2020-01-06"),
    )

    assert "已导入3个项目（2018、2019年度）。" in page.content.decode()
    assert list(Campaign.objects.order_by("year").values_list("code", "from_papers")) == [
        ("2018", True),
        ("2019", True),
    ]
    found = {result.title: result for result in Result.objects.select_related("nomination", "campaign")}
    first, second, third = found["数据直报"], found["减证便民"], found["粮库改造"]
    assert (first.unit_name, second.unit_name, third.unit_name) == (
        "区统计局党总支",
        "区统计办公室",
        "区粮食局支部",
    )
    assert first.partner_names == "区财政局、某大学"
    assert (first.certificate.number, second.certificate.number) == ("DYQZ-2018-F-003", "2018年第07号")
    assert not hasattr(third, "certificate")
    assert [one.nomination.code for one in (first, second, third)] == [
        "2018-F-001",
        "2018-Z-001",
        "2019-X-001",
    ]
    assert {one.nomination.state for one in found.values()} == {State.SELECTED}
    assert third.nomination.unit == closed
    year = third.campaign
    assert (year.announced_at, year.opened_at) == (third.announced_at, third.announced_at)
    assert not year.timetable.exists()
    assert not Nomination.objects.exclude(submissions=None).exists()


def test_each_result_has_an_entry_and_the_book_one(office):
    take(office, row(), row("减证便民"))

    entries = AuditEntry.objects.filter(act_id__isnull=False)
    assert sorted(entries.values_list("event", flat=True)) == [
        "campaign_created", "past_result_entered", "past_result_entered", "past_results_imported",
    ]  # fmt: skip
    assert set(entries.filter(event=Event.PAST_RESULT_ENTERED).values_list("campaign", flat=True)) == {"2018"}


def test_a_revoked_winner_comes_in_revoked_and_barred(office):
    take(office, row(revoked="2024-05-06", reason="材料不实"))

    result = Result.objects.get()
    assert (result.nomination.state, result.revoke_reason) == (State.REVOKED, "材料不实")
    assert result.banned_until == date(2027, 5, 6)


def test_a_later_nomination_is_held_against_an_earlier_winner(office, bureau):
    take(office, row("企业开办全程帮办"))
    now = NominationFactory(unit=bureau, full=True, submitted=True, title="企业开办全程帮办")

    similar = similar_files(now, {"title": now.title, "summary": ""})

    assert [(one.code, one.is_own, one.title_percent) for one in similar] == [("2018-F-001", True, 100)]
    assert "入选" in similar[0].sentence


def test_a_second_book_completes_and_changes_nothing_else(office):
    take(office, row(), row("减证便民", paper="东区直工委〔2018〕38号"))
    rows = [row(number="DYQZ-2018-F-001", paper="东区直工委〔2018〕38号"), row("减证便民"), row("新的一个")]

    page = preview(office, URL, HEAD, *rows)
    assert effects(page) == ["修改", "新增", "不变"]
    office.post(URL, words_of(page))

    assert Campaign.objects.count() == 1
    first = Result.objects.get(title="数据直报")
    assert (first.document_number, first.certificate.number) == ("东区直工委〔2018〕38号", "DYQZ-2018-F-001")
    assert Result.objects.get(title="新的一个").nomination.code == "2018-F-003"
    assert effects(preview(office, URL, HEAD, *rows)) == ["不变"] * 3


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([row(year="去年")], [(2, "年度", "不是可以补录的年度")]),
        (
            [row(year=2050, day="2050-01-01")],
            [(2, "年度", "不是可以补录的年度"), (2, "公布日期", "还没有到")],
        ),
        ([row(kind="最佳服务")], [(2, "类别", "没有“最佳服务”")]),
        ([row(unit="区盐务局")], [(2, "申报单位", "现有和已撤销的都没有")]),
        ([row(day="2018年冬")], [(2, "公布日期", "不是日期")]),
        ([row(day="2015-12-20")], [(2, "公布日期", "与2018年度不符")]),
        ([row(day="=TODAY()")], [(2, "公布日期", "公式")]),
        ([row(), row("数据 直报")], [(3, "项目名称", "与第2行重复")]),
        ([row(number="甲1"), row("二", number="甲 1")], [(3, "证书编号", "与第2行重复")]),
        ([row(number="DYQZ-2017-F-001")], [(2, "证书编号", "年度或类别与本行不符")]),
        ([row(number="DYQZ-2018-Z-001")], [(2, "证书编号", "年度或类别与本行不符")]),
        ([row(number="甲/1")], [(2, "证书编号", "不含斜线")]),
        ([row(revoked="2018-12-01", reason="不实")], [(2, "撤销日期", "不能早于公布日期")]),
        ([row(revoked="2019-12-01")], [(2, "撤销原因", "一并填写")]),
        ([row("长" * 201)], [(2, "项目名称", "最多200字")]),
    ],
)
def test_each_fault_is_told_by_row_and_column(office, rows, words):
    page = preview(office, URL, HEAD, *rows)

    found = told(page)
    assert [(line, column) for line, column, _ in found] == [(line, column) for line, column, _ in words]
    assert all(part in sentence for (_, _, sentence), (_, _, part) in zip(found, words, strict=True))
    assert page.context["content"] == ""
    assert not Campaign.objects.exists()


def test_a_year_of_the_portal_is_not_written_into(office):
    create_campaign(code="2018", title="2018年度", year=2018, organiser=CommitteeFactory(), actor=None)

    page = preview(office, URL, HEAD, row())

    assert blamed(page) == {(2, "年度")}
    assert "已在平台上建立" in told(page)[0][2]


def test_an_announced_result_is_not_contradicted(office):
    take(office, row(number="甲1", paper="东区直工委〔2018〕38号"))

    page = preview(
        office, URL, HEAD,
        row(number="甲2", paper="东区直工委〔2018〕39号", day="2018-12-21", partners="区财政局"),
        row("别的项目", number="甲1"),
    )  # fmt: skip

    assert blamed(page) == {
        (2, "证书编号"), (2, "通报文号"), (2, "公布日期"), (2, "联合单位"), (3, "证书编号"),
    }  # fmt: skip


def test_a_second_click_enters_nothing_more(office):
    words = words_of(preview(office, URL, HEAD, row()))
    office.post(URL, words)

    assert "刚才已经导入" in office.post(URL, words, follow=True).content.decode()
    assert Result.objects.count() == 1


def test_a_year_begun_on_the_portal_meanwhile_is_told(office):
    words = words_of(preview(office, URL, HEAD, row()))
    create_campaign(code="2018", title="2018年度", year=2018, organiser=CommitteeFactory(), actor=None)

    assert blamed(office.post(URL, words)) == {(2, "年度")}
    assert not Result.objects.exists()


def test_only_an_office_enters_earlier_years(client, bureau):
    for stranger in (SecretaryFactory(), MemberFactory(), SupervisorFactory(), SysadminFactory()):
        client.force_login(stranger)
        assert client.get(URL).status_code == 403
    client.force_login(OfficeFactory(unit=CommitteeFactory(slug="other")))
    assert blamed(preview(client, URL, HEAD, row())) == {(2, "申报单位")}


# ---- what the pages say of such a year ----


def test_every_page_of_such_a_year_is_whole_and_says_what_it_is(client, office, bureau):
    take(office, row(number="2018年第07号"), row("没有证书"))
    year = Campaign.objects.get()
    pages = [
        reverse(f"awards:{name}", args=[year.code])
        for name in (
            "campaign", "result-list", "ranking", "dashboard", "appraisal", "decision", "notice-desk", "panel-list",
            "screening-queue", "result-certificates", "result-export",
        )
    ]  # fmt: skip
    pages += [one.get_absolute_url() for one in Nomination.objects.all()]
    pages += [Certificate.objects.get().get_absolute_url(), "/campaigns/", "/"]
    for person in (OfficeFactory(), SupervisorFactory(), SecretaryFactory(unit=bureau)):
        client.force_login(person)
        for page in pages:
            assert client.get(page).status_code in (200, 403, 404), page

    client.force_login(OfficeFactory())
    for page in pages:
        assert client.get(page).status_code == 200, page
    assert "本年度没有评分记录" in client.get(pages[2]).content.decode()
    told_of_the_year = client.get(pages[0]).content.decode()
    assert "由纸质档案补录" in told_of_the_year
    assert "申报要求" not in told_of_the_year
    assert "印发通知" not in told_of_the_year


def test_nothing_is_said_to_be_zero_that_is_only_unknown(client, office):
    take(office, row(), row("减证便民", kind="最佳制度创新"))

    page = client.get(reverse("awards:dashboard", args=["2018"]))

    assert [(line["key"], line["value"], line["note"]) for line in page.context["figures"]] == [
        ("results", 2, 1)
    ]
    assert [(table.key, table.head) for table in page.context["tables"]] == [
        ("results", ("类别", "入选示范项目"))
    ]
    assert client.get(reverse("awards:dashboard-export", args=["2018"])).status_code == 200
    file = client.get(Nomination.objects.first().get_absolute_url()).content.decode()
    assert "没有申报材料。" in file
    assert "未填写" not in file
    assert "申报表docx" not in file


def test_a_certificate_of_an_older_form_is_checked_by_anybody(client, office):
    take(office, row(number="2018年第07号"))
    client.logout()

    page = client.get("/certificates/", {"number": " 2018年第０７号 "}, follow=True)

    assert "证书有效" in page.content.decode()


def test_a_result_without_a_certificate_can_be_revoked(client, office):
    take(office, row())
    result = Result.objects.get()

    revoke = reverse("awards:result-revoke", args=["2018", result.nomination.code])

    assert "2018-F-001已撤销" in by_two(client, revoke, {"reason": "材料不实"})
    result.refresh_from_db()
    assert result.revoked_at


def test_an_earlier_year_never_becomes_the_running_one(client, office):
    take(office, row())

    page = client.get("/campaigns/new/")

    assert page.context["form"].initial["source"] is None
    assert not page.context["form"].fields["source"].queryset.exists()
    assert "/ranking/2018/" not in client.get("/").content.decode()
    assert CampaignFactory().title in client.get("/campaigns/").content.decode()


def test_two_hundred_winners_cost_as_many_statements_as_two(office, cost):
    units = UnitFactory.create_batch(4)

    def spent_on(year, number):
        rows = [
            row(f"项目{n}", year, unit=units[n % 4].short_name, day=f"{year}-12-20", number=f"{year}-{n}")
            for n in range(number)
        ]
        words = words_of(preview(office, URL, HEAD, *rows))
        with cost() as spent:
            assert office.post(URL, words).status_code == 302
        return spent.queries

    assert spent_on(2015, 2) == spent_on(2016, 200)
