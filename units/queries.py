"""Lists of people, posts and units for the administrators' pages."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet

from units.models import Post, Unit, User


def accounts() -> QuerySet[User]:
    """Every account with its current posts as `posts_now` (units loaded)."""
    now = Post.objects.current().select_related("unit").order_by("role", "pk")
    return User.objects.only(
        "username", "name", "duty", "office_phone", "mobile", "is_active", "last_login"
    ).prefetch_related(Prefetch("posts", queryset=now, to_attr="posts_now"))


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
    """Full names, short names and aliases → unit; what a workbook may call a unit."""
    found: dict[str, Unit] = {}
    for unit in Unit.objects.prefetch_related("aliases"):
        for name in (unit.name, unit.short_name, *(alias.name for alias in unit.aliases.all())):
            found.setdefault(name, unit)
    return found
