"""Which tests the daily check runs for which change."""

import subprocess

import pytest

from tools import changed

HERE = "tests/awards/review/"


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("awards/review/queries/grid.py", [HERE + "test_grid.py"]),
        ("awards/review/actions/sheets.py", [HERE + "test_actions.py"]),
        ("awards/review/views/desk.py", [HERE + "test_actions.py", HERE + "test_grid.py"]),
        ("templates/awards/review/grid.html", [HERE + "test_grid.py"]),
        ("templates/awards/review/queue.html", [HERE + "test_actions.py", HERE + "test_grid.py"]),
        ("templates/base.html", ["tests/templates/test_pages.py", "tests/templates/test_scripts.py"]),
        ("static/js/grid.js", ["tests/templates/test_scripts.py"]),
        ("tests/awards/review/test_grid.py", [HERE + "test_grid.py"]),
        ("tests/awards/review/rounds.py", [HERE + "test_actions.py", HERE + "test_grid.py"]),
        ("tests/awards/review/test_gone.py", []),
        ("awards/migrations/0004_more.py", []),
        ("awards/states.py", []),
        ("tests/flows/test_round.py", []),
        ("README.md", []),
    ],
)
def test_a_change_asks_for_the_tests_that_mirror_it(tmp_path, path, tests):
    for name in (
        "awards/review/test_grid.py",
        "awards/review/test_actions.py",
        "flows/test_round.py",
        "templates/test_pages.py",
        "templates/test_scripts.py",
        "test_architecture.py",
    ):
        (tmp_path / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tests" / name).touch()

    assert changed.tests_of([path], tmp_path) == [*tests, "tests/test_architecture.py"]


def test_every_room_of_the_house_finds_tests():
    """With the house as it is: a folder whose tests lie elsewhere would be changed unseen."""
    rooms = [path for path in changed.ROOT.glob("awards/*/[a-z]*.py") if "migrations" not in path.parts]

    assert rooms
    assert not [
        room for room in rooms if len(changed.tests_of([room.relative_to(changed.ROOT)], changed.ROOT)) < 2
    ]


def test_changed_is_what_differs_from_main_committed_or_not_and_what_is_new(tmp_path, monkeypatch):
    def git(*words):
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    monkeypatch.setattr(changed, "ROOT", tmp_path)
    git("init", "-b", "main")
    for name in ("kept.py", "edited.py", "committed.py", "landed.py"):
        (tmp_path / name).write_text("1")
    (tmp_path / ".gitignore").write_text("var\n")
    git("add", ".")
    git("commit", "-m", "Begin")
    git("checkout", "-b", "work")
    (tmp_path / "committed.py").write_text("2")
    git("commit", "-am", "Go on")
    git("checkout", "main")
    (tmp_path / "landed.py").write_text("2")  # by somebody else, after this branch began
    git("commit", "-am", "Land")
    git("checkout", "work")
    (tmp_path / "edited.py").write_text("2")
    (tmp_path / "新.py").write_text("1")
    (tmp_path / "var").write_text("1")

    assert changed.changed_files() == ["committed.py", "edited.py", "新.py"]
