"""A submission laid out for the officer, part by part, with what changed since the one before.

Read from the frozen content alone: a returned file is being edited by its unit, and the office has no
business in a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from awards import catalogue
from awards.nomination.queries.answers import answer, changes
from awards.nomination.rules.limits import claimed_vs_recorded
from awards.nomination.rules.measured import measured_by
from units.kit.differences import Piece, woven


@dataclass(frozen=True)
class Answer:
    """One answer of the form. pieces: its text, woven with the former one where it changed."""

    code: str
    label: str
    pieces: list[Piece]
    is_long: bool
    changed: bool
    remark: str = ""


@dataclass(frozen=True)
class ClaimRow:
    indicator: str
    before: str
    value: str
    recorded: str
    source: str
    gap: str
    explanation: str


@dataclass(frozen=True)
class Part:
    """A section of the form with its answers."""

    code: str
    label: str
    answers: list[Answer] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any(answer.changed for answer in self.answers)


def parts_of(
    content: Mapping[str, Any], former: Mapping[str, Any] | None, remarks: Mapping[str, str]
) -> list[Part]:
    """The typed answers of a submission; `former` is the submission before it, `remarks` what was asked of it."""
    parts = []
    for section in catalogue.SECTIONS:
        fields = catalogue.of_section(section.code)
        answers = [_answer(one, content, former, remarks) for one in fields if one.is_typed]
        answers = [one for one in answers if any(piece.text for piece in one.pieces) or one.remark]
        if answers or section.code == "figures":  # claims and records are rows, shown below the answers
            parts.append(Part(section.code, section.label, answers))
    return parts


def _answer(
    one: catalogue.Field,
    content: Mapping[str, Any],
    former: Mapping[str, Any] | None,
    remarks: Mapping[str, str],
) -> Answer:
    text = answer(one, content)
    old = text if former is None else answer(one, former)
    return Answer(one.code, one.title, woven(old, text), one.is_long, old != text, remarks.get(one.code, ""))


def claim_rows(content: Mapping[str, Any]) -> list[ClaimRow]:
    """Claimed figures beside what the cited records add up to at the moment of submission."""
    recorded = content.get("recorded") or {}
    rows = []
    for claim in content.get("claims") or []:
        figure = recorded.get(measured_by(claim["metric"], claim["indicator"], claim.get("measure") or ""))
        gap = ""
        if figure is not None:
            gap = claimed_vs_recorded(Decimal(claim["value"]), Decimal(figure)).sentence
        measure = claim.get("measure") or ""
        rows.append(
            ClaimRow(
                claim["indicator"],
                claim.get("before") or "—",
                f"{claim['value']}{measure}",
                "—" if figure is None else f"{figure}{measure}",
                claim.get("source") or "—",
                gap,
                claim.get("explanation") or "",
            )
        )
    return rows


def activity_days(content: Mapping[str, Any]) -> list[date]:
    return [date.fromisoformat(row["happened_on"]) for row in content.get("activities") or []]


def changes_in_rows(content: Mapping[str, Any], former: Mapping[str, Any] | None) -> dict[str, list[Piece]]:
    """What changed in the lists (claims, records, partners, files), as lines woven together."""
    found = changes(former, content) if former else []
    return {one.code: one.pieces for one in found if not catalogue.known(one.code).is_typed}
