"""Lists of people, posts and units for the administrators' pages."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from units.models import Post, Unit, UnitAlias, User
from units.papers.reading import Lookup
from units.permissions import holds, reach, units_of
from units.roles import ADMINISTRATORS, COMMITTEE_ROLES, Role


def accounts(found: QuerySet[User]) -> QuerySet[User]:
    """Accounts with their current posts as `posts_now` (units loaded)."""
    now = Post.objects.current().select_related("unit").order_by("role", "pk")
    return found.only(
        "username", "name", "duty", "office_phone", "mobile", "is_active", "barred_until", "last_login"
    ).prefetch_related(Prefetch("posts", queryset=now, to_attr="posts_now"))


def accounts_for(user: User) -> QuerySet[User]:
    """The accounts this person may list: administrators all, the auditor the administrators' own; an office those with
    a post, past or present, within its reach, and those with none yet."""
    if holds(user, Role.SYSADMIN, Role.SECADMIN):
        return User.objects.all()
    if holds(user, Role.AUDITOR):
        kin = Post.objects.current().filter(role__in=ADMINISTRATORS)
        return User.objects.filter(pk__in=kin.values("user"))
    within = Post.objects.filter(reach(user, Role.OFFICE)).values("user")
    # Joined to their posts, people with two would be listed twice.
    return User.objects.filter(Q(pk__in=within) | ~Exists(Post.objects.filter(user=OuterRef("pk"))))


def never_used(users: QuerySet[User]) -> QuerySet[User]:
    """Those whose first password may be made anew in one act: nobody ever signed in with it, and no post of the
    committee or of an administrator hangs on it, held or proposed. Those are reset one by one."""
    closed = ADMINISTRATORS | COMMITTEE_ROLES
    posts = Post.objects.filter(user=OuterRef("pk"), role__in=closed)
    held = Exists(posts.current()) | Exists(posts.awaiting_confirmation())
    unused = users.filter(is_active=True, last_login=None, must_change_password=True)
    return unused.exclude(held).order_by("username")


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


def named_units(units: QuerySet[Unit], what: str = "单位", where: str = "") -> Lookup:
    """The units by full name, short name and alias, which is what a workbook may call them; two questions."""
    found, by_pk = Lookup(what, where), {unit.pk: unit for unit in units}
    for unit in by_pk.values():
        found.add(unit.name, unit)
        found.add(unit.short_name, unit)
    for pk, name in UnitAlias.objects.filter(unit__in=units.order_by()).values_list("unit", "name"):
        if pk in by_pk:
            found.add(name, by_pk[pk])
    return found
