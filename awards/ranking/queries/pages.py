"""The ranking page: three questions to the database, whatever the number of entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, DecimalField, Max, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject

from awards.campaign.models import Campaign, Criterion
from awards.catalogue import long_texts
from awards.ranking.models import EntryStatus, RankedEntry, Ranking, SeatState
from awards.scoring.numbers import percent
from awards.scoring.rule import Rule
from awards.scoring.words import counting_sentences, short_stage_name, stage_name, step_text
from awards.states import State
from units.kit.status import Mark
from units.known import known

# The meeting's word, and what follows from it: from then on the final ranking stands.
DECIDED = frozenset({State.PROPOSED, State.ON_NOTICE, State.SUSPENDED, State.SELECTED, State.REVOKED})

PAGE = 50
AXIS = 132  # width of the drawn scale, in its own units
RANKED = Q(status=EntryStatus.RANKED)


def frozen_rankings(campaign: Campaign) -> list[Ranking]:
    """Every freeze of a campaign, newest first, without its record."""
    rows = list(campaign.rankings.defer("record").select_related("rule", "frozen_by"))
    for ranking in rows:
        ranking.campaign = campaign
    return rows


def in_force(rankings: Iterable[Ranking]) -> Ranking | None:
    """The one that counts: of the newest rule, the final before an earlier stage, not superseded."""
    current = [ranking for ranking in rankings if ranking.superseded_at is None]
    return max(current, key=_weight, default=None)


def _weight(ranking: Ranking) -> tuple:
    codes = ranking.rule.parsed.stage_codes
    stage = len(codes) if ranking.is_final else codes.index(ranking.stage)
    return stage, ranking.rule.version, ranking.frozen_at


def same_stage_older_rule(rankings: Iterable[Ranking], ranking: Ranking) -> Ranking | None:
    """The current ranking of the same stage under the version of the rule before."""
    older = [
        other
        for other in rankings
        if other.superseded_at is None
        and other.stage == ranking.stage
        and other.rule.version < ranking.rule.version
    ]
    return max(older, key=lambda other: other.rule.version, default=None)


# ---- one category in figures


@dataclass(frozen=True)
class Summary:
    """One category of a ranking in figures; `order` numbers are line numbers within the category.

    places: decimals of the rule's figures; told: entries that have left 资格合格; decided: those the meeting
    has proposed; labels: criterion → name.
    """

    letter: str
    name: str
    places: int
    entries: int
    ranked: int
    seats: int
    floor: Decimal
    seated: int
    shared: int
    lowest: Decimal | None
    best_out: Decimal | None
    last_seat: int | None
    first_below: int | None
    last_place: int | None
    blocked: int
    awaiting: int
    cut: int
    told: int
    decided: int
    labels: dict[str, str]
    firm: int
    loose: int
    hopeful: int
    per_unit: int

    def text(self, value: Decimal) -> str:
        """A final with exactly the decimals of the rule."""
        return f"{value:.{self.places}f}"

    @property
    def floor_text(self) -> str:
        """The floor as a final would be printed, or with the decimals it has itself."""
        return f"{self.floor:.{max(self.places, -int(self.floor.as_tuple().exponent))}f}"

    @property
    def gap(self) -> Decimal | None:
        """What the first one without a seat lacks; None when the line separates nothing."""
        if self.lowest is None or self.best_out is None:
            return None
        return self.lowest - self.best_out


def summaries(ranking: Ranking) -> list[Summary]:
    """Every category that has entries, in the year's order; one query."""
    rule = ranking.rule.parsed
    floor = Case(
        *[When(category__letter=one.code, then=Value(one.floor)) for one in rule.categories],
        default=Value(Decimal(0)),
        output_field=DecimalField(),
    )
    seated = RankedEntry.objects.filter(ranking=ranking, seat=True).order_by()
    per_unit = seated.values("nomination__unit__top").annotate(n=Count("pk")).order_by("-n").values("n")[:1]
    awaits = _awaits(ranking)
    criteria = Criterion.objects.filter(category=OuterRef("category")).order_by("order", "pk")
    rows = (
        RankedEntry.objects.filter(ranking=ranking)
        .order_by()
        .values("category", "category__letter", "category__name", "category__order")
        .annotate(
            labels=ArraySubquery(criteria.values(one=JSONObject(code="code", label="label"))),
            entries=Count("pk"),
            ranked=Count("pk", filter=RANKED),
            seated=Count("pk", filter=Q(seat=True)),
            shared=Count("pk", filter=RANKED & Q(seat=None)),
            lowest=Min("final", filter=Q(seat=True)),
            best_out=Max("final", filter=RANKED & Q(seat=False)),
            last_seat=Max("order", filter=Q(seat=True)),
            first_below=Min("order", filter=RANKED & Q(final__lt=floor)),
            last_place=Max("place"),
            blocked=Count("pk", filter=Q(status=EntryStatus.BLOCKED) & ~awaits),
            awaiting=Count("pk", filter=awaits),
            cut=Count("pk", filter=Q(status=EntryStatus.NOT_SHORTLISTED)),
            told=Count("pk", filter=~Q(nomination__state=State.QUALIFIED)),
            decided=Count("pk", filter=Q(nomination__state__in=DECIDED)),
            firm=Count("pk", filter=Q(seat=True, is_firm=True)),
            loose=Count("pk", filter=Q(seat=True, is_firm=False)),
            hopeful=Count("pk", filter=RANKED & Q(seat=False, is_firm=False)),
            per_unit=Subquery(per_unit),
        )
    )
    return [_summary(dict(row), rule) for row in sorted(rows, key=lambda row: row["category__order"])]


