"""Which seat reads which entry, as a plan: the rule of assignment set to work on what already stands."""

from __future__ import annotations

from collections import Counter
from math import ceil

from awards.errors import StageError
from awards.nomination.models import Nomination
from awards.panel.models import Panel, Seat
from awards.panel.rules.assignment import Unassignable, assign

Pair = tuple[int, int]  # (nomination, seat), by primary key
EVERYBODY = "全组评审，无回避关系"


def share_out(
    panel: Panel,
    entries: list[Nomination],
    seats: list[Seat],
    possible: set[Pair],
    judged: set[Pair],
    current: set[Pair],
) -> dict[Pair, str]:
    """The pairs that should stand, with the reason of each.

    possible: pairs without a tie; judged: sheets handed in, always kept; current: what stands and may stay.
    Raises StageError naming the entries that cannot get their reviewers.
    """
    if panel.per_entry is None:
        return dict.fromkeys(possible | judged, EVERYBODY)
    try:
        return _topped_up(panel, panel.per_entry, entries, seats, possible, judged | current)
    except Unassignable:
        pass  # what stands is in the way: plan anew around the sheets alone
    try:
        return _topped_up(panel, panel.per_entry, entries, seats, possible, judged)
    except Unassignable as short:
        raise StageError(str(short)) from short


def _topped_up(
    panel: Panel,
    each: int,
    entries: list[Nomination],
    seats: list[Seat],
    possible: set[Pair],
    kept: set[Pair],
) -> dict[Pair, str]:
    """Keep `kept` and add what is missing, under the lowest cap that serves. each: reviewers of an entry."""
    wanted = len(entries) * each
    highest = panel.load_cap or len(entries)
    for cap in range(min(highest, ceil(wanted / len(seats))), highest + 1):
        try:
            return _added(panel, each, entries, seats, possible, kept, cap)
        except Unassignable:
            if cap == highest:
                raise
    return dict.fromkeys(kept, EVERYBODY)  # no entries: nothing to add


def _added(
    panel: Panel,
    each: int,
    entries: list[Nomination],
    seats: list[Seat],
    possible: set[Pair],
    kept: set[Pair],
    cap: int,
) -> dict[Pair, str]:
    """Give each entry the reviewers it lacks; entries that lack the same number are shared out together."""
    by_code = {entry.code: entry.pk for entry in entries}
    by_name = {seat.reviewer.user.username: seat.pk for seat in seats}
    has = Counter(nomination for nomination, _ in kept)
    lacking = {code: each - has[pk] for code, pk in by_code.items()}
    plan = dict.fromkeys(kept, "沿用原安排")
    for number in sorted(set(lacking.values()), reverse=True):
        if number < 1:
            break
        codes = [code for code, missing in lacking.items() if missing == number]
        barred = {
            (code, name)
            for code in codes
            for name, seat in by_name.items()
            if (by_code[code], seat) not in possible or (by_code[code], seat) in kept
        }
        load = Counter(seat for _, seat in plan)
        room = {name: max(cap - load[seat], 0) for name, seat in by_name.items()}
        for line in assign(codes, list(by_name), barred, number, room, panel.seed):
            plan[by_code[line.entry], by_name[line.reviewer]] = line.reason
    return plan
