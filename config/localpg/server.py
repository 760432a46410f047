"""The life of the local server: made, started, shared by processes, stopped by the last of them.

Every process that uses the server holds a shared lock on `use.lock` until it ends; the kernel lets go of
it even after kill -9. A process that ends tries to make its lock exclusive: if that works, nobody else is
there and it stops the server. Starting and stopping happen under `start.lock`.
"""

import atexit
import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2

from config.localpg.programs import Runner, ServerProblem, version

USER = DATABASE = "portal"
PATIENCE = 90  # seconds for a start, which may follow a crash
LONGEST_SOCKET = 100  # bytes of a socket's path; the kernel ends at 107
SETTINGS = {
    "listen_addresses": "",  # the socket in a private folder is the only door
    "unix_socket_permissions": "0700",
    "synchronous_commit": "off",  # a power cut may cost the last second of development data
    "shared_buffers": "128MB",
    "max_connections": "60",
    "log_timezone": "Asia/Shanghai",
}


class LocalServer:
    """The server in `folder`: data, log, locks and (if the path is short) the socket."""

    _known: dict[Path, "LocalServer"] = {}

    @classmethod
    def at(cls, folder: Path) -> "LocalServer":
        return cls._known.setdefault(folder, cls(folder))

    def __init__(self, folder: Path):
        self.folder, self.data, self.log = folder, folder / "data", folder / "log"
        self._use_lock, self._user_pid = None, None

    # -- what the rest of the program asks for ---------------------------------------------------

    def use(self, *, sure: bool = False) -> str:
        """Have the server run and stay until this process ends; returns the folder of its socket.

        Once in use it is taken to be there; `sure` asks again, for the case that somebody killed it.
        """
        if self._user_pid == os.getpid() and not sure:
            return str(self.socket_folder)
        with self._starting():
            if self._user_pid != os.getpid():
                # A forked child takes a lock of its own: the inherited one belongs to its parent.
                self._use_lock, self._user_pid = self._open_lock("use.lock"), os.getpid()
                fcntl.flock(self._use_lock, fcntl.LOCK_SH)
                atexit.register(self._leave)
            if not self._running():
                self._start()
            self._create_database()
        return str(self.socket_folder)

    def stop(self, *, force: bool = False) -> bool:
        """Stop the server if it runs; returns False, and leaves it, when others use it."""
        if not self.folder.exists():
            return True
        with self._starting(), self._open_lock("use.lock") as lock:
            if not force and not _try_exclusive(lock):
                return False
            self._stop()
        return True

    def reset(self) -> bool:
        """Stop the server and throw its data away; returns False when others use it."""
        if not self.folder.exists():
            return True
        with self._starting(), self._open_lock("use.lock") as lock:
            if not _try_exclusive(lock):
                return False
            self._stop()
            shutil.rmtree(self.data, ignore_errors=True)
        return True

    def running(self) -> bool:
        return self.data.exists() and self._running()

    @property
    def socket_folder(self) -> Path:
        """The data's folder, or for a path too long for a socket a private folder of a short name."""
        if len(os.fsencode(self.folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return self.folder
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"portal-pg-{name}"

    # -- start -------------------------------------------------------------------------------------

    def _start(self) -> None:
        if not self.data.exists():
            self._make_data()
        self._check_version()
        self._private(self.socket_folder)
        self._clear_the_dead()
        if self._running():
            return
        quoted = str(self.socket_folder).replace('"', '""')
        options = SETTINGS | {"unix_socket_directories": f'"{quoted}"'}
        command_line = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
        arguments = ["-D", str(self.data), "-l", str(self.log), "-w", "-t", str(PATIENCE), "-o", command_line]
        if self._run("pg_ctl", "start", *arguments) != 0 and not self._running():
            raise ServerProblem(f"the local PostgreSQL did not start; {self.log} ends: {self._last_words()}")

    def _make_data(self) -> None:
        """Run initdb beside the final place: a broken run leaves nothing half-made."""
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        failed = self._run(
            "initdb",
            f"--pgdata={new}",
            f"--username={USER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            # pg_trgm asks LC_CTYPE what a letter is; with C no Chinese character is one.
            "--lc-ctype=C.UTF-8",
            *(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if int(version()) >= 17 else []),
            "--no-sync",
        )
        if failed:
            raise ServerProblem(f"initdb failed; {self.log} ends: {self._last_words()}")
        new.rename(self.data)

    def _check_version(self) -> None:
        made_by, programs = (self.data / "PG_VERSION").read_text().strip(), version()
        if made_by != programs:
            raise ServerProblem(
                f"{self.data} was made by PostgreSQL {made_by}, the programs are {programs}: "
                "start over with `manage.py localdb reset`, or name the old programs in PORTAL_PG_BIN."
            )

    def _create_database(self) -> None:
        connection = psycopg2.connect(host=str(self.socket_folder), user=USER, dbname="postgres")
        with contextlib.closing(connection), connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")

    def _clear_the_dead(self) -> None:
        """Remove the lock files of a server that was killed.

        Its number may belong to another program by now, or to a zombie that nobody buries: pg_ctl takes
        both for a running server.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        deadline = time.monotonic() + PATIENCE
        while _is_server(pid, self.data):  # starting after a crash, or just stopping
            if self._running():
                return
            if time.monotonic() > deadline:
                raise ServerProblem(
                    f"process {pid} holds {self.data} but does not answer; end it and try again."
                )
            time.sleep(0.1)
        for leftover in (pid_file, *self.socket_folder.glob(".s.PGSQL.5432*")):
            leftover.unlink(missing_ok=True)

    # -- stop --------------------------------------------------------------------------------------

    def _leave(self) -> None:
        """At the end of a process: the last one out stops the server."""
        if self._user_pid != os.getpid() or not self.folder.exists():
            return
        with contextlib.suppress(OSError, ServerProblem), self._starting():
            if _try_exclusive(self._use_lock):
                self._stop()

    def _stop(self) -> None:
        if self.running():
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "30")

    # -- small parts -------------------------------------------------------------------------------

    def _running(self) -> bool:
        """Does it answer? (pg_ctl's own answer is fooled by zombies.)"""
        return self._run("pg_isready", "-q", "-h", str(self.socket_folder), "-U", USER, quiet=True) == 0

    def _run(self, program: str, *args: str, quiet: bool = False) -> int:
        runner = Runner(self.folder.stat().st_uid)
        if quiet:
            return runner.run(program, *args)
        with open(self.log, "ab") as log:
            if os.geteuid() == 0:
                os.fchown(log.fileno(), runner.owner, -1)
            return runner.run(program, *args, output=log)

    def _last_words(self) -> str:
        return " / ".join(self.log.read_text(errors="replace").splitlines()[-3:])

    @contextlib.contextmanager
    def _starting(self):
        self._make_folder()
        with self._open_lock("start.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.data.exists() and os.geteuid() == 0:
                os.chown(self.folder, Runner.choose_owner(self.folder), -1)
            yield

    def _make_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = self.folder.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise ServerProblem(f"{self.folder} belongs to another user (from a run as root?): remove it.")

    def _open_lock(self, name: str):
        lock = open(os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o600), "r+")  # noqa: SIM115
        if os.geteuid() == 0:
            os.fchown(lock.fileno(), self.folder.stat().st_uid, -1)
        return lock

    def _private(self, folder: Path) -> None:
        """Make the socket's folder, and refuse one in the shared temporary folder that others own."""
        owner = self.folder.stat().st_uid
        if not folder.exists():
            folder.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(folder, owner, -1)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
            raise ServerProblem(f"{folder} belongs to another user: remove it.")


def _try_exclusive(lock) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_server(pid: int, data: Path) -> bool:
    """Is `pid` alive and the server of `data`? A server stands in its data folder."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        return state != "Z" and Path(f"/proc/{pid}/cwd").resolve() == data.resolve()
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    except PermissionError:
        return False
    try:  # no /proc: all that can be asked is whether somebody has this number
        os.kill(pid, 0)
    except OSError:
        return False
    named = subprocess.run(["ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True).stdout
    return "postgres" in named
