"""Build `redraw.py`, the one-file program that draws again, the way `verify.py` is built."""

from __future__ import annotations

from awards.panel.rules import draw, lots, redrawing, reveal
from awards.scoring import numbers, program, strict_json
from awards.scoring.checker import joined

HEADER = '''#!/usr/bin/env python3
"""“三个最佳”评选公开抽取核算程序（单个文件，只用 Python 标准库，Python 3.11 或更新版本）。

用法：python redraw.py draw.json
      按锁定内容和双方各一半的随机数重新抽取，并与文件中的结果比较。
      退出码：0 一致，1 有不一致（每处一行），2 文件无法核算（原因见标准错误）。
"""
'''


def redraw_source() -> str:
    """The text of `redraw.py`; the same bytes for the same code."""
    return joined((numbers, strict_json, program, lots, draw, reveal, redrawing), HEADER)
