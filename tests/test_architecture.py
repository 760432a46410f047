"""The arrows of the house, read from the source: who may import whom, and who may assign a state."""

import ast
from pathlib import Path

import pytest

from awards.urls import STAGES as CORRIDOR

ROOT = Path(__file__).resolve().parent.parent
APPS = ["units", "services", "awards"]
# The front page and the frame gather every stage; campaign comes first in the process.
STAGES = [stage for stage in CORRIDOR if stage != "home"] + ["home"]
ROOMS = ["rules", "models", "queries", "actions", "forms", "views"]
PURE = {"rules"}


def modules(*apps):
    for app in apps:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT)


def imports(path):
    """Every module a file imports, as dotted names; `from a.b import c` gives a.b and a.b.c."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def room_of(parts):
    """The room a path or dotted name lies in: awards/x/rules.py and awards/x/rules/y.py are both `rules`."""
    for part in parts[2:] if parts[0] == "awards" else parts[1:]:
        name = part.removesuffix(".py")
        if name in ROOMS:
            return name
    return None


@pytest.mark.parametrize("path", modules(*APPS), ids=str)
def test_apps_import_only_what_stands_before_them(path):
    later = APPS[APPS.index(path.parts[0]) + 1 :]
    wrong = [name for name in imports(path) if name.split(".")[0] in later]
    assert not wrong


@pytest.mark.parametrize("path", modules("awards"), ids=str)
def test_a_stage_imports_no_later_stage(path):
    if path.parts[1] not in STAGES:
        pytest.skip("stands outside the corridor")
    later = STAGES[STAGES.index(path.parts[1]) + 1 :]
    wrong = [name for name in imports(path) if name.startswith("awards.") and name.split(".")[1] in later]
    assert not wrong


@pytest.mark.parametrize("path", modules(*APPS), ids=str)
def test_rooms_import_only_what_stands_before_them(path):
    room = room_of(path.parts)
    if room is None:
        pytest.skip("no room of a stage")
    own = ".".join(path.parts[:2]) if path.parts[0] == "awards" else path.parts[0]
    later = ROOMS[ROOMS.index(room) + 1 :]
    wrong = [
        name for name in imports(path) if name.startswith(own + ".") and room_of(name.split(".")) in later
    ]
    assert not wrong


@pytest.mark.parametrize("path", [path for path in modules(*APPS) if room_of(path.parts) in PURE], ids=str)
def test_rules_know_no_django(path):
    assert not [name for name in imports(path) if name.split(".")[0] in {"django", "psycopg2"}]


@pytest.mark.parametrize("path", modules(*APPS), ids=str)
def test_only_actions_assign_a_state(path):
    if room_of(path.parts) == "actions" or path == Path("awards/moves.py"):
        pytest.skip("an action")
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) else []:
            for part in ast.walk(target):
                assert not (isinstance(part, ast.Attribute) and part.attr == "state"), f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", modules("awards"), ids=str)
def test_a_nomination_moves_only_through_moves(path):
    if path == Path("awards/moves.py"):
        pytest.skip("the one place")
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for part in ast.walk(target):
                    if (
                        isinstance(part, ast.Attribute)
                        and part.attr == "state"
                        and isinstance(part.value, ast.Name)
                    ):
                        assert part.value.id != "nomination", f"{path}:{node.lineno}"
