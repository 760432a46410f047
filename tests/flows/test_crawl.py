"""Every page that links lead to, as every role, on the demo season: it opens, fits, and can be read by all.

And no false doors: each kind of act on these pages is pressed once. What is pressed is rolled back, so that one
act takes nothing away from the next: there the server uses the test's own connection, one page at a time.
"""

from dataclasses import dataclass, field

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection, connections
from django.test.testcases import LiveServerThread, _StaticFilesHandler

from awards.demo.stages import Stage
from tests.flows.crawl import Walk
from tests.flows.doors import TURN, Doors
from tests.flows.twice import sent_at_once
from tests.seeded import seeded

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


def pytest_generate_tests(metafunc):
    if metafunc.config.option.long and "demo" in metafunc.fixturenames:
        metafunc.parametrize("demo", list(Stage), indirect=True, scope="module")


@dataclass
class Seen:
    """What the people before have looked at and pressed, so that it is done once for all; with --long each
    presses everything."""

    everything: bool
    routes: set[str] = field(default_factory=set)
    acts: set[tuple] = field(default_factory=set)
    walks: dict[str, Walk] = field(default_factory=dict)
    doors: dict[str, Doors] = field(default_factory=dict)

    def walk(self, username, base, context) -> Walk:
        if username not in self.walks:
            self.walks[username] = Walk(context.new_page(), base, self.routes).walk("/")
            self.routes.update(self.walks[username].seen)
        return self.walks[username]

    def press(self, username, base, server, context) -> Doors:
        if username not in self.doors:
            pages, page = self.walk(username, base, context).forms, context.new_page()
            page.on("dialog", lambda dialog: dialog.accept())
            acts = set() if self.everything else self.acts
            self.doors[username] = Doors(page, server, acts).meet(pages).press_all()
        return self.doors[username]


@pytest.fixture(scope="module")
def seen(demo, request):
    return Seen(request.config.option.long)


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_is_whole(username, demo_site, seen, context):
    if username:
        context.add_cookies(demo_site.cookies[username])

    walk = seen.walk(username, demo_site.url, context)

    assert not walk.findings, "\n".join(["", *walk.findings])
    assert len(walk.seen) >= PEOPLE[username] or seen.everything, sorted(walk.seen)


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
    def set_app(self, application):
        def in_turn(environ, start_response):
            with TURN:
                return application(environ, start_response)

        super().set_app(in_turn)

    def _close_connections(self):
        """Left open: the connection is the test's."""


class OneConnectionThread(LiveServerThread):
    server_class = OneConnection


@pytest.fixture(scope="module")
def server(demo_site):
    """A server whose threads use the connection of the test, and so see what it will roll back."""
    connection = connections["default"]
    connection.inc_thread_sharing()
    # Asked of every connection where a request begins and ends.
    connection.close_if_unusable_or_obsolete = lambda: None
    thread = OneConnectionThread(
        "localhost", _StaticFilesHandler, connections_override={connection.alias: connection}
    )
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert not thread.error, thread.error
    yield f"http://localhost:{thread.port}"
    thread.terminate()
    del connection.close_if_unusable_or_obsolete
    connection.dec_thread_sharing()


@pytest.fixture
def doors(username, demo_site, server, seen, context, db):
    """This person's acts, all pressed."""
    if username:
        context.add_cookies(demo_site.cookies[username])
    return seen.press(username, demo_site.url, server, context)


@pytest.mark.parametrize("username", DOERS)
def test_every_act_does_something_or_says_why_not(username, doors, seen):
    assert not doors.findings, "\n".join(["", *doors.findings])
    assert len(doors.offered) >= DOERS[username] or seen.everything, doors.offered


@pytest.mark.parametrize("username", DOERS)
def test_what_is_sent_twice_at_once_is_done_once(username, doors, testrun_uid, request):
    stage = request.node.callspec.params.get("demo", "")
    template, _ = seeded(connection, testrun_uid, stage)
    doubled = []
    for press in doors.sent:
        added, answers = sent_at_once(template, username, press.action, press.body)
        if added - press.added or any(answer not in (200, 302) for answer in answers):
            doubled.append(f"{press.here}: {dict(press.added)} by one, {dict(added)} by two; {answers}")
    assert not doubled, "\n".join(["", *doubled])
