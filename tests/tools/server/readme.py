"""The README's lines, the release they are run with, and how to wait for what they start."""

import os
import re
import socket
import time

import pytest

from tools import release, setup

README = (setup.ROOT / "README.md").read_text()
SECTION = README[README.index("## Running it for real") : README.index("## 给评选办的说明")]
INSTALL, UPGRADE, GO_BACK = (
    re.sub(r"(?m)^    |  +# .*$", "", block) for block in re.findall(r"(?m)(?:^    .*\n)+", SECTION)
)
REHEARSAL = bool(os.environ.get("PORTAL_REHEARSE"))
VERSION = release.said_version()


def archive(server, version=VERSION):
    """As `make release` has made it, or of this folder as it is."""
    made = setup.VAR / "release" / f"portal-{version}.tar.gz"
    if REHEARSAL and version == VERSION:
        assert made.exists(), "run it by `make rehearse`"
        return made
    folder = server.folder / "release"
    return release.make_release(folder, version=version, code=this_folder(), wheels=REHEARSAL)


def this_folder() -> dict[str, bytes]:
    names = "config units services awards templates static deploy tools requirements manage.py pyproject.toml"
    files = {}
    for name in names.split():
        top = setup.ROOT / name
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                files[path.relative_to(setup.ROOT).as_posix()] = path.read_bytes()
    return files


def lent(server) -> dict[str, str]:
    return {"PYTHON": str(server.python)} if REHEARSAL else server.lend_packages()


def newest_backup(server):
    return max(server.path("/srv/backup").glob("portal-20*"))


def is_open(address: str) -> bool:
    host, port = address.split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def wait(true) -> None:
    for _ in range(3000):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("five minutes have passed")
