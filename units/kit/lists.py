"""A list page: one declaration gives heads, sorting, filter, pages, print, empty state and workbook.

    class AccountListView(RoleRequiredMixin, ListPage):
        title, noun, unit = "账号清单", "账号", "个"
        filter_class = AccountFilter
        start = ("username",)

        def rows(self): return accounts_for(self.request.user)
        def columns(self): return [Column("账号", "username", order="username", main=True), …]

`?order=` sorts, `?page=` turns, `?export=xlsx` gives the same rows, whole, as a workbook. Rows of equal rank
keep one order, so no page repeats or loses any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import ChoiceField, Form
from django.http import HttpResponse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from units.kit.columns import Column, in_book, may_be_null
from units.kit.exports import Exporting
from units.kit.search import matching
from units.papers.workbook import Sheet

PER_PAGE = 50
ORDER, EXPORT = "order", "export"
CHUNK = 1000  # rows fetched at a time for a workbook


class ListFilter(django_filters.FilterSet):
    """What a list is narrowed by. `look_in`: the columns in which each word of `q` is looked for."""

    look_in: tuple[str, ...] = ()

    def holding(self, rows, name, value):
        return rows.filter(matching(value, *self.look_in))

    def offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        """Give a filter its choices, which this request knows first."""
        self.filters[name].extra["choices"] = list(choices)


def words(label: str) -> django_filters.CharFilter:
    """The box for words of a ListFilter."""
    return django_filters.CharFilter(method="holding", label=label)


def choice(label: str, choices=(), **more) -> django_filters.ChoiceFilter:
    """A choice of a ListFilter, with 全部 first."""
    return django_filters.ChoiceFilter(label=label, choices=list(choices), empty_label="全部", **more)


def searched(form: Form) -> str:
    """What a filter was asked, as a person reads it: 关键词：张三；事项：登录. '' for the whole list."""
    if not form.is_bound or not form.is_valid():
        return ""
    asked = []
    for name, value in form.cleaned_data.items():
        box = form.fields[name]
        if value in (None, "", []) or box.widget.is_hidden:
            continue
        if isinstance(value, slice):  # a range of days
            value = "至".join(f"{day:%Y-%m-%d}" if day else "" for day in (value.start, value.stop))
        elif isinstance(box, ChoiceField):
            choices: Any = box.choices  # pairs, whatever they were set with
            value = dict(choices).get(value, value)
        elif value is True:
            value = "是"
        asked.append(f"{str(box.label).rstrip('：')}：{value}")
    return "；".join(asked)[:200]


class CountedPaginator(Paginator):
    """Pages over a list whose length is known already."""

    def __init__(self, rows, per_page, *, count: int):
        super().__init__(rows, per_page)
        self.count = count


@dataclass
class Listing:
    """What `{% list %}` draws.

    pick: row → (value, label) of its box, None without boxes; what is ticked goes to `bulk_url`, with the buttons
    of the template `bulk_bar`. sums: header → text of the row above the rows,
    sum_label its head. empty: title, text and perhaps url and action of the empty state.
    """

    columns: Sequence[Column]
    page: Page
    noun: str
    unit: str
    style: str = ""
    form: Form | None = None
    keep: dict[str, str] = field(default_factory=dict)
    asked: str = ""
    clear_url: str = ""
    tabs: Sequence[dict] = ()
    tabs_label: str = ""
    pick: Callable | None = None
    bulk_url: str = ""
    bulk_bar: str = ""
    sums: dict[str, str] | None = None
    sum_label: str = ""
    empty: dict[str, str] = field(default_factory=dict)
    size_note: str = ""
    printed: str = ""

    @property
    def has_boxes(self) -> bool:
        return self.pick is not None  # asked for in a template, a function would be called

    @property
    def heads(self) -> list[Column]:
        return [column for column in self.columns if column.page and not column.folded]


class ListPage(Exporting, TemplateView):
    """A list; see the module.

    title: of page and workbook; noun and unit: what is counted, and how. style: more classes of the table.
    start: the order while none is asked for (default: that of `rows`). list_tabs: code → label, the first is open;
    tab_word: theirs in the query string; tabs_anchor: where on the page they lead. exports: whether it goes out as a workbook.
    """

    template_name = "components/list.html"
    title = noun = style = size_note = book_note = bulk_bar = sum_label = ""
    unit = "条"
    filter_class: type[django_filters.FilterSet] | None = None
    start: tuple[str, ...] = ()
    list_tabs: dict[str, str] = {}
    tabs_label, tab_word = "按状态", "tab"
    tabs_anchor = ""
    exports = True
    most_exported = 50_000

    def rows(self) -> QuerySet | list:
        """Every row that this person may read; a list where the database cannot make it."""
        raise NotImplementedError

    def columns(self) -> list[Column]:
        raise NotImplementedError

    def prepared(self, rows: list) -> list:
        """The rows of one page, or of a piece of the workbook, with what is asked for many at once."""
        return rows

    def empty(self) -> dict[str, str]:
        """title and text (what to do next), perhaps url and action, while nobody has asked for anything."""
        return {"title": f"还没有{self.noun}", "text": ""}

    def trail(self) -> list[tuple[str, str]]:
        return []

    def pick(self):
        """row → (value, label) of the box before it; None for a list without boxes."""
        return

    def bulk_url(self) -> str:
        """Where the ticked rows are sent."""
        return ""

    def sums(self) -> dict[str, str] | None:
        return None

    def in_tab(self, rows):
        """The rows of the open tab."""
        return rows

    def tab_url(self, code: str) -> str:
        return f"?{self.tab_word}={code}{self.tabs_anchor}"

    def clear_url(self) -> str:
        """The list with nothing asked for."""
        return self.tab_url(self.list_tab) if self.list_tabs else self.request.path

    def tab_counts(self) -> dict[str, int]:
        return {}

    # -- narrowed and in order ---------------------------------------------------------------------

    @property
    def list_tab(self) -> str:
        asked = self.request.GET.get(self.tab_word, "")
        return asked if asked in self.list_tabs else next(iter(self.list_tabs), "")

    def make_filter(self, rows):
        return self.filter_class(self.request.GET, queryset=rows, request=self.request)

    @cached_property
    def filter(self):
        return self.make_filter(self.rows()) if self.filter_class else None

    @cached_property
    def asked(self) -> str:
        return searched(self.filter.form) if self.filter else ""

    def found(self):
        """The rows of the tab that the filter leaves."""
        rows = self.filter.qs if self.filter else self.rows()
        return self.in_tab(rows) if self.list_tabs else rows

    def ordered(self, rows):
        asked = self.request.GET.get(ORDER, "")
        falling, word = asked.startswith("-"), asked.removeprefix("-")
        column = next((one for one in self.columns() if one.order and one.order == word), None)
        if not isinstance(rows, QuerySet):
            return _sorted(rows, column, falling) if column else rows
        if column is None:
            start = self.start or rows.query.order_by or rows.model._meta.ordering
            return rows.order_by(*start, *({"pk", "-pk"}.isdisjoint(start) * ["pk"]))
        order = column.ordering(falling, partial(may_be_null, rows.model))
        return rows.order_by(*order, "-pk" if falling else "pk")

    def on_page(self, rows):
        """The rows as a page fetches them: with fewer columns than the workbook, perhaps."""
        return rows

    def counted(self, rows) -> int | None:
        """The number of rows where it is known already."""
        return None

    # -- the page ----------------------------------------------------------------------------------

    def get(self, request, *args, **kwargs):
        if self.exports and request.GET.get(EXPORT) == "xlsx":
            return self.book()
        return self.render_to_response(self.get_context_data())

    def query(self, **changes: str | None) -> str:
        """The query string with some words changed (None: left out), without the page."""
        query = self.request.GET.copy()
        for name, value in {"page": None, EXPORT: None, **changes}.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}"

    def page(self) -> Page:
        """A page that has gone, because rows went or the filter narrowed, is the last one; never a 404."""
        rows = self.found()
        count = self.counted(rows)
        rows = self.on_page(self.ordered(rows))
        paginator = (
            Paginator(rows, PER_PAGE) if count is None else CountedPaginator(rows, PER_PAGE, count=count)
        )
        page = paginator.get_page(self.request.GET.get("page"))
        page.object_list = self.prepared(list(page.object_list))
        return page

    def listing(self, page: Page) -> Listing:
        kept = {self.tab_word: self.list_tab, ORDER: self.request.GET.get(ORDER, "")}
        clear = self.clear_url()
        nothing = {"title": f"没有符合条件的{self.noun}", "text": "请放宽筛选条件。"}
        counts = self.tab_counts()
        return Listing(
            self.columns(),
            page,
            self.noun,
            self.unit,
            self.style,
            form=self.filter.form if self.filter else None,
            keep={name: value for name, value in kept.items() if value},
            asked=self.asked,
            clear_url=clear,
            tabs=[
                {
                    "label": label,
                    "url": self.tab_url(code),
                    "current": code == self.list_tab,
                    "count": counts.get(code),
                }
                for code, label in self.list_tabs.items()
            ],
            tabs_label=self.tabs_label,
            pick=self.pick(),
            bulk_url=self.bulk_url(),
            bulk_bar=self.bulk_bar,
            sums=self.sums(),
            sum_label=self.sum_label,
            empty=(nothing | {"url": clear, "action": "清除条件"}) if self.asked else self.empty(),
            size_note=self.size_note,
            printed=self.subtitle().replace("导出", "打印") if self.exports else "",
        )

    def get_context_data(self, **context):
        page = self.page()
        return super().get_context_data(
            **{
                "list": self.listing(page),
                "page_obj": page,
                "paginator": page.paginator,
                "filter": self.filter,
                "export_url": self.query(export="xlsx") if self.exports else "",
                "title": self.title,
                "trail": self.trail(),
            }
            | context
        )

    # -- the workbook ------------------------------------------------------------------------------

    def book_name(self) -> str:
        """Of the file; the sheet's title is `book_title`."""
        return self.title

    def book_title(self) -> str:
        return self.title

    def totals(self) -> dict[str, object]:
        return {}

    def sheets(self, rows, note: str = "") -> list[Sheet]:
        """What the workbook holds of these rows. note: what has been left out of them."""
        note = " ".join(filter(None, [self.book_note, note]))
        columns = in_book(self.columns())
        title, pieces = self.book_title(), self._in_pieces(rows)
        return [
            Sheet(title, columns, pieces, self.subtitle(), totals=self.totals(), note=note, name=self.noun)
        ]

    def book(self) -> HttpResponse:
        rows, most = self.ordered(self.found()), self.most_exported
        count = rows.count() if isinstance(rows, QuerySet) else len(rows)
        cut = f"只含前{most}条，共{count}条，请缩小条件分次导出。" if count > most else ""
        return self.export(self.book_name(), self.sheets(rows, cut), rows=min(count, most), reason=self.asked)

    def _in_pieces(self, rows):
        found = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else iter(rows)
        left = islice(found, self.most_exported)
        while piece := list(islice(left, CHUNK)):
            yield from self.prepared(piece)


def _sorted(rows: list, column: Column, falling: bool) -> list:
    """In the order of a column, nothing last either way; rows that tie stay as they stood."""
    known = [row for row in rows if column.value(row) is not None]
    return sorted(known, key=column.value, reverse=falling) + [
        row for row in rows if column.value(row) is None
    ]
