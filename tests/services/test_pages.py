"""Each page as each role: who sees it, what it costs, what it shows."""

import pytest
from django.urls import reverse
from django.utils import timezone

from services.actions.activities import log_activity
from services.catalogue import BESIDE, REGISTERS
from services.models.activities import Activity
from services.models.logged import LogState
from tests.factories.awards import CampaignFactory
from tests.factories.services import (
    ActionBranchFactory,
    ActionTaskFactory,
    ActivityFactory,
    BrightIdeaFactory,
    DonationFactory,
    JointProjectFactory,
    RegistrationFactory,
    VolunteerBrandFactory,
)
from tests.factories.units import (
    AuditorFactory,
    ClerkFactory,
    MemberFactory,
    OfficeFactory,
    PartyMemberFactory,
    ReviewerUserFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
    UnitFactory,
)
from tests.filling import both_texts, keeping, sent_back

pytestmark = pytest.mark.django_db

FACTORIES = {
    "registrations": RegistrationFactory,
    "joint-projects": JointProjectFactory,
    "brands": VolunteerBrandFactory,
    "donations": DonationFactory,
    "ideas": BrightIdeaFactory,
}
OUTSIDERS = [ReviewerUserFactory, MemberFactory, SysadminFactory, AuditorFactory]
LISTS = ["/activities/", "/activities/totals/", "/action-tasks/", *(register.list_url for register in BESIDE)]
READ = [*LISTS, "/activities/?export=xlsx", "/activities/totals/export/", "/action-tasks/?export=xlsx"]
READ += [f"{register.list_url}?export=xlsx" for register in BESIDE]
LOG = [
    "/activities/new/",
    "/activities/new/?kind=people",
    "/activities/import/",
    "/activities/import/?template",
]
LOG += [
    "/action-tasks/new/",
    *(register.url(verb) for register in BESIDE for verb in ("new", "import")),
]


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def secretary(client, unit):
    user = SecretaryFactory(unit=unit)
    client.force_login(user)
    return user


def row_of(code, unit, **values):
    if code == "activities":
        return ActivityFactory(unit=unit, **values)
    if code == "registrations":
        return RegistrationFactory(member=PartyMemberFactory(unit=unit), **values)
    return FACTORIES[code](unit=unit, **values)


# ---------------------------------------------------------------- who


@pytest.mark.parametrize("url", [*READ, *LOG])
def test_a_stranger_is_sent_to_the_login(client, url):
    answer = client.get(url)

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("who", OUTSIDERS)
def test_who_has_nothing_to_do_with_the_log_is_refused(client, who, unit):
    client.force_login(who())
    row = row_of("activities", unit, reviewed=True)

    assert {client.get(url).status_code for url in [*READ, *LOG]} == {403}
    assert client.get(row.get_absolute_url()).status_code == 403
    assert client.post("/activities/bulk/", {"act": "review", "pick": row.slug}).status_code == 403
    assert client.post(f"{row.get_absolute_url()}review/").status_code in (403, 404)


@pytest.mark.parametrize("who", [OfficeFactory, SupervisorFactory])
def test_the_committee_reads_and_does_not_log(client, who):
    client.force_login(who())

    assert {client.get(url).status_code for url in READ} == {200}
    assert {client.get(url).status_code for url in LOG} == {403}


@pytest.mark.parametrize("who", [SecretaryFactory, ClerkFactory])
def test_a_units_people_read_and_log(client, who, unit):
    client.force_login(who(unit=unit))

    assert {client.get(url).status_code for url in [*READ, *LOG]} == {200}


@pytest.mark.parametrize("code", REGISTERS)
def test_another_units_row_does_not_exist(client, secretary, code):
    register, row = REGISTERS[code], row_of(code, UnitFactory(), state=LogState.DRAFT)
    page = register.row_url(row)

    assert client.get(page).status_code == 404
    assert client.get(register.url("edit", row)).status_code == 404
    assert client.get(register.url("delete", row)).status_code == 404
    for verb in ("edit", "send", "review", "return", "delete"):
        assert client.post(register.url(verb, row), {"reason": "x"}).status_code == 404
    client.post(register.url("bulk"), {"act": "send", "pick": row.slug})
    row.refresh_from_db()
    assert row.state == LogState.DRAFT
    assert str(row) not in client.get(register.list_url).content.decode()


