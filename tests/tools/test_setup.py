"""What the set-up says when something is missing, and that a newer npm package changes nothing."""

import base64
import hashlib
import io
import json
import socket
import subprocess
import sys
import tarfile
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tools import setup
from tools.machine import Missing


def test_a_taken_port_is_said_in_one_line_before_any_work():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "tools/setup.py", "demo", "--port", str(port)],
            cwd=setup.ROOT,
            capture_output=True,
            text=True,
        )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == f"Stopped: port {port} is taken: choose another, make demo PORT={port + 1}.\n"


def test_an_unknown_stage_is_refused_in_one_line_before_any_work():
    with pytest.raises(setup.Missing) as refused:
        setup.demo(8000, "voting", fresh=False)
    assert str(refused.value) == (
        "STAGE=voting is no stage: choose nomination, screening, review, live, meeting, notice, result."
    )


def test_a_fresh_demo_starts_with_an_empty_database_in_the_stage_asked_for(monkeypatch, tmp_path):
    ran, upload = [], tmp_path / "media" / "uploads" / "ab" / "file.pdf"
    upload.parent.mkdir(parents=True)
    upload.touch()
    monkeypatch.setattr(setup, "VAR", tmp_path)
    monkeypatch.setattr(setup, "prepare", lambda: None)
    monkeypatch.setattr(setup, "require_free", lambda port: None)
    monkeypatch.setattr(setup, "manage", lambda *words, env: ran.append(words))
    monkeypatch.setattr(setup, "serve", lambda port, environment: None)
    monkeypatch.setattr(setup, "quietly", lambda *words, env: None)

    setup.demo(8000, "", fresh=False)
    assert upload.exists()
    setup.demo(8000, "live", fresh=True)

    assert not upload.exists()
    assert ran == [
        ("migrate", "--verbosity=0"), ("seed",),
        ("localdb", "reset"), ("migrate", "--verbosity=0"), ("seed", "--stage", "live"),
    ]  # fmt: skip


def test_a_number_that_is_no_port_is_refused():
    with pytest.raises(Missing, match="is no port"):
        setup.require_free(70000)


def test_neither_npm_nor_its_package_is_named(monkeypatch):
    def fails(lock, python):
        raise Missing("pip could not install")

    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    monkeypatch.setattr(setup, "succeeds", lambda *command, **options: False)
    monkeypatch.setattr(setup.packages, "install", fails)

    with pytest.raises(Missing, match=r"no npm.*install Node\.js"):
        setup.npm()


def test_the_deployment_check_is_not_run_with_development_settings(monkeypatch):
    monkeypatch.setenv("DEBUG", "on")

    environment = setup.production()

    assert "DEBUG" not in environment
    assert environment["DATABASE_URL"].startswith("postgres://")
    assert len(environment["SECRET_KEY"]) > 50


def test_locks_name_no_host():
    for lock in [*(setup.ROOT / "requirements").glob("*.txt"), setup.ROOT / ".npmrc"]:
        assert "://" not in lock.read_text(), lock.name
    assert '"resolved"' not in (setup.ROOT / "package-lock.json").read_text()


def test_every_requirement_says_why_it_is_there():
    for file in (setup.ROOT / "requirements").glob("*.in"):
        for line in file.read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert "#" in line or file.name == "node.in", line


# --- npm: the lock decides, not what the registry has by now ----------------------------------------


def tarball(name: str, version: str, needs: dict) -> bytes:
    content = json.dumps({"name": name, "version": version, "dependencies": needs}).encode()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        entry = tarfile.TarInfo("package/package.json")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def told(packed: bytes) -> dict:
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        return json.load(tar.extractfile("package/package.json"))


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


class Registry(BaseHTTPRequestHandler):
    """The least an npm registry answers: /name tells its versions, /name-version.tgz is one of them."""

    def __init__(self, packages, *args):
        self.packages = packages
        super().__init__(*args)

    def do_GET(self):
        here = f"http://127.0.0.1:{self.server.server_port}"
        name = self.path.strip("/")
        if name.endswith(".tgz"):
            answer = self.packages[tuple(name.removesuffix(".tgz").split("@"))]
        else:
            versions = {
                version: told(content)
                | {"dist": {"tarball": f"{here}/{name}@{version}.tgz", "integrity": integrity(content)}}
                for (package, version), content in self.packages.items()
                if package == name
            }
            newest = max(versions)
            answer = json.dumps(
                {"name": name, "dist-tags": {"latest": newest}, "versions": versions}
            ).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


@pytest.fixture
def registry():
    """Two packages; of the second, which the first needs, a newer version has come out since the lock."""
    packages = {
        ("outer", "1.0.0"): tarball("outer", "1.0.0", {"inner": "^1.0.0"}),
        ("inner", "1.0.0"): tarball("inner", "1.0.0", {}),
        ("inner", "1.9.0"): tarball("inner", "1.9.0", {}),
        ("outer", "1.9.0"): tarball("outer", "1.9.0", {"inner": "^1.9.0"}),
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Registry, packages))
    Thread(target=server.serve_forever, daemon=True).start()
    yield server, packages
    server.shutdown()
    server.server_close()


def test_a_newer_npm_package_changes_nothing(registry, tmp_path, monkeypatch):
    server, packages = registry
    (tmp_path / "package.json").write_text(json.dumps({"name": "x", "devDependencies": {"outer": "^1.0.0"}}))
    locked = {
        f"node_modules/{name}": {
            "version": "1.0.0",
            "integrity": integrity(packages[name, "1.0.0"]),
            "dev": True,
            "dependencies": {"inner": "^1.0.0"} if name == "outer" else {},
        }
        for name in ("outer", "inner")
    }
    root = {"name": "x", "devDependencies": {"outer": "^1.0.0"}}
    (tmp_path / "package-lock.json").write_text(
        json.dumps({"name": "x", "lockfileVersion": 3, "requires": True, "packages": {"": root, **locked}})
    )
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("NODE_ENV", "production")  # leaves the development's packages out, where it is heard

    assert setup.npm_install(tmp_path)

    for name in ("outer", "inner"):
        installed = json.loads((tmp_path / "node_modules" / name / "package.json").read_text())
        assert installed["version"] == "1.0.0"


def test_the_npm_lock_holds_every_package_by_its_content():
    asked = json.loads((setup.ROOT / "package.json").read_text())
    locked = json.loads((setup.ROOT / "package-lock.json").read_text())["packages"]

    assert locked.pop("")["dependencies"] == asked["dependencies"]
    for name, version in (asked["dependencies"] | asked["devDependencies"]).items():
        assert locked[f"node_modules/{name}"]["version"] == version
    assert all(package["integrity"].startswith("sha512-") for package in locked.values())


@pytest.mark.parametrize(
    ("arguments", "shared_out"),
    [
        ([], ["-n", "auto", "--dist", "loadgroup"]),
        (["-k", "notice"], ["-n", "auto", "--dist", "loadgroup"]),
        (["-n0", "tests/units"], ["--dist", "loadgroup"]),
        (["-n", "4"], ["--dist", "loadgroup"]),
        (["--numprocesses=3"], ["--dist", "loadgroup"]),
        (["-p", "no:xdist"], []),
    ],
)
def test_a_part_of_the_tests_runs_on_all_cores_too(arguments, shared_out):
    assert setup.workers(arguments) == shared_out
