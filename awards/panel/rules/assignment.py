"""Who reads what: no tie, no one above the cap, and loads as even as the ties allow.

Greedy first, then repaired along chains of exchanges (augmenting paths): a full assignment is found whenever
one exists, and the one kept has the least sum of squared loads, so that the difference between two reviewers
is at most one whenever that is possible at all.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from awards.panel.rules.lots import lot

Step = tuple[str, str]  # (entry, giver): how a reviewer was reached
Chain = list[tuple[str, str, str]]  # (entry, giver, taker), to be done all together


class Unassignable(ValueError):
    """Some entries cannot get enough reviewers. entries: their keys; the text is for the office."""

    def __init__(self, entries: Sequence[str], per_entry: int):
        self.entries = tuple(entries)
        shown = "、".join(map(str, self.entries[:10])) + ("等" if len(self.entries) > 10 else "")
        super().__init__(
            f"{shown}共{len(self.entries)}件无法安排满{per_entry}名评委：回避后评委不足，或评审件数上限太小。"
        )


@dataclass(frozen=True)
class Assignment:
    """One entry given to one reviewer, and why (a phrase for the minutes)."""

    entry: str
    reviewer: str
    reason: str


def assign(
    entries: Sequence[str],
    reviewers: Sequence[str],
    conflicts: Collection[tuple[str, str]],
    per_entry: int,
    cap: int | Mapping[str, int],
    seed: str,
) -> list[Assignment]:
    """Give every entry `per_entry` different reviewers without a tie to it.

    conflicts: pairs (entry, reviewer); cap: most entries a reviewer reads, for all or for each.
    Returns lines by entry (in the order given), then by lot; the same input and seed give the same result,
    and the order of the two sequences does not matter for who reads what.
    Raises Unassignable naming the entries that come up short.
    """
    if len(set(entries)) < len(entries) or len(set(reviewers)) < len(reviewers):
        raise ValueError("an entry or a reviewer is listed twice")
    caps = {one: cap if isinstance(cap, int) else cap[one] for one in reviewers}
    plan = _Plan(entries, reviewers, frozenset(conflicts), caps, seed)
    short = [entry for entry in plan.entries if not plan.fill(entry, per_entry)]
    if short:
        raise Unassignable([entry for entry in entries if entry in set(short)], per_entry)
    plan.even_out()
    return [
        Assignment(entry, reviewer, plan.reason(entry, reviewer))
        for entry in entries
        for reviewer in sorted(plan.readers[entry], key=lambda one: plan.lots[entry, one])
    ]


def queue_order(entries: Iterable[str], reviewer: str, seed: str) -> list[str]:
    """A reviewer's own order of reading, drawn by lot, so that no entry is last on every desk."""
    return sorted(entries, key=lambda entry: lot(seed, "queue", reviewer, entry))


def appearance_order(entries: Iterable[str], seed: str) -> list[str]:
    """The one order in which a live stage hears its entries, the same for every seat."""
    return sorted(entries, key=lambda entry: appearance_lot(entry, seed))


def appearance_lot(entry: str, seed: str) -> str:
    """What the printed list shows beside an entry: anybody recounts it from the seed and the code."""
    return lot(seed, "appearance", entry)


class _Plan:
    """An assignment in the making; entries and reviewers are walked by lot, never as listed."""

    def __init__(
        self,
        entries: Sequence[str],
        reviewers: Sequence[str],
        conflicts: Collection[tuple[str, str]],
        caps: Mapping[str, int],
        seed: str,
    ):
        self.caps = caps
        self.lots = {(entry, one): lot(seed, entry, one) for entry in entries for one in reviewers}
        ranked = sorted(reviewers, key=lambda one: lot(seed, "reviewer", one))
        self.free = {entry: [one for one in ranked if (entry, one) not in conflicts] for entry in entries}
        # the entries with the least choice first: fewer chains to repair afterwards
        self.entries = sorted(entries, key=lambda entry: (len(self.free[entry]), lot(seed, "entry", entry)))
        self.reviewers = ranked
        self.readers: dict[str, set[str]] = {entry: set() for entry in entries}
        self.desks: dict[str, dict[str, None]] = {one: {} for one in ranked}
        self.moved: set[tuple[str, str]] = set()

    def load(self, reviewer: str) -> int:
        return len(self.desks[reviewer])

    def has_room(self, reviewer: str) -> bool:
        return self.load(reviewer) < self.caps[reviewer]

    def _give(self, entry: str, reviewer: str) -> None:
        self.readers[entry].add(reviewer)
        self.desks[reviewer][entry] = None

    def _exchange(self, chain: Chain) -> None:
        for entry, giver, taker in chain:
            self.readers[entry].remove(giver)
            del self.desks[giver][entry]
            self.moved.discard((entry, giver))
            self._give(entry, taker)
            self.moved.add((entry, taker))

    def fill(self, entry: str, wanted: int) -> bool:
        """Give an entry its reviewers, the least loaded first; exchange others' work where the caps are full.

        False when even exchanges do not help; then nothing given later can help either (as in any maximum
        flow).
        """
        while len(self.readers[entry]) < wanted:
            open_to = [one for one in self.free[entry] if one not in self.readers[entry]]
            with_room = [one for one in open_to if self.has_room(one)]
            if with_room:
                self._give(entry, min(with_room, key=lambda one: (self.load(one), self.lots[entry, one])))
                continue
            found = self._search(open_to, self.has_room)
            if found is None:
                return False
            start, chain = found
            self._exchange(chain)
            self._give(entry, start)
        return True

    def even_out(self) -> None:
        """Pass entries from the busy to the idle until no chain would make two loads more even."""
        settled = False
        while not settled:
            settled = True
            for busy in sorted(self.reviewers, key=self.load, reverse=True):
                most = self.load(busy) - 2
                idle = {one for one in self.reviewers if self.load(one) <= most and self.has_room(one)}
                if idle and (found := self._search([busy], idle.__contains__)):
                    self._exchange(found[1])
                    settled = False
                    break

    def _search(self, starts: Sequence[str], is_goal: Callable[[str], bool]) -> tuple[str, Chain] | None:
        """The shortest chain of exchanges from one of `starts` to a reviewer who may take one more.

        Each step hands one entry on to a reviewer who has no tie to it and does not read it yet; no reviewer
        takes twice, so the steps of a chain never disturb each other. Returns the start and the steps.
        """
        came: dict[str, Step | None] = dict.fromkeys(starts)
        waiting = deque(starts)
        while waiting:
            giver = waiting.popleft()
            for entry in self.desks[giver]:
                for taker in self.free[entry]:
                    if taker in came or taker in self.readers[entry]:
                        continue
                    came[taker] = (entry, giver)
                    if is_goal(taker):
                        return self._walk_back(came, taker)
                    waiting.append(taker)
        return None

    @staticmethod
    def _walk_back(came: Mapping[str, Step | None], goal: str) -> tuple[str, Chain]:
        chain: Chain = []
        while (step := came[goal]) is not None:
            entry, giver = step
            chain.append((entry, giver, goal))
            goal = giver
        return goal, chain

    def reason(self, entry: str, reviewer: str) -> str:
        how = "为均衡调整" if (entry, reviewer) in self.moved else "按承担最少安排"
        return f"无回避关系，可评{len(self.free[entry])}人，{how}，共承担{self.load(reviewer)}件"
