import re
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import (
    CommitteeFactory,
    OfficeFactory,
    PostFactory,
    SecadminFactory,
    SecretaryFactory,
    SysadminFactory,
    UnitFactory,
    UserFactory,
)
from units.actions.accounts import change_account, create_account, reset_password, set_account_active
from units.actions.posts import confirm_posts, end_post, grant_post, refuse_post
from units.actions.tree import change_unit, close_unit, create_unit, move_unit
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.errors import Refused
from units.models import Post, Unit, UnitKind, User
from units.permissions import holds
from units.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def granted(user, role, unit, **more):
    values = {"from_on": timezone.localdate(), "to_on": None, "actor": SysadminFactory()} | more
    return grant_post(user, role=role, unit=unit, **values)


def test_an_account_is_made_with_a_password_that_must_be_changed():
    actor = SysadminFactory()

    user, password = create_account(
        {"username": "clerk02", "name": "党务干部", "mobile": "13800000000"}, actor=actor
    )

    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password
    entry = AuditEntry.objects.get(event=Event.ACCOUNT_CREATED)
    assert (entry.actor, entry.target_key) == (actor, "clerk02")
    assert password not in str(entry.after)
    assert "13800000000" not in str(entry.after)


def test_only_what_changed_is_written_and_logged():
    user = UserFactory(duty="科员")
    values = {"name": user.name, "duty": "科长", "office_phone": "", "mobile": ""}

    change_account(user, values, version=1, actor=SysadminFactory())
    change_account(user, values, version=2, actor=SysadminFactory())

    entry = AuditEntry.objects.get(event=Event.ACCOUNT_CHANGED)
    assert (entry.before, entry.after) == ({"duty": "科员"}, {"duty": "科长"})


def test_a_reset_password_replaces_the_old_one():
    user = UserFactory(password="Old-Password-1")

    password = reset_password(user, actor=SysadminFactory())

    user.refresh_from_db()
    assert user.check_password(password)
    assert not user.check_password("Old-Password-1")


def test_nobody_disables_the_own_account():
    actor = SysadminFactory()

    with pytest.raises(Refused, match="自己"):
        set_account_active(actor, False, actor=actor)
    actor.refresh_from_db()
    assert actor.is_active


def test_a_grant_counts_only_once_it_is_confirmed():
    user, committee = UserFactory(), CommitteeFactory()
    post = granted(user, Role.OFFICE, committee)
    assert not holds(user, Role.OFFICE)

    assert confirm_posts([post], actor=SecadminFactory()) == 1

    assert holds(type(user).objects.get(pk=user.pk), Role.OFFICE)
    assert AuditEntry.objects.filter(event=Event.POST_CONFIRMED).count() == 1
    assert confirm_posts([post], actor=SecadminFactory()) == 0


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (Role.SYSADMIN, Role.SECADMIN),
        (Role.SECADMIN, Role.AUDITOR),
        (Role.AUDITOR, Role.OFFICE),
        (Role.OFFICE, Role.SYSADMIN),
        (Role.OFFICE, Role.REVIEWER),
        (Role.REVIEWER, Role.MEMBER),
        (Role.SUPERVISOR, Role.REVIEWER),
    ],
)
def test_posts_that_exclude_each_other_are_refused(held, wanted):
    committee = CommitteeFactory()
    user = PostFactory(role=held, unit=committee).user

    with pytest.raises(Refused, match="不能同时任"):
        granted(user, wanted, committee)
    assert user.posts.count() == 1


def test_an_administrator_never_holds_a_post_of_a_unit():
    user = SysadminFactory()

    with pytest.raises(Refused):
        granted(user, Role.CLERK, UnitFactory())


def test_clerk_and_secretary_go_together_and_a_reviewer_may_serve_another_committee():
    unit = UnitFactory()
    clerk = PostFactory(role=Role.CLERK, unit=unit).user
    granted(clerk, Role.SECRETARY, unit)
    office = OfficeFactory(unit=CommitteeFactory(slug="other"))

    granted(office, Role.REVIEWER, CommitteeFactory())

    assert office.posts.count() == 2


