"""The record as a file: canonical bytes, digest, building, and what is refused with which reason."""

import copy
import hashlib
import json
from decimal import Decimal

import pytest

from awards.scoring.numbers import Refused
from awards.scoring.parsing import dump_rule, parse_entries, parse_rule, parse_sheets
from awards.scoring.ranking import standings
from awards.scoring.record import build_record, differences, recompute, sha256_of
from awards.scoring.strict_json import canonical, load_json
from tests.awards.scoring.random_records import random_record


def a_record():
    """The smallest record with a bit of everything."""
    return {
        "format": "three-best-record/1",
        "campaign": "2026",
        "rule": {
            "version": 1,
            "combine": "sum",
            "average": "mean",
            "trim": {"on": "totals", "high": 0, "low": 0},
            "least": 1,
            "places": 2,
            "rounding": "published",
            "stages": [
                {"code": "written", "weight": "0.4", "advance": {"F": 10}},
                {"code": "live", "weight": "0.6"},
            ],
            "categories": {
                "F": {
                    "seats": 5,
                    "floor": "80",
                    "ties": ["untrimmed_mean", "stage:live", "criterion:effect"],
                    "criteria": [
                        {"code": "effect", "max": "30", "weight": "1"},
                        {"code": "talk", "max": "70", "weight": "1", "stages": ["live"]},
                    ],
                }
            },
        },
        "entries": [{"code": "2026-F-001", "category": "F"}],
        "sheets": [
            {"entry": "2026-F-001", "stage": "written", "reviewer": "A", "marks": {"effect": "27.5"}},
            {
                "entry": "2026-F-001",
                "stage": "live",
                "reviewer": "A",
                "marks": {"effect": "28", "talk": "60"},
            },
        ],
    }


def built(record):
    rule = parse_rule(record["rule"])
    entries = parse_entries(record["entries"], rule)
    sheets = parse_sheets(record["sheets"], rule, entries)
    return build_record(record["campaign"], rule, entries, sheets, standings(rule, entries, sheets))


# ---- canonical form and digest ----


def test_canonical_bytes_are_utf8_without_escapes_spaces_or_newline():
    assert (
        canonical({"b": ["区"], "a": None, "c": True, "d": 1})
        == '{"a":null,"b":["区"],"c":true,"d":1}'.encode()
    )


def test_the_digest_is_of_the_canonical_bytes_without_itself():
    record = built(a_record())
    bare = {key: value for key, value in record.items() if key != "digest"}
    text = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    assert record["digest"] == hashlib.sha256(text.encode()).hexdigest() == sha256_of(record)


def test_a_built_record_is_sorted_and_carries_what_it_was_given():
    record = random_record(11)
    rule = parse_rule(record["rule"])
    entries = parse_entries(record["entries"], rule)
    sheets = parse_sheets(record["sheets"], rule, entries)
    recusals = [{"entry": "b", "reason": "own_unit", "count": 1}, {"entry": "a", "reason": "kin", "count": 2}]

    result = build_record("2026", rule, entries, sheets, [], recusals=recusals, audit_head="ab" * 32)

    assert result["audit_head"] == "ab" * 32
    codes = [entry["code"] for entry in result["entries"]]
    keys = [(sheet["entry"], sheet["stage"], sheet["reviewer"]) for sheet in result["sheets"]]
    assert (len(codes), len(keys)) == (len(entries), len(sheets)) > (1, 1)
    assert (codes, keys) == (sorted(codes), sorted(keys))
    assert [row["entry"] for row in result["recusals"]] == ["a", "b"]
    assert "audit_head" not in build_record("2026", rule, entries, sheets, [])


def test_marks_are_written_without_idle_zeros():
    record = a_record()
    record["sheets"][0]["marks"]["effect"] = "20.00"
    record["sheets"][1]["marks"]["effect"] = "27.50"

    marks = {sheet["stage"]: sheet["marks"] for sheet in built(record)["sheets"]}

    assert marks == {"written": {"effect": "20"}, "live": {"effect": "27.5", "talk": "60"}}


