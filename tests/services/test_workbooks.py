"""What leaves and enters as a workbook, through the pages."""

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from services.catalogue import BESIDE
from services.models.activities import Activity, ActivityFile
from services.models.imports import ImportedBook
from tests.factories.services import ActivityFactory, DonationFactory
from tests.factories.units import (
    CommunityFactory,
    OfficeFactory,
    PartyMemberFactory,
    SecretaryFactory,
    UnitFactory,
)
from tests.sheets import words_of
from units.audit.events import Event
from units.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return UnitFactory(short_name="区住建局")


@pytest.fixture
def secretary(client, unit):
    user = SecretaryFactory(unit=unit)
    client.force_login(user)
    return user


def table(rows):
    """Rows of a sheet → header row and a dict per row below it."""
    start = next(number for number, row in enumerate(rows) if "状态" in row or "场次合计" in row)
    return rows[start], [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


def test_the_export_holds_the_filtered_list_with_its_sum(client, secretary, unit, sheet_of):
    partner = UnitFactory(short_name="区水利局")
    ActivityFactory(unit=unit, kind="enterprise", attendance=5, subject="=走访", detail={"enterprise": "某公司"},
                    joint_with=[partner])  # fmt: skip
    ActivityFactory(unit=unit, kind="enterprise", attendance=2, detail={"enterprise": "另一公司"})
    ActivityFactory(unit=unit, kind="people", attendance=90)
    ActivityFactory(kind="enterprise", attendance=900)

    rows = sheet_of(client.get("/activities/?export=xlsx&kind=enterprise&order=attendance"))

    assert rows[0][0] == "服务企业记录"
    assert "导出日期" in rows[1][0]
    _, lines = table(rows)
    assert [line["参加人次"] for line in lines[:3]] == [2, 5, 7]
    assert (lines[1]["主题"], lines[1]["联合单位"], lines[1]["企业名称"]) == ("=走访", "区水利局", "某公司")
    assert lines[1]["状态"] == "草稿"
    entry = AuditEntry.objects.get(event=Event.EXPORTED)
    assert (entry.actor, entry.target) == (secretary, "服务企业记录")


def test_ticked_rows_alone_are_exported(client, secretary, unit, sheet_of):
    wanted, _ = ActivityFactory(unit=unit, subject="要的"), ActivityFactory(unit=unit, subject="不要的")

    rows = sheet_of(client.post("/activities/bulk/", {"act": "export", "pick": wanted.slug}))

    assert [line["主题"] for line in table(rows)[1] if line["主题"]] == ["要的"]


@pytest.mark.parametrize("register", BESIDE, ids=lambda register: register.code)
def test_every_register_is_exported_under_its_name(client, secretary, register, sheet_of):
    rows = sheet_of(client.get(register.list_url, {"export": "xlsx"}))

    assert rows[0][0] == f"{register.label}台账"
    assert [column.header for column in register.columns] == rows[2][: len(register.columns)]


def test_donations_add_up(client, unit, sheet_of):
    client.force_login(OfficeFactory())
    DonationFactory(unit=unit, amount="301000.00")
    DonationFactory(unit=unit, amount="705.00", state="sent")

    _, lines = table(sheet_of(client.get("/registers/donations/?export=xlsx")))

    assert [line["金额（元）"] for line in lines] == [705, 301000, 301705]


def test_totals_are_exported_with_the_rule_and_joint_work_once(client, unit, sheet_of):
    client.force_login(OfficeFactory())
    partner = UnitFactory(short_name="区水利局")
    ActivityFactory(unit=unit, reviewed=True, attendance=4, joint_with=[partner], problems_received=2,
                    problems_closed=1)  # fmt: skip

    rows = sheet_of(client.get(f"/activities/totals/export/?year={timezone.localdate().year}"))

    _, lines = table(rows)
    assert [(line["单位"], line["场次合计"]) for line in lines[:3]] == [
        ("区住建局", 1), ("区水利局", 1), ("全区合计（联合开展计一次）", 1),
    ]  # fmt: skip
    assert lines[2]["办结率"] == 0.5
    assert "各单位之和可大于全区合计" in rows[-1][0]


def test_the_template_is_what_the_import_takes(client, secretary, unit, sheet_of, workbook):
    header = sheet_of(client.get("/activities/import/?template"))[1]
    cells = {"*服务类别": "服务群众", "*日期": "2020.6.1", "*地点": "社区", "*主题": "走访", "*服务对象": "居民",
             "*内容摘要": "上门。", "走访户数": 3}  # fmt: skip
    assert [name for name in header if name.startswith("*")] == [
        name for name in cells if name.startswith("*")
    ]

    page = client.post("/activities/import/", {"file": workbook(header, [cells.get(name) for name in header]),
                                               "nothing_secret": "on"})  # fmt: skip

    assert page.context["problems"] == []
    assert "导入1条" in page.content.decode()
    assert not Activity.objects.exists()
    saved = client.post("/activities/import/", words_of(page))
    assert saved["Location"] == "/activities/?state=draft"
    assert Activity.objects.get().people_detail.households == 3


def test_one_fault_keeps_everything_out(client, secretary, workbook):
    header = ["服务类别", "日期", "地点", "主题", "服务对象", "内容摘要"]
    file = workbook(
        header,
        ["服务群众", "2020.6.1", "社区", "走访一", "居民", "上门。"],
        ["服务群众", "六月", "社区", "走访二", "居民", "上门。"],
    )

    page = client.post("/activities/import/", {"file": file, "nothing_secret": "on"})

    text = page.content.decode()
    assert "有一处不对，整个文件都不导入" in text
    assert [(problem.row, problem.column) for problem in page.context["problems"]] == [(3, "日期")]
    assert page.context["content"] == ""
    file.seek(0)
    words = words_of(page) | {"content": base64.b64encode(file.read()).decode()}
    forced = client.post("/activities/import/", words)
    assert forced.status_code == 200
    assert not Activity.objects.exists()


@pytest.mark.parametrize("content", ["", "不是", "bm90IGEgd29ya2Jvb2s="])
def test_a_garbled_return_asks_for_the_file_again(client, secretary, content):
    answer = client.post("/activities/import/", {"content": content, "name": "x.xlsx"})

    assert (answer.status_code, answer["Location"]) == (302, "/activities/import/")


def test_a_file_that_is_no_workbook_is_refused_at_the_field(client, secretary, workbook):
    page = client.post(
        "/activities/import/",
        {"file": SimpleUploadedFile("x.xlsx", b"MZ not a book"), "nothing_secret": "on"},
    )
    assert "file" in page.context["form"].errors
    unconfirmed = client.post("/activities/import/", {"file": workbook(["x"])})
    assert "nothing_secret" in unconfirmed.context["form"].errors


def test_an_import_of_registrations_goes_through_the_page(client, secretary, unit, workbook):
    PartyMemberFactory(unit=unit, number="0007")
    CommunityFactory(name="文汇社区")
    file = workbook(
        ["党员报到统计表"], ["编号", "报到社区", "报到日期"], ["0007", "文汇社区", "2020年3月1日"], ["合计"]
    )

    page = client.post("/registers/registrations/import/", {"file": file, "nothing_secret": "on"})
    client.post("/registers/registrations/import/", words_of(page))

    assert client.get("/registers/registrations/?state=draft").context["count"] == 1


def test_a_second_click_logs_nothing_twice_and_a_late_one_is_asked_again(client, secretary, workbook):
    header = ["服务类别", "日期", "地点", "主题", "服务对象", "内容摘要"]
    rows = [header, ["服务群众", "2020.6.1", "社区", "走访一", "居民", "上门。"]]

    def preview():
        return client.post("/activities/import/", {"file": workbook(*rows), "nothing_secret": "on"})

    first, other = words_of(preview()), words_of(preview())
    client.post("/activities/import/", first)
    again = client.post("/activities/import/", first, follow=True)
    late = client.post("/activities/import/", other)

    assert "刚才已经导入" in again.content.decode()
    assert [line.effect.label for line in late.context["lines"]] == ["已登记"]
    assert late.context["content"] == ""
    assert Activity.objects.count() == 1


def imported(client, workbook, subject="走访一"):
    header = ["服务类别", "日期", "地点", "主题", "服务对象", "内容摘要"]
    rows = [header, *[["服务群众", "2020.6.1", "社区", f"{subject}{n}", "居民", "上门。"] for n in (1, 2)]]
    page = client.post("/activities/import/", {"file": workbook(*rows), "nothing_secret": "on"})
    client.post("/activities/import/", words_of(page))
    return ImportedBook.objects.get()


def test_a_wrong_import_is_taken_back_whole_with_a_reason(client, secretary, workbook):
    book = imported(client, workbook)
    kept = ActivityFactory()
    link = f"/activities/import/{book.slug}/undo/"

    assert link in client.get("/activities/import/").content.decode()
    assert "2条" in client.get(link).content.decode()
    assert client.post(link, {"reason": ""}).context["form"].errors
    answer = client.post(link, {"reason": "导错了文件"}, follow=True).content.decode()

    assert "已撤销，删除草稿2条" in answer
    assert link not in answer
    assert Activity.objects.get() == kept
    entry = AuditEntry.objects.get(event=Event.ACTIVITY_IMPORT_UNDONE)
    assert (entry.reason, entry.before) == ("导错了文件", {"file": "台账.xlsx", "rows": 2})
    assert "已经撤销" in client.post(link, {"reason": "再来"}, follow=True).content.decode()


def test_an_import_on_which_something_rests_stays(client, secretary, workbook):
    book = imported(client, workbook)
    Activity.objects.filter(subject="走访一1").update(state="sent")

    page = client.post(f"/activities/import/{book.slug}/undo/", {"reason": "导错了"}).content.decode()

    assert "有1条已经报送（如“走访一1”）" in page
    listed = client.get("/activities/import/").content.decode()
    assert "已报送" in listed
    assert f"{book.slug}/undo/" not in listed
    assert Activity.objects.count() == 2


def test_an_import_with_files_stays(client, secretary, workbook):
    book = imported(client, workbook)
    ActivityFile.objects.create(activity=Activity.objects.first(), name="照片.jpg", size=1, sha256="0" * 64)

    page = client.post(f"/activities/import/{book.slug}/undo/", {"reason": "导错了"}).content.decode()

    assert "已上传1个附件" in page
    assert Activity.objects.count() == 2


def test_another_units_import_is_none_of_mine(client, secretary, workbook):
    link = f"/activities/import/{imported(client, workbook).slug}/undo/"
    client.force_login(SecretaryFactory(unit=UnitFactory()))

    assert client.get(link).status_code == 404
    assert client.post(link, {"reason": "x"}).status_code == 404
    assert link not in client.get("/activities/import/").content.decode()
    assert Activity.objects.count() == 2
