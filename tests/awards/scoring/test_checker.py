"""verify.py: one file, standard library only, and never another result than recount."""

import ast
import contextlib
import io
import subprocess
import sys
import types
from pathlib import Path

import pytest

from awards.scoring import checker
from awards.scoring.checker import checker_source
from awards.scoring.recount import main
from awards.scoring.strict_json import canonical
from tests.awards.scoring.random_records import random_record
from tests.awards.scoring.test_record import REFUSED, a_record, at, built


@pytest.fixture(scope="module")
def verify():
    """The checker's own `main`, loaded from its text alone."""
    module = types.ModuleType("verify")
    sys.modules["verify"] = module
    exec(compile(checker_source(), "verify.py", "exec"), module.__dict__)
    yield module.main
    del sys.modules["verify"]


def ran(program, path):
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="ascii") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = program([str(path)])
    return code, out.buffer.getvalue(), err.buffer.getvalue()


def test_verify_equals_recount_on_300_random_records(tmp_path, verify):
    """Each with standings left out, whole, or spoilt in one place."""
    path = tmp_path / "record.json"
    codes = set()
    for seed in range(300):
        record = random_record(seed)
        if seed % 3:
            record = built(record)
        if seed % 3 == 2 and record["standings"]:
            record["standings"][seed % len(record["standings"])]["place"] = 99
        path.write_bytes(canonical(record))
        expected = ran(main, path)
        assert ran(verify, path) == expected, seed
        codes.add(expected[0])
    assert codes == {0, 1}


def test_verify_refuses_what_recount_refuses_in_the_same_words(tmp_path, verify):
    path = tmp_path / "record.json"
    for way, value, _ in REFUSED:
        record = a_record()
        at(way, value)(record)
        path.write_bytes(canonical(record))
        expected = ran(main, path)
        assert expected[0] == 2
        assert ran(verify, path) == expected, way


@pytest.mark.parametrize(("seed", "spoil"), [(3, False), (11, True), (12, False)])
def test_verify_runs_as_a_program_of_its_own(tmp_path, seed, spoil):
    """Isolated: no site packages, no environment, no other file beside it."""
    record = built(random_record(seed))
    if spoil:
        record["campaign"] = "区"
    (tmp_path / "verify.py").write_text(checker_source(), encoding="utf-8")
    (tmp_path / "record.json").write_bytes(canonical(record))

    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", "record.json"], cwd=tmp_path, env={}, capture_output=True
    )

    assert (done.returncode, done.stdout, done.stderr) == ran(main, tmp_path / "record.json")
    assert done.returncode == int(spoil)


def test_the_checker_imports_the_standard_library_only():
    tree = ast.parse(checker_source(), feature_version=(3, 8))
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module)

    assert {name.split(".")[0] for name in modules} <= sys.stdlib_module_names
    assert "awards" not in {name.split(".")[0] for name in modules}


def test_the_text_is_the_same_each_time_and_names_no_machine():
    first = checker_source()
    checker_source.cache_clear()

    assert checker_source() == first
    assert str(Path(checker.__file__).parents[2]) not in first


@pytest.mark.parametrize(
    "text",
    [
        "import awards.scoring.rule",
        "import json as j",
        "from awards.scoring.numbers import Refused as R",
        "from awards.panel.rules import draw",
        "def f():\n    import json",
    ],
)
def test_a_module_that_could_not_be_joined_is_noticed(monkeypatch, tmp_path, text):
    monkeypatch.setattr(checker.inspect, "getsource", lambda module: text)

    with pytest.raises(ValueError):
        checker._Part(types.ModuleType("awards.some.part"))


def test_two_parts_with_one_name_are_noticed(monkeypatch):
    monkeypatch.setattr(checker, "PARTS", (*checker.PARTS, checker.arithmetic))
    checker_source.cache_clear()

    with pytest.raises(ValueError, match="more than one part"):
        checker_source()
