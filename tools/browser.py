"""Finds the browser of the tests: PORTAL_BROWSER, one that is installed, or the one npm brought.

Run with the project's own Python, `python tools/browser.py` unpacks the last when there is no other.
"""

import io
import json
import os
import shutil
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
STARTER = """#!/bin/sh
# The browser with the libraries and fonts that came with it.
here=$(CDPATH= cd "$(dirname "$0")" && pwd)
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH="$here"
exec "$here/chromium" "$@"
"""


def find_browser() -> "str | None":
    """The program to start, or None when there is none yet."""
    named = os.environ.get("PORTAL_BROWSER")
    if named:
        return named
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    starter = _unpacked() / "start"
    return str(starter) if starter.exists() else None


def _unpacked() -> Path:
    version = "none"
    if (PACKAGE / "package.json").exists():
        version = json.loads((PACKAGE / "package.json").read_text())["version"]
    return ROOT / "var" / "browser" / version


def unpack() -> str:
    """Unpack the npm package's browser; returns its starter."""
    import brotli  # only the project's own environment has it

    target = _unpacked()
    new = target.with_name(target.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    with open(new / "chromium", "wb") as program:
        decompressor = brotli.Decompressor()
        with open(PACKAGE / "bin" / "chromium.br", "rb") as packed:
            while piece := packed.read(1 << 20):
                program.write(decompressor.process(piece))
    for name in ("al2023", "fonts", "swiftshader"):  # lib/, fonts/, and what lies beside the program
        archive = io.BytesIO(brotli.decompress((PACKAGE / "bin" / f"{name}.tar.br").read_bytes()))
        with tarfile.open(fileobj=archive) as tar:
            # Python before 3.11.4 knows no filter
            tar.extractall(new, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    (new / "start").write_text(STARTER)
    for program in ("chromium", "start"):
        (new / program).chmod(0o755)
    shutil.rmtree(target, ignore_errors=True)
    new.rename(target)
    return str(target / "start")


if __name__ == "__main__":
    sys.stdout.write((find_browser() or unpack()) + "\n")
