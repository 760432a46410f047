import pytest

from tools.vendor import FILES, copy_vendor_files


@pytest.fixture
def modules(tmp_path):
    for name in FILES:
        (tmp_path / "from" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "from" / name).write_bytes(b"body{}\n/*# sourceMappingURL=x.css.map */")
    return tmp_path / "from"


def test_the_named_files_arrive_without_their_map_lines(modules, tmp_path):
    (modules / "echarts/dist/echarts.min.js").write_bytes(
        b"let a=1;\n//# sourceMappingURL=echarts.min.js.map\n"
    )

    copy_vendor_files(modules, tmp_path / "to")

    arrived = {path.relative_to(tmp_path / "to").as_posix() for path in (tmp_path / "to").rglob("*.*")}
    assert {name for name in FILES.values() if "." in name} <= arrived
    assert (tmp_path / "to/echarts/echarts.min.js").read_bytes() == b"let a=1;\n"
    assert (tmp_path / "to/bootstrap/css/bootstrap.min.css").read_bytes() == b"body{}\n"


def test_what_an_older_version_left_behind_goes(modules, tmp_path):
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "old.js").touch()

    copy_vendor_files(modules, tmp_path / "to")

    assert not (tmp_path / "to" / "old.js").exists()


def test_a_file_that_moved_in_an_update_stops_the_set_up(modules, tmp_path):
    (modules / "echarts/dist/echarts.min.js").unlink()

    with pytest.raises(FileNotFoundError):
        copy_vendor_files(modules, tmp_path / "to")
