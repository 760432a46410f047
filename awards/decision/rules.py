"""The meeting: quorum, majority, and where its list departs from the ranking (docs/field.md 2.2)."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor


class Base(StrEnum):
    """What a majority is a share of."""

    ENTITLED = "entitled"
    PRESENT = "present"

    @property
    def label(self) -> str:
        return {"entitled": "应到会人数", "present": "到会人数"}[self]


@dataclass(frozen=True)
class VotingRule:
    """quorum: least share of the entitled who must be present (reached counts).

    threshold: share of `base` a motion needs; `over`: more than that share (过半数), else that share is
    enough (三分之二以上). The defaults are those of a party committee: 2/3 present, more than half of all
    entitled.
    """

    quorum: Fraction = Fraction(2, 3)
    threshold: Fraction = Fraction(1, 2)
    over: bool = True
    base: Base = Base.ENTITLED


DEFAULT = VotingRule()


@dataclass(frozen=True)
class Tally:
    """Heads counted for one motion; whoever is present and marks nothing counts as abstaining or invalid.

    left: of the present, those who had to leave for this motion; they belong to the quorum, not to the vote.
    """

    entitled: int
    present: int
    yes: int
    no: int = 0
    abstain: int = 0
    invalid: int = 0
    left: int = 0

    @property
    def voting(self) -> int:
        return self.present - self.left


@dataclass(frozen=True)
class Outcome:
    """needed: votes in favour that pass the motion. sentence: for the minutes."""

    quorate: bool
    needed: int
    passed: bool
    sentence: str


def quorum_needed(entitled: int, quorum: Fraction = DEFAULT.quorum) -> int:
    """Fewest members present for a valid meeting: 7 entitled at 2/3 → 5."""
    return -(-entitled * quorum.numerator // quorum.denominator)


def quorum_met(present: int, entitled: int, quorum: Fraction = DEFAULT.quorum) -> bool:
    return entitled > 0 and present >= quorum_needed(entitled, quorum)


def votes_needed(entitled: int, present: int, rule: VotingRule = DEFAULT) -> int:
    """Fewest votes in favour: of 7 entitled, more than half is 4; of 9 present, two thirds is 6."""
    share = rule.threshold * (entitled if rule.base == Base.ENTITLED else present)
    return floor(share) + 1 if rule.over else ceil(share)


def tally_problems(tally: Tally) -> list[str]:
    """What cannot be in a count: more present than entitled, votes that do not add up to the present."""
    counts = (tally.yes, tally.no, tally.abstain, tally.invalid)
    problems = []
    if tally.entitled < 1:
        problems.append("应到会人数须大于0。")
    if not 0 <= tally.present <= tally.entitled:
        problems.append(f"到会{tally.present}人，应在0至应到会{tally.entitled}人之间。")
    if min(counts) < 0:
        problems.append("票数不能小于0。")
    elif sum(counts) != tally.voting:
        came = f"到会{tally.present}人" + (f"除去回避{tally.left}人" if tally.left else "")
        problems.append(f"赞成、反对、弃权和无效票合计{sum(counts)}票，与{came}不符。")
    return problems


def outcome(tally: Tally, rule: VotingRule = DEFAULT) -> Outcome:
    """Whether a motion passes. Raises ValueError for a tally that has problems."""
    if problems := tally_problems(tally):
        raise ValueError("".join(problems))
    quorate = quorum_met(tally.present, tally.entitled, rule.quorum)
    needed = votes_needed(tally.entitled, tally.voting, rule)
    passed = quorate and tally.yes >= needed
    head = f"应到会{tally.entitled}人，实到{tally.present}人，"
    if not quorate:
        least = quorum_needed(tally.entitled, rule.quorum)
        return Outcome(False, needed, False, f"{head}不足{least}人，会议无效。")
    head += f"回避{tally.left}人，" if tally.left else ""
    votes = f"赞成{tally.yes}票，反对{tally.no}票，弃权{tally.abstain}票"
    votes += f"，无效{tally.invalid}票" if tally.invalid else ""
    verdict = "通过" if passed else "未通过"
    return Outcome(True, needed, passed, f"{head}{votes}；须{needed}票赞成，{verdict}。")


@dataclass(frozen=True)
class Seated:
    """A line of the frozen ranking. seat: as in the record, None where a shared place does not fit."""

    entry: str
    category: str
    place: int | None
    seat: bool | None


@dataclass(frozen=True)
class Departure:
    """One entry decided otherwise than ranked; each needs a reason in the minutes.

    taken_in: True for one without a seat that the meeting lists, False for a seated one that it leaves out.
    """

    entry: str
    category: str
    place: int | None
    taken_in: bool

    @property
    def label(self) -> str:
        return "排名外增列" if self.taken_in else "排名内未列"


def departures(ranked: Sequence[Seated], decided: Collection[str]) -> list[Departure]:
    """Where the decided list departs from the seats of the ranking, in the ranking's order.

    Choosing among entries whose shared place did not fit (seat None) is the panel's re-vote and no departure.
    Raises ValueError for a decided entry that the ranking does not know.
    """
    if unknown := set(decided) - {line.entry for line in ranked}:
        raise ValueError(f"not in the ranking: {', '.join(sorted(map(str, unknown)))}")
    return [
        Departure(line.entry, line.category, line.place, taken_in=not line.seat)
        for line in ranked
        if line.seat is not None and line.seat != (line.entry in decided)
    ]


def decision_problems(
    ranked: Sequence[Seated],
    decided: Collection[str],
    seats: Mapping[str, int],
    reasons: Mapping[str, str],
) -> list[str]:
    """Why a decided list cannot be released: too many in a category, an entry without a place, no reason.

    Fewer than the seats is allowed: 宁缺毋滥. reasons: entry → reason for its departure.
    """
    counts = Counter(line.category for line in ranked if line.entry in decided)
    problems = [
        f"{category}类审定{count}项，超过名额{seats.get(category, 0)}项。"
        for category, count in counts.items()
        if count > seats.get(category, 0)
    ]
    for departure in departures(ranked, decided):
        if departure.place is None and departure.taken_in:
            problems.append(f"{departure.entry}没有名次，不能列入。")
        elif not reasons.get(departure.entry, "").strip():
            problems.append(f"{departure.entry}（{departure.label}）须写明理由。")
    return problems


def shared_place_choices(ranked: Sequence[Seated], decided: Collection[str]) -> list[Seated]:
    """Where the meeting chose among entries whose shared place did not fit: those it took, or, where it
    took none of a category's, all that it left out. Each of them needs its reason in the minutes."""
    chosen = []
    for category in dict.fromkeys(line.category for line in ranked):
        group = [line for line in ranked if line.category == category and line.seat is None]
        chosen += [line for line in group if line.entry in decided] or group
    return chosen


def shared_place_problems(
    ranked: Sequence[Seated], decided: Collection[str], reasons: Mapping[str, str]
) -> list[str]:
    """A shared place that does not fit must be settled, in the open: taken or left, with a reason."""
    return [
        f"{line.entry}（并列第{line.place}名）须写明取舍理由。"
        for line in shared_place_choices(ranked, decided)
        if not reasons.get(line.entry, "").strip()
    ]
