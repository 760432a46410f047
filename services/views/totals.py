"""/activities/totals/: the year by organization, kind and quarter. No ranking: 规范排序."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from services.actions.years import close_year
from services.models.activities import Activity, ServiceKind
from services.permissions import READERS, can_close_year
from services.queries import (
    Totals,
    addendum,
    by_quarter,
    closed_totals,
    closed_year,
    counted,
    district_totals,
    taken_part_in,
    totals,
    year_and_waiting,
)
from services.register import ADDENDUM_RULE, TOTALS_RULE, totals_sheet
from services.views.common import sections
from units.kit.acts import ActPage
from units.kit.exports import Exporting
from units.models import Unit
from units.permissions import RoleRequiredMixin, posts_of, units_of
from units.roles import UNIT_ROLES, Role

QUARTERS = "一二三四"
FIRST_YEAR = 2019


class TotalsMixin(RoleRequiredMixin, Exporting):
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
        """Rows by organization, the sum in which joint work counts once, that sum by quarter; of a closed year
        the frozen rows and sum, and as `addendum` what has changed since."""
        organiser, own = self.committee, None
        if organiser is None:
            units = units_of(self.request.user, *UNIT_ROLES)
            organiser = Unit.objects.get(slug=units[0].organiser_slug)
            own = Unit.objects.within(unit for unit in units if unit.organiser_slug == organiser.slug)
        activities = counted(organiser, self.year)
        if own is not None:
            activities = taken_part_in(activities, own)
            tops = {unit.top_id for unit in units_of(self.request.user, *UNIT_ROLES)}
            shown = Unit.objects.filter(pk__in=tops)
        else:
            shown = None
        rows = totals(organiser, self.year, self.quarter, units=shown)
        quarters = by_quarter(activities)
        whole = quarters[self.quarter] if self.quarter else district_totals(activities)
        figures = {"organiser": organiser, "rows": rows, "quarters": quarters, "whole": whole}
        closed = closed_year(organiser, self.year)
        if closed is None or self.quarter:
            return figures | {"closed": closed, "addendum": []}
        frozen = closed_totals(closed, units=shown)
        if own is None:
            figures["whole"] = Totals.from_figures(closed.figures)
        elif len(frozen) == 1:
            figures["whole"] = frozen[0]
        return figures | {"closed": closed, "rows": frozen, "addendum": addendum(frozen, rows)}

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
            may_close=figures["closed"] is None and can_close_year(self.request.user, figures["organiser"]),
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
        title, line = f"{self.span_label}四项服务统计", self.subtitle()
        if figures["closed"] and not self.quarter:
            # The quarters of the district are counted now; those of the frozen rows add up to another sum.
            last = {name: figure for name, figure in last.items() if not name.startswith("第")}
        sheets = [totals_sheet(figures["rows"], last, title=title, subtitle=line)]
        if figures["addendum"]:
            more = totals_sheet(figures["addendum"], {}, title=f"{title}补遗", subtitle=line)
            sheets.append(replace(more, name="补遗", note=ADDENDUM_RULE))
        return self.export(title, sheets)


class CloseYearView(RoleRequiredMixin, ActPage):
    """The office fixes a year's figures: asked on a page of its own, for it is not undone."""

    roles_required = (Role.OFFICE,)
    verb, danger = "截止统计", True
    text = "各单位的数按此刻已审核的记录固定，不再改变，也不能撤回；之后审核或退回的，变动列入补遗。"

    @cached_property
    def committee(self) -> Unit:
        return units_of(self.request.user, Role.OFFICE)[0]

    @cached_property
    def year(self) -> int:
        asked = self.request.GET.get("year", "")
        if not asked.isdecimal() or not FIRST_YEAR <= int(asked) <= timezone.localdate().year:
            raise Http404
        return int(asked)

    @property
    def title(self) -> str:
        return f"截止{self.year}年统计"

    def facts(self):
        whole = district_totals(counted(self.committee, self.year))
        _, waiting = year_and_waiting(Activity.objects.below(self.committee).in_year(self.year), self.year)
        return [("已审核", f"{whole.events}场次"), ("待审核", f"{waiting}条，审核后进入补遗")]

    def act(self):
        return close_year(self.committee, self.year, actor=self.request.user)

    def told(self, closed) -> str:
        return f"{closed}已截止，之后审核或退回的列入补遗。"

    def back(self) -> str:
        return f"{reverse('services:totals')}?year={self.year}"

    def trail(self):
        return [("统计", reverse("services:totals"))]
