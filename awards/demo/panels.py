"""The panels of both stages: drawn before the witness, entries assigned, sheets handed in one by one, closed.

In the written stage one category is closed early, with a tie where the live stage's places end and an entry
that lacks a sheet because somebody abstained; it is called up again for that one. Of the others some sheets
are in when the stage is half over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import time, timedelta
from decimal import Decimal
from itertools import groupby

from django.utils import timezone

from awards.campaign.models import Category, Criterion
from awards.campaign.queries.rule import shortlist_of
from awards.demo.chance import chance
from awards.demo.days import EVENING, at
from awards.demo.people import REVIEWERS
from awards.demo.stages import Stage
from awards.demo.two import by_two
from awards.demo.walk import Walk
from awards.panel.actions.assigning import assign_entries
from awards.panel.actions.drawing import draw_panel
from awards.panel.actions.panels import change_panel, close_panel, open_panel, set_up_panel
from awards.panel.actions.pool import add_reviewer, sign_pledge
from awards.panel.actions.supplementing import reopen_panel
from awards.panel.models import Assignment, Panel
from awards.panel.queries.ties import ties_between
from awards.panel.rules.conflicts import Tie
from awards.ranking.actions import freeze_ranking
from awards.review.actions import abstain, declare_conflict, hand_in_sheet, save_marks, skip
from awards.review.queries.sheets import criteria_of
from awards.review.rules import needs_comment
from awards.scoring.rule import STEP

CLOSED = "F"  # the category that is judged early
HALF_DONE = "Z"  # the category in which everybody has begun one and put one off
PER_ENTRY = 5  # written sheets of an entry: as many as the rule asks for at least
# Share of the sheets that is in before the stage is stopped at, by category.
WRITTEN = {"F": 1.0, "Z": 0.3, "X": 0.15}
LIVE = {"F": 1.0, "Z": 0.5, "X": 0.1}
EARLY = "除1件因弃评有效评分不足、待补评外，评分表已全部提交。"
ABSTAINED = "对该领域不熟悉，难以作出判断。"
DECLARED = "曾受邀参与该办法草案的论证。"
SUPPLEMENT = "1件因弃评有效评分不足5份，按抽签顺序补充评委评分。"
COMMENTS = (
    "记录与申报一致，成效清楚，建议补充推广情况。",
    "问题抓得准，做法具体，有可比数据。",
    "做法扎实，创新程度一般。",
    "流程设计合理，运行时间尚短，建议继续跟踪。",
    "数据来源清楚，服务对象评价较好。",
    "举措较多，重点不够突出。",
)


def plan_written(walk: Walk) -> None:
    walk.on(-9, 15, _fill_pool, walk)
    for number, category in enumerate(walk.categories.values()):
        desk = _Panel(walk, category, "written", closes=4, shares=WRITTEN)
        walk.on(-7, 18, desk.draw, minute=10 * number)
        walk.on(-6, 9, desk.open, minute=number)
        if category.letter == "Z":
            walk.on(-6, 11, desk.declare)
        walk.on(-6, 12, desk.judge, range(-5, 0), range(1, 4), minute=number)
        if category.letter == CLOSED:
            walk.on(-1, 18, desk.close, EARLY)
            walk.on(1, 10, desk.supplement)
            walk.on(2, 15, desk.judge_rest)
            walk.on(2, 17, desk.close)
        else:
            walk.on(1, 17, desk.take_in_late_ones, minute=number)
            walk.on(5, 9, desk.close, minute=number)
    walk.on(5, 11, _release_shortlist, walk)


def plan_live(walk: Walk) -> None:
    for number, category in enumerate(walk.categories.values()):
        desk = _Panel(walk, category, "live", closes=10, shares=LIVE)
        walk.on(6, 10, desk.draw, minute=10 * number)
        walk.on(8, 8, desk.open, minute=number)
        walk.on(8, 8, desk.judge, range(8, 9), range(9, 11), minute=30 + number)
        walk.on(11, 9, desk.close, minute=number)


def _fill_pool(walk: Walk) -> None:
    for name, (employer, _) in REVIEWERS.items():
        user = walk.people.users[name]
        add_reviewer(
            walk.campaign,
            user=user,
            employer=walk.people.units.get(employer),
            expertise=user.duty.partition("（")[2].rstrip("）"),
            actor=walk.office,
        )
        sign_pledge(user)


def _release_shortlist(walk: Walk) -> None:
    ranking = freeze_ranking(walk.campaign, stage="written", actor=walk.office)
    by_two(walk, "ranking-shortlist", query=f"?record={ranking.key}")


class _Panel:
    """A category's panel in one stage. closes: the working day its marking ends."""

    def __init__(self, walk: Walk, category: Category, stage: str, *, closes: int, shares: dict[str, float]):
        self.walk, self.category, self.stage = walk, category, stage
        self.closes_at = at(walk.season.working(closes), EVENING)
        self.share = shares[category.letter]
        self.marks: dict[int, dict[str, Decimal]] = {}  # by assignment
        self.versions: dict[int, int] = {}  # of drafts, by assignment
        self.ranked: list[list[Assignment]] = []  # the entries' tasks, the best first

    @property
    def panel(self) -> Panel:
        return Panel.objects.get(category=self.category, stage=self.stage)

    @property
    def is_written(self) -> bool:
        return self.stage == "written"

    @property
    def has_the_tie(self) -> bool:
        return self.is_written and self.category.letter == CLOSED

    def draw(self) -> None:
        panel = change_panel(
            set_up_panel(self.category, self.stage),
            closes_at=self.closes_at,
            per_entry=PER_ENTRY if self.is_written else None,
            load_cap=None,
            actor=self.walk.office,
        )
        seed = f"{self.walk.campaign.code}{self.category.letter}{7 if self.is_written else 8:02d}"
        draw_panel(panel, seed=seed, witness=self.walk.supervisor, actor=self.walk.office)

    def open(self) -> None:
        assign_entries(self.panel, actor=self.walk.office)
        open_panel(self.panel, actor=self.walk.office)

    def declare(self) -> None:
        """One reviewer says what no table knows; somebody else gets the entry."""
        line = self._lines().order_by("nomination__code_key", "seat__number")[4]
        reviewer = line.seat.reviewer.user
        declare_conflict(line, kind=Tie.DECLARED_AUTHOR, reason=DECLARED, actor=reviewer)
        assign_entries(self.panel, actor=self.walk.office)

    def judge(self, before: range, after: range) -> None:
        """Plan every sheet: a share of each reviewer's queue on the days `before`, then one half done and one
        put off, the rest on the days `after`."""
        lines = list(self._lines())
        self._mark(lines)
        leaving = self._one_to_abstain_from() if self.has_the_tie else None
        for _, queue in groupby(lines, key=lambda line: line.seat_id):
            queue = [line for line in queue if line != leaving]
            name = queue[0].seat.reviewer.user.username
            pace = chance("pace", self.stage, self.category.letter, name).uniform(0.5, 1.5)
            done = len(queue) if self.share == 1 else round(len(queue) * self.share * pace)
            self._plan(queue[:done], before, self._hand_in)
            if self.category.letter == HALF_DONE:
                self._plan(queue[done : done + 1], before[-1:], self._begin)
                self._plan(queue[done + 1 : done + 2], before[-1:], self._put_off)
            self._plan(queue[done:], after, self._hand_in)
        if leaving:
            self._plan([leaving], range(-3, -2), self._abstain)

    def _plan(self, queue: Sequence[Assignment], days: range, act) -> None:
        """Spread the acts evenly over the hours of the days."""
        for place, line in enumerate(queue):
            share = (place + 0.5) / len(queue) * len(days)
            day, part = days[int(share)], share % 1
            minutes = chance("minute", line.nomination.code, line.seat.number).randrange(20)
            start = self.walk.season.moment(day, 14 if day == Stage.LIVE.day else 9)  # stopped at till then
            left = at(start.date(), time(17)) - start
            self.walk.clock.plan(
                start + left * part + timedelta(minutes=minutes), lambda line=line: act(line)
            )

    def take_in_late_ones(self) -> None:
        """Entries that qualified while the panel was at work."""
        known = set(self.marks)
        if assign_entries(self.panel, actor=self.walk.office):
            late = [line for line in self._lines() if line.pk not in known]
            self._mark(late, tie=False)
            self._plan(late, range(2, 4), self._hand_in)

    def supplement(self) -> None:
        reopen_panel(
            self.panel,
            closes_at=self.walk.season.moment(3, 17),
            reason=SUPPLEMENT,
            witness=self.walk.supervisor,
            actor=self.walk.office,
        )

    def judge_rest(self) -> None:
        """What only those called up have left to judge."""
        rest = list(self._lines().filter(sheets=None, abstained_at=None))
        self._mark(rest, tie=False)
        for line in rest:
            self._hand_in(line)

    def close(self, reason: str = "") -> None:
        if reason:  # before its time
            by_two(self.walk, "panel-close", self.panel.category.letter, self.panel.stage, reason=reason)
        else:
            close_panel(self.panel, actor=self.walk.office)

    # ---- single acts of a reviewer

    def _hand_in(self, line: Assignment) -> None:
        marks = self.marks[line.pk]
        hand_in_sheet(
            line,
            marks=marks,
            comment=_comment(line, sum(marks.values(), Decimal())),
            version=self.versions.get(line.pk, 0),
            actor=line.seat.reviewer.user,
        )

    def _begin(self, line: Assignment) -> None:
        half = dict(list(self.marks[line.pk].items())[:-2])
        sheet = save_marks(line, marks=half, comment="", version=0, actor=line.seat.reviewer.user)
        self.versions[line.pk] = sheet.version

    def _put_off(self, line: Assignment) -> None:
        skip(line, actor=line.seat.reviewer.user)

    def _abstain(self, line: Assignment) -> None:
        abstain(line, reason=ABSTAINED, actor=line.seat.reviewer.user)

    # ---- which marks

    def _lines(self):
        lines = Assignment.objects.filter(panel=self.panel).live().order_by("seat", "order")
        return lines.select_related("panel__category", "nomination__unit", "seat__reviewer__user")

    def _mark(self, lines: Sequence[Assignment], *, tie: bool = True) -> None:
        """Think of marks for these, as many equal as the year's tie needs."""
        criteria, entries = criteria_of(self.panel), defaultdict(list)
        for line in lines:
            entries[line.nomination_id].append(line)
        for own in entries.values():
            quality = self._quality(own[0])
            self.marks |= {line.pk: _sheet_of(criteria, quality, line, self.stage) for line in own}
        if tie and self.has_the_tie:
            self._tie_at_the_cut(entries)

    def _quality(self, line: Assignment) -> float:
        key = line.nomination.unit.top.slug, self.category.letter
        favourite = key in self.walk.year.favourites
        dice = chance("quality", line.nomination.code)
        return 96 if favourite else dice.triangular(70, 95, 87)

    def _tie_at_the_cut(self, entries: dict[int, list[Assignment]]) -> None:
        """The last entry to go on takes the one below to its side: the same marks from as many people."""
        self.ranked = sorted(entries.values(), key=self._trimmed, reverse=True)
        last = shortlist_of(self.category) - 1
        for line, like in zip(self.ranked[last + 1], self.ranked[last], strict=True):
            self.marks[line.pk] = dict(self.marks[like.pk])

    def _trimmed(self, lines: list[Assignment]) -> Decimal:
        """The mean of an entry's totals without the highest and the lowest."""
        totals = sorted(sum(self.marks[line.pk].values()) for line in lines)[1:-1]
        return sum(totals, Decimal()) / len(totals)

    def _one_to_abstain_from(self) -> Assignment:
        """A task of an entry well below the cut, which somebody on the bench can judge instead."""
        bench = [seat.reviewer for seat in self.panel.seats.waiting().select_related("reviewer__user")]
        below = [lines[0] for lines in self.ranked[: shortlist_of(self.category) : -1]]
        ties = set(ties_between([line.nomination for line in below], bench, timezone.localdate()))
        return next(line for line in below if any((line.nomination_id, one.pk) not in ties for one in bench))


def _comment(line: Assignment, total: Decimal) -> str:
    dice = chance("comment", line.nomination.code, line.seat.reviewer.user.username)
    return dice.choice(COMMENTS) if needs_comment(total) or dice.random() < 0.35 else ""


def _sheet_of(criteria: list[Criterion], quality: float, line: Assignment, stage: str) -> dict[str, Decimal]:
    """One reviewer's marks: the entry's quality, the reviewer's severity, some chance for each criterion."""
    name = line.seat.reviewer.user.username
    severity = chance("severity", name).uniform(-3.0, 3.0)
    dice = chance("marks", stage, line.nomination.code, name)
    marks = {}
    for criterion in criteria:
        percent = Decimal(str(round(quality + severity + dice.gauss(0, 3.2), 3)))
        steps = (criterion.maximum * percent / 100 / STEP).to_integral_value()
        marks[criterion.code] = min(max(steps * STEP, Decimal(0)), criterion.maximum)
    return marks