def test_a_post_that_has_ended_excludes_nothing():
    committee = CommitteeFactory()
    user = PostFactory(role=Role.OFFICE, unit=committee, to_on=timezone.localdate() - timedelta(days=1)).user

    assert granted(user, Role.REVIEWER, committee).pk


def test_committee_roles_stand_at_the_committee_and_unit_roles_below_it():
    with pytest.raises(Refused, match="须设在工委"):
        granted(UserFactory(), Role.OFFICE, UnitFactory())
    with pytest.raises(Refused, match="不能设在工委"):
        granted(UserFactory(), Role.SECRETARY, CommitteeFactory())


def test_the_same_post_is_not_granted_twice():
    user, unit = UserFactory(), UnitFactory()
    granted(user, Role.CLERK, unit)

    with pytest.raises(Refused, match="相同岗位"):
        granted(user, Role.CLERK, unit)


def test_whoever_granted_a_post_or_would_hold_it_does_not_confirm_it():
    actor, committee = SecadminFactory(), CommitteeFactory()
    post = granted(UserFactory(), Role.OFFICE, committee, actor=actor)

    with pytest.raises(Refused, match="不能确认"):
        confirm_posts([post], actor=actor)
    post.refresh_from_db()
    assert post.confirmed_at is None


def test_confirming_asks_again_what_may_be_held_together():
    committee, user = CommitteeFactory(), UserFactory()
    first = Post.objects.create(user=user, unit=committee, role=Role.OFFICE, from_on=TODAY)
    second = Post.objects.create(user=user, unit=committee, role=Role.REVIEWER, from_on=TODAY)

    with pytest.raises(Refused, match="现任"):
        confirm_posts([first, second], actor=SecadminFactory())
    assert Post.objects.filter(user=user, confirmed_at=None).count() == 2


def test_a_refused_grant_never_counts():
    post = granted(UserFactory(), Role.CLERK, UnitFactory())

    refuse_post(post, reason="材料不全", actor=SecadminFactory())

    post.refresh_from_db()
    assert post.state == "refused"
    assert confirm_posts([post], actor=SecadminFactory()) == 0
    with pytest.raises(Refused, match="已经办理"):
        refuse_post(post, reason="再次", actor=SecadminFactory())


def test_access_ends_with_the_post():
    secretary = SecretaryFactory()
    post = secretary.posts.get()

    end_post(post, on=timezone.localdate() - timedelta(days=1), reason="调任", actor=SysadminFactory())

    assert not holds(type(secretary).objects.get(pk=secretary.pk), Role.SECRETARY)
    with pytest.raises(Refused, match="早于"):
        end_post(post, on=date(2000, 1, 1), reason="错", actor=SysadminFactory())


def test_a_unit_gets_its_place_and_its_aliases():
    committee = CommitteeFactory()
    unit = Unit(
        slug="stats",
        name="区统计局机关党委",
        short_name="区统计局",
        kind=UnitKind.PARTY_COMMITTEE,
        parent=committee,
    )

    create_unit(unit, aliases=["统计局"], actor=SysadminFactory())

    unit.refresh_from_db()
    assert (unit.path, unit.top) == ("committee/stats/", unit)
    assert unit.pinyin.startswith("qu tong ji ju")
    assert list(unit.aliases.values_list("name", flat=True)) == ["统计局"]

    unit.short_name = "统计"
    change_unit(unit, aliases=["区统计"], version=1, actor=SysadminFactory())
    entry = AuditEntry.objects.get(event=Event.UNIT_CHANGED)
    assert entry.before == {"unit_short_name": "区统计局"}
    assert entry.after == {"unit_short_name": "统计", "aliases": ["区统计"]}


