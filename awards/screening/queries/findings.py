"""What the rows say before anybody reads: an answer proposed for the automatic questions, hints for others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from awards.campaign.queries.calendar import working_calendar
from awards.campaign.rules.working_days import local_date
from awards.catalogue import typed
from awards.nomination.models import AttachmentKind, Nomination
from awards.nomination.queries.answers import answer
from awards.nomination.queries.content import limits_of
from awards.nomination.queries.stamp import stamp_findings
from awards.nomination.rules.completeness import completeness, gaps_of
from awards.nomination.rules.limits import (
    places_problem,
    records_warnings,
    unit_notice_days,
    unit_notice_problem,
)
from awards.screening.queries.file import File
from awards.screening.queries.likeness import Similar, similar_files
from awards.screening.queries.reading import activity_days, claim_rows
from awards.screening.rules.blindness import find_identity
from awards.screening.rules.checklist import Answer, Facts, Mark, automatic_marks
from awards.states import HOLDS_A_PLACE, State
from units.known import known

if TYPE_CHECKING:
    from awards.screening.queries.file import Screened


@dataclass(frozen=True)
class Finding:
    """mark: the answer proposed, None where only a person can tell; hints: sentences beside the question."""

    mark: Mark | None = None
    hints: tuple[str, ...] = ()


def findings_of(file: File) -> tuple[dict[str, Finding], list[Similar]]:
    """The findings by question, and the files like this one. Three questions to the database."""
    nomination, content = file.nomination, file.content
    similar = similar_files(nomination, content)
    proposed = automatic_marks(_facts(nomination, content, similar))
    found = {item: Finding(mark) for item, mark in proposed.items()}
    found["unit"] = Finding(_unit_mark(nomination))
    found["unit_notice"] = _unit_notice(content)
    fault, expected = stamp_findings(content)
    found["seal"] = Finding(Mark(Answer.FIX, fault) if fault else None, (expected,))
    found["blind"] = _identity(content, file.names)
    others = tuple(one.sentence for one in similar if not one.is_own)
    found["repeat"] = replace(found["repeat"], hints=others)
    found["records"] = replace(found["records"], hints=tuple(_explained(content)))
    return found, similar


def _facts(nomination: Screened, content: Mapping[str, Any], similar: list[Similar]) -> Facts:
    started = content.get("started_on")
    closing = nomination.closes_at or nomination.submitted_at
    return Facts(
        year=nomination.campaign.year,
        started_on=date.fromisoformat(started) if isinstance(started, str) and started else None,
        closing_on=local_date(known(closing)),
        quota_problem=places_problem(
            nomination.held_in_category, nomination.held_in_all, nomination.per_category, nomination.places
        )
        or "",
        repeats=[one.sentence for one in similar if one.is_own and _repeats(nomination, one)],
        gaps=[f"{gap.text}。" for gap in gaps_of(form_map(nomination, content))],
        records_remarks=[*records_warnings(activity_days(content)), *_figure_gaps(content)],
    )


def form_map(nomination: Nomination, content: Mapping[str, Any]):
    """How complete the frozen form is, by the rule the unit's own page uses."""
    files = content.get("attachments") or []
    answers = {
        **content,
        "evidence": content.get("activities") or [],
        "sealed": any(one.get("kind") == AttachmentKind.SEALED for one in files),
    }
    return completeness(nomination.category.letter, answers, limits=limits_of(nomination.campaign))


def _figure_gaps(content: Mapping[str, Any]) -> list[str]:
    """What differs from the records and is not explained."""
    return [f"“{row.indicator}”{row.gap}" for row in claim_rows(content) if row.gap and not row.explanation]


def _explained(content: Mapping[str, Any]) -> list[str]:
    """What differs and is explained: somebody has to judge the explanation."""
    rows = [row for row in claim_rows(content) if row.gap and row.explanation]
    return [f"“{row.indicator}”{row.gap}申报单位说明：{row.explanation}" for row in rows]


def _repeats(nomination: Nomination, other: Similar) -> bool:
    """Selected before, or put forward in another category of this year as well."""
    if other.campaign_code != nomination.campaign.code:
        return other.state == State.SELECTED
    return other.category != nomination.category.name and other.state in HOLDS_A_PLACE


def _unit_mark(nomination: Nomination) -> Mark:
    unit, today = nomination.unit, timezone.localdate()
    if not unit.path.startswith(nomination.campaign.organiser.path) or unit.top_id is None:
        return Mark(Answer.FAIL, "申报单位不属于本届评选范围。")
    if unit.active_from > today or (unit.active_to and unit.active_to < today):
        return Mark(Answer.FAIL, "申报单位已撤销。")
    return Mark(Answer.PASS)


def _unit_notice(content: Mapping[str, Any]) -> Finding:
    first, last = content.get("unit_notice_from"), content.get("unit_notice_to")
    if not (first and last):
        return Finding(Mark(Answer.FIX, "未填本单位公示起止日期。"))
    first, last = date.fromisoformat(str(first)), date.fromisoformat(str(last))
    calendar = working_calendar(range(first.year, last.year + 1))
    days = unit_notice_days(calendar, first, last)
    hints = (f"{first:%Y-%m-%d}至{last:%Y-%m-%d}，共{days}个工作日。",)
    if problem := unit_notice_problem(days):
        return Finding(Mark(Answer.FIX, problem), hints)
    return Finding(Mark(Answer.PASS), hints)


def _identity(content: Mapping[str, Any], names: list[str]) -> Finding:
    """Where the text itself names its unit; reviewers of the written stage see a word in its place."""
    hints = []
    for one in typed(blind="masked"):
        spans = find_identity(answer(one, content), names)
        if spans:
            said = "、".join(dict.fromkeys(span.name for span in spans))
            hints.append(f"{one.label}出现{said}（{len(spans)}处），匿名评审时以“某单位”代替。")
    return Finding(None, tuple(hints))
