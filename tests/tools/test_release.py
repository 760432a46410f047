"""The archive of a release: what is in it, and that it is the same each time."""

import subprocess
import tarfile

import pytest

from tools import machine, release


def test_a_release_holds_what_is_named_and_is_the_same_each_time(tmp_path):
    code = {"manage.py": b"#!/usr/bin/env python3\n", "config/settings.py": b"DEBUG = False\n"}

    first = release.make_release(tmp_path / "1", version="9.9", code=code, wheels=False)
    second = release.make_release(tmp_path / "2", version="9.9", code=code, wheels=False)

    assert first.name == "portal-9.9.tar.gz"
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as archive:
        assert archive.getmember("portal-9.9/manage.py").mode == 0o755
        assert archive.getmember("portal-9.9/config/settings.py").mode == 0o644
        assert archive.getmember("portal-9.9/config").mode == 0o755
        assert {member.uid for member in archive} == {0}
    subprocess.run(["tar", "-xzf", first, "-C", tmp_path], check=True)
    folder = tmp_path / "portal-9.9"
    assert (folder / "VERSION").read_text() == "9.9\n"
    assert (folder / "var/vendor/echarts/echarts.min.js").exists()
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder).returncode == 0
    summed = (folder / "SHA256SUMS").read_text().count("\n")
    assert summed == sum(path.is_file() for path in folder.rglob("*")) - 1


def test_a_release_is_made_of_what_is_committed(tmp_path, monkeypatch):
    for command in (
        ["init", "--quiet"],
        ["add", "."],
        ["-c", "user.name=x", "-c", "user.email=x", "commit", "--quiet", "--message=x"],
    ):
        (tmp_path / "committed.py").write_text("1\n")
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / "forgotten.py").write_text("2\n")
    monkeypatch.setattr(release, "ROOT", tmp_path)

    assert release.committed_files() == {"committed.py": b"1\n"}


def test_no_release_is_made_outside_of_version_control_or_without_the_front_end(tmp_path, monkeypatch):
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(machine.Missing, match=r"git says: .*not a git repository"):
        release.committed_files()
    with pytest.raises(machine.Missing, match="run `make setup` first"):
        release.vendor_files()
