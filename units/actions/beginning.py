"""The first day of an empty portal."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from units.actions.accounts import create_account
from units.actions.posts import described, grant_post
from units.actions.tree import create_unit
from units.audit.events import Event
from units.audit.record import record
from units.errors import Refused
from units.models import Unit, User
from units.roles import Role

FIRST_ADMINISTRATORS = {
    Role.SYSADMIN: "系统管理员",
    Role.SECADMIN: "安全管理员",
    Role.AUDITOR: "审计管理员",
}


@transaction.atomic
def begin(committee: Unit) -> list[tuple[User, str]]:
    """The committee and its three administrators in an empty portal; gives their first passwords once.

    Only here a post counts without a second person: there is none yet. Raises Refused later on.
    """
    if User.objects.exists() or Unit.objects.exists():
        raise Refused("已有账号或党组织，不能再次初始化。")
    create_unit(committee, actor=None)
    made = []
    for role, name in FIRST_ADMINISTRATORS.items():
        user, password = create_account({"username": role.value, "name": name}, actor=None)
        post = grant_post(
            user,
            role=role,
            unit=committee,
            from_on=timezone.localdate(),
            to_on=None,
            reason="初始化",
            actor=None,
        )
        post.confirmed_at = timezone.now()
        post.save(update_fields=["confirmed_at"])
        record(Event.POST_CONFIRMED, actor=None, target=user, after=described(post), reason="初始化")
        made.append((user, password))
    return made
