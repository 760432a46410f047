from datetime import date, datetime, timedelta

import pytest
from django.db import InternalError, transaction
from django.utils import timezone

from awards.campaign.actions.calendar import save_special_days, seed_year
from awards.campaign.actions.editing import SetupRefused
from awards.campaign.actions.opening import open_campaign
from awards.campaign.actions.rule import lock_rule, save_category, save_rule
from awards.campaign.actions.start import create_campaign
from awards.campaign.models import Campaign, Category, Deadline, Phase, ScoringRule, SpecialDay, UnitQuota
from awards.campaign.queries.calendar import working_calendar
from awards.campaign.queries.rule import rule_in_force
from awards.campaign.queries.timetable import opening_problems
from awards.errors import StageError
from awards.scoring.parsing import parse_rule
from tests.factories.units import CommitteeFactory, OfficeFactory, UnitFactory
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.models import UnitKind
from units.moments import SHANGHAI

pytestmark = pytest.mark.django_db


def new_campaign(**given):
    given = {"code": "2026", "title": "2026年度“三个最佳”评选", "year": 2026, "actor": None} | given
    return create_campaign(organiser=CommitteeFactory(), **given)


def events():
    return list(AuditEntry.objects.order_by("id").values_list("event", flat=True))


# --- a new year ------------------------------------------------------------------------------------


def test_a_new_year_can_be_opened_as_it_is():
    seed_year(2026)
    campaign = new_campaign()

    assert opening_problems(campaign) == []
    assert [(c.letter, c.seats, c.criteria.count()) for c in campaign.categories.all()] == [
        ("F", 5, 5),
        ("Z", 5, 5),
        ("X", 5, 6),
    ]
    assert [row.phase for row in campaign.timetable.all()] == list(Phase)
    assert campaign.opened_at is None
    assert events() == [Event.CALENDAR_CHANGED, Event.CAMPAIGN_CREATED]


def test_the_proposed_timetable_counts_working_days():
    seed_year(2026)
    dates = {row.phase: (row.opens_at, row.closes_at) for row in new_campaign().timetable.all()}

    assert dates[Phase.NOMINATION] == (
        datetime(2026, 10, 9, 9, 0, tzinfo=SHANGHAI),
        # 20 working days from Friday 9 October; Saturday 10 October is worked in exchange
        datetime(2026, 11, 4, 17, 30, tzinfo=SHANGHAI),
    )
    assert dates[Phase.NOTICE][1].astimezone(SHANGHAI).hour == 0
    assert all(closes.year == 2026 for _, closes in dates.values())


def test_the_rule_of_a_new_year_is_what_the_ranking_reads():
    rule = parse_rule(rule_in_force(new_campaign()).body)

    assert [stage.code for stage in rule.stages] == ["written", "live"]
    assert rule_in_force(Campaign.objects.get()).body["stages"][0]["advance"] == {"F": 10, "Z": 10, "X": 10}


def test_one_stage_lets_nobody_advance_and_has_no_defence_in_its_timetable():
    campaign = new_campaign(two_stages=False)

    assert rule_in_force(campaign).body["stages"] == [{"code": "written", "weight": "1"}]
    assert not campaign.timetable.filter(phase=Phase.LIVE).exists()
    assert opening_problems(campaign) == []
    parse_rule(rule_in_force(campaign).body)


@pytest.mark.parametrize("code", ["2026", "new"])
def test_a_code_is_taken_once(code):
    new_campaign()
    with pytest.raises(StageError, match="已被使用"):
        new_campaign(code=code)


# --- opening ---------------------------------------------------------------------------------------


def test_opening_gives_every_standing_organization_its_places():
    unit, other = UnitFactory(), UnitFactory()
    UnitFactory(parent=unit)
    UnitFactory(kind=UnitKind.ACTION_BRANCH, action_kind="flood", task="防汛")
    UnitFactory(active_to=timezone.localdate() - timedelta(days=1))
    UnitFactory(parent=CommitteeFactory(slug="elsewhere"))
    campaign, office = new_campaign(), OfficeFactory()

    opened = open_campaign(campaign, actor=office)

    assert opened.opened_at
    assert set(UnitQuota.objects.values_list("unit", "places", "per_category")) == {
        (unit.pk, 2, 1),
        (other.pk, 2, 1),
    }
    entry = AuditEntry.objects.get(event=Event.CAMPAIGN_OPENED)
    assert (entry.actor, entry.campaign, entry.after) == (office, "2026", {"units": 2})


def test_opening_twice_is_opening_once():
    UnitFactory()
    first = open_campaign(new_campaign(), actor=None)
    again = open_campaign(first, actor=None)

    assert again.opened_at == first.opened_at
    assert UnitQuota.objects.count() == 1
    assert events().count(Event.CAMPAIGN_OPENED) == 1


