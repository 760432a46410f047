"""What cannot be mended by the program is said to the user in one plain line."""

import ast
import errno
import os
import shutil
import subprocess
import sys

import pytest

from tools import machine
from tools.machine import Missing, stamp, told_in_one_line


def line_of(error) -> str:
    with pytest.raises(SystemExit) as ended, told_in_one_line():
        raise error
    return ended.value.code


def test_the_tools_read_under_an_old_python():
    """They must get as far as their message: no syntax that Python 3.8 does not know."""
    for file in (machine.ROOT / "tools").glob("*.py"):
        ast.parse(file.read_text(), feature_version=(3, 8))


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(machine.sys, "version_info", (3, 9, 2))

    with pytest.raises(SystemExit, match=r"Python 3\.9 is too old: 3\.11 or newer is needed\."):
        told_in_one_line().__enter__()


def test_what_is_missing_is_the_whole_message():
    assert line_of(Missing("there is no npm.")) == "Stopped: there is no npm."


def test_what_failed_on_a_full_disk_is_told_as_that(monkeypatch):
    monkeypatch.setattr(machine, "free_mb", lambda folder: 3)

    assert line_of(Missing("pip could not install")).startswith(
        "Stopped: the disk is full: 3 MB are left in "
    )
    assert line_of(OSError(errno.ENOSPC, "No space")).startswith("Stopped: the disk is full")


def test_a_command_that_found_the_disk_full_and_tidied_up_is_told_as_that():
    script = "import errno, os, sys; sys.exit(os.strerror(errno.ENOSPC))"

    with pytest.raises(Missing, match="the disk is full"):
        machine.succeeds(sys.executable, "-c", script)


def test_a_folder_of_somebody_else_is_named(tmp_path):
    error = PermissionError(errno.EACCES, "denied", str(tmp_path / "var" / "setup.lock"))

    told = line_of(error)

    assert str(tmp_path / "var" / "setup.lock") in told
    assert ("root" in told) == (os.geteuid() == 0)


def test_a_refusal_that_names_no_file_is_told_of_the_project():
    assert line_of(PermissionError(errno.EPERM, "denied")).startswith(
        f"Stopped: {machine.ROOT} may not be written"
    )


def test_a_fault_of_the_program_stays_loud():
    with pytest.raises(OSError, match="broken"), told_in_one_line():
        raise OSError(errno.EPIPE, "broken")


def test_a_stamp_holds_until_its_source_changes(tmp_path):
    source, file = tmp_path / "lock", tmp_path / "installed"

    seen = []
    for text, word in [("one", "3.11"), ("one", "3.11"), ("two", "3.11"), ("two", "3.12"), ("two", "3.12")]:
        source.write_text(text)
        with stamp(file, source, word) as stale:
            seen.append(stale)

    assert seen == [True, False, True, True, False]


def test_work_that_failed_is_done_again(tmp_path):
    source, file = tmp_path / "lock", tmp_path / "installed"
    source.write_text("one")

    with pytest.raises(RuntimeError), stamp(file, source):
        raise RuntimeError("no network")

    with stamp(file, source) as stale:
        assert stale


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_full_disk_is_one_line_before_any_work_and_in_the_middle_of_it(tmp_path):
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", tmp_path], check=False).returncode:
        pytest.skip("this container may not mount a small disk")
    try:
        for name in ("tools", "requirements"):
            shutil.copytree(machine.ROOT / name, tmp_path / name)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(machine.ROOT / name, tmp_path)
        before = [sys.executable, "tools/packages.py", "requirements/base.txt"]
        amid = [sys.executable, "-c", AMID]
        for command in (before, amid):
            ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
            assert ended.returncode == 1
            assert ended.stderr.splitlines()[-1].startswith("Stopped: the disk is full: ")
            assert "Traceback" not in ended.stderr
            assert not (tmp_path / ".venv" / "installed").exists()
    finally:
        subprocess.run(["umount", tmp_path], check=True)


# The same command when the room was there at the start.
AMID = """
import sys
sys.path.insert(0, ".")
from tools import packages
packages.ROOM_MB = 1
sys.argv = ["tools/packages.py", "requirements/base.txt"]
packages.main()
"""
