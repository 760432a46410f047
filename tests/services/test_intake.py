from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from services.actions.imports import import_rows
from services.catalogue import ACTIVITIES, REGISTERS
from services.intake import read_workbook
from services.models.activities import Activity, EnterpriseDetail
from services.models.logged import LogState
from services.models.registers import Registration
from tests.factories.services import ActivityFactory, RegistrationFactory
from tests.factories.units import (
    ClerkFactory,
    CommunityFactory,
    PartyMemberFactory,
    UnitFactory,
)
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.models import UnitAlias

pytestmark = pytest.mark.django_db

HEADERS = ["序号", "单位", "类别", "日期", "地点", "活动主题", "服务对象", "内容摘要", "参加人次", "受理诉求数",
           "办结诉求数", "联合单位", "企业名称", "走访户数", "服务时长（小时）"]  # fmt: skip


def line(number=1, unit="", kind="服务企业", day="2020.6.1", subject="走访企业", **more):
    cells = {
        "attendance": "１２人次",
        "received": 3,
        "closed": "3",
        "joint": "",
        "firm": "某公司",
        "hours": 1.5,
    }
    cells |= {"households": None} | more
    return [number, unit, kind, day, "企业", subject, "企业3户", "送政策", cells["attendance"], cells["received"],
            cells["closed"], cells["joint"], cells["firm"], cells["households"], cells["hours"]]  # fmt: skip


@pytest.fixture
def unit():
    return UnitFactory(name="测试区住房和城乡建设局机关党委", short_name="区住建局")


def read(file, user, register=ACTIVITIES):
    return read_workbook(file, register, name=file.name, user=user)


def told(reading):
    return [(problem.row, problem.column, problem.message) for problem in reading.problems]


def test_a_messy_workbook_is_read_as_it_was_meant(unit, workbook):
    UnitAlias.objects.create(unit=unit, name="住建局")
    branch = UnitFactory(parent=unit, short_name="质监站支部")
    partner = UnitFactory(short_name="区水利局")
    clerk = ClerkFactory(unit=unit)
    file = workbook(
        ["2020年服务企业台账"],
        [],
        HEADERS,
        line(1, "住建局", day="2020.6.1", joint="区水利局"),
        line(2, "质监站 支部", day="2020年6月2日", subject="走访二"),
        line(3, "", day=20200603, subject="走访三", attendance=4),
        line(
            4, unit.name, day=date(2020, 6, 4), subject="走访四", kind="服务群众", firm="", households="15户"
        ),
        ["合计", "", "", "", "", "", "", "", 28],
        merge="A1:O1",
    )

    reading = read(file, clerk)

    assert told(reading) == []
    assert reading.intake.skipped == [8]
    rows = reading.rows
    assert [row.happened_on.day for row in rows] == [1, 2, 3, 4]
    assert [row.unit for row in rows] == [unit, branch, unit, unit]
    assert [row.attendance for row in rows] == [12, 12, 4, 12]
    assert rows[0].new_joint_units == [partner]
    assert rows[3].new_detail == {"households": 15, "wish": "", "deed": "", "finished_on": None}
    assert not Activity.objects.exists()

    import_rows(rows, file_name=file.name, actor=clerk)

    assert Activity.objects.filter(state=LogState.DRAFT, logged_by=clerk).count() == 4
    first = Activity.objects.get(happened_on=date(2020, 6, 1))
    assert (first.hours, first.enterprise_detail.enterprise) == (Decimal("1.5"), "某公司")
    assert [joint.unit for joint in first.joint_units.all()] == [partner]
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.after) == (Event.ACTIVITY_IMPORTED, {"file": "台账.xlsx", "rows": 4})


