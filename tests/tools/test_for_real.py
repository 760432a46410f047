"""The README's "Running it for real", line by line on a scratch path, and what is served then.

Here the release is this folder without wheels, its packages lent. `make rehearse` takes the real archive, and
then upgrades and goes back as the README says.
"""

import configparser
import json
import re
import shutil
import subprocess
import time

import pytest

from tests.tools.server.readme import (
    INSTALL,
    REHEARSAL,
    VERSION,
    archive,
    is_open,
    lent,
    newest_backup,
    wait,
)
from tests.tools.server.scratch import HOST, Server, free_port
from tools import release, setup

OLD_BACKUPS = [f"portal-202001{day:02}-023000" for day in range(1, 32)]
# What an administrator types into portal.env and portal.conf.
EDITS = """\
s/listen 443 ssl/listen 127.0.0.1:{port} ssl/
s/listen 80;/listen 127.0.0.1:{other};/
s#/etc/portal/tls#{tls}#
s#/run/portal/portal.sock#{run}/portal.sock#
/^MEDIA_ROOT=/a WEB_CONCURRENCY=1
"""
pytestmark = pytest.mark.xdist_group("server")  # one installation for the module


@pytest.fixture(scope="module")
def server():
    server = Server()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="module", autouse=True)
def smaller_charts():
    """Charts are a megabyte, which takes a release seconds to compress and shows nothing more here."""
    real = release.vendor_files
    with pytest.MonkeyPatch.context() as patch:
        if not REHEARSAL:
            patch.setattr(release, "vendor_files", lambda: {n: c[:200_000] for n, c in real().items()})
        yield


@pytest.fixture(scope="module")
def installed(server):
    """The first block of the README has been run; what it said. Older backups lie there already."""
    tls = server.folder / "tls"
    tls.mkdir()
    if server.nginx:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={HOST}", "-days", "1",
             "-keyout", tls / "key.pem", "-out", tls / "fullchain.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
    port, run = server.proxy_port, server.path("/run/portal")
    server.edits.write_text(EDITS.format(port=port, other=port + 1, tls=tls, run=run))
    for name in (*OLD_BACKUPS, "portal-of-somebody", "notes"):
        (server.path("/srv/backup") / name).mkdir(parents=True)
    lines = INSTALL.replace(f"portal-{VERSION}.tar.gz", str(archive(server)))
    return server.run(lines, **lent(server)).stdout


# --- Served through the proxy -------------------------------------------------------------------------


def test_the_readme_names_this_release():
    assert f"portal-{VERSION}.tar.gz" in INSTALL


def test_a_stranger_reads_the_page_and_all_it_needs_through_the_proxy(server, installed):
    browser = server.browser()
    page = browser.open("/")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"]  # the portal knows that the way is encrypted

    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.content.decode()))
    assert {file.rsplit(".", 1)[1] for file in files} >= {"css", "js", "svg"}
    for file in files:
        for way in ("identity", "gzip", "br"):
            answer = browser.open(file, **{"Accept-Encoding": way})
            assert (answer.status, len(answer.content) > 100) == (200, True), (file, way)


def test_an_administrator_signs_in_with_the_first_password(server, installed):
    password = re.search(r"^ +sysadmin +(\S+)", installed, re.MULTILINE)[1]
    browser = server.browser()

    assert browser.log_in("sysadmin", "wrong").status == 200
    answer = browser.log_in("sysadmin", password)

    assert answer.status == 302
    assert answer.headers["Location"] == "/accounts/password/change/"
    assert "Secure" in answer.headers["Set-Cookie"]


def test_the_health_page_knows_of_clock_and_backup(server, installed):
    answer = server.browser().open("/healthz/")

    assert answer.status == 200
    told = json.loads(answer.content)
    assert told["last_backup"] == "ok"
    assert max(told["tick_age_seconds"], told["backup_age_seconds"]) < 600


def test_what_is_secret_is_closed_and_what_is_run_belongs_to_no_service(server, installed):
    closed = {
        "/etc/portal": 0o750,
        "/etc/portal/portal.env": 0o640,
        "/var/lib/portal": 0o750,
        "/var/lib/portal/media": 0o750,
        "/srv/backup": 0o700,
    }
    assert {place: server.path(place).stat().st_mode & 0o777 for place in closed} == closed
    settings = server.settings()
    assert re.fullmatch(r"[0-9a-f]{64}", settings["SECRET_KEY"])
    assert re.search(r"//portal:[0-9a-f]{64}@", settings["DATABASE_URL"])
    backup = newest_backup(server)
    assert {path.stat().st_mode & 0o077 for path in [backup, *backup.iterdir()]} == {0}
    if server.drops:
        assert {path.lstat().st_uid for path in server.path("/opt/portal").resolve().rglob("*")} == {0}
        assert backup.owner() == server.user


def test_the_service_says_nothing_that_an_administrator_would_have_to_look_into(server, installed):
    log = (server.folder / "portal.log").read_text()

    assert "Listening at: unix:" in log
    assert "Control server" not in log
    assert "error" not in log.lower()


def test_preparing_again_changes_nothing(server, installed):
    before = server.path("/etc/portal/portal.env").read_text()

    said = server.run("sh deploy/prepare.sh another.example.org", inside="/opt/portal").stdout

    assert said.startswith("Ready for deploy/install.sh")
    assert server.path("/etc/portal/portal.env").read_text() == before
    assert server.browser().open("/").status == 200


# --- Saved and restored -------------------------------------------------------------------------------


