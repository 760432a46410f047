"""Make the archive that a server without internet installs: `make release`.

In it: the code as committed, var/vendor, the wheels of requirements/base.txt for this machine and this Python,
VERSION and SHA256SUMS. The same commit and the same wheels give the same bytes.

Standard library only.
"""

import argparse
import gzip
import hashlib
import io
import platform
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import packages, vendor  # noqa: E402
from tools.machine import Missing, say, told_in_one_line  # noqa: E402

LOCK = ROOT / "requirements" / "base.txt"


def make_release(
    folder: Path, *, version: str = "", code: "dict[str, bytes] | None" = None, wheels: bool = True
) -> Path:
    """Write portal-VERSION.tar.gz into `folder` and return it; all in it lies below portal-VERSION/.

    code: what is released instead of the last commit. Without wheels the server needs the network.
    Raises Missing when something is not there.
    """
    version = version or said_version()
    made_from, seconds = f"{version}\n", 0
    if code is None:
        commit, day, seconds = git("log", "-1", "--format=%H %cs %ct").decode().split()
        made_from += f"commit {commit} of {day}\n"
        if git("status", "--porcelain"):
            say("what is not committed is left out")
    files = (committed_files() if code is None else code) | vendor_files()
    if wheels:
        files |= wheel_files()
        made_from += "wheels for Python {}.{} on {}\n".format(*sys.version_info[:2], platform.machine())
    files["VERSION"] = made_from.encode()
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    files["SHA256SUMS"] = sums.encode()
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"portal-{version}.tar.gz"
    new = archive.with_name(f"{archive.name}.new")
    with open(new, "wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=int(seconds)) as packed:
        pack(files, packed, f"portal-{version}", int(seconds))
    new.replace(archive)
    return archive


def said_version() -> str:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def git(*arguments: str) -> bytes:
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise Missing("there is no git: a release is made of what is committed.") from None
    except subprocess.CalledProcessError as refused:
        raise Missing(f"git says: {refused.stderr.decode().strip().splitlines()[-1]}") from None


def committed_files() -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(git("archive", "--format=tar", "HEAD"))) as tree:
        return {member.name: tree.extractfile(member).read() for member in tree if member.isfile()}


def vendor_files() -> dict[str, bytes]:
    try:
        return {
            f"var/vendor/{name}": (ROOT / "var/vendor" / name).read_bytes() for name in vendor.FILES.values()
        }
    except FileNotFoundError as missing:
        raise Missing(f"{missing.filename} is not there: run `make setup` first.") from None


def wheel_files() -> dict[str, bytes]:
    say("fetching the wheels of requirements/base.txt")
    with tempfile.TemporaryDirectory() as folder:
        packages.download(LOCK, Path(folder), Path(sys.executable))
        return {f"wheels/{wheel.name}": wheel.read_bytes() for wheel in Path(folder).iterdir()}


def pack(files: dict[str, bytes], archive, root: str, seconds: int) -> None:
    """Sorted, of one time and one owner, readable by all; what begins with #! may be run."""
    contents = {f"{root}/{name}": content for name, content in files.items()}
    folders = {str(parent) for name in contents for parent in Path(name).parents} - {"."}
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tree:
        for name in sorted(folders | contents.keys()):
            member = tarfile.TarInfo(name)
            member.mtime = seconds
            if name in folders:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
                tree.addfile(member)
            else:
                content = contents[name]
                member.size, member.mode = len(content), 0o755 if content.startswith(b"#!") else 0o644
                tree.addfile(member, io.BytesIO(content))


def main() -> None:
    parser = argparse.ArgumentParser(prog="tools/release.py", description=__doc__.splitlines()[0])
    parser.add_argument("--into", type=Path, default=ROOT / "var" / "release", metavar="FOLDER")
    parser.add_argument("--no-wheels", action="store_true", help="for a server that reaches a package index")
    options = parser.parse_args()
    with told_in_one_line():
        archive = make_release(options.into, wheels=not options.no_wheels)
        say(f"{archive}: {archive.stat().st_size // 2**20} MB")
        say(f"sha256 {hashlib.sha256(archive.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
