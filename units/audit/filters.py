import django_filters
from django.db.models import Q

from units.audit.events import Event
from units.audit.models import AuditEntry


class AuditFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="操作人、对象或理由")
    event = django_filters.ChoiceFilter(choices=Event.choices, label="事项", empty_label="全部")
    campaign = django_filters.CharFilter(label="年度")
    between = django_filters.DateFromToRangeFilter(
        field_name="at", label="日期", widget=django_filters.widgets.RangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = AuditEntry
        fields = []

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(actor_name__icontains=value) | Q(target__icontains=value) | Q(reason__icontains=value)
        )
