"""What was proposed in a year, counted."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from units.kit.keys import TABLE
from units.pending.models import PendingAct, PendingState

ENDS = (PendingState.CONFIRMED, PendingState.REFUSED, PendingState.LAPSED)


def ends_by_kind(campaign: str, now: datetime) -> list[list]:
    """[label, confirmed, refused, lapsed] of each kind that ended in the year, in the order of the table.

    What was withdrawn by its first person is no end of two people; acts on accounts belong to no year.
    """
    found: dict[str, Counter] = {}
    rows = PendingAct.objects.filter(campaign=campaign).only("kind", "state", "lapses_at")
    for act in rows:
        found.setdefault(act.kind, Counter())[act.state_at(now)] += 1
    counted = [[TABLE[kind].label, *(found[kind][end] for end in ENDS)] for kind in TABLE if kind in found]
    return [line for line in counted if any(line[1:])]
