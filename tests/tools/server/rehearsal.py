"""What takes a real archive and minutes: an upgrade, the way back, and both from the first release on.

tests/tools/test_for_real.py takes these in at `make rehearse`, in this order, for its installation.
"""

import shutil
import subprocess

import pytest

from tests.tools.server.readme import (
    GO_BACK,
    UPGRADE,
    VERSION,
    archive,
    is_open,
    lent,
    newest_backup,
    wait,
)
from tests.tools.server.scratch import free_port
from tools import setup


def test_the_portal_is_upgraded_and_goes_back_as_the_readme_says(server, installed):
    def running() -> str:
        assert server.browser().open("/").status == 200
        return server.path("/opt/portal").resolve().name

    server.run(UPGRADE.replace("portal-0.3.0.tar.gz", str(archive(server, "0.3.0"))), **lent(server))
    assert running() == "portal-0.3.0"

    saved = newest_backup(server).name
    server.sql("UPDATE units_unit SET short_name = 'after the upgrade'")
    server.edits.write_text("s#/portal$#/portal2#\ns#/media$#/media2#\n")
    server.run(GO_BACK.replace("portal-20261130-023000", saved), **lent(server))
    assert running() == f"portal-{VERSION}"
    assert server.sql("SELECT short_name FROM units_unit", "portal2") == "东营区委区直机关工委"

    server.run("sh deploy/install.sh", inside=f"/opt/portal-{VERSION}", **lent(server))
    assert running() == f"portal-{VERSION}"


@pytest.fixture(scope="module")
def first_release(server, installed):
    """The code of the first release, from the history, over a database that its own demo has filled."""
    commit = last_commit_of_the_first_schema()
    if commit is None:
        pytest.skip("no history here")
    folder = server.path("/opt/portal-0.1.0")
    tree = subprocess.run(["git", "archive", commit], cwd=setup.ROOT, check=True, capture_output=True).stdout
    folder.mkdir()
    subprocess.run(["tar", "-xC", folder], input=tree, check=True)
    shutil.copytree(setup.VAR / "vendor", folder / "var/vendor")
    shutil.copytree(setup.ROOT / "tools", folder / "tools", dirs_exist_ok=True)
    server.empty_database("filled")
    settings = server.settings(database="filled", MEDIA_ROOT=str(folder / "media"))
    wheels = server.path(f"/opt/portal-{VERSION}") / "wheels"
    server.run(
        f"{server.python} tools/packages.py requirements/base.txt --wheels {wheels}",
        inside="/opt/portal-0.1.0",
    )
    lines = "umask 022; .venv/bin/python manage.py migrate -v 0; .venv/bin/python manage.py createcachetable"
    server.run(lines, inside="/opt/portal-0.1.0", **settings)
    server.run(".venv/bin/python manage.py seed", inside="/opt/portal-0.1.0", **settings | {"DEBUG": "on"})
    saved = server.run(
        f"sh deploy/backup.sh {folder}/saved", inside="/opt/portal-0.1.0", **settings
    ).stdout.strip()
    return folder, saved


def last_commit_of_the_first_schema() -> str | None:
    """The newest commit whose schema is the first migrations as they stand, and nothing after them."""

    def said(*words):
        return subprocess.run(["git", *words], cwd=setup.ROOT, capture_output=True, text=True).stdout.split()

    firsts = [f"{app}/migrations/0001_initial.py" for app in ("units", "services", "awards")]
    wanted = said("rev-parse", *(f"HEAD:{name}" for name in firsts))
    for commit in said("rev-list", "HEAD", "--", *firsts):
        for candidate in said("rev-parse", commit, f"{commit}^"):
            names = said("ls-tree", "-r", "--name-only", candidate, "units/migrations", "awards/migrations")
            found = said("rev-parse", *(f"{candidate}:{name}" for name in firsts))
            if found == wanted and not any("/0002_" in name for name in names):
                return candidate
    return None


def rows(server, database: str) -> dict[str, str]:
    """For each table of the portal the number of its rows."""
    tables = server.sql(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' "
        "AND table_name ~ '^(units|services|awards)_' ORDER BY 1",
        database,
    ).split()
    counts = " UNION ALL ".join(f"SELECT '{table}=' || count(*) FROM {table}" for table in tables)
    return dict(line.split("=") for line in server.sql(counts, database).splitlines())


def test_the_first_release_is_upgraded_over_a_year_of_work_and_comes_back_from_its_backup(
    server, first_release
):
    old, saved = first_release
    before = rows(server, "filled")
    assert sum(int(count) > 0 for count in before.values()) > 40

    settings = server.settings(database="filled", BIND=f"127.0.0.1:{free_port()}")
    server.run(
        "sh deploy/manage.sh upgrade; sh deploy/manage.sh check_audit", inside="/opt/portal", **settings
    )
    after = rows(server, "filled")
    assert {table: after[table] for table in before} == before
    with server.background("sh deploy/entrypoint.sh serve", **settings):
        wait(lambda: is_open(settings["BIND"]))
        assert server.run("sh deploy/entrypoint.sh healthy", inside="/opt/portal", **settings).returncode == 0

    server.empty_database("back")
    settings = server.settings(database="back", MEDIA_ROOT=str(old / "media-back"))
    server.run(f"sh deploy/restore.sh {saved}", inside="/opt/portal-0.1.0", **settings)
    assert rows(server, "back") == before
