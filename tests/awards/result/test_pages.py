"""The year's results, their papers, and the check of a certificate."""

import io
import re
import zipfile

import pytest
from django.urls import reverse
from docx import Document
from docx.shared import RGBColor
from openpyxl import load_workbook

from awards.nomination.models import Nomination
from awards.notice.actions.cases import accept_objection
from awards.result.actions import announce_results, revoke_result
from awards.result.models import Certificate, Result
from awards.states import State
from tests.awards.notice.rounds import at, object_to, on_notice, over
from tests.confirming import by_two
from tests.factories import (
    AuditorFactory,
    CommitteeFactory,
    MemberFactory,
    OfficeFactory,
    ReviewerUserFactory,
    SecretaryFactory,
    SupervisorFactory,
)
from units.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
NUMBER = "东区直工委〔2026〕12号"


@pytest.fixture
def year():
    """campaign, entries, office, notice; announced."""
    campaign, files, office, notice = on_notice()
    with at(over(notice)):
        announce_results(campaign, document_number=NUMBER, actor=office)
    campaign.refresh_from_db()
    return campaign, files, office, notice


def text_of(response):
    return response.content.decode()


def test_anybody_checks_a_certificate(client, year):
    result = Result.objects.select_related("certificate").first()
    page = text_of(client.get(result.certificate.get_absolute_url()))
    for must in ("证书有效", result.title, result.unit_name, NUMBER, "入选证书", "无异议"):
        assert must in page, must
    assert "表彰" not in page
    assert "授牌" not in page


@pytest.mark.parametrize("typed", ["dyqz-{year}-f-001", " ＤＹＱＺ-{year}-F-001 "])
def test_a_number_is_read_as_people_type_it(client, year, typed):
    answer = client.get("/certificates/", {"number": typed.format(year=year[0].year)})
    assert answer.url == f"/certificates/DYQZ-{year[0].year}-F-001/"


def test_a_number_nobody_issued_is_said_to_be_none(client, year):
    answer = client.get("/certificates/DYQZ-2020-F-900/")
    assert answer.status_code == 404
    assert "没有编号为" in text_of(answer)
    assert "格式不对" in text_of(client.get("/certificates/", {"number": "12345"}))


def test_a_revoked_certificate_stays_and_says_when_and_why(client, year):
    result = Result.objects.select_related("certificate").first()
    revoke_result(result, reason="材料造假", actor=year[2])
    page = text_of(client.get(result.certificate.get_absolute_url()))
    assert "证书已被撤销" in page
    assert "材料造假" in page
    assert "证书有效" not in page
    assert result.title in page


