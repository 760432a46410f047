"""What the administrators' lists are narrowed by."""

from django.db.models import Q
from django.utils import timezone

from units.kit.lists import ListFilter, choice, words
from units.kit.search import matching
from units.models import Post, UnitKind, UnitState
from units.roles import Role


class AccountFilter(ListFilter):
    q = words("账号、姓名或单位")
    role = choice("岗位", Role.choices, method="with_role")
    is_active = choice("状态", [("true", "启用"), ("false", "停用")], method="active")

    signed_in = choice("登录", [("never", "从未登录")], method="by_log_in")

    def by_log_in(self, queryset, name, value):
        return queryset.filter(last_login=None)

    def holding(self, queryset, name, value):
        at = Post.objects.current().filter(matching(value, "unit__name", "unit__short_name"))
        return queryset.filter(matching(value, "username", "name") | Q(pk__in=at.values("user")))

    def with_role(self, queryset, name, value):
        return queryset.filter(pk__in=Post.objects.current().filter(role=value).values("user"))

    def active(self, queryset, name, value):
        return queryset.filter(is_active=value == "true")


class PostFilter(ListFilter):
    look_in = ("user__username", "user__name", "unit__name", "unit__short_name")
    q = words("人员或单位")
    role = choice("岗位", Role.choices)


class UnitFilter(ListFilter):
    q = words("名称、简称或别名")
    kind = choice("类型", UnitKind.choices)
    state = choice("状态", UnitState.choices, method="by_state")

    def holding(self, queryset, name, value):
        return queryset.called(value)

    def by_state(self, queryset, name, value):
        today = timezone.localdate()
        return (
            queryset.active_on(today) if value == UnitState.ACTIVE else queryset.filter(active_to__lt=today)
        )
