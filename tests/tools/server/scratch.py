"""The paths of a server in one folder, its PostgreSQL, and a shell in which the README's lines are run."""

import contextlib
import grp
import http.client
import importlib.metadata
import os
import pwd
import re
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from config.localpg.programs import Runner, binaries
from tools import machine
from tools.release import ROOT

HERE = Path(__file__).parent
HOST = "portal.example.gov.cn"
# The folder of each, as the README and the units know it.
PLACES = {
    "/opt": "opt",
    "/etc/portal": "etc",
    "/var/lib/portal": "state",
    "/srv/backup": "backups",
    "/run/portal": "run",
    "/etc/systemd/system": "units",
    "/etc/nginx/conf.d": "nginx/conf.d",
}


def open_to_others(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents])


def python_for_all() -> Path | None:
    """A Python like ours that every user of this machine may run; ours may lie in somebody's home."""
    name = "python{}.{}".format(*sys.version_info[:2])
    ours = getattr(sys, "_base_executable", sys.executable)
    for place in (Path(ours), *(Path(folder) / name for folder in ("/usr/local/bin", "/usr/bin"))):
        if place.exists() and open_to_others(place.resolve()) and open_to_others(place.parent):
            return place
    return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """As root the service runs as one unprivileged user and the proxy as another; else all as the caller.

    Where Python or this checkout is closed to others, it can lend them no programs: then all run as root.
    """

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="portal-"))
        self.folder.chmod(0o755)
        # Closed, as on a hardened server: nothing of a release may depend on it.
        self.umask = os.umask(0o077)
        for_all = python_for_all()
        self.python = for_all or Path(sys.executable)
        self.drops = os.geteuid() == 0 and bool(for_all) and all(map(open_to_others, (ROOT, binaries())))
        self.nginx = shutil.which("nginx") if shutil.which("openssl") else None
        me = pwd.getpwuid(os.geteuid()).pw_name
        self.user, self.proxy_user = ("nobody", "daemon") if self.drops else (me, me)
        self.group = grp.getgrgid(pwd.getpwnam(self.user).pw_gid).gr_name
        self.port, self.proxy_port = free_port(), free_port()
        for name in ("opt", "nginx/conf.d", "units", "bin", "run"):
            (self.folder / name).mkdir(parents=True)
        for folder in self.folder.rglob("*"):
            folder.chmod(0o755)
        self.edits = self.folder / "edits.sed"
        self.edits.write_text("")
        self._programs()
        self._postgres()

    def path(self, place: str) -> Path:
        """Where a place of the README lies here: /srv/backup, /opt/portal-0.2.0."""
        known = max((name for name in PLACES if place.startswith(name)), key=len)
        return self.folder / (PLACES[known] + place.removeprefix(known))

    # -- programs ------------------------------------------------------------------------------------

    def _programs(self) -> None:
        """`editor` makes the changes of `edits`; `systemctl` is ours."""
        self.program("editor", 'sed -i -f "$SCRATCH/edits.sed" "$1"')
        self.program("systemctl", f'exec "{sys.executable}" "{HERE / "systemctl.py"}" "$@"')

    def program(self, name: str, script: str) -> Path:
        file = self.folder / "bin" / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        return file

    def environment(self, **more: str) -> dict:
        kept = {
            name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ
        }
        kept["PATH"] = f"{self.folder / 'bin'}:{binaries()}:{kept['PATH']}"
        return kept | {
            "SCRATCH": str(self.folder),
            "PORTAL_HOME": str(self.path("/opt/portal")),
            "PORTAL_ETC": str(self.path("/etc/portal")),
            "PORTAL_STATE": str(self.path("/var/lib/portal")),
            "PORTAL_BACKUPS": str(self.path("/srv/backup")),
            "PORTAL_RUN": str(self.path("/run/portal")),
            "PORTAL_UNITS": str(self.path("/etc/systemd/system")),
            "PORTAL_USER": self.user,
            "PORTAL_DATABASE": f"127.0.0.1:{self.port}/portal",
            "PORTAL_PSQL": f"psql --host={self.folder / 'pg'} --username=postgres",
            "PROXY_NGINX": self.nginx or "",
            "PROXY_PYTHON": str(self.python),
            "PROXY_USER": self.proxy_user,
            "PROXY_PORT": str(self.proxy_port),
            **more,
        }

    def run(self, lines: str, *, inside: str = "/opt", check: bool = True, **more: str):
        """Run lines of the README: as they are, but for where things lie."""
        for place in sorted(PLACES, key=len, reverse=True):
            lines = re.sub(rf"(?<![\w.-]){re.escape(place)}(?![\w])", str(self.folder / PLACES[place]), lines)
        ended = subprocess.run(
            ["sh", "-eu", "-c", lines],
            cwd=self.path(inside),
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            umask=0o077,
        )
        if check and ended.returncode:
            raise AssertionError(f"{ended.stdout}\n{ended.stderr}\n{self.logs()}")
        return ended

    @contextlib.contextmanager
    def background(self, line: str, **more: str):
        """The same for a program that runs until it is told to end, as the portal's user."""
        user = pwd.getpwnam(self.user)
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if self.drops else {}
        with open(self.folder / "background.log", "ab") as log:
            process = subprocess.Popen(
                ["sh", "-c", f"exec {line}"],
                cwd=self.path("/opt/portal"),
                env=self.environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **who,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(120)

    def settings(self, *, database: str = "portal", **more: str) -> dict[str, str]:
        """The variables of portal.env, for another database of the same role."""
        lines = self.path("/etc/portal/portal.env").read_text().splitlines()
        known = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        known["DATABASE_URL"] = re.sub(r"/\w+$", f"/{database}", known["DATABASE_URL"])
        return known | more

    def give(self, folder: Path) -> None:
        if self.drops:
            shutil.chown(folder, self.user)

    def logs(self) -> str:
        return "\n".join(f"== {log.name}\n{log.read_text()}" for log in self.folder.glob("*.log"))

    # -- PostgreSQL ----------------------------------------------------------------------------------

    def _postgres(self) -> None:
        """As a distribution sets it up: its administrator by the socket, everybody else by password."""
        place = self.folder / "pg"
        place.mkdir(mode=0o755)
        self.runner = Runner(Runner.choose_owner(place))
        if self.runner.owner != os.geteuid():
            os.chown(place, self.runner.owner, -1)
        self._pg("initdb", f"--pgdata={place}/data", "--username=postgres", "--auth-local=trust",
                 "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")  # fmt: skip
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={place} -c fsync=off"
        self._pg("pg_ctl", "start", "-D", f"{place}/data", "-l", f"{place}/log", "-w", "-o", options)

    def _pg(self, program: str, *arguments: str) -> None:
        with open(self.folder / "pg.log", "ab") as log:
            if self.runner.run(program, *arguments, output=log):
                raise AssertionError(self.logs())

    def sql(self, question: str, database: str = "portal") -> str:
        words = ["psql", f"--host={self.folder / 'pg'}", f"--port={self.port}", "--username=postgres"]
        words += [
            f"--dbname={database}",
            "--no-psqlrc",
            "--tuples-only",
            "--no-align",
            f"--command={question}",
        ]
        return subprocess.run(
            words, env=self.environment(), capture_output=True, text=True, check=True
        ).stdout.strip()

    def empty_database(self, name: str) -> None:
        self.sql(f"CREATE DATABASE {name} OWNER portal LC_CTYPE 'C.UTF-8' TEMPLATE template0", "postgres")

    def load(self, database: str, saved: Path) -> None:
        """What restore.sh does first, without its questions."""
        words = ["pg_restore", f"--host={self.folder / 'pg'}", f"--port={self.port}", "--username=postgres"]
        words += [
            "--role=portal",
            "--no-owner",
            "--no-comments",
            f"--dbname={database}",
            saved / "database.dump",
        ]
        subprocess.run(words, env=self.environment(), check=True)

    # -- the packages of this project, lent to a release ----------------------------------------------

    def lend_packages(self) -> dict[str, str]:
        """Variables by which install.sh finds .venv full: it would need the network or the wheels.

        tools/packages.py runs all the same and finds nothing to do.
        """
        lend = f'PYTHONPATH="{ROOT}" "{sys.executable}" -P "{__file__}" "$PWD" "{self.python}"'
        return {"PYTHON": str(self.program("python", f'{lend} && exec "{self.python}" "$@"')), "WHEELS": ""}

    # -- a browser -----------------------------------------------------------------------------------

    def browser(self) -> "Browser":
        return Browser(self.proxy_port, tls=bool(self.nginx))

    # -- the end -------------------------------------------------------------------------------------

    def close(self) -> None:
        for file in self.folder.glob("*.pid"):
            with contextlib.suppress(ProcessLookupError, ValueError):
                os.killpg(int(file.read_text()), signal.SIGTERM)
        with contextlib.suppress(AssertionError):
            self._pg("pg_ctl", "stop", "-D", f"{self.folder}/pg/data", "-m", "immediate", "-w")
        os.umask(self.umask)
        shutil.rmtree(self.folder, ignore_errors=True)


class Browser:
    """Keeps cookies; speaks to the proxy by the portal's name."""

    def __init__(self, port: int, *, tls: bool):
        self.port, self.tls, self.cookies = port, tls, {}

    def open(self, path: str, form: dict | None = None, **headers: str):
        """The answer's status, headers and content; redirects are not followed."""
        for _ in range(1200):  # the proxy may only just have been started
            try:
                if self.tls:
                    anyone = ssl._create_unverified_context()
                    connection = http.client.HTTPSConnection(
                        "127.0.0.1", self.port, context=anyone, timeout=30
                    )
                else:
                    connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                connection.connect()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        headers |= {"Host": HOST, "Referer": f"https://{HOST}{path}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = urlencode(form) if form is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if body is not None else "GET", path, body, headers)
        answer = connection.getresponse()
        answer.content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        connection.close()
        return answer

    def log_in(self, username: str, password: str):
        form = self.open("/accounts/login/").content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        return self.open(
            "/accounts/login/", {"csrfmiddlewaretoken": token, "login": username, "password": password}
        )


def plant(release: Path, python: str) -> None:
    """Fill .venv of an unpacked release with this project's packages of base.txt, as packages.py would."""
    venv, lock = release / ".venv", release / "requirements" / "base.txt"
    stamped = (lock, str(venv), "{}.{}".format(*sys.version_info[:2]))
    with machine.stamp(venv / "installed", *stamped) as stale:
        if not stale:
            return
        subprocess.run([python, "-m", "venv", "--without-pip", venv], check=True)
        [site] = (venv / "lib").glob("python*/site-packages")
        names = re.findall(r"^([\w.-]+)==", lock.read_text(), re.MULTILINE)
        for name in [*names, "pip"]:
            with contextlib.suppress(importlib.metadata.PackageNotFoundError):
                lend(importlib.metadata.distribution(name), site)
        script = venv / "bin" / "gunicorn"
        script.write_text(f"#!{venv}/bin/python\nfrom gunicorn.app.wsgiapp import run\nrun()\n")
        script.chmod(0o755)


def lend(distribution: importlib.metadata.Distribution, site: Path) -> None:
    for file in distribution.files or ():
        source = Path(distribution.locate_file(file))
        if ".." in file.parts or not source.exists():
            continue  # a program, or bytecode that was never made
        target = site / file
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:  # another disk
            shutil.copy2(source, target)
        if not target.stat().st_mode & stat.S_IROTH:
            shutil.copy2(source, target.with_name(f"{target.name}.open"))
            target.with_name(f"{target.name}.open").chmod(0o644)
            target.with_name(f"{target.name}.open").replace(target)


if __name__ == "__main__":
    plant(Path(sys.argv[1]), sys.argv[2])
