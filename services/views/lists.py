"""The list of the log and of each register: filters, totals first, ticks, export."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.functional import cached_property

from services.catalogue import CLOSING, UNIT
from services.filters import ActivityFilter, LogFilter
from services.models.activities import ServiceKind
from services.permissions import logs, reviews
from services.queries import added, summary_by_kind, year_and_waiting
from services.register import activity_sheet, register_sheet
from services.views.common import RegisterMixin, sections
from units.kit.lists import ListPage
from units.templatetags.portal import thousands

LISTED = (
    "slug", "kind", "happened_on", "subject", "target", "attendance", "beneficiaries", "problems_received",
    "problems_closed", "state", "unit__name", "unit__short_name",
)  # fmt: skip


class RegisterListView(RegisterMixin, ListPage):
    """/registers/…/: the columns of the register, the sum of what it sums, fifty rows."""

    template_name = "services/register_list.html"
    filter_class = LogFilter
    style = "stack-2"
    bulk_bar, most_exported = "services/_bulk_bar.html", 1_000_000
    nothing_yet = {"title": "还没有登记", "text": "逐条登记，或下载模板填好后导入。"}
    nothing_sent = {"title": "还没有报送的记录", "text": "各单位报送后在这里审核。"}

    @property
    def title(self) -> str:
        return self.register.label

    noun = title

    @property
    def start(self):
        return (f"-{self.register.day}", "-pk")

    def make_filter(self, rows):
        return self.filter_class(
            self.request.GET, queryset=rows, request=self.request, register=self.register
        )

    def columns(self):
        many = "unit" in self.filter.filters  # whoever reads one unit alone needs no column for it
        shown = [column for column in self.register.columns if many or column is not UNIT]
        rows = [replace(column, link=self.register.row_url) if column.main else column for column in shown]
        return [*rows, *CLOSING]

    def on_page(self, rows):
        return rows.select_related(*self.register.related_rows)

    @cached_property
    def summed(self) -> dict:
        """The number of rows found, and the sums of the register."""
        sums = {name: Sum(name) for name in self.register.summed}
        return self.found().order_by().aggregate(count=Count("pk"), **sums)

    def counted(self, rows):
        return self.summed["count"]

    def sums(self):
        return {
            column.header: thousands(self.summed[column.key])
            for column in self.register.columns
            if column.page and column.key in self.register.summed
        }

    @property
    def sum_label(self) -> str:
        return f"{'筛选' if self.asked else ''}合计{self.summed['count']:,}条"

    def pick(self):
        return lambda row: (row.slug, str(row))

    def bulk_url(self):
        return self.register.url("bulk") + self.query(whole=None)

    def empty(self):
        return self.nothing_yet if logs(self.request.user) else self.nothing_sent

    def clear_url(self):
        return self.register.list_url

    def sheets(self, rows, note=""):
        return [register_sheet(self.register, rows, subtitle=self.subtitle())]

    def book_name(self):
        return f"{self.register.label}台账"

    def get_context_data(self, **kwargs):
        register, user = self.register, self.request.user
        return super().get_context_data(
            register=register,
            sections=sections(register.code),
            count=self.summed["count"],
            may_log=logs(user),
            may_review=reviews(user),
            whole="whole" in self.request.GET,
            whole_query=self.query(whole="1"),
            unit_name=self.unit_name(),
            new_url=register.url("new"),
            import_url=register.url("import"),
            **kwargs,
        )


class ActivityListView(RegisterListView):
    """/activities/: tabs by kind, totals of the filter, fifty rows."""

    template_name = "services/activity_list.html"
    filter_class = ActivityFilter
    title = noun = "四项服务记录"
    size_note = "人次按场累计，不去重。"
    list_tabs = {"": "全部", **dict(ServiceKind.choices)}
    tabs_label, tab_word = "按类别", "kind"
    nothing_yet = {
        "title": "还没有服务记录",
        "text": "登记本单位服务企业、项目、基层、群众的一次活动，或从Excel导入已有台账。",
    }
    nothing_sent = {"title": "还没有报送的服务记录", "text": "各单位报送后在这里审核。"}

    def in_tab(self, rows):
        return rows.filter(kind=self.list_tab) if self.list_tab else rows

    def tab_url(self, code):
        return self.query(kind=code or None, whole=None)

    @cached_property
    def by_kind(self) -> dict:
        return summary_by_kind(self.filter.qs)

    def tab_counts(self):
        counts = {
            kind: self.by_kind[kind].events if kind in self.by_kind else 0 for kind in ServiceKind.values
        }
        return counts | {"": sum(counts.values())}

    @cached_property
    def total(self):
        return added(part for kind, part in self.by_kind.items() if self.list_tab in ("", kind))

    @property
    def summed(self):
        return {"count": self.total.events} | {
            name: getattr(self.total, name) for name in self.register.summed
        }

    def sums(self):
        rate = self.total.closing_percent
        return super().sums() | {"状态": f"办结率{rate}" if rate else "—"}

    def on_page(self, rows):
        return rows.select_related("unit").only(*LISTED)

    def sheets(self, rows, note=""):
        return [activity_sheet(rows, kind=self.list_tab, subtitle=self.subtitle())]

    def book_name(self):
        return f"{ServiceKind(self.list_tab).label}记录" if self.list_tab else self.title

    def get_context_data(self, **kwargs):
        year = timezone.localdate().year
        in_year, waiting = year_and_waiting(self.rows(), year)
        return super().get_context_data(
            total=self.total, in_year=in_year, waiting=waiting, this_year=year, **kwargs
        )
