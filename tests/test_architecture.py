"""The arrows of the house, read from the source: who may import whom, and who may assign a state."""

import ast
import re
import sys
import tomllib
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from awards.urls import STAGES as CORRIDOR

ROOT = Path(__file__).resolve().parent.parent
APPS = ["units", "services", "awards"]
# The front page and the frame gather every stage; campaign comes first in the process.
STAGES = [stage for stage in CORRIDOR if stage != "home"] + ["home"]
ROOMS = ["rules", "models", "queries", "actions", "forms", "views"]


@cache
def tree_of(path):
    return ast.parse((ROOT / path).read_text())


def modules(*apps):
    for app in apps:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT)


def imports(path):
    """Every module a file imports, as dotted names; `from a.b import c` gives a.b and a.b.c."""
    for node in ast.walk(tree_of(path)):
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


# The one place that writes the stored rule; whoever reads it asks `rule.parsed`.
WRITES_THE_RULE = {
    "awards/campaign/models.py",
    "awards/campaign/actions/rule.py",
    "awards/campaign/queries/rule.py",
}


def test_a_stored_rule_is_read_parsed():
    assert not [
        f"{path}:{node.lineno}"
        for path in modules("awards")
        if str(path) not in WRITES_THE_RULE
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "body" and "rule" in ast.unparse(node.value)
    ]


def test_days_are_written_by_the_printer_of_moments():
    """`units/moments.py` has a function for each form; the call's 12月10—16日 is the one that joins two days."""
    found = {str(path) for path in modules(*APPS) if re.search(r"day\}日|-d日", (ROOT / path).read_text())}
    assert found == {"units/moments.py", "awards/campaign/rules/wording.py"}


def test_one_function_prints_a_decimal_without_idle_zeros():
    found = [str(path) for path in modules(*APPS) if re.search(r"rstrip\(.0.\)", (ROOT / path).read_text())]
    assert found == ["awards/scoring/numbers.py"]


# Who writes a column `state`, and whose it is. A nomination's is moved by one function alone; a new line here
# names a row with states of its own.
STATE_WRITERS = {
    "awards/moves.py": "a nomination's, with the table of moves and the log",
    "awards/notice/actions/cases.py": "an objection's own",
    "awards/review/actions.py": "a score sheet's own",
    "units/pending/actions.py": "a proposed act's own",
    "services/actions/imports.py": "a logged row's own, of a workbook",
    "services/actions/rows.py": "a logged row's own",
}


def state_writes(source):
    """Lines that write a column `state`: an assignment, `setattr`, `update`, `bulk_update`, whatever its row is called."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "state"
            and isinstance(node.ctx, ast.Store | ast.Del)
        ):
            yield node.lineno
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            texts = {
                part.value for one in node.args for part in ast.walk(one) if isinstance(part, ast.Constant)
            }
            if (name in ("setattr", "__setattr__", "bulk_update") and "state" in texts) or (
                name in ("update", "aupdate", "update_or_create")
                and "state" in [word.arg for word in node.keywords]
            ):
                yield node.lineno


def test_a_state_is_written_where_its_row_moves():
    found = {str(path) for path in modules(*APPS) if list(state_writes((ROOT / path).read_text()))}

    assert found == set(STATE_WRITERS)


@pytest.mark.parametrize(
    "line",
    [
        "file.state = State.QUALIFIED",
        "before, anything.state = anything.state, to",
        "rows[0].state: str = to",
        "for entry.state in states: pass",
        "setattr(file, 'state', to)",
        "Nomination.objects.filter(pk=pk).update(decided_at=now, state=to)",
        "Nomination.objects.bulk_update(files, ['state'])",
    ],
)
def test_whatever_writes_a_state_is_seen(line):
    assert list(state_writes(line)) == [1]


@pytest.mark.parametrize("line", ["state = file.state", "rows.filter(state=to)", "rows.update(states=1)"])
def test_what_reads_a_state_is_let_be(line):
    assert not list(state_writes(line))


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
        for node in ast.walk(tree_of(path))
        if sorts_by_text(node)
    ]


# Django calls what is named so, after a field or an address.
CALLED_BY_NAME = re.compile(r"clean_\w+|to_url|from_db_value")


def names_in(tree):
    """How often each name is read in a syntax tree: by itself, on something, or in a text that is nothing but a name."""
    found = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found[node.id] += 1
        elif isinstance(node, ast.Attribute):
            found[node.attr] += 1
        elif isinstance(node, ast.Constant) and re.fullmatch(r"[\w.]+", str(node.value)):
            found[str(node.value).rpartition(".")[2]] += 1
    return found


def public_names(tree):
    """Functions and classes of a module with their methods, as (class or None, definition)."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield None, node
        if isinstance(node, ast.ClassDef):
            yield from ((node.name, part) for part in node.body if isinstance(part, ast.FunctionDef))


