"""The public page, the objection desk and the office's desk, as everybody in turn."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from awards.nomination.models import Nomination
from awards.notice import limits
from awards.notice.actions.cases import accept_objection, refuse_objection, rule_on_objection, take_objection
from awards.notice.actions.filing import file_objection
from awards.notice.actions.publishing import draft_notice, publish_notice
from awards.notice.actions.withdrawing import withdraw_due_details
from awards.notice.models import Notice, NoticeEntry, Objection
from awards.states import State
from tests.awards.notice.rounds import PDF, at, decided, object_to, on_notice, over, pdf
from tests.confirming import by_two
from tests.factories import (
    AuditorFactory,
    ClerkFactory,
    CommitteeFactory,
    MemberFactory,
    OfficeFactory,
    PostFactory,
    ReviewerUserFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
)
from tests.filling import both_texts, sent_back
from units.audit.models import AuditEntry
from units.moments import SHANGHAI
from units.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    return on_notice()


def as_(client, user):
    client.force_login(user)
    return client


def text_of(response):
    return response.content.decode()


def fields(listed, **changes):
    return {
        "entry": listed.code, "ground": "facts", "facts": "办结数与记录不符。", "evidence": "见服务记录",
        "signed": "named", "name": "王五", "contact": "0546-7654321", "open_only": "on", "website": "",
    } | changes  # fmt: skip


# ---- the public


def test_the_public_reads_everything_a_notice_must_say(client, year):
    campaign, files, _, notice = year
    NoticeEntry.objects.filter(notice=notice, nomination=files[0]).update(summary="为企业办好一件事")

    page = text_of(client.get(notice.get_absolute_url()))

    for must in (
        notice.title[-8:], "现予公示", "24:00", "按申报编号排序，排名不分先后", campaign.organiser.name,
        "区直机关工委办公室", "0546-8000000", "office@example.gov.cn", "府前大街1号", "工作日8:30",
        "署真实姓名", "为企业办好一件事", notice.ranking.digest, "第5日", "还有",
    ):  # fmt: skip
        assert must in page, must
    for file in files[:5]:
        assert file.unit.name in page
    assert files[6].unit.name not in page
    assert reverse("awards:objection-new", args=[notice.slug]) in page


def test_a_draft_is_nobody_s_to_read_but_the_office_s(client):
    campaign, _, office = decided()
    notice = draft_notice(campaign, actor=office)
    for name in ("notice", "notice-record", "notice-paper", "objection-new"):
        assert client.get(reverse(f"awards:{name}", args=[notice.slug])).status_code == 404
    assert notice.title not in text_of(client.get("/notices/"))
    page = as_(client, office).get(reverse("awards:notice-preview", args=[campaign.code, notice.number]))
    assert "尚未公开" in text_of(page)


def test_the_record_is_handed_out_byte_for_byte(client, year):
    notice = year[3]
    answer = client.get(reverse("awards:notice-record", args=[notice.slug]))
    assert answer.content.decode() == notice.ranking.record
    assert json.loads(answer.content)["digest"] == notice.ranking.digest
    assert not AuditEntry.objects.filter(event="record_downloaded").exists()


def test_after_the_period_details_are_gone_and_titles_stay_before_tick_and_after(client, year):
    _, files, _, notice = year
    NoticeEntry.objects.filter(notice=notice).update(summary="摘要里的细节")
    assert "摘要里的细节" in text_of(client.get(notice.get_absolute_url()))
    for ticked in (False, True):
        with at(over(notice)):
            if ticked:
                withdraw_due_details()
            page = text_of(client.get(notice.get_absolute_url()))
            paper = Document(
                io.BytesIO(client.get(reverse("awards:notice-paper", args=[notice.slug])).content)
            )
        assert "摘要里的细节" not in page
        assert "0546-8000000" not in page
        assert files[0].unit.name in page
        assert "0546-8000000" not in "".join(line.text for line in paper.paragraphs)
    assert set(notice.entries.values_list("summary", flat=True)) == {""}


@pytest.mark.parametrize(
    ("when", "heading"),
    [(0, "公示期5个工作日"), (1, "今天是第1日"), (5, "今天是第5日")],
)
def test_the_days_are_told_across_a_holiday(client, when, heading):
    from tests.awards.notice.test_actions import know_the_holidays, shanghai

    know_the_holidays(2026)
    campaign, _, office = decided()
    notice = draft_notice(campaign, actor=office)
    with at(shanghai(2026, 9, 28, 10)):
        notice = publish_notice(notice, actor=office)
    days = {0: (9, 28), 1: (9, 29), 5: (10, 10)}
    with at(shanghai(2026, *days[when], 8)):
        page = text_of(client.get(notice.get_absolute_url()))
    assert heading in page
    assert page.count("<b>休息</b>") == 7  # 1 to 7 October
    assert "10月10日（周六）24:00截止" in page


def test_a_struck_entry_and_a_correction_are_shown_and_who_objected_is_not(client, year):
    _, files, office, notice = year
    upheld, partly = (accept_objection(object_to(notice, file), actor=office) for file in files[:2])
    rule_on_objection(upheld, outcome="upheld", findings="属实", actor=office)
    rule_on_objection(partly, outcome="partly", findings="部分", correction="更正为26件", actor=office)
    page = text_of(client.get(notice.get_absolute_url()))
    assert "取消拟入选" in page
    assert "更正：更正为26件" in page
    assert "2件，均已办结" in page
    assert "张三" not in page


def test_the_list_costs_the_same_with_one_notice_and_with_three(client, cost):
    campaign, _, _, notice = on_notice()
    with cost() as one:
        assert client.get("/notices/").status_code == 200
    for number in (2, 3):
        copy = Notice.objects.get(pk=notice.pk)
        copy.pk, copy.number, copy.slug = None, number, f"{campaign.code}-{number}"
        copy._state.adding = True
        copy.save()
    with cost() as three:
        client.get("/notices/")
    assert one.queries == three.queries <= 10


def test_a_notice_page_costs_the_same_for_few_entries_and_many(client, cost, year):
    _, _, _, notice = year
    url = notice.get_absolute_url()
    client.get(url)
    with cost() as five:
        client.get(url)
    NoticeEntry.objects.filter(notice=notice)[0].delete()
    with cost() as four:
        client.get(url)
    assert five.queries == four.queries <= 10


def fill(campaign, notice, number):
    """Files that are not on the notice and cases about one that is."""
    entry = notice.entries.first().nomination
    unit, category = entry.unit, entry.category
    Nomination.objects.bulk_create(
        Nomination(
            campaign=campaign, unit=unit, category=category, slug=f"fill{number}-{n}", title=f"第{n}件",
            state=State.NOT_SELECTED, code=f"{campaign.code}-F-{number + n:04d}",
        )
        for n in range(number)
    )  # fmt: skip
    Objection.objects.bulk_create(
        Objection(
            notice=notice, nomination=entry, receipt=f"{campaign.code}-YY-{number + n:04d}", is_named=False,
            ground="facts", facts="不实", accept_due_on=timezone.localdate(), lookup_digest="",
        )
        for n in range(number)
    )  # fmt: skip


def test_page_form_desk_and_filing_fetch_the_same_rows_in_a_year_of_60_and_of_500(client, cost, year):
    campaign, files, office, notice = year
    urls = [
        notice.get_absolute_url(),
        reverse("awards:objection-new", args=[notice.slug]),
        reverse("awards:notice-desk", args=[campaign.code]),
    ]
    client.force_login(office)
    spent = {}
    for number in (60, 500):
        fill(campaign, notice, number)
        for url in urls:
            client.get(url)
            with cost() as paid:
                assert client.get(url).status_code == 200
            spent[number, url] = (paid.queries, paid.rows)
        with cost() as paid:
            object_to(notice, files[1])
        spent[number, "file"] = (paid.queries, paid.rows)
    for what in (*urls, "file"):
        assert spent[60, what] == spent[500, what], what
        assert spent[60, what][0] <= (14 if what == "file" else 10), what


# ---- filing


def test_an_objection_is_filed_and_its_code_is_shown_once(client, year):
    _, files, _, notice = year
    url = reverse("awards:objection-new", args=[notice.slug])
    assert files[0].code in text_of(client.get(url))
    upload = SimpleUploadedFile("台账.pdf", PDF, content_type="application/pdf")

    answer = client.post(url, fields(files[0], files=[upload]), follow=True)

    case = Objection.objects.get()
    code = re.search(r'lookup-code">([^<]+)<', text_of(answer))[1]
    assert case.receipt in text_of(answer)
    assert case.files.get().name == "台账.pdf"
    again = client.get(reverse("awards:objection-receipt", args=[case.receipt]), follow=True)
    assert code not in text_of(again)
    assert "已收到" in text_of(again)
    assert "王五" not in text_of(again)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "请填写姓名或单位名称"),
        ({"contact": " "}, "请留联系方式"),
        ({"contact": "1381234567"}, "手机号码应为11位，现为10位"),
        ({"contact": "12-34"}, "电话号码无法识别"),
        ({"facts": ""}, "请填写这一项"),
        ({"facts": "😀" * 10_000}, "2000字以内"),
        ({"facts": "字" * 2001}, "2000字以内"),
        ({"open_only": ""}, "不涉密"),
        ({"entry": "2026-F-999"}, "从公示名单中选择"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(client, year, changes, message):
    _, files, _, notice = year
    values = fields(files[0], **changes)
    page = client.post(reverse("awards:objection-new", args=[notice.slug]), values)
    assert page.status_code == 200
    assert message in text_of(page)
    if "facts" not in changes:
        assert "办结数与记录不符。" in text_of(page)
    assert not Objection.objects.exists()


def test_a_file_that_is_not_what_it_says_is_refused(client, year):
    _, files, _, notice = year
    upload = SimpleUploadedFile("台账.pdf", b"MZ\x90\x00 not a pdf", content_type="application/pdf")
    page = client.post(reverse("awards:objection-new", args=[notice.slug]), fields(files[0], files=[upload]))
    assert "台账.pdf：" in text_of(page)
    assert not Objection.objects.exists()


def test_a_file_that_is_too_large_is_named_and_the_rest_stays(client, year):
    _, files, _, notice = year
    upload = SimpleUploadedFile("全部台账.pdf", PDF + b"0" * 10 * 1024 * 1024, content_type="application/pdf")
    page = client.post(reverse("awards:objection-new", args=[notice.slug]), fields(files[0], files=[upload]))
    assert "全部台账.pdf：" in text_of(page)
    assert "所选附件需要重新选择" in text_of(page)
    assert "办结数与记录不符。" in text_of(page)
    assert not Objection.objects.exists()


def test_a_way_to_be_reached_need_not_be_a_telephone(client, year):
    _, files, _, notice = year
    url = reverse("awards:objection-new", args=[notice.slug])
    for contact in ("0546-7654321", "post@example.org", "府前大街1号12室", "（0546）8221234"):
        assert client.post(url, fields(files[0], contact=contact)).status_code == 302, contact


def test_a_machine_that_fills_everything_files_nothing(client, year):
    _, files, _, notice = year
    url = reverse("awards:objection-new", args=[notice.slug])
    assert client.post(url, fields(files[0], website="http://x")).status_code == 404
    assert not Objection.objects.exists()


def test_a_flood_from_one_address_is_stopped_with_a_clear_word(client, year):
    _, files, _, notice = year
    url = reverse("awards:objection-new", args=[notice.slug])
    limits.SENT.count("127.0.0.1", limits.SENT.most)
    page = client.post(url, fields(files[0], facts="第十一次"))
    assert page.status_code == 429
    assert "提交过于频繁" in text_of(page)
    assert "府前大街1号" in text_of(page)
    assert "第十一次" in text_of(page)
    assert not Objection.objects.exists()
    elsewhere = client.post(url, fields(files[0]), REMOTE_ADDR="10.1.1.9")
    assert elsewhere.status_code == 302


def test_no_flood_of_strangers_closes_the_desk_and_what_comes_in_it_is_marked(client, year):
    campaign, files, office, notice = year
    url = reverse("awards:objection-new", args=[notice.slug])
    assert client.post(url, fields(files[0])).status_code == 302
    for number in range(limits.CROWD_ON_NOTICE.most):
        stranger = f"10.2.{number // 5}.1"
        assert Client().post(url, fields(files[0]), REMOTE_ADDR=stranger).status_code == 302
    citizen = client.post(url, fields(files[0], facts="真有其事"), REMOTE_ADDR="10.77.0.1")
    assert citizen.status_code == 302
    marked = list(Objection.objects.order_by("pk").values_list("in_a_crowd", flat=True))
    assert marked == [False] * limits.CROWD_ON_NOTICE.most + [True, True]

    client.force_login(office)
    desk = reverse("awards:notice-desk", args=[campaign.code])
    assert "集中提交" in text_of(client.get(desk, {"crowd": "True"}))
    alone = client.get(desk, {"crowd": "False", "tab": "all"})
    assert not [case for case in alone.context["page_obj"] if case.in_a_crowd]
    first = client.get(desk).context["page_obj"][0]
    assert not first.in_a_crowd


def test_many_from_one_office_are_taken_and_marked(client, year):
    _, files, _, notice = year
    url = reverse("awards:objection-new", args=[notice.slug])
    for _ in range(limits.CROWD_BY_ADDRESS.most + 1):
        assert client.post(url, fields(files[0])).status_code == 302
    assert [case.in_a_crowd for case in Objection.objects.order_by("-pk")[:2]] == [True, False]


def test_files_beyond_measure_are_left_out_and_the_text_is_taken(client, year, monkeypatch):
    _, files, _, notice = year
    url = reverse("awards:objection-new", args=[notice.slug])
    limits.FILES_READ.count("127.0.0.1", limits.FILES_READ.most)
    monkeypatch.setattr("awards.notice.forms.receive", None)
    upload = SimpleUploadedFile("台账.pdf", PDF, content_type="application/pdf")
    page = client.post(url, fields(files[0], files=[upload]))
    assert "附件过多" in text_of(page)
    assert "办结数与记录不符。" in text_of(page)
    assert client.post(url, fields(files[0])).status_code == 302


@pytest.mark.parametrize(
    ("address", "whom"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("10.1.2.3", "10.1.2.3"),
        ("", ""),
        (None, ""),
    ],
)
def test_an_address_counts_with_all_that_its_owner_has(address, whom):
    assert limits.neighbourhood(address) == whom


def test_one_page_sent_twice_files_one_objection_and_leads_to_its_code(client, year):
    _, files, _, notice = year
    url = reverse("awards:objection-new", args=[notice.slug])
    key = re.search(r'name="form_key" value="([^"]+)"', text_of(client.get(url)))[1]
    first = client.post(url, fields(files[0], form_key=key))
    again = client.post(url, fields(files[0], form_key=key))
    assert first.url == again.url
    assert "lookup-code" in text_of(client.get(again.url))
    assert Objection.objects.count() == 1
    client.post(url, fields(files[0], form_key="another"))
    assert list(Objection.objects.order_by("pk").values_list("receipt", flat=True))[-1].endswith("-002")


def test_what_is_sent_after_the_last_second_is_refused_and_stays_on_the_page(client, year):
    _, files, _, notice = year
    url = reverse("awards:objection-new", args=[notice.slug])
    with at(over(notice)):
        page = text_of(client.post(url, fields(files[0], facts="写了两个小时的事实")))
    assert "没有提交" in page
    assert page.count("data-form-errors") == 1
    assert "不再受理异议" in page
    assert "写了两个小时的事实" in page
    assert not Objection.objects.exists()


def test_hostile_text_is_kept_as_text(client, year):
    _, files, office, notice = year
    url = reverse("awards:objection-new", args=[notice.slug])
    facts = "😀<script>alert(1)</script>‮反写{{ 7*7 }}"
    client.post(url, fields(files[0], facts=facts))
    case = Objection.objects.get()
    assert case.facts == facts
    client.force_login(office)
    page = text_of(client.get(reverse("awards:case", args=[notice.campaign.code, case.receipt])))
    assert "<script>alert" not in page
    assert "😀&lt;script&gt;" in page


def test_the_form_is_closed_from_the_second_the_notice_closes(client, year):
    notice = year[3]
    with at(over(notice)):
        page = client.get(reverse("awards:objection-new", args=[notice.slug]), follow=True)
    assert page.redirect_chain[0][0] == notice.get_absolute_url()
    assert "不再受理异议" in text_of(page)
    assert not Objection.objects.exists()


# ---- looking up


def filed(notice, file, **changes):
    return file_objection(
        notice, nomination=file,
        **{"ground": "facts", "facts": "不实", "is_named": True, "name": "赵六", "contact": "0546-1"} | changes,
    )  # fmt: skip


def test_progress_is_shown_to_who_has_the_code_alone(client, year):
    _, files, office, notice = year
    case, code = filed(notice, files[0])
    url = case.get_absolute_url()
    asked = client.get(url)
    assert "查询码" in text_of(asked)
    assert files[0].unit.name not in text_of(asked)
    assert "不符" in text_of(client.post(url, {"code": "AAAA-AAAA-AAAA"}))
    page = client.post(url, {"code": code.lower().replace("-", "")}, follow=True)
    assert "答复是否受理" in text_of(page)
    accept_objection(case, actor=office)
    rule_on_objection(case, outcome="not_upheld", findings="经查与记录一致", actor=office)
    assert "经查与记录一致" in text_of(client.get(url))
    assert "赵六" not in text_of(client.get(url))


def test_a_receipt_that_does_not_exist_looks_like_one_that_does(client, year):
    _, files, _, notice = year
    case, _ = filed(notice, files[0])
    pages = []
    for receipt in (case.receipt, case.receipt[:-3] + "999"):
        url = reverse("awards:objection", args=[receipt])
        for page in (client.get(url), client.post(url, {"code": "AAAA-AAAA-AAAA"})):
            assert page.status_code == 200
            same = re.sub(r'value="[^"]{60,}"|name="once" value="[^"]+"|<time .*?</time>', "", text_of(page))
            pages.append(same.replace(receipt, "RECEIPT"))
    assert pages[0] == pages[2]
    assert pages[1] == pages[3]


def test_guessing_a_code_is_stopped_even_for_the_right_one(client, year):
    _, files, _, notice = year
    case, code = filed(notice, files[0])
    url = case.get_absolute_url()
    for number in range(5):
        answer = client.post(url, {"code": "AAAA-AAAA-AAAA"}, REMOTE_ADDR=f"2001:db8::{number + 1}")
        assert answer.status_code == 200
    answer = client.post(url, {"code": code}, REMOTE_ADDR="2001:db8::99")
    assert answer.status_code == 429
    assert "15分钟后再试" in text_of(answer)
    # Whoever filed it and looks from elsewhere is not shut out by the guesses of others.
    assert Client().post(url, {"code": code}, REMOTE_ADDR="10.9.9.9").status_code == 302


def test_an_unsigned_tip_hears_nothing_of_the_outcome(client, year):
    campaign, files, office, notice = year
    case, code = filed(notice, files[0], is_named=False, name="", contact="")
    accept_objection(case, actor=SupervisorFactory(unit=campaign.organiser))
    rule_on_objection(case, outcome="upheld", findings="内部结论", actor=office)
    page = text_of(client.post(case.get_absolute_url(), {"code": code}, follow=True))
    assert "不作书面答复" in page
    assert "内部结论" not in page


@pytest.mark.parametrize("typed", ["2026－yy－007", " 2026-YY-7 ", "no"])
def test_a_receipt_may_be_typed_carelessly(client, typed):
    answer = client.get("/objections/", {"receipt": typed})
    assert answer.status_code == (302 if "007" in typed else 200)


# ---- who may open the desk


def desk_urls(campaign, notice, case):
    code, number = campaign.code, notice.number
    return {
        "both": [
            reverse("awards:notice-desk", args=[code]),
            reverse("awards:notice-desk", args=[code]) + "?export=xlsx",
            reverse("awards:case", args=[code, case.receipt]),
        ],
        "office": [
            reverse("awards:notice-draft-paper", args=[code, number]),
            reverse("awards:notice-export", args=[code, number]),
            reverse("awards:case-act", args=[code, case.receipt, "take"]),
            reverse("awards:case-act", args=[code, case.receipt, "accept"]),
        ],
    }


def test_strangers_and_wrong_roles_never_reach_the_desk(client, year):
    campaign, files, _, notice = year
    case = object_to(notice, files[0])
    urls = desk_urls(campaign, notice, case)
    everything = urls["both"] + urls["office"]
    for url in everything:
        assert client.get(url).status_code == 302, url
    people = [
        SecretaryFactory(unit=files[0].unit), ClerkFactory(unit=files[0].unit), AuditorFactory(),
        ReviewerUserFactory(unit=campaign.organiser), MemberFactory(unit=campaign.organiser), SysadminFactory(),
    ]  # fmt: skip
    for person in people:
        client.force_login(person)
        for url in everything:
            assert client.get(url).status_code == 403, (person.posts.get().role, url)
    client.force_login(OfficeFactory(unit=CommitteeFactory(slug="elsewhere")))
    for url in everything:
        assert client.get(url).status_code == 404, url


def test_the_office_does_and_the_supervisor_reads(client, year):
    campaign, files, office, notice = year
    case = object_to(notice, files[0])
    urls = desk_urls(campaign, notice, case)
    client.force_login(office)
    for url in urls["both"] + urls["office"]:
        assert client.get(url).status_code == 200, url
    client.force_login(SupervisorFactory(unit=campaign.organiser))
    assert [client.get(url).status_code for url in urls["both"]] == [200] * 3
    assert {client.get(url).status_code for url in urls["office"]} == {403}


def test_a_tied_officer_reads_nothing_of_the_case(client, year):
    campaign, files, _, notice = year
    case = object_to(notice, files[0], facts="只给无关的人看")
    tied = OfficeFactory(unit=campaign.organiser)
    PostFactory(user=tied, unit=files[0].unit, role=Role.CLERK)
    client.force_login(tied)
    page = client.get(reverse("awards:case", args=[campaign.code, case.receipt]))
    assert page.status_code == 403
    assert "回避" in text_of(page)
    assert "只给无关的人看" not in text_of(page)
    act = reverse("awards:case-act", args=[campaign.code, case.receipt, "accept"])
    assert client.post(act).status_code == 403
    case.refresh_from_db()
    assert case.state == "filed"


# ---- who may know the objector


def test_only_the_handler_learns_who_objected_and_each_look_is_logged(client, year):
    campaign, files, office, notice = year
    case = object_to(notice, files[0], uploads=[pdf()])
    colleague, supervisor = OfficeFactory(unit=campaign.organiser), SupervisorFactory(unit=campaign.organiser)
    take_objection(case, actor=office)
    url = reverse("awards:case", args=[campaign.code, case.receipt])
    file = reverse("awards:case-file", args=[campaign.code, case.receipt, case.files.get().slug])

    for person in (colleague, supervisor):
        client.force_login(person)
        page = text_of(client.get(url, {"show": "identity"}))
        assert "张三" not in page
        assert "13900001111" not in page
        assert client.get(file).status_code == 403
    assert not AuditEntry.objects.filter(event__in=["personal_data_read", "attachment_read"]).exists()

    client.force_login(office)
    assert "张三" not in text_of(client.get(url))
    assert "张三" in text_of(client.get(url, {"show": "identity"}))
    answer = client.get(file)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    reads = AuditEntry.objects.filter(event__in=["personal_data_read", "attachment_read"])
    assert list(reads.order_by("pk").values_list("event", flat=True)) == [
        "personal_data_read",
        "attachment_read",
    ]


def test_no_list_and_no_export_names_an_objector(client, year):
    campaign, files, office, notice = year
    take_objection(object_to(notice, files[0]), actor=office)
    client.force_login(office)
    page = text_of(client.get(reverse("awards:notice-desk", args=[campaign.code]), {"tab": "all"}))
    book = load_workbook(
        io.BytesIO(
            client.get(reverse("awards:notice-desk", args=[campaign.code]), {"export": "xlsx"}).content
        )
    )
    cells = " ".join(str(cell.value) for row in book.active.iter_rows() for cell in row)
    assert files[0].code in page
    assert files[0].code in cells
    assert "张三" not in page + cells
    assert "13900001111" not in page + cells
    assert AuditEntry.objects.filter(event="exported").count() == 1


def test_the_unit_never_learns_who_objected(client, year):
    _, files, office, notice = year
    accept_objection(object_to(notice, files[0]), actor=office)
    client.force_login(SecretaryFactory(unit=files[0].unit))
    for url in ("/", "/nominations/", files[0].get_absolute_url(), notice.get_absolute_url()):
        page = client.get(url)
        if page.status_code == 200:
            assert "张三" not in text_of(page)


# ---- acting on the desk


def test_from_draft_to_public_on_the_pages(client):
    campaign, files, office = decided()
    client.force_login(office)
    desk = reverse("awards:notice-desk", args=[campaign.code])
    assert "起草公示" in text_of(client.get(desk))
    edit = client.post(reverse("awards:notice-draft", args=[campaign.code])).url
    opened = sent_back(client.get(edit).context["fill"])
    values = opened | {"title": "新标题", f"summary_{files[0].pk}": "短摘要"}
    preview = client.post(edit, values, follow=True)
    assert "新标题" in text_of(preview)
    assert "短摘要" in text_of(preview)
    stale = client.post(edit, opened | {"title": "旧页面", "postcode": "257000"})
    assert both_texts(stale.context["fill"]) == [("标题", "新标题", "旧页面")]
    notice = campaign.notices.get()
    assert (notice.title, notice.postcode) == ("新标题", "257000")
    assert notice.entries.get(nomination=files[0]).summary == "短摘要"

    publish = reverse("awards:notice-publish", args=[campaign.code, 1])
    confirm = text_of(client.get(publish))
    assert "首日" in confirm
    assert "24:00" in confirm
    assert "暂定" in confirm  # no year is entered in this test's calendar
    assert Nomination.objects.get(pk=files[0].pk).state == State.PROPOSED
    by_two(client, publish)
    assert campaign.notices.get().two_person_acts == [["发布公示", 1, 0, 0]]
    assert Nomination.objects.get(pk=files[0].pk).state == State.ON_NOTICE
    assert client.post(publish).status_code == 404
    client.logout()
    assert "新标题" in text_of(client.get("/notices/"))
    notice = campaign.notices.get()
    assert "双人办理" in text_of(client.get(notice.get_absolute_url()))
    paper = Document(io.BytesIO(client.get(reverse("awards:notice-paper", args=[notice.slug])).content))
    assert any("共1件：确认1件，不予确认0件，逾期失效0件" in line.text for line in paper.paragraphs)


def test_a_case_walks_its_whole_way_on_the_pages(client, year):
    campaign, files, office, notice = year
    case = object_to(notice, files[0])
    client.force_login(office)

    def act(name, **values):
        url = reverse("awards:case-act", args=[campaign.code, case.receipt, name])
        assert client.get(url).status_code == 200
        text = (
            by_two(client, url, values) if name == "rule" else text_of(client.post(url, values, follow=True))
        )
        case.refresh_from_db()
        return text

    act("take")
    assert case.handler == office
    act("accept")
    assert case.state == "accepted"
    assert "必填" in act("extend", reason="")
    assert case.extended_at is None
    act("extend", reason="需现场核查")
    assert "部分成立的，请写明更正内容" in act("rule", outcome="partly", findings="部分属实")
    assert case.state == "accepted"
    act("rule", outcome="not_upheld", findings="经核查一致")
    assert case.state == "ruled"
    assert Nomination.objects.get(pk=files[0].pk).state == State.ON_NOTICE
    gone = client.get(reverse("awards:case-act", args=[campaign.code, case.receipt, "accept"]), follow=True)
    assert "已答复" in text_of(gone)
    assert client.get(reverse("awards:case-act", args=[campaign.code, case.receipt, "x"])).status_code == 404


def test_the_supervisor_triages_an_unsigned_tip_on_the_page(client, year):
    campaign, files, office, notice = year
    case = object_to(notice, files[0], is_named=False)
    url = reverse("awards:case-act", args=[campaign.code, case.receipt, "accept"])
    client.force_login(office)
    assert client.post(url).status_code == 403
    client.force_login(SupervisorFactory(unit=campaign.organiser))
    assert "受理" in text_of(client.get(reverse("awards:case", args=[campaign.code, case.receipt])))
    client.post(url)
    case.refresh_from_db()
    assert case.state == "accepted"


def test_the_next_in_rank_moves_up_on_the_page(client):
    campaign, files, office, notice = on_notice(8)
    client.force_login(office)
    url = reverse("awards:notice-move-up", args=[campaign.code])
    assert "没有需要递补" in text_of(client.get(url, follow=True))
    case = accept_objection(object_to(notice, files[0]), actor=office)
    rule_on_objection(case, outcome="upheld", findings="属实", actor=office)
    assert "因异议成立空出名额" in text_of(client.get(reverse("awards:notice-desk", args=[campaign.code])))
    assert files[5].code in text_of(client.get(url))
    client.post(url, {"entry": files[6].code, "reason": "越位"})
    assert Nomination.objects.get(pk=files[6].pk).state == State.NOT_SELECTED
    by_two(client, url, {"entry": files[5].code, "reason": "依次递补"})
    assert Nomination.objects.get(pk=files[5].pk).state == State.PROPOSED
    assert Nomination.objects.get(pk=files[6].pk).state == State.NOT_SELECTED


def test_overdue_cases_are_marked(client, year):
    campaign, files, office, notice = year
    object_to(notice, files[0])
    client.force_login(office)
    desk = reverse("awards:notice-desk", args=[campaign.code])
    assert "已超期" not in text_of(client.get(desk))
    with at(timezone.now() + timedelta(days=8)):
        assert "1件异议已超期" in text_of(client.get(desk))


def test_the_desk_costs_the_same_with_one_case_and_with_three(client, cost, year):
    campaign, files, office, notice = year
    client.force_login(office)
    url = reverse("awards:notice-desk", args=[campaign.code])
    object_to(notice, files[0])
    client.get(url)
    with cost() as one:
        client.get(url)
    for file in files[1:3]:
        object_to(notice, file)
    with cost() as three:
        client.get(url)
    assert one.queries == three.queries


# ---- papers and files


def test_the_notice_as_word_opens_with_the_official_page_and_every_entry(client, year):
    _, files, _, notice = year
    answer = client.get(reverse("awards:notice-paper", args=[notice.slug]))
    paper = Document(io.BytesIO(answer.content))
    section = paper.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    text = "\n".join(line.text for line in paper.paragraphs)
    assert "联系电话：0546-8000000" in text.splitlines()
    assert "24:00，共5个工作日，发布当日不计" in text
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    for file in files[:5]:
        assert file.unit.name in cells
    assert "联合单位" not in cells  # nobody has one
    style = paper.styles["Normal"].element.xml
    assert "仿宋_GB2312" in style
    assert "PAGE" in section.footer._element.xml


def test_the_ledger_holds_closed_cases_whatever_tab_is_shown(client, year):
    campaign, files, office, notice = year
    case = object_to(notice, files[0])
    refuse_objection(case, reason="只对分数有意见", actor=office)
    client.force_login(office)
    desk = reverse("awards:notice-desk", args=[campaign.code])
    assert case.receipt not in client.get(desk).content.decode()
    book = load_workbook(io.BytesIO(client.get(f"{desk}?export=xlsx").content)).active
    assert case.receipt in [row[0].value for row in book.iter_rows()]


@pytest.mark.parametrize("outcome", ["refused", "partly"])
def test_the_reply_names_its_addressee_and_only_the_handler_gets_it(client, year, outcome):
    campaign, files, office, notice = year
    case = object_to(notice, files[0])
    url = reverse("awards:case-reply", args=[campaign.code, case.receipt])
    if outcome == "refused":
        refuse_objection(case, reason="只对分数有意见", actor=office)
    else:
        accept_objection(case, actor=office)
        client.force_login(office)
        assert client.get(url).status_code == 404  # nothing to answer yet
        rule_on_objection(case, outcome=outcome, findings="经核查", correction="更正为26件", actor=office)
    client.force_login(OfficeFactory(unit=campaign.organiser))
    assert client.get(url).status_code == 403
    client.force_login(office)
    text = "\n".join(line.text for line in Document(io.BytesIO(client.get(url).content)).paragraphs)
    assert "举报人张三：" in text
    assert case.receipt in text
    assert ("的告知函" if outcome == "refused" else "的答复函") in text.partition("举报人张三：")[0]
    assert ("只对分数有意见" if outcome == "refused" else "更正为26件") in text
    assert "13900001111" not in text


def test_the_static_pages_open_from_a_folder_and_reach_nobody(client, year):
    campaign, files, office, notice = year
    client.force_login(office)
    answer = client.get(reverse("awards:notice-export", args=[campaign.code, notice.number]))
    pack = zipfile.ZipFile(io.BytesIO(answer.content))
    assert set(pack.namelist()) == {
        "index.html", "notice.docx", "record.json", "verify.py", "css/bootstrap.min.css", "css/theme.css",
    }  # fmt: skip
    page = pack.read("index.html").decode()
    assert "<script" not in page
    assert "<form" not in page
    for link in re.findall(r'(?:href|src)="([^"]*)"', page):
        assert link in pack.namelist(), link
    for name in pack.namelist():
        if name.endswith((".html", ".css")):
            found = re.findall(r"https?://[^\s\"')]+", pack.read(name).decode())
            assert {re.split(r"%|'", link)[0] for link in found} <= {"http://www.w3.org/2000/svg"}
            assert "url(/" not in pack.read(name).decode()
    for file in files[:5]:
        assert file.unit.name in page
    assert pack.read("record.json").decode() == notice.ranking.record
    assert AuditEntry.objects.filter(event="notice_exported").count() == 1
    assert timezone.localtime(notice.published_at, SHANGHAI).strftime("%Y") in page


# ---- made longer


def test_the_office_makes_a_notice_longer_and_the_public_reads_why(client, year):
    campaign, _, office, notice = year
    as_(client, office)
    there = reverse("awards:notice-extend", args=[campaign.code, notice.number])
    assert there in text_of(client.get(reverse("awards:notice-desk", args=[campaign.code])))
    assert "这个字段是必填项" not in text_of(client.post(there, {"days": "2", "reason": ""}))
    assert not notice.extensions.exists()

    told = by_two(client, there, {"days": "2", "reason": "临时放假顺延"})

    assert "已延长" in told
    client.logout()
    public = text_of(client.get(notice.get_absolute_url()))
    assert "公示期7个工作日" in public
    assert "理由：临时放假顺延" in public
    paper = Document(io.BytesIO(client.get(reverse("awards:notice-paper", args=[notice.slug])).content))
    assert any("临时放假顺延" in line.text for line in paper.paragraphs)


def test_nobody_else_makes_a_notice_longer(client, year):
    campaign, files, _, notice = year
    there = reverse("awards:notice-extend", args=[campaign.code, notice.number])
    for person in (SupervisorFactory(), SecretaryFactory(unit=files[0].unit)):
        assert as_(client, person).post(there, {"days": "1", "reason": "顺延"}).status_code == 403
    assert not notice.extensions.exists()


def test_the_calendar_names_the_running_notices_that_it_does_not_move(client, year):
    campaign, _, office, notice = year
    there = reverse("awards:campaign-calendar", args=[campaign.code]) + f"?year={notice.first_day.year}"
    page = text_of(as_(client, office).get(there))
    assert "日期在发布时已经定下" in page
    assert notice.title in page
