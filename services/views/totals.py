"""/activities/totals/: the year by organization, kind and quarter. No ranking: 规范排序."""

from __future__ import annotations

from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from services.models import ServiceKind
from services.permissions import READERS
from services.queries import by_quarter, counted, district_totals, taken_part_in, totals
from services.register import TOTALS_RULE, totals_sheet
from services.views.common import export, sections, subtitle
from units.models import Unit
from units.permissions import RoleRequiredMixin, posts_of, units_of
from units.roles import UNIT_ROLES, Role

QUARTERS = "一二三四"
FIRST_YEAR = 2019


class TotalsMixin(RoleRequiredMixin):
    """Which committee, year and quarter; the office sees all organizations, a unit's people their own."""

    roles_required = READERS

    @cached_property
    def year(self) -> int:
        asked, now = self.request.GET.get("year", ""), timezone.localdate().year
        return int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked) <= now else now

    @cached_property
    def quarter(self) -> int | None:
        asked = self.request.GET.get("quarter", "")
        return int(asked) if asked in ("1", "2", "3", "4") else None

    @cached_property
    def committee(self) -> Unit | None:
        """The committee whose office or supervisor the person is; None for a unit's own people."""
        return next(iter(units_of(self.request.user, Role.OFFICE, Role.SUPERVISOR)), None)

    def figures(self) -> dict:
        """Rows by organization, the sum in which joint work counts once, and that sum by quarter."""
        organiser, own = self.committee, None
        if organiser is None:
            units = units_of(self.request.user, *UNIT_ROLES)
            organiser = Unit.objects.get(slug=units[0].organiser_slug)
            own = Unit.objects.within(unit for unit in units if unit.organiser_slug == organiser.slug)
        activities = counted(organiser, self.year)
        if own is not None:
            activities = taken_part_in(activities, own)
            tops = {unit.top_id for unit in units_of(self.request.user, *UNIT_ROLES)}
            rows = totals(organiser, self.year, self.quarter, units=Unit.objects.filter(pk__in=tops))
        else:
            rows = totals(organiser, self.year, self.quarter)
        quarters = by_quarter(activities)
        whole = quarters[self.quarter] if self.quarter else district_totals(activities)
        return {"organiser": organiser, "rows": rows, "quarters": quarters, "whole": whole}

    @property
    def span_label(self) -> str:
        return f"{self.year}年" + (f"第{QUARTERS[self.quarter - 1]}季度" if self.quarter else "")


class TotalsView(TotalsMixin, TemplateView):
    template_name = "services/totals.html"

    def get_context_data(self, **kwargs):
        now = timezone.localdate().year
        query = self.request.GET.urlencode()
        figures = self.figures()
        labels = {number: f"第{QUARTERS[number - 1]}季度" for number in range(1, 5)}
        return super().get_context_data(
            **figures,
            quarter_lines=[(n, labels[n], part) for n, part in figures["quarters"].items()],
            sections=sections("totals"),
            kinds=list(ServiceKind),
            year=self.year,
            years=range(now, FIRST_YEAR - 1, -1),
            quarter=self.quarter,
            quarter_choices=labels.items(),
            span_label=self.span_label,
            rule=TOTALS_RULE,
            district=self.committee is not None,
            unit_name=posts_of(self.request.user)[0].unit.name,
            export_url=reverse("services:totals-export") + (f"?{query}" if query else ""),
            **kwargs,
        )


class TotalsExportView(TotalsMixin, View):
    def get(self, request, **kwargs):
        figures = self.figures()
        whole = figures["whole"]
        last = {kind.label: whole.kinds[kind] for kind in ServiceKind}
        last |= {"场次合计": whole.events, "参加人次": whole.attendance, "受益人次": whole.beneficiaries}
        last |= {"服务时长（小时）": whole.hours, "受理诉求数": whole.problems_received}
        last |= {"办结诉求数": whole.problems_closed, "办结率": whole.closing_rate}
        last["单位"] = "全区合计（联合开展计一次）" if self.committee else "合计"
        for number, part in figures["quarters"].items():
            if self.quarter in (None, number):
                last[f"第{QUARTERS[number - 1]}季度"] = part.events
        title = f"{self.span_label}四项服务统计"
        return export(
            request, title, [totals_sheet(figures["rows"], last, title=title, subtitle=subtitle(request))]
        )
