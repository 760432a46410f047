"""The list of the log and of each register: filters, totals first, ticks, export."""

from __future__ import annotations

from django.db.models import Count, Sum
from django.utils import timezone
from django.views.generic import TemplateView, View

from services.catalogue import cells
from services.filters import ActivityFilter, LogFilter
from services.models import Activity, ServiceKind
from services.permissions import logs, reviews
from services.queries import added, summary_by_kind, year_and_waiting
from services.register import activity_sheet, register_sheet
from services.views.common import RegisterMixin, export, ordered, page_of, sections, subtitle

ACTIVITY_ORDERS = {name: name for name in ("happened_on", "attendance", "beneficiaries", "problems_closed")}
LISTED = (
    "slug", "kind", "happened_on", "subject", "target", "attendance", "beneficiaries", "problems_received",
    "problems_closed", "state", "unit__name", "unit__short_name",
)  # fmt: skip


class FilteredMixin(RegisterMixin):
    """The rows of a list as its query string cuts them; lists, exports and bulk acts agree on it."""

    @property
    def kind(self) -> str:
        """The tab of the log; any other word is the whole log."""
        asked = self.request.GET.get("kind", "")
        return asked if self.register.model is Activity and asked in ServiceKind.values else ""

    def filter(self) -> LogFilter:
        model = ActivityFilter if self.register.model is Activity else LogFilter
        return model(self.request.GET or None, self.rows(), request=self.request, register=self.register)

    def found(self, narrowed: LogFilter | None = None):
        rows = (narrowed or self.filter()).qs
        return rows.filter(kind=self.kind) if self.kind else rows

    def query(self, **changes) -> str:
        """The query string with some words changed (None: left out), without page and whole."""
        query = self.request.GET.copy()
        for name, value in {"page": None, "whole": None, **changes}.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}" if query else "?"


class ListPage(FilteredMixin, TemplateView):
    """What both kinds of list put on their page."""

    def frame(self, narrowed: LogFilter, count: int) -> dict:
        register, user = self.register, self.request.user
        query = self.query()
        return {
            "register": register,
            "sections": sections(register.code),
            "filter": narrowed,
            "count": count,
            "filtered": any(
                value for name, value in self.request.GET.items() if name not in ("page", "order")
            ),
            "may_log": logs(user),
            "may_review": reviews(user),
            "whole": "whole" in self.request.GET,
            "whole_query": self.query(whole="1"),
            "unit_name": self.unit_name(),
            "new_url": register.url("new"),
            "import_url": register.url("import"),
            "bulk_url": register.url("bulk") + query,
            "export_url": register.url("export") + query,
            "list_url": register.list_url,
        }


class ActivityListView(ListPage):
    """/activities/: tabs by kind, totals of the filter, fifty rows."""

    template_name = "services/activity_list.html"

    def get_context_data(self, **kwargs):
        narrowed = self.filter()
        by_kind = summary_by_kind(narrowed.qs)
        total = added(part for kind, part in by_kind.items() if self.kind in ("", kind))
        rows = self.found(narrowed).select_related("unit").only(*LISTED)
        rows = ordered(rows, self.request.GET.get("order", ""), ACTIVITY_ORDERS, self.register.day)
        year = timezone.localdate().year
        in_year, waiting = year_and_waiting(self.rows(), year)
        return super().get_context_data(
            **self.frame(narrowed, total.events),
            page_obj=page_of(self.request, rows, total.events),
            total=total,
            tabs=self._tabs(by_kind),
            keep={"kind": self.kind} if self.kind else {},
            in_year=in_year,
            waiting=waiting,
            this_year=year,
        )

    def _tabs(self, by_kind: dict) -> list[dict]:
        everything = sum(part.events for part in by_kind.values())
        tabs = [
            {"label": "全部", "url": self.query(kind=None), "count": everything, "current": not self.kind}
        ]
        for kind in ServiceKind:
            count = by_kind[kind].events if kind in by_kind else 0
            tabs.append(
                {
                    "label": kind.label,
                    "url": self.query(kind=kind.value),
                    "count": count,
                    "current": self.kind == kind,
                }
            )
        return tabs


class RegisterListView(ListPage):
    """/registers/…/: the columns of the register, the sum of what it sums, fifty rows."""

    template_name = "services/register_list.html"

    def get_context_data(self, **kwargs):
        narrowed, register = self.filter(), self.register
        found = self.found(narrowed)
        sums = {"summed": Sum(register.summed)} if register.summed else {}
        total = found.order_by().aggregate(count=Count("pk"), **sums)
        rows = found.select_related(*register.related_rows)
        orders = {column.key: column.key for column in register.columns if column.kind != "text"}
        rows = ordered(rows, self.request.GET.get("order", ""), orders, register.day)
        page = page_of(self.request, rows, total["count"])
        return super().get_context_data(
            **self.frame(narrowed, total["count"]),
            page_obj=page,
            lines=[{"row": row, "cells": cells(register, row), "url": register.row_url(row)} for row in page],
            summed=total.get("summed"),
        )


class ExportView(FilteredMixin, View):
    """The same list as a workbook, whole."""

    def get(self, request, **kwargs):
        rows = ordered(self.found(), request.GET.get("order", ""), ACTIVITY_ORDERS, self.register.day)
        return export(request, *self.named_sheet(rows))

    def named_sheet(self, rows):
        if self.register.model is Activity:
            sheet = activity_sheet(rows, kind=self.kind, subtitle=subtitle(self.request))
        else:
            sheet = register_sheet(self.register, rows, subtitle=subtitle(self.request))
        return sheet.title, [sheet]