@pytest.mark.parametrize("code", REGISTERS)
def test_the_office_sees_no_drafts_and_changes_no_text(client, unit, code):
    client.force_login(OfficeFactory())
    register = REGISTERS[code]
    draft, sent = row_of(code, unit, state=LogState.DRAFT), row_of(code, unit, state=LogState.SENT)

    assert client.get(register.row_url(draft)).status_code == 404
    assert client.get(register.row_url(sent)).status_code == 200
    assert client.get(register.url("edit", sent)).status_code == 403
    assert client.post(register.url("send", sent)).status_code == 403
    assert draft.slug not in client.get(register.list_url).content.decode()


@pytest.mark.parametrize("code", REGISTERS)
def test_a_unit_does_not_review_its_own_rows(client, secretary, unit, code):
    register, row = REGISTERS[code], row_of(code, unit, state=LogState.SENT)

    assert client.post(register.url("review", row)).status_code == 403
    assert client.get(register.url("return", row)).status_code == 403
    for act in ("review", "return"):
        answer = client.post(register.url("bulk"), {"act": act, "pick": row.slug, "reason": "x"})
        assert answer.status_code == 403
    row.refresh_from_db()
    assert row.state == LogState.SENT


def test_joint_work_is_read_by_who_took_part_once_it_is_reviewed(client, secretary, unit):
    joint = ActivityFactory(reviewed=True, joint_with=[unit])
    early = ActivityFactory(sent=True, joint_with=[unit])

    page = client.get(joint.get_absolute_url())
    assert page.status_code == 200
    assert "修改" not in page.content.decode()
    assert client.get(f"{joint.get_absolute_url()}edit/").status_code == 403
    assert client.get(early.get_absolute_url()).status_code == 404


def test_supervisors_only_read(client, unit):
    client.force_login(SupervisorFactory())
    row = ActivityFactory(unit=unit, sent=True)

    assert client.get(row.get_absolute_url()).status_code == 200
    assert client.post(f"{row.get_absolute_url()}review/").status_code == 403
    assert client.post("/activities/bulk/", {"act": "review", "pick": row.slug}).status_code == 403


def test_an_unknown_register_is_no_page(client, secretary):
    assert client.get("/registers/activities/").status_code == 404
    assert client.get("/registers/").status_code == 302


# ---------------------------------------------------------------- what it costs


def costs(client, cost, url):
    """Queries and rows of a page in a session that was used a moment ago, as pages mostly are."""
    if "seen_at" not in client.session:
        client.get(url)
    with cost() as spent:
        assert client.get(url).status_code == 200
    return spent.queries, spent.rows


@pytest.mark.parametrize("code", REGISTERS)
@pytest.mark.parametrize("who", [SecretaryFactory, OfficeFactory])
def test_a_list_asks_the_same_with_one_row_and_with_three(client, cost, code, who, unit):
    CampaignFactory()
    client.force_login(who(unit=unit) if who is SecretaryFactory else who())
    url = REGISTERS[code].list_url
    row_of(code, unit, state=LogState.REVIEWED)
    one, _ = costs(client, cost, url)
    row_of(code, UnitFactory(parent=unit), state=LogState.REVIEWED)
    row_of(code, unit, state=LogState.SENT)
    three, _ = costs(client, cost, url)

    assert one == three <= 10


