"""The ranking on paper: the signed table, and a workbook in which Excel counts everything again."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils import timezone
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from awards.ranking.models import RankedEntry, Ranking
from awards.ranking.queries.pages import mark_of
from awards.scoring.arithmetic import is_complete
from awards.scoring.numbers import plain
from awards.scoring.parsing import parse_entries, parse_sheets
from awards.scoring.rule import CategoryRule, Rule, StageRule
from awards.scoring.words import rule_sentences, short_stage_name, stage_name
from units.moments import chinese_date
from units.papers.document import OfficialPaper
from units.papers.workbook import (
    BODY_FONT,
    BORDER,
    HEADER_FILL,
    HEADER_FONT,
    TITLE_FONT,
    Column,
    Sheet,
    export_line,
    give_room,
    put_on_paper,
    workbook_bytes,
)


class Formula(str):
    """A text that Excel shall work out; every other text stays text."""

    __slots__ = ()


HEADER_ROW = 3  # under the title and the line that says whose list it is
MOST_ON_PAPER = 100  # lines of a category in the signed table; the workbook has all


def rows_of(ranking: Ranking) -> list[RankedEntry]:
    rows = ranking.entries.select_related("nomination__unit", "category")
    return list(rows.order_by("category__order", "category__letter", "order"))


def title_of(ranking: Ranking) -> str:
    stage = "最终" if ranking.is_final else stage_name(ranking.stage)
    return f"{ranking.campaign.title}{stage}排名表"


# ---- Word: 排名表


def ranking_paper(ranking: Ranking, names: Mapping[str, str]) -> OfficialPaper:
    """The table by category with signature lines, for the file. names: category letter → name."""
    rule = ranking.rule.parsed
    paper = OfficialPaper(title_of(ranking), ranking.campaign.organiser.name)
    paper.paragraph(
        f"按评分规则第{ranking.rule.version}版计算，{chinese_date(timezone.localtime(ranking.frozen_at).date())}冻结。"
        f"{''.join(rule_sentences(rule, names))}"
    )
    by_category = defaultdict(list)
    for row in rows_of(ranking):
        by_category[row.category].append(row)
    for category, rows in by_category.items():
        paper.heading(category.name)
        heads = [
            "名次",
            "编号",
            "项目名称",
            "单位",
            *(short_stage_name(s.code) for s in rule.stages),
            "最终",
            "席位",
        ]
        floor = rule.category(category.letter).floor
        shown = [_paper_row(row, ranking, rule, floor) for row in rows[:MOST_ON_PAPER]]
        paper.table(heads, shown)
        if len(rows) > MOST_ON_PAPER:
            paper.paragraph(f"共{len(rows)}件，本表列前{MOST_ON_PAPER}件，全部名次见电子表格。")
    paper.paragraph("席位按名次给出，是否入选以工委会议审定为准。")
    paper.paragraph(f"公开记录摘要（SHA-256）：\n{ranking.digest}")
    return paper.blank().paragraph("制表人（签名）：\n监督员（签名）：\n工委负责人（签名）：")


def _paper_row(row: RankedEntry, ranking: Ranking, rule: Rule, floor) -> list[str]:
    scores = [row.stages.get(stage.code, "—") for stage in rule.stages]
    final = row.final_text or "—"
    mark = mark_of(row, ranking, rule, floor).label
    nomination = row.nomination
    return [
        str(row.place or "—"),
        nomination.code,
        nomination.title,
        str(nomination.unit),
        *scores,
        final,
        mark,
    ]


# ---- Excel: the list, every sheet by letter, and formulas that recompute it


def ranking_workbook(
    ranking: Ranking, labels: Mapping[str, Mapping[str, str]], *, unit: str, person: str
) -> bytes:
    """One sheet for reading, then for each category its marks and the count in Excel's own formulas."""
    rule = ranking.rule.parsed
    rows = rows_of(ranking)
    reading = workbook_bytes([_reading_sheet(ranking, rule, rows, unit, person)], author=unit)
    book = load_workbook(io.BytesIO(reading))
    record = json.loads(ranking.record)
    piles = _piles(rule, record)
    titles = {row.nomination.code: row.nomination.title for row in rows}
    standings = {row["entry"]: row for row in record["standings"]}
    categories, line = {category.code: category for category in rule.categories}, export_line(unit, person)
    for letter, own in groupby(rows, lambda row: row.category.letter):
        codes, names = [row.nomination.code for row in own], labels.get(letter, {})
        _Count(book, rule, categories[letter], names, codes, piles, titles, standings, line).write()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _reading_sheet(ranking: Ranking, rule: Rule, rows: list[RankedEntry], unit: str, person: str) -> Sheet:
    columns = [
        Column("类别", "category.name"),
        Column("名次", "place", "number"),
        Column("申报编号", "nomination.code"),
        Column("项目名称", "nomination.title"),
        Column("申报单位", lambda row: str(row.nomination.unit)),
        *(
            Column(
                f"{stage_name(stage.code)}×{plain(stage.weight)}",
                _score(stage.code),
                "number",
                places=rule.places,
            )
            for stage in rule.stages
        ),
        Column("最终得分", lambda row: _figure(row.final_text), "number", places=rule.places),
        Column(
            "席位", lambda row: mark_of(row, ranking, rule, rule.category(row.category.letter).floor).label
        ),
        Column("同分说明", "tie_note"),
        Column("名次由来", "why"),
    ]
    return Sheet(
        title_of(ranking),
        columns,
        rows,
        subtitle=export_line(unit, person),
        note=f"评分规则第{ranking.rule.version}版；公开记录摘要（SHA-256）：{ranking.digest}",
        name="排名表",
    )


