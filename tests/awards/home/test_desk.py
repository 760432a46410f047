"""What waits for each post, and what a page after log-in costs."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from awards.campaign.actions.start import create_campaign
from awards.campaign.actions.timetable import extend_deadline
from awards.campaign.models import Campaign, Phase
from awards.nomination.models import CorrectionItem, Partner, PreparedDecision
from awards.notice.models import Ground, Objection
from awards.states import State
from services.models.logged import LogState
from tests.factories.awards import (
    AssignmentFactory,
    CampaignFactory,
    MeetingFactory,
    NominationFactory,
    NoticeFactory,
    PanelFactory,
    RankingFactory,
    ScoreSheetFactory,
    UnitQuotaFactory,
)
from tests.factories.services import ActivityFactory
from tests.factories.units import (
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
from units.models import BackupRun, TickRun
from units.roles import Role

pytestmark = pytest.mark.django_db
EVERYBODY = [
    SecretaryFactory, ClerkFactory, ReviewerUserFactory, OfficeFactory, MemberFactory, SupervisorFactory,
    SysadminFactory, SecadminFactory, AuditorFactory,
]  # fmt: skip


@pytest.fixture(autouse=True)
def clock():
    """The timer runs, unless a test says otherwise."""
    return TickRun.objects.create(finished_at=timezone.now())


@pytest.fixture(autouse=True)
def backup():
    """So does the nightly backup."""
    return BackupRun.objects.create(folder="/srv/backup/portal-1")


def tasks(client, person) -> list[str]:
    client.force_login(person)
    response = client.get("/")
    assert response.status_code == 200
    return [row["task"].title for row in response.context["tasks"]]


def page(client, person) -> str:
    client.force_login(person)
    return client.get("/").content.decode()


# --- secretaries and clerks ------------------------------------------------------------------------


def test_a_secretary_sees_what_the_unit_must_do_by_deadline(client):
    unit = UnitFactory()
    campaign = CampaignFactory()
    draft = NominationFactory(campaign=campaign, unit=unit, title="草稿项目")
    review = NominationFactory(campaign=campaign, unit=unit, title="待审项目", state=State.UNIT_REVIEW)
    returned = NominationFactory(campaign=campaign, unit=unit, title="退回项目", state=State.RETURNED)
    correction = returned.corrections.create(number=1, due_at=returned.correction_due_at)
    CorrectionItem.objects.create(correction=correction, field="effect", remark="未注明数据来源。")
    CorrectionItem.objects.create(correction=correction, field="sealed", remark="盖章页不清。")
    ActivityFactory(unit=unit, state=LogState.RETURNED)
    ActivityFactory(unit=unit)

    person = SecretaryFactory(unit=unit)
    text = page(client, person)

    assert tasks(client, person)[:1] == ["退回项目"]
    assert sorted(tasks(client, person)) == sorted(
        ["退回项目", draft.title, review.title, "1条服务记录被退回", "1条服务记录未报送"]
    )
    assert "补2处：未注明数据来源；盖章页不清。" in text
    assert "逾期视为撤回" in text
    assert "完整度" in text
    assert "申报还有5天" in text


def test_the_front_page_and_the_form_tell_one_completeness(client):
    unit = UnitFactory()
    draft = NominationFactory(unit=unit)
    text = page(client, SecretaryFactory(unit=unit))
    told = re.search(r"完整度\d+%", text)[0]
    assert told in client.get(reverse("awards:nomination-edit", args=[draft.key])).text


def test_a_clerk_does_not_approve(client):
    unit = UnitFactory()
    NominationFactory(unit=unit, state=State.UNIT_REVIEW)
    assert tasks(client, ClerkFactory(unit=unit)) == []
    assert len(tasks(client, SecretaryFactory(unit=unit))) == 1


@pytest.mark.parametrize("who", [SecretaryFactory, ClerkFactory])
def test_a_unit_that_has_not_begun_is_reminded_while_nominating_runs(client, who):
    quota = UnitQuotaFactory(campaign=CampaignFactory(), unit=UnitFactory(), places=2)
    person, ask = who(unit=quota.unit), f"{quota.unit}还没有开始申报"
    assert tasks(client, person) == [ask]

    NominationFactory(campaign=quota.campaign, unit=quota.unit, state=State.WITHDRAWN)
    assert tasks(client, person) == [ask]
    NominationFactory(campaign=quota.campaign, unit=UnitFactory(parent=quota.unit))
    assert ask not in tasks(client, person)


def test_a_unit_without_places_is_not_reminded(client):
    quota = UnitQuotaFactory(campaign=CampaignFactory(), unit=UnitFactory(), places=0)
    assert tasks(client, SecretaryFactory(unit=quota.unit)) == []


@pytest.mark.parametrize("phase", [Phase.SCREENING, Phase.MEETING])
def test_nobody_is_reminded_of_beginning_outside_the_dates(client, phase):
    quota = UnitQuotaFactory(campaign=CampaignFactory(now_in=phase), unit=UnitFactory())
    assert tasks(client, SecretaryFactory(unit=quota.unit)) == []
    assert tasks(client, OfficeFactory()) == []


def test_the_office_sees_and_lists_the_units_that_have_not_begun(client):
    campaign = CampaignFactory()
    begun, idle = (UnitQuotaFactory(campaign=campaign, unit=UnitFactory()) for _ in range(2))
    UnitQuotaFactory(campaign=campaign, unit=UnitFactory(), places=0)
    NominationFactory(campaign=campaign, unit=begun.unit)
    client.force_login(OfficeFactory())

    (row,) = client.get("/").context["tasks"]
    assert row["task"].title == "1个单位还没有开始申报"
    listed = client.get(row["task"].url).context["list"].page.object_list
    assert [quota.unit for quota in listed] == [idle.unit]


def test_other_units_files_are_not_there(client):
    NominationFactory(title="别家的项目")
    ActivityFactory(state=LogState.RETURNED)
    text = page(client, SecretaryFactory())
    assert "别家的项目" not in text
    assert "没有待办" in text


def test_drafts_fall_silent_when_nominating_is_over(client):
    campaign = CampaignFactory(now_in=Phase.SCREENING)
    unit = UnitFactory()
    NominationFactory(campaign=campaign, unit=unit)
    assert tasks(client, SecretaryFactory(unit=unit)) == []


@pytest.mark.parametrize(("phase", "is_told"), [(Phase.NOMINATION, True), (Phase.MEETING, False)])
def test_full_places_are_told_only_while_an_entry_can_be_changed_for_another(client, phase, is_told):
    campaign = CampaignFactory(now_in=phase)
    unit = UnitFactory()
    UnitQuotaFactory(campaign=campaign, unit=unit, places=1)
    NominationFactory(campaign=campaign, unit=unit, submitted=True)
    secretary = SecretaryFactory(unit=unit)
    assert ("牵头名额已满" in page(client, secretary)) == is_told


def test_an_extension_brings_them_back(client):
    campaign = CampaignFactory(now_in=Phase.SCREENING)
    unit = UnitFactory()
    NominationFactory(campaign=campaign, unit=unit, title="补报项目")
    new = timezone.now() + timedelta(days=1)
    extend_deadline(campaign.phase(Phase.NOMINATION), new=new, reason="延期", actor=None)
    assert tasks(client, SecretaryFactory(unit=unit)) == ["补报项目"]


def test_an_invited_secretary_is_asked(client):
    draft = NominationFactory(title="联合项目")
    unit = UnitFactory()
    partner = Partner.objects.create(nomination=draft, unit=unit)
    assert tasks(client, SecretaryFactory(unit=unit)) == ["联合项目"]
    assert tasks(client, ClerkFactory(unit=unit)) == []
    partner.confirmed_at = timezone.now()
    partner.save()
    assert tasks(client, SecretaryFactory(unit=unit)) == []


def test_a_units_page_never_tells_the_meetings_list(client):
    unit = UnitFactory()
    campaign = CampaignFactory(two_stages=True)
    NominationFactory(campaign=campaign, unit=unit, full=True, state=State.PROPOSED)
    text = page(client, SecretaryFactory(unit=unit))
    assert "拟入选" not in text
    assert "入围" in text


def test_results_of_earlier_years_are_remembered(client):
    nomination = NominationFactory(full=True, state=State.SELECTED)
    nomination.campaign.results.create(
        nomination=nomination, category=nomination.category, title="旧项目", unit_name="某局"
    )
    assert "旧项目" in page(client, SecretaryFactory(unit=nomination.unit))
    assert "旧项目" not in page(client, SecretaryFactory())


# --- the office and the supervisor -----------------------------------------------------------------


def test_the_office_sees_what_waits(client, clock):
    campaign = CampaignFactory(now_in=Phase.SCREENING)
    NominationFactory(campaign=campaign, submitted=True)
    waiting = NominationFactory(campaign=campaign, submitted=True)
    PreparedDecision.objects.create(nomination=waiting, to_state=State.QUALIFIED)
    NominationFactory(campaign=campaign, state=State.RETURNED, correction_due_at=timezone.now())
    ActivityFactory(sent=True)

    assert tasks(client, OfficeFactory()) == [
        "2件申报待资格审查", "1件结论待统一下达", "1件补正今日到期", "1条服务记录待审核",
    ]  # fmt: skip


def test_the_board_counts_every_stage(client):
    campaign = CampaignFactory(now_in=Phase.WRITTEN, two_stages=True)
    quota = UnitQuotaFactory(campaign=campaign)
    NominationFactory(campaign=campaign, unit=quota.unit, submitted=True)
    UnitQuotaFactory(campaign=campaign)
    sheet = ScoreSheetFactory(
        assignment__seat__panel__category=campaign.categories.first(), share=0.9, handed_in=True
    )
    AssignmentFactory(seat=sheet.assignment.seat)

    client.force_login(OfficeFactory())
    stages = client.get("/").context["board"]["stages"]

    found = {stage["label"]: (stage["count"], stage["count_unit"]) for stage in stages}
    assert found == {
        "申报": (3, "件"),
        "资格审查": (2, "件合格"),
        "书面评审": (1, "/ 2份"),
        "现场答辩": (30, "件入围名额"),
        "工委审定": (15, "席"),
        "公示": (5, "个工作日"),
        "通报": (0, "个示范项目"),
    }
    assert stages[0]["text"] == "3个单位，1个未报"
    assert stages[1]["text"] == "待审1"


def test_no_mark_is_on_the_board(client):
    sheet = ScoreSheetFactory(share=0.93, handed_in=True)
    total = f"{sheet.total.normalize():f}"
    assert total == "93"  # no count, day or clock of this small year reads so
    for person in (OfficeFactory(), SupervisorFactory()):
        main = page(client, person).split("<main")[1].split("</main>")[0]
        words = re.sub(r"<[^>]+>", " ", main)
        assert total not in re.findall(r"\d+", words)


def test_panels_ask_for_the_next_step(client):
    campaign = CampaignFactory(now_in=Phase.WRITTEN)
    first, second, third = campaign.categories.all()
    PanelFactory(category=first, unopened=True, drawn_at=None)
    PanelFactory(category=second, closes_at=timezone.now() - timedelta(hours=1))
    PanelFactory(category=third, closed=True)

    assert sorted(tasks(client, OfficeFactory())) == [
        "最佳制度创新书面评审：已到期，还差0份",
        "最佳服务举措书面评审：待抽取评委",
    ]
    assert tasks(client, SupervisorFactory()) == ["最佳服务举措书面评审：评委待抽取"]


def test_the_end_of_the_round_comes_step_by_step(client):
    campaign = CampaignFactory(now_in=Phase.MEETING)
    office = OfficeFactory()
    for category in campaign.categories.all():
        PanelFactory(category=category, closed=True)
    assert tasks(client, office) == ["评审组已关闭，待冻结排名"]
    ranking = RankingFactory(campaign=campaign)
    assert tasks(client, office) == ["排名已冻结，待安排工委会议"]
    meeting = MeetingFactory(ranking=ranking)
    assert tasks(client, office) == ["工委会议待登记审定结果"]
    meeting.decided_at = timezone.now()
    meeting.save()
    file = NominationFactory(campaign=campaign, full=True, state=State.PROPOSED)
    assert tasks(client, office) == ["1件拟入选，待起草公示"]
    notice = NoticeFactory(campaign=campaign)
    assert tasks(client, office) == ["公示待发布"]
    type(file).objects.update(state=State.ON_NOTICE)
    notice.published_at = timezone.now() - timedelta(days=9)
    notice.first_day = notice.last_day = timezone.localdate() - timedelta(days=1)
    notice.worked_days = [notice.last_day]
    notice.closes_at = timezone.now() - timedelta(hours=1)
    notice.save()
    assert tasks(client, office) == ["公示期满，1件待公布"]


def objection(notice, *, named, receipt):
    return Objection.objects.create(
        notice=notice,
        nomination=NominationFactory(campaign=notice.campaign, full=True, state=State.ON_NOTICE),
        receipt=receipt,
        lookup_digest="0" * 64,
        is_named=named,
        name="某人" if named else "",
        contact="13800000000" if named else "",
        ground=Ground.FACTS,
        facts="事实",
        accept_due_on=timezone.localdate() + timedelta(days=1),
    )


def test_named_objections_go_to_the_office_and_anonymous_clues_to_the_supervisor(client):
    notice = NoticeFactory(running=True)
    objection(notice, named=True, receipt="YY-1")
    objection(notice, named=False, receipt="YY-2")

    office, supervisor = OfficeFactory(), SupervisorFactory()
    assert tasks(client, office) == ["异议YY-1"]
    assert tasks(client, supervisor) == ["1条匿名线索待甄别"]
    for person in (office, supervisor):
        assert "某人" not in page(client, person)
        assert "13800000000" not in page(client, person)


def test_more_objections_than_the_board_lists_are_still_counted(client):
    notice = NoticeFactory(running=True)
    for number in range(1, 8):
        objection(notice, named=True, receipt=f"YY-{number}")
    client.force_login(OfficeFactory())
    answer = client.get("/")
    assert "异议7件" in [stage["text"] for stage in answer.context["board"]["stages"]]
    titles = [row["task"].title for row in answer.context["tasks"]]
    assert titles.count("另有2件异议未办结") == 1
    assert reverse("awards:case", args=[notice.campaign.code, "YY-1"]) in answer.content.decode()


def test_a_standing_clock_is_said(client, clock):
    CampaignFactory()
    clock.finished_at = timezone.now() - timedelta(hours=2)
    clock.save()
    for person in (OfficeFactory(), SysadminFactory(), AuditorFactory()):
        assert tasks(client, person)[-1] == "定时任务2小时没有运行"


def test_the_system_administrator_reads_what_to_do_about_a_standing_clock_and_others_whom_to_tell(
    client, clock
):
    CampaignFactory()
    clock.delete()
    for person, words in (
        (SysadminFactory(), "请在服务器上执行systemctl status portal-tick.timer"),
        (OfficeFactory(), "请联系系统管理员"),
        (AuditorFactory(), "请联系系统管理员"),
    ):
        client.force_login(person)
        task = client.get("/").context["tasks"][-1]["task"]
        assert task.title == "定时任务从未运行"
        assert words in task.sub
        assert ("请联系系统管理员" in task.sub) is (words == "请联系系统管理员")


@pytest.mark.parametrize(
    ("age", "failure", "title"),
    [
        (timedelta(hours=27), "", "27小时没有备份"),
        (timedelta(days=3), "", "3天没有备份"),
        (timedelta(minutes=5), "no space left", "最近一次备份失败"),
    ],
)
def test_an_old_or_failed_backup_is_said(client, backup, age, failure, title):
    CampaignFactory()
    BackupRun.objects.update(at=timezone.now() - age, failure=failure)
    for person in (OfficeFactory(), SysadminFactory(), AuditorFactory()):
        assert tasks(client, person)[-1] == title


def test_a_portal_never_saved_says_so_but_a_demo_is_saved_by_nobody(client, backup, settings):
    CampaignFactory()
    backup.delete()
    office = OfficeFactory()

    assert tasks(client, office)[-1] == "还没有备份"
    settings.DEMO = True
    assert tasks(client, office) == []


def test_the_ages_of_clock_and_backup_are_told_even_when_nothing_is_late(client, clock, backup):
    CampaignFactory()
    TickRun.objects.update(finished_at=timezone.now() - timedelta(minutes=1, seconds=5))
    BackupRun.objects.update(at=timezone.now() - timedelta(hours=6, minutes=5))
    for person in (OfficeFactory(), SupervisorFactory(), SysadminFactory()):
        html = page(client, person)
        assert "<dt>定时任务</dt><dd>1分钟前</dd>" in html
        assert "<dt>上次备份</dt><dd>6小时前</dd>" in html
    assert "上次备份" not in page(client, SecretaryFactory())


def test_an_unopened_year_waits_for_its_own_office(client):
    CampaignFactory()
    create_campaign(code="2027", title="2027年度评选", year=2027, organiser=CommitteeFactory(), actor=None)
    assert tasks(client, OfficeFactory()) == ["2027年度评选尚未启动"]
    elsewhere = tasks(client, OfficeFactory(unit=CommitteeFactory(slug="elsewhere")))
    assert "2027年度评选尚未启动" not in elsewhere


def test_an_unopened_year_says_what_it_wants_next(client):
    year = timezone.localdate().year + 1
    campaign = create_campaign(
        code=str(year), title="明年的评选", year=year, organiser=CommitteeFactory(), actor=None
    )
    person = OfficeFactory()

    def wanted():
        client.force_login(person)
        rows = client.get("/").context["tasks"]
        task = next(row["task"] for row in rows if row["task"].title == "明年的评选尚未启动")
        return task.url, task.sub

    def page_of(name):
        return reverse(f"awards:campaign-{name}", args=[campaign.code])

    assert wanted() == (page_of("settings"), "还没有填：通知正文、咨询电话")
    Campaign.objects.update(call="各党组织：…", contact_phone="0546-8000001")
    assert wanted() == (page_of("open"), "各项已经备齐；启动前单位和公众看不到")

    nomination = campaign.phase(Phase.NOMINATION)
    span = {"opens_at": nomination.opens_at, "closes_at": nomination.closes_at}
    campaign.timetable.filter(phase=Phase.NOMINATION).delete()
    assert wanted() == (page_of("timetable"), "申报没有填时间")
    past = {name: moment - timedelta(days=730) for name, moment in span.items()}
    campaign.timetable.create(phase=Phase.NOMINATION, **past)
    assert wanted() == (page_of("timetable"), "申报截止时间已经过去，启动后单位不能申报")

    rule = campaign.rules.get()
    rule.body["places"] = 7
    rule.save()
    assert wanted()[0] == page_of("rule")
    rule.body["places"] = 2
    rule.body["categories"]["F"]["criteria"][0]["max"] = "1"
    rule.save()
    assert wanted()[0] == page_of("categories")
    assert wanted()[1].startswith("最佳服务举措")


def test_another_committees_office_sees_no_board(client):
    NominationFactory(submitted=True, title="别家的项目")
    client.force_login(OfficeFactory(unit=CommitteeFactory(slug="elsewhere")))
    response = client.get("/")
    assert "board" not in response.context
    assert "别家的项目" not in response.content.decode()


# --- reviewers, members, administrators ------------------------------------------------------------


def test_a_reviewer_sees_the_own_rest_and_nothing_of_others(client):
    seat = ScoreSheetFactory(share=0.9, handed_in=True).assignment.seat
    AssignmentFactory(seat=seat)
    AssignmentFactory(seat__panel=seat.panel)
    person = seat.reviewer.user

    assert tasks(client, person) == ["最佳服务举措书面评审：还有1件"]
    assert "已交1/2件" in page(client, person)
    seat.panel.closed_at = timezone.now()
    seat.panel.save()
    assert tasks(client, person) == []


def test_a_member_sees_the_agenda_of_the_own_committee(client):
    meeting = MeetingFactory(held_at=timezone.now() + timedelta(days=2))
    assert tasks(client, MemberFactory()) == [f"{meeting.campaign}：工委审定会议"]
    assert tasks(client, MemberFactory(unit=CommitteeFactory(slug="elsewhere"))) == []


def test_grants_wait_for_the_security_administrator_alone(client):
    CampaignFactory()
    PostFactory(confirmed_at=None)
    secadmin, auditor, sysadmin = SecadminFactory(), AuditorFactory(), SysadminFactory()
    assert tasks(client, secadmin) == ["1个岗位待确认"]
    assert tasks(client, auditor) == []
    assert tasks(client, sysadmin) == []


def test_accounts_nobody_uses_are_named_to_the_system_administrator(client):
    CampaignFactory()
    UserFactory()
    assert tasks(client, SysadminFactory()) == ["1个账号没有岗位"]


def test_a_person_with_two_posts_sees_both(client):
    unit = UnitFactory()
    NominationFactory(unit=unit, title="本单位项目")
    meeting = MeetingFactory(held_at=timezone.now() + timedelta(days=20))
    person = SecretaryFactory(unit=unit)
    PostFactory(user=person, unit=meeting.campaign.organiser, role=Role.MEMBER)
    assert f"{meeting.campaign}：工委审定会议" in tasks(client, person)


def test_an_ended_post_leaves_nothing(client):
    unit = UnitFactory()
    NominationFactory(unit=unit, title="本单位项目")
    person = SecretaryFactory(unit=unit)
    person.posts.update(to_on=timezone.localdate() - timedelta(days=1))
    text = page(client, person)
    assert "本单位项目" not in text


@pytest.mark.parametrize("who", [who for who in EVERYBODY if who not in (SysadminFactory, OfficeFactory)])
def test_the_page_stands_without_any_year(client, who):
    assert "没有待办" in page(client, who())


# --- cost ------------------------------------------------------------------------------------------


def fill(campaign, unit, seat, notice):
    """One more of everything a desk may show."""
    NominationFactory(campaign=campaign, unit=unit)
    returned = NominationFactory(campaign=campaign, unit=unit, state=State.RETURNED)
    correction = returned.corrections.create(number=1, due_at=returned.correction_due_at)
    CorrectionItem.objects.create(correction=correction, field="effect", remark="补")
    Partner.objects.create(nomination=NominationFactory(campaign=campaign), unit=unit)
    ActivityFactory(unit=unit)
    AssignmentFactory(seat=seat)
    MeetingFactory(ranking=notice.ranking, campaign=campaign)
    objection(notice, named=True, receipt=f"YY-{Objection.objects.count()}")
    PostFactory(confirmed_at=None, unit=unit)


LIMITS = {
    SecretaryFactory: 10, ClerkFactory: 10, ReviewerUserFactory: 8, OfficeFactory: 10, MemberFactory: 7,
    SupervisorFactory: 10, SysadminFactory: 9, SecadminFactory: 9, AuditorFactory: 9,
}  # fmt: skip


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_desk_costs_the_same_with_one_and_three_of_everything(client, cost, who):
    campaign, unit = CampaignFactory(now_in=Phase.NOMINATION), UnitFactory()
    panel = PanelFactory(category=campaign.categories.first())
    seat = AssignmentFactory(seat__panel=panel).seat
    ranking = RankingFactory(campaign=campaign)
    notice = NoticeFactory(campaign=campaign, running=True, ranking=ranking)
    UnitQuotaFactory(campaign=campaign, unit=unit)
    fill(campaign, unit, seat, notice)
    if who is ReviewerUserFactory:
        person = seat.reviewer.user
    else:
        person = who(unit=unit) if who in (SecretaryFactory, ClerkFactory) else who()
    client.force_login(person)
    client.get("/")
    with cost() as one:
        assert client.get("/").status_code == 200
    for _ in range(2):
        fill(campaign, unit, seat, notice)
    with cost() as three:
        assert client.get("/").status_code == 200
    assert one.queries == three.queries <= LIMITS[who]


def test_the_board_fetches_the_same_rows_with_60_and_300_entries(client, rows_fetched):
    campaign = CampaignFactory()
    client.force_login(OfficeFactory())
    client.get("/")

    def add(number):
        made = [
            NominationFactory.build(
                campaign=campaign,
                unit=unit,
                category=category,
                state=State.QUALIFIED,
                code=f"{campaign.code}-F-{n}",
            )
            for n in range(number[0], number[1])
        ]
        type(made[0]).objects.bulk_create(made)

    unit, category = UnitFactory(), campaign.categories.first()
    add((0, 60))
    few = rows_fetched(client.get, "/")
    add((60, 300))
    assert rows_fetched(client.get, "/") == few