def test_the_qr_code_is_a_picture_file_of_the_page_s_address(client, year):
    number = Result.objects.first().certificate.number
    answer = client.get(f"/certificates/{number}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content
    for banned in (b"style=", b"<script", b"href="):
        assert banned not in answer.content
    assert client.get("/certificates/DYQZ-2020-F-900/qr.svg").status_code == 404


def test_approved_honours_change_the_words(client, year):
    campaign = year[0]
    campaign.approval_number = "鲁评组〔2026〕3号"
    campaign.save()
    page = text_of(client.get(Result.objects.first().certificate.get_absolute_url()))
    assert "荣获证书" in page


# ---- the list and who reads it


def test_every_business_role_reads_the_list_and_administrators_do_not(client, year):
    campaign, files, office, _ = year
    url = reverse("awards:result-list", args=[campaign.code])
    assert client.get(url).status_code == 302
    for person in (
        SecretaryFactory(unit=files[6].unit), ReviewerUserFactory(unit=campaign.organiser),
        MemberFactory(unit=campaign.organiser), SupervisorFactory(unit=campaign.organiser), office,
    ):  # fmt: skip
        client.force_login(person)
        page = client.get(url)
        assert page.status_code == 200
        assert f"DYQZ-{campaign.year}-F-001" in text_of(page)
        assert ("撤销…" in text_of(page)) == (person == office)
    client.force_login(AuditorFactory())
    assert client.get(url).status_code == 403


def test_before_announcing_only_the_office_sees_what_waits(client):
    campaign, files, office, _ = on_notice()
    url = reverse("awards:result-list", args=[campaign.code])
    client.force_login(office)
    assert files[0].code in text_of(client.get(url))
    for person in (SecretaryFactory(unit=files[0].unit), MemberFactory(unit=campaign.organiser)):
        client.force_login(person)
        page = text_of(client.get(url))
        assert "结果还没有公布" in page
        assert files[0].code not in page


def test_acts_and_papers_are_the_own_office_s_alone(client, year):
    campaign, files, _, _ = year
    code = Result.objects.first().nomination.code
    urls = [
        reverse("awards:result-announce", args=[campaign.code]),
        reverse("awards:result-revoke", args=[campaign.code, code]),
        reverse("awards:result-circular", args=[campaign.code]) + f"?number={NUMBER}",
        reverse("awards:result-certificates", args=[campaign.code]),
        reverse("awards:result-export", args=[campaign.code]),
    ]
    for url in urls:
        assert client.get(url).status_code == 302
    for person in (SecretaryFactory(unit=files[0].unit), SupervisorFactory(unit=campaign.organiser)):
        client.force_login(person)
        assert {client.get(url).status_code for url in urls} == {403}
        assert client.post(urls[1], {"reason": "x"}).status_code == 403
    client.force_login(OfficeFactory(unit=CommitteeFactory(slug="elsewhere")))
    assert {client.get(url).status_code for url in urls} == {404}
    assert client.post(urls[1], {"reason": "x"}).status_code == 404
    assert not Result.objects.filter(revoked_at__isnull=False).exists()


def test_announcing_on_the_page(client):
    campaign, files, office, notice = on_notice()
    accept_objection(object_to(notice, files[0]), actor=office)
    client.force_login(office)
    url = reverse("awards:result-announce", args=[campaign.code])
    assert "没有可以公布" in text_of(client.get(url, follow=True))
    with at(over(notice)):
        page = text_of(client.get(url))
        assert "4个项目转为入选" in page
        assert "异议未办结" in page
        wrong = client.post(url, {"document_number": "东区直工委[2026]12号"})
        assert "六角括号" in text_of(wrong)
        assert "东区直工委[2026]12号" in text_of(wrong)
        assert not Result.objects.exists()
        assert "已公布4个示范项目" in by_two(client, url, {"document_number": NUMBER})
    assert Nomination.objects.get(pk=files[0].pk).state == State.SUSPENDED


def test_revoking_on_the_page_needs_a_reason(client, year):
    campaign, _, office, _ = year
    code = Result.objects.first().nomination.code
    url = reverse("awards:result-revoke", args=[campaign.code, code])
    client.force_login(office)
    assert "3年内不得再申报" in text_of(client.get(url))
    client.post(url, {"reason": ""})
    assert not Result.objects.filter(revoked_at__isnull=False).exists()
    assert f"{code}已撤销" in by_two(client, url, {"reason": "材料造假"})
    assert "材料造假" in text_of(client.get(reverse("awards:result-list", args=[campaign.code])))
    assert "已被撤销" in text_of(client.get(url, follow=True))


def test_the_list_costs_the_same_with_one_result_and_with_five(client, cost, year):
    campaign, files, _, _ = year
    client.force_login(SecretaryFactory(unit=files[0].unit))
    url = reverse("awards:result-list", args=[campaign.code])
    client.get(url)
    with cost() as five:
        client.get(url)
    number = Result.objects.first().certificate.number
    with cost() as one:
        client.get(url, {"q": number})
    assert one.queries == five.queries <= 10


def test_the_list_fetches_the_same_rows_with_60_and_with_500_results(client, cost, year):
    campaign, files, office, notice = year

    def fill(start, end):
        category = files[0].category
        made = Nomination.objects.bulk_create(
            Nomination(
                campaign=campaign, unit=files[0].unit, category=category, slug=f"many{n}", title=f"第{n}件",
                state=State.SELECTED, code=f"{campaign.code}-F-{n:04d}",
            )
            for n in range(start, end)
        )  # fmt: skip
        kept = Result.objects.bulk_create(
            Result(
                campaign=campaign, nomination=file, notice=notice, category=category, title=file.title,
                unit_name="单位", document_number=NUMBER,
            )
            for file in made
        )  # fmt: skip
        Certificate.objects.bulk_create(
            Certificate(result=result, number=f"DYQZ-{campaign.year}-F-{900_000 + result.pk}")
            for result in kept
        )

    client.force_login(office)
    url = reverse("awards:result-list", args=[campaign.code])
    spent = []
    for start, end in ((1000, 1055), (2000, 2440)):
        fill(start, end)
        client.get(url)
        with cost() as paid:
            assert client.get(url).status_code == 200
        spent.append((paid.queries, paid.rows))
    assert spent[0] == spent[1]
    assert spent[0][0] <= 10


# ---- papers


def test_the_circular_bears_a_red_head_its_number_and_every_standing_result(client, year):
    campaign, _, office, _ = year
    gone = Result.objects.order_by("pk").last()
    revoke_result(gone, reason="造假", actor=office)
    client.force_login(office)
    url = reverse("awards:result-circular", args=[campaign.code])
    paper = Document(io.BytesIO(client.get(url, {"number": NUMBER}).content))
    lines = paper.paragraphs
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    text = "\n".join([line.text for line in lines] + cells)
    assert lines[0].text == f"{campaign.organiser.name}文件"
    assert lines[0].runs[0].font.color.rgb == RGBColor(0xE6, 0x00, 0x12)
    assert NUMBER in text
    assert "此件公开发布" in text
    assert "现将4个" in text
    assert "表彰" not in text
    for result in Result.objects.exclude(pk=gone.pk):
        assert result.unit_name in text
    assert gone.unit_name not in text
    section = paper.sections[0]
    assert (round(section.page_width.mm), round(section.top_margin.mm)) == (210, 37)
    assert client.get(url, {"number": "东区直工委〔2026〕99号"}).status_code == 404
    campaign.approval_number = "鲁评组〔2026〕3号"
    campaign.save()
    approved = Document(io.BytesIO(client.get(url, {"number": NUMBER}).content))
    assert "表彰通报" in "".join(line.text for line in approved.paragraphs)


def test_the_workbook_lists_revoked_ones_as_revoked(client, year):
    campaign, _, office, _ = year
    revoke_result(Result.objects.first(), reason="造假", actor=office)
    client.force_login(office)
    answer = client.get(reverse("awards:result-list", args=[campaign.code]), {"export": "xlsx"})
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    flat = [str(cell) for row in rows for cell in row]
    assert flat.count("有效") == 4
    assert flat.count("已撤销") == 1
    assert AuditEntry.objects.filter(event="exported").count() == 1


def test_certificates_are_printed_one_each_without_the_revoked(client, year):
    campaign, _, office, _ = year
    revoke_result(Result.objects.first(), reason="造假", actor=office)
    client.force_login(office)
    page = text_of(client.get(reverse("awards:result-certificates", args=[campaign.code])))
    assert page.count('<article class="certificate"') == 4
    assert page.count("qr.svg") == 4
    assert "二〇" in page


def test_the_static_list_opens_from_a_folder_with_its_circular_and_marks_the_revoked(client, year):
    campaign, _, office, _ = year
    gone = Result.objects.order_by("pk").last()
    revoke_result(gone, reason="材料造假", actor=office)
    client.force_login(office)
    answer = client.get(reverse("awards:result-export", args=[campaign.code]))
    pack = zipfile.ZipFile(io.BytesIO(answer.content))
    page = pack.read("index.html").decode()
    for result in Result.objects.select_related("certificate"):
        assert result.title in page
        assert result.certificate.number in page
    assert page.count("材料造假") == 1
    for link in re.findall(r'(?:href|src)="([^"]*)"', page):
        assert link in pack.namelist(), link
    assert "<script" not in page
    assert not re.findall(r"https?://", page)
    paper = Document(io.BytesIO(pack.read("circular-1.docx")))
    assert NUMBER in "".join(line.text for line in paper.paragraphs)
    assert AuditEntry.objects.filter(event="results_exported").count() == 1


def test_before_announcing_there_is_no_list_to_hand_out(client):
    campaign, _, office, _ = on_notice()
    client.force_login(office)
    assert client.get(reverse("awards:result-export", args=[campaign.code])).status_code == 404
