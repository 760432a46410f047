"""Strangers' files are read apart: in a process of their own, with bounds of memory and time, that can be ended.

    answer, content = run_apart(task, file, name="材料.docx")

runs task(source, target, name=…) on a copy of the file and gives what it returned, as JSON carries it, and what it
wrote to `target`, open at its beginning. UploadRefused comes through; a task that takes too much ends in it.

Each web process keeps one helper, started by the first file. It has one thread, so that it may fork, and forks for
each file; one file at a time, so that the number of web processes bounds the memory of all readers.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

import structlog

from units.uploads.facts import FULL, MEGABYTE, NO_ROOM, UploadRefused, display_name

ROOT = Path(__file__).resolve().parent.parent.parent
MEMORY = 512 * MEGABYTE  # address space of a reader, the interpreter's 150 MB included
CPU_SECONDS, SECONDS = 12, 30
PATIENCE = 45  # seconds to wait for the file before ours
IDLE = 600  # seconds after which a helper without work goes
MOST_WRITTEN = 256 * MEGABYTE
TOO_MUCH, CROWDED_OUT = 3, 4  # exit codes of a reader that ran out of memory, or of room on the disk
ENDED = {TOO_MUCH, -signal.SIGXCPU, -signal.SIGALRM, -signal.SIGKILL, -signal.SIGXFSZ}

log = structlog.get_logger(__name__)


def run_apart(task: Callable, file, *, name: str, **given) -> tuple[object, IO[bytes]]:
    """Run task(source, target, name=…, **given) in a process apart; what is given must be fit for JSON.

    Raises UploadRefused: the task's own, or that the file takes too much memory or time.
    """
    shown = display_name(name)
    if getattr(file, "has_no_room", False):
        raise UploadRefused(NO_ROOM)
    try:
        return _run_apart(task, file, shown, {"name": name, **given})
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise UploadRefused(NO_ROOM) from error


def _run_apart(task: Callable, file, shown: str, given: dict) -> tuple[object, IO[bytes]]:
    with ExitStack() as stack:
        source, paper = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(2))
        target = tempfile.TemporaryFile()  # noqa: SIM115, the caller's
        file.seek(0)
        shutil.copyfileobj(file, source, MEGABYTE)
        file.seek(0)
        job = {"task": [task.__module__, task.__qualname__], "given": given}
        paper.write(json.dumps(job).encode())
        for one in (source, paper):
            one.flush()
        code = _helper.run([source.fileno(), paper.fileno(), target.fileno()], shown)
        if code == CROWDED_OUT:
            raise UploadRefused(NO_ROOM)
        if code in ENDED:
            log.warning("reader_ended", code=code, task=task.__qualname__)
            raise UploadRefused(f"“{shown}”的内容过多或过于复杂，读不完，请精简或拆分后再上传。")
        if code:
            log.error("reader_failed", code=code, task=task.__qualname__)
            raise UploadRefused(f"“{shown}”打不开，请重新导出或另存后再上传。")
        paper.seek(0)
        said = json.load(paper)
        if "refused" in said:
            raise UploadRefused(said["refused"])
        target.seek(0)
        return said["answer"], target


class Helper:
    """The line to this process's helper."""

    COMMAND = ["-m", __name__]

    def __init__(self):
        self.lock = threading.Lock()
        self.pid = 0  # whose helper it is: a forked process starts its own
        self.line: socket.socket | None = None
        self.process: subprocess.Popen | None = None

    def run(self, files: list[int], shown: str) -> int:
        """Exit code of the reader, negative for the signal that ended it."""
        if not self.lock.acquire(timeout=PATIENCE):
            raise UploadRefused(f"现在上传的人较多，“{shown}”没有收下，请稍后再试。")
        try:
            # A helper that was idle for long, or that the system ended, is gone: once more with a new one.
            for attempt in (1, 2):
                try:
                    return self._ask(files)
                except (OSError, EOFError):
                    self._hang_up()
                    if attempt == 2:
                        raise
            raise AssertionError
        finally:
            self.lock.release()

    def _ask(self, files: list[int]) -> int:
        if self.line is None or self.pid != os.getpid():
            self._start()
        socket.send_fds(self.line, [b"."], files)
        answer = self.line.recv(4)
        if len(answer) < 4:
            raise EOFError
        return os.waitstatus_to_exitcode(struct.unpack("i", answer)[0])

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen([sys.executable, *self.COMMAND], stdin=theirs, cwd=ROOT)
        ours.settimeout(SECONDS + 15)
        self.line, self.pid = ours, os.getpid()

    def _hang_up(self) -> None:
        if self.line:
            self.line.close()
        if self.process and self.pid == os.getpid():
            self.process.kill()
            self.process.wait()
        self.line = self.process = None


_helper = Helper()


# ---------------------------------------------------------------- in the helper, and in a reader


def serve(line: socket.socket) -> None:
    """Fork a reader for each file; ends with the web process, or after a long while without work."""
    line.settimeout(IDLE)
    while True:
        try:
            message, files, *_ = socket.recv_fds(line, 1, 3)
        except TimeoutError:
            return
        if not message:
            return
        reader = os.fork()
        if not reader:
            _read(*files)
        for number in files:
            os.close(number)
        line.sendall(struct.pack("i", os.waitpid(reader, 0)[1]))


def _read(source: int, paper: int, target: int) -> None:
    """Do one job and end. The limits are the process's own; it may not raise them again."""
    code = 1
    try:
        signal.alarm(SECONDS)
        for what, most in (
            (resource.RLIMIT_CPU, CPU_SECONDS),
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_FSIZE, MOST_WRITTEN),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(what, (most, most))
        with suppress(OSError):  # not every system has it
            # Where memory runs out for all, the reader goes first and not the portal.
            Path("/proc/self/oom_score_adj").write_text("1000")
        with open(source, "rb") as given, open(paper, "r+b") as sheet, open(target, "w+b") as made:
            given.seek(0)
            sheet.seek(0)
            said = json.dumps(_done(json.load(sheet), given, made))
            sheet.seek(0)
            sheet.truncate()
            sheet.write(said.encode())
        code = 0
    except MemoryError:
        code = TOO_MUCH
    except OSError as error:
        code = CROWDED_OUT if error.errno in FULL else code
        traceback.print_exc()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _done(job: dict, source: IO[bytes], target: IO[bytes]) -> dict:
    module, name = job["task"]
    try:
        return {"answer": getattr(importlib.import_module(module), name)(source, target, **job["given"])}
    except UploadRefused as refusal:
        return {"refused": str(refusal)}


if __name__ == "__main__":
    # What readers need is loaded once, before they are forked.
    for needed in ("units.papers.grid", "units.uploads"):
        importlib.import_module(needed)
    serve(socket.socket(fileno=sys.stdin.fileno()))
