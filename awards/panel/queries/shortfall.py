"""Entries of a panel with too few valid sheets, and who can be called up for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils import timezone

from awards.nomination.models import Nomination
from awards.panel.models import Panel, Recusal, Reviewer
from awards.panel.queries.race import entries_of
from awards.panel.queries.ties import ties_between
from awards.panel.rules.lots import lot
from units.models import Post
from units.roles import Role


@dataclass(frozen=True)
class Shortfall:
    """An entry below the fewest valid sheets. called: reviewers for it, in the order they are called."""

    nomination: Nomination
    valid: int
    lacking: int
    called: list[Reviewer]

    @property
    def is_covered(self) -> bool:
        return len(self.called) == self.lacking


def entries_short(panel: Panel) -> QuerySet[Nomination]:
    """What a freeze would set aside, each with `valid`, the sheets that count."""
    counted = _valid(panel).filter(n__gte=panel.rule.least)
    return entries_of(panel).exclude(pk__in=counted.values("nomination"))


def _valid(panel: Panel):
    handed_in = panel.assignments.live().filter(abstained_at=None, sheets__state="handed_in")
    return handed_in.order_by().values("nomination").annotate(n=Count("seat", distinct=True))


def shortfalls(panel: Panel) -> list[Shortfall]:
    """Every entry that is short, with the first reviewers free for it: reserves, then the pool by lot."""
    short = list(entries_short(panel))
    if not short:
        return []
    least = panel.rule.least
    valid = dict(_valid(panel).filter(nomination__in=short).values_list("nomination", "n"))
    bench = _bench(panel)
    barred = set(ties_between(short, bench, timezone.localdate()))
    barred |= set(Recusal.objects.filter(nomination__in=short).values_list("nomination", "reviewer"))
    found = []
    for entry in short:
        lacking = least - valid.get(entry.pk, 0)
        free = [one for one in bench if (entry.pk, one.pk) not in barred]
        found.append(Shortfall(entry, least - lacking, lacking, free[:lacking]))
    return found


def _bench(panel: Panel) -> list[Reviewer]:
    """Who may be called: the reserves as drawn, then whoever in the pool has no seat, by their lots."""
    entitled = Post.objects.current().filter(unit=panel.campaign.organiser_id, role=Role.REVIEWER)
    pool = panel.campaign.reviewers.filter(
        is_active=True, user__is_active=True, user__in=entitled.values("user")
    ).select_related("user", "employer")
    reserves = dict(panel.seats.waiting().values_list("reviewer", "number"))
    seated = set(panel.seats.exclude(reviewer__in=reserves).values_list("reviewer", flat=True))
    free = [one for one in pool if one.pk not in seated]
    return sorted(
        free, key=lambda one: (reserves.get(one.pk, len(reserves) + 1), lot(panel.seed, one.user.username))
    )