@pytest.mark.parametrize("seed", range(40))
def test_record_to_recount_to_the_same_digest(seed):
    record = built(random_record(seed))
    again = load_json(canonical(record))

    assert differences(again, recompute(again)) == []
    assert built(again)["digest"] == sha256_of(again) == record["digest"]


@pytest.mark.parametrize("seed", range(40))
def test_a_rule_survives_the_way_to_json_and_back(seed):
    data = random_record(seed)["rule"]
    rule = parse_rule(data)

    assert parse_rule(dump_rule(rule)) == rule
    expected = {"rounding": "published", **data}
    expected["stages"] = [{k: v for k, v in s.items() if v != {}} for s in data["stages"]]
    assert dump_rule(rule) == expected


def test_the_same_content_in_another_order_or_layout_keeps_its_digest():
    record = built(random_record(11))
    other = json.loads(json.dumps(record, indent=4))
    other["entries"].reverse()
    other["sheets"].reverse()

    assert differences(other, recompute(other)) == []


def test_a_digest_over_the_order_as_it_stands_is_accepted_too():
    record = built(a_record())
    assert [sheet["stage"] for sheet in record["sheets"]] == ["live", "written"]
    record["sheets"].reverse()  # a stranger who sorts stages as the rule lists them
    bare = {key: value for key, value in record.items() if key != "digest"}
    record["digest"] = hashlib.sha256(canonical(bare)).hexdigest()

    assert differences(record, recompute(record)) == []


# ---- what may be absent ----


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.pop("campaign"),
        lambda r: r["rule"].pop("version"),
        lambda r: r["rule"].pop("rounding"),
        lambda r: r["rule"]["stages"][0].pop("advance"),
        lambda r: r["rule"]["stages"][0].update(advance=None),
        lambda r: r["rule"]["stages"][0].update(advance={}),
        lambda r: r["rule"]["categories"]["F"]["criteria"][0].pop("weight"),
        lambda r: r["rule"]["categories"]["F"]["criteria"][0].update(stages=None),
        lambda r: r["rule"]["categories"]["F"].pop("ties"),
        lambda r: r.update(recusals=[], audit_head="0", remark="any", digest=None, standings=None),
        lambda r: r["sheets"][0].update(note="kept"),
    ],
)
def test_what_changes_no_figure_may_be_absent_or_added(change):
    record = a_record()
    expected = recompute(record)
    change(record)

    assert recompute(record) == expected


def test_entries_and_sheets_may_be_empty():
    record = a_record() | {"entries": [], "sheets": []}

    assert recompute(record) == []


# ---- what is refused ----


def at(path, value):
    """A change: put `value` at the path; `...` takes the key away."""

    def change(record):
        *way, last = path.split(".")
        box = record
        for step in way:
            box = box[int(step)] if isinstance(box, list) else box[step]
        if value is ...:
            del box[last]
        elif isinstance(box, list):
            box[int(last)] = value
        else:
            box[last] = value

    return change


