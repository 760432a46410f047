"""A program that checks one public file: what it prints, and its exit codes. Standard library only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from awards.scoring.numbers import Refused

AGREES, DIFFERS, UNUSABLE = 0, 1, 2


def run(argv: Sequence[str], usage: str, check: Callable[[bytes], int]) -> int:
    """Check the file named in `argv` (- for standard input); returns the exit code."""
    if list(argv) in (["-h"], ["--help"]):
        say(sys.stdout, usage)
        return AGREES
    if len(argv) != 1:
        say(sys.stderr, usage)
        return UNUSABLE
    try:
        return check(sys.stdin.buffer.read() if argv[0] == "-" else Path(argv[0]).read_bytes())
    except OSError as reason:
        say(sys.stderr, f"无法读取 {argv[0]}：{reason.strerror}")
    except Refused as reason:
        say(sys.stderr, f"无法核算：{reason}")
    return UNUSABLE


def say(stream: TextIO, line: str) -> None:
    """One line in UTF-8 whatever the locale: a public file is read on any machine."""
    stream.flush()
    stream.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    stream.buffer.flush()
