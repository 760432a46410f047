"""The tables of the page: what a chart draws, what stands beside it and what the workbook holds are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from awards.campaign.models import Campaign
from awards.dashboard import queries
from awards.dashboard.figures import counted_until
from awards.dashboard.permissions import Cut
from awards.dashboard.queries import CategoryCount
from awards.states import State
from services import queries as log
from services.models.activities import ServiceKind
from units.models import Unit
from units.papers.workbook import Column, Sheet


@dataclass(frozen=True)
class Table:
    """chart: column, bar or line; drawn: which columns from 1 (none: all); total: a last row of sums."""

    key: str
    title: str
    says: str
    head: Sequence[str]
    rows: Sequence[Sequence]
    chart: str = "column"
    drawn: str = ""
    stacked: bool = False
    low: bool = False
    total: Sequence | None = None

    @property
    def is_wide(self) -> bool:
        """Too many columns for a third of the page."""
        return len(self.head) > 4

    @property
    def spoken(self) -> str:
        """What the picture says to those who do not see it."""
        kind = {"column": "柱形图", "bar": "条形图", "line": "折线图"}[self.chart]
        return f"{kind}：{self.title}，{self.says}。数值见图旁表格。"

    def sheet(self, subtitle: str) -> Sheet:
        columns = [
            Column(name, lambda row, at=at: row[at], "number" if at else "text")
            for at, name in enumerate(self.head)
        ]
        rows = [*self.rows, self.total] if self.total else self.rows
        return Sheet(self.title, columns, rows, subtitle=subtitle, note=self.says, name=self.title)


def tables_of(campaign: Campaign, cut: Cut, categories: list[CategoryCount]) -> list[Table]:
    """The tables this reader may see, in the order of the page.

    Of a year entered from papers: what the log holds of it, if anything, and its results.
    """
    tables = [_months(campaign), _quarters(campaign, cut)]
    if not cut.units:
        tables.append(_registrations(campaign))
    if campaign.from_papers:
        logged = [table for table in tables if any(any(row[1:]) for row in table.rows)]
        return [*logged, _entered(categories)]
    if cut.outcome:
        tables.append(_states(campaign, cut, categories))
    if cut.inside and (lines := queries.progress(campaign)):
        tables.append(_progress(lines))
    if cut.outcome and any(category.results for category in categories):
        tables.append(_results(categories))
    return tables


def _last_month(campaign: Campaign) -> int:
    """Months that lie ahead are not zero, they are not there yet."""
    return counted_until(campaign, timezone.localdate()).month


def _months(campaign: Campaign) -> Table:
    months = log.by_kind_and_month(campaign.organiser, campaign.year)
    rows = [
        (f"{month}月", *(by_kind[kind] for kind in ServiceKind), sum(by_kind.values()))
        for month, by_kind in months.items()
        if month <= _last_month(campaign)
    ]
    return Table(
        "months",
        "四项服务（按月、按类别）",
        "已审核记录的场次，按发生日期，联合开展的计一次",
        ("月份", *(kind.label for kind in ServiceKind), "合计"),
        rows,
        drawn="1,2,3,4",
        stacked=True,
        total=_sums(rows),
    )


def _quarters(campaign: Campaign, cut: Cut) -> Table:
    activities = log.counted(campaign.organiser, campaign.year)
    quarters = log.by_quarter(activities)
    own = {}
    if cut.units:
        below = Unit.objects.within(cut.units)
        own = log.by_quarter(log.taken_part_in(activities, below))
    rows = [
        (
            f"第{'一二三四'[number - 1]}季度",
            part.events,
            *((own[number].events,) if own else ()),
            part.attendance,
            part.beneficiaries,
            part.problems_received,
            part.problems_closed,
        )
        for number, part in quarters.items()
    ]
    mine = ("本单位场次",) if own else ()
    return Table(
        "quarters",
        "四项服务（按季度）",
        "图为场次；人次按场累计，不去重",
        ("季度", "全区场次" if own else "场次", *mine, "参加人次", "受益人次", "受理诉求", "办结诉求"),
        rows,
        drawn="1,2" if own else "1",
        low=True,
        total=_sums(rows),
    )


def _registrations(campaign: Campaign) -> Table:
    rows, so_far = [], 0
    months = queries.first_registrations_by_month(campaign)[: _last_month(campaign)]
    for month, number in enumerate(months, 1):
        so_far += number
        rows.append((f"{month}月", number, so_far))
    return Table(
        "registrations",
        "党员到社区报到",
        "按报到日期，同一党员只计首次",
        ("月份", "当月（名）", "累计（名）"),
        rows,
        drawn="1",
    )


def _states(campaign: Campaign, cut: Cut, categories: list[CategoryCount]) -> Table:
    counts = [
        category.states if cut.inside else queries.outward(category.states, campaign, category.before)
        for category in categories
    ]
    # A unit's unfinished work is its own until it is handed over.
    shown = [state for state in State if cut.inside or state not in (State.DRAFT, State.UNIT_REVIEW)]
    rows = [
        (state.label, *(one[state] for one in counts), sum(one[state] for one in counts))
        for state in shown
        if any(one[state] for one in counts)
    ]
    return Table(
        "nominations",
        "申报（按状态和类别）",
        "每件申报计一次，以当前状态为准",
        ("状态", *(category.name for category in categories), "合计"),
        rows,
        chart="bar",
        drawn=",".join(str(at) for at in range(1, len(categories) + 1)),
        stacked=True,
        total=_sums(rows),
    )


def _progress(lines: list[queries.Progress]) -> Table:
    several = len({line.stage for line in lines}) > 1
    rows = [
        (
            f"{line.category}（{line.stage}）" if several else line.category,
            line.handed_in,
            line.due - line.handed_in,
            line.due,
        )
        for line in lines
    ]
    return Table(
        "progress",
        f"{lines[0].stage if not several else ''}评审进度".replace("评审评审", "评审"),
        "评分表份数，弃评和回避的不计；只有进度，没有分数",
        ("评审组", "已交", "未交", "应交"),
        rows,
        chart="bar",
        drawn="1,2",
        stacked=True,
        low=True,
        total=_sums(rows),
    )


def _results(categories: list[CategoryCount]) -> Table:
    rows = [
        (category.name, category.submitted, category.qualified, category.results) for category in categories
    ]
    return Table(
        "results",
        "评选结果",
        "申报指已提交的，合格指通过资格审查的，入选以通报名单为准",
        ("类别", "申报", "资格合格", "入选示范项目"),
        rows,
        low=True,
        total=_sums(rows),
    )


def _entered(categories: list[CategoryCount]) -> Table:
    rows = [(category.name, category.results) for category in categories]
    says = "由纸质档案补录，只登记入选项目"
    return Table("results", "评选结果", says, ("类别", "入选示范项目"), rows, low=True, total=_sums(rows))


def _sums(rows: Sequence[Sequence]) -> list:
    return ["合计", *(sum(column) for column in list(zip(*rows, strict=True))[1:])] if rows else []