def unused(trees, elsewhere=()):
    """`file: name` of what no product code and no template names but itself. trees: path → syntax tree."""
    used = Counter(elsewhere)
    for tree in trees.values():
        used.update(names_in(tree))
    for path, tree in trees.items():
        for owner, node in public_names(tree):
            if node.name.startswith("_") or used[node.name] > names_in(node)[node.name]:
                continue
            if not _is_called_by_a_framework(path, owner, node):
                yield f"{path}: {node.name}"


def _is_called_by_a_framework(path, owner, node):
    name = node.name
    if CALLED_BY_NAME.fullmatch(name):
        return owner is not None
    if owner is None:
        answers = any(
            ast.unparse(one).startswith(("receiver(", "register(", "register.tag("))
            for one in node.decorator_list
        )
        return answers or path.name == "apps.py" or path.parent.name == "commands"
    if f"super().{name}(" in ast.unparse(node):
        return True
    kind = getattr(import_module(".".join(path.with_suffix("").parts)), owner)
    return any(name in vars(base) for base in kind.__mro__[1:] if base.__module__.split(".")[0] not in APPS)


def test_nothing_is_written_for_tests_alone():
    """Each function, class and method has a caller in the product; tests use the doors that people use."""
    files = [
        path.relative_to(ROOT) for app in [*APPS, "config", "tools"] for path in (ROOT / app).rglob("*.py")
    ]
    trees = {path: tree_of(path) for path in files}
    texts = [path.read_text() for path in (ROOT / "templates").rglob("*") if path.is_file()]
    elsewhere = Counter(word for text in texts for word in re.findall(r"[a-z_]\w*", text))
    found = [
        one for one in unused(trees, elsewhere) if one.split("/")[0] in APPS and "/migrations/" not in one
    ]

    assert not found


def test_a_function_that_only_calls_itself_is_seen():
    source = "def helped(): pass\ndef dead(n): return dead(n - 1) + helped()\nclass Kept:\n    pass\nfor _ in Kept: ..."

    assert list(unused({Path("planted.py"): ast.parse(source)})) == ["planted.py: dead"]


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
        for node in ast.walk(tree_of(path))
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
        for node in tree_of(path).body
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
    tree = tree_of(path)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (name.name for name in node.names if (name.asname or name.name) not in used)


def test_types_are_checked_in_every_room_that_reckons():
    """mypy reads what `files` names; a new stage is among them."""
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["files"]
    found = {path for one in named for path in ROOT.glob(one)}
    rooms = {"rules", "queries", "actions", "permissions", "scoring", "kit"}
    missed = [
        path
        for path in modules(*APPS)
        if rooms & {part.removesuffix(".py") for part in path.parts}
        and not found & {ROOT / path, *(ROOT / path).parents}
    ]
    assert not missed


def test_every_model_form_works_on_a_copy():
    """Django's own writes what was typed on the row that the page around the form shows."""
    own = Path("units/kit/fields.py")
    assert not [
        path for path in modules(*APPS) if path != own and "forms.ModelForm" in (ROOT / path).read_text()
    ]
