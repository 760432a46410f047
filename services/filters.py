"""What lists can be narrowed by; every filter is a word in the query string."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from services.catalogue import Register
from services.models.logged import LogState
from services.rules import quarter_of, quarter_span
from units.kit.lists import ListFilter, choice, words
from units.models import Unit
from units.permissions import units_of
from units.roles import Role

QUARTERS = "一二三四"


def periods() -> list[tuple[str, str]]:
    """This year and the last with their quarters, newest first: 2026q3 → 2026年第三季度."""
    today = timezone.localdate()
    found = []
    for year in (today.year, today.year - 1):
        found.append((str(year), f"{year}年"))
        last = quarter_of(today) if year == today.year else 4
        found += [(f"{year}q{n}", f"{year}年第{QUARTERS[n - 1]}季度") for n in range(last, 0, -1)]
    return found


class LogFilter(ListFilter):
    """Period, days, state, unit and words; a register says what its day and its words are."""

    period = filters.ChoiceFilter(label="时段", method="in_period", empty_label="全部时段")
    day = filters.DateFromToRangeFilter(label="日期")
    state = filters.ChoiceFilter(label="状态", choices=LogState, empty_label="全部状态")
    unit = filters.CharFilter(label="单位", method="of_unit")
    q = words("关键词")

    def __init__(self, *args, register: Register, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        self.register, self.look_in = register, register.search
        self.filters["day"].field_name = register.day
        self.filters["day"].label = register.day_label()
        self.filters["day"].extra["widget"] = filters.widgets.DateRangeWidget(attrs={"type": "date"})
        self.offer("period", periods())
        if not units_of(user, Role.OFFICE, Role.SUPERVISOR):
            del self.filters["unit"]  # a unit's own people see one anyway
        if not units_of(user, Role.SECRETARY, Role.CLERK):
            self.offer("state", (state for state in LogState.choices if state[0] != LogState.DRAFT))

    def in_period(self, rows, name, value):
        year, _, quarter = value.partition("q")
        span = quarter_span(int(year), int(quarter) if quarter else None)
        return rows.filter(**{f"{self.register.day}__range": span})

    def of_unit(self, rows, name, value):
        """Of the units called so (a slug names one), and of those below them."""
        called = Unit.objects.filter(Q(pk__in=Unit.objects.called(value).values("pk")) | Q(slug=value))
        called = called.order_by().values("pk")
        return rows.filter(Q(unit__in=called) | Q(unit__parent__in=called) | Q(unit__top__in=called))


class ActivityFilter(LogFilter):
    """The log has more: volunteering or not. The kind stands in the tabs, not here."""

    volunteering = filters.BooleanFilter(
        label="志愿服务",
        field_name="is_volunteering",
        widget=forms.Select(choices=[("", "不限"), ("true", "是"), ("false", "否")]),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["q"].extra["widget"] = forms.TextInput(attrs={"placeholder": "主题、服务对象、内容摘要"})
        self.filters.move_to_end("q")


class TaskFilter(ListFilter):
    look_in = ("title", "branch__name")
    show = choice("状态", [("open", "未完成"), ("done", "已完成")], method="by_end")
    q = words("任务或行动党支部")

    def by_end(self, rows, name, value):
        return rows.filter(done_on__isnull=value == "open")