def _summary(row: dict[str, Any], rule: Rule) -> Summary:
    letter = row.pop("category__letter")
    name = row.pop("category__name")
    del row["category"], row["category__order"]
    row["per_unit"] = row["per_unit"] or 0
    row["labels"] = {line["code"]: line["label"] for line in row["labels"]}
    category = rule.category(letter)
    return Summary(
        letter=letter, name=name, places=rule.places, seats=category.seats, floor=category.floor, **row
    )


def _awaits(ranking: Ranking) -> Q:
    """Blocked only because the next stage is still to come."""
    if ranking.is_final:
        return Q(pk__in=[])
    return Q(status=EntryStatus.BLOCKED) & ~Q(blocked_in=ranking.stage)


# ---- the lines


@dataclass(frozen=True)
class Scale:
    """The drawn range of places, in the units of the axis."""

    x: str
    width: str
    cut: str


@dataclass(frozen=True)
class Cut:
    """A line across the table: what it is, and why it lies here."""

    title: str
    reasons: list[str]


@dataclass(frozen=True)
class RankLine:
    """One row of the page, ready to be drawn.

    scores: (head, text) by stage; marks: (criterion, its mean in each stage that has it).
    """

    entry: RankedEntry
    scores: list[tuple[str, str]]
    marks: list[tuple[str, list[str]]]
    final: str
    mark: SeatState | Mark
    scale: Scale | None
    cuts: list[Cut]

    @property
    def is_shared(self) -> bool:
        return "并列第" in self.entry.tie_note


@dataclass(frozen=True)
class Heads:
    """The heads of the figures: one for each stage (书面40%), one for each criterion by code."""

    stages: list[str]
    criteria: dict[str, str]


@dataclass(frozen=True)
class RankingPage:
    """Everything the template needs of one ranking and one category."""

    ranking: Ranking
    rule: Rule
    summary: Summary
    summaries: list[Summary]
    lines: list[RankLine]
    page: Page
    heads: Heads
    sentences: list[str]
    steps: list[str]
    checks: list[tuple[bool, str, str]] = field(default_factory=list)