def _score(code: str):
    return lambda row: _figure(row.stages.get(code))


def _figure(text: str | None) -> Decimal | None:
    """The number a score was published as; Excel keeps its decimals by the column's format."""
    return Decimal(text) if text else None


def _piles(rule: Rule, record: dict[str, Any]) -> dict[tuple[str, str], list]:
    """The record's sheets by entry and stage: first the complete ones, which count, then the others."""
    entries = parse_entries(record["entries"], rule)
    category_of = {entry.code: entry.category for entry in entries}
    criteria = {(c.code, s.code): c.criteria_in(s.code) for c in rule.categories for s in rule.stages}
    piles = defaultdict(list)
    for sheet in parse_sheets(record["sheets"], rule, entries):
        complete = is_complete(criteria[category_of[sheet.entry], sheet.stage], sheet.marks)
        piles[sheet.entry, sheet.stage].append((not complete, sheet.reviewer, sheet))
    return {key: sorted(pile, key=lambda item: item[:2]) for key, pile in piles.items()}


@dataclass
class _Block:
    """Where the counted sheets of one entry and stage stand on the sheet of marks."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class _Count:
    """Two sheets for one category: the marks with their totals, and the formulas over them."""

    def __init__(
        self,
        book: Workbook,
        rule: Rule,
        category: CategoryRule,
        names: Mapping[str, str],
        codes: list[str],
        piles: dict,
        titles: dict[str, str],
        standings: dict[str, dict],
        line: str,
    ):
        self.rule, self.category, self.names = rule, category, names
        self.codes, self.piles, self.titles, self.standings = codes, piles, titles, standings
        self.line, self.decimals = line, f"0.{'0' * rule.places}" if rule.places else "0"
        self.formats = dict.fromkeys(range(3, 4 + len(category.criteria)), "0.##")
        self.marks = book.create_sheet(f"{category.code}评分")
        self.count = book.create_sheet(f"{category.code}核算")
        self.criteria = {c.code: get_column_letter(4 + n) for n, c in enumerate(category.criteria)}
        self.total = get_column_letter(4 + len(category.criteria))
        self.blocks: dict[tuple[str, str], _Block] = {}

    def write(self) -> None:
        self._write_marks()
        self._write_count()

    # ---- the marks

    def _write_marks(self) -> None:
        heads = ["申报编号", "阶段", "评委", *(self.names.get(code, code) for code in self.criteria), "合计"]
        widths = [13, 11, 11, *[11] * len(self.criteria), 14]
        _head(
            self.marks,
            f"{self.category.code}类全部评分（评委代号每件申报重新抽取）",
            heads,
            widths,
            self.line,
        )
        row = HEADER_ROW
        for code in self.codes:
            for stage in self.rule.stages:
                first = row + 1
                counted = 0
                for incomplete, _, sheet in self.piles.get((code, stage.code), ()):
                    row += 1
                    counted += not incomplete
                    self._write_sheet(row, stage, sheet, incomplete)
                if counted:
                    self.blocks[code, stage.code] = _Block(first, first + counted - 1)

    def _write_sheet(self, row: int, stage: StageRule, sheet, incomplete: bool) -> None:
        used = [c.code for c in self.category.criteria_in(stage.code)]
        marks = [float(sheet.marks[code]) if code in sheet.marks else None for code in self.criteria]
        total = "未打完，不计" if incomplete else self._total(row, used)
        _line(
            self.marks,
            row,
            [sheet.entry, stage_name(stage.code), sheet.reviewer, *marks, total],
            self.formats,
        )

    def _total(self, row: int, used: list[str]) -> str:
        cells = [(f"{self.criteria[c.code]}{row}", c) for c in self.category.criteria if c.code in used]
        if self.rule.combine == "weighted":
            return Formula("=" + "+".join(f"{cell}*{plain(c.weight)}" for cell, c in cells))
        return Formula("=" + "+".join(cell for cell, _ in cells))

    # ---- the count

    def _write_count(self) -> None:
        heads, stage_columns = ["申报编号", "项目名称"], {}
        for stage in self.rule.stages:
            label = stage_name(stage.code)
            heads.append(f"{label}有效份数")
            for criterion in self._figure_criteria(stage):
                heads.append(f"{label}{self.names.get(criterion.code, criterion.code)}")
            heads.append(f"{label}得分")
            stage_columns[stage.code] = get_column_letter(len(heads))
        heads += ["最终得分", "按得分的名次", "公布得分", "公布名次", "核对"]
        final = get_column_letter(len(heads) - 4)
        title = f"{self.category.code}类核算（公式取自“{self.marks.title}”）"
        _head(self.count, title, heads, [13, 30, *[11] * (len(heads) - 2)], self.line)
        first, last = HEADER_ROW + 1, HEADER_ROW + len(self.codes)
        for row, code in enumerate(self.codes, start=first):
            cells = self._count_row(row, code, stage_columns, final, first, last)
            whole = {n for n, head in enumerate(heads) if head.endswith(("份数", "名次"))}
            _line(
                self.count,
                row,
                cells,
                {n: "0" if n in whole else self.decimals for n in range(2, len(heads))},
            )

    def _figure_criteria(self, stage: StageRule):
        return self.category.criteria_in(stage.code) if self.rule.trim_on == "criteria" else ()

    def _count_row(
        self, row: int, code: str, columns: dict[str, str], final: str, first: int, last: int
    ) -> list:
        cells: list[Any] = [code, self.titles[code]]
        standing = self.standings[code]
        for stage in self.rule.stages:
            cells += self._stage_cells(code, stage, len(cells), row)
        if standing["final"] is None:
            return [*cells, None, None, None, None, "不排名"]
        parts = "+".join(f"{columns[s.code]}{row}*{plain(s.weight)}" for s in self.rule.stages)
        published = get_column_letter(len(cells) + 3)
        return [
            *cells,
            Formula(f"={self._rounded(parts)}"),
            Formula(f'=COUNTIF({final}${first}:{final}${last},">"&{final}{row})+1'),
            float(standing["final"]),
            standing["place"],
            Formula(f'=IF(ABS({final}{row}-{published}{row})<0.0000001,"一致","不一致")'),
        ]

    def _stage_cells(self, code: str, stage: StageRule, before: int, row: int) -> list:
        block, criteria = self.blocks.get((code, stage.code)), self._figure_criteria(stage)
        if block is None:
            return [None] * (2 + len(criteria))
        count = Formula(f"=COUNT({self._range(self.total, block)})")
        if block.size < self.rule.least:
            return [count, *[None] * len(criteria), f"不足{self.rule.least}份"]
        if not criteria:
            return [count, Formula(f"={self._published(self._average(self.total, block))}")]
        figures = [
            Formula(f"={self._published(self._average(self.criteria[c.code], block))}") for c in criteria
        ]
        shares = []
        for number, criterion in enumerate(criteria):
            cell = f"{get_column_letter(before + 2 + number)}{row}"
            weighted = self.rule.combine == "weighted"
            shares.append(self._published(f"{cell}*{plain(criterion.weight)}") if weighted else cell)
        return [count, *figures, Formula(f"={self._published('+'.join(shares))}")]

    def _range(self, column: str, block: _Block) -> str:
        return f"'{self.marks.title}'!{column}{block.first}:{column}{block.last}"

    def _average(self, column: str, block: _Block) -> str:
        """The trimmed mean or median of a block, in functions every spreadsheet program knows."""
        values, kept = self._range(column, block), block.size - self.rule.high - self.rule.low
        if self.rule.average == "mean":
            dropped = "".join(f"-LARGE({values},{n + 1})" for n in range(self.rule.high))
            dropped += "".join(f"-SMALL({values},{n + 1})" for n in range(self.rule.low))
            return f"(SUM({values}){dropped})/{kept}"
        middle = self.rule.low + (kept + 1) // 2
        if kept % 2:
            return f"SMALL({values},{middle})"
        return f"(SMALL({values},{middle})+SMALL({values},{middle + 1}))/2"

    def _published(self, formula: str) -> str:
        return self._rounded(formula) if self.rule.rounding == "published" else formula

    def _rounded(self, formula: str) -> str:
        # The inner rounding takes the dust of binary fractions away, so that an exact half goes up.
        return f"ROUND(ROUND({formula},8),{self.rule.places})"


def _head(page, title: str, heads: list[str], widths: list[float], line: str) -> None:
    for row, words, font, across in ((1, title, TITLE_FONT, "center"), (2, line, BODY_FONT, "left")):
        page.cell(row, 1, words).font = font
        page.cell(row, 1).alignment = Alignment(horizontal=across, vertical="center")
        page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(heads))
    page.row_dimensions[1].height = 30
    for number, head in enumerate(heads, start=1):
        cell = page.cell(HEADER_ROW, number, head)
        cell.font, cell.fill, cell.border = HEADER_FONT, HEADER_FILL, BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    give_room(page, HEADER_ROW, heads, put_on_paper(page, widths))
    page.freeze_panes = f"B{HEADER_ROW + 1}"
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"


def _line(page, row: int, values: Iterable[Any], formats: Mapping[int, str]) -> None:
    """formats: number format by column, from 0."""
    for number, value in enumerate(values, start=1):
        cell = page.cell(row, number)
        cell.value = str(value) if isinstance(value, Formula) else value
        if isinstance(value, str) and not isinstance(value, Formula):
            cell.data_type = "s"  # a title may begin with =, and stays a title
        cell.font, cell.border = BODY_FONT, BORDER
        cell.number_format = formats.get(number - 1, "General")
