"""The scripts of a server say in one line what they lack, before they touch anything."""

import os
import pwd
import re
import subprocess

import pytest

from tools import setup

FULL = {"DATABASE_URL": "postgres://x", "SECRET_KEY": "x", "ALLOWED_HOSTS": "x", "MEDIA_ROOT": "/nowhere"}
DEPLOY = setup.ROOT / "deploy"


def run(script, *arguments, **variables):
    """As a caller who is the portal's user as well, on a server that has nothing yet."""
    nowhere = {f"PORTAL_{name}": "/nowhere" for name in ("HOME", "ETC", "STATE", "BACKUPS", "UNITS")}
    mine = {"PATH": os.environ["PATH"], "PORTAL_USER": pwd.getpwuid(os.geteuid()).pw_name}
    return subprocess.run(
        ["sh", f"deploy/{script}", *arguments],
        cwd=setup.ROOT,
        env=mine | nowhere | variables,
        capture_output=True,
        text=True,
    )


def refusal(script, *arguments, **variables):
    ended = run(script, *arguments, **variables)
    assert ended.returncode != 0
    assert ended.stdout == ""
    [line] = ended.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "DATABASE_URL is not set: deploy/prepare.sh writes it to /nowhere/portal.env"),
        ({**FULL, "MEDIA_ROOT": ""}, "MEDIA_ROOT is not set"),
        ({**FULL, "DEBUG": "on"}, "DEBUG is set"),
        ({**FULL, "PYTHON": "no-such-python"}, "there is no no-such-python"),
        ({**FULL, "WHEELS": "/nowhere"}, "there is no folder /nowhere"),
        ({**FULL, "PORTAL_HOME": str(DEPLOY)}, f"{DEPLOY} is no link"),
    ],
)
def test_an_installation_names_what_is_missing(variables, words):
    assert f"Stopped: {words}" in refusal("install.sh", **variables)


@pytest.fixture
def called_by(tmp_path):
    """A PATH on which `id` says that the caller has this number, and knows nobody else."""

    def path(number: int) -> str:
        (tmp_path / "id").write_text(f'#!/bin/sh\n[ "$1" = -u ] && echo {number} || [ "$1" = -un ]\n')
        (tmp_path / "id").chmod(0o755)
        return f"{tmp_path}:{os.environ['PATH']}"

    return path


@pytest.mark.parametrize("script", ["install.sh", "backup.sh", "restore.sh", "manage.sh"])
def test_a_server_without_the_portals_user_is_told_how_to_get_one(script, called_by):
    words = refusal(script, "x", PORTAL_USER="no-such-user", PATH=called_by(0), **FULL)

    assert words == "Stopped: there is no user no-such-user: run deploy/prepare.sh first."


@pytest.mark.parametrize("script", ["prepare.sh", "install.sh"])
def test_what_only_root_may_do_is_refused_to_others(script, called_by):
    assert refusal(script, "portal.example.org", PATH=called_by(1000)) == "Stopped: run it as root."


@pytest.mark.parametrize(
    ("host", "words"),
    [("", "say by which name the portal will be reached"), ("a|b", "a|b is no host name")],
)
def test_preparing_asks_for_a_name_that_can_be_one(tmp_path, host, words):
    folders = {f"PORTAL_{name}": str(tmp_path / name) for name in ("ETC", "STATE", "BACKUPS")}

    assert words in refusal("prepare.sh", host, **folders)
    assert not (tmp_path / "ETC" / "portal.env").exists()


def test_a_restore_asks_for_a_folder_of_backup_sh(tmp_path):
    assert "say what to restore" in refusal("restore.sh", **FULL)
    assert "is no folder of backup.sh" in refusal("restore.sh", str(tmp_path), **FULL)
    (tmp_path / "media.tar").write_text("changed")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  media.tar\n")
    assert "is damaged" in refusal("restore.sh", str(tmp_path), **FULL)


def test_a_backup_says_what_it_may_not_write_to_and_what_is_no_number():
    assert "there is no folder /nowhere that" in refusal("backup.sh", **FULL)
    assert "KEEP=all is no number" in refusal("backup.sh", KEEP="all", **FULL)


def test_a_command_without_its_database_ends_in_one_line():
    ended = subprocess.run(
        [setup.PYTHON, "manage.py", "tick"],
        cwd=setup.ROOT,
        env=os.environ | {"DEBUG": "on", "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing"},
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("The database does not answer: ")
    assert "Traceback" not in ended.stderr


# --- The container: no engine here reads these, so that they may not drift apart is asked of the text ------


def test_the_services_of_compose_are_what_the_entry_point_knows():
    entry = (DEPLOY / "entrypoint.sh").read_text()
    commands = re.findall(r"command: \[(\w+)\]", (DEPLOY / "compose.yaml").read_text())

    assert commands == ["serve", "tick", "backup"]
    for command in [*commands, "healthy"]:
        assert re.search(rf"^  {command}\)", entry, re.MULTILINE)
    assert 'CMD ["serve"]' in (DEPLOY / "Containerfile").read_text()


def test_every_variable_of_compose_is_in_its_example():
    known = set(re.findall(r"^(\w+)=", (DEPLOY / "compose.env.example").read_text(), re.MULTILINE))
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))

    assert asked == known | {"PORTAL_VERSION"}


def test_the_image_holds_every_folder_that_the_portal_runs_from():
    copied = set(re.findall(r"^COPY (\S+) \1$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE))

    assert copied >= {
        "config",
        "units",
        "services",
        "awards",
        "templates",
        "static",
        "deploy",
        "tools",
        "var/vendor",
    }
    for name in copied - {"wheels"}:
        assert (setup.ROOT / name).exists()
