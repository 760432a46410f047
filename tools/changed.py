"""The check for daily work: `make check`, or `python3 tools/changed.py [pytest's own options]`.

Looks at the source as `make test` does and runs the tests of what changed since the branch left main:
tests mirror the code path for path. Whole rounds are not among them. Before landing, `make test`
decides.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TRUNK = "main"
ALWAYS = "tests/test_architecture.py"
FLOWS = "tests/flows/"  # whole rounds take minutes


def main() -> None:
    from tools import setup

    try:
        setup.prepare()
        setup.checks()
        tests = tests_of(changed_files(), ROOT)
        setup.say("testing " + "  ".join(tests))
        sys.exit(setup.pytest([*tests, *sys.argv[1:]]))
    except setup.Missing as missing:
        sys.exit(f"Stopped: {missing}")
    except KeyboardInterrupt:
        sys.exit(130)


def changed_files() -> list:
    """Paths that differ from where this branch left main, committed or not, and new files."""
    base = _git("merge-base", "HEAD", TRUNK) or ["HEAD"]
    return sorted(
        {*_git("diff", "--name-only", base[0]), *_git("ls-files", "--others", "--exclude-standard")}
    )


def _git(*words: str) -> list:
    told = subprocess.run(
        ["git", "-c", "core.quotePath=off", *words], cwd=ROOT, capture_output=True, text=True
    )
    return told.stdout.splitlines() if told.returncode == 0 else []


def tests_of(changed, root: Path) -> list:
    """The test files to run for changed paths, the architecture's always.

    awards/review/actions/sheets.py asks for test_sheets.py, else test_actions.py, else for all tests in
    tests/awards/review; a template likewise, a script for the test of scripts. A migration asks for none:
    whether models and migrations agree is checked before.
    """
    found = {ALWAYS}
    for path in map(Path, changed):
        found |= {test.relative_to(root).as_posix() for test in _mirrors(path, root)}
    found = {test for test in found if not test.startswith(FLOWS)}
    return sorted(found)


def _mirrors(path: Path, root: Path) -> list:
    top, tests = path.parts[0], root / "tests"
    if top == "static":
        return [tests / "templates" / "test_scripts.py"]
    if "templatetags" in path.parts:
        return [tests / "templates" / "test_tags.py"]
    if top == "tests" and path.name.startswith("test_"):
        return [root / path] if (root / path).exists() else []
    if "migrations" in path.parts or (path.suffix != ".py" and top != "templates"):
        return []
    own = root / path if top == "tests" else tests / path
    if top == "templates" and (tests / Path(*path.parts[1:2])).is_dir():
        own = tests / Path(*path.parts[1:])
    folders = [folder for folder in own.parents if folder != tests and folder.is_relative_to(tests)]
    for name in (own.stem, *(folder.name for folder in folders)):
        for folder in folders:
            if (folder / f"test_{name}.py").exists():
                return [folder / f"test_{name}.py"]
    return next((there for folder in folders if (there := sorted(folder.glob("test_*.py")))), [])


if __name__ == "__main__":
    main()
