"""The arrows of the house, read from the source: who may import whom, and who may assign a state."""

import ast
import re
import sys
from pathlib import Path

from awards.urls import STAGES as CORRIDOR

ROOT = Path(__file__).resolve().parent.parent
APPS = ["units", "services", "awards"]
# The front page and the frame gather every stage; campaign comes first in the process.
STAGES = [stage for stage in CORRIDOR if stage != "home"] + ["home"]
ROOMS = ["rules", "models", "queries", "actions", "forms", "views"]


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


def offences(paths, forbidden):
    """`file imports name` for every import of these files that `forbidden(path, name)` names."""
    return [f"{path} imports {name}" for path in paths for name in imports(path) if forbidden(path, name)]


def assignments(path):
    """line and target of every attribute assigned in a file."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            for target in targets:
                for part in ast.walk(target):
                    if isinstance(part, ast.Attribute):
                        yield node.lineno, part


def test_apps_import_only_what_stands_before_them():
    def forbidden(path, name):
        return name.split(".")[0] in APPS[APPS.index(path.parts[0]) + 1 :]

    assert not offences(modules(*APPS), forbidden)


def test_a_stage_imports_no_later_stage():
    def forbidden(path, name):
        later = STAGES[STAGES.index(path.parts[1]) + 1 :]
        return name.startswith("awards.") and name.split(".")[1] in later

    assert not offences([path for path in modules("awards") if path.parts[1] in STAGES], forbidden)


def test_rooms_import_only_what_stands_before_them():
    def forbidden(path, name):
        own = ".".join(path.parts[:2]) if path.parts[0] == "awards" else path.parts[0]
        later = ROOMS[ROOMS.index(room_of(path.parts)) + 1 :]
        return name.startswith(own + ".") and room_of(name.split(".")) in later

    assert not offences([path for path in modules(*APPS) if room_of(path.parts)], forbidden)


def test_rules_know_no_django():
    rules = [path for path in modules(*APPS) if room_of(path.parts) == "rules"]

    assert rules
    assert not offences(rules, lambda path, name: name.split(".")[0] in {"django", "psycopg2"})


def test_scoring_is_a_ground_that_leans_on_nothing():
    """Every stage stands on it and the public checker is built from it: the standard library and itself."""
    ground = [path for path in modules("awards") if path.parts[1] == "scoring"]

    def forbidden(path, name):
        return name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("awards.scoring.")

    assert len(ground) >= 9
    assert not offences(ground, lambda path, name: name != "awards.scoring" and forbidden(path, name))


def test_only_actions_assign_a_state():
    others = [p for p in modules(*APPS) if room_of(p.parts) != "actions" and p != Path("awards/moves.py")]

    assert not [
        f"{path}:{line}" for path in others for line, part in assignments(path) if part.attr == "state"
    ]


def test_a_nomination_moves_only_through_one_function():
    def moved(part):
        return part.attr == "state" and isinstance(part.value, ast.Name) and part.value.id == "nomination"

    found = {str(path) for path in modules("awards") for _, part in assignments(path) if moved(part)}
    assert found == {"awards/moves.py"}


def test_nominations_are_put_in_order_by_the_number_of_their_code():
    """`code` as text has 1000 before 999; `code_key` is there for that."""

    def sorts_by_text(node):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "order_by":
            named = node.args
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ordering":
            named = [node.value]
        else:
            return False
        words = {part.value for one in named for part in ast.walk(one) if isinstance(part, ast.Constant)}
        return any(str(word).lstrip("-").split("__")[-1] == "code" for word in words)

    assert not [
        f"{path}:{node.lineno}"
        for path in modules("awards")
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if sorts_by_text(node)
    ]


def names_used(path):
    """Every name a file reads, called by itself or on a module; imports and definitions do not count."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_every_permission_is_asked_somewhere():
    used = {name for path in modules(*APPS) for name in names_used(path)}
    written = [
        f"{path}: {node.name}"
        for path in modules(*APPS)
        if path.name == "permissions.py"
        for node in ast.parse((ROOT / path).read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name not in used
    ]
    assert not written


# They save by themselves or by version, read workbooks, take a list's ticks, or serve people without an account.
POSTS_OF_THEIR_OWN = {
    "FormView", "NominationEditView", "NominationSaveView",
    "NominationEvidenceView", "SheetView", "SaveView", "FileView", "ImportView", "RosterImportView", "Bulk",
    "ObjectionNewView", "ObjectionView", "HereView",
}  # fmt: skip


def test_every_page_that_acts_stands_on_the_kit():
    own = {
        node.name
        for path in modules(*APPS)
        if "views" in path.parts or path.name == "views.py"
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(part, ast.FunctionDef) and part.name == "post" for part in node.body)
    }
    assert own == POSTS_OF_THEIR_OWN


# What goes to everybody as it stands on the public page is no export of anybody's.
PUBLIC = {"awards/notice/views/public.py"}


def test_downloads_of_lists_and_papers_pass_through_the_kit():
    """`units/kit/exports.py` writes them to the log; a view that answers past it would be forgotten there."""
    makers = ("workbook_response", "docx_response")
    found = [
        f"{path} calls {name}"
        for path in modules("units", "services", "awards")
        for name in makers
        if f"{name}(" in (ROOT / path).read_text()
        and not str(path).startswith(("units/papers/", "units/kit/exports.py"))
        and str(path) not in PUBLIC
    ]
    assert found == []


def test_a_list_page_leaves_its_rows_to_the_kit():
    """Heads and rows come from the columns: a template that turns over the page's rows tells them twice."""
    lists = [
        path for path in (ROOT / "templates").rglob("*.html") if "components/list.html" in path.read_text()
    ]
    assert len(lists) >= 15
    assert [
        str(path) for path in lists if re.search(r"{% for \w+ in (page_obj|list\.page)", path.read_text())
    ] == []


def test_a_name_is_imported_from_where_it_is_written():
    """No list of names is kept in step: an `__init__` passes nothing on, but what Django looks for in `models`."""
    lists = [
        str(path)
        for path in modules(*APPS)
        for node in ast.parse((ROOT / path).read_text()).body
        if isinstance(node, ast.Assign) and "__all__" in [getattr(part, "id", "") for part in node.targets]
    ]
    passed_on = [
        f"{path} imports {name}"
        for path in modules(*APPS)
        if path.name == "__init__.py" and path.parent.name != "models"
        for name in unused_imports(path)
    ]
    assert not lists + passed_on


def unused_imports(path):
    tree = ast.parse((ROOT / path).read_text())
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (name.name for name in node.names if (name.asname or name.name) not in used)


def test_every_model_form_works_on_a_copy():
    """Django's own writes what was typed on the row that the page around the form shows."""
    own = Path("units/kit/fields.py")
    assert not [
        path for path in modules(*APPS) if path != own and "forms.ModelForm" in (ROOT / path).read_text()
    ]
