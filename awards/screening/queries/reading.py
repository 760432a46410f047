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

from awards.nomination.models import BODY_SECTIONS, InnovationKind, Metric, Nomination, ProjectKind
from awards.nomination.rules import PART_LABELS, PARTS, Piece, claimed_vs_recorded, mask_phone, text_changes
from services.models import ServiceKind

LONG = frozenset({"summary", *BODY_SECTIONS})
LABELS = {column.name: str(column.verbose_name) for column in Nomination._meta.concrete_fields} | PART_LABELS
CHOICES = {"innovation_kind": InnovationKind, "project_kind": ProjectKind}
PHONES = frozenset({"leader_phone", "contact_phone"})  # whole on the file's own page, where reading is logged
ROWS = frozenset({"claims", "evidence", "partners", "attachments", "sealed"})
METRICS = dict(Metric.choices)
KINDS = dict(ServiceKind.choices)


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
    for code, names in PARTS.items():
        answers = [_answer(name, content, former, remarks) for name in names if name not in ROWS]
        answers = [one for one in answers if any(piece.text for piece in one.pieces) or one.remark]
        if answers or code == "figures":  # claims and records are rows, shown below the answers
            parts.append(Part(code, LABELS[code], answers))
    return parts


def _answer(
    name: str, content: Mapping[str, Any], former: Mapping[str, Any] | None, remarks: Mapping[str, str]
) -> Answer:
    text = shown(name, content.get(name))
    old = text if former is None else shown(name, former.get(name))
    if old == text:
        pieces = [Piece("same", text)]
    elif name in LONG:
        pieces = text_changes(old, text)
    else:
        pieces = [Piece("gone", old)] * bool(old) + [Piece("new", text)] * bool(text)
    return Answer(name, LABELS[name], pieces, name in LONG, old != text, remarks.get(name, ""))


def shown(name: str, value: Any) -> str:
    """A frozen value as a page prints it."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "已承诺" if value else "未承诺"
    if name in PHONES:
        return mask_phone(str(value))
    if name == "service_kinds":
        return "、".join(KINDS.get(kind, kind) for kind in value)
    if name in CHOICES:
        return dict(CHOICES[name].choices).get(value, value)
    return f"{value}%" if name == "satisfaction_percent" else str(value)


def claim_rows(content: Mapping[str, Any]) -> list[ClaimRow]:
    """Claimed figures beside what the cited records add up to at the moment of submission."""
    recorded = content.get("recorded") or {}
    rows = []
    for claim in content.get("claims") or []:
        figure = recorded.get(claim["metric"]) if claim["metric"] != Metric.OTHER else None
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
            )
        )
    return rows


def activity_days(content: Mapping[str, Any]) -> list[date]:
    return [date.fromisoformat(row["happened_on"]) for row in content.get("activities") or []]


def changes_in_rows(content: Mapping[str, Any], former: Mapping[str, Any] | None) -> dict[str, list[Piece]]:
    """What changed in the lists (claims, records, partners, files), as lines woven together."""
    if former is None:
        return {}
    writers = {
        "claims": lambda row: f"{row['indicator']} {row['value']}{row.get('measure') or ''}",
        "activities": lambda row: f"{row['happened_on']} {row['subject']}",
        "partners": lambda row: f"{row['name']} {row['share']}%",
        "attachments": lambda row: row["name"],
    }
    found = {}
    for name, write in writers.items():
        old, new = ("\n".join(map(write, side.get(name) or [])) for side in (former, content))
        if old != new:
            found[name] = text_changes(old + "\n", new + "\n")
    return found
