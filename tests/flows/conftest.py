"""The demo season behind a real server, for a module that only reads it; browsers of several people at once."""

from dataclasses import dataclass
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test.utils import override_settings
from pytest_django.live_server_helper import LiveServer

from units.models import User


@dataclass(frozen=True)
class DemoSite:
    """Where the demo season is served; `cookies[username]` is what signing in leaves in a browser."""

    url: str
    cookies: dict[str, list[dict]]


@pytest.fixture(scope="module")
def demo_site(demo):
    """The season behind a server, which reads it over connections of its own."""
    with override_settings(DEMO=True):
        server = LiveServer("localhost")
        try:
            users = User.objects.exclude(username__startswith="secretary") | User.objects.filter(
                username="secretary01"
            )
            yield DemoSite(server.url, {user.username: signed_in(user, server.url) for user in users})
        finally:
            server.stop()


def signed_in(user: User, url: str) -> list[dict]:
    """The cookie of a session like the one that the log-in page opens."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": url}]


@pytest.fixture
def open_as(browser, browser_context_args, live_server):
    """A page of somebody's own browser, at an address."""
    contexts = []

    def opened(user, path, **more):
        context = browser.new_context(**browser_context_args | more)
        contexts.append(context)
        context.add_cookies(signed_in(user, live_server.url))
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