def test_a_moved_unit_takes_everything_below_it_along():
    committee = CommitteeFactory()
    old, new = UnitFactory(parent=committee), UnitFactory(parent=committee)
    branch = UnitFactory(parent=old, kind=UnitKind.GENERAL_BRANCH)
    group = UnitFactory(parent=branch, kind=UnitKind.BRANCH)

    move_unit(branch, parent=new, reason="机构改革", actor=SysadminFactory())

    for unit in (branch, group):
        unit.refresh_from_db()
    assert branch.path == f"{new.path}{branch.slug}/"
    assert group.path == f"{branch.path}{group.slug}/"
    assert branch.top == group.top == new

    move_unit(branch, parent=committee, reason="升格", actor=SysadminFactory())
    group.refresh_from_db()
    assert group.top == branch


@pytest.mark.parametrize("wrong", ["itself", "below", "other committee", "the committee"])
def test_a_unit_moves_nowhere_it_cannot_stand(wrong):
    committee = CommitteeFactory()
    unit = UnitFactory(parent=committee)
    below = UnitFactory(parent=unit)
    moved, parent = {
        "itself": (unit, unit),
        "below": (unit, below),
        "other committee": (unit, CommitteeFactory(slug="other")),
        "the committee": (committee, unit),
    }[wrong]

    with pytest.raises(Refused):
        move_unit(moved, parent=parent, reason="试", actor=SysadminFactory())
    unit.refresh_from_db()
    assert unit.path == f"committee/{unit.slug}/"


def test_an_empty_portal_begins_with_its_committee_and_three_administrators_once():
    out = StringIO()
    call_command("start", stdout=out)

    for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR):
        user = User.objects.get(username=role.value)
        assert holds(user, role)
        assert user.must_change_password
        password = re.search(rf"{role.value} +(\S+)", out.getvalue()).group(1)
        assert user.check_password(password)
    with pytest.raises(CommandError, match="已有账号"):
        call_command("start")
    assert User.objects.count() == 3


def test_an_end_comes_earlier_never_later_than_agreed():
    post = PostFactory(to_on=TODAY)

    with pytest.raises(Refused, match="不能延后"):
        end_post(post, on=TODAY + timedelta(days=1), reason="", actor=SysadminFactory())
    end_post(post, on=TODAY - timedelta(days=1), reason="调离", actor=SysadminFactory())

    post.refresh_from_db()
    assert post.to_on == TODAY - timedelta(days=1)


def test_a_second_click_does_not_undo_the_first():
    user, sysadmin = UserFactory(), SysadminFactory()
    set_account_active(user, False, actor=sysadmin, reason="离职")

    with pytest.raises(Refused, match="已经停用"):
        set_account_active(user, False, actor=sysadmin, reason="离职")

    user.refresh_from_db()
    assert not user.is_active


def test_a_renamed_unit_is_still_known_by_its_old_name():
    unit = UnitFactory(name="区旧名局机关党委")
    unit.name = "区新名局机关党委"

    change_unit(unit, version=1, actor=SysadminFactory())

    assert list(unit.aliases.values_list("name", flat=True)) == ["区旧名局机关党委"]


@pytest.mark.parametrize("successor", ["below", "elsewhere", "closed"])
def test_a_unit_is_not_closed_over_living_ones_nor_into_a_wrong_one(successor):
    unit = UnitFactory()
    into = {
        "below": lambda: UnitFactory(parent=unit, active_to=TODAY),
        "elsewhere": lambda: UnitFactory(parent=CommitteeFactory(slug="other")),
        "closed": lambda: UnitFactory(active_to=TODAY),
    }[successor]()

    with pytest.raises(Refused, match="并入的单位"):
        close_unit(unit, on=TODAY, into=into, reason="改革", actor=SysadminFactory())
    UnitFactory(parent=unit, short_name="一支部")
    with pytest.raises(Refused, match="一支部还在"):
        close_unit(unit, on=TODAY, reason="改革", actor=SysadminFactory())
    unit.refresh_from_db()
    assert unit.active_to is None
