"""The lock is installed as it is, whatever anybody publishes later and whichever pip a Python brought."""

import builtins
import hashlib
import importlib.metadata
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

from tools import packages, setup
from tools.machine import Missing

LOCK = setup.LOCKS / "dev.txt"


@pytest.fixture(scope="module", params=["pip-oldest", "pip-newest"])
def with_pip(request, tmp_path_factory):
    """The Python of an environment that holds one of the two pips."""
    wheels = sorted((setup.PIPS / request.param).glob("pip-*.whl"))
    if not wheels:
        pytest.fail("no pip to try: run `make test` once")
    venv = tmp_path_factory.mktemp(request.param) / "环境 1"
    python = venv / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    command = [python, wheels[0] / "pip", "install", "--quiet", "--no-index", "--no-deps", wheels[0]]
    subprocess.run(command, check=True)
    return python


@pytest.fixture
def empty(with_pip):
    """The same, emptied of everything else after each test."""
    before = set(site(with_pip).iterdir())
    yield with_pip
    for added in set(site(with_pip).iterdir()) - before:
        shutil.rmtree(added) if added.is_dir() else added.unlink()


def site(python):
    [folder] = (python.parent.parent / "lib").glob("python*/site-packages")
    return folder


def make_wheel(folder, name, version, *, needs=(), extras=()):
    """A wheel that holds one module named after itself."""
    told = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    told += "".join(f"Provides-Extra: {extra}\n" for extra in extras)
    told += "".join(f"Requires-Dist: {need}\n" for need in needs)
    module = name.replace("-", "_").replace(".", "_")
    info = f"{module}-{version}.dist-info"
    files = {
        f"{module}.py": f"version = {version!r}\n",
        f"{info}/METADATA": told,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    wheel = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        for file, content in (files | {f"{info}/RECORD": record}).items():
            packed.writestr(file, content)
    return wheel


def write_lock(file, *wheels):
    lines = []
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{name.replace('_', '-')}=={version} --hash=sha256:{digest}")
    file.write_text("\n".join(lines) + "\n")
    return file


def test_newer_releases_of_every_locked_package_change_nothing(empty, tmp_path, monkeypatch):
    """The packages as they are installed here, and a folder with a newer one of each, extras and all."""
    pinned = re.findall(r"^([\w.-]+)==([^ ;\\]+)", LOCK.read_text(), re.MULTILINE)
    assert len(pinned) > 50
    for name, version in pinned:
        make_wheel(tmp_path, name, f"9{version}", extras=("toml", "mfa", "brotli", "crypto"))
    beside = site(empty) / "installed.pth"
    beside.write_text(str(site(setup.PYTHON)) + "\n")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    before = sorted(site(empty).iterdir())

    packages.install(LOCK, empty)

    assert sorted(site(empty).iterdir()) == before


def test_an_empty_environment_gets_the_locked_releases_where_newer_ones_lie_beside_them(empty, tmp_path):
    """Stand-ins for all locked packages with the needs of the real ones: pytest-cov asks for coverage[toml]."""
    locked = []
    for real in importlib.metadata.distributions(path=[str(site(setup.PYTHON))]):
        if real.name in ("pip", "setuptools"):  # came with the environment
            continue
        told = {"needs": real.requires or (), "extras": real.metadata.get_all("Provides-Extra") or ()}
        locked.append(make_wheel(tmp_path, real.name, real.version, **told))
        make_wheel(tmp_path, real.name, f"9{real.version}", **told)

    packages.install(write_lock(tmp_path / "lock.txt", *locked), empty, wheels=tmp_path)

    installed = {path.name for path in site(empty).glob("*.dist-info")}
    assert {wheel.name.replace("-py3-none-any.whl", ".dist-info") for wheel in locked} <= installed
    assert len(installed) == len(locked) + 1  # and pip


def test_a_lock_that_lacks_a_package_is_refused(empty, tmp_path):
    lonely = make_wheel(tmp_path, "lonely-part", "1.0", needs=["nowhere-part"])

    with pytest.raises(Missing, match="lacks a package"):
        packages.install(write_lock(tmp_path / "lock.txt", lonely), empty, wheels=tmp_path)


def test_another_wheel_of_the_same_name_is_refused(empty, tmp_path):
    lock = write_lock(tmp_path / "lock.txt", make_wheel(tmp_path, "swapped-part", "1.0"))
    make_wheel(tmp_path, "swapped-part", "1.0", needs=["pip"])

    with pytest.raises(Missing, match="a wheel is missing or is another one"):
        packages.install(lock, empty, wheels=tmp_path)

    assert not list(site(empty).glob("swapped*"))


def test_the_callers_settings_of_pip_lead_nothing_astray(empty, tmp_path, monkeypatch):
    lock = write_lock(tmp_path / "lock.txt", make_wheel(tmp_path, "plain-part", "1.0"))
    (tmp_path / "bounds.txt").write_text("plain-part>=2\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_CONSTRAINT", str(tmp_path / "bounds.txt"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "elsewhere"))

    packages.install(lock, empty, wheels=tmp_path)

    assert (site(empty) / "plain_part.py").exists()
    assert not list((tmp_path / "elsewhere").iterdir())


def test_what_an_interruption_left_is_made_anew_and_then_left_alone(tmp_path):
    """pip was killed: the package's description is there, its content is not, and pip would call it installed."""
    wheel = make_wheel(tmp_path, "some-part", "1.0")
    lock = write_lock(tmp_path / "lock.txt", wheel)
    venv = tmp_path / "with space 环境"
    libraries = venv / "lib" / f"python3.{sys.version_info[1]}" / "site-packages"
    with zipfile.ZipFile(wheel) as packed:
        packed.extract("some_part-1.0.dist-info/METADATA", libraries)

    packages.make_environment(lock, venv=venv, wheels=tmp_path)
    made = (libraries / "some_part.py").stat().st_mtime_ns
    packages.make_environment(lock, venv=venv, wheels=tmp_path)

    assert (libraries / "some_part.py").stat().st_mtime_ns == made


def test_a_failing_pip_leaves_the_environment_unfinished(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "_make_empty", lambda venv: venv.mkdir())
    monkeypatch.setattr(packages, "succeeds", lambda *command, **options: False)

    for _ in range(2):
        with pytest.raises(Missing, match=r"pip could not install requirements/dev\.txt, see"):
            packages.make_environment(LOCK, venv=tmp_path / ".venv")
        assert not (tmp_path / ".venv" / "installed").exists()
        (tmp_path / ".venv").rmdir()


def test_a_missing_venv_module_is_named(monkeypatch, tmp_path):
    real = builtins.__import__

    def without_venv(name, *args, **kwargs):
        if name == "ensurepip":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_venv)

    with pytest.raises(Missing, match="install python3-venv"):
        packages.make_environment(LOCK, venv=tmp_path / ".venv")


def test_a_failing_venv_is_not_taken_for_a_finished_one(monkeypatch, tmp_path):
    monkeypatch.setattr(packages.sys, "_base_executable", "/bin/false")

    for _ in range(2):
        with pytest.raises(Missing, match="install python3-venv"):
            packages.make_environment(LOCK, venv=tmp_path / ".venv")


def test_wheels_are_looked_for_in_a_folder_that_is_there():
    command = [sys.executable, "tools/packages.py", "requirements/base.txt", "--wheels", "/nowhere"]

    ended = subprocess.run(command, cwd=packages.ROOT, capture_output=True, text=True)

    assert ended.returncode == 1
    assert ended.stderr == "Stopped: there is no folder /nowhere with the wheels.\n"
