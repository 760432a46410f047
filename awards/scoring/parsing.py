"""From the JSON of a public record to the rule, entries and sheets, and the rule back to JSON.

Strict, because a checker must not guess: what a figure depends on has to be there and in the form of
the contract (docs/scoring.md); only what the contract leaves open may be absent. Raises Refused with the
spot and the reason. Keys it does not know carry no meaning here and are left alone.
"""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from awards.scoring.arithmetic import Sheet
from awards.scoring.numbers import Refused, decimal_text, read_decimal
from awards.scoring.ranking import Entry
from awards.scoring.rule import CategoryRule, CriterionRule, Rule, StageRule

KINDS = {dict: "对象", list: "列表", str: "文字", int: "整数"}


def take(box: Mapping[str, Any], key: str, kind: type, where: str) -> Any:
    """The value at `key`, which must be there and of that JSON kind (true is no integer)."""
    if box.get(key) is None:
        raise Refused(f"{where} 缺少 {key}")
    return of_kind(box[key], kind, f"{where} 的 {key}")


def of_kind(value: Any, kind: type, where: str) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Refused(f"{where} 须为{KINDS[kind]}：{reprlib.repr(value)}")
    return value


def take_code(box: Mapping[str, Any], key: str, where: str) -> str:
    code = take(box, key, str, where)
    if not code:
        raise Refused(f"{where} 的 {key} 为空")
    return code


def take_decimal(box: Mapping[str, Any], key: str, where: str) -> Decimal:
    if box.get(key) is None:
        raise Refused(f"{where} 缺少 {key}")
    return _decimal(box[key], f"{where} 的 {key}")


def _decimal(value: Any, where: str) -> Decimal:
    try:
        return read_decimal(value)
    except Refused as reason:
        raise Refused(f"{where} {reason}") from None


# ---- the rule ----


def parse_rule(data: Mapping[str, Any]) -> Rule:
    """May be absent: version, rounding (then "published"), a stage's advance, a category's ties, a
    criterion's stages, and its weight under "sum", which ignores it."""
    trim = take(data, "trim", dict, "rule")
    combine = take(data, "combine", str, "rule")
    has_version, has_rounding = data.get("version") is not None, data.get("rounding") is not None
    categories = take(data, "categories", dict, "rule")
    return Rule(
        combine=combine,
        average=take(data, "average", str, "rule"),
        trim_on=take(trim, "on", str, "rule.trim"),
        high=take(trim, "high", int, "rule.trim"),
        low=take(trim, "low", int, "rule.trim"),
        least=take(data, "least", int, "rule"),
        places=take(data, "places", int, "rule"),
        rounding=take(data, "rounding", str, "rule") if has_rounding else "published",
        version=take(data, "version", int, "rule") if has_version else None,
        stages=tuple(_stage(item, i) for i, item in enumerate(take(data, "stages", list, "rule"))),
        categories=tuple(_category(code, categories[code], combine) for code in sorted(categories)),
    )


def _stage(data: Any, index: int) -> StageRule:
    where = f"rule.stages[{index}]"
    of_kind(data, dict, where)
    advance = {} if data.get("advance") is None else take(data, "advance", dict, where)
    places = ((code, of_kind(advance[code], int, f"{where}.advance.{code}")) for code in sorted(advance))
    return StageRule(take_code(data, "code", where), take_decimal(data, "weight", where), tuple(places))


def _category(code: str, data: Any, combine: str) -> CategoryRule:
    where = f"rule.categories.{code}"
    of_kind(data, dict, where)
    ties = [] if data.get("ties") is None else take(data, "ties", list, where)
    criteria = take(data, "criteria", list, where)
    return CategoryRule(
        code=code,
        seats=take(data, "seats", int, where),
        floor=take_decimal(data, "floor", where),
        ties=tuple(of_kind(step, str, f"{where}.ties") for step in ties),
        criteria=tuple(
            _criterion(item, f"{where}.criteria[{i}]", combine) for i, item in enumerate(criteria)
        ),
    )


