"""The documentation in the repository: what is referred to is there, and what it says of the code is so."""

import re
from pathlib import Path

import pytest

from awards.states import MOVES, State

ROOT = Path(__file__).resolve().parent.parent
DESIGN = ROOT / "docs" / "design.md"
PAGE = re.compile(r"(?<![\w/.-])((?:[\w-]+/)*[\w-]+\.md)(?: ((?:\d+(?:\.\d+)?(?:, )?)+))?")
LINK = re.compile(r"\]\(([^)#:]+)\)")
FOLDERS = [
    "awards",
    "config",
    "deploy",
    "docs",
    "requirements",
    "services",
    "templates",
    "tests",
    "tools",
    "units",
]
READ = (".py", ".md", ".toml", ".sh", ".txt", ".in", ".html", ".js", ".css", ".yaml", "Makefile")


def kept_files():
    """What is the project's own and read by people."""
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.name.endswith(READ))
    for folder in FOLDERS:
        yield from (
            path for path in (ROOT / folder).rglob("*") if path.is_file() and path.name.endswith(READ)
        )


def missing_pages(text: str, folder: Path) -> list[str]:
    """Pages that a text names and that are not there, and sections that a page does not have."""
    missing = []
    for name, sections in PAGE.findall(text):
        page = next((place / name for place in (ROOT, folder) if (place / name).is_file()), None)
        if page is None:
            missing.append(name)
            continue
        written = page.read_text() if sections else ""
        for section in sections.split(", ") if sections else ():
            if not re.search(rf"^(?:## )?{re.escape(section)}[. ]", written, re.MULTILINE):
                missing.append(f"{name} {section}")
    return missing


def test_every_page_and_section_that_is_referred_to_is_there():
    told = {
        path.relative_to(ROOT).as_posix(): missing_pages(path.read_text(), path.parent)
        for path in kept_files()
        if path != Path(__file__)
    }
    assert not {name: missing for name, missing in told.items() if missing}


def test_a_reference_to_what_is_not_there_is_found():
    assert missing_pages("see nowhere.md", ROOT) == ["nowhere.md"]
    assert missing_pages("docs/field.md 1.7, 9.9", ROOT) == ["docs/field.md 9.9"]
    assert not missing_pages("docs/field.md 3, 1.4 and README.md", ROOT)


@pytest.mark.parametrize(
    "page", [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
)
def test_links_of_a_page_lead_somewhere(page):
    assert not [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]


def test_the_table_of_states_is_the_one_of_the_code():
    rows = re.findall(r"^\| ([A-Z_]+) (\S+) \| (.+) \|$", DESIGN.read_text(), re.MULTILINE)
    told = {State[name]: (label, set(re.findall(r"[A-Z_]+", moves))) for name, label, moves in rows}
    assert told == {state: (state.label, {to.name for to in moves}) for state, moves in MOVES.items()}
