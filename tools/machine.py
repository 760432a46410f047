"""What the tools ask of this machine: a command run, room on the disk, and one plain line when something is missing.

Standard library only, and nothing that Python 3.8 cannot read: it must get as far as its message.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
FULL_MB = 16  # with less than this left, a command that failed has failed for want of room


class Missing(Exception):
    """Something this machine lacks; the message is the one line the user reads."""


@contextlib.contextmanager
def told_in_one_line():
    """Ends the program with "Stopped: …" for what the user can mend; anything else stays loud."""
    if sys.version_info < OLDEST:
        sys.exit("Python {}.{} is too old: 3.11 or newer is needed.".format(*sys.version_info[:2]))
    try:
        yield
    except Missing as missing:
        sys.exit(f"Stopped: {full_disk() or missing}")
    except PermissionError as refused:
        file = refused.filename or ROOT
        sys.exit(f"Stopped: {file} may not be written by this user: {whose(file)}.")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        sys.exit(f"Stopped: {full_disk() or 'the disk is full: ' + str(error.filename or ROOT)}")
    except KeyboardInterrupt:
        sys.exit(130)


def whose(file) -> str:
    """Who must have made it, and the way out."""
    nearest = Path(file)
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if nearest.stat().st_uid == 0:
        return "it was made by root; run as root again, or use a copy of your own"
    return "it belongs to somebody else; use a copy of your own"


def full_disk() -> "str | None":
    """The line to say when the project's disk, or the one for temporary files, has no room left."""
    for folder in (ROOT, Path(tempfile.gettempdir())):
        if free_mb(folder) < FULL_MB:
            return f"the disk is full: {free_mb(folder)} MB are left in {folder}."
    return None


def require_room(needed_mb: int) -> None:
    """Asked before work that fills the project's folder."""
    if free_mb(ROOT) < needed_mb:
        raise Missing(
            f"the disk is full: {free_mb(ROOT)} MB are left in {ROOT}, about {needed_mb} MB are needed."
        )


def free_mb(folder: Path) -> int:
    return shutil.disk_usage(folder).free // 2**20


def succeeds(*command, env=None, show: bool = False) -> bool:
    """Run a command in the project's folder; its output is thrown away unless `show`.

    Raises Missing when it says that the disk is full: it may have tidied up, and then no number tells.
    """
    ended = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=None if show else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    said = ended.stderr.decode(errors="replace")
    if show:
        sys.stderr.write(said)
    if ended.returncode and os.strerror(errno.ENOSPC) in said:
        raise Missing(
            f"the disk is full: no room for {Path(str(command[0])).name} in {ROOT} or {tempfile.gettempdir()}."
        )
    return ended.returncode == 0


def say(what: str) -> None:
    print(f"· {what}\n", end="", flush=True)  # one piece: two may speak at once


@contextlib.contextmanager
def stamp(file: Path, *made_from):
    """Yields whether the work must be done again; done without error, that is remembered in `file`.

    made_from: files, counted by what they hold, and words. The stamp lies in the folder that the work
    fills, and so goes with it; while the work is under way there is none.
    """
    parts = [source.read_bytes() if isinstance(source, Path) else source.encode() for source in made_from]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()
    stale = not file.exists() or file.read_text() != digest
    if stale and file.exists():
        file.unlink()
    yield stale
    if stale:
        file.write_text(digest)


def plain_environment(*dropped: str) -> dict:
    """The caller's variables without those that lead another Python astray."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "PYTHONHOME", *dropped)
    }
