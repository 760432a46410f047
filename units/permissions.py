"""Questions about posts: who holds which role where, today."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from units.models import Post, Unit, User
from units.roles import ADMINISTRATORS, Role


def posts_of(user) -> list[Post]:
    """The posts a person holds today, units loaded; asked once per request. A stranger holds none."""
    if not getattr(user, "is_authenticated", False):
        return []
    if not hasattr(user, "_posts_today"):
        user._posts_today = list(user.posts.current().select_related("unit__top").order_by("pk"))
    return user._posts_today


def holds(user, *roles: Role, unit: Unit | int | None = None) -> bool:
    """Whether the person holds one of the roles today, at exactly this unit if one is given."""
    pk = unit.pk if isinstance(unit, Unit) else unit
    return any(post.role in roles and (pk is None or post.unit_id == pk) for post in posts_of(user))


def units_of(user, *roles: Role) -> list[Unit]:
    """The units at which the person holds one of the roles today."""
    return [post.unit for post in posts_of(user) if post.role in roles]


def reach(user, *roles: Role, to: str = "unit") -> Q:
    """Condition on rows whose unit (field path `to`) lies within the person's units for these roles.

    A post reaches its unit and everything under it. Without such a post the condition holds for no row.
    """
    condition = Q(pk__in=[])
    for unit in units_of(user, *roles):
        condition |= Q(**{f"{to}__path__startswith": unit.path})
    return condition


def within_reach(user, unit: Unit, roles: Iterable[Role]) -> bool:
    """Whether the unit lies within the person's reach for one of the roles."""
    return any(unit.path.startswith(own.path) for own in units_of(user, *roles))


class RoleRequiredMixin(AccessMixin):
    """Refuse a page (403) to whoever holds none of `roles_required` today."""

    roles_required: tuple[Role, ...] = ()

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not holds(request.user, *self.roles_required):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


def can_manage_accounts(user: User) -> bool:
    return holds(user, Role.SYSADMIN)


def can_confirm_posts(user: User) -> bool:
    return holds(user, Role.SECADMIN)


# Roles of a season, which the committee's office proposes; the rest is the system administrator's.
SEASON_ROLES = frozenset({Role.SECRETARY, Role.CLERK, Role.REVIEWER, Role.MEMBER, Role.SUPERVISOR})


def can_grant_post(user: User, role: Role, unit: Unit) -> bool:
    """The system administrator proposes any post, the office those of its season; a second person confirms."""
    if holds(user, Role.SYSADMIN):
        return True
    return role in SEASON_ROLES and within_reach(user, unit, [Role.OFFICE])


def can_see_accounts(user: User) -> bool:
    return holds(user, *ADMINISTRATORS, Role.OFFICE)


def can_change_units(user: User, unit: Unit | None = None) -> bool:
    """The system administrator everywhere, the office below its own committee."""
    if holds(user, Role.SYSADMIN):
        return True
    return holds(user, Role.OFFICE) if unit is None else within_reach(user, unit, [Role.OFFICE])