@pytest.mark.parametrize("code", ["activities", "registrations"])
def test_a_long_list_fetches_no_more_rows_than_a_short_one(client, cost, code, unit):
    CampaignFactory()
    client.force_login(OfficeFactory())
    first = row_of(code, unit, state=LogState.SENT)
    spent = []
    for number in (59, 440):
        rows = [row_like(first, n) for n in range(number)]
        type(first).objects.bulk_create(rows)
        spent.append(
            [costs(client, cost, f"{REGISTERS[code].list_url}{query}") for query in ("", "?page=2", "?q=a")]
        )

    assert type(first).objects.count() == 500
    # The second page of 60 rows holds ten, that of 500 fifty; everything else is equal.
    assert spent[0][0] == spent[1][0]
    assert spent[0][1][0] == spent[1][1][0]
    assert spent[1][1][1] == spent[1][0][1]
    assert spent[0][2] == spent[1][2]


def row_like(row, number):
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    for name in ("id", "slug"):
        values.pop(name)
    if "registered_on" in values:
        values["member_id"] = PartyMemberFactory(unit=row.unit).pk
    return type(row)(**values)


def test_pages_keep_their_budgets(client, cost, secretary, unit):
    CampaignFactory()
    activity = ActivityFactory(unit=unit, detail={"households": 1}, joint_with=[UnitFactory(), UnitFactory()])
    idea = BrightIdeaFactory(unit=unit, state=LogState.DRAFT)
    page = activity.get_absolute_url()

    assert costs(client, cost, page)[0] <= 8
    assert costs(client, cost, f"{page}edit/")[0] <= 10
    assert costs(client, cost, "/activities/new/?kind=project")[0] <= 10
    assert costs(client, cost, f"/registers/ideas/{idea.slug}/edit/")[0] <= 10
    assert costs(client, cost, "/activities/totals/")[0] <= 12


def test_saving_keeps_its_budget(client, cost, secretary, unit):
    activity = ActivityFactory(unit=unit, detail={"households": 1})
    client.get("/activities/")
    with cost() as spent:
        answer = client.post(
            f"{activity.get_absolute_url()}edit/", typed(unit, version="1", subject="新主题")
        )

    assert answer.status_code == 302
    assert spent.queries <= 14, "\n".join(spent.statements)


def test_a_full_page_stays_light(client, unit):
    client.force_login(OfficeFactory())
    for _ in range(77):
        UnitFactory()
    Activity.objects.bulk_create(
        ActivityFactory.build(unit=unit, state="reviewed", subject="进出口企业备案变更集中辅导与现场办理" * 2)
        for _ in range(60)
    )

    assert len(client.get("/activities/").content) <= 60 * 1024


# ---------------------------------------------------------------- lists


def test_the_list_narrows_sums_and_counts_alike(client, secretary, unit):
    year = timezone.localdate().year
    ActivityFactory(unit=unit, subject="石油装备企业走访", kind="enterprise", attendance=5, reviewed=True,
                    problems_received=4, problems_closed=3)  # fmt: skip
    ActivityFactory(unit=unit, target="石油社区居民", attendance=7, is_volunteering=True)
    ActivityFactory(unit=unit, summary="与石油无关的另一件事", happened_on=f"{year - 1}-01-05", attendance=11)
    ActivityFactory(unit=unit, subject="别的", attendance=100)

    found = client.get("/activities/?q=石油").context
    assert (found["count"], found["total"].attendance, found["total"].closing_percent) == (3, 23, "75.0%")
    assert [tab["count"] for tab in found["tabs"]] == [3, 1, 0, 0, 2]
    assert client.get("/activities/?q=石油&kind=people").context["count"] == 2
    assert client.get(f"/activities/?q=石油&period={year}").context["count"] == 2
    assert client.get(f"/activities/?period={year - 1}q1").context["total"].attendance == 11
    assert client.get("/activities/?volunteering=true").context["total"].attendance == 7
    assert client.get(f"/activities/?day_min={year}-01-01&state=reviewed").context["count"] in (1,)
    assert client.get("/activities/?kind=nonsense&page=99&order=nonsense").context["count"] == 4


