"""What waits for a person: how a part of the portal offers its to-dos, and what the front page is given.

A part has a module `todos` with `tasks(desk) -> list[Task]`. It asks the desk whose it is and returns what waits,
in the order of the process. What it needs as single figures it names in `figures(desk)`: columns of the year's
row, which the front page fetches for all parts in one question. What a part lists it fetches `once`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.db.models import Count, IntegerField, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from units.models import User
from units.permissions import holds
from units.roles import Role

Found = TypeVar("Found")


@dataclass(frozen=True)
class Task:
    """One line of the to-do list.

    url: where it is done; "" for what only wants to be known. mark: a status (`units.kit.status`).
    then: what happens when it is not done in time.
    """

    title: str
    url: str = ""
    action: str = "办理"
    sub: str = ""
    due: datetime | None = None
    then: str = ""
    mark: object = None


@dataclass
class Desk:
    """Who asks, when, and of which year (None without one); figures: what all parts asked of the year's row."""

    user: User
    now: datetime
    campaign: Any = None
    figures: Mapping[str, Any] = field(default_factory=dict)
    kept: dict[Callable, Any] = field(default_factory=dict)

    def holds(self, *roles: Role) -> bool:
        return holds(self.user, *roles)

    def serves(self, *roles: Role) -> bool:
        """Whether the person holds one of these posts at the committee of the year."""
        return self.campaign is not None and holds(self.user, *roles, unit=self.campaign.organiser_id)

    def link(self, route: str) -> str:
        """A page of the year."""
        return link(f"awards:{route}", self.campaign.code)

    def due(self, phase: str) -> datetime | None:
        """When a phase of the year ends."""
        dates = self.campaign.phase(phase)
        return dates.closes_at if dates else None


def link(route: str, *args: str) -> str:
    return reverse(route, args=args)


def once(ask: Callable[[Desk], Found]) -> Callable[[Desk], Found]:
    """Asked once for a desk, however many draw on it: to-dos, the board, the list beside them."""

    @wraps(ask)
    def kept(desk: Desk) -> Found:
        if ask not in desk.kept:
            desk.kept[ask] = ask(desk)
        return desk.kept[ask]

    return kept


def number(rows) -> Coalesce:
    """The number of rows as a column; the rows are already those of one year, or of no year at all."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
