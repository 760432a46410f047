"""A draw by two halves, `three-best-draw/1`, as it is read: lock, halves, seed, and the draw that follows from them.

The office locks what is drawn and commits to its half; the supervisor, who knows only the lock, adds a half of
its own. Neither can choose the seed: the office has committed before it sees the other half, the supervisor
answers a half it cannot see (docs/design.md, "Two keys and the way back").
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from awards.panel.rules.draw import Candidate, DrawLine, draw, most_seats
from awards.scoring.numbers import Refused
from awards.scoring.strict_json import canonical

FORMAT = "three-best-draw/1"
PANEL = "panel"
HALF = re.compile(r"[0-9a-f]{64}\|[^|\x00-\x1f\x7f]*")
NAMES = ("campaign", "category", "stage", "purpose")


def commit_to(half: str) -> str:
    """What the lock shows of the office's half before the draw."""
    return hashlib.sha256(half.encode()).hexdigest()


def check_lock(lock: Any) -> list[Candidate]:
    """The pool of a lock that can be drawn whatever the halves. Raises Refused for any other."""
    _require(isinstance(lock, dict), "锁定内容不是对象")
    _require(lock.get("format") == FORMAT, f"格式不是 {FORMAT}：{lock.get('format')!r}")
    for name in NAMES:
        _require(isinstance(lock.get(name), str) and "|" not in lock[name], f"{name} 不是可用的文字")
    _require(lock["purpose"] == PANEL, f"不认识的用途：{lock['purpose']}")
    for name, least in (("attempt", 1), ("seats", 1), ("reserves", 0)):
        _require(_whole(lock.get(name), least), f"{name} 不是不小于{least}的整数")
    per_unit = lock.get("per_unit")
    _require(per_unit is None or _whole(per_unit, 1), "per_unit 不是正整数")
    _require(isinstance(lock.get("public"), str), "public 不是文字")
    commit = lock.get("commit")
    _require(isinstance(commit, str) and bool(re.fullmatch("[0-9a-f]{64}", commit)), "commit 不是 SHA-256")
    _require(isinstance(lock.get("pool"), list), "pool 不是列表")
    pool = [_candidate(row) for row in lock["pool"]]
    _require(len({one.key for one in pool}) == len(pool), "评委库中有人重复")
    most = most_seats(pool, per_unit)
    _require(most >= lock["seats"], f"只能产生{most}名评委，少于{lock['seats']}名")
    return pool


def seed_of(lock: Mapping[str, Any], office: str, supervisor: str, public: str = "") -> str:
    """The seed both halves make, in hex."""
    digest = hashlib.sha256(canonical(lock)).hexdigest()
    parts = [FORMAT, *(lock[name] for name in NAMES), lock["attempt"], digest, office, supervisor, public]
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def redraw(file: Any) -> tuple[str, list[DrawLine]]:
    """The seed and the lines that follow from a file's lock and halves, whatever else it says. Raises Refused."""
    _require(isinstance(file, dict), "文件不是对象")
    _require(file.get("format") == FORMAT, f"格式不是 {FORMAT}：{file.get('format')!r}")
    _require("lock" in file, "缺少锁定内容")
    lock = file["lock"]
    pool = check_lock(lock)
    for name in ("office", "supervisor"):
        half = file.get(name)
        _require(isinstance(half, str) and bool(HALF.fullmatch(half)), f"{name} 不是一半随机数")
    public = file.get("public", "")
    _require(isinstance(public, str), "public 不是文字")
    _require(bool(public) == bool(lock["public"]), "公开数与锁定时所定的不符")
    seed = seed_of(lock, file["office"], file["supervisor"], public)
    return seed, draw(pool, lock["seats"], lock["reserves"], seed, lock.get("per_unit"))


def differences_of(file: Mapping[str, Any], seed: str, lines: Sequence[DrawLine]) -> list[str]:
    """One line for each point in which a published draw is not what follows from its lock and halves."""
    found = []
    if commit_to(file["office"]) != file["lock"]["commit"]:
        found.append(f"commit：锁定为 {file['lock']['commit']}，公布的一半为 {commit_to(file['office'])}")
    if "seed" in file and file["seed"] != seed:
        found.append(f"seed：文件为 {_text(file['seed'])}，重算为 {seed}")
    said, right = file.get("lines") or [], [dump_line(line) for line in lines]
    _require(isinstance(said, list), "lines 不是列表")
    if said and len(said) != len(right):
        found.append(f"lines：文件有 {len(said)} 行，重算有 {len(right)} 行")
    for number, (one, other) in enumerate(zip(said, right, strict=False), 1):
        if _text(one) != _text(other):
            found.append(f"第{number}行：文件为 {_text(one)}，重算为 {_text(other)}")
    return found


def dump_line(line: DrawLine) -> dict[str, Any]:
    return {
        "key": line.candidate.key,
        "drawn": line.drawn.value,
        "number": line.number,
        "lot": line.lot,
        "reason": line.reason,
    }


def _candidate(row: Any) -> Candidate:
    _require(isinstance(row, dict), "评委库中有一行不是对象")
    key, group, excluded = row.get("key"), row.get("group"), row.get("excluded")
    _require(isinstance(key, str) and isinstance(excluded, str), "评委库中有一行缺少 key 或 excluded")
    _require(group is None or isinstance(group, str) or _whole(group, 0), "group 不是单位")
    return Candidate(key, excluded, group)  # type: ignore[arg-type]


def _whole(value: Any, least: int) -> bool:
    return type(value) is int and value >= least


def _text(value: Any) -> str:
    return canonical(value).decode()


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise Refused(reason)
