"""Lists of people, posts and units for the administrators' pages."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from units.models import Post, Unit, User
from units.permissions import holds, reach, units_of
from units.roles import Role


def accounts(found: QuerySet[User]) -> QuerySet[User]:
    """Accounts with their current posts as `posts_now` (units loaded)."""
    now = Post.objects.current().select_related("unit").order_by("role", "pk")
    return found.only(
        "username", "name", "duty", "office_phone", "mobile", "is_active", "last_login"
    ).prefetch_related(Prefetch("posts", queryset=now, to_attr="posts_now"))


def accounts_for(user: User) -> QuerySet[User]:
    """The accounts this person may list: administrators all; an office those with a post, past or present,
    within its reach, and those with none yet."""
    if holds(user, Role.SYSADMIN, Role.SECADMIN):
        return User.objects.all()
    within = Post.objects.filter(reach(user, Role.OFFICE)).values("user")
    return User.objects.filter(Q(pk__in=within) | Q(posts=None))


def units_for(user: User, *roles: Role) -> QuerySet[Unit]:
    """The units this person may list in one of these roles: administrators all, others what they reach."""
    if holds(user, *({Role.SYSADMIN, Role.SECADMIN} & set(roles))):
        return Unit.objects.all()
    return Unit.objects.within(units_of(user, *roles))


def posts() -> QuerySet[Post]:
    """Every post with its person, its unit and who granted and confirmed it."""
    return Post.objects.select_related("user", "unit", "granted_by", "confirmed_by")


def tree_of(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Units with their parent and the number of units and current posts at each."""
    current = Q(posts__in=Post.objects.current())
    return units.select_related("parent").annotate(
        children_count=Count("children", distinct=True),
        posts_count=Count("posts", filter=current, distinct=True),
    )


def units_by_any_name() -> dict[str, Unit]:
    """Full names, short names and aliases → unit that exists today; what a workbook may call a unit."""
    found: dict[str, Unit] = {}
    for unit in Unit.objects.active_on(timezone.localdate()).prefetch_related("aliases"):
        for name in (unit.name, unit.short_name, *(alias.name for alias in unit.aliases.all())):
            found.setdefault(name, unit)
    return found
