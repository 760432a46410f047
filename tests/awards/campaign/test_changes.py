"""What the office changes of a year, and when it no longer may."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from awards.campaign.actions.editing import SetupRefused
from awards.campaign.actions.opening import open_campaign, save_quota
from awards.campaign.actions.rule import Line, lock_rule, save_category, save_rubric, save_rule
from awards.campaign.actions.settings import change_campaign
from awards.campaign.actions.start import copy_campaign, create_campaign
from awards.campaign.actions.timetable import extend_deadline, save_timetable
from awards.campaign.models import Campaign, Criterion, Extension, Phase, UnitQuota
from awards.campaign.queries.rule import rule_in_force
from awards.campaign.queries.timetable import opening_problems
from awards.campaign.rules.timetable import shifted_timetable
from awards.errors import StageError
from awards.ranking.models import RankedEntry
from awards.scoring.parsing import parse_rule
from tests.factories.awards import CampaignFactory, NominationFactory, ScoreSheetFactory
from tests.factories.units import CommitteeFactory, OfficeFactory, UnitFactory
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.errors import StaleVersion
from units.moments import SHANGHAI

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return create_campaign(
        code="2026", title="2026年度评选", year=2026, organiser=CommitteeFactory(), actor=None
    )


def body(campaign):
    return rule_in_force(campaign).body


def lines_of(category):
    return [
        Line(
            row.code, row.label, row.maximum, row.weight, row.full_marks_need, tuple(row.anchors), row.section
        )
        for row in category.criteria.all()
    ]


def locked(campaign):
    lock_rule(rule_in_force(campaign), actor=None)


# --- texts and limits --------------------------------------------------------------------------------


def test_a_change_is_saved_counted_and_recorded(campaign):
    office = OfficeFactory()
    change_campaign(campaign, {"title": "新名称", "notice_days": 7}, version=1, actor=office)

    campaign.refresh_from_db()
    assert (campaign.title, campaign.notice_days, campaign.version) == ("新名称", 7, 2)
    entry = AuditEntry.objects.latest("id")
    assert (entry.event, entry.actor, entry.before) == (
        Event.CAMPAIGN_CHANGED,
        office,
        {"title": "2026年度评选", "notice_days": 5},
    )


def test_saving_the_same_again_records_nothing(campaign):
    change_campaign(campaign, {"title": campaign.title}, actor=None)
    assert not AuditEntry.objects.filter(event=Event.CAMPAIGN_CHANGED).exists()


def test_a_stale_form_overwrites_nothing(campaign):
    change_campaign(campaign, {"title": "先保存的"}, version=1, actor=None)
    with pytest.raises(StaleVersion):
        change_campaign(campaign, {"title": "后保存的"}, version=1, actor=None)
    campaign.refresh_from_db()
    assert campaign.title == "先保存的"


def test_an_open_year_only_becomes_easier():
    campaign = CampaignFactory()
    change_campaign(campaign, {"body_limit": 2500}, actor=None)
    with pytest.raises(StageError, match="只能放宽"):
        change_campaign(campaign, {"body_limit": 1500}, actor=None)
    with pytest.raises(StageError, match="逐个单位"):
        change_campaign(campaign, {"places_in_all": 3}, actor=None)
    campaign.refresh_from_db()
    assert (campaign.body_limit, campaign.places_in_all) == (2500, 2)


def test_a_year_that_is_over_stays_as_it_was():
    campaign = CampaignFactory(announced_at=timezone.now())
    with pytest.raises(StageError, match="结果已公布"):
        change_campaign(campaign, {"title": "改写历史"}, actor=None)


def test_only_settings_are_settings(campaign):
    with pytest.raises(ValueError, match="opened_at"):
        change_campaign(campaign, {"opened_at": timezone.now()}, actor=None)


# --- categories, rubric, rule ------------------------------------------------------------------------


def test_seats_and_floor_reach_the_rule(campaign):
    category = campaign.categories.get(letter="Z")
    save_category(category, {"seats": 4, "floor": Decimal("82.50")}, actor=None)

    compiled = body(campaign)["categories"]["Z"]
    assert (compiled["seats"], compiled["floor"]) == (4, "82.5")
    assert body(campaign)["stages"][0]["advance"]["Z"] == 8  # follows the seats
    save_category(category, {"shortlist": 7}, actor=None)
    assert body(campaign)["stages"][0]["advance"]["Z"] == 7
    parse_rule(body(campaign))


def test_a_rubric_is_replaced_as_a_whole(campaign):
    category = campaign.categories.get(letter="F")
    kept = lines_of(category)[:4]
    new = Line("", "群众口碑", Decimal(15), anchors=("好", "较好", "一般", "差"))

    save_rubric(category, [new, *kept], actor=None)

    assert [row.code for row in category.criteria.all()] == [
        "item1", "leadership", "novelty", "effect", "satisfaction",
    ]  # fmt: skip
    assert opening_problems(campaign) == []
    assert body(campaign)["categories"]["F"]["criteria"][0] == {"code": "item1", "max": "15", "weight": "1"}
    entry = AuditEntry.objects.latest("id")
    assert entry.after == {"criteria": ["群众口碑 15×1"]}
    assert [line.split()[0] for line in entry.before["criteria"]] == ["典型性与可推广性"]


def test_the_tie_rule_forgets_a_criterion_that_is_gone(campaign):
    category = campaign.categories.get(letter="F")
    save_rubric(category, [row for row in lines_of(category) if row.code != "effect"], actor=None)
    category.refresh_from_db()
    assert category.ties == ["untrimmed_mean", "stage:live"]
    parse_rule(body(campaign))


def test_before_opening_a_rubric_may_be_half_done_and_says_so(campaign):
    category = campaign.categories.get(letter="F")
    save_rubric(category, lines_of(category)[:2], actor=None)
    assert opening_problems(campaign) == ["最佳服务举措各指标满分之和为35，应为100。"]


def test_an_open_year_stays_sound():
    campaign = CampaignFactory()
    category = campaign.categories.get(letter="F")
    with pytest.raises(SetupRefused, match="满分之和为35"):
        save_rubric(category, lines_of(category)[:2], actor=None)
    assert category.criteria.count() == 5
    assert len(body(campaign)["categories"]["F"]["criteria"]) == 5


def test_a_criterion_that_somebody_marked_is_not_removed():
    sheet = ScoreSheetFactory(marks={"leadership": 14})
    category = sheet.assignment.nomination.category
    lines = lines_of(category)
    lines[1] = Line(lines[1].code, "举措创新性", Decimal(35))
    with pytest.raises(StageError, match="已有评委打分"):
        save_rubric(category, lines[1:], actor=None)
    assert Criterion.objects.filter(category=category, code="leadership").exists()


def test_the_rule_is_rewritten_with_everything_that_depends_on_it(campaign):
    settings = {
        "combine": "weighted", "average": "median", "least": 6, "places": 3, "rounding": "final",
        "trim": {"on": "criteria", "high": 2, "low": 1}, "stages": [{"code": "written", "weight": "1"}],
    }  # fmt: skip
    save_rule(campaign, settings, actor=None)

    compiled = body(campaign)
    assert {name: compiled[name] for name in settings} == settings
    assert set(compiled["categories"]) == {"F", "Z", "X"}
    parse_rule(compiled)
    assert [p for p in opening_problems(campaign) if "权重之和" in p]


def test_a_criterion_of_a_stage_that_is_dropped_leaves_the_rule(campaign):
    category = campaign.categories.get(letter="F")
    lines = lines_of(category)
    lines[-1] = Line("spread", "现场表达", Decimal(15), stages=("live",))
    save_rubric(category, lines, actor=None)
    save_rule(campaign, {"stages": [{"code": "written", "weight": "1"}]}, actor=None)
    assert [c["code"] for c in body(campaign)["categories"]["F"]["criteria"]] == [
        "leadership", "novelty", "effect", "satisfaction",
    ]  # fmt: skip


@pytest.mark.parametrize("change", ["rule", "category", "rubric"])
def test_after_the_first_mark_nothing_of_the_rule_moves(campaign, change):
    category = campaign.categories.get(letter="F")
    locked(campaign)
    before = body(campaign)
    act = {
        "rule": lambda: save_rule(campaign, {"least": 3}, actor=None),
        "category": lambda: save_category(category, {"seats": 9}, actor=None),
        "rubric": lambda: save_rubric(category, lines_of(category)[:1], actor=None),
    }[change]

    with pytest.raises(StageError, match="已锁定"):
        act()

    assert body(campaign) == before
    assert (category.criteria.count(), campaign.categories.get(letter="F").seats) == (5, 5)


@pytest.mark.parametrize("places", range(5))
def test_a_final_with_all_its_places_fits_the_frozen_row(campaign, places):
    column = RankedEntry._meta.get_field("final")
    save_rule(campaign, {"places": places}, actor=None)
    assert opening_problems(campaign) == []
    assert places <= column.decimal_places


# --- timetable ---------------------------------------------------------------------------------------


def test_before_opening_dates_move_freely(campaign):
    dates = {row.phase: (row.opens_at, row.closes_at) for row in campaign.timetable.all()}
    del dates[Phase.LIVE]
    opens, closes = dates[Phase.NOMINATION]
    dates[Phase.NOMINATION] = (opens - timedelta(days=3), closes - timedelta(days=1))

    save_timetable(campaign, dates, version=1, actor=None)

    assert {row.phase: (row.opens_at, row.closes_at) for row in campaign.timetable.all()} == dates
    assert set(AuditEntry.objects.latest("id").after) == {Phase.NOMINATION, Phase.LIVE}


def test_an_open_timetable_is_only_extended():
    campaign = CampaignFactory()
    with pytest.raises(StageError, match="逐阶段延长"):
        save_timetable(campaign, {}, actor=None)
    assert campaign.timetable.count() == 7


def test_an_extension_is_kept_with_its_reason():
    campaign, office = CampaignFactory(), OfficeFactory()
    deadline = campaign.phase(Phase.NOMINATION)
    old, new = deadline.closes_at, deadline.closes_at + timedelta(days=2)

    extend_deadline(deadline, new=new, reason="系统维护占用半天。", actor=office)

    deadline.refresh_from_db()
    row = Extension.objects.get()
    assert deadline.closes_at == new
    assert (row.deadline, row.old, row.new, row.reason, row.made_by) == (
        deadline, old, new, "系统维护占用半天。", office,
    )  # fmt: skip
    entry = AuditEntry.objects.get(event=Event.DEADLINE_EXTENDED)
    assert (entry.reason, entry.campaign) == ("系统维护占用半天。", campaign.code)


@pytest.mark.parametrize(
    ("days", "reason", "words"), [(0, "有理由", "只能延后"), (-1, "有理由", "只能延后"), (1, " ", "理由")]
)
def test_a_deadline_moves_forward_and_with_a_reason(days, reason, words):
    deadline = CampaignFactory().phase(Phase.NOMINATION)
    with pytest.raises(StageError, match=words):
        extend_deadline(deadline, new=deadline.closes_at + timedelta(days=days), reason=reason, actor=None)
    assert not Extension.objects.exists()


def test_later_phases_come_along_by_the_same_days():
    campaign = CampaignFactory()
    before = {row.phase: (row.opens_at, row.closes_at) for row in campaign.timetable.all()}
    deadline = campaign.phase(Phase.SCREENING)

    extend_deadline(
        deadline,
        new=deadline.closes_at + timedelta(days=3),
        reason="延期",
        actor=None,
        opens_too=True,
        later_too=True,
    )

    three = timedelta(days=3)
    after = {row.phase: (row.opens_at, row.closes_at) for row in campaign.timetable.all()}
    assert after.pop(Phase.NOMINATION) == before.pop(Phase.NOMINATION)
    assert after == {phase: (opens + three, closes + three) for phase, (opens, closes) in before.items()}
    assert Extension.objects.count() == 6
    assert AuditEntry.objects.filter(event=Event.DEADLINE_EXTENDED).values("act_id").distinct().count() == 1


def test_a_phase_that_has_begun_keeps_its_beginning():
    deadline = CampaignFactory().phase(Phase.NOMINATION)
    with pytest.raises(StageError, match="已经开始"):
        extend_deadline(
            deadline,
            new=deadline.closes_at + timedelta(days=1),
            reason="延期",
            actor=None,
            opens_too=True,
        )
    assert not Extension.objects.exists()


# --- places of one unit ------------------------------------------------------------------------------


def test_a_unit_that_came_late_gets_its_places():
    campaign, unit = CampaignFactory(), UnitFactory()
    save_quota(campaign, unit, places=1, per_category=1, reason="新成立", actor=None)
    assert UnitQuota.objects.get(unit=unit).places == 1
    assert AuditEntry.objects.latest("id").reason == "新成立"


def test_places_belong_to_the_organizations_right_below_the_committee():
    campaign = CampaignFactory()
    for unit in (UnitFactory(parent=UnitFactory()), campaign.organiser):
        with pytest.raises(StageError, match="直属"):
            save_quota(campaign, unit, places=1, per_category=1, reason="试", actor=None)
    assert not UnitQuota.objects.exists()


def test_places_need_an_open_year_and_a_reason(campaign):
    with pytest.raises(StageError, match="启动"):
        save_quota(campaign, UnitFactory(), places=1, per_category=1, reason="试", actor=None)
    with pytest.raises(StageError, match="理由"):
        save_quota(CampaignFactory(), UnitFactory(), places=1, per_category=1, reason="", actor=None)


# --- last year once more -----------------------------------------------------------------------------


def test_a_copy_carries_everything_but_what_belongs_to_the_old_year(campaign):
    change_campaign(
        campaign,
        {"contact_phone": "0546-1", "approval_number": "鲁评〔2026〕1号", "call": "2026年通知"},
        actor=None,
    )
    save_category(campaign.categories.get(letter="F"), {"seats": 3, "shortlist": 7}, actor=None)
    save_rule(campaign, {"least": 6}, actor=None)
    source = open_campaign(campaign, actor=None)

    copy = copy_campaign(source, code="2027", year=2027, actor=None)

    assert (copy.title, copy.contact_phone, copy.opened_at) == ("2027年度评选", "0546-1", None)
    assert copy.approval_number == ""
    assert copy.quotas.count() == 0
    assert body(copy) == body(source)
    assert rule_in_force(copy).locked_at is None
    assert [c.criteria.count() for c in copy.categories.all()] == [5, 5, 6]
    assert source.categories.count() == 3
    assert Criterion.objects.filter(category__campaign=source).count() == 16
    assert opening_problems(copy) == []


def test_a_copy_of_a_locked_rule_is_free_again(campaign):
    locked(campaign)
    copy = copy_campaign(campaign, code="2027", year=2027, actor=None)
    save_rule(copy, {"least": 7}, actor=None)
    assert (body(copy)["least"], body(campaign)["least"]) == (7, 5)


def test_nominations_stay_with_their_year():
    source = NominationFactory(submitted=True).campaign
    copy = copy_campaign(source, code="next", year=source.year + 1, actor=None)
    assert copy.nominations.count() == 0


MINUTES = 7 * 365 * 24 * 60


@given(st.sets(st.integers(0, MINUTES), min_size=2, max_size=14), st.integers(1, 6))
def test_a_moved_timetable_keeps_order_lengths_weekdays_and_hours(minutes, years):
    found = [datetime(2024, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=n) for n in sorted(minutes)]
    pairs = list(zip(found[::2], found[1::2], strict=False))
    before = {str(number): pair for number, pair in enumerate(pairs)}
    after = shifted_timetable(before, years)

    assert list(after) == list(before)
    for phase, (opens, closes) in before.items():
        new_opens, new_closes = after[phase]
        assert new_closes - new_opens == closes - opens
        assert (new_opens.weekday(), new_opens.time()) == (opens.weekday(), opens.time())
    first, moved = found[0].date(), after["0"][0].date()
    assert abs((moved - first).days - 365.2425 * years) <= 5


def test_copying_moves_2026_to_the_same_weekdays_of_2027(campaign):
    copy = copy_campaign(campaign, code="2027", year=2027, actor=None)
    opens = copy.phase(Phase.NOMINATION).opens_at.astimezone(SHANGHAI)
    assert (opens.date(), opens.weekday()) == (date(2027, 10, 8), 4)
    assert Campaign.objects.count() == 2
