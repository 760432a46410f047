"""What every test may ask for."""

import gc
import os
import random

# Playwright keeps an event loop in the main thread, so Django would refuse even the clean-up queries.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from contextlib import contextmanager

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.db.models.signals import post_migrate
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from awards.demo.clock import season_clock
from tests.factories import count_from
from tests.seeded import NOON, seeded
from tests.template import copied, migrated
from tools.browser import find_browser

# How long an example takes is the machine's affair: on a busy one nothing fails for that alone.
hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("suite")
expect.set_options(timeout=30_000)  # as long as all other waits in the browser

BROWSER_FLAGS = [
    "--no-sandbox",  # root in a container has no other way
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--font-render-hinting=none",
]


def pytest_addoption(parser):
    parser.addoption(
        "--shuffle",
        metavar="SEED",
        help="another order of modules and of the tests in them, factories that count from another number; "
        "`any` chooses and prints a seed",
    )

    parser.addoption(
        "--long", action="store_true", help="the crawl in every stage, each role pressing every act; an hour"
    )


def pytest_configure(config):
    if config.option.shuffle == "any":  # the workers, who must agree, inherit the environment
        config.option.shuffle = os.environ.setdefault("SHUFFLE_SEED", str(random.randrange(10**6)))


def pytest_report_header(config):
    return f"--shuffle {config.option.shuffle}" if config.option.shuffle else None


def pytest_terminal_summary(terminalreporter, config):
    if config.option.shuffle:
        terminalreporter.write_line(f"--shuffle {config.option.shuffle}")


def pytest_collection_finish():
    """What is loaded by now stays for good: a collector that walks it again and again costs a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """What shares something stays on one worker: a module its browser or its copy of the season (where it goes
    through every stage, each stage for itself), all with real commits the database that they empty."""
    for item in items:
        if {"page", "context"} & set(item.fixturenames):
            item.add_marker(pytest.mark.browser)
        if (group := shared_by(item)) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(group))
        if item.get_closest_marker("commits") and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db(transaction=True))
        if getattr(config.option, "loadgroup", False):
            name_the_group(item)
    if config.option.shuffle:
        shuffle(items, config.option.shuffle)
    items.sort(key=begins)


def shared_by(item) -> str:
    module = item.module.__name__
    if "demo" in item.fixturenames:
        stage = getattr(item, "callspec", None) and item.callspec.params.get("demo")
        return f"{module}.{stage}" if stage else module
    if item.get_closest_marker("browser"):
        return module
    return "commits" if item.get_closest_marker("commits") else ""


def begins(item) -> int:
    """Whole rounds of minutes first, then what stays together, so that no worker is left with one at the end."""
    return 0 if "flows" in item.path.parts else 1 if item.get_closest_marker("xdist_group") else 2


def name_the_group(item):
    """What the scheduler of xdist goes by; xdist 3.8 writes it where pytest 9 no longer looks."""
    group = item.get_closest_marker("xdist_group")
    if group and "@" not in item.nodeid.rpartition("]")[2]:
        item._id = item.parent.id.child(f"{item.name}@{group.args[0]}")


def shuffle(items, seed):
    """Modules stay whole, for what they load once; their order and the tests' order in them is the seed's."""
    dice = random.Random(seed)
    place = {name: dice.random() for name in sorted({item.path for item in items})}
    items.sort(key=lambda item: (place[item.path], dice.random()))


@pytest.fixture(autouse=True)
def counting_anew(request):
    """Factories count from the same number in each test, so that no name or code hangs on the tests before."""
    seed = request.config.option.shuffle
    first = random.Random(f"{seed} {request.node.name}").randrange(1500) if seed else 0
    count_from(first)
    return first


@pytest.fixture(autouse=True)
def empty_cache():
    """The failed-login limit is counted in the cache; one test's failures are not another's."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_test_environment, django_db_blocker
):
    """Applying the migrations takes seconds; a copy of a database that has them, a moment."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated(connection)
    # Rights come from posts alone: nobody misses Django's own after a test whose commits were flushed.
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, testrun_uid, request):
    """The demo season, in the stage that the test is parametrized with, in a database of the module's own, where
    a fixed day's noon is now; how it was loaded.

    Whoever asks first loads it, for all workers. What the module commits is gone with its database. The tests
    carry a plain `django_db` mark: without one, pytest-django makes no test database at all.
    """
    with django_db_blocker.unblock():
        template, loading = seeded(connection, testrun_uid, getattr(request, "param", ""))
        with copied(connection, template), season_clock(NOON):
            yield loading


# --- The browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def playwright(playwright):
    """Beside its event loop Django keeps another connection, which nobody could close after it has ended."""
    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    program = find_browser()
    if program is None:
        pytest.fail("no browser: run `make test` once, or name one in PORTAL_BROWSER")
    return browser_type_launch_args | {"executable_path": program, "args": BROWSER_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """An office computer: Chinese, Shanghai, a small wide screen."""
    return browser_context_args | {
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1366, "height": 768},
    }


# --- What a page costs ---------------------------------------------------------------------------


class Cost:
    """Filled when the block ends: how many queries, how many rows the program fetched."""

    queries = rows = 0
    statements: list[str] = []

    def __repr__(self):
        return f"{self.queries} queries, {self.rows} rows"


class CountingCursor:
    """Stands before a cursor and counts the rows that leave it."""

    def __init__(self, cursor, cost):
        self._cursor, self._cost = cursor, cost

    def __getattr__(self, name):
        return getattr(self._cursor, name)

    def __enter__(self):
        self._cursor.__enter__()
        return self

    def __exit__(self, *error):
        return self._cursor.__exit__(*error)

    def __iter__(self):
        for row in self._cursor:
            self._cost.rows += 1
            yield row

    def fetchone(self):
        row = self._cursor.fetchone()
        self._cost.rows += row is not None
        return row

    def fetchmany(self, *size):
        rows = self._cursor.fetchmany(*size)
        self._cost.rows += len(rows)
        return rows

    def fetchall(self):
        rows = self._cursor.fetchall()
        self._cost.rows += len(rows)
        return rows


@contextmanager
def measured():
    cost = Cost()
    normal, chunked = connection.cursor, connection.chunked_cursor
    connection.cursor = lambda *args, **kwargs: CountingCursor(normal(*args, **kwargs), cost)
    connection.chunked_cursor = lambda *args, **kwargs: CountingCursor(chunked(*args, **kwargs), cost)
    try:
        with CaptureQueriesContext(connection) as captured:
            yield cost
    finally:
        connection.cursor, connection.chunked_cursor = normal, chunked
        cost.queries = len(captured)
        cost.statements = [query["sql"] for query in captured]


@pytest.fixture
def cost():
    """`with cost() as spent: client.get(…)`, then `spent.queries`, `spent.rows`, `spent.statements`.

    For the tests that a page costs the same with 60 and with 500 entries. Counted are the rows that the
    default connection hands to the program, whether or not the page shows them.
    """
    return measured


@pytest.fixture
def rows_fetched():
    """Call a function, get the number of rows fetched by it: `rows_fetched(client.get, url)`."""

    def count(function, *args, **kwargs) -> int:
        with measured() as spent:
            function(*args, **kwargs)
        return spent.rows

    return count