def test_a_list_sorts_and_an_office_narrows_to_a_unit(client, unit):
    client.force_login(OfficeFactory())
    other = UnitFactory()
    for row_unit, attendance in ((unit, 3), (UnitFactory(parent=unit), 9), (other, 5)):
        ActivityFactory(unit=row_unit, reviewed=True, attendance=attendance)

    rows = client.get("/activities/?order=-attendance").context["page_obj"]
    assert [row.attendance for row in rows] == [9, 5, 3]
    assert client.get(f"/activities/?unit={unit.slug}").context["count"] == 2


def test_an_empty_list_says_what_to_do_next(client, secretary):
    assert "登记本单位服务企业" in client.get("/activities/").content.decode()
    assert "请放宽筛选条件" in client.get("/activities/?q=没有这个").content.decode()


# ---------------------------------------------------------------- acts


def test_ticked_rows_are_sent_and_the_rest_is_told(client, secretary, unit):
    draft, done = ActivityFactory(unit=unit), ActivityFactory(unit=unit, reviewed=True)

    page = client.post(
        "/activities/bulk/?kind=people", {"act": "send", "pick": [draft.slug, done.slug]}, follow=True
    )

    assert page.redirect_chain == [("/activities/?kind=people", 302)]
    assert "已报送1条。另有1条不是本单位的草稿或退回件，未动。" in page.content.decode()
    draft.refresh_from_db()
    assert draft.state == LogState.SENT


def test_all_that_the_filter_finds_is_reviewed(client, unit):
    client.force_login(OfficeFactory())
    wanted = [ActivityFactory(unit=unit, sent=True, kind="project") for _ in range(3)]
    other = ActivityFactory(unit=unit, sent=True, kind="people")

    client.post("/activities/bulk/?kind=project", {"act": "review", "whole": "1"})

    assert Activity.objects.reviewed().count() == len(wanted)
    other.refresh_from_db()
    assert other.state == LogState.SENT


def test_returning_many_asks_for_the_reason_first(client, unit):
    client.force_login(OfficeFactory())
    rows = [DonationFactory(unit=unit), DonationFactory(unit=unit, state="sent")]
    ticked = {"act": "return", "pick": [row.slug for row in rows]}

    asked = client.post("/registers/donations/bulk/", ticked)
    assert asked.status_code == 200
    assert rows[0].slug in asked.content.decode()
    refused = client.post("/registers/donations/bulk/", ticked | {"reason": ""})
    assert "请填写这一项" in refused.content.decode()
    client.post("/registers/donations/bulk/", ticked | {"reason": "请附凭证"})

    assert {(row.state, row.return_reason) for row in type(rows[0]).objects.all()} == {
        ("returned", "请附凭证")
    }


@pytest.mark.parametrize("post", [{}, {"act": "send"}, {"act": "nonsense", "pick": "x"}])
def test_an_act_on_nothing_changes_nothing(client, secretary, post):
    assert client.post("/activities/bulk/", post).status_code == 302


def test_one_row_goes_its_way_from_draft_to_counted_and_back(client, unit):
    secretary, office = SecretaryFactory(unit=unit), OfficeFactory()
    row = ActivityFactory(unit=unit, logged_by=secretary)
    page = row.get_absolute_url()
    client.force_login(secretary)
    client.post(f"{page}send/")
    assert client.post(f"{page}send/").status_code == 403
    client.force_login(office)
    client.post(f"{page}review/")
    assert "不再计入统计" in client.get(f"{page}return/").content.decode()
    client.post(f"{page}return/", {"reason": "受益数有误"})
    client.force_login(secretary)

    text = client.get(page).content.decode()
    row.refresh_from_db()
    assert row.state == LogState.RETURNED
    assert [word in text for word in ("报送服务记录", "审核服务记录", "退回服务记录", "受益数有误")] == [
        True
    ] * 4


def test_an_imported_row_tells_where_it_came_from(client, secretary, unit):
    imported, logged = ActivityFactory(unit=unit), ActivityFactory.build(unit=unit)
    log_activity(logged, detail={}, actor=secretary)

    assert client.get(imported.get_absolute_url()).context["imported"]
    assert not client.get(logged.get_absolute_url()).context["imported"]


