"""What lists can be narrowed by; every filter is a word in the query string."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from services.catalogue import ACTIVITIES, Register
from services.models import LogState
from services.rules import quarter_of, quarter_span
from units.models import Unit, UnitKind
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


def units_to_choose(user) -> list[Unit]:
    """The organizations an office may narrow its list to; a unit's own people see one anyway."""
    committees = units_of(user, Role.OFFICE, Role.SUPERVISOR)
    if not committees:
        return []
    below = Unit.objects.filter(parent__in=committees).order_by("order", "path")
    return list(below.only("slug", "name", "short_name", "path", "kind"))


class LogFilter(filters.FilterSet):
    """Period, days, state, unit and words; a register says what its day and its words are."""

    period = filters.ChoiceFilter(label="时段", method="in_period", empty_label="全部时段")
    day = filters.DateFromToRangeFilter(label="日期")
    state = filters.ChoiceFilter(label="状态", choices=LogState, empty_label="全部状态")
    unit = filters.ChoiceFilter(label="单位", method="of_unit", empty_label="全部单位")
    q = filters.CharFilter(label="关键词", method="holding")

    def __init__(self, data, queryset, *, request, register: Register):
        super().__init__(data, queryset, request=request)
        self.register = register
        self.filters["day"].field_name = register.day
        self.filters["day"].label = register.day_label()
        self.filters["day"].extra["widget"] = filters.widgets.DateRangeWidget(attrs={"type": "date"})
        self.filters["period"].extra["choices"] = periods()
        self._offer_units(units_to_choose(request.user))
        if not units_of(request.user, Role.SECRETARY, Role.CLERK):
            drafts = [choice for choice in LogState.choices if choice[0] != LogState.DRAFT]
            self.filters["state"].extra["choices"] = drafts

    def _offer_units(self, units: list[Unit]) -> None:
        if not units:
            del self.filters["unit"]
            return
        self.paths = {unit.slug: unit.path for unit in units}
        standing = [(unit.slug, str(unit)) for unit in units if unit.kind != UnitKind.ACTION_BRANCH]
        acting = [(unit.slug, str(unit)) for unit in units if unit.kind == UnitKind.ACTION_BRANCH]
        groups = [*standing, ("行动党支部", acting)] if acting else standing
        self.filters["unit"].extra["choices"] = groups

    def in_period(self, rows, name, value):
        year, _, quarter = value.partition("q")
        span = quarter_span(int(year), int(quarter) if quarter else None)
        return rows.filter(**{f"{self.register.day}__range": span})

    def of_unit(self, rows, name, value):
        return rows.filter(unit__path__startswith=self.paths[value])

    def holding(self, rows, name, value):
        words = Q()
        for field in self.register.search:
            words |= Q(**{f"{field}__icontains": value.strip()})
        return rows.filter(words)


class ActivityFilter(LogFilter):
    """The log has more: volunteering or not. The kind stands in the tabs, not here."""

    volunteering = filters.BooleanFilter(
        label="志愿服务",
        field_name="is_volunteering",
        widget=forms.Select(choices=[("", "不限"), ("true", "是"), ("false", "否")]),
    )

    def __init__(self, data, queryset, *, request, register: Register = ACTIVITIES):
        super().__init__(data, queryset, request=request, register=register)
        self.filters["q"].extra["widget"] = forms.TextInput(attrs={"placeholder": "主题、服务对象、内容摘要"})
        self.filters.move_to_end("q")
