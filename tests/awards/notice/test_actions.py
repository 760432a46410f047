"""Publishing, objecting, ruling, moving up: what is asked, what changes, and what must not."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from awards.campaign.actions.calendar import save_special_days
from awards.campaign.models import CalendarYear, SpecialDay
from awards.campaign.rules.statutory import statutory_days
from awards.errors import StageError
from awards.nomination.models import Nomination
from awards.notice.actions.cases import (
    accept_objection,
    extend_objection,
    refuse_objection,
    rule_on_objection,
    take_objection,
)
from awards.notice.actions.filing import code_opens, file_objection
from awards.notice.actions.publishing import change_notice, draft_notice, extend_notice, publish_notice
from awards.notice.actions.succession import move_up
from awards.notice.actions.withdrawing import remove_due_contacts, withdraw_due_details
from awards.notice.models import Notice, NoticeEntry, Objection, Ruling
from awards.notice.queries import days_of
from awards.states import State
from tests.awards.notice.rounds import at, decided, object_to, on_notice, over, pdf
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    OfficeFactory,
    PostFactory,
    SupervisorFactory,
    UnitFactory,
)
from units.audit.models import AuditEntry
from units.errors import StaleVersion
from units.models import TickRun
from units.moments import SHANGHAI
from units.roles import Role

pytestmark = pytest.mark.django_db


def state_of(file):
    return Nomination.objects.values_list("state", flat=True).get(pk=file.pk)


def events(*names):
    return list(AuditEntry.objects.filter(event__in=names).order_by("pk").values_list("event", flat=True))


def shanghai(*when):
    return datetime(*when, tzinfo=SHANGHAI)


def know_the_holidays(*years):
    for year in years:
        CalendarYear.objects.create(year=year)
        SpecialDay.objects.bulk_create(
            SpecialDay(day=day, working=working, name=name)
            for day, (working, name) in statutory_days(year).items()
        )


# ---- the notice


def test_a_draft_lists_what_is_proposed_by_code_with_the_year_s_contacts():
    campaign, files, office = decided()

    notice = draft_notice(campaign, actor=office)

    proposed = sorted(file.code for file in files if state_of(file) == State.PROPOSED)
    assert [line.nomination.code for line in notice.entries.all()] == proposed
    assert len(proposed) == 5
    assert (notice.phone, notice.address) == ("0546-8000000", "府前大街1号")
    assert "确定5个项目" in notice.basis
    assert "书面评审" in notice.basis
    assert notice.meeting == campaign.meetings.get()
    assert notice.ranking == notice.meeting.ranking
    assert notice.published_at is None
    with pytest.raises(StageError, match="已有一份公示草稿"):
        draft_notice(campaign, actor=office)


def test_nothing_proposed_means_no_notice():
    with pytest.raises(StageError, match="没有拟入选项目"):
        draft_notice(CampaignFactory(), actor=None)
    assert not Notice.objects.exists()


def test_publishing_moves_the_whole_list_in_one_act_and_ends_the_secret():
    campaign, files, office = decided()
    notice = draft_notice(campaign, actor=office)
    assert campaign.outcome_public_at is None

    notice = publish_notice(notice, actor=office)

    campaign.refresh_from_db()
    assert campaign.outcome_public_at == notice.published_at
    assert [state_of(file) for file in files] == [State.ON_NOTICE] * 5 + [State.NOT_SELECTED] * 2
    acts = AuditEntry.objects.filter(event="notice_published")
    assert acts.count() == 6
    assert len(set(acts.values_list("act_id", flat=True))) == 1
    with pytest.raises(StageError, match="已经发布"):
        publish_notice(notice, actor=office)
    with pytest.raises(StageError, match="已经发布"):
        change_notice(notice, values={"title": "改"}, version=notice.version, actor=office)


def test_publishing_needs_contacts_and_five_days():
    campaign, files, office = decided()
    notice = draft_notice(campaign, actor=office)
    notice = change_notice(notice, values={"phone": " ", "days": 4}, version=notice.version, actor=office)
    with pytest.raises(StageError, match="电话还没有填写。公示期不得少于5个工作日。"):
        publish_notice(notice, actor=office)
    assert state_of(files[0]) == State.PROPOSED


def test_a_list_that_changed_since_the_draft_is_not_published():
    campaign, files, office = decided()
    notice = draft_notice(campaign, actor=office)
    Nomination.objects.filter(pk=files[0].pk).update(state=State.NOT_SELECTED)
    with pytest.raises(StageError, match="名单已有变化"):
        publish_notice(notice, actor=office)
    notice = change_notice(notice, values={}, version=notice.version, actor=office)
    assert notice.entries.count() == 4
    publish_notice(notice, actor=office)


def test_a_stale_draft_form_saves_nothing_and_summaries_can_be_shortened():
    campaign, files, office = decided()
    notice = draft_notice(campaign, actor=office)
    change_notice(notice, values={}, summaries={files[0].pk: "短摘要"}, version=notice.version, actor=office)
    with pytest.raises(StaleVersion):
        change_notice(notice, values={"title": "旧"}, version=notice.version, actor=office)
    assert notice.entries.get(nomination=files[0]).summary == "短摘要"


@pytest.mark.parametrize(
    ("published", "first", "last"),
    [
        # Monday to Friday, nothing special
        (shanghai(2026, 12, 9, 10), date(2026, 12, 10), date(2026, 12, 16)),
        # Across 国庆 2026: 1–7 October off, 20 September and 10 October worked
        (shanghai(2026, 9, 28, 23, 59), date(2026, 9, 29), date(2026, 10, 10)),
        # Across 春节 2026: 15–23 February off, 14 and 28 February worked
        (shanghai(2026, 2, 12, 9), date(2026, 2, 13), date(2026, 2, 26)),
        # Published on a rest day
        (shanghai(2026, 12, 12, 0, 0), date(2026, 12, 14), date(2026, 12, 18)),
    ],
)  # fmt: skip
def test_the_days_follow_the_table_of_working_days(published, first, last):
    know_the_holidays(2025, 2026)
    campaign, _, office = decided()
    notice = draft_notice(campaign, actor=office)
    with at(published):
        notice = publish_notice(notice, actor=office)
    assert (notice.first_day, notice.last_day) == (first, last)
    assert notice.closes_at == datetime.combine(last + timedelta(days=1), datetime.min.time(), SHANGHAI)
    assert not notice.provisional


def test_days_in_a_year_nobody_has_entered_are_provisional():
    know_the_holidays(2026)
    campaign, _, office = decided()
    notice = draft_notice(campaign, actor=office)
    with at(shanghai(2026, 12, 28, 9)):
        assert publish_notice(notice, actor=office).provisional


# ---- filing


def test_an_objection_gets_a_receipt_and_a_code_that_is_kept_as_a_digest():
    _, files, _, notice = on_notice()
    objection, code = file_objection(
        notice, nomination=files[0], ground="facts", facts="不实", is_named=True, name="张三",
        contact="0546-1", uploads=[pdf()],
    )  # fmt: skip
    again = object_to(notice, files[1])

    assert objection.receipt.endswith("-YY-001")
    assert again.receipt.endswith("-YY-002")
    assert code_opens(objection, code.lower().replace("-", " "))
    assert not code_opens(objection, "3333-3333-3333")
    assert not code_opens(objection, "")
    assert not code_opens(again, code)
    assert code not in str(Objection.objects.filter(pk=objection.pk).values())
    assert objection.files.get().file.read().startswith(b"%PDF")
    assert state_of(files[0]) == State.ON_NOTICE  # filed alone suspends nothing


def test_the_log_does_not_tell_who_objected(client):
    _, files, _, notice = on_notice()
    object_to(notice, files[0], facts="秘密事实")
    entry = AuditEntry.objects.get(event="objection_filed")
    assert (entry.actor, entry.actor_name, entry.post, entry.address) == (None, "public", "", None)
    assert "张三" not in str(entry.after)
    assert "秘密" not in str(entry.after)


@pytest.mark.parametrize(("offset", "taken"), [(-1, True), (0, False), (1, False)])
def test_the_last_second_counts_and_closing_does_not(offset, taken):
    _, files, _, notice = on_notice()
    with at(over(notice) + timedelta(microseconds=offset)):
        if taken:
            object_to(notice, files[0])
        else:
            with pytest.raises(StageError, match="24:00截止"):
                object_to(notice, files[0])
    assert Objection.objects.count() == taken


def test_only_listed_entries_of_a_published_notice_can_be_objected_to():
    campaign, files, office = decided()
    draft = draft_notice(campaign, actor=office)
    with pytest.raises(StageError, match="尚未发布"):
        object_to(draft, files[0])
    notice = publish_notice(draft, actor=office)
    with pytest.raises(StageError, match="不在公示名单"):
        object_to(notice, files[6])
    with pytest.raises(StageError, match="姓名和联系方式"):
        object_to(notice, files[0], contact=" ")
    assert not Objection.objects.exists()


def test_an_unsigned_objection_keeps_no_name():
    _, files, _, notice = on_notice()
    objection = file_objection(
        notice, nomination=files[0], ground="facts", facts="线索", is_named=False, name="张三", contact="1"
    )[0]
    assert (objection.name, objection.contact) == ("", "")


# ---- handling


def test_accepting_suspends_the_entry_and_sets_ten_working_days():
    know_the_holidays(2026)
    with at(shanghai(2026, 9, 21, 9)):
        _, files, office, notice = on_notice()
    with at(shanghai(2026, 9, 23, 9)):
        case = object_to(notice, files[0])
        assert case.accept_due_on == date(2026, 9, 28)  # 25–27 September is 中秋
        case = accept_objection(case, actor=office)
    assert case.rule_due_on == date(2026, 10, 14)
    assert (case.handler, state_of(files[0]), state_of(files[1])) == (
        office, State.SUSPENDED, State.ON_NOTICE,
    )  # fmt: skip
    with pytest.raises(StageError, match="已受理"):
        accept_objection(case, actor=office)


def test_refusing_needs_a_reason_and_leaves_the_entry_alone():
    _, files, office, notice = on_notice()
    case = object_to(notice, files[0])
    with pytest.raises(StageError, match="理由"):
        refuse_objection(case, reason=" ", actor=office)
    case = refuse_objection(case, reason="只对分数有意见", actor=office)
    assert (case.state, case.refused_reason) == ("refused", "只对分数有意见")
    assert state_of(files[0]) == State.ON_NOTICE


def test_one_extension_with_a_reason():
    _, files, office, notice = on_notice()
    case = accept_objection(object_to(notice, files[0]), actor=office)
    first = case.rule_due_on
    case = extend_objection(case, reason="需现场核查", actor=office)
    assert case.rule_due_on > first
    with pytest.raises(StageError, match="只能延长一次"):
        extend_objection(case, reason="再延", actor=office)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("upheld", State.NOT_SELECTED), ("partly", State.ON_NOTICE), ("not_upheld", State.ON_NOTICE)],
)
def test_a_ruling_strikes_corrects_or_keeps(outcome, state):
    _, files, office, notice = on_notice()
    case = accept_objection(object_to(notice, files[0]), actor=office)

    rule_on_objection(
        case, outcome=outcome, findings="经核查", correction="办结数更正为26件", title="更正后的名称",
        actor=office,
    )  # fmt: skip

    line = NoticeEntry.objects.get(notice=notice, nomination=files[0])
    assert state_of(files[0]) == state
    assert (line.title == "更正后的名称") == (outcome == "partly")
    assert line.correction == ("办结数更正为26件" if outcome == "partly" else "")
    case.refresh_from_db()
    assert case.state == "ruled"
    with pytest.raises(StageError):
        rule_on_objection(case, outcome="upheld", findings="再裁", actor=office)
    assert Ruling.objects.count() == 1


def test_partly_upheld_needs_the_correction():
    _, files, office, notice = on_notice()
    case = accept_objection(object_to(notice, files[0]), actor=office)
    with pytest.raises(StageError, match="更正内容"):
        rule_on_objection(case, outcome="partly", findings="部分属实", actor=office)
    assert not Ruling.objects.exists()
    assert state_of(files[0]) == State.SUSPENDED


def test_an_entry_resumes_only_when_no_case_about_it_is_open():
    _, files, office, notice = on_notice()
    first, second = (accept_objection(object_to(notice, files[0]), actor=office) for _ in range(2))
    third = object_to(notice, files[0])
    rule_on_objection(first, outcome="not_upheld", findings="不实", actor=office)
    assert state_of(files[0]) == State.SUSPENDED
    rule_on_objection(second, outcome="not_upheld", findings="不实", actor=office)
    assert state_of(files[0]) == State.SUSPENDED  # the third was filed and not looked at yet
    refuse_objection(third, reason="重复", actor=office)
    assert state_of(files[0]) == State.ON_NOTICE


def test_a_struck_entry_stays_struck_when_another_case_fails():
    _, files, office, notice = on_notice()
    first, second = (accept_objection(object_to(notice, files[0]), actor=office) for _ in range(2))
    rule_on_objection(first, outcome="upheld", findings="属实", actor=office)
    rule_on_objection(second, outcome="not_upheld", findings="不实", actor=office)
    assert state_of(files[0]) == State.NOT_SELECTED


# ---- who may handle


@pytest.mark.parametrize("tie", ["lead", "below", "partner", "past", "wrote"])
def test_whoever_has_a_tie_to_the_entry_is_refused(tie):
    campaign, files, _, notice = on_notice()
    file, office = files[0], OfficeFactory(unit=campaign.organiser)
    other = UnitFactory()
    if tie == "lead":
        PostFactory(user=office, unit=file.unit, role=Role.CLERK)
    elif tie == "below":
        PostFactory(user=office, unit=UnitFactory(parent=file.unit), role=Role.CLERK)
    elif tie == "partner":
        file.partners.create(unit=other, confirmed_at=timezone.now())
        PostFactory(user=office, unit=other, role=Role.CLERK)
    elif tie == "past":
        ended = timezone.localdate() - timedelta(days=400)
        PostFactory(user=office, unit=file.unit, role=Role.CLERK, to_on=ended)
    else:
        Nomination.objects.filter(pk=file.pk).update(created_by=office)
    case = object_to(notice, file)

    for act in (take_objection, accept_objection):
        with pytest.raises(StageError, match="回避"):
            act(case, actor=office)
    case.refresh_from_db()
    assert (case.handler, case.state) == (None, "filed")
    take_objection(object_to(notice, files[1]), actor=office)  # another entry is none of it


def test_a_case_belongs_to_its_handler_until_taken_over_with_a_reason():
    campaign, files, office, notice = on_notice()
    colleague = OfficeFactory(unit=campaign.organiser)
    case = take_objection(object_to(notice, files[0]), actor=office)
    with pytest.raises(StageError, match="经办"):
        accept_objection(case, actor=colleague)
    with pytest.raises(StageError, match="理由"):
        take_objection(case, actor=colleague)
    take_objection(case, actor=colleague, reason="原经办人出差")
    assert accept_objection(case, actor=colleague).handler == colleague


def test_unsigned_tips_are_triaged_by_the_supervisor_and_handled_by_the_office():
    campaign, files, office, notice = on_notice()
    supervisor = SupervisorFactory(unit=campaign.organiser)
    case = object_to(notice, files[0], is_named=False)
    with pytest.raises(StageError, match="监督员"):
        accept_objection(case, actor=office)
    case = accept_objection(case, actor=supervisor)
    assert (case.handler, state_of(files[0])) == (None, State.SUSPENDED)
    with pytest.raises(StageError, match="评选办"):
        rule_on_objection(case, outcome="upheld", findings="属实", actor=supervisor)
    rule_on_objection(case, outcome="upheld", findings="属实", actor=office)
    assert state_of(files[0]) == State.NOT_SELECTED
    named = object_to(notice, files[1])
    with pytest.raises(StageError, match="评选办"):
        accept_objection(named, actor=supervisor)


def test_the_office_of_another_committee_handles_nothing():
    _, files, _, notice = on_notice()
    with pytest.raises(StageError, match="评选办"):
        accept_objection(
            object_to(notice, files[0]), actor=OfficeFactory(unit=CommitteeFactory(slug="elsewhere"))
        )


# ---- moving up


def test_the_next_in_rank_moves_up_with_a_reason_and_a_new_notice():
    campaign, files, office, notice = on_notice(8)
    with pytest.raises(StageError, match="没有因异议成立"):
        move_up(campaign, nomination=files[5], reason="递补", actor=office)
    case = accept_objection(object_to(notice, files[0]), actor=office)
    rule_on_objection(case, outcome="upheld", findings="属实", actor=office)
    for wrong in (files[6], files[0]):
        with pytest.raises(StageError, match="依次递补"):
            move_up(campaign, nomination=wrong, reason="递补", actor=office)
    with pytest.raises(StageError, match="依据"):
        move_up(campaign, nomination=files[5], reason="", actor=office)

    move_up(campaign, nomination=files[5], reason="第一名取消资格", actor=office)

    assert state_of(files[5]) == State.PROPOSED
    with pytest.raises(StageError, match="没有因异议成立"):
        move_up(campaign, nomination=files[6], reason="再递补", actor=office)
    second = publish_notice(draft_notice(campaign, actor=office), actor=office)
    assert (second.number, second.slug) == (2, f"{campaign.code}-2")
    assert [line.nomination for line in second.entries.all()] == [files[5]]
    assert state_of(files[5]) == State.ON_NOTICE
    assert "递补" in second.title


# ---- after the period


@pytest.mark.parametrize("closing", ["refused", "ruled"])
def test_who_objected_is_forgotten_when_the_case_has_been_kept_long_enough(closing):
    campaign, files, office, notice = on_notice()
    campaign.contacts_kept_days = 30
    campaign.save()
    case, still_open = object_to(notice, files[0]), object_to(notice, files[1])
    if closing == "refused":
        case = refuse_objection(case, reason="只对分数有意见", actor=office)
    else:
        accept_objection(case, actor=office)
        rule_on_objection(case, outcome="not_upheld", findings="经查属实", actor=office)
    case = Objection.objects.select_related("notice__campaign", "ruling").get(pk=case.pk)
    assert case.contacts_due_at == case.closed_at + timedelta(days=30)
    before = AuditEntry.objects.count()

    assert remove_due_contacts(case.contacts_due_at - timedelta(seconds=1)) == 0
    assert remove_due_contacts(case.contacts_due_at) == 1
    assert remove_due_contacts(case.contacts_due_at) == 0

    case.refresh_from_db()
    still_open.refresh_from_db()
    assert (case.name, case.contact, bool(case.contacts_removed_at)) == ("", "", True)
    assert case.facts
    assert (still_open.name, still_open.contact) == ("举报人张三", "13900001111")
    entry = AuditEntry.objects.latest("pk")
    assert (AuditEntry.objects.count() - before, entry.event) == (1, "objection_contacts_removed")
    assert "张三" not in str(entry.before) + str(entry.after)


def test_the_clock_withdraws_details_and_forgets_objectors():
    campaign, files, office, notice = on_notice()
    case = refuse_objection(object_to(notice, files[0]), reason="只对分数有意见", actor=office)
    NoticeEntry.objects.filter(notice=notice).update(summary="摘要")
    with at(case.refused_at + timedelta(days=campaign.contacts_kept_days)):
        call_command("tick", stdout=StringIO())
    case.refresh_from_db()
    assert case.name == ""
    assert set(notice.entries.values_list("summary", flat=True)) == {""}
    assert TickRun.objects.get().done["remove_due_contacts"] == 1


def test_details_are_deleted_when_the_period_ends_and_titles_stay():
    _, files, _, notice = on_notice()
    NoticeEntry.objects.filter(notice=notice).update(summary="联系人李四，电话见附件")
    with at(over(notice) - timedelta(seconds=1)):
        assert withdraw_due_details() == 0
    with at(over(notice)):
        assert withdraw_due_details() == 1
        assert withdraw_due_details() == 0
    lines = NoticeEntry.objects.filter(notice=notice)
    assert {line.summary for line in lines} == {""}
    assert all(line.title for line in lines)
    assert events("notice_details_withdrawn") == ["notice_details_withdrawn"]
    assert Nomination.objects.get(pk=files[0].pk).title


# ---- the days, once written down


def test_a_day_made_a_holiday_moves_no_running_notice():
    know_the_holidays(2026)
    campaign, _, office = decided()
    with at(shanghai(2026, 11, 16, 9)):
        notice = publish_notice(draft_notice(campaign, actor=office), actor=office)
        before = days_of(notice, date(2026, 11, 18))
        days = {row.day: (row.working, row.name) for row in SpecialDay.objects.filter(day__year=2026)}
        save_special_days(
            2026, days | {date(2026, 11, 18): (False, "临时放假")}, source="临时通知", actor=office
        )

    notice.refresh_from_db()
    after = days_of(notice, date(2026, 11, 18))

    assert after == before
    assert [day.word for day in after.strip if day.word.startswith("第")] == [f"第{n}日" for n in range(1, 6)]


def test_a_running_notice_is_made_longer_in_public():
    know_the_holidays(2026)
    campaign, _, office = decided()
    with at(shanghai(2026, 11, 16, 9)):
        notice = publish_notice(draft_notice(campaign, actor=office), actor=office)
    with at(shanghai(2026, 11, 18, 9)):
        longer = extend_notice(notice, days=2, reason="公示期间临时放假", actor=office)

    assert (notice.last_day, longer.last_day, longer.days) == (date(2026, 11, 23), date(2026, 11, 25), 7)
    assert longer.worked_days[:5] == notice.worked_days
    assert longer.closes_at == shanghai(2026, 11, 26)
    assert str(longer.extensions.get()).startswith(
        "原定2026年11月23日期满，延长至2026年11月25日24:00。理由：公示期间"
    )
    assert events("notice_extended") == ["notice_extended"]


def test_a_notice_that_has_ended_is_not_made_longer():
    _, _, office, notice = on_notice()
    with at(over(notice)), pytest.raises(StageError, match="须重新公示"):
        extend_notice(notice, days=1, reason="补几天", actor=office)
    assert not notice.extensions.exists()
