"""The map beside the form: sections with n/m, the list of gaps with jump links, and what to warn of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from awards.campaign.queries.calendar import working_calendar
from awards.campaign.rules.working_days import local_date
from awards.catalogue import Field, known
from awards.nomination.models import Nomination
from awards.nomination.queries.content import ClaimLine
from awards.nomination.queries.places import elsewhere
from awards.nomination.rules.completeness import SectionState, percent_of
from awards.nomination.rules.limits import (
    in_operation_long_enough,
    records_warnings,
    unit_notice_days,
    unit_notice_problem,
)
from units.papers.typesetting import in_quotes

if TYPE_CHECKING:
    from awards.nomination.models import WithRows


@dataclass(frozen=True)
class MapLine:
    """One section. state: done, part, todo or stop (something must be put right); text: n/m."""

    anchor: str
    label: str
    state: str
    text: str


@dataclass(frozen=True)
class GapLink:
    anchor: str
    text: str


@dataclass(frozen=True)
class FormMap:
    sections: tuple[MapLine, ...]
    gaps: tuple[GapLink, ...]
    filled: int
    needed: int
    percent: int


def form_map(states: Sequence[SectionState]) -> FormMap:
    """What `components/_section_map.html` draws."""
    gaps = [gap for state in states for gap in state.gaps]
    return FormMap(
        sections=tuple(MapLine(state.code, state.label, *_section_mark(state)) for state in states),
        gaps=tuple(GapLink(_anchor(known(gap.code)), gap.text) for gap in gaps),
        filled=sum(state.done for state in states),
        needed=sum(state.total for state in states),
        percent=percent_of(states),
    )


def _anchor(field: Field) -> str:
    """Gaps in rows stand where the rows are kept; every other gap at its field, or at the group of its boxes."""
    return field.anchor or f"{'div_id' if field.kind == 'services' else 'id'}_{field.code}"


def _section_mark(state: SectionState) -> tuple[str, str]:
    counted = f"{state.done}/{state.total}"
    if len(state.gaps) > state.total - state.done:  # more is wrong than what is missing: a text is too long
        return "stop", "超字数"
    if state.done == state.total:
        return "done", counted
    return ("part" if state.done else "todo"), counted


def warnings_of(
    nomination: WithRows, lines: Sequence[ClaimLine], days: Sequence[date], waiting: Sequence[str]
) -> list[str]:
    """What does not stop a submission but will be asked at screening.

    days: dates of the cited records; waiting: partners that were asked and have not answered.
    """
    warnings = [
        f"“{line.claim.indicator}”{line.gap.sentence.rstrip('。')}，请在“说明”栏写明原因。"
        for line in lines
        if line.gap and line.gap.flagged and not line.claim.explanation
    ]
    warnings += [f"“{line.claim.indicator}”未注明数据来源。" for line in lines if not line.claim.source]
    warnings += records_warnings(days)
    warnings += [f"{unit}尚未确认联合申报，提交后不计入。" for unit in waiting]
    warnings += [repeat_remark(twin) for twin in elsewhere(nomination)]
    return warnings + _date_warnings(nomination)


def repeat_remark(twin: Nomination) -> str:
    """Said when a copy is begun and before it is handed over; screening finds it by the same measure."""
    return (
        f"与本单位已在{twin.category.name}申报的{in_quotes(twin.title)}相近。"
        "同一项目只能申报一个类别，重复申报的资格审查不予受理。"
    )


def _date_warnings(nomination: WithRows) -> list[str]:
    """What the dates of a file read `with_rows` will be asked about."""
    warnings = []
    started, closing = nomination.started_on, nomination.closes_at
    if started and started.year > nomination.campaign.year:
        warnings.append(f"实施开始日期在{nomination.campaign.year}年之后。")
    elif started and closing and not in_operation_long_enough(started, local_date(closing)):
        warnings.append("到申报截止之日运行不满3个月，资格审查可能不予受理。")
    first, last = nomination.unit_notice_from, nomination.unit_notice_to
    if first and last:
        days = unit_notice_days(working_calendar(range(first.year, last.year + 1)), first, last)
        if problem := unit_notice_problem(days):
            warnings.append(problem)
    return warnings
