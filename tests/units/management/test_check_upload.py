"""The gate of every upload, asked from the shell."""

import pytest
from django.core.management import CommandError, call_command

from tests.units.test_active_content import ACTIVE
from tests.units.test_uploads import SAMPLES


def judged(capsys, *files):
    try:
        call_command("check_upload", *map(str, files))
        code = 0
    except SystemExit as end:
        code = end.code
    return code, capsys.readouterr().out.splitlines()


@pytest.fixture
def stored(tmp_path):
    def store(name, content):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return store


def test_each_kind_is_accepted_by_its_name(stored, capsys):
    files = [stored(f"材料.{kind}", content) for kind, content in SAMPLES.items()]
    assert judged(capsys, *files) == (0, [f"accepted {kind}" for kind in SAMPLES])
    assert judged(capsys, stored("微信图片.jpg", SAMPLES["png"])) == (0, ["accepted png"])


def test_one_refusal_makes_the_exit_code_and_the_others_are_told_all_the_same(stored, capsys):
    _, content, words = ACTIVE["external template"]
    code, lines = judged(
        capsys, stored("a.docx", content), stored("b.pdf", SAMPLES["pdf"]), stored("c.exe", b"MZ")
    )
    assert code == 1
    assert [line.split()[0] for line in lines] == ["refused", "accepted", "refused"]
    assert words in lines[0]


def test_a_file_that_is_not_there_is_no_refusal(tmp_path):
    with pytest.raises(CommandError, match=r"a\.pdf"):
        call_command("check_upload", str(tmp_path / "a.pdf"))
