"""The pages of a year, asked by everybody."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from awards.campaign.actions.calendar import save_special_days, seed_year
from awards.campaign.actions.rule import lock_rule
from awards.campaign.actions.settings import change_campaign
from awards.campaign.actions.start import create_campaign
from awards.campaign.models import Campaign, Extension, Phase, SpecialDay, UnitQuota
from awards.campaign.queries.rule import rule_in_force
from tests.confirming import confirmed_by
from tests.factories.awards import CampaignFactory, NominationFactory, UnitQuotaFactory
from tests.factories.units import (
    AuditorFactory,
    ClerkFactory,
    CommitteeFactory,
    MemberFactory,
    OfficeFactory,
    ReviewerUserFactory,
    SecadminFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
    UnitFactory,
)
from tests.filling import both_texts, keeping, sent_back, sent_of
from units.audit.events import Event
from units.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

OTHERS = [
    SecretaryFactory, ClerkFactory, ReviewerUserFactory, MemberFactory, SupervisorFactory, SysadminFactory,
    SecadminFactory, AuditorFactory,
]  # fmt: skip
SETUP_PAGES = [
    ("campaign-open", ()),
    ("campaign-settings", ()),
    ("campaign-categories", ()),
    ("campaign-category", ("F",)),
    ("campaign-rubric", ("F",)),
    ("campaign-rule", ()),
    ("campaign-timetable", ()),
    ("campaign-extend", ("nomination",)),
    ("campaign-quotas", ()),
    ("campaign-calendar", ()),
]


@pytest.fixture
def office(client):
    person = OfficeFactory()
    client.force_login(person)
    return person


def draft_year(**given):
    given = {"code": "2026", "title": "2026年度评选", "year": 2026} | given
    return create_campaign(organiser=CommitteeFactory(), actor=None, **given)


def page(campaign, name, *args):
    return reverse(f"awards:{name}", args=[campaign.code, *args])


def shown(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


# --- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "args"), SETUP_PAGES)
def test_the_office_reads_each_set_up_page(client, office, name, args):
    for campaign in (CampaignFactory(), draft_year()):
        assert shown(client, page(campaign, name, *args))


@pytest.mark.parametrize(("name", "args"), SETUP_PAGES)
def test_strangers_are_sent_to_log_in(client, name, args):
    response = client.get(page(CampaignFactory(), name, *args))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_sets_a_year_up(client, who):
    campaign, draft = CampaignFactory(), draft_year()
    client.force_login(who())
    for name, args in SETUP_PAGES:
        assert client.get(page(campaign, name, *args)).status_code == 403
        assert client.post(page(campaign, name, *args)).status_code == 403
        assert client.get(page(draft, name, *args)).status_code == 404
    assert client.get(reverse("awards:campaign-new")).status_code == 403


def test_another_committees_office_is_as_strange_as_anyone(client):
    campaign, draft = CampaignFactory(), draft_year()
    client.force_login(OfficeFactory(unit=CommitteeFactory(slug="elsewhere")))
    assert client.get(page(campaign, "campaign-settings")).status_code == 403
    assert client.get(page(draft, "campaign-settings")).status_code == 404
    assert client.post(page(campaign, "campaign-open")).status_code == 403


def test_the_call_is_public_once_the_year_is_open(client):
    campaign = CampaignFactory(call="请各单位按时申报。", contact_phone="0546-8000000")
    text = shown(client, campaign.get_absolute_url())

    for words in (
        "请各单位按时申报。",
        "服务实效",
        "去掉1个最高分、1个最低分后取平均值",
        "0546-8000000",
        "申报，还有5天",
    ):
        assert words in text
    assert "年度设置" not in text
    assert client.get(draft_year().get_absolute_url()).status_code == 404


@pytest.mark.parametrize("who", OTHERS)
def test_everybody_signed_in_reads_the_call_and_sees_no_buttons(client, who):
    campaign = CampaignFactory()
    client.force_login(who())
    text = shown(client, campaign.get_absolute_url())
    assert page(campaign, "campaign-settings") not in text
    assert client.get(draft_year().get_absolute_url()).status_code == 404


def test_the_list_shows_unopened_years_to_their_office_alone(client, office):
    campaign, draft = CampaignFactory(), draft_year()
    other = CampaignFactory(opened_at=None, organiser=CommitteeFactory(slug="elsewhere"))
    text = shown(client, "/campaigns/")
    assert campaign.get_absolute_url() in text
    assert draft.get_absolute_url() in text
    assert other.get_absolute_url() not in text
    assert other.get_absolute_url() not in shown(client, f"/campaigns/?q={other.code}")
    book = load_workbook(BytesIO(client.get("/campaigns/?export=xlsx&q=2026").content)).active
    assert [row[0].value for row in book.iter_rows(min_row=4)] == ["2026"]
    assert AuditEntry.objects.filter(event=Event.EXPORTED, actor=office).count() == 1
    client.force_login(SecretaryFactory())
    text = shown(client, "/campaigns/")
    assert campaign.get_absolute_url() in text
    assert draft.get_absolute_url() not in text
    assert "campaigns/new" not in text
    client.logout()
    assert client.get("/campaigns/").status_code == 302


# --- what it costs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "limit"),
    [("campaign", 10), ("campaign-quotas", 10), ("campaign-categories", 10), ("campaign-timetable", 10)],
)
def test_a_page_costs_the_same_with_more_rows(client, office, cost, name, limit):
    campaign = CampaignFactory()
    UnitQuotaFactory(campaign=campaign)
    client.get(page(campaign, name))
    with cost() as few:
        shown(client, page(campaign, name))
    for _ in range(3):
        quota = UnitQuotaFactory(campaign=campaign)
        NominationFactory(campaign=campaign, unit=quota.unit, submitted=True)
        deadline = campaign.timetable.first()
        Extension.objects.create(
            deadline=deadline, old=timezone.now(), new=timezone.now(), reason="延", made_by=office
        )
    with cost() as many:
        shown(client, page(campaign, name))
    assert few.queries == many.queries <= limit


@pytest.mark.parametrize("name", ["campaign", *(name for name, args in SETUP_PAGES if not args)])
def test_a_year_that_is_not_open_costs_ten_statements_too(client, office, cost, name):
    draft_year(code="2025", year=2025)
    campaign = draft_year()
    client.get(page(campaign, name))
    with cost() as spent:
        shown(client, page(campaign, name))
    assert spent.queries <= 10, "\n".join(spent.statements)


def test_the_list_costs_the_same_with_three_years(client, office, cost):
    CampaignFactory()
    client.get("/campaigns/")  # writes when the session was last seen
    with cost() as one:
        shown(client, "/campaigns/")
    CampaignFactory()
    CampaignFactory()
    client.get("/campaigns/")  # the session remembers the open years
    with cost() as three:
        shown(client, "/campaigns/")
    assert one.queries == three.queries <= 8


# --- a new year ------------------------------------------------------------------------------------


def test_a_year_is_started_from_the_defaults(client, office):
    data = sent_of(client.get("/campaigns/new/").context["form"])
    data |= {"title": "新一年", "code": "2030", "year": "2030", "source": ""}
    response = client.post("/campaigns/new/", data)

    campaign = Campaign.objects.get()
    assert response.url == campaign.get_absolute_url()
    assert (campaign.code, campaign.title, campaign.organiser) == ("2030", "新一年", CommitteeFactory())
    assert "未启动" in shown(client, response.url)


def test_a_year_is_copied_and_says_what_differs(client, office):
    seed_year(2026)
    source = draft_year()
    change_campaign(source, {"call": "关于开展评选的通知"}, actor=None)
    form = client.get("/campaigns/new/").context["form"]
    assert (form.initial["year"], form.initial["source"]) == (2027, source)

    response = client.post("/campaigns/new/", sent_of(form))

    copy = Campaign.objects.get(code="2027")
    text = shown(client, response.url)
    assert copy.title == "2027年度评选"
    assert "与2026年的不同" in text
    assert "请核对其中的年份和日期" in text
    assert "2027年节假日安排尚未录入" in text


def test_a_taken_code_is_said_beside_the_field(client, office):
    draft_year()
    data = sent_of(client.get("/campaigns/new/").context["form"]) | {"code": "2026"}
    response = client.post("/campaigns/new/", data)
    assert response.context["form"].errors["code"] == ["代码“2026”已被使用，请换一个。"]
    assert Campaign.objects.count() == 1


def test_the_other_committees_years_are_no_source(client, office):
    other = CampaignFactory(organiser=CommitteeFactory(slug="elsewhere"))
    data = sent_of(client.get("/campaigns/new/").context["form"])
    response = client.post("/campaigns/new/", data | {"source": other.pk, "title": "x"})
    assert "source" in response.context["form"].errors


# --- opening ---------------------------------------------------------------------------------------


def test_opening_asks_first_and_then_opens(client, office):
    seed_year(2026)
    campaign, unit = draft_year(), UnitFactory()
    assert "1个党组织各得申报名额" in shown(client, page(campaign, "campaign-open"))
    campaign.refresh_from_db()
    assert campaign.opened_at is None

    client.post(page(campaign, "campaign-open"))

    campaign.refresh_from_db()
    assert campaign.opened_at
    assert UnitQuota.objects.get().unit == unit


def test_what_is_wrong_is_listed_and_keeps_the_year_closed(client, office):
    campaign = draft_year()
    campaign.timetable.filter(phase=Phase.MEETING).delete()
    for name in ("campaign", "campaign-open"):  # said where it is asked, too
        assert "工委审定没有填时间。" in shown(client, page(campaign, name))
    response = client.post(page(campaign, "campaign-open"), follow=True)
    assert "还不能启动。工委审定没有填时间。" in response.content.decode()
    campaign.refresh_from_db()
    assert campaign.opened_at is None


# --- the forms -------------------------------------------------------------------------------------


def test_settings_are_saved(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-settings")
    data = sent_back(client.get(url).context["fill"]) | {
        "title": "改名",
        "version": "1",
        "contact_email": "a@b.cn",
    }
    assert client.post(url, data).url == url
    campaign.refresh_from_db()
    assert (campaign.title, campaign.contact_email) == ("改名", "a@b.cn")


def test_a_clash_shows_both_and_loses_nothing(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-settings")
    data = sent_back(client.get(url).context["fill"])
    change_campaign(campaign, {"title": "别人写的", "basis": "别人的依据"}, version=1, actor=None)

    response = client.post(url, data | {"title": "我写的", "contact_office": "我写的科室"})

    fill = response.context["fill"]
    assert 'value="我写的"' in response.content.decode()
    assert both_texts(fill) == [("名称", "别人写的", "我写的")]
    assert "别人写的</h1>" in response.content.decode()
    campaign.refresh_from_db()
    assert (campaign.title, campaign.basis, campaign.contact_office) == (
        "别人写的",
        "别人的依据",
        "我写的科室",
    )
    client.post(url, sent_back(fill) | keeping("mine", fill))
    campaign.refresh_from_db()
    assert (campaign.title, campaign.basis) == ("我写的", "别人的依据")


def test_two_people_on_different_lines_of_the_rubric_keep_both(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-rubric", "F")
    data = sent_back(client.get(url).context["fill"])
    labels = [data[f"line-{place}-label"] for place in range(3)]

    client.post(url, data | {"line-0-label": "第一项新名", "line-2-DELETE": "on", "line-2-maximum": "1"})
    kept = client.post(url, data | {"line-1-full_marks_need": "第二项的新要求"})

    rows = list(campaign.categories.get(letter="F").criteria.order_by("order"))
    assert kept.status_code == 302
    assert [row.label for row in rows[:2]] == ["第一项新名", labels[1]]
    assert rows[1].full_marks_need == "第二项的新要求"
    assert labels[2] not in [row.label for row in rows]


def test_the_wording_follows_the_approval_number(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-settings")
    client.post(url, sent_back(client.get(url).context["fill"]) | {"approval_number": "鲁评〔2026〕1号"})
    campaign.refresh_from_db()
    assert campaign.approval_number
    assert "表彰" not in shown(client, campaign.get_absolute_url())


def test_a_limit_that_would_tighten_is_refused_beside_the_form(client, office):
    campaign = CampaignFactory()
    url = page(campaign, "campaign-categories")
    response = client.post(url, sent_back(client.get(url).context["fill"]) | {"body_limit": "100"})
    assert response.status_code == 200
    assert "只能放宽" in response.content.decode()
    assert 'value="100"' in response.content.decode()
    campaign.refresh_from_db()
    assert campaign.body_limit == 2000


def test_each_limit_that_would_tighten_says_so_at_its_field(client, office):
    campaign = CampaignFactory()
    url = page(campaign, "campaign-categories")
    data = sent_back(client.get(url).context["fill"]) | {"body_limit": "100", "notice_days": "1"}
    errors = client.post(url, data | {"title_limit": "40"}).context["form"].errors
    assert set(errors) == {"body_limit", "notice_days"}
    assert "请填2000或更大的数" in errors["body_limit"][0]
    campaign.refresh_from_db()
    assert campaign.title_limit == 30


@pytest.mark.parametrize("state", ["draft", "running", "over"])
def test_the_list_is_narrowed_by_where_a_year_stands(client, office, state):
    years = {
        "draft": draft_year(),
        "running": CampaignFactory(),
        "over": CampaignFactory(announced_at=timezone.now()),
    }
    assert list(client.get("/campaigns/", {"state": state}).context["page_obj"]) == [years[state]]
    assert "没有符合条件的年度" in shown(client, "/campaigns/?q=查无此年")


def test_a_year_that_is_over_is_shown_closed_everywhere(client, office):
    campaign = CampaignFactory(announced_at=timezone.now())
    pages = [("campaign-settings", ()), ("campaign-categories", ()), ("campaign-rubric", ("F",))]
    for name, args in [*pages, ("campaign-extend", ("nomination",))]:
        text = shown(client, page(campaign, name, *args))
        assert "请在新建下一年度时修改" in text
        assert ">保存</button>" not in text


def test_places_below_one_are_a_form_error(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-categories")
    data = sent_back(client.get(url).context["fill"]) | {"places_in_all": "1", "places_per_category": "2"}
    assert "合计限报不能少于每类限报" in client.post(url, data).content.decode()


def test_seats_and_ties_are_saved(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-category", "Z")
    data = sent_back(client.get(url).context["fill"])
    assert (data["tie0"], data["tie2"]) == ("untrimmed_mean", "criterion:effect")
    client.post(url, data | {"seats": "4", "tie2": "criterion:novelty", "tie3": "criterion:effect"})
    compiled = rule_in_force(campaign).body["categories"]["Z"]
    assert compiled["seats"] == 4
    assert compiled["ties"] == ["untrimmed_mean", "stage:live", "criterion:novelty", "criterion:effect"]


def test_a_tie_step_counts_once(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-category", "F")
    data = sent_back(client.get(url).context["fill"])
    response = client.post(url, data | {"tie1": "untrimmed_mean"})
    assert "不能重复" in response.content.decode()


def test_the_rubric_is_edited_as_a_whole(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-rubric", "F")
    data = sent_back(client.get(url).context["fill"])
    data |= {"line-0-DELETE": "on", "line-1-order": "90", "line-5-label": "群众口碑", "line-5-maximum": "15"}
    response = client.post(url, data)

    assert response.status_code == 302, response.context["form"].errors
    rows = list(campaign.categories.get(letter="F").criteria.values_list("code", "label"))
    assert [code for code, _ in rows] == ["item1", "effect", "satisfaction", "spread", "novelty"]
    assert rows[0] == ("item1", "群众口碑")


def test_a_criterion_of_one_stage_keeps_it(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-rubric", "F")
    client.post(url, sent_back(client.get(url).context["fill"]) | {"line-4-stage": "live"})
    assert sent_back(client.get(url).context["fill"])["line-4-stage"] == "live"
    compiled = rule_in_force(campaign).body["categories"]["F"]["criteria"]
    assert [line.get("stages") for line in compiled] == [None, None, None, None, ["live"]]


@pytest.mark.parametrize("maximum", ["15.3", "0", "-1", "abc"])
def test_a_wrong_maximum_is_said_and_nothing_typed_is_lost(client, office, maximum):
    campaign = draft_year()
    url = page(campaign, "campaign-rubric", "F")
    data = sent_back(client.get(url).context["fill"])
    response = client.post(url, data | {"line-0-maximum": maximum, "line-1-label": "改过的名称"})
    text = response.content.decode()
    assert response.context["form"].forms[0].errors["maximum"]
    assert "改过的名称" in text
    assert campaign.categories.get(letter="F").criteria.first().maximum == 15


def test_an_unknown_category_is_not_found(client, office):
    assert client.get(page(CampaignFactory(), "campaign-rubric", "Q")).status_code == 404


def test_the_rule_form_writes_quoted_decimals(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-rule")
    data = sent_back(client.get(url).context["fill"])
    assert float(data["written"]) == 40
    client.post(url, data | {"written": "33.5", "places": "3"})
    compiled = rule_in_force(campaign).body
    assert [(s["code"], s["weight"]) for s in compiled["stages"]] == [("written", "0.335"), ("live", "0.665")]
    assert compiled["places"] == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"places": "5"}, "places"),
        ({"high": "3", "low": "3"}, "least"),
        ({"written": ""}, "written"),
        ({"written": "100"}, "written"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(client, office, change, field):
    campaign = draft_year()
    before = rule_in_force(campaign).body
    url = page(campaign, "campaign-rule")
    response = client.post(url, sent_back(client.get(url).context["fill"]) | change)
    assert field in response.context["form"].errors
    assert rule_in_force(campaign).body == before


def test_a_locked_rule_is_shown_closed(client, office):
    campaign = CampaignFactory()
    lock_rule(rule_in_force(campaign), actor=None)
    for name, args in [("campaign-rule", ()), ("campaign-rubric", ("F",)), ("campaign-category", ("F",))]:
        text = shown(client, page(campaign, name, *args))
        assert "评分规则已锁定" in text
        assert "<fieldset disabled>" in text
        assert ">保存</button>" not in text


# --- dates -----------------------------------------------------------------------------------------


def test_the_timetable_of_an_unopened_year_is_a_form(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-timetable")
    data = sent_back(client.get(url).context["fill"])
    assert data["nomination_opens_at"] == "2026-10-09T09:00"
    client.post(url, data | {"nomination_opens_at": "2026-10-08T09:00"})
    assert timezone.localtime(campaign.phase(Phase.NOMINATION).opens_at).day == 8


def test_half_a_phase_is_a_form_error(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-timetable")
    response = client.post(url, sent_back(client.get(url).context["fill"]) | {"live_opens_at": ""})
    assert response.context["form"].errors["live_opens_at"] == ["起止时间须填全。"]
    assert campaign.timetable.count() == 7


def test_a_deadline_is_extended_in_public(client, office):
    campaign = CampaignFactory()
    deadline = campaign.phase(Phase.NOMINATION)
    new = timezone.localtime(deadline.closes_at + timedelta(days=2)).replace(second=0, microsecond=0)
    url = page(campaign, "campaign-extend", "nomination")

    typed = {
        "new": f"{new:%Y-%m-%dT%H:%M}",
        "reason": "系统维护。",
        "later_too": "on",
        "proposal-why": "changed",
    }
    assert client.post(url, typed).url.startswith("/pending/")
    confirmed_by(OfficeFactory(unit=campaign.organiser))

    assert "系统维护。" in shown(client, page(campaign, "campaign-timetable"))
    deadline.refresh_from_db()
    assert deadline.closes_at == new
    client.logout()
    assert "系统维护。" in shown(client, campaign.get_absolute_url())


def test_moving_a_deadline_back_is_refused_with_what_was_typed(client, office):
    campaign = CampaignFactory()
    url = page(campaign, "campaign-extend", "nomination")
    response = client.post(url, {"new": "2020-01-01T12:00", "reason": "提前结束", "proposal-why": "other"})
    text = response.content.decode()
    assert "期限只能延后" in text
    assert "提前结束" in text
    assert not Extension.objects.exists()


def test_two_people_in_one_calendar_keep_both_days_and_are_asked_about_the_same_one(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-calendar") + "?year=2030"
    data = sent_back(client.get(url).context["fill"]) | {"source": "通知"}
    theirs = {date(2030, 10, 1): (False, "国庆节"), date(2030, 10, 2): (False, "国庆节")}
    save_special_days(2030, theirs, source="通知", actor=None)

    mine = {
        "day-0-day": "2030-05-01",
        "day-0-name": "劳动节",
        "day-1-day": "2030-10-02",
        "day-1-name": "休息",
    }
    response = client.post(url, data | mine)

    fill = response.context["fill"]
    assert [label for label, _, _ in both_texts(fill)] == ["2030-10-02"]
    assert 'value="2030-05-01"' in response.content.decode()
    assert [row.day for row in SpecialDay.objects.order_by("day")] == [*theirs]
    assert client.post(url, sent_back(fill) | keeping("mine", fill)).status_code == 302
    days = dict(SpecialDay.objects.order_by("day").values_list("day", "name"))
    assert days == {date(2030, 5, 1): "劳动节", date(2030, 10, 1): "国庆节", date(2030, 10, 2): "休息"}


def test_entering_a_known_year_anew_asks_first(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-calendar-seed") + "?year=2026"
    save_special_days(2026, {date(2026, 5, 1): (False, "")}, source="手工", actor=None)
    assert "本年已录入的内容将被替换" in shown(client, url)
    assert SpecialDay.objects.count() == 1
    client.post(url)
    assert SpecialDay.objects.count() > 20


def test_the_working_days_are_edited(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-calendar") + "?year=2026"
    client.post(page(campaign, "campaign-calendar-seed") + "?year=2026")
    count = SpecialDay.objects.count()
    assert f"已录入{count}个特殊日" in shown(client, url)
    data = sent_back(client.get(url).context["fill"]) | {"source": "国务院办公厅通知", "day-0-DELETE": "on"}
    data |= {f"day-{count}-day": "2026-12-31", f"day-{count}-working": "0", f"day-{count}-name": "试"}
    response = client.post(url, data)
    assert response.status_code == 302, response.content.decode()
    assert SpecialDay.objects.filter(day=date(2026, 12, 31), working=False).exists()
    assert not SpecialDay.objects.filter(day=date(2026, 1, 1)).exists()
    assert AuditEntry.objects.filter(event=Event.CALENDAR_CHANGED, actor=office).count() == 2


def test_a_wrong_special_day_is_refused_and_kept_on_the_page(client, office):
    campaign = draft_year()
    url = page(campaign, "campaign-calendar") + "?year=2026"
    data = sent_back(client.get(url).context["fill"]) | {"source": "通知"}
    response = client.post(url, data | {"day-0-day": "2026-10-12", "day-0-working": "1"})
    assert "本来就是工作日" in response.content.decode()
    assert "2026-10-12" in response.content.decode()
    response = client.post(url, data | {"source": "", "day-0-day": "2026-10-01", "day-0-working": "0"})
    assert response.status_code == 200
    assert not SpecialDay.objects.exists()


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_seeds_the_calendar(client, who):
    campaign = CampaignFactory()
    client.force_login(who())
    assert client.post(page(campaign, "campaign-calendar-seed")).status_code == 403
    assert not SpecialDay.objects.exists()


# --- places ----------------------------------------------------------------------------------------


def test_places_are_listed_with_what_is_used_and_exported(client, office):
    quota = UnitQuotaFactory()
    campaign = quota.campaign
    NominationFactory(campaign=campaign, unit=UnitFactory(parent=quota.unit), submitted=True)
    NominationFactory(campaign=campaign, unit=quota.unit)  # a draft holds no place
    late = UnitFactory()
    url = page(campaign, "campaign-quotas")

    response = client.get(url)
    assert [row.used for row in response.context["page_obj"]] == [1]
    assert page(campaign, "campaign-quota", late.slug) in response.content.decode()
    assert not client.get(url + "?q=没有").context["page_obj"].object_list

    sheet = load_workbook(BytesIO(client.get(url + "?export=xlsx").content)).active
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == quota.unit.name]
    assert [row[1:4] for row in rows] == [(2, 1, 1)]
    assert AuditEntry.objects.filter(event=Event.EXPORTED).count() == 1


def test_a_units_places_are_changed_with_a_reason(client, office):
    quota = UnitQuotaFactory()
    url = page(quota.campaign, "campaign-quota", quota.unit.slug)
    assert client.post(url, {"places": "3", "per_category": "1", "reason": ""}).status_code == 200
    client.post(url, {"places": "3", "per_category": "1", "reason": "上年获表扬", "proposal-why": "changed"})
    confirmed_by(OfficeFactory(unit=quota.campaign.organiser))
    quota.refresh_from_db()
    assert quota.places == 3
    assert client.get(page(quota.campaign, "campaign-quota", "no-unit")).status_code == 404