F = "rule.categories.F"
REFUSED = [
    ("format", ..., "格式"),
    ("format", "three-best-record/2", "格式"),
    ("format", 1, "格式"),
    ("rule", ..., "缺少 rule"),
    ("rule", None, "缺少 rule"),
    ("rule", [], "rule 须为对象"),
    ("entries", ..., "缺少 entries"),
    ("entries", {}, "entries 须为列表"),
    ("sheets", ..., "缺少 sheets"),
    ("sheets", "none", "sheets 须为列表"),
    *(
        (f"rule.{key}", ..., f"缺少 {key}")
        for key in ("combine", "average", "trim", "least", "places", "stages")
    ),
    ("rule.categories", ..., "缺少 categories"),
    ("rule.version", "1", "version 须为整数"),
    ("rule.combine", "product", "combine"),
    ("rule.average", "mode", "average"),
    ("rule.rounding", "never", "rounding"),
    ("rule.trim.on", "sheets", "trim_on"),
    ("rule.trim.high", ..., "缺少 high"),
    ("rule.trim.low", "1", "low 须为整数"),
    ("rule.trim.high", 1, "须大于"),
    ("rule.least", 0, "须大于"),
    ("rule.least", True, "least 须为整数"),
    ("rule.places", 2.0, "places 须为整数"),
    ("rule.places", -1, "places"),
    ("rule.stages", [], "没有评审阶段"),
    ("rule.stages.0", "written", "须为对象"),
    ("rule.stages.0.code", ..., "缺少 code"),
    ("rule.stages.0.code", "", "code 为空"),
    ("rule.stages.0.code", "live", "重复"),
    ("rule.stages.0.weight", ..., "缺少 weight"),
    ("rule.stages.0.weight", 0.4, "不是十进制数"),
    ("rule.stages.0.weight", "-0.4", "小于 0"),
    ("rule.stages.0.advance", 10, "advance 须为对象"),
    ("rule.stages.0.advance", {"Q": 1}, "没有这个类别"),
    ("rule.stages.0.advance", {"F": "10"}, "须为整数"),
    ("rule.stages.0.advance", {"F": -1}, "小于 0"),
    (F, [], "须为对象"),
    (f"{F}.seats", ..., "缺少 seats"),
    (f"{F}.seats", -1, "小于 0"),
    (f"{F}.floor", ..., "缺少 floor"),
    (f"{F}.floor", 80, "不是十进制数"),
    (f"{F}.ties", "untrimmed_mean", "ties 须为列表"),
    (f"{F}.ties", ["toss"], "无法识别"),
    (f"{F}.ties", [1], "须为文字"),
    (f"{F}.criteria", ..., "缺少 criteria"),
    (f"{F}.criteria.0", "effect", "须为对象"),
    (f"{F}.criteria.1.code", "effect", "重复"),
    (f"{F}.criteria.0.max", ..., "缺少 max"),
    (f"{F}.criteria.0.max", "many", "不是十进制数"),
    (f"{F}.criteria.0.max", "-1", "小于 0"),
    (f"{F}.criteria.0.weight", "x", "不是十进制数"),
    (f"{F}.criteria.1.stages", ["moon"], "不存在的阶段"),
    (f"{F}.criteria.1.stages", [], "不属于任何阶段"),
    (f"{F}.criteria.1.stages", "live", "stages 须为列表"),
    ("entries.0", "2026-F-001", "须为对象"),
    ("entries.0.code", 1, "code 须为文字"),
    ("entries.0.category", "Q", "没有这个类别"),
    ("entries.0.category", ..., "缺少 category"),
    ("sheets.0", [], "须为对象"),
    ("sheets.0.entry", "2026-F-999", "没有这件申报"),
    ("sheets.0.entry", [], "entry 须为文字"),
    ("sheets.0.stage", "moon", "没有这个阶段"),
    ("sheets.0.reviewer", ..., "缺少 reviewer"),
    ("sheets.0.reviewer", 7, "reviewer 须为文字"),
    ("sheets.0.marks", ..., "缺少 marks"),
    ("sheets.0.marks", ["27.5"], "marks 须为对象"),
    ("sheets.0.marks.beauty", "5", "没有这项指标"),
    ("sheets.0.marks.talk", "5", "没有这项指标"),  # a criterion of another stage
    *(
        ("sheets.0.marks.effect", mark, "不是十进制数")
        for mark in ("", " 5", "1e1", "NaN", "Infinity", "５", "abc", 5, 27.5, True, None, [])
    ),
    ("sheets.0.marks.effect", "30.5", "不在 0 到 30 之间"),
    ("sheets.0.marks.effect", "-0.5", "不在 0 到 30 之间"),
]