def test_only_posts_act_and_deleting_asks_first(client, secretary, unit):
    row = ActivityFactory(unit=unit)
    page = row.get_absolute_url()

    assert client.get(f"{page}send/").url == page
    assert client.get("/activities/bulk/").url == "/activities/?"
    assert "不能恢复" in client.get(f"{page}delete/").content.decode()
    assert Activity.objects.exists()
    assert client.post(f"{page}delete/")["Location"] == "/activities/"
    assert not Activity.objects.exists()


# ---------------------------------------------------------------- forms


def typed(unit, **more):
    day = timezone.localdate()
    return {"unit": unit.pk, "happened_on": day.isoformat(), "place": "某社区", "subject": "走访", "target": "居民",
            "summary": "上门走访。"} | more  # fmt: skip


def test_the_form_asks_at_most_ten_things(client, secretary):
    for kind in ("enterprise", "project", "grassroots", "people"):
        form = client.get(f"/activities/new/?kind={kind}").context["form"]
        assert sum(field.required for field in form.fields.values()) <= 10


def test_an_activity_is_logged_and_sent_in_one_go(client, secretary, unit):
    partner = UnitFactory()
    answer = client.post(
        "/activities/new/?kind=enterprise",
        typed(unit, enterprise="某公司", attendance="", joint_units=[partner.slug], send="1"),
    )

    row = Activity.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    assert (row.state, row.kind, row.attendance, row.logged_by) == ("sent", "enterprise", 0, secretary)
    assert row.enterprise_detail.enterprise == "某公司"
    assert [joint.unit for joint in row.joint_units.all()] == [partner]


def test_wrong_input_stands_at_its_field_and_loses_nothing(client, secretary, unit):
    wrong = typed(
        unit, problems_received="2", problems_closed="3", summary="长" * 301, wish="修路", households="x"
    )
    page = client.post("/activities/new/?kind=people", wrong)

    form = page.context["form"]
    assert page.status_code == 200
    assert form.errors["problems_closed"] == ["办结诉求数不能多于受理诉求数。"]
    assert set(form.errors) == {"problems_closed", "summary", "households"}
    text = page.content.decode()
    assert text.index("id_problems_closed") < text.index('id="id_problems_closed_error"')
    assert "长" * 301 in text
    assert 'value="修路"' in text
    assert "maxlength" not in text
    assert not Activity.objects.exists()


def test_nobody_logs_for_another_unit(client, secretary, unit):
    other = UnitFactory()
    page = client.post("/activities/new/?kind=people", typed(other))

    assert "unit" in page.context["form"].errors
    assert not Activity.objects.exists()


def test_a_clash_shows_both_and_the_choice_decides(client, secretary, unit):
    row = ActivityFactory(unit=unit, subject="原主题", kind="people")
    edit = f"{row.get_absolute_url()}edit/"
    opened = sent_back(client.get(edit).context["fill"])
    client.post(edit, opened | {"subject": "他人的"})

    page = client.post(edit, opened | {"subject": "我的", "households": "4"})

    fill = page.context["fill"]
    assert page.status_code == 200
    assert both_texts(fill) == [("主题", "他人的", "我的")]
    assert 'value="我的"' in page.content.decode()
    row.refresh_from_db()
    assert (row.subject, row.people_detail.households) == ("他人的", 4)  # what nobody else changed is saved

    assert client.post(edit, sent_back(fill) | keeping("mine", fill)).status_code == 302
    row.refresh_from_db()
    assert row.subject == "我的"


