"""Random records of every legal shape, and an oracle that ranks them in another way.

The oracle shares nothing with the product: it reads the raw JSON, rounds with `Decimal`, drops with
`remove`, and counts places and seats entry by entry instead of sorting groups.
"""

from __future__ import annotations

import random
import statistics
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

STAGES = ("written", "live", "audit")
CRITERIA = ("effect", "novelty", "spread", "care")


def random_record(seed: int) -> dict:
    rng = random.Random(seed)
    stages = _stages(rng)
    combine = rng.choice(("sum", "weighted"))
    high, low = rng.choice(((0, 0), (1, 1), (1, 0), (0, 1), (2, 1)))
    rule = {
        "version": rng.randint(1, 3),
        "combine": combine,
        "average": rng.choice(("mean", "median")),
        "trim": {"on": rng.choice(("totals", "criteria")), "high": high, "low": low},
        "least": high + low + rng.randint(1, 3),
        "places": rng.choice((0, 1, 2, 2, 2, 3, 8)),
        "stages": stages,
        "categories": {code: _category(rng, stages) for code in rng.sample("FZX", rng.randint(1, 3))},
    }
    if rng.random() < 0.8:
        rule["rounding"] = rng.choice(("published", "final"))
    _cut(rng, rule)
    entries = [
        {"code": f"2026-{category}-{number:03}", "category": category}
        for category in rule["categories"]
        for number in range(rng.choice((0, 1, 4, 8)))
    ]
    sheets = [sheet for entry in entries for sheet in _sheets(rng, rule, entry)]
    rng.shuffle(entries)
    rng.shuffle(sheets)
    return {
        "format": "three-best-record/1",
        "campaign": "2026",
        "rule": rule,
        "entries": entries,
        "sheets": sheets,
    }


def _stages(rng: random.Random) -> list[dict]:
    weights = rng.choice((["1"], ["0.4", "0.6"], ["0.25", "0.35", "0.4"], ["0.333", "0.667"], ["0.5", "0.6"]))
    return [{"code": code, "weight": weight} for code, weight in zip(STAGES, weights, strict=False)]


def _category(rng: random.Random, stages: list[dict]) -> dict:
    criteria = []
    for code in CRITERIA[: rng.randint(1, 4)]:
        criterion = {"code": code, "max": rng.choice(("10", "30", "27.5", "100")), "weight": "0.35"}
        criterion["weight"] = rng.choice(("0.2", "0.35", "0.125", "1"))
        if criteria and rng.random() < 0.3:
            criterion["stages"] = sorted({rng.choice(stages)["code"] for _ in range(2)})
        criteria.append(criterion)
    steps = ["untrimmed_mean", *(f"stage:{c}" for c in STAGES), *(f"criterion:{c}" for c in CRITERIA)]
    return {
        "seats": rng.randint(0, 5),
        "floor": rng.choice(("0", "3", "8.5", "20")),
        "ties": rng.sample(steps, rng.randint(0, 4)),
        "criteria": criteria,
    }


def _cut(rng: random.Random, rule: dict) -> None:
    for stage in rule["stages"]:
        if rng.random() < 0.5:
            named = [code for code in rule["categories"] if rng.random() < 0.8]
            stage["advance"] = {code: rng.randint(0, 5) for code in named}


def _sheets(rng: random.Random, rule: dict, entry: dict) -> list[dict]:
    """Few different marks, so that ties of every kind are common."""
    sheets = []
    for stage in rule["stages"]:
        count = rule["least"] + rng.choice((-1, 0, 0, 0, 1, 2))
        for letter in "ABCDEFGHIJ"[: max(count, 0)]:
            marks = {
                c["code"]: rng.choice((c["max"], "7", "7.5", "8", "8.0", "9.5"))
                for c in rule["categories"][entry["category"]]["criteria"]
                if stage["code"] in c.get("stages", STAGES)
            }
            if marks and rng.random() < 0.04:
                marks.popitem()
            sheets.append(
                {"entry": entry["code"], "stage": stage["code"], "reviewer": letter, "marks": marks}
            )
    return sheets


# ---- the oracle ----


def oracle(record: dict) -> list[dict]:
    rule = record["rule"]
    rows = []
    for category in sorted(rule["categories"]):
        codes = sorted(e["code"] for e in record["entries"] if e["category"] == category)
        rows += _rank(rule, category, codes, record["sheets"])
    return rows


def _rank(rule: dict, category: str, codes: list[str], sheets: list[dict]) -> list[dict]:
    own = rule["categories"][category]
    scores: dict[str, dict] = {code: {} for code in codes}
    status = dict.fromkeys(codes, "ranked")
    blocked_in = {}
    for stage in rule["stages"]:
        for code in codes:
            if status[code] == "ranked":
                valid = _valid(own, stage["code"], code, sheets)
                if len(valid) < rule["least"]:
                    status[code], blocked_in[code] = "blocked", stage["code"]
                else:
                    scores[code][stage["code"]] = _score(rule, own, stage["code"], valid)
        here = [code for code in codes if status[code] == "ranked"]
        goes_on = stage.get("advance", {}).get(category, len(here))
        for code in here:
            better = [x for x in here if scores[x][stage["code"]] > scores[code][stage["code"]]]
            if len(better) >= goes_on:
                status[code] = "not_shortlisted"
    ranked = [code for code in codes if status[code] == "ranked"]
    keys = {code: _keys(rule, own, code, scores[code], sheets) for code in ranked}
    rows = [_row(rule, own, code, scores[code], keys) for code in ranked]
    rows.sort(key=lambda row: (row["place"], row["entry"]))
    for code in codes:
        if status[code] != "ranked":
            row = {"entry": code, "status": status[code], "stages": _shown(rule, scores[code])}
            row.update(final=None, place=None, tie_broken_by=None, seat=False)
            if code in blocked_in:
                row["blocked_in"] = blocked_in[code]
            rows.append(row)
    return rows


