"""The public record of a ranking: canonical JSON, its digest, building, loading, comparing (docs/scoring.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from awards.scoring.arithmetic import Sheet
from awards.scoring.numbers import Refused, decimal_text, plain
from awards.scoring.parsing import dump_rule, of_kind, parse_entries, parse_rule, parse_sheets, take
from awards.scoring.ranking import BLOCKED, Entry, Standing, standings
from awards.scoring.rule import Rule
from awards.scoring.strict_json import canonical

FORMAT = "three-best-record/1"


# ---- canonical form ----


def sha256_of(record: Mapping[str, Any]) -> str:
    """The digest of a record in its canonical order (entries by code, sheets by entry, stage, reviewer);
    a digest it already carries is left out of the reckoning."""
    ordered = {
        **record,
        "entries": sorted(record["entries"], key=lambda entry: entry["code"]),
        "sheets": sorted(record["sheets"], key=lambda s: (s["entry"], s["stage"], s["reviewer"])),
    }
    return _sha256(ordered)


def _sha256(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical({k: v for k, v in record.items() if k != "digest"})).hexdigest()


# ---- writing ----


def build_record(
    campaign: str,
    rule: Rule,
    entries: Sequence[Entry],
    sheets: Sequence[Sheet],
    ranked: Iterable[Standing],
    *,
    recusals: Iterable[Mapping[str, Any]] = (),
    audit_head: str | None = None,
) -> dict[str, Any]:
    """The whole record with its digest; `canonical()` of it is the file. ranked: its `standings`.

    recusals: {"entry", "reason", "count"}. The caller draws the reviewer letters: afresh per entry.
    """
    record: dict[str, Any] = {
        "format": FORMAT,
        "campaign": campaign,
        "rule": dump_rule(rule),
        "entries": [
            {"code": entry.code, "category": entry.category}
            for entry in sorted(entries, key=lambda entry: entry.code)
        ],
        "sheets": [
            _dump_sheet(sheet) for sheet in sorted(sheets, key=lambda s: (s.entry, s.stage, s.reviewer))
        ],
        "recusals": sorted((dict(row) for row in recusals), key=lambda row: (row["entry"], row["reason"])),
        "standings": [dump_standing(standing) for standing in ranked],
    }
    if audit_head is not None:
        record["audit_head"] = audit_head
    record["digest"] = sha256_of(record)
    return record


def _dump_sheet(sheet: Sheet) -> dict[str, Any]:
    """A mark is written without idle zeros, however many decimals the database column carries."""
    marks = {code: plain(mark) for code, mark in sheet.marks.items()}
    return {"entry": sheet.entry, "stage": sheet.stage, "reviewer": sheet.reviewer, "marks": marks}


def dump_standing(standing: Standing) -> dict[str, Any]:
    data = {
        "entry": standing.entry,
        "status": standing.status,
        "stages": {stage: decimal_text(score) for stage, score in standing.stages.items()},
        "final": None if standing.final is None else decimal_text(standing.final),
        "place": standing.place,
        "tie_broken_by": standing.tie_broken_by,
        "seat": standing.seat,
    }
    return {**data, "blocked_in": standing.blocked_in} if standing.status == BLOCKED else data


# ---- reading ----


def recompute(record: Any) -> list[Standing]:
    """The standings that follow from a record's rule, entries and sheets. Raises Refused."""
    of_kind(record, dict, "记录")
    if record.get("format") != FORMAT:
        raise Refused(f"格式不是 {FORMAT}：{record.get('format')!r}")
    rule = parse_rule(take(record, "rule", dict, "记录"))
    entries = parse_entries(take(record, "entries", list, "记录"), rule)
    sheets = parse_sheets(take(record, "sheets", list, "记录"), rule, entries)
    return standings(rule, entries, sheets)


def published_standings(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The standings the record claims; empty when it claims none. Raises Refused for another shape."""
    if record.get("standings") is None:
        return []
    rows = of_kind(record["standings"], list, "standings")
    for index, row in enumerate(rows):
        take(of_kind(row, dict, f"standings[{index}]"), "entry", str, f"standings[{index}]")
    return rows


# ---- comparing ----


def differences(record: Mapping[str, Any], computed: Sequence[Standing]) -> list[str]:
    """One line for each point in which the record's standings and digest are not what follows from it."""
    rows = published_standings(record)
    lines = _standing_differences(rows, [dump_standing(standing) for standing in computed])
    if record.get("digest") is not None:
        # Arrays in another order than the canonical one are the same record, if its digest says so.
        accepted = [sha256_of(record), _sha256(record)]
        if record["digest"] not in accepted:
            lines.append(f"digest：记录为 {_text(record['digest'])}，重算为 {_text(accepted[0])}")
    return lines


def _standing_differences(published: list[dict[str, Any]], computed: list[dict[str, Any]]) -> list[str]:
    lines = []
    rows: dict[str, dict[str, Any]] = {}
    for row in published:
        if row["entry"] in rows:
            lines.append(f"{row['entry']} standings：重复的一行")
        rows.setdefault(row["entry"], row)
    for right in computed:
        row = rows.pop(right["entry"], None)
        if row is None:
            lines.append(f"{right['entry']} standings：记录中缺少这一行")
            continue
        for key in sorted(right.keys() | row.keys()):
            said, found = _text(row.get(key)), _text(right.get(key))
            if said != found or (key in row) != (key in right):
                lines.append(f"{right['entry']} {key}：记录为 {said}，重算为 {found}")
    lines += [f"{code} standings：多出的一行" for code in rows]
    if not lines and [row["entry"] for row in published] != [row["entry"] for row in computed]:
        lines.append("standings：各行次序不是按类别、名次、申报编号")
    return lines


def _text(value: Any) -> str:
    """Exact text: 1 and 1.0, "90.2" and "90.20" are different claims."""
    return canonical(value).decode()
