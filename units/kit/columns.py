"""A column of a list, declared once: its head and cells on the page, its place in the workbook, its order.

    Column("账号", "username", order="username", main=True, link="get_absolute_url"),
    Column("职务", "duty", folded=True),            a second line of the cell before it; a column in the book
    Column("状态", "mark", "mark"),                 icon and word on the page, the word in the book
    Column("手机", masked, page=False),             in the book alone
    Column("操作", kind="act", page=may_change),    buttons, drawn by the page's own template

A cell that is more than its value is drawn by `{% cell "状态" %}` in the list's template.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.expressions import OrderBy
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from units.kit.status import Mark as Mark
from units.papers import workbook
from units.papers.workbook import NUMERIC
from units.templatetags.portal import cn_date, state_mark, thousands

EMPTY = "—"


ACT = "act"


def clock(moment) -> str:
    """2026-11-06 17:30, as the workbook has it."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


SHOWN: dict[str, Callable[[Any], Any]] = {
    "date": cn_date,
    "time": clock,
    "mark": state_mark,
    **dict.fromkeys(NUMERIC, thousands),
}


@dataclass(frozen=True)
class Column(workbook.Column):
    """order: its word in the query string, if it sorts; by: the columns it sorts by (default: that word as a path).

    show: value → what the page writes of it, where that is not what its kind says. link: path to, or function
    for, the address its text leads to ('' for none). css: more classes. main: the head of the row. folded: on
    the page a second line of the column before it. page, book: whether it stands there. short: its label on a
    phone.
    """

    key: str | Callable = ""
    order: str = ""
    by: tuple[str, ...] = ()
    show: Callable[[Any], Any] | None = None
    link: str | Callable = ""
    css: str = ""
    main: bool = False
    folded: bool = False
    page: bool = True
    book: bool = True
    short: str = ""

    def value(self, row):
        """What the workbook holds."""
        found = super().value(row)
        return getattr(found, "label", found) if self.kind == "mark" else found

    @property
    def number_format(self) -> str:
        return workbook.FORMATS["text"] if self.kind == "mark" else super().number_format

    @property
    def in_book(self) -> bool:
        return self.book and self.kind != ACT

    @property
    def classes(self) -> str:
        """Of the cell; its head is only ever `num`."""
        own = {"act": "act num", "mark": "nowrap", "date": "nowrap", "time": "nowrap"}.get(self.kind, "")
        own = "num" if self.kind in NUMERIC else own
        return " ".join(filter(None, ["main" if self.main else "", own, self.css]))

    @property
    def paths(self) -> tuple[str, ...]:
        """The columns it sorts by."""
        return self.by or (self.order.replace(".", "__"),)

    def ordering(self, falling: bool, nullable: Callable[[str], bool]) -> list[str | OrderBy]:
        """The columns it sorts by, nothing last either way."""
        return [_turned(name, falling, nullable(name)) for name in self.paths]

    def _rounded(self, value) -> str:
        return f"{value:,.{self.places}f}"

    def html(self, row) -> SafeString | str:
        """What the page shows of a row, unless its template draws the cell itself."""
        found = super().value(row)
        if found in (None, ""):
            return "" if self.folded else EMPTY
        show = self.show or (self._rounded if self.places else SHOWN.get(self.kind))
        text = conditional_escape(show(found) if show else _plain(found))
        url = self.link and (
            self.link(row) if callable(self.link) else workbook.Column("", self.link).value(row)
        )
        return format_html('<a href="{}">{}</a>', url, text) if url else text


def sorting(header: str, path: str, kind: str = "text", **more) -> Column:
    """A column that sorts by what it shows."""
    return Column(header, path, kind, order=path, **more)


def _plain(value) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value)


def _turned(name: str, falling: bool, nullable: bool) -> str | OrderBy:
    if not nullable:
        return f"-{name}" if falling else name
    column = F(name)
    return column.desc(nulls_last=True) if falling else column.asc(nulls_last=True)


def may_be_null(model, name: str) -> bool:
    """Whether an order by this name meets nothing; what is no column of the table itself may."""
    columns = {field.name: field for field in model._meta.concrete_fields} | {"pk": model._meta.pk}
    return columns[name].null if name in columns else True


def in_book(columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if column.in_book]