def _criteria(own: dict, stage: str) -> list[dict]:
    return [c for c in own["criteria"] if "stages" not in c or stage in c["stages"]]


def _valid(own: dict, stage: str, code: str, sheets: list[dict]) -> list[dict]:
    wanted = {c["code"] for c in _criteria(own, stage)}
    return [
        s["marks"] for s in sheets if (s["entry"], s["stage"]) == (code, stage) and wanted == set(s["marks"])
    ]


def _total(rule: dict, criteria: list[dict], marks: dict) -> Fraction:
    weigh = rule["combine"] == "weighted"
    return sum(
        (Fraction(marks[c["code"]]) * Fraction(c["weight"] if weigh else 1) for c in criteria), Fraction()
    )


def _score(rule: dict, own: dict, stage: str, valid: list[dict]) -> Fraction:
    criteria = _criteria(own, stage)
    each = rule.get("rounding", "published") == "published"
    step = (lambda value: _half_up(value, rule["places"])) if each else (lambda value: value)
    if rule["trim"]["on"] == "totals":
        return step(_average(rule, [_total(rule, criteria, marks) for marks in valid]))
    score = Fraction()
    for c in criteria:
        value = step(_average(rule, [Fraction(marks[c["code"]]) for marks in valid]))
        score += step(value * Fraction(c["weight"])) if rule["combine"] == "weighted" else value
    return step(score)


def _average(rule: dict, values: list[Fraction]) -> Fraction:
    values = list(values)
    for _ in range(rule["trim"]["high"]):
        values.remove(max(values))
    for _ in range(rule["trim"]["low"]):
        values.remove(min(values))
    return Fraction(statistics.mean(values) if rule["average"] == "mean" else statistics.median(values))


def _half_up(value: Fraction, places: int) -> Fraction:
    return Fraction(_text(value, places))


def _text(value: Fraction, places: int) -> str:
    with localcontext() as context:
        context.prec = 80
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return format(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), "f")


def _shown(rule: dict, scores: dict) -> dict:
    return {stage: _text(score, rule["places"]) for stage, score in scores.items()}


def _keys(rule: dict, own: dict, code: str, scores: dict, sheets: list[dict]) -> list[tuple]:
    """(step, figure) from the final down the tie chain; bigger is better."""
    weight = {stage["code"]: Fraction(stage["weight"]) for stage in rule["stages"]}
    final = sum((scores[stage] * weight[stage] for stage in weight), Fraction())
    keys = [(None, _half_up(final, rule["places"]))]
    valid = {stage: _valid(own, stage, code, sheets) for stage in weight}
    for step in own["ties"]:
        kind, _, name = step.partition(":")
        if kind == "untrimmed_mean":
            totals = {s: [_total(rule, _criteria(own, s), marks) for marks in valid[s]] for s in weight}
            keys.append((step, sum(weight[s] * sum(totals[s]) / len(totals[s]) for s in weight)))
        elif kind == "stage" and name in weight:
            keys.append((step, scores[name]))
        elif kind == "criterion" and name in [c["code"] for c in own["criteria"]]:
            having = [s for s in weight if name in [c["code"] for c in _criteria(own, s)]]
            means = {s: sum(Fraction(marks[name]) for marks in valid[s]) / len(valid[s]) for s in having}
            keys.append((step, sum(weight[s] * means[s] for s in having)))
    return keys


def _row(rule: dict, own: dict, code: str, scores: dict, keys: dict[str, list[tuple]]) -> dict:
    figures = {other: [value for _, value in pairs] for other, pairs in keys.items()}
    mine = figures[code]
    better = sum(1 for other in figures.values() if other > mine)
    sharing = sum(1 for other in figures.values() if other == mine)
    if mine[0] < Fraction(own["floor"]) or better >= own["seats"]:
        seat = False
    else:
        seat = True if better + sharing <= own["seats"] else None
    return {
        "entry": code,
        "status": "ranked",
        "stages": _shown(rule, scores),
        "final": _text(mine[0], rule["places"]),
        "place": better + 1,
        "tie_broken_by": _broken_by(code, keys) if sharing == 1 else None,
        "seat": seat,
    }


def _broken_by(code: str, keys: dict[str, list[tuple]]) -> str | None:
    """The latest of the first steps at which another entry of the same final falls apart from this."""
    latest = 0
    for other, pairs in keys.items():
        if other != code and pairs[0] == keys[code][0]:
            apart = [i for i, (a, b) in enumerate(zip(pairs, keys[code], strict=True)) if a != b]
            latest = max(latest, apart[0])
    return keys[code][latest][0]
