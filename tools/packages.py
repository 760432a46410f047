"""Fill .venv with exactly what a lock names: `python3 tools/packages.py requirements/base.txt [--wheels FOLDER]`.

The one way to install for `make`, `deploy/install.sh` and the container. The lock is complete, so pip resolves
nothing: a release that somebody publishes later changes nothing here. `pip check` then holds the packages
against what they say they need. With `--download FOLDER` the wheels are fetched and not installed.

Standard library only, and nothing that Python 3.8 cannot read: it must get as far as its message.
"""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.machine import Missing, plain_environment, require_room, say, stamp, succeeds, told_in_one_line  # noqa: E402

VENV = ROOT / ".venv"
# Of the caller's settings for pip those that say where packages come from and how they are reached.
# Others (a target, a constraint, "upgrade") would make it install something else than the lock, or elsewhere.
KEPT = {
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_TRUSTED_HOST"),
    *("PIP_CERT", "PIP_CLIENT_CERT", "PIP_PROXY", "PIP_TIMEOUT", "PIP_DEFAULT_TIMEOUT", "PIP_RETRIES"),
    *("PIP_CACHE_DIR", "PIP_NO_CACHE_DIR", "PIP_CONFIG_FILE"),
}
ROOM_MB = 700  # packages, front end, browser and database of a development machine
EXACTLY = ("--no-deps", "--require-hashes", "--only-binary=:all:")


def make_environment(lock: Path, *, venv: Path = VENV, wheels: "Path | None" = None) -> None:
    """Have `venv` hold the packages of `lock` and no others; does nothing when it does already.

    One that was interrupted, made from another lock, by another Python or moved from another place is made
    anew: half an installed package looks whole to pip.
    Raises Missing when this machine cannot.
    """
    python, done = venv / "bin" / "python", venv / "installed"
    if done.exists() and not succeeds(python, "-c", "import pip"):
        done.unlink()
    with stamp(done, lock, str(venv), "{}.{}".format(*sys.version_info[:2])) as stale:
        if stale:
            require_room(ROOM_MB)
            say(f"making {venv.name} with the packages of {lock.name}")
            _make_empty(venv)
            install(lock, python, wheels)


def _make_empty(venv: Path) -> None:
    try:
        import ensurepip  # noqa: F401
        import venv as _  # noqa: F401
    except ImportError:
        raise Missing("Python has no venv module: install python3-venv.") from None
    # Run from inside an activated venv, that one's own Python would be cleared away under its feet.
    python = getattr(sys, "_base_executable", sys.executable)
    if not succeeds(python, "-m", "venv", "--clear", venv, env=plain_environment()):
        raise Missing("python3 -m venv failed: install python3-venv.")


def install(lock: Path, python: Path, wheels: "Path | None" = None) -> None:
    """Add what `lock` names to the environment of `python`, resolving nothing.

    wheels: a folder to take them from, and from nowhere else; a wheel with another hash is refused.
    """
    if not _pip(python, "install", "--quiet", *EXACTLY, *_only_from(wheels), "-r", lock):
        raise Missing(
            f"pip could not install {_name(lock)}"
            + (f" from {wheels}: a wheel is missing or is another one" if wheels else "")
            + ", see its last lines above."
        )
    if not (_pip(python, "check", show=False) or _pip(python, "check")):
        raise Missing(f"{_name(lock)} lacks a package, or holds two that do not go together, see above.")


def download(lock: Path, folder: Path, python: Path) -> None:
    """Put the wheels of `lock` for this machine and the Python `python` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    if not _pip(python, "download", "--quiet", *EXACTLY, "--dest", folder, "-r", lock):
        raise Missing(f"pip could not fetch the wheels of {_name(lock)}, see its last lines above.")


def _only_from(wheels: "Path | None") -> tuple:
    return ("--no-index", "--find-links", wheels) if wheels else ()


def _pip(python: Path, *arguments, show: bool = True) -> bool:
    others = [name for name in os.environ if name.startswith("PIP_") and name not in KEPT]
    settings = {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return succeeds(python, "-m", "pip", *arguments, env=plain_environment(*others) | settings, show=show)


def _name(lock: Path) -> str:
    return str(lock.relative_to(ROOT)) if lock.is_relative_to(ROOT) else str(lock)


def main() -> None:
    parser = argparse.ArgumentParser(prog="tools/packages.py", description=__doc__.splitlines()[0])
    parser.add_argument("lock", type=Path, help="requirements/base.txt for a server, dev.txt for development")
    parser.add_argument("--wheels", type=Path, help="take the wheels from this folder and from nowhere else")
    parser.add_argument("--download", type=Path, metavar="FOLDER", help="fetch the wheels, install nothing")
    options = parser.parse_args()
    lock = options.lock.resolve()
    wheels = options.wheels and options.wheels.resolve()
    with told_in_one_line():
        if wheels and not wheels.is_dir():
            raise Missing(f"there is no folder {wheels} with the wheels.")
        if options.download:
            download(lock, options.download.resolve(), Path(sys.executable))
        else:
            make_environment(lock, wheels=wheels)


if __name__ == "__main__":
    main()
