"""The scripts of a server say in one line what they lack, before they touch anything."""

import os
import subprocess

import pytest

from tools import setup

FULL = {"DATABASE_URL": "postgres://x", "SECRET_KEY": "x", "ALLOWED_HOSTS": "x", "MEDIA_ROOT": "/nowhere"}


def said(script, environment, *arguments):
    ended = subprocess.run(
        ["sh", f"deploy/{script}", *arguments],
        cwd=setup.ROOT,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
    )
    assert ended.returncode != 0
    assert ended.stdout == ""
    return ended.stderr


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "DATABASE_URL is not set"),
        ({**FULL, "MEDIA_ROOT": ""}, "MEDIA_ROOT is not set"),
        ({**FULL, "DEBUG": "on"}, "DEBUG is set"),
        ({**FULL, "PYTHON": "no-such-python"}, "there is no no-such-python"),
        ({**FULL, "WHEELS": "/nowhere"}, "there is no folder /nowhere"),
    ],
)
def test_an_installation_names_what_is_missing(environment, words):
    lines = said("install.sh", environment).splitlines()

    assert len(lines) == 1
    assert words in lines[0]


@pytest.mark.parametrize("script", ["backup.sh", "restore.sh"])
def test_saving_and_restoring_ask_where(script):
    assert "say w" in said(script, {})


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
