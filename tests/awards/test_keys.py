"""The table of acts that take two people: each row has its page, and the docs print it."""

from pathlib import Path

from django.urls import get_resolver

from awards import keys as of_the_selection
from units import keys as of_accounts
from units.kit.acts import ActPage
from units.kit.keys import SecondKey

DOCS = Path(__file__).parents[2] / "docs/two-people.md"
ROWS = [
    row
    for table in (of_the_selection, of_accounts)
    for row in vars(table).values()
    if isinstance(row, SecondKey)
]


def pages():
    """Every page of the product that asks, then acts."""
    waiting, found = [get_resolver()], set()
    while waiting:
        for pattern in waiting.pop().url_patterns:
            if hasattr(pattern, "url_patterns"):
                waiting.append(pattern)
            elif issubclass(view := getattr(pattern.callback, "view_class", object), ActPage):
                found.add(view)
    return found


def test_every_row_has_its_page():
    declared = {page.second for page in pages()}
    declared |= {getattr(page, "second_on_administrators", None) for page in pages()}
    assert declared - {None} == set(ROWS)


def test_codes_are_used_once():
    assert len({row.code for row in ROWS}) == len(ROWS)


def test_the_docs_print_the_table():
    def people(roles):
        return "、".join(role.label for role in roles)

    lines = [
        f"| {row.label} | {people(row.first)} | {people(row.second)} | {row.tie.value} |" for row in ROWS
    ]
    assert "\n".join(lines) in DOCS.read_text()