def test_a_rule_that_breaks_the_contract_is_never_stored():
    campaign = new_campaign()
    before = rule_in_force(campaign).body
    with pytest.raises(SetupRefused, match="least（2）须大于 high 与 low 之和（2）"):
        save_rule(campaign, {"least": 2}, actor=None)
    with pytest.raises(SetupRefused, match="类别 F 的并列规则无法识别"):
        save_category(campaign.categories.get(letter="F"), {"ties": ["lot"]}, actor=None)
    assert rule_in_force(Campaign.objects.get()).body == before


def test_a_rule_is_read_once_until_it_is_rewritten():
    rule = rule_in_force(new_campaign())
    first = rule.parsed
    assert rule.parsed is first
    rule.body = {**rule.body, "least": 7}
    assert (rule.parsed.least, rule.parsed.version) == (7, rule.version)


def test_opening_is_refused_with_everything_that_is_wrong():
    campaign = new_campaign()
    Category.objects.filter(letter="F").get().criteria.first().delete()
    rule = rule_in_force(campaign)
    rule.body["categories"]["F"]["criteria"].pop()
    rule.save()
    Deadline.objects.filter(phase=Phase.NOTICE).delete()

    with pytest.raises(SetupRefused) as refusal:
        open_campaign(campaign, actor=None)

    assert refusal.value.problems == ["最佳服务举措各指标满分之和为85，应为100。", "公示没有填时间。"]
    campaign.refresh_from_db()
    assert campaign.opened_at is None
    assert not UnitQuota.objects.exists()


# --- locking ---------------------------------------------------------------------------------------


def test_a_locked_rule_stays_as_it_is():
    rule = lock_rule(rule_in_force(new_campaign()), actor=None)
    again = lock_rule(rule_in_force(Campaign.objects.get()), actor=None)

    assert rule.locked_at == again.locked_at
    assert events() == [Event.CAMPAIGN_CREATED, Event.RULE_LOCKED]
    with pytest.raises(InternalError), transaction.atomic():
        ScoringRule.objects.update(reason="改")


def test_a_locked_rule_costs_no_question(django_assert_num_queries):
    rule = lock_rule(rule_in_force(new_campaign()), actor=None)
    with django_assert_num_queries(0):
        lock_rule(rule, actor=None)


# --- working days ----------------------------------------------------------------------------------


def test_the_calendar_knows_the_years_that_are_entered(django_assert_num_queries):
    seed_year(2025)
    with django_assert_num_queries(1):
        calendar = working_calendar([2025, 2027])

    assert not calendar.is_working(date(2025, 10, 8))
    assert calendar.is_working(date(2025, 10, 11))  # a Saturday worked in exchange
    assert not calendar.provisional(date(2025, 5, 1))
    assert calendar.provisional(date(2027, 5, 1))
    assert calendar.is_working(date(2026, 10, 8))  # 2026 was not asked for: Monday to Friday
    assert not calendar.is_working(date(2026, 10, 1))  # but for the holidays of the law


def test_a_year_known_without_any_special_day_is_not_provisional():
    save_special_days(2040, {}, source="通知", actor=None)
    assert not working_calendar([2040]).provisional(date(2040, 1, 1))


def test_seeding_again_changes_and_records_nothing():
    count = seed_year(2026)

    assert seed_year(2026) == count == SpecialDay.objects.count()
    assert events() == [Event.CALENDAR_CHANGED]


def test_an_unknown_year_is_not_seeded():
    with pytest.raises(StageError, match="2099年"):
        seed_year(2099)


def test_an_edit_replaces_the_year_and_tells_what_changed():
    seed_year(2026)
    days = {date(2026, 10, 1): (False, "国庆节"), date(2026, 10, 10): (True, "调休上班")}

    save_special_days(2026, days, source="国办发明电", actor=None)

    assert dict(SpecialDay.objects.values_list("day", "working")) == {day: w for day, (w, _) in days.items()}
    entry = AuditEntry.objects.latest("id")
    assert "2026-10-10 上班 调休上班" in entry.after["days"]
    assert "2026-10-01 休息 国庆节" not in entry.before["days"]


@pytest.mark.parametrize(
    ("day", "working", "words"),
    [
        (date(2027, 1, 1), False, "不在2026年"),
        (date(2026, 10, 12), True, "10月12日本来就是工作日"),
        (date(2026, 10, 11), False, "10月11日本来就是休息日"),
    ],
)
def test_a_day_that_is_nothing_special_is_refused(day, working, words):
    with pytest.raises(StageError, match=words):
        save_special_days(2026, {day: (working, "")}, source="", actor=None)
    assert not SpecialDay.objects.exists()
