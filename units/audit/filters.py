import django_filters
from django.db.models import Q

from units.audit.events import Event
from units.audit.models import AuditEntry


class OwnFilter(django_filters.FilterSet):
    """For one's own lines: what was done, to what, when."""

    q = django_filters.CharFilter(method="search", label="对象或理由")
    event = django_filters.ChoiceFilter(choices=Event.choices, label="事项", empty_label="全部")
    campaign = django_filters.CharFilter(label="年度")
    between = django_filters.DateFromToRangeFilter(
        field_name="at", label="日期", widget=django_filters.widgets.RangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = AuditEntry
        fields = []

    def search(self, queryset, name, value):
        return queryset.filter(Q(target__icontains=value) | Q(reason__icontains=value))


class AuditFilter(OwnFilter):
    """For the auditor: by whom and from where, too."""

    q = django_filters.CharFilter(method="search", label="操作人、对象、理由或地址")

    def search(self, queryset, name, value):
        asked = Q(actor_name__icontains=value) | Q(target__icontains=value) | Q(reason__icontains=value)
        return queryset.filter(asked | Q(address__startswith=value))