@pytest.mark.parametrize(("path", "value", "reason"), REFUSED)
def test_what_cannot_be_taken_is_refused_with_its_reason(path, value, reason):
    record = a_record()
    recompute(record)
    at(path, value)(record)

    with pytest.raises(Refused, match=reason):
        recompute(record)


def test_a_weight_is_needed_where_it_counts():
    record = a_record()
    record["rule"]["combine"] = "weighted"
    recompute(record)
    del record["rule"]["categories"]["F"]["criteria"][0]["weight"]

    with pytest.raises(Refused, match="缺少 weight"):
        recompute(record)


@pytest.mark.parametrize(("name", "reason"), [("entries", "申报编号重复"), ("sheets", "两份评分")])
def test_nothing_may_stand_twice(name, reason):
    record = a_record()
    record[name].append(copy.deepcopy(record[name][0]))

    with pytest.raises(Refused, match=reason):
        recompute(record)


def test_two_sheets_of_one_reviewer_are_refused_even_if_one_is_unfinished():
    record = a_record()
    record["sheets"].append({**record["sheets"][1], "marks": {}})

    with pytest.raises(Refused, match="两份评分"):
        recompute(record)


@pytest.mark.parametrize("record", [None, [], "record", 7])
def test_a_record_is_an_object(record):
    with pytest.raises(Refused, match="须为对象"):
        recompute(record)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"not json",
        b"\xff\xfe{}",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": 1, "a": 2}',
        b'"\\ud800"',
        b"[" * 100_000,
        b"1" * 5000,
    ],
)
def test_what_is_no_strict_json_is_refused(data):
    with pytest.raises(Refused):
        load_json(data)


def test_a_byte_order_mark_is_no_obstacle():
    assert load_json("\ufeff{}".encode()) == {}


# ---- what differs ----


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("standings.0.final", "82.11", '2026-F-001 final：记录为 "82.11"，重算为 "63.80"'),
        ("standings.0.final", "63.8", '2026-F-001 final：记录为 "63.8"，重算为 "63.80"'),
        ("standings.0.place", 1.0, "2026-F-001 place：记录为 1.0，重算为 1"),
        ("standings.0.seat", None, "2026-F-001 seat：记录为 null，重算为 false"),
        ("standings.0.tie_broken_by", ..., "2026-F-001 tie_broken_by：记录为 null，重算为 null"),
        ("standings.0.entry", "2026-F-002", "2026-F-001 standings：记录中缺少这一行"),
        ("digest", "00", 'digest：记录为 "00"，重算为'),
    ],
)
def test_a_difference_is_a_line(path, value, line):
    record = built(a_record())
    at(path, value)(record)

    lines = differences(record, recompute(record))

    assert lines[0].startswith(line)
    assert lines[-1].startswith("digest")  # whatever is changed, the digest tells


def test_rows_too_many_twice_or_in_another_order_are_differences():
    record = random_record(11)
    record["standings"] = built(record)["standings"]
    rows = record["standings"]
    assert len(rows) > 1
    computed = recompute(record)

    twice = differences({**record, "standings": [*rows, rows[0]]}, computed)
    more = differences({**record, "standings": [*rows, {**rows[0], "entry": "zz"}]}, computed)
    turned = differences({**record, "standings": rows[::-1]}, computed)

    assert twice == [f"{rows[0]['entry']} standings：重复的一行"]
    assert more == ["zz standings：多出的一行"]
    assert turned == ["standings：各行次序不是按类别、名次、申报编号"]


@pytest.mark.parametrize("rows", [{}, "none", [1], [{}], [{"entry": 1}]])
def test_standings_of_another_shape_are_refused(rows):
    record = a_record() | {"standings": rows}

    with pytest.raises(Refused):
        differences(record, recompute(record))


def test_the_final_of_the_example_is_what_a_hand_reckons():
    (standing,) = recompute(a_record())

    assert standing.final == Decimal("27.50") * Decimal("0.4") + Decimal(88) * Decimal("0.6")