def test_every_fault_is_named_by_row_and_column(unit, workbook):
    UnitFactory(short_name="区别的局")
    ActivityFactory(unit=unit, happened_on=date(2020, 6, 9), subject="已有的", target="企业3户")
    tomorrow = timezone.localdate() + timedelta(days=1)
    file = workbook(
        HEADERS,
        line(1, "区别的局"),
        line(2, day="2020年13月1日"),
        line(3, closed=4, subject="办结多"),
        line(4, firm="", subject="无企业"),
        line(5, kind="服务群众", subject="填错列"),
        line(6, subject="两次"),
        line(7, subject="两次"),
        line(8, day="2020.6.9", subject="已有的"),
        line(9, kind="服务机关", subject="无此类"),
        line(10, day=tomorrow, subject="未到"),
        line(11, joint="区住建局", subject="自己联合"),
        line(12, subject="长" * 61),
    )

    reading = read(file, ClerkFactory(unit=unit))

    assert not reading.ok
    assert reading.rows == []
    found = told(reading)
    assert [(row, column) for row, column, _ in found] == [
        (2, "单位"), (3, "日期"), (4, "办结诉求数"), (5, "企业名称"), (6, "企业名称"), (8, "主题"),
        (10, "服务类别"), (11, "日期"), (12, "联合单位"), (13, "主题"),
    ]  # fmt: skip
    assert "不由您登记" in found[0][2]
    assert found[3][2] == "类别为服务企业时必填，不能为空。"
    assert found[4][2] == "类别为服务群众，此列应留空。"
    assert found[5][2] == "与第7行重复。"


def test_registrations_find_members_by_number_in_the_units_tree(unit, workbook):
    branch = UnitFactory(parent=unit)
    member, deep = PartyMemberFactory(unit=unit, number="0012"), PartyMemberFactory(unit=branch, number="77")
    PartyMemberFactory(unit=UnitFactory(), number="99")
    CommunityFactory(name="文汇社区")
    known = RegistrationFactory(
        member=member, community=CommunityFactory(name="辽河社区"), registered_on=date(2020, 3, 1)
    )
    headers = ["单位", "党员编号", "社区", "报到日期", "认领岗位"]
    good = workbook(
        headers,
        ["区住建局", "0012", "文汇社区", "2020.3.1", ""],
        ["", 77, "文汇社区", "2020.3.2", "政策宣传"],
    )

    reading = read(good, ClerkFactory(unit=unit), REGISTERS["registrations"])

    assert told(reading) == []
    assert [(row.member, row.unit, row.duty) for row in reading.rows] == [
        (member, unit, ""), (deep, branch, "政策宣传"),
    ]  # fmt: skip

    bad = workbook(
        headers,
        ["", "99", "文汇社区", "2020.3.1", ""],
        ["", "0012", "无名社区", "2020.3.1", ""],
        ["", "0012", known.community.name, "2020.3.1", ""],
    )
    assert [(row, column) for row, column, _ in told(read(bad, ClerkFactory(unit=unit), REGISTERS["registrations"]))] == [
        (2, "党员编号"), (3, "社区"),
    ]  # fmt: skip


def test_a_row_that_fails_takes_the_whole_import_with_it(unit, workbook):
    clerk = ClerkFactory(unit=unit)
    rows = read(workbook(HEADERS, line(1), line(2, subject="第二条")), clerk).rows
    rows[1].new_detail["enterprise"] = None

    with pytest.raises(Exception, match="enterprise"):
        import_rows(rows, file_name="x.xlsx", actor=clerk)

    assert not Activity.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("code", [code for code in REGISTERS if code not in ("activities", "registrations")])
def test_every_other_register_takes_its_own_workbook(code, unit, workbook):
    register = REGISTERS[code]
    CommunityFactory(name="文汇社区")
    cells = {"社区": "文汇社区", "金额（元）": "301,705元", "队伍人数": "26人"}
    days = {"协议日期", "创建日期", "日期", "提出日期"}
    headers = [str(register.model._meta.get_field(name).verbose_name) for name in register.fields]
    row = ["2020.6.1" if header in days else cells.get(header, "") for header in headers]
    row = [
        cell or ("" if header in ("单位", "完成日期") else "文字")
        for header, cell in zip(headers, row, strict=True)
    ]

    reading = read(workbook(headers, row), ClerkFactory(unit=unit), register)

    assert told(reading) == []
    assert import_rows(reading.rows, file_name="x.xlsx", actor=ClerkFactory(unit=unit))[0].unit == unit


