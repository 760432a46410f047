"""A book of units comes in: what it may say, what is refused and where, and that it is all or nothing."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import CommitteeFactory, OfficeFactory, SecretaryFactory, SysadminFactory, UnitFactory
from tests.sheets import blamed, effects, preview, told, words_of, workbook
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.models import Unit, UnitAlias, UnitKind

URL = "/units/import/"
HEAD = ["全称", "简称", "上级", "类型", "排序", "别名", "代码"]


@pytest.fixture
def office(client, db):
    client.force_login(OfficeFactory())
    return client


def take(client, *rows):
    """Preview and confirm."""
    return client.post(URL, words_of(preview(client, URL, *rows)), follow=True)


def row(name, parent="", kind="党支部", short="", order="", aliases="", code=""):
    return [name, short, parent, kind, order, aliases, code]


def tree() -> dict[str, tuple]:
    return {
        unit.name: (unit.parent.name if unit.parent else None, unit.path, unit.top and unit.top.name)
        for unit in Unit.objects.select_related("parent", "top")
    }


# ---- what comes in ----


def test_a_tree_comes_in_whatever_the_order_of_its_rows(office):
    page = take(
        office,
        ["东营区区直机关党组织名册"],
        ["单位：区直机关工委", "", "", "", "２０２６年"],
        ["序号", "名 称*", "简称", "上级", "类型", "顺序", "别名"],
        [1, "区民政局机关党委办公室支部", "办公室支部", "区民政局机关党委", "党支部", "３", ""],
        [2, "区　民 政 局机关党委", "区民政局", "", "机关党委", "１", "民政局、区民政局机关"],
        [3, "区财政局党总支", "区财政局", "区直机关工委", "党总支", 2.0, ""],
        ["合计", "3个"],
    )

    assert "已导入3个党组织。" in page.content.decode()
    root = CommitteeFactory()
    assert tree() == {
        root.name: (None, "committee/", None),
        "区民政局机关党委": (root.name, "committee/quminzhengju/", "区民政局机关党委"),
        "区民政局机关党委办公室支部": (
            "区民政局机关党委", "committee/quminzhengju/bangongshizhibu/", "区民政局机关党委",
        ),
        "区财政局党总支": (root.name, "committee/qucaizhengju/", "区财政局党总支"),
    }  # fmt: skip
    bureau = Unit.objects.get(short_name="区民政局")
    assert (bureau.kind, bureau.order, bureau.pinyin[:6]) == (UnitKind.PARTY_COMMITTEE, 1, "qu min")
    assert sorted(bureau.aliases.values_list("name", flat=True)) == ["区民政局机关", "民政局"]


def test_each_unit_has_an_entry_and_the_book_one(office):
    take(office, HEAD, row("甲支部"), row("乙支部"))

    entries = AuditEntry.objects.exclude(event=Event.LOGGED_IN)
    assert sorted(entries.values_list("event", flat=True)) == [
        "unit_created",
        "unit_created",
        "units_imported",
    ]
    assert len(set(entries.values_list("act_id", flat=True))) == 1


def test_codes_are_made_and_never_twice(office):
    UnitFactory(slug="quminzhengju")
    take(office, HEAD, row("区民政局支部", short="区民政局"), row("区民政局二支部", short="区民政局"),
         row("新", short="新"), row("导入", code="daoru"), row("东营区" * 9, short="东营区" * 9))  # fmt: skip

    found = dict(Unit.objects.values_list("name", "slug"))
    assert found["区民政局支部"] == "quminzhengju-2"
    assert found["区民政局二支部"] == "quminzhengju-3"
    assert found["东营区" * 9] == "dyq" * 9
    assert (found["新"], found["导入"]) == ("xin", "daoru")


def test_an_action_branch_needs_its_task(office):
    head = [*HEAD, "行动类型", "任务"]
    page = preview(office, URL, head, [*row("防汛行动党支部", kind="行动党支部"), "", ""])
    assert blamed(page) == {(2, "行动类型"), (2, "任务")}

    take(office, head, [*row("防汛行动党支部", kind="行动党支部"), "防汛", "2026年汛期值守"])
    assert Unit.objects.get(kind=UnitKind.ACTION_BRANCH).task == "2026年汛期值守"


# ---- a second time ----


def test_a_known_unit_is_changed_where_a_cell_says_so_and_left_where_it_is_empty(office):
    unit = UnitFactory(name="区水利局支部", short_name="水利局", order=7, kind=UnitKind.BRANCH)
    unit.aliases.create(name="水务局")
    same = UnitFactory(name="区统计局支部", short_name="区统计局", order=8, kind=UnitKind.BRANCH)
    rows = [HEAD, row("区水利局支部", short="区水利局", kind="党总支", aliases="水务局、水利"),
            row("区统计局支部", short="区统计局", parent="区直机关工委")]  # fmt: skip

    page = preview(office, URL, *rows)
    assert effects(page) == ["修改", "不变"]
    assert "简称由水利局改为区水利局；类型由党支部改为党总支；增加别名水利" in page.content.decode()
    done = office.post(URL, words_of(page), follow=True)

    assert "已导入1个党组织" in done.content.decode()
    unit.refresh_from_db()
    same.refresh_from_db()
    assert (unit.short_name, unit.kind, unit.order, unit.version) == (
        "区水利局",
        UnitKind.GENERAL_BRANCH,
        7,
        2,
    )
    assert sorted(unit.aliases.values_list("name", flat=True)) == ["水利", "水务局"]
    assert same.version == 1
    entry = AuditEntry.objects.get(event=Event.UNIT_CHANGED)
    assert (entry.before["unit_short_name"], entry.after["unit_short_name"]) == ("水利局", "区水利局")


def test_the_list_as_it_is_exported_comes_back_unchanged(office):
    UnitFactory(parent=UnitFactory())
    exported = io.BytesIO(office.get(reverse("units:unit-list"), {"export": "xlsx"}).content)
    rows = [list(cells) for cells in load_workbook(exported).active.iter_rows(values_only=True)]

    page = preview(office, URL, *rows)

    assert effects(page) == ["不变"] * 3
    assert "没有要导入的" in page.content.decode()
    assert page.context["content"] == ""


def test_a_unit_is_renamed_by_its_code_and_keeps_its_old_name(office):
    unit = UnitFactory(name="区农业局支部", short_name="区农业局", slug="nongye")

    take(office, HEAD, row("区农业农村局支部", kind="机关党委", code="nongye"))

    unit.refresh_from_db()
    assert unit.name == "区农业农村局支部"
    assert list(unit.aliases.values_list("name", flat=True)) == ["区农业局支部"]


# ---- what is refused ----


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([row("甲支部", kind="党小组")], [(2, "类型", "没有“党小组”，应为机关党委、党总支、党支部、行动党支部之一")]),
        ([row("甲支部", kind="工委")], [(2, "类型", "工委不能由导入新建")]),
        ([row("甲支部", parent="乙党委")], [(2, "上级", "名册和本表中都没有")]),
        ([row("甲支部", parent="甲支部")], [(2, "上级", "互为上级，成了一圈")]),
        (
            [row("甲支部", parent="丙支部"), row("乙支部", parent="甲支部"), row("丙支部", parent="乙支部")],
            [(number, "上级", "互为上级，成了一圈") for number in (2, 3, 4)],
        ),
        ([row("甲支部"), row("甲 支部")], [(3, "全称", "与第2行重复")]),
        ([row("甲支部"), row("甲\u3000支\u3164部\u200b")], [(3, "全称", "与第2行重复")]),
        ([row("\u3164\u00a0")], [(2, "全称", "必填")]),
        ([row("甲支部", code="a"), row("乙支部", code="Ａ")], [(3, "代码", "与第2行重复")]),
        ([row("甲支部", code="find")], [(2, "代码", "不能使用")]),
        ([row("甲支部", code="民政")], [(2, "代码", "小写字母")]),
        ([row("甲支部", order="第一")], [(2, "排序", "不是数字")]),
        ([row("甲支部", order=10**12)], [(2, "排序", "太大")]),
        ([row("甲支部", order="=1+1")], [(2, "排序", "公式")]),
        ([row("甲支部", aliases="甲"), row("乙支部", aliases="甲")], [(3, "别名", "与第2行重复")]),
        ([row("甲支部", aliases="乙支部"), row("乙支部")], [(2, "别名", "已是")]),
        ([row("甲" * 31)], [(2, "简称", "请填简称")]),
        ([row("甲" * 81, short="甲")], [(2, "全称", "最多80字")]),
        ([row("同名一", short="支部"), row("同名二", short="支部"), row("下级", parent="支部")],
         [(4, "上级", "有几个党组织，请写全称")]),
        ([row(f"第{n}级" + "长" * 20, short=f"第{n}级", parent=f"第{n - 1}级" if n else "", code=f"{n}" + "x" * 38)
          for n in range(8)], [(8, "上级", "层级太多"), (9, "上级", "层级太多")]),
    ],
)  # fmt: skip
def test_each_fault_is_told_by_row_and_column(office, rows, words):
    page = preview(office, URL, HEAD, *rows)

    found = told(page)
    assert [(line, column) for line, column, _ in found] == [(line, column) for line, column, _ in words]
    assert all(part in sentence for (_, _, sentence), (_, _, part) in zip(found, words, strict=True))
    assert page.context["content"] == ""
    assert not Unit.objects.exclude(parent=None).exists()


def test_a_full_name_means_that_unit_whoever_bears_it_for_short(office):
    take(office, HEAD, row("下级", parent="支部"), row("支部"), row("乙支部", short="支部"))

    assert Unit.objects.get(name="下级").parent.name == "支部"


def test_one_unit_is_named_by_one_row(office):
    UnitFactory(name="区农业局支部", slug="nongye", kind=UnitKind.BRANCH)

    page = preview(office, URL, HEAD, row("区农业局支部"), row("区农业农村局支部", code="nongye"))

    assert "与第2行是同一个党组织" in told(page)[0][2]


def test_what_clashes_with_the_register_is_told(office):
    bureau = UnitFactory(name="区民政局机关党委", short_name="区民政局", slug="minzheng")
    bureau.aliases.create(name="民政局")
    UnitFactory(name="区粮食局支部", active_to="2021-03-01")
    other = UnitFactory(name="外区支部", parent=CommitteeFactory(slug="other"))

    page = preview(
        office, URL, HEAD,
        row("民政局"),
        row("区民政局机关党委", parent="区直机关工委", kind="机关党委", code="mz"),
        row("区粮食局支部"),
        row("外区支部"),
        row("新支部", parent=other.short_name),
        row("别名支部", aliases="民政局"),
        row("测试区委区直机关工委", kind="党支部"),
        row("区民政局支部", parent="区粮食局支部"),
    )  # fmt: skip

    assert blamed(page) == {
        (2, "全称"), (3, "代码"), (4, "全称"), (5, "全称"), (6, "上级"), (7, "别名"), (8, "类型"), (9, "上级"),
    }  # fmt: skip
    assert "这是“区民政局机关党委”的别名" in page.content.decode()


def test_a_unit_is_not_moved_by_a_book(office):
    UnitFactory(name="甲党委", short_name="甲")
    UnitFactory(name="乙支部", short_name="乙")

    page = preview(office, URL, HEAD, row("乙支部", parent="甲"))

    assert told(page)[0][:2] == (2, "上级")
    assert "调整隶属关系在该党组织的页面办理" in told(page)[0][2]


def test_a_merged_cell_means_every_row_it_covers(office):
    unit = UnitFactory(name="甲党委", short_name="甲")
    rows = [HEAD, row("乙支部", parent="甲"), row("丙支部"), row("丁支部"), row("戊支部")]

    page = preview(office, URL, *rows, merge=["C2:C4", "A1:B1"])
    office.post(URL, words_of(page))

    assert set(Unit.objects.filter(parent=unit).values_list("name", flat=True)) == {
        "乙支部",
        "丙支部",
        "丁支部",
    }


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["名字", "种类"], ["甲支部", "党支部"]], "没有找到列：全称、类型"),
        ([["全称", "简称"], ["甲支部", "甲"]], "没有找到列：类型"),
        ([HEAD], "表头下面没有数据"),
        ([HEAD, *[row(f"第{n}支部") for n in range(2001)]], "超过2000行"),
    ],
)
def test_a_book_that_cannot_be_read_is_refused_whole(office, rows, words):
    page = preview(office, URL, *rows)

    assert words in page.content.decode()
    assert "reading" not in page.context


def test_a_book_is_read_once_it_is_said_to_hold_no_secret(office):
    page = office.post(URL, {"file": workbook(HEAD, row("甲支部"))})

    assert page.context["form"].errors["nothing_secret"] == ["请确认文件不涉密后再读取。"]
    assert "reading" not in page.context


# ---- between preview and confirmation ----


def test_a_preview_that_no_longer_holds_is_shown_anew(office):
    unit = UnitFactory(name="区水利局支部", short_name="水利局", kind=UnitKind.BRANCH)
    words = words_of(preview(office, URL, HEAD, row("区水利局支部", short="区水利局"), row("新支部")))
    Unit.objects.filter(pk=unit.pk).update(short_name="水务局")

    page = office.post(URL, words)

    assert "预览之后资料有变化" in page.content.decode()
    assert "简称由水务局改为区水利局" in page.content.decode()
    assert not Unit.objects.filter(name="新支部").exists()
    assert "已导入2个" in office.post(URL, words_of(page), follow=True).content.decode()


def test_what_became_wrong_meanwhile_is_told(office):
    words = words_of(preview(office, URL, HEAD, row("新支部", aliases="新")))
    UnitFactory().aliases.create(name="新")

    page = office.post(URL, words)

    assert blamed(page) == {(2, "别名")}
    assert not Unit.objects.filter(name="新支部").exists()


def test_a_second_click_imports_nothing_more(office):
    words = words_of(preview(office, URL, HEAD, row("新支部")))
    office.post(URL, words)

    again = office.post(URL, words, follow=True)

    assert "刚才已经导入" in again.content.decode()
    assert Unit.objects.filter(name="新支部").count() == 1


@pytest.mark.parametrize("spoilt", [{"content": "halb"}, {"ticket": "x"}, {"content": ""}])
def test_what_did_not_come_back_whole_imports_nothing(office, spoilt):
    words = words_of(preview(office, URL, HEAD, row("新支部"))) | spoilt

    page = office.post(URL, words, follow=True)

    assert "没有完整传回" in page.content.decode()
    assert not Unit.objects.filter(name="新支部").exists()


@pytest.mark.commits
def test_two_clicks_in_the_same_moment_import_once():
    client = Client()
    client.force_login(OfficeFactory())
    words = words_of(preview(client, URL, HEAD, row("新支部")))

    def press(_):
        try:
            return client.post(URL, words).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(press, range(2))) == [302, 302]
    assert Unit.objects.filter(name="新支部").count() == 1
    assert AuditEntry.objects.filter(event=Event.UNITS_IMPORTED).count() == 1


# ---- who, and what it costs ----


def test_only_who_may_make_a_unit_may_bring_many(client, db):
    client.force_login(SecretaryFactory())
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"content": "x"}).status_code == 403
    client.force_login(SysadminFactory())
    assert client.get(URL).status_code == 200


def test_the_template_offers_the_kinds_and_is_read_back(office):
    content = office.get(URL, {"template": ""}).content
    book = load_workbook(io.BytesIO(content))
    kinds = [cell.value for cell in book["选项"]["D"] if cell.value]
    assert kinds == ["机关党委", "党总支", "党支部", "行动党支部"]
    headers = [str(cell.value).strip("*") for cell in book["填写"][2]]

    page = preview(office, URL, headers, ["甲支部", "甲", "", kinds[2]])

    assert effects(page) == ["新增"]


def test_two_thousand_units_cost_as_many_statements_as_three(office, cost):
    def spent_on(first, number):
        tops = [
            row(f"第{n}党委", kind="机关党委", short=f"党委{n}") for n in range(first, first + number // 2)
        ]
        rows = tops + [
            row(f"第{n}支部", short=f"支部{n}", parent=tops[n % len(tops)][0], aliases=f"又名{n}")
            for n in range(first, first + number - len(tops))
        ]
        words = words_of(preview(office, URL, HEAD, *rows))
        with cost() as spent:
            assert office.post(URL, words).status_code == 302
        return spent.queries

    assert spent_on(0, 4) == spent_on(100, 2000)
    assert Unit.objects.exclude(parent=None).count() == 2004
    assert UnitAlias.objects.count() == 1002


def test_a_thousand_changes_cost_as_many_statements_as_two(office, cost):
    UnitFactory.create_batch(200)

    def spent_on(units, add):
        rows = [row(unit.name, short=unit.short_name + add, kind=unit.get_kind_display()) for unit in units]
        words = words_of(preview(office, URL, HEAD, *rows))
        with cost() as spent:
            assert office.post(URL, words).status_code == 302
        return spent.queries

    units = list(Unit.objects.exclude(parent=None))
    assert spent_on(units[:2], "甲") == spent_on(units[2:], "乙")
