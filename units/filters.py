import django_filters
from django.db.models import Q
from django.utils import timezone

from units.models import Post, Unit, UnitKind, User
from units.roles import Role


class AccountFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="账号、姓名或单位")
    role = django_filters.ChoiceFilter(
        choices=Role.choices, method="with_role", label="岗位", empty_label="全部"
    )
    is_active = django_filters.ChoiceFilter(
        choices=[("true", "启用"), ("false", "停用")], method="active", label="状态", empty_label="全部"
    )
    order = django_filters.OrderingFilter(
        fields=["username", "name", "last_login"], label="", widget=django_filters.widgets.forms.HiddenInput
    )

    class Meta:
        model = User
        fields = []

    def search(self, queryset, name, value):
        at = Post.objects.current().filter(
            Q(unit__name__icontains=value) | Q(unit__short_name__icontains=value)
        )
        return queryset.filter(
            Q(username__icontains=value) | Q(name__icontains=value) | Q(pk__in=at.values("user"))
        )

    def with_role(self, queryset, name, value):
        return queryset.filter(pk__in=Post.objects.current().filter(role=value).values("user"))

    def active(self, queryset, name, value):
        return queryset.filter(is_active=value == "true")


class PostFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="人员或单位")
    role = django_filters.ChoiceFilter(choices=Role.choices, label="岗位", empty_label="全部")

    class Meta:
        model = Post
        fields = []

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(user__username__icontains=value)
            | Q(user__name__icontains=value)
            | Q(unit__name__icontains=value)
            | Q(unit__short_name__icontains=value)
        )


class UnitFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="名称、简称或别名")
    kind = django_filters.ChoiceFilter(choices=UnitKind.choices, label="类型", empty_label="全部")
    standing = django_filters.ChoiceFilter(
        choices=[("now", "现有"), ("ended", "已撤销")], method="by_standing", label="状态", empty_label="全部"
    )

    class Meta:
        model = Unit
        fields = []

    def search(self, queryset, name, value):
        return queryset.called(value)

    def by_standing(self, queryset, name, value):
        today = timezone.localdate()
        return queryset.active_on(today) if value == "now" else queryset.filter(active_to__lt=today)