def test_two_thousand_rows_cost_a_fixed_number_of_queries(unit, workbook, django_assert_max_num_queries):
    members = [PartyMemberFactory.build(unit=unit, number=f"{n:05d}") for n in range(2000)]
    type(members[0]).objects.bulk_create(members)
    CommunityFactory(name="文汇社区")
    clerk = ClerkFactory(unit=unit)
    file = workbook(
        ["党员编号", "社区", "报到日期"], *([member.number, "文汇社区", "2020-03-01"] for member in members)
    )

    with django_assert_max_num_queries(20):
        reading = read(file, clerk, REGISTERS["registrations"])
        import_rows(reading.rows, file_name=file.name, actor=clerk)

    assert Registration.objects.count() == 2000
    assert not EnterpriseDetail.objects.exists()


def test_a_merged_unit_is_meant_in_every_row_it_covers(unit, workbook):
    branch = UnitFactory(parent=unit, short_name="质监站支部")
    rows = [line(1, "质监站支部"), line(2, None, subject="走访二"), line(3, None, subject="走访三")]

    reading = read(workbook(HEADERS, *rows, merge="B2:B4"), ClerkFactory(unit=unit))

    assert {row.unit for row in reading.rows} == {branch}
    assert reading.notes == []


def test_a_row_without_a_unit_beside_others_is_told_where_it_goes(unit, workbook):
    reading = read(
        workbook(HEADERS, line(1, "区住建局"), line(2, "", subject="走访二")), ClerkFactory(unit=unit)
    )

    assert reading.notes == ["第3行没有填单位，记在区住建局名下。"]


def test_three_visits_of_one_day_to_three_firms_are_three_rows(unit, workbook):
    rows = [line(n) for n in (1, 2, 3)]
    for n, row in enumerate(rows):
        row[6] = f"第{n}家企业"

    reading = read(workbook(HEADERS, *rows), ClerkFactory(unit=unit))

    assert (told(reading), len(reading.rows)) == ([], 3)


def test_a_ledger_that_has_grown_brings_its_new_rows(unit, workbook):
    clerk = ClerkFactory(unit=unit)
    old = [line(1), line(2, subject="走访二")]
    import_rows(read(workbook(HEADERS, *old), clerk).rows, file_name="台账.xlsx", actor=clerk)

    reading = read(workbook(HEADERS, *old, line(3, subject="走访三")), clerk)

    assert told(reading) == []
    assert [row.subject for row in reading.rows] == ["走访三"]
    assert (reading.counted, reading.doing) == ([("已登记", 2), ("新增", 1)], 1)


NUMBERED = [*HEADERS, "外部编号"]


def test_the_foreign_number_tells_rows_apart_and_the_same_again(unit, workbook):
    clerk = ClerkFactory(unit=unit)
    first = [[*line(1), "DT-001"], [*line(2), "DT-002"]]
    reading = read(workbook(NUMBERED, *first), clerk)
    assert (told(reading), len(reading.rows)) == ([], 2)
    import_rows(reading.rows, file_name="台账.xlsx", actor=clerk)

    reworded = read(workbook(NUMBERED, [*line(1, subject="换了说法"), "DT-001"], [*line(3), "DT-003"]), clerk)
    assert [row.foreign_number for row in reworded.rows] == ["DT-003"]

    twice = read(workbook(NUMBERED, [*line(1), "DT-9"], [*line(2, subject="另一条"), "DT-9"]), clerk)
    assert told(twice) == [(3, "主题", "与第2行重复。")]