def test_two_people_in_different_boxes_of_a_record_keep_both_texts(client, secretary, unit):
    acting = {"kind": "action_branch", "action_kind": "project", "task": "保障", "ends_on": "2099-01-01"}
    partner, branch = UnitFactory(), UnitFactory(**acting)
    row = ActivityFactory(unit=unit, subject="原主题", place="原地点", kind="people")
    edit = f"{row.get_absolute_url()}edit/"
    opened = sent_back(client.get(edit).context["fill"])

    client.post(edit, opened | {"outcome": "他人写的结果", "joint_units": [partner.slug]})
    client.post(edit, opened | {"action_branch": branch.slug})
    answer = client.post(edit, opened | {"place": "我改的地点"})

    row.refresh_from_db()
    assert row.action_branch == branch
    assert answer.status_code == 302
    assert (row.subject, row.outcome, row.place) == ("原主题", "他人写的结果", "我改的地点")
    assert [joint.unit for joint in row.joint_units.all()] == [partner]


def test_good_boxes_of_a_record_are_saved_though_one_is_bad(client, secretary, unit):
    row = ActivityFactory(unit=unit, subject="原主题", kind="people")
    edit = f"{row.get_absolute_url()}edit/"
    opened = sent_back(client.get(edit).context["fill"])

    page = client.post(edit, opened | {"place": "新地点", "beneficiaries": "约１０件", "send": "1"})

    row.refresh_from_db()
    text = page.content.decode()
    assert (row.place, row.state) == ("新地点", LogState.DRAFT)
    assert "约１０件" in text
    assert "其余内容已保存" in text
    again = sent_back(page.context["fill"]) | {"beneficiaries": "10", "send": "1"}
    assert client.post(edit, again).status_code == 302
    row.refresh_from_db()
    assert (row.place, row.beneficiaries, row.state) == ("新地点", 10, LogState.SENT)


def test_a_record_is_not_sent_with_what_a_colleague_has_just_changed(client, secretary, unit):
    row = ActivityFactory(unit=unit, subject="原主题", kind="people")
    edit = f"{row.get_absolute_url()}edit/"
    opened = sent_back(client.get(edit).context["fill"])
    client.post(edit, opened | {"outcome": "他人写的结果"})

    answer = client.post(edit, opened | {"place": "我改的地点", "send": "1"}, follow=True)

    row.refresh_from_db()
    assert (row.place, row.outcome, row.state) == ("我改的地点", "他人写的结果", LogState.DRAFT)
    assert "已并入您在另一窗口保存的版本" in answer.content.decode()


def test_a_closed_row_has_no_form(client, secretary, unit):
    row = ActivityFactory(unit=unit, reviewed=True)

    asked = client.get(f"{row.get_absolute_url()}edit/", follow=True)
    assert "已审核，不能修改" in asked.content.decode()
    # Opened before it was closed: nothing is saved, and nothing typed is lost.
    late = client.post(f"{row.get_absolute_url()}edit/", typed(unit, version="1", subject="改过的主题"))
    assert "已审核，不能修改" in late.content.decode()
    assert 'value="改过的主题"' in late.content.decode()
    assert not Activity.objects.filter(subject="改过的主题").exists()


def test_a_form_sent_twice_makes_one_row(client, secretary, unit):
    ticket = client.get("/activities/new/?kind=people").context["form"]["ticket"].value()

    first = client.post("/activities/new/?kind=people", typed(unit, ticket=ticket))
    again = client.post("/activities/new/?kind=people", typed(unit, ticket=ticket), follow=True)

    assert "没有重复登记" in again.content.decode()
    assert Activity.objects.get().get_absolute_url() == first.url


def test_a_member_registers_by_number_once_a_day(client, secretary, unit):
    member = PartyMemberFactory(unit=UnitFactory(parent=unit), number="000123")
    known = RegistrationFactory(member=PartyMemberFactory(unit=unit, number="7"))
    post = {"unit": unit.pk, "number": "000123", "community": known.community_id,
            "registered_on": known.registered_on.isoformat(), "duty": ""}  # fmt: skip

    client.post("/registers/registrations/new/", post)
    stored = type(known).objects.get(member=member)
    assert (stored.unit, stored.state) == (member.unit, LogState.DRAFT)
    again = client.post("/registers/registrations/new/", post)
    assert "registered_on" in again.context["form"].errors
    unknown = client.post("/registers/registrations/new/", post | {"number": "999"})
    assert "number" in unknown.context["form"].errors
    assert type(known).objects.count() == 2


