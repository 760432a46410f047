"""The recount program: exit codes, what goes to stdout and what to stderr, on a bare machine."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from awards.scoring.recount import main
from awards.scoring.strict_json import canonical
from tests.awards.scoring.random_records import oracle, random_record
from tests.awards.scoring.test_record import a_record, built

ROOT = Path(__file__).parents[3]


@pytest.fixture
def recount(tmp_path, capfdbinary):
    """Run `main` on the bytes or the record given: (exit code, stdout, stderr)."""

    def run(content):
        path = tmp_path / "记录 1.json"
        path.write_bytes(content if isinstance(content, bytes) else canonical(content))
        code = main([str(path)])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


@pytest.mark.parametrize("standings", [..., None, []])
def test_without_standings_stdout_is_the_list_and_nothing_else(recount, standings):
    record = random_record(11)
    if standings is not ...:
        record |= {"standings": standings, "digest": "not looked at"}

    code, out, err = recount(record)

    assert (code, err) == (0, "")
    assert json.loads(out) == oracle(record)
    assert out.count("\n") == 1


def test_an_empty_selection_gives_an_empty_list(recount):
    assert recount(a_record() | {"entries": [], "sheets": []}) == (0, "[]\n", "")


def test_when_all_agrees_stdout_is_empty(recount):
    code, out, err = recount(built(random_record(11)))

    assert (code, out) == (0, "")
    assert "全部一致，摘要相符" in err


def test_standings_agree_without_a_digest_too(recount):
    record = built(random_record(11))
    del record["digest"]

    code, out, err = recount(record)

    assert (code, out) == (0, "")
    assert "没有摘要" in err


def test_each_difference_is_a_line_on_stdout(recount):
    record = built(a_record())
    record["standings"][0] |= {"final": "99.99", "seat": True}

    code, out, err = recount(record)

    assert code == 1
    assert [line.split("：")[0] for line in out.splitlines()] == [
        "2026-F-001 final",
        "2026-F-001 seat",
        "digest",
    ]
    assert "3 处不一致" in err


@pytest.mark.parametrize("name", ["entries", "sheets", "recusals", "campaign"])
def test_whatever_is_changed_the_digest_tells(recount, name):
    record = built(a_record())
    record[name] = {
        "entries": [*record["entries"], {"code": "2026-F-002", "category": "F"}],
        "sheets": record["sheets"][:1],
        "recusals": [{"entry": "2026-F-001", "reason": "kin", "count": 3}],
        "campaign": "2027",
    }[name]

    code, out, _ = recount(record)

    assert code == 1
    assert out.splitlines()[-1].startswith("digest")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b"{}", canonical({"format": "other/1"})])
def test_what_cannot_be_taken_is_2_with_the_reason_on_stderr(recount, content):
    code, out, err = recount(content)

    assert (code, out) == (2, "")
    assert err.startswith("无法核算：")


def test_malformed_standings_are_2_even_when_the_rest_is_fine(recount):
    assert recount(a_record() | {"standings": [{"place": 1}]})[0] == 2


@pytest.mark.parametrize("argv", [[], ["a", "b"]])
def test_without_one_file_the_usage_is_told(argv, capfdbinary):
    assert main(argv) == 2
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert "用法" in err.decode()


def test_help_is_no_error(capfdbinary):
    assert main(["--help"]) == 0
    assert "用法" in capfdbinary.readouterr().out.decode()


def test_a_file_that_cannot_be_read_is_2(tmp_path, capfdbinary):
    for path in (tmp_path / "absent.json", tmp_path):
        assert main([str(path)]) == 2
        out, err = capfdbinary.readouterr()
        assert out == b""
        assert "无法读取" in err.decode()


def test_a_dash_reads_standard_input(monkeypatch, capfdbinary):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(canonical(random_record(11)))))

    assert main(["-"]) == 0
    assert json.loads(capfdbinary.readouterr().out) == oracle(random_record(11))


@pytest.mark.parametrize("damage", [None, "standings", "format"])
def test_the_command_needs_no_database_no_secret_and_no_locale(tmp_path, damage):
    record = built(a_record())
    if damage == "standings":
        record["standings"][0]["final"] = "区"
    elif damage == "format":
        record["format"] = "别的"
    path = tmp_path / "record.json"
    path.write_bytes(canonical(record))
    bare = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}

    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "recount", str(path)],
        env=bare,
        cwd=tmp_path,
        capture_output=True,
    )

    assert done.returncode == {None: 0, "standings": 1, "format": 2}[damage]
    assert ("区" in done.stdout.decode()) is (damage == "standings")
    assert ("别的" in done.stderr.decode()) is (damage == "format")
    assert b"Traceback" not in done.stderr


def test_django_knows_the_command_too(tmp_path, capfdbinary):
    path = tmp_path / "record.json"
    path.write_bytes(b"{}")

    with pytest.raises(SystemExit) as end:
        call_command("recount", str(path))

    assert end.value.code == 2
    assert "无法核算" in capfdbinary.readouterr().err.decode()