def ranking_page(ranking: Ranking, letter: str, number: str | int) -> RankingPage:
    """One category's page of 50 lines. An unknown letter shows the first category."""
    every = summaries(ranking)
    summary = next((item for item in every if item.letter == letter), every[0])
    page = Paginator(range(summary.entries), PAGE).get_page(number)
    rule = ranking.rule.parsed
    category = rule.category(summary.letter)
    rows = RankedEntry.objects.filter(
        ranking=ranking, category__letter=summary.letter, order__range=(page.start_index(), page.end_index())
    )
    rows = list(rows.select_related("nomination__unit").defer(*_texts()).order_by("order"))
    names = summary.labels
    heads = Heads(
        [f"{short_stage_name(stage.code)}{percent(stage.weight)}" for stage in rule.stages],
        {criterion.code: names.get(criterion.code, criterion.code) for criterion in category.criteria},
    )
    return RankingPage(
        ranking=ranking,
        rule=rule,
        summary=summary,
        summaries=every,
        lines=[_line(row, ranking, rule, summary, heads) for row in rows],
        page=page,
        heads=heads,
        sentences=counting_sentences(rule, {item.letter: item.name for item in every}),
        steps=[*(step_text(step, names) for step in category.ties), "评委会复议"],
        checks=_checks(ranking, rule, every),
    )


def _texts() -> list[str]:
    return [f"nomination__{name}" for name in long_texts()]


def _line(row: RankedEntry, ranking: Ranking, rule: Rule, summary: Summary, heads: Heads) -> RankLine:
    scores = [
        (head, row.stages.get(stage.code, "—")) for stage, head in zip(rule.stages, heads.stages, strict=True)
    ]
    closed = row.stages.get(ranking.stage, "—")
    return RankLine(
        entry=row,
        scores=scores,
        marks=[
            (label, [row.criteria[s.code][code] for s in rule.stages if code in row.criteria.get(s.code, {})])
            for code, label in heads.criteria.items()
        ],
        final=closed if row.final is None else row.final_text,
        mark=mark_of(row, ranking, rule, summary.floor),
        scale=_scale(row, summary),
        cuts=_cuts_before(row, ranking, summary),
    )


def mark_of(row: RankedEntry, ranking: Ranking, rule: Rule, floor: Decimal) -> SeatState | Mark:
    """What the ranking gives an entry; the meeting may still decide otherwise."""
    if row.status == EntryStatus.NOT_SHORTLISTED:
        return SeatState.NOT_SHORTLISTED
    if row.status == EntryStatus.BLOCKED:
        if not ranking.is_final and row.blocked_in != ranking.stage:
            return SeatState.AWAITED.said(f"待{stage_name(row.blocked_in)}")
        have = row.sheets.get(row.blocked_in, 0)
        return SeatState.BLOCKED.said(f"有效{have}份，不足{rule.least}份")
    if row.seat:
        return SeatState.TAKEN
    if row.seat is None:
        return SeatState.SHARED
    return SeatState.BELOW_THE_FLOOR if known(row.final) < floor else SeatState.NONE


def _scale(row: RankedEntry, summary: Summary) -> Scale | None:
    if row.best_place is None or row.worst_place is None:
        return None
    step = AXIS / max(summary.last_place or 0, summary.ranked)
    margin = min(2.0, step / 6)
    width = (row.worst_place - row.best_place + 1) * step - 2 * margin
    return Scale(
        f"{(row.best_place - 1) * step + margin:.1f}", f"{max(width, 2):.1f}", f"{summary.seats * step:.1f}"
    )


def _cuts_before(row: RankedEntry, ranking: Ranking, summary: Summary) -> list[Cut]:
    """The lines drawn above this row; told from line numbers, so that they stand right on every page."""
    cuts = []
    if ranking.is_final:
        if row.order == (summary.last_seat or 0) + 1 and summary.ranked >= row.order:
            cuts.append(_seat_line(summary))
        if row.order == summary.first_below:
            cuts.append(Cut(f"底分线 {summary.floor_text}", ["以下不入选，席位可空缺"]))
    elif summary.awaiting and row.order == summary.awaiting + 1 and summary.cut:
        cuts.append(Cut("入围线", [f"{summary.awaiting}件进入下一阶段", "与末位同分的一并进入"]))
    return cuts


