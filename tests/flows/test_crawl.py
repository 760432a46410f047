"""Every page that links lead to, as every role, on the demo season: it opens, fits, and can be read by all.

And no false doors: each kind of act on these pages is pressed once. What is pressed is rolled back, so that one
act takes nothing away from the next: there the server uses the test's own connection, one page at a time.
"""

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.test.testcases import LiveServerThread, _StaticFilesHandler

from tests.flows.crawl import Walk
from tests.flows.doors import Doors

pytestmark = pytest.mark.django_db

PEOPLE = {
    "": 5,  # at least so many routes
    "office": 20,
    "supervisor": 8,
    "member1": 4,
    "reviewer1": 4,
    "secretary01": 8,
    "clerk01": 8,
    "sysadmin": 6,
    "secadmin": 3,
    "auditor": 3,
}


@pytest.fixture(scope="module")
def known():
    """Routes looked at already, so that no page is taken apart ten times."""
    return set()


@pytest.fixture(scope="module")
def walks():
    """Person → the walk through all pages, done once for both tests."""
    return {}


def walked(username, demo_site, known, walks, context) -> Walk:
    if username not in walks:
        walks[username] = Walk(context.new_page(), demo_site.url, known).walk("/")
        known.update(walks[username].seen)
    return walks[username]


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_is_whole(username, demo_site, known, walks, context):
    if username:
        context.add_cookies(demo_site.cookies[username])

    walk = walked(username, demo_site, known, walks, context)

    assert not walk.findings, "\n".join(["", *walk.findings])
    assert len(walk.seen) >= PEOPLE[username], sorted(walk.seen)


DOERS = {  # at least so many kinds of acts
    "reviewer1": 5,
    "secretary01": 12,
    "clerk01": 10,
    "member1": 1,
    "supervisor": 1,
    "office": 25,
    "secadmin": 1,
    "sysadmin": 5,
    "auditor": 1,
    "": 0,
}


class OneConnection(ThreadedWSGIServer):
    def _close_connections(self):
        """Left open: the connection is the test's."""


class OneConnectionThread(LiveServerThread):
    server_class = OneConnection


@pytest.fixture(scope="module")
def server(demo_site):
    """A server whose threads use the connection of the test, and so see what it will roll back."""
    connection = connections["default"]
    connection.inc_thread_sharing()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    thread = OneConnectionThread(
        "localhost", _StaticFilesHandler, connections_override={connection.alias: connection}
    )
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert not thread.error, thread.error
    yield f"http://localhost:{thread.port}"
    thread.terminate()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    connection.dec_thread_sharing()


@pytest.fixture(scope="module")
def pressed():
    """Kinds of acts pressed already."""
    return set()


@pytest.mark.parametrize("username", DOERS)
def test_every_act_does_something_or_says_why_not(
    username, demo_site, server, pressed, known, walks, context
):
    if username:
        context.add_cookies(demo_site.cookies[username])
    pages = walked(username, demo_site, known, walks, context).forms
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("dialog", lambda dialog: dialog.accept())

    doors = Doors(page, server, pressed).meet(pages).press_all()

    assert not doors.findings, "\n".join(["", *doors.findings])
    assert len(doors.offered) >= DOERS[username], doors.offered
