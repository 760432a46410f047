"""What the log is narrowed by."""

import django_filters
from django.db.models import Q

from units.audit.events import Event
from units.kit.lists import ListFilter, choice, words
from units.kit.search import matching
from units.models import User


class OwnFilter(ListFilter):
    """For one's own lines: what was done, to what, when."""

    look_in = ("known_as", "reason")
    q = words("对象或理由")
    event = choice("事项", Event.choices)
    campaign = django_filters.CharFilter(label="年度")
    between = django_filters.DateFromToRangeFilter(
        field_name="at", label="日期", widget=django_filters.widgets.RangeWidget(attrs={"type": "date"})
    )


class AuditFilter(OwnFilter):
    """For the auditor: by whom and from where, too."""

    look_in = ("target", "reason")
    q = words("操作人、对象、理由或地址")

    def holding(self, queryset, name, value):
        asked = matching(value, "actor_name", "target", "reason")
        # Their keys, not a question inside the question: so each part has its index.
        named = User.objects.filter(matching(value, "username")).values_list("pk", flat=True)[:50]
        return queryset.filter(asked | Q(address__startswith=value.strip()) | Q(actor__in=list(named)))