def _seat_line(summary: Summary) -> Cut:
    if summary.shared:
        left = summary.seats - summary.seated
        return Cut("入选线", [f"{summary.seats}席，已定{summary.seated}席",
                             f"并列{summary.shared}件，余{left}席放不下，待评委会复议"])  # fmt: skip
    full = (
        "已排满"
        if summary.seated == summary.seats
        else f"排{summary.seated}席，空缺{summary.seats - summary.seated}席"
    )
    reasons = [f"{summary.seats}席，{full}"]
    if summary.lowest is not None:
        reasons.append(f"最低{summary.text(summary.lowest)}分")
    if summary.gap is not None and known(summary.best_out) >= summary.floor:
        ruled = "，由并列规则裁定" if not summary.gap else ""
        reasons.append(f"与下一名差{summary.text(summary.gap)}分{ruled}")
    return Cut("入选线", reasons)


def _checks(ranking: Ranking, rule: Rule, every: list[Summary]) -> list[tuple[bool, str, str]]:
    """What the list has to respect, over all categories: (holds, what, figure); seats only at the end."""
    blocked = sum(item.blocked for item in every)
    full = (not blocked, f"每件有效评分不少于{rule.least}份", f"缺{blocked}件" if blocked else "齐全")
    if not ranking.is_final:
        return [full]
    seats = "／".join(str(item.seats) for item in every)
    floors = min((item.lowest for item in every if item.lowest is not None), default=None)
    shared = sum(item.shared for item in every)
    most, limit = every[0].per_unit, ranking.campaign.places_in_all  # over the whole ranking
    return [
        (
            all(item.seated <= item.seats for item in every),
            f"席位不超过{seats}",
            f"{sum(item.seated for item in every)}",
        ),
        (
            all(item.lowest is None or item.lowest >= item.floor for item in every),
            "席位内均达底分",
            "—" if floors is None else f"最低{every[0].text(floors)}",
        ),
        (most <= limit, f"同一单位牵头不超过{limit}项", f"最多{most}"),
        full,
        (not shared, "没有放不下的并列名次", f"{shared}件" if shared else "无"),
    ]


# ---- two versions of the rule, side by side

GAINED = Mark("新增", "plus-lg", "warn")
LOST = Mark("失去", "dash-lg", "warn")


@dataclass(frozen=True)
class Compared:
    """One entry under the older and the newer version of the rule."""

    new: RankedEntry
    old: RankedEntry | None

    @property
    def moved(self) -> int | None:
        """Places won (positive) or lost by the newer version."""
        if self.old is None or self.old.place is None or self.new.place is None:
            return None
        return self.old.place - self.new.place

    @property
    def fallen(self) -> int:
        return -(self.moved or 0)

    @property
    def mark(self) -> SeatState | Mark | None:
        """What the newer version did to the seat; None without one in either."""
        had = bool(self.old and self.old.seat)
        if self.new.seat:
            return SeatState.TAKEN if had else GAINED
        return LOST if had else None


def compared(old: Ranking, new: Ranking, letter: str, number: str | int) -> tuple[list[Compared], Page]:
    """One page of a category, in the order of the newer ranking; two queries."""
    rows = RankedEntry.objects.filter(ranking=new, category__letter=letter).order_by("order")
    page = Paginator(rows.select_related("nomination__unit").defer(*_texts()), PAGE).get_page(number)
    mine = list(page.object_list)
    former = RankedEntry.objects.filter(ranking=old, nomination__in=[row.nomination_id for row in mine])
    before = {row.nomination_id: row for row in former}
    return [Compared(row, before.get(row.nomination_id)) for row in mine], page
