"""The written review under way: panels drawn and assigned by the product itself, sheets in bulk.

One category is closed, with a tie, an entry short of valid sheets and recusals; of the others some sheets
are in, so that about half of all is done.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from awards.campaign.models import Campaign, Criterion, Phase, ScoringRule
from awards.campaign.queries import rule_in_force, shortlist_of
from awards.demo.chance import chance
from awards.demo.days import Season, at
from awards.demo.people import REVIEWERS, People
from awards.nomination.models import Submission
from awards.panel.actions import add_reviewer, assign_entries, draw_panel, recuse_reviewer, set_up_panel
from awards.panel.actions.panels import record_panel
from awards.panel.models import Assignment, Panel, RecusalSource, Reviewer
from awards.panel.rules import Tie
from awards.review.models import Score, ScoreSheet, SheetState
from awards.review.rules import STEP, needs_comment
from units.audit.events import Event
from units.audit.record import record

STAGE = "written"
CLOSED = "F"
HANDED_IN = {"F": 1.0, "Z": 0.3, "X": 0.15}
SHORT_OF_SHEETS = ("reform", "F")  # two of the pool are tied to its lead or partner
EARLY = "除1件因回避和弃评不足5份、待补评外，评分表已全部提交。"
COMMENTS = (
    "记录与申报一致，成效清楚，建议补充推广情况。",
    "问题抓得准，做法具体，有可比数据。",
    "做法扎实，创新程度一般。",
    "流程设计合理，运行时间尚短，建议继续跟踪。",
    "数据来源清楚，服务对象评价较好。",
    "举措较多，重点不够突出。",
)


def build_panels(campaign: Campaign, people: People, season: Season) -> None:
    office, supervisor = people.users["office"], people.users["supervisor"]
    opens, closes = season.timetable()[Phase.WRITTEN]
    for name, (employer, _) in REVIEWERS.items():
        add_reviewer(
            campaign,
            user=people.users[name],
            employer=people.units.get(employer),
            expertise=people.users[name].duty.partition("（")[2].rstrip("）"),
            actor=office,
        )
    Reviewer.objects.filter(campaign=campaign).update(declared_at=at(season.working(-7)))
    desk = _Desk(campaign, people, season)
    for category in campaign.categories.all():
        panel = set_up_panel(category, STAGE)
        panel = draw_panel(
            panel, seed=f"{campaign.code}{category.letter}07", witness=supervisor, actor=office
        )
        assign_entries(panel, actor=office)
        Panel.objects.filter(pk=panel.pk).update(
            drawn_at=at(season.working(-7)), opened_at=opens, closes_at=closes
        )
        panel.refresh_from_db()
        record_panel(Event.PANEL_OPENED, panel, actor=office, after={"closes_at": closes})
        if category.letter == "Z":
            _declare(panel)
        desk.fill(panel)
        if category.letter == CLOSED:
            _close(panel, people, season)
    desk.write()


def _declare(panel: Panel) -> None:
    """One reviewer says what no table knows."""
    free = Assignment.objects.filter(panel=panel).live().select_related("nomination", "seat__reviewer__user")
    desk = free.order_by("nomination__code_key", "seat__number")[4]
    recuse_reviewer(
        desk.nomination,
        desk.seat.reviewer,
        kind=Tie.DECLARED_AUTHOR,
        source=RecusalSource.DECLARED,
        reason="曾受邀参与该办法草案的论证。",
        actor=desk.seat.reviewer.user,
    )


def _close(panel: Panel, people: People, season: Season) -> None:
    Panel.objects.filter(pk=panel.pk).update(closed_at=at(season.working(-1)), close_reason=EARLY)
    record_panel(Event.PANEL_CLOSED, panel, actor=people.users["office"], reason=EARLY)


class _Desk:
    """All sheets of the season: planned entry by entry, written at once."""

    def __init__(self, campaign: Campaign, people: People, season: Season):
        self.campaign, self.people, self.season = campaign, people, season
        self.rule: ScoringRule = rule_in_force(campaign)
        self.sheets: list[ScoreSheet] = []
        self.scores: list[Score] = []
        self.touched: list[Assignment] = []
        rows = Submission.objects.filter(nomination__campaign=campaign).order_by("number")
        self.submissions = {row.nomination_id: row for row in rows.only("pk", "nomination")}

    def fill(self, panel: Panel) -> None:
        """Sheets of one panel: a share handed in along each reviewer's queue, then a draft and a skip."""
        letter = panel.category.letter
        criteria = list(panel.category.criteria.all())
        lines = Assignment.objects.filter(panel=panel).live()
        lines = list(
            lines.select_related("panel__category", "nomination__unit", "seat__reviewer__user").order_by(
                "seat", "order"
            )
        )
        queues, entries = defaultdict(list), defaultdict(list)
        for line in lines:
            queues[line.seat_id].append(line)
            entries[line.nomination_id].append(line)
        marks = self._marks(criteria, entries, tie=letter == CLOSED)
        missing = self._leave_short(entries) if letter == CLOSED else set()
        for queue in queues.values():
            share = HANDED_IN[letter]
            dice = chance("pace", panel.category.letter, queue[0].seat.reviewer.user.username)
            done = len(queue) if share == 1 else round(len(queue) * share * dice.uniform(0.5, 1.5))
            for place, line in enumerate(queue):
                if line.pk in missing:
                    continue
                if place < done:
                    self._sheet(line, criteria, marks[line.pk], SheetState.HANDED_IN, place)
                elif place == done:
                    half = dict(list(marks[line.pk].items())[:-2])
                    self._sheet(line, criteria, half, SheetState.DRAFT, place)
                elif place == done + 1:
                    line.skipped_at = at(self.season.working(-1))
                    self.touched.append(line)

    def _marks(self, criteria: list[Criterion], entries: dict[int, list[Assignment]], *, tie: bool) -> dict:
        """Assignment → marks; with `tie`, two entries get the same marks from each reviewer."""
        marks = {}
        for lines in entries.values():
            dice = chance("quality", lines[0].nomination.code)
            quality = dice.triangular(70, 96, 86)
            for line in lines:
                marks[line.pk] = _sheet_of(criteria, quality, line)
        if tie:
            self._tie_at_the_cut(entries, marks)
        return marks

    def _tie_at_the_cut(self, entries: dict[int, list[Assignment]], marks: dict) -> None:
        """Two entries that everybody judged become equal where the next stage's places end.

        The last to go on takes one from below to its side; is it itself one that somebody had to leave
        alone, the next below takes one from above, and both stand at the cut again.
        """
        unit, _ = SHORT_OF_SHEETS
        seats = max(map(len, entries.values()))
        lines = [one for one in entries.values() if one[0].nomination.unit.slug != unit]
        lines.sort(key=lambda one: _trimmed(one, marks), reverse=True)
        cut = shortlist_of(lines[0][0].panel.category) - 1
        first, second = [one for one in lines[cut:] if len(one) == seats][:2]
        if first is not lines[cut]:
            second = [one for one in lines[:cut] if len(one) == seats][-1]
        same = {line.seat_id: marks[line.pk] for line in first}
        marks |= {line.pk: dict(same[line.seat_id]) for line in second}

    def _leave_short(self, entries: dict[int, list[Assignment]]) -> set[int]:
        """One entry keeps a sheet less than the rule asks for: the others abstain or are not handed in."""
        unit, _ = SHORT_OF_SHEETS
        lines = next(lines for lines in entries.values() if lines[0].nomination.unit.slug == unit)
        spare = lines[self.rule.body["least"] - 1 :]
        abstaining = spare[0]
        abstaining.abstained_at = at(self.season.working(-3))
        abstaining.abstain_reason = "对该领域不熟悉，难以作出判断。"
        self.touched.append(abstaining)
        return {line.pk for line in spare}

    def _sheet(
        self, line: Assignment, criteria: list[Criterion], marks: dict, state: SheetState, place: int
    ) -> None:
        handed = state == SheetState.HANDED_IN
        total = sum(marks.values(), Decimal()) if handed else None
        dice = chance("sheet", line.nomination.code, line.seat.reviewer.user.username)
        comment = dice.choice(COMMENTS) if dice.random() < 0.35 or (handed and needs_comment(total)) else ""
        days = self.season.working(-5 + place * 4 // 40 if handed else -1)
        when = at(min(days, self.season.working(-1))) + timedelta(minutes=7 * (place % 40))
        sheet = ScoreSheet(
            assignment=line,
            submission=self.submissions[line.nomination_id],
            rule=self.rule,
            state=state,
            comment=comment,
            total=total,
            started_at=when - timedelta(minutes=dice.randrange(4, 16)),
            handed_in_at=when if handed else None,
        )
        self.sheets.append(sheet)
        known = {criterion.code: criterion for criterion in criteria}
        self.scores += [Score(sheet=sheet, criterion=known[code], mark=mark) for code, mark in marks.items()]

    def write(self) -> None:
        """The sheets with their marks, and the rule locked by the first of them."""
        ScoreSheet.objects.bulk_create(self.sheets, batch_size=500)
        Score.objects.bulk_create(self.scores, batch_size=1000)
        Assignment.objects.bulk_update(self.touched, ["skipped_at", "abstained_at", "abstain_reason"])
        first = min(sheet.handed_in_at for sheet in self.sheets if sheet.handed_in_at)
        ScoringRule.objects.filter(pk=self.rule.pk).update(locked_at=first)
        record(Event.RULE_LOCKED, actor=None, target=self.rule, campaign=self.campaign.code)


def _sheet_of(criteria: list[Criterion], quality: float, line: Assignment) -> dict[str, Decimal]:
    """One reviewer's marks: the entry's quality, the reviewer's severity, some chance for each criterion."""
    name = line.seat.reviewer.user.username
    severity = chance("severity", name).uniform(-3.0, 3.0)
    dice = chance("marks", line.nomination.code, name)
    marks = {}
    for criterion in criteria:
        percent = Decimal(str(round(quality + severity + dice.gauss(0, 3.2), 3)))
        steps = (criterion.maximum * percent / 100 / STEP).to_integral_value()
        marks[criterion.code] = min(max(steps * STEP, Decimal(0)), criterion.maximum)
    return marks


def _trimmed(lines: list[Assignment], marks: dict) -> Decimal:
    """The mean of an entry's totals without the highest and the lowest."""
    totals = sorted(sum(marks[line.pk].values()) for line in lines)[1:-1]
    return sum(totals, Decimal()) / len(totals)