def test_a_backup_keeps_the_newest_thirty_of_its_own_and_touches_nothing_else(server, installed):
    kept = {path.name for path in server.path("/srv/backup").iterdir() if not path.name.startswith(".")}

    assert kept == {newest_backup(server).name, *OLD_BACKUPS[-29:], "portal-of-somebody", "notes"}
    saved = {path.name for path in newest_backup(server).iterdir()}
    assert saved == {"audit.txt", "database.dump", "media.tar", "SHA256SUMS"}


def test_a_backup_comes_back_into_an_empty_database_alone(server, installed):
    restore = f"sh deploy/restore.sh {newest_backup(server)}"
    filled = server.run(restore, inside="/opt/portal", check=False)
    assert filled.returncode == 1
    assert filled.stderr == "Stopped: the database is not empty: create a new one to restore into.\n"

    server.empty_database("restored")
    uploads = server.path("/var/lib/portal") / "restored"
    settings = server.settings(database="restored", MEDIA_ROOT=str(uploads))
    said = server.run(restore, inside="/opt/portal", **settings).stdout

    assert "全部审计记录已封存" in said
    assert uploads.is_dir()
    people = "SELECT string_agg(username || date_joined, ',' ORDER BY id) FROM units_user"
    assert server.sql(people, "restored") == server.sql(people) != ""


def test_a_backup_that_fails_leaves_nothing_half_made_and_is_known_to_the_portal(server, installed):
    before = set(server.path("/srv/backup").iterdir())
    broken = server.program("pg_dump", "echo 'pg_dump: error: no space left' >&2; exit 1")
    try:
        ended = server.run("sh deploy/backup.sh", inside="/opt/portal", check=False, KEEP="1")
    finally:
        broken.unlink()

    assert ended.returncode == 1
    assert ended.stderr == "Stopped: no backup: saving the database: pg_dump: error: no space left\n"
    assert set(server.path("/srv/backup").iterdir()) == before
    told = json.loads(server.browser().open("/healthz/").content)
    assert (told["status"], told["last_backup"]) == ("ok", "failed")
    assert told["backup_age_seconds"] < 600
    server.sql("DELETE FROM units_backuprun WHERE failure <> ''")  # for the tests that come after


# --- The container's entry point, on an empty database ------------------------------------------------


@pytest.fixture(scope="module")
def container(server, installed):
    """Variables of a container; `serve` was started on its database and goes on.

    Its database is empty in a rehearsal. Here, as all migrations take long, the restored one without its cache.
    """
    server.empty_database("contained")
    if not REHEARSAL:
        server.load("contained", newest_backup(server))
        server.sql("DROP TABLE cache", "contained")
        server.sql("DELETE FROM units_tickrun; DELETE FROM units_backuprun", "contained")
    variables = server.settings(database="contained") | {"BIND": f"127.0.0.1:{free_port()}"}
    with server.background("sh deploy/entrypoint.sh serve", **variables) as served:
        wait(lambda: served.poll() is not None or is_open(variables["BIND"]))
        assert served.poll() is None, server.logs()
        yield variables
    assert served.returncode == 0


def test_the_entry_point_brings_the_schema_up_serves_and_tells_when_it_is_ready(server, container):
    def health(**variables):
        line = "sh deploy/entrypoint.sh healthy"
        return server.run(line, inside="/opt/portal", check=False, **container | variables)

    wait(lambda: health().returncode == 0)  # on a busy machine the first answer takes longer than it waits
    assert server.sql("SELECT to_regclass('cache')", "contained") == "cache"
    nobody_there = health(BIND=f"127.0.0.1:{free_port()}")
    assert nobody_there.returncode == 1
    assert "refused" in nobody_there.stderr


def test_the_entry_point_ticks_and_ends_when_told(server, container):
    done = "SELECT count(finished_at) FROM units_tickrun"
    with server.background("sh deploy/entrypoint.sh tick", **container) as ticking:
        wait(lambda: ticking.poll() is not None or server.sql(done, "contained") == "1")
        assert server.sql(done, "contained") == "1", server.logs()
    assert ticking.returncode == 0


def test_the_entry_point_saves_at_once_when_nothing_was_saved_today_and_then_at_night(server, container):
    volume = server.folder / "volume"
    volume.mkdir()
    server.give(volume)
    saved = "SELECT count(*) FROM units_backuprun WHERE failure = ''"
    for _ in range(2):
        with server.background(
            "sh deploy/entrypoint.sh backup", PORTAL_BACKUPS=str(volume), **container
        ) as saving:
            wait(lambda process=saving: process.poll() is not None or server.sql(saved, "contained") == "1")
            time.sleep(0.5)
        assert saving.returncode == 0
        assert len(list(volume.glob("portal-*"))) == 1, server.logs()


# --- The units ----------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_reads_the_units(server, installed):
    units = sorted(server.path("/etc/systemd/system").iterdir())
    checked = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)

    faults = [line for line in checked.stderr.splitlines() if str(server.folder) in line]
    assert [line for line in faults if "Special user nobody" not in line] == []


@pytest.mark.parametrize(
    ("name", "place"),
    [("portal", "/var/lib/portal"), ("portal-tick", "/var/lib/portal"), ("portal-backup", "/srv/backup")],
)
def test_each_unit_may_write_to_its_own_place_alone(name, place):
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str
    unit.read(setup.ROOT / "deploy" / f"{name}.service")
    service = unit["Service"]

    assert service["ReadWritePaths"] == place
    assert service["ProtectSystem"] == "strict"
    assert (service["User"], service["EnvironmentFile"]) == ("portal", "/etc/portal/portal.env")


if REHEARSAL:
    from tests.tools.server.rehearsal import (  # noqa: F401  they need the real archive
        first_release,
        test_the_first_release_is_upgraded_over_a_year_of_work_and_comes_back_from_its_backup,
        test_the_portal_is_upgraded_and_goes_back_as_the_readme_says,
    )
