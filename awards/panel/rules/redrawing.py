"""Draw again from a published draw: the program behind `manage.py redraw` and `redraw.py`.

Needs no database, no settings and nothing outside the standard library.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from awards.panel.rules.reveal import differences_of, dump_line, redraw
from awards.scoring.program import AGREES, DIFFERS, run, say
from awards.scoring.strict_json import canonical, load_json

USAGE = """用法：redraw FILE（FILE 为公开的抽取文件，- 表示标准输入）

按锁定内容和双方各一半的随机数重新抽取。
文件没有结果时，标准输出为结果的 JSON 列表；有结果时，每处不一致占一行。
退出码：0 一致，1 有不一致，2 文件无法核算（原因见标准错误）。"""


def main(argv: Sequence[str]) -> int:
    """Draw again from the file named in `argv`; returns the exit code."""
    return run(argv, USAGE, _check)


def _check(data: bytes) -> int:
    file = load_json(data)
    seed, lines = redraw(file)
    found = differences_of(file, seed, lines)
    for line in found:
        say(sys.stdout, line)
    if found:
        say(sys.stderr, f"重抽 {len(lines)} 人，{len(found)} 处不一致。")
        return DIFFERS
    if not file.get("lines"):
        say(sys.stdout, canonical([dump_line(line) for line in lines]).decode())
        return AGREES
    say(sys.stderr, f"重抽 {len(lines)} 人，全部一致；种子 {seed}。")
    say(sys.stderr, "整份伪造的文件只能与锁定时公布的 commit 比对才能发现。")
    return AGREES
