"""What no template, script or style may hold: the content security policy and Chromium 90 decide."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))

FORBIDDEN_IN_TEMPLATES = {
    "a style element": r"<style",
    "a style attribute": r"\sstyle\s*=",
    "a script without a file": r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
    "a handler in an attribute": r"<[^>]*\son[a-z]+\s*=",
    "an htmx handler": r"hx-on",
    "a javascript address": r"javascript:",
    "another host": r"(?:src|href|action)=[\"']?(?:https?:)?//",
}
FORBIDDEN_IN_SCRIPTS = {
    "optional chaining": r"\?\.(?!\d)",
    "the ?? operator": r"\?\?",
    "eval": r"\beval\s*\(|new Function\b|set(?:Timeout|Interval)\(\s*[\"']",
    "markup from text": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write",
    "an inline style": r"\.style\.|setAttribute\(\s*[\"']style",
    "newer than Chromium 90": r"\.at\(|\.hasOwn\(|findLast|structuredClone|\.toSorted|replaceAll|static \{",
    "another host": r"https?://",
}
FORBIDDEN_IN_STYLES = {
    "!important": r"!important",
    "another host": r"url\(\s*[\"']?(?:https?:)?//",
    "newer than Chromium 90": r":has\(|@layer|@container|color-mix|\d(?:d|s|l)v[hw]\b|text-wrap|accent-color",
}


def found(path: Path, rules: dict[str, str]) -> list[str]:
    """What stands in the file although it must not, with its line."""
    text = re.sub(r"\{#.*?#\}|/\*.*?\*/", "", path.read_text(), flags=re.S)
    return [
        f"{what}: {match.group()!r}"
        for what, pattern in rules.items()
        for match in re.finditer(pattern, text)
    ]


def named(paths):
    return {"argvalues": paths, "ids": [str(path.relative_to(ROOT)) for path in paths]}


@pytest.mark.parametrize("path", **named(TEMPLATES))
def test_a_template_holds_nothing_inline_and_names_no_other_host(path):
    assert found(path, FORBIDDEN_IN_TEMPLATES) == []


@pytest.mark.parametrize("path", **named(SCRIPTS))
def test_a_script_stays_within_the_policy_and_chromium_90(path):
    assert found(path, FORBIDDEN_IN_SCRIPTS) == []


@pytest.mark.parametrize("path", **named(STYLES))
def test_a_style_stays_within_chromium_90(path):
    assert found(path, FORBIDDEN_IN_STYLES) == []


@pytest.mark.parametrize("path", **named(COMPONENTS))
def test_a_component_says_what_it_needs(path):
    assert re.search(r"\{#[^#]*needs: ", path.read_text())


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('<p style="color: red">', FORBIDDEN_IN_TEMPLATES),
        ('<script nonce="x">', FORBIDDEN_IN_TEMPLATES),
        ('<a\n onclick="x()">', FORBIDDEN_IN_TEMPLATES),
        ("a?.b", FORBIDDEN_IN_SCRIPTS),
        ("x.innerHTML = y", FORBIDDEN_IN_SCRIPTS),
        ("p { color: red !important }", FORBIDDEN_IN_STYLES),
    ],
)
def test_the_scan_itself_finds_what_it_should(tmp_path, text, rules):
    path = tmp_path / "file"
    path.write_text(text)
    assert found(path, rules)
