"""What the pages of the log and of its registers share."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from services.catalogue import ACTIVITIES, BESIDE, REGISTERS, Register
from services.permissions import READERS
from units.kit.exports import Exporting
from units.permissions import RoleRequiredMixin, units_of


class RegisterMixin(RoleRequiredMixin, Exporting):
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


def sections(current: str) -> list[dict]:
    """The log, its registers, tasks and totals: the way between them."""
    places = [("activities", "服务记录", ACTIVITIES.list_url)]
    places += [(register.code, register.label, register.list_url) for register in BESIDE]
    places += [
        ("tasks", "行动任务", reverse("services:task-list")),
        ("totals", "统计", reverse("services:totals")),
    ]
    return [{"label": label, "url": url, "current": code == current} for code, label, url in places]
