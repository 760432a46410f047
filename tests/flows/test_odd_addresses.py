"""Nothing that can be typed into an address or a form breaks a page: no answer is an error of the program.

Each route that links of the demo season lead to is asked by one person who may, with every part of its address and
every word of its query made odd, and each of its forms is sent with every box made odd.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve
from lxml import html

from tests.flows.worlds import LINK
from units.models import User

pytestmark = pytest.mark.django_db

ODD = ["a%00", "%ED%A0%80", "1" + "0" * 20]
PEOPLE = [
    "",
    "office",
    "sysadmin",
    "secadmin",
    "auditor",
    "supervisor",
    "member1",
    "reviewer1",
    "secretary01",
    "clerk01",
]
TOKENS = {"csrfmiddlewaretoken", "form_key", "once"}  # another at every drawing of the same form
ROOT = Path(__file__).resolve().parents[2]
ASKED = re.compile(r"""GET(?:\.get(?:list)?\(|\[)["'](\w[\w-]*)["']""")


def words_of_queries() -> set[str]:
    """Every word that the source reads from a query by itself; what forms and filters ask stands on the page."""
    sources = (
        path for app in ("units", "services", "awards", "config") for path in (ROOT / app).rglob("*.py")
    )
    return {word for path in sources for word in ASKED.findall(path.read_text())} | {
        "q",
        "page",
        "order",
        "export",
    }


@pytest.fixture(scope="module")
def reached(demo, django_db_blocker):
    """route → (username, address, page) of the first person who gets there."""
    found: dict[str, tuple[str, str, str]] = {}
    client_of.cache_clear()  # another module's copy of the season knew other sessions
    with django_db_blocker.unblock():
        for username in PEOPLE:
            client, waiting, met = client_of(username), ["/"], set()
            while waiting:
                path = waiting.pop(0)
                route = route_of(path)
                if route is None or route in met:
                    continue
                met.add(route)
                answer = client.get(path)
                if answer.status_code != 200 or "html" not in answer.headers.get("Content-Type", ""):
                    continue
                text = answer.content.decode()
                found.setdefault(route, (username, path, text))
                waiting += [link.partition("?")[0].partition("#")[0] for link in LINK.findall(text)]
    return found


@cache
def client_of(username: str) -> Client:
    client = Client(raise_request_exception=False)
    if username:
        client.force_login(User.objects.get(username=username))
    return client


def route_of(path: str) -> str | None:
    try:
        match = resolve(path)
    except Exception:
        return None
    return match.view_name if not path.startswith(("/static", "/accounts/logout")) else None


def fetched(client: Client, method: str, address: str, body: str = "") -> str:
    """'' or what was asked, where the program failed. Nothing of it stays: not even a log-out."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = client.generic(method, address, body, "application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    client.cookies = cookies
    return f"{method} {address} {body[:120]}" if answer.status_code >= 500 else ""


def test_many_pages_are_asked(reached):
    assert len(reached) > 75, sorted(reached)


@pytest.mark.parametrize("odd", ODD)
def test_no_odd_address_breaks_a_page(reached, odd):
    failed = []
    for username, path, _ in reached.values():
        match = resolve(path)
        for value in match.kwargs.values():
            address = path.replace(f"/{value}/", f"/{odd}/", 1)
            failed.append(fetched(client_of(username), "GET", address))
    assert not list(filter(None, failed))


@pytest.mark.parametrize("odd", ODD)
def test_no_odd_query_breaks_a_page(reached, odd):
    asked, failed = words_of_queries(), []
    for username, path, text in reached.values():
        boxes = html.fromstring(text).xpath("//form[@method='get']//*[@name]/@name")
        query = "&".join(f"{name}={odd}" for name in sorted({*asked, *boxes}))
        failed.append(fetched(client_of(username), "GET", f"{path}?{query}"))
        # What a filter takes for wrong it leaves out with all others.
        for name in sorted({*boxes} - asked):
            failed.append(fetched(client_of(username), "GET", f"{path}?{name}={odd}"))
    assert not list(filter(None, failed))


@pytest.mark.parametrize("odd", ["a%00", "1" + "0" * 20])
def test_no_odd_field_breaks_a_form(reached, odd):
    """All boxes odd, and each alone among good ones; a form that stands on every page, like the way out, once."""
    failed, met = [], set()
    for username, path, text in reached.values():
        for form in html.fromstring(text).xpath("//form[@method='post']"):
            sent = boxes(form)
            same = (username, form.get("action") or path, tuple(box for box in sent if box[0] not in TOKENS))
            if same in met:
                continue
            met.add(same)
            bodies = [[(name, odd) for name, _ in sent]]
            bodies += [[*sent[:at], (name, odd), *sent[at + 1 :]] for at, (name, _) in enumerate(sent[:12])]
            for body in bodies:
                words = "&".join(f"{name}={value}" for name, value in body)
                failed.append(fetched(client_of(username), "POST", form.get("action") or path, words))
    assert not list(filter(None, failed))


def boxes(form) -> list[tuple[str, str]]:
    """What a browser would send of a form as it stands; a box to be ticked is ticked."""
    sent = []
    for box in form.xpath(".//input[not(@type='file')] | .//textarea | .//select"):
        ticked = box.get("type") in ("checkbox", "radio")
        if box.get("name"):
            sent.append((box.get("name"), quote(box.get("value", "on") if ticked else box.value or "")))
    return sent
