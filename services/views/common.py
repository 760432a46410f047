"""What the pages of the log and of its registers share."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from services.catalogue import ACTIVITIES, BESIDE, REGISTERS, Register
from services.permissions import READERS
from units.audit.events import Event
from units.audit.record import record
from units.papers.workbook import export_line, workbook_response
from units.permissions import RoleRequiredMixin, posts_of, units_of

PER_PAGE = 50


class RegisterMixin(RoleRequiredMixin):
    """The register named in the address (the log itself if none) and the rows this person may see."""

    roles_required = READERS

    @cached_property
    def register(self) -> Register:
        return REGISTERS[self.kwargs.get("register", ACTIVITIES.code)]

    def rows(self):
        return self.register.model.objects.visible_to(self.request.user)

    @cached_property
    def row(self):
        """The row of the address; another unit's answers 404 like one that does not exist."""
        return get_object_or_404(self.related(self.rows()), slug=self.kwargs["slug"])

    def related(self, rows):
        return rows.select_related(*self.register.related_rows)

    def unit_name(self) -> str:
        """Whose list it is, for a head or an export."""
        units = units_of(self.request.user, *self.roles_required)
        return units[0].name if units else ""


class CountedPaginator(Paginator):
    """Pages over a list whose length the totals row has asked for already."""

    def __init__(self, rows, per_page, *, count: int):
        super().__init__(rows, per_page)
        self.count = count


def page_of(request, rows, count: int):
    return CountedPaginator(rows, PER_PAGE, count=count).get_page(request.GET.get("page"))


def ordered(rows, asked: str, orders: dict[str, str], newest: str):
    """Rows in the order asked for (`field` or `-field` of `orders`), else newest first; ties by key."""
    column = orders.get(asked.lstrip("-"))
    if column is None:
        return rows.order_by(f"-{newest}", "-pk")
    sign = "-" if asked.startswith("-") else ""
    return rows.order_by(f"{sign}{column}", f"{sign}pk")


def export(request, name: str, sheets) -> HttpResponse:
    """A workbook, with a line in the log: an export leaves the house."""
    record(Event.EXPORTED, actor=request.user, target=name)
    return workbook_response(name, sheets, author=str(request.user))


def subtitle(request) -> str:
    posts = posts_of(request.user)
    return export_line(posts[0].unit.name if posts else "", str(request.user))


def sections(current: str) -> list[dict]:
    """The log, its registers, tasks and totals: the way between them."""
    places = [("activities", "服务记录", ACTIVITIES.list_url)]
    places += [(register.code, register.label, register.list_url) for register in BESIDE]
    places += [
        ("tasks", "行动任务", reverse("services:task-list")),
        ("totals", "统计", reverse("services:totals")),
    ]
    return [{"label": label, "url": url, "current": code == current} for code, label, url in places]