@pytest.mark.parametrize("code", [code for code in FACTORIES if code != "registrations"])
def test_every_register_has_a_form_that_keeps_what_was_typed(client, secretary, unit, code):
    row = row_of(code, unit, state=LogState.DRAFT)
    register = REGISTERS[code]
    values = {name: getattr(row, name) for name in register.fields}
    post = {name: getattr(value, "pk", value) for name, value in values.items() if value is not None}
    new_name = {"joint-projects": "name", "brands": "name", "donations": "purpose", "ideas": "title"}[code]

    saved = client.post(register.url("edit", row), post | {"version": "1", new_name: "改过的名称"})
    assert saved["Location"] == register.row_url(row)
    row.refresh_from_db()
    assert (getattr(row, new_name), row.version) == ("改过的名称", 2)
    stale = client.post(register.url("edit", row), post | {"version": "1", new_name: "迟到的名称"})
    assert [mine for _, _, mine in both_texts(stale.context["fill"])] == ["迟到的名称"]
    refused = client.post(register.url("new"), post | {register.day: "2999-01-01"})
    assert register.day in refused.context["form"].errors


# ---------------------------------------------------------------- totals and tasks


def test_a_unit_sees_its_own_totals_only(client, secretary, unit):
    other = ActivityFactory(reviewed=True, attendance=1000, kind="people")
    ActivityFactory(unit=unit, reviewed=True, attendance=3, joint_with=[other.unit])

    page = client.get("/activities/totals/")

    assert [row.unit for row in page.context["rows"]] == [unit]
    assert page.context["whole"].attendance == 3
    assert str(other.unit) not in page.content.decode()


def test_the_office_sees_all_in_their_order_with_the_rule(client):
    client.force_login(OfficeFactory())
    last, first = UnitFactory(order=9), UnitFactory(order=1)
    ActivityFactory(unit=last, reviewed=True, joint_with=[first])

    page = client.get("/activities/totals/")

    assert [row.unit for row in page.context["rows"]] == [first, last]
    assert page.context["whole"].events == 1
    assert "牵头和参与单位各计一次" in page.content.decode()
    assert client.get("/activities/totals/?year=2020&quarter=2").context["whole"].events == 0
    assert client.get("/activities/totals/?year=abc&quarter=9").status_code == 200


def test_tasks_belong_to_the_branches_of_the_unit(client, secretary, unit):
    own, foreign = ActionTaskFactory(branch=ActionBranchFactory(parent=unit)), ActionTaskFactory()
    today = timezone.localdate().isoformat()
    post = {"branch": own.branch_id, "title": own.title, "done_on": today, "result": "销号", "version": "1"}

    text = client.get("/action-tasks/").content.decode()
    assert own.title in text
    assert str(foreign.branch) not in text
    assert client.get(f"/action-tasks/{foreign.slug}/edit/").status_code == 404
    assert client.post(f"/action-tasks/{own.slug}/edit/", post).status_code == 302
    own.refresh_from_db()
    assert own.result == "销号"
    stale = client.post(f"/action-tasks/{own.slug}/edit/", post | {"result": "别的"})
    assert both_texts(stale.context["fill"]) == [("结果", "销号", "别的")]
    assert client.get("/action-tasks/?show=open").context["page_obj"].paginator.count == 0


def test_the_task_list_asks_the_same_with_one_task_and_with_three(client, cost, secretary, unit):
    ActionTaskFactory(branch=ActionBranchFactory(parent=unit))
    one, _ = costs(client, cost, "/action-tasks/")
    for _ in range(2):
        ActionTaskFactory(branch=ActionBranchFactory(parent=unit))
    three, _ = costs(client, cost, "/action-tasks/")

    assert one == three <= 10
