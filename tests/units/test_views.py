"""Every page of the administrators: who may open it, what it does, what it costs."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.factories import (
    AuditorFactory,
    ClerkFactory,
    CommitteeFactory,
    MemberFactory,
    OfficeFactory,
    PostFactory,
    ReviewerUserFactory,
    SecadminFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
    UnitFactory,
    UserFactory,
)
from tests.filling import both_texts, keeping, sent_back
from tests.sheets import blamed, preview, words_of
from units.actions.posts import grant_post
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.audit.record import record
from units.models import Post, Unit, User
from units.roles import ADMINISTRATORS, COMMITTEE_ROLES, Role

pytestmark = pytest.mark.django_db

HOLDERS = {
    "sysadmin": SysadminFactory,
    "secadmin": SecadminFactory,
    "auditor": AuditorFactory,
    "office": OfficeFactory,
    "supervisor": SupervisorFactory,
    "member": MemberFactory,
    "reviewer": ReviewerUserFactory,
    "secretary": SecretaryFactory,
    "clerk": ClerkFactory,
    "nobody": UserFactory,
}
PAGES = [
    ("units:account-list", (), {"sysadmin", "secadmin", "auditor", "office"}),
    ("units:account-new", (), {"sysadmin"}),
    ("units:roster-import", (), {"sysadmin"}),
    ("units:account", ("somebody",), {"sysadmin", "secadmin", "office"}),
    ("units:account-edit", ("somebody",), {"sysadmin"}),
    ("units:account-reset", ("somebody",), {"sysadmin"}),
    ("units:account-active", ("somebody",), {"sysadmin"}),
    ("units:post-grant", ("somebody",), {"sysadmin", "office"}),
    ("units:post-list", (), {"sysadmin", "secadmin"}),
    ("units:unit-list", (), {"sysadmin", "secadmin", "office", "supervisor"}),
    ("units:unit", ("some-unit",), {"sysadmin", "secadmin", "office", "supervisor"}),
    ("units:unit-new", (), {"sysadmin", "office"}),
    ("units:unit-import", (), {"sysadmin", "office"}),
    ("units:unit-edit", ("some-unit",), {"sysadmin", "office"}),
    ("units:unit-move", ("some-unit",), {"sysadmin", "office"}),
    ("units:unit-close", ("some-unit",), {"sysadmin", "office"}),
    ("units:audit-log", (), {"auditor"}),
    ("units:my-log", (), set(HOLDERS)),
]


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.mark.parametrize(("route", "args", "allowed"), PAGES, ids=[page[0] for page in PAGES])
def test_each_page_opens_for_its_roles_and_for_nobody_else(client, route, args, allowed):
    UserFactory(username="somebody")
    UnitFactory(slug="some-unit")
    url = reverse(route, args=args)

    assert client.get(url).url.startswith("/accounts/login/")
    for name, factory in HOLDERS.items():
        client.force_login(factory())
        status = client.get(url).status_code
        assert status == 200 if name in allowed else status in (403, 404), name


def test_a_units_own_people_read_its_page_and_that_of_its_branches(signed_in):
    unit = UnitFactory()
    branch, other = UnitFactory(parent=unit), UnitFactory()

    client = signed_in(ClerkFactory(unit=unit))

    assert client.get(unit.get_absolute_url()).status_code == 200
    assert client.get(branch.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 403


def test_the_office_reaches_no_unit_of_another_committee(signed_in):
    unit = UnitFactory(parent=CommitteeFactory(slug="other"))

    client = signed_in(OfficeFactory())

    assert client.get(reverse("units:unit-edit", args=[unit.slug])).status_code == 403
    assert client.get(reverse("units:unit-move", args=[unit.slug])).status_code == 403


def test_a_person_reads_the_own_account_with_the_whole_number_and_others_do_not(signed_in):
    person = SecretaryFactory(mobile="13812345678")

    own = signed_in(person).get(person.get_absolute_url())
    assert "13812345678" in own.content.decode()
    office = signed_in(OfficeFactory()).get(person.get_absolute_url())
    assert "138****5678" in office.content.decode()
    assert "13812345678" not in office.content.decode()
    assert not AuditEntry.objects.filter(event=Event.PERSONAL_DATA_READ).exists()

    assert "13812345678" in signed_in(SysadminFactory()).get(person.get_absolute_url()).content.decode()
    assert AuditEntry.objects.filter(event=Event.PERSONAL_DATA_READ, target_key=person.username).count() == 1


def test_a_new_account_shows_its_password_once_and_leads_to_changing_it(client, signed_in):
    page = signed_in(SysadminFactory()).post(
        reverse("units:account-new"), {"username": "clerk02", "name": "党务干部", "mobile": "13800000001"}
    )
    password = page.context["password"]
    assert password in page.content.decode()
    assert page["Cache-Control"] == "no-store"

    client.logout()
    client.post(reverse("account_login"), {"login": "clerk02", "password": password})
    assert client.get("/my-log/").url == reverse("account_change_password")
    client.post(
        reverse("account_change_password"),
        {"oldpassword": password, "password1": "Another-Pass-9", "password2": "Another-Pass-9"},
    )
    assert client.get("/my-log/").status_code == 200
    events = set(AuditEntry.objects.filter(actor__username="clerk02").values_list("event", flat=True))
    assert {Event.LOGGED_IN, Event.PASSWORD_CHANGED} <= events


def test_wrong_input_stays_on_the_page_with_its_message(signed_in):
    UserFactory(username="taken")
    client = signed_in(SysadminFactory())

    page = client.post(reverse("units:account-new"), {"username": "taken", "name": "某某", "mobile": "电话"})

    text = page.content.decode()
    assert "已被使用" in text
    assert "电话号码无法识别" in text
    assert 'value="某某"' in text
    assert not User.objects.filter(name="某某").exists()


def test_the_office_proposes_a_season_post_and_the_security_administrator_confirms_it(signed_in):
    person, committee = UserFactory(), CommitteeFactory()
    values = {
        "role": Role.REVIEWER,
        "unit": committee.slug,
        "from_on": timezone.localdate(),
        "reason": "评选方案",
    }

    signed_in(OfficeFactory()).post(reverse("units:post-grant", args=[person.username]), values)
    post = person.posts.get()
    assert post.state == "waiting"
    client = signed_in(SecadminFactory())
    assert str(person) in client.get(reverse("units:post-list")).content.decode()
    client.post(reverse("units:post-confirm"), {"pick": [post.pk]})

    post.refresh_from_db()
    assert post.state == "current"


def test_the_office_cannot_propose_an_administrator(signed_in):
    person = UserFactory()
    values = {"role": Role.SYSADMIN, "unit": CommitteeFactory().slug, "from_on": timezone.localdate()}

    page = signed_in(OfficeFactory()).post(reverse("units:post-grant", args=[person.username]), values)

    assert page.status_code == 200
    assert not person.posts.exists()


def test_a_post_that_may_not_be_held_is_refused_on_the_page(signed_in):
    person = OfficeFactory()
    values = {
        "role": Role.REVIEWER,
        "unit": CommitteeFactory().slug,
        "from_on": timezone.localdate(),
        "reason": "方案",
    }

    page = signed_in(SysadminFactory()).post(reverse("units:post-grant", args=[person.username]), values)

    assert "不能同时任" in page.content.decode()
    assert 'value="方案"' in page.content.decode()


def test_only_the_security_administrator_confirms(signed_in):
    post = grant_post(
        UserFactory(),
        role=Role.CLERK,
        unit=UnitFactory(),
        from_on=timezone.localdate(),
        to_on=None,
        actor=None,
    )
    for factory in (SysadminFactory, OfficeFactory, AuditorFactory, SecretaryFactory):
        answer = signed_in(factory()).post(reverse("units:post-confirm"), {"pick": [post.pk]})
        assert answer.status_code == 403
    post.refresh_from_db()
    assert post.confirmed_at is None


def test_a_refused_post_carries_its_reason(signed_in):
    post = grant_post(
        UserFactory(),
        role=Role.CLERK,
        unit=UnitFactory(),
        from_on=timezone.localdate(),
        to_on=None,
        actor=None,
    )
    client = signed_in(SecadminFactory())
    url = reverse("units:post-refuse", args=[post.pk])

    assert client.post(url, {"reason": ""}).status_code == 200
    client.post(url, {"reason": "材料不全"})

    post.refresh_from_db()
    assert (post.state, post.reason) == ("refused", "材料不全")
    assert client.get(url).status_code == 404


def test_a_post_is_ended_from_the_account_page(signed_in):
    secretary = SecretaryFactory()
    post = secretary.posts.get()

    signed_in(OfficeFactory()).post(
        reverse("units:post-end", args=[post.pk]), {"on": timezone.localdate(), "reason": "调任"}
    )

    post.refresh_from_db()
    assert post.to_on == timezone.localdate()


def test_a_unit_is_made_changed_and_moved(signed_in):
    committee = CommitteeFactory()
    client = signed_in(OfficeFactory())
    values = {
        "slug": "stats", "parent": committee.slug, "name": "区统计局机关党委", "short_name": "区统计局",
        "kind": "party_committee", "order": 5, "active_from": "2020-01-01", "aliases": "统计局\n区统计",
    }  # fmt: skip

    client.post(reverse("units:unit-new"), values)
    unit = Unit.objects.get(slug="stats")
    assert unit.aliases.count() == 2

    client.post(
        reverse("units:unit-edit", args=["stats"]), values | {"order": 6, "aliases": "统计局", "version": 1}
    )
    unit.refresh_from_db()
    assert (unit.order, unit.aliases.count(), unit.path) == (6, 1, "committee/stats/")

    other = UnitFactory()
    client.post(reverse("units:unit-move", args=["stats"]), {"parent": other.slug, "reason": "机构改革"})
    unit.refresh_from_db()
    assert unit.parent == other


def test_a_stale_form_shows_what_was_saved_meanwhile_and_the_choice_decides(signed_in):
    unit, person = UnitFactory(slug="stats", order=9), UserFactory(duty="科长")
    client = signed_in(SysadminFactory())
    edit = reverse("units:unit-edit", args=["stats"])
    opened = sent_back(client.get(edit).context["fill"])
    client.post(edit, opened | {"order": 7})

    page = client.post(edit, opened | {"order": 5, "short_name": "统计"})
    fill = page.context["fill"]
    assert both_texts(fill) == [("规范排序", "7", "5")]
    unit.refresh_from_db()
    assert (unit.order, unit.short_name) != (5, "统计")
    client.post(edit, sent_back(fill) | keeping("mine", fill))
    unit.refresh_from_db()
    assert (unit.order, unit.short_name, unit.version) == (5, "统计", 3)

    url = reverse("units:account-edit", args=[person.username])
    opened = sent_back(client.get(url).context["fill"])
    client.post(url, opened | {"duty": "科员"})
    page = client.post(url, opened | {"duty": "主任科员"})
    assert both_texts(page.context["fill"]) == [("职务", "科员", "主任科员")]


def test_a_closed_unit_leaves_its_names_to_the_one_that_takes_over(signed_in):
    old, new = UnitFactory(name="区物价局机关党委", short_name="区物价局"), UnitFactory()
    old.aliases.create(name="物价局")
    clerk = ClerkFactory(unit=old)
    values = {"on": timezone.localdate(), "into": new.slug, "reason": "机构改革"}

    page = signed_in(OfficeFactory()).post(reverse("units:unit-close", args=[old.slug]), values, follow=True)

    assert f"并入{new}" in page.content.decode()
    old.refresh_from_db()
    assert old.active_to == timezone.localdate()
    assert set(new.aliases.values_list("name", flat=True)) == {"区物价局机关党委", "区物价局", "物价局"}
    assert clerk.posts.get().to_on == timezone.localdate()
    assert AuditEntry.objects.get(event=Event.UNIT_CLOSED).after["posts"] == 1
    again = signed_in(OfficeFactory()).post(reverse("units:unit-close", args=[old.slug]), values)
    assert "已定于" in again.content.decode()


def test_an_alias_belongs_to_one_unit_and_an_action_branch_has_a_task(signed_in):
    UnitFactory(short_name="甲").aliases.create(name="统计局")
    values = {
        "slug": "branch", "parent": CommitteeFactory().slug, "name": "某行动党支部", "short_name": "行动支部",
        "kind": "action_branch", "order": 1, "active_from": "2020-01-01", "aliases": "统计局",
    }  # fmt: skip

    page = signed_in(SysadminFactory()).post(reverse("units:unit-new"), values)

    text = page.content.decode()
    assert "已是甲的别名" in text
    assert text.count("行动党支部须填写") >= 2
    assert not Unit.objects.filter(slug="branch").exists()


HEAD = ["账号", "姓名", "职务", "单位", "岗位", "开始日期", "办公电话", "手机"]


def test_a_roster_is_previewed_then_taken_whole_and_says_so(signed_in):
    UnitFactory(short_name="区统计局").aliases.create(name="统计局")
    client, url = signed_in(SysadminFactory()), reverse("units:roster-import")
    rows = [
        ["2026年名册"],
        HEAD,
        ["clerk31", "党务干部甲", "科员", "统 计 局", "党务干部", "2026.1.1", "", 13800000001],
        ["clerk32", "党务干部乙", "", "区统计局", "党组织书记", "20260101", "0546-8000001", ""],
        ["合计", "2人"],
    ]

    seen = preview(client, url, *rows)
    assert "导入2个账号" in seen.content.decode()
    assert "13800000001" not in seen.content.decode()
    assert not User.objects.filter(username="clerk31").exists()

    done = client.post(url, words_of(seen))
    page = done.content.decode()
    assert "已导入2个账号" in page
    assert "可以导入" not in page
    assert done["Cache-Control"] == "no-store"
    printed = {line[0]: line[-1] for line in done.context["lines"]}
    assert User.objects.get(username="clerk31").check_password(printed["clerk31"])
    assert User.objects.get(username="clerk31").mobile == "13800000001"
    assert Post.objects.filter(user__username="clerk32", role=Role.SECRETARY, confirmed_at=None).count() == 1


def test_the_first_passwords_are_fetched_as_a_workbook_as_often_as_wanted(signed_in):
    UnitFactory(short_name="区统计局")
    client, url = signed_in(SysadminFactory()), reverse("units:roster-import")
    seen = preview(client, url, HEAD, ["clerk31", "甲", "", "区统计局", "党务干部", "", "", ""])
    done = client.post(url, words_of(seen))

    for _ in range(2):
        fetched = client.post(url, {"codes": done.context["codes"]})
        cells = [
            cell.value for row in load_workbook(BytesIO(fetched.content)).active.iter_rows() for cell in row
        ]
        assert done.context["lines"][0][-1] in cells
        assert fetched["Cache-Control"] == "no-store"
    assert AuditEntry.objects.filter(event=Event.EXPORTED, target="初始密码").count() == 2

    client.force_login(SysadminFactory())
    other = client.post(url, {"codes": done.context["codes"]}, follow=True)
    assert "没有完整传回" in other.content.decode()


def test_a_second_click_makes_no_second_roster(signed_in):
    UnitFactory(short_name="区统计局")
    client, url = signed_in(SysadminFactory()), reverse("units:roster-import")
    words = words_of(preview(client, url, HEAD, ["clerk31", "甲", "", "区统计局", "党务干部", "", "", ""]))

    client.post(url, words)
    again = client.post(url, words, follow=True)

    assert "刚才已经导入" in again.content.decode()
    assert User.objects.filter(username="clerk31").count() == 1


def test_a_second_click_without_script_shows_the_same_first_passwords(signed_in):
    """A browser drops the answer to the first: nobody would ever have read them."""
    UnitFactory(short_name="区统计局")
    client, url = signed_in(SysadminFactory()), reverse("units:roster-import")
    rows = [
        ["clerk31", "甲", "", "区统计局", "党务干部", "", "", ""],
        ["clerk32", "乙", "", "区统计局", "党务干部", "", "", ""],
    ]
    words = words_of(preview(client, url, HEAD, *rows)) | {"once": "number-of-the-form"}

    first, second = client.post(url, words), client.post(url, words)
    assert second.context["lines"] == first.context["lines"]
    for username, *_, code in second.context["lines"]:
        assert User.objects.get(username=username).check_password(code)
    assert len({line[-1] for line in second.context["lines"]}) == 2
    assert second["Cache-Control"] == "no-store"

    other = preview(client, url, HEAD, ["clerk33", "丙", "", "区统计局", "党务干部", "", "", ""])
    apart = client.post(url, words_of(other) | {"once": "another"})
    assert apart.context["lines"][0][-1] not in {line[-1] for line in first.context["lines"]}

    changed = User.objects.get(username="clerk31")
    changed.set_password("Chosen-2026-word")
    changed.must_change_password = False
    changed.save()
    third = client.post(url, words)
    assert [line[0] for line in third.context["lines"]] == ["clerk32"]


def test_one_wrong_row_keeps_the_whole_roster_out(signed_in):
    UnitFactory(short_name="区统计局")
    UserFactory(username="taken")
    rows = [
        HEAD,
        ["good", "甲", "", "区统计局", "党务干部", "", "", ""],
        ["Taken", "乙", "", "区统计局", "党务干部", "", "", ""],
        ["GOOD", "丙", "", "无此单位", "司机", "", "", ""],
        ["judge", "丁", "", "区统计局", "评委", "", "", ""],
    ]

    page = preview(signed_in(SysadminFactory()), reverse("units:roster-import"), *rows)

    assert page.context["content"] == ""
    assert blamed(page) == {(3, "账号"), (4, "账号"), (4, "单位"), (4, "岗位"), (5, "单位")}
    assert not User.objects.filter(username="good").exists()


def test_a_roster_of_hundreds_costs_a_few_statements(signed_in, cost):
    UnitFactory(short_name="区统计局")
    client, url = signed_in(SysadminFactory()), reverse("units:roster-import")

    def spent_on(first, number):
        rows = [
            [f"many{n}", "甲", "", "区统计局", "党务干部", "", "", ""] for n in range(first, first + number)
        ]
        words = words_of(preview(client, url, HEAD, *rows))
        with cost() as spent:
            assert client.post(url, words).status_code == 200
        return spent.queries

    assert spent_on(0, 3) == spent_on(100, 200)
    assert Post.objects.awaiting_confirmation().count() == 203
    assert AuditEntry.objects.filter(event=Event.POST_GRANTED).count() == 203


def test_a_roster_that_did_not_come_back_whole_imports_nothing(signed_in):
    url = reverse("units:roster-import")

    page = signed_in(SysadminFactory()).post(url, {"content": "halb", "name": "名册.xlsx"}, follow=True)

    assert "没有完整传回" in page.content.decode()


def test_a_file_that_is_no_workbook_gets_a_plain_answer(signed_in):
    page = signed_in(SysadminFactory()).post(
        reverse("units:roster-import"),
        {"file": SimpleUploadedFile("名册.xlsx", b"<html>"), "nothing_secret": "on"},
    )

    assert page.status_code == 200
    assert page.context["form"].errors["file"]


def test_the_auditor_searches_and_exports_and_that_is_logged_too(signed_in):
    record(Event.ROSTER_IMPORTED, actor=UserFactory(name="甲某"), target="三个账号", reason="年度更新")
    record(Event.EXPORTED, actor=None, target="别的")
    client = signed_in(AuditorFactory())

    assert client.get(reverse("units:audit-log"), {"q": "127.0."}).status_code == 200
    page = client.get(reverse("units:audit-log"), {"q": "年度更新"}).content.decode()
    assert "三个账号" in page
    assert "别的" not in page
    book = load_workbook(BytesIO(client.get(reverse("units:audit-log"), {"export": "xlsx"}).content))
    assert any("三个账号" in str(cell.value) for row in book.active.iter_rows() for cell in row)
    read = AuditEntry.objects.filter(event=Event.LOG_READ).latest("pk")
    assert (read.target, read.reason) == ("审计日志", "操作人、对象、理由或地址：年度更新")
    assert AuditEntry.objects.filter(event=Event.EXPORTED, target="审计日志").count() == 1


def test_a_page_that_has_gone_is_the_last_one(signed_in):
    client = signed_in(SysadminFactory())

    for asked in ("99", "x", "0"):
        page = client.get(reverse("units:account-list"), {"page": asked})
        assert page.status_code == 200
        assert page.context["page_obj"].number == 1


def test_an_entry_shows_its_change_and_the_rest_of_its_act(signed_in):
    entry = record(
        Event.ACCOUNT_CHANGED,
        actor=None,
        target=UserFactory(),
        before={"duty": "科员"},
        after={"duty": "科长"},
    )

    page = signed_in(AuditorFactory()).get(reverse("units:audit-entry", args=[entry.pk]))

    assert page.context["changes"] == [("职务", "科员", "科长")]
    assert signed_in(SysadminFactory()).get(reverse("units:audit-entry", args=[entry.pk])).status_code == 403


def test_everybody_reads_only_the_own_lines(signed_in):
    me, other = SecretaryFactory(), SecretaryFactory()
    record(Event.EXPORTED, actor=me, target="我的清单")
    record(Event.EXPORTED, actor=other, target="他人清单")

    page = signed_in(me).get(reverse("units:my-log")).content.decode()

    assert "我的清单" in page
    assert "他人清单" not in page


def fill_accounts(number):
    for _ in range(number):
        SecretaryFactory()


def fill_posts(number):
    for _ in range(number):
        Post.objects.create(
            user=UserFactory(), unit=UnitFactory(), role=Role.CLERK, from_on=timezone.localdate()
        )


def fill_units(number):
    for _ in range(number):
        UnitFactory()


def fill_log(number):
    for _ in range(number):
        record(Event.EXPORTED, actor=UserFactory(), second_actor=UserFactory())


@pytest.mark.parametrize(
    ("route", "holder", "fill"),
    [
        ("units:account-list", SysadminFactory, fill_accounts),
        ("units:post-list", SecadminFactory, fill_posts),
        ("units:unit-list", SysadminFactory, fill_units),
        ("units:audit-log", AuditorFactory, fill_log),
    ],
)
def test_a_list_costs_the_same_with_one_row_and_with_three(signed_in, cost, route, holder, fill):
    client = signed_in(holder())
    fill(1)
    client.get(reverse(route))  # the first request writes the session
    with cost() as one:
        client.get(reverse(route), {"page": 1})
    fill(2)
    with cost() as three:
        client.get(reverse(route), {"page": 1})

    assert one.queries == three.queries <= 10


@pytest.mark.parametrize(
    "route", ["units:account-list", "units:post-list", "units:unit-list", "units:my-log"]
)
def test_every_list_goes_out_as_a_workbook(signed_in, route):
    user = SysadminFactory()

    answer = signed_in(user).get(reverse(route), {"export": "xlsx"})

    assert load_workbook(BytesIO(answer.content)).active.max_row >= 2
    assert AuditEntry.objects.filter(event=Event.EXPORTED, actor=user).count() == 1


def test_two_administrators_in_different_boxes_of_an_account_keep_both(signed_in):
    person = UserFactory(name="原名", duty="科员")
    client = signed_in(SysadminFactory())
    url = reverse("units:account-edit", args=[person.username])
    opened = sent_back(client.get(url).context["fill"])

    client.post(url, opened | {"duty": "副科长"})
    client.post(url, opened | {"office_phone": "0546-8200001"})

    person.refresh_from_db()
    assert (person.name, person.duty, person.office_phone) == ("原名", "副科长", "0546-8200001")


# --- first passwords anew ----------------------------------------------------------------------------

ANEW = "/people/first-passwords/"


def unused(role=None, **columns):
    """An account of the roster that nobody has signed in to."""
    user = UserFactory(must_change_password=True, **columns)
    if role:
        place = CommitteeFactory() if role in COMMITTEE_ROLES | ADMINISTRATORS else UnitFactory()
        PostFactory(user=user, role=role, unit=place)
    return user


def ticked(page) -> dict:
    """What the page that asks would send."""
    boxes = page.context["form"]
    return {"pick": boxes["pick"].value(), "sure": boxes["sure"].value(), "once": "a-number"}


def test_lost_first_passwords_are_made_anew_in_one_act(client):
    clerks = [unused(Role.CLERK), unused(Role.SECRETARY), unused()]
    kept = UserFactory().password
    actor = SysadminFactory()
    client.force_login(actor)
    assert ANEW in client.get("/people/?signed_in=never").text

    asked = client.post(ANEW, {"pick": [user.username for user in clerks]})
    assert "3个：" in asked.text
    assert not AuditEntry.objects.filter(event=Event.PASSWORD_RESET).exists()
    done = client.post(ANEW, ticked(asked))

    assert done["Cache-Control"] == "no-store"
    lines = {line[0]: line[-1] for line in done.context["lines"]}
    assert lines.keys() == {user.username for user in clerks}
    for user in clerks:
        user.refresh_from_db()
        assert user.check_password(lines[user.username])
    entries = AuditEntry.objects.filter(event=Event.PASSWORD_RESET, actor=actor)
    assert entries.count() == 3
    assert entries.values("act_id").distinct().count() == 1, "one act of many entries"
    book = client.post("/people/import/", {"codes": done.context["codes"]})
    assert book.status_code == 200
    assert User.objects.filter(password=kept).exists()
    # Sent twice, the same sheet is shown again and no other is made.
    again = client.post(ANEW, ticked(asked))
    assert {line[0]: line[-1] for line in again.context["lines"]} == lines


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS | COMMITTEE_ROLES))
def test_committee_and_administrators_are_told_and_left_as_they_are(client, role):
    person, clerk = unused(role), unused(Role.CLERK)
    client.force_login(SysadminFactory())
    asked = client.post(ANEW, {"pick": [person.username, clerk.username]})
    assert f"{person.username}（已登录过" in asked.text
    done = client.post(ANEW, ticked(asked))
    assert [line[0] for line in done.context["lines"]] == [clerk.username]
    before, _ = person.password, person.refresh_from_db()
    assert person.password == before


def test_who_has_signed_in_is_not_given_another_first_password(client):
    person = unused(Role.CLERK, last_login=timezone.now())
    client.force_login(SysadminFactory())
    asked = client.post(ANEW, {"pick": [person.username]})
    done = client.post(ANEW, ticked(asked))
    assert "请逐个重置" in done.text
    assert not AuditEntry.objects.filter(event=Event.PASSWORD_RESET).exists()


@pytest.mark.parametrize("factory", [SecadminFactory, OfficeFactory, ClerkFactory, AuditorFactory])
def test_nobody_but_the_system_administrator_makes_first_passwords_anew(client, factory):
    person = unused(Role.CLERK)
    client.force_login(factory())
    assert client.post(ANEW, {"pick": [person.username], "sure": "True"}).status_code == 403
    assert ANEW not in client.get("/people/").text


def test_the_log_is_searched_by_account_name(client):
    actor = SysadminFactory(username="sysadmin-seven")
    record(Event.ACCOUNT_CREATED, actor=actor, target=UserFactory(), reason="")
    record(Event.ACCOUNT_CREATED, actor=SysadminFactory(), target=UserFactory(), reason="")
    client.force_login(AuditorFactory())
    found = client.get("/audit/?q=sysadmin-seven").context["list"].page.object_list
    assert [entry.actor for entry in found] == [actor]
