"""From `manage.py start` to the first opened year: each desk names the next step, or who takes it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from awards.campaign.actions.opening import open_campaign
from awards.campaign.actions.start import create_campaign, enter_past_year
from awards.home.queries.beginning import Facts, first_steps
from tests.factories import PostFactory, UnitFactory, UserFactory
from units.models import BackupRun, Post, TickRun, Unit, User
from units.roles import Role

COMMITTEE = (Role.OFFICE, Role.SUPERVISOR, Role.MEMBER, Role.REVIEWER)


@pytest.fixture
def begun(db):
    """What `start` leaves: the committee and three administrators, and a clock that runs."""
    call_command("start")
    TickRun.objects.create(finished_at=timezone.now())
    BackupRun.objects.create(folder="/srv/backup/portal-1")
    User.objects.update(must_change_password=False)
    return Unit.objects.get()


@pytest.fixture
def desk(client, begun):
    """desk(username) → title → address of the tasks, and the steps as they stand on that desk."""

    def ask(username):
        client.force_login(User.objects.get(username=username))
        context = client.get("/").context
        titles = {row["task"].title: row["task"].url for row in context["tasks"]}
        steps = context["beginning"].steps if "beginning" in context else []
        return titles, steps

    return ask


def propose(role, unit, username="", confirmed=False):
    user = UserFactory(username=username or f"{role}{User.objects.count()}")
    at = timezone.now() if confirmed else None
    return PostFactory(user=user, unit=unit, role=role, confirmed_at=at, from_on=timezone.localdate())


def confirm():
    Post.objects.filter(confirmed_at=None).update(confirmed_at=timezone.now())


def whose(steps):
    """The step whose turn it is, and whose turn."""
    step = next(one for one in steps if one.is_open and not one.is_done)
    return step.title, step.turn


def test_the_first_season_leads_from_step_to_step(begun, desk):
    # Nothing but the committee: the system administrator begins, the other one is told who does.
    mine, steps = desk("sysadmin")
    assert mine == {
        "录入党组织": reverse("units:unit-import"),
        "建立评选办的账号和岗位": reverse("units:roster-import"),
        "建立监督员、工委委员、评委的账号和岗位": reverse("units:roster-import"),
    }
    assert whose(steps) == ("录入党组织", Role.SYSADMIN)
    assert desk("secadmin")[0] == {}
    assert whose(desk("secadmin")[1]) == ("录入党组织", Role.SYSADMIN)

    # Units: the step is done, and their people are asked for.
    units = UnitFactory.create_batch(2, parent=begun)
    mine, _ = desk("sysadmin")
    assert "录入党组织" not in mine
    assert "建立2个党组织书记、党务干部的账号和岗位" in mine

    # A proposed office is the security administrator's turn and no more the system administrator's.
    propose(Role.OFFICE, begun, "office")
    assert "建立评选办的账号和岗位" not in desk("sysadmin")[0]
    assert whose(desk("sysadmin")[1]) == ("确认评选办的岗位", Role.SECADMIN)
    assert desk("secadmin")[0] == {"1个岗位待确认": reverse("units:post-list")}

    # The confirmed office makes the year, while the others are still to come.
    confirm()
    assert desk("office")[0] == {"新建年度活动": reverse("awards:campaign-new")}
    for role in (Role.SUPERVISOR, Role.MEMBER, Role.REVIEWER):
        propose(role, begun)
    propose(Role.SECRETARY, units[0])
    assert "建立1个党组织书记、党务干部的账号和岗位" in desk("sysadmin")[0]
    propose(Role.CLERK, units[1])
    assert desk("sysadmin")[0] == {}
    assert whose(desk("sysadmin")[1]) == ("确认监督员、工委委员、评委的岗位", Role.SECADMIN)
    confirm()
    assert desk("secadmin")[0] == {}
    assert whose(desk("secadmin")[1]) == ("新建年度活动", Role.OFFICE)

    # The draft says itself what it wants; once it is opened nothing of all this is left.
    year = timezone.localdate().year + 1
    campaign = create_campaign(code=str(year), title="首届评选", year=year, organiser=begun, actor=None)
    mine, steps = desk("office")
    assert mine == {"首届评选尚未启动": reverse("awards:campaign-settings", args=[campaign.code])}
    assert whose(steps) == ("设置并启动年度活动", Role.OFFICE)
    open_campaign(campaign, actor=None)
    for username in ("office", "sysadmin", "secadmin"):
        assert desk(username) == ({}, [])


def test_a_closed_unit_and_an_ended_post_are_not_there(begun, desk):
    UnitFactory(parent=begun, active_to=timezone.localdate() - timedelta(days=1))
    post = propose(Role.OFFICE, begun, "office", confirmed=True)
    post.from_on = post.to_on = timezone.localdate() - timedelta(days=1)
    post.save()
    User.objects.filter(username="office").update(is_active=False)

    mine, _ = desk("sysadmin")

    assert list(mine)[:2] == ["录入党组织", "建立评选办的账号和岗位"]


def test_earlier_years_from_papers_end_no_beginning(begun, desk):
    propose(Role.OFFICE, begun, "office", confirmed=True)
    enter_past_year(begun, 2019, announced_at=timezone.now(), actor=None)

    mine, steps = desk("office")

    assert list(mine) == ["录入党组织", "新建年度活动"]
    assert whose(steps) == ("录入党组织", Role.SYSADMIN)


def test_others_are_not_bothered_with_it(begun, desk):
    propose(Role.SUPERVISOR, begun, "supervisor", confirmed=True)
    assert desk("supervisor") == ({}, [])
    assert desk("auditor") == ({}, [])


def test_the_page_names_the_next_step_and_whose_it_is(client, begun):
    client.force_login(User.objects.get(username="secadmin"))
    page = client.get("/").content.decode()

    assert "首个年度的准备" in page
    assert "下一步：系统管理员录入党组织" in page


def test_every_step_is_either_done_or_somebodys(begun):
    for units, bare, unproposed in ((0, 0, 0), (3, 3, 3), (3, 3, 0), (3, 0, 0)):
        for held in (frozenset(), frozenset({Role.OFFICE}), frozenset(COMMITTEE)):
            for draft in (False, True):
                steps = first_steps(Facts(units, held, frozenset(), bare, unproposed, draft))
                assert len(steps) == 6
                assert any(step.is_open and not step.is_done for step in steps)
                assert all(step.route for step in steps if not step.is_done)


def test_it_costs_one_question_whatever_is_there(client, begun, cost):
    client.force_login(User.objects.get(username="sysadmin"))
    client.get("/")
    with cost() as before:
        client.get("/")
    for unit in UnitFactory.create_batch(30, parent=begun):
        propose(Role.SECRETARY, unit, confirmed=True)
    with cost() as after:
        client.get("/")
    assert (before.queries, before.rows) == (after.queries, after.rows)
    assert after.queries <= 9
