"""The life of the local server, in a folder of its own and with real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from config.localpg import programs
from config.localpg.programs import ServerProblem
from config.localpg.server import LocalServer

PROCESS = """
import sys
from pathlib import Path
from config.localpg.server import LocalServer
print(LocalServer(Path(sys.argv[1])).use(), flush=True)
sys.stdin.read()
"""


class Process:
    """A program that uses the server until it is told to end."""

    def __init__(self, folder, **environment):
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(folder)],
            cwd=settings.BASE_DIR,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def socket_folder(self):
        return self.process.stdout.readline().strip()

    def end(self):
        self.process.communicate(timeout=60)
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def start():
    """Starts such programs; those still there at the end are killed."""
    started = []

    def one_more(folder, **environment):
        started.append(Process(folder, **environment))
        return started[-1]

    yield one_more
    for process in started:
        if process.process.poll() is None:
            process.kill()


@pytest.fixture
def server(tmp_path):
    server = LocalServer(tmp_path / "a folder with 空格" / "pg")
    yield server
    server.stop(force=True)


def ask(socket_folder, sql="SELECT 1"):
    connection = psycopg2.connect(host=socket_folder, user="portal", dbname="portal")
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def server_pid(server):
    return int((server.data / "postmaster.pid").read_text().split()[0])


def test_the_last_process_out_stops_the_server(server, start):
    first, second = start(server.folder), start(server.folder)  # two first starts at once
    assert ask(first.socket_folder()) == ask(second.socket_folder()) == 1

    assert first.end() == 0
    assert server.running()
    assert server.stop() is False

    assert second.end() == 0
    assert not server.running()


def test_the_data_stays(server, start):
    process = start(server.folder)
    connection = psycopg2.connect(host=process.socket_folder(), user="portal", dbname="portal")
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT '先进集体' AS name")
    connection.close()
    process.end()

    assert ask(start(server.folder).socket_folder(), "SELECT name FROM kept") == "先进集体"


def test_a_killed_process_does_not_keep_the_server_for_ever(server, start):
    process = start(server.folder)
    process.socket_folder()
    process.kill()
    assert server.running()

    assert server.stop() is True
    assert not server.running()


def test_a_killed_server_starts_again(server, start):
    process = start(server.folder)
    process.socket_folder()
    os.kill(server_pid(server), signal.SIGKILL)
    until = time.monotonic() + 20
    while server.running() and time.monotonic() < until:
        time.sleep(0.05)
    process.kill()

    assert ask(start(server.folder).socket_folder()) == 1


def test_lock_files_that_name_a_stranger_are_removed(server, start):
    process = start(server.folder)
    process.socket_folder()
    process.end()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    (server.folder / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")

    assert ask(start(server.folder).socket_folder()) == 1


def test_a_locale_that_this_machine_lacks_does_no_harm(server, start):
    process = start(server.folder, LANG="zh_CN.GB18030", LC_ALL="zz_ZZ.UTF-8")

    ctype = "SELECT datctype FROM pg_database WHERE datname = 'portal'"
    assert ask(process.socket_folder(), ctype) == "C.UTF-8"


def test_a_path_too_long_for_a_socket_gets_a_private_folder(tmp_path, start):
    server = LocalServer(tmp_path / ("很长的名字" * 12) / "pg")
    process = start(server.folder)
    try:
        folder = process.socket_folder()
        assert folder != str(server.folder)
        assert ask(folder) == 1
        assert Path(folder).stat().st_mode & 0o777 == 0o700
    finally:
        process.end()
        server.stop(force=True)
    server.socket_folder.rmdir()


def test_data_of_another_version_is_refused_with_the_way_out(server, start):
    process = start(server.folder)
    process.socket_folder()
    process.end()
    (server.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(ServerProblem, match=r"made by PostgreSQL 9.*localdb reset"):
        server._start()


def test_reset_leaves_an_empty_place(server, start):
    process = start(server.folder)
    process.socket_folder()
    assert server.reset() is False

    process.end()

    assert server.reset() is True
    assert not server.data.exists()


def test_programs_are_looked_for_where_the_environment_says(monkeypatch, tmp_path):
    programs.binaries.cache_clear()
    monkeypatch.setenv("PORTAL_PG_BIN", str(tmp_path))
    try:
        with pytest.raises(ServerProblem, match="PORTAL_PG_BIN"):
            programs.binaries()
        for name in programs.NEEDED:
            (tmp_path / name).touch()
        assert programs.binaries() == tmp_path
    finally:
        programs.binaries.cache_clear()


def test_without_any_programs_both_ways_out_are_named(monkeypatch):
    programs.binaries.cache_clear()
    monkeypatch.delenv("PORTAL_PG_BIN", raising=False)
    monkeypatch.setattr(programs, "_places", lambda: iter([]))
    try:
        with pytest.raises(ServerProblem, match=r"make setup.*DATABASE_URL"):
            programs.binaries()
    finally:
        programs.binaries.cache_clear()


def test_commands_that_ask_no_database_start_no_server(tmp_path):
    script = (
        "from config import settings; settings.DATABASES['default']['HOST'] = sys.argv[1];"
        "import django; django.setup();"
        "from django.core.management import call_command; call_command('check')"
    )
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys; {script}", str(tmp_path / "pg")],
        cwd=settings.BASE_DIR,
        env=environment | {"DEBUG": "on", "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    assert not (tmp_path / "pg").exists()