def _criterion(data: Any, where: str, combine: str) -> CriterionRule:
    of_kind(data, dict, where)
    has_weight = combine != "sum" or data.get("weight") is not None
    stages = None
    if data.get("stages") is not None:
        stages = tuple(of_kind(code, str, f"{where}.stages") for code in take(data, "stages", list, where))
    return CriterionRule(
        code=take_code(data, "code", where),
        maximum=take_decimal(data, "max", where),
        weight=take_decimal(data, "weight", where) if has_weight else Decimal(1),
        stages=stages,
    )


def dump_rule(rule: Rule) -> dict[str, Any]:
    """The rule as it stands in a record; `parse_rule` gives the same rule back."""
    data = {
        "combine": rule.combine,
        "average": rule.average,
        "trim": {"on": rule.trim_on, "high": rule.high, "low": rule.low},
        "least": rule.least,
        "places": rule.places,
        "rounding": rule.rounding,
        "stages": [_dump_stage(stage) for stage in rule.stages],
        "categories": {category.code: _dump_category(category) for category in rule.categories},
    }
    return data if rule.version is None else {"version": rule.version, **data}


def _dump_stage(stage: StageRule) -> dict[str, Any]:
    data = {"code": stage.code, "weight": decimal_text(stage.weight)}
    return {**data, "advance": dict(stage.advance)} if stage.advance else data


def _dump_category(category: CategoryRule) -> dict[str, Any]:
    return {
        "seats": category.seats,
        "floor": decimal_text(category.floor),
        "ties": list(category.ties),
        "criteria": [_dump_criterion(criterion) for criterion in category.criteria],
    }


def _dump_criterion(criterion: CriterionRule) -> dict[str, Any]:
    data = {
        "code": criterion.code,
        "max": decimal_text(criterion.maximum),
        "weight": decimal_text(criterion.weight),
    }
    return data if criterion.stages is None else {**data, "stages": list(criterion.stages)}


# ---- entries and sheets ----


def parse_entries(data: list[Any], rule: Rule) -> list[Entry]:
    categories = {category.code for category in rule.categories}
    entries: dict[str, Entry] = {}
    for index, item in enumerate(data):
        where = f"entries[{index}]"
        of_kind(item, dict, where)
        entry = Entry(take_code(item, "code", where), take_code(item, "category", where))
        if entry.category not in categories:
            raise Refused(f"{where}：没有这个类别：{entry.category!r}")
        if entry.code in entries:
            raise Refused(f"{where}：申报编号重复：{entry.code!r}")
        entries[entry.code] = entry
    return list(entries.values())


def parse_sheets(data: list[Any], rule: Rule, entries: list[Entry]) -> list[Sheet]:
    category_of = {entry.code: entry.category for entry in entries}
    maxima = {
        (category.code, stage.code): {c.code: c.maximum for c in category.criteria_in(stage.code)}
        for category in rule.categories
        for stage in rule.stages
    }
    sheets: dict[tuple[str, str, str], Sheet] = {}
    for index, item in enumerate(data):
        where = f"sheets[{index}]"
        of_kind(item, dict, where)
        entry, stage, reviewer = (take_code(item, name, where) for name in ("entry", "stage", "reviewer"))
        key = entry, stage, reviewer
        if entry not in category_of:
            raise Refused(f"{where}：没有这件申报：{entry!r}")
        if (category_of[entry], stage) not in maxima:
            raise Refused(f"{where}：没有这个阶段：{stage!r}")
        if key in sheets:
            raise Refused(f"{where}：{entry} 在 {stage} 阶段有评委 {reviewer} 的两份评分")
        where = f"{where}（{entry} {stage} {reviewer}）"
        marks = _marks(take(item, "marks", dict, where), maxima[category_of[entry], stage], where)
        sheets[key] = Sheet(entry, stage, reviewer, marks)
    return list(sheets.values())


def _marks(data: Mapping[str, Any], maxima: Mapping[str, Decimal], where: str) -> dict[str, Decimal]:
    """A criterion may be open (then the sheet will not count), but none may be foreign to the stage."""
    marks = {}
    for code, text in data.items():
        if code not in maxima:
            raise Refused(f"{where}：该阶段没有这项指标：{code!r}")
        mark = _decimal(text, f"{where} 的 {code}")
        if not 0 <= mark <= maxima[code]:
            raise Refused(f"{where} 的 {code} 不在 0 到 {decimal_text(maxima[code])} 之间：{text}")
        marks[code] = mark
    return marks
