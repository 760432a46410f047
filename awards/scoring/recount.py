"""Recount a public record: the program behind `manage.py recount` and `verify.py`.

Needs no database, no settings and nothing outside the standard library.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from awards.scoring.numbers import Refused
from awards.scoring.record import (
    canonical,
    differences,
    dump_standing,
    load_json,
    published_standings,
    recompute,
)

AGREES, DIFFERS, UNUSABLE = 0, 1, 2

USAGE = """用法：recount FILE（FILE 为公开记录文件，- 表示标准输入）

按记录中的规则和评分重新计算全部名次。
记录没有名次时，标准输出为名次的 JSON 列表；有名次时，每处不一致占一行。
退出码：0 一致，1 有不一致，2 文件无法核算（原因见标准错误）。"""


def main(argv: Sequence[str]) -> int:
    """Recount the file named in `argv`; returns the exit code."""
    if list(argv) in (["-h"], ["--help"]):
        _say(sys.stdout, USAGE)
        return AGREES
    if len(argv) != 1:
        _say(sys.stderr, USAGE)
        return UNUSABLE
    try:
        return _recount(_read(argv[0]))
    except OSError as reason:
        _say(sys.stderr, f"无法读取 {argv[0]}：{reason.strerror}")
    except Refused as reason:
        _say(sys.stderr, f"无法核算：{reason}")
    return UNUSABLE


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _recount(data: bytes) -> int:
    record = load_json(data)
    computed = recompute(record)
    if not published_standings(record):
        _say(sys.stdout, canonical([dump_standing(standing) for standing in computed]).decode())
        return AGREES
    lines = differences(record, computed)
    for line in lines:
        _say(sys.stdout, line)
    if lines:
        _say(sys.stderr, f"重算 {len(computed)} 件，{len(lines)} 处不一致。")
        return DIFFERS
    seal = "记录没有摘要" if record.get("digest") is None else "摘要相符"
    _say(sys.stderr, f"重算 {len(computed)} 件，全部一致，{seal}。")
    return AGREES


def _say(stream: TextIO, line: str) -> None:
    """One line in UTF-8 whatever the locale: a record is read on any machine."""
    stream.flush()
    stream.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    stream.buffer.flush()
