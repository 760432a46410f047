"""What the set-up says when something is missing, and that it does nothing twice."""

import builtins
import socket
import subprocess
import sys

import pytest

from tools import setup


def test_a_taken_port_is_said_in_one_line_before_any_work():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "tools/setup.py", "demo", "--port", str(port)],
            cwd=setup.ROOT,
            capture_output=True,
            text=True,
        )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == f"Stopped: port {port} is taken: choose another, make demo PORT={port + 1}.\n"


def test_a_number_that_is_no_port_is_refused():
    with pytest.raises(setup.Missing, match="is no port"):
        setup.require_free(70000)


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 2))

    with pytest.raises(SystemExit, match=r"Python 3\.9 is too old: 3\.11 or newer is needed\."):
        setup.main()


def test_the_set_up_reads_under_an_old_python():
    """It must get as far as its message: no syntax that Python 3.8 does not know."""
    import ast

    for name in ("setup.py", "vendor.py"):
        ast.parse((setup.ROOT / "tools" / name).read_text(), feature_version=(3, 8))


def test_a_missing_venv_module_is_named(monkeypatch, tmp_path):
    real = builtins.__import__

    def without_venv(name, *args, **kwargs):
        if name == "ensurepip":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(setup, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(builtins, "__import__", without_venv)

    with pytest.raises(setup.Missing, match="install python3-venv"):
        setup.make_environment()


def test_a_failing_venv_leaves_nothing_half_made(monkeypatch, tmp_path):
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(setup.sys, "executable", "/bin/false")
    (tmp_path / ".venv").mkdir()

    with pytest.raises(setup.Missing, match="install python3-venv"):
        setup.make_environment()

    assert not (tmp_path / ".venv").exists()


def test_neither_npm_nor_its_package_is_named(monkeypatch):
    def fails(lock):
        raise setup.Missing("pip could not install")

    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    monkeypatch.setattr(setup, "succeeds", lambda *command, **options: False)
    monkeypatch.setattr(setup, "pip_install", fails)

    with pytest.raises(setup.Missing, match=r"no npm.*install Node\.js"):
        setup.npm()


def test_a_package_that_pip_cannot_get_is_an_error_of_one_line(monkeypatch):
    monkeypatch.setattr(setup, "succeeds", lambda *command, **options: False)

    with pytest.raises(setup.Missing, match=r"pip could not install requirements/dev\.txt"):
        setup.pip_install(setup.ROOT / "requirements" / "dev.txt")


def test_a_stamp_holds_until_its_source_changes(tmp_path):
    source, file = tmp_path / "lock", tmp_path / "installed"
    source.write_text("one")

    seen = []
    for text in ("one", "one", "two"):
        source.write_text(text)
        with setup.stamp(file, source) as stale:
            seen.append(stale)

    assert seen == [True, False, True]


def test_work_that_failed_is_done_again(tmp_path):
    source, file = tmp_path / "lock", tmp_path / "installed"
    source.write_text("one")

    with pytest.raises(RuntimeError), setup.stamp(file, source):
        raise RuntimeError("no network")

    with setup.stamp(file, source) as stale:
        assert stale


def test_the_deployment_check_is_not_run_with_development_settings(monkeypatch):
    monkeypatch.setenv("DEBUG", "on")

    environment = setup.production()

    assert "DEBUG" not in environment
    assert environment["DATABASE_URL"].startswith("postgres://")
    assert len(environment["SECRET_KEY"]) > 50


def test_locks_name_no_host():
    for lock in [*(setup.ROOT / "requirements").glob("*.txt"), setup.ROOT / ".npmrc"]:
        assert "://" not in lock.read_text(), lock.name
    assert '"resolved"' not in (setup.ROOT / "package-lock.json").read_text()


def test_every_requirement_says_why_it_is_there():
    for file in (setup.ROOT / "requirements").glob("*.in"):
        for line in file.read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert "#" in line or file.name == "node.in", line
