"""Recount a public record: the program behind `manage.py recount` and `verify.py`.

Needs no database, no settings and nothing outside the standard library.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from awards.scoring.program import AGREES, DIFFERS, run, say
from awards.scoring.record import differences, dump_standing, published_standings, recompute
from awards.scoring.strict_json import canonical, load_json

USAGE = """用法：recount FILE（FILE 为公开记录文件，- 表示标准输入）

按记录中的规则和评分重新计算全部名次。
记录没有名次时，标准输出为名次的 JSON 列表；有名次时，每处不一致占一行。
退出码：0 一致，1 有不一致，2 文件无法核算（原因见标准错误）。"""


def main(argv: Sequence[str]) -> int:
    """Recount the file named in `argv`; returns the exit code."""
    return run(argv, USAGE, _recount)


def _recount(data: bytes) -> int:
    record = load_json(data)
    computed = recompute(record)
    if not published_standings(record):
        say(sys.stdout, canonical([dump_standing(standing) for standing in computed]).decode())
        return AGREES
    lines = differences(record, computed)
    for line in lines:
        say(sys.stdout, line)
    if lines:
        say(sys.stderr, f"重算 {len(computed)} 件，{len(lines)} 处不一致。")
        return DIFFERS
    seal = "记录没有摘要" if record.get("digest") is None else "摘要相符"
    say(sys.stderr, f"重算 {len(computed)} 件，全部一致，{seal}。")
    return AGREES
