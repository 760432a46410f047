"""Two worlds that differ in one secret: whoever may not know it must be shown the same in both.

That covers what no list of forbidden words can: a count, a sort order, a search hit, a colour, a download.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import product
from urllib.parse import urlencode, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.urls.exceptions import NoReverseMatch

# Pages without a session's business, and those of rooms that cannot know of a nomination: what the apps
# of the registers and of the units may import is held by tests/test_architecture.py.
SKIPPED = re.compile(
    r"^/(accounts|static|healthz|registers|action-tasks|units|people|posts)/|^/(verify|redraw).py$"
)
SEARCH = re.compile(r'<input[^>]* name="q"')
LINK = re.compile(r'href="(/[^"#]*)')
PASSING = re.compile(
    r'name="(csrfmiddlewaretoken|form_key|once|seed)" value="[^"]+"|data-here="[^"]+"|/audit/\d+/|\b\d\d:\d\d:\d\d\b'
)
MOST = 2  # links of one pattern that are followed from pages: others of a kind, sort orders, filters


def views(patterns=None, namespace="", converters=()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every named view that can be read, with the names of what its address holds."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        names = (*converters, *entry.pattern.converters)
        if hasattr(entry, "url_patterns"):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from views(entry.url_patterns, inner, names)
        elif entry.name and readable(entry.callback):
            yield namespace + entry.name, names


def readable(view) -> bool:
    """Not one of those that only take a form."""
    of_class = getattr(view, "view_class", None)
    return of_class is None or ("get" in of_class.http_method_names and hasattr(of_class, "get"))


def addresses(known: dict[str, list]) -> list[str]:
    """Every view's address filled with every known value. A kind of thing is known as `kwarg`, or, where
    the same word names several kinds, as `the beginning of a route.kwarg`."""
    found = {}
    for route, names in views():
        values = [
            next((known[key] for key in known if key.endswith(f".{name}") and route.startswith(key[: -len(name) - 1])),
                 known.get(name, []))
            for name in names
        ]  # fmt: skip
        for chosen in product(*values):
            try:
                found[reverse(route, kwargs=dict(zip(names, chosen, strict=True)))] = None
            except NoReverseMatch:  # no value of this kind of thing
                continue
    return [path for path in found if not SKIPPED.search(path)]


def look_around(client: Client, starts: list[str], words: list[str]) -> dict[str, str]:
    """What the client is shown: address → text. From the starts on it takes some of the links that pages
    offer, and searches every list that can be searched for each of `words`."""
    shown, met = {}, set()
    followed: Counter[str] = Counter()
    waiting = deque(starts)
    while waiting:
        path = waiting.popleft()
        if path in met:
            continue
        met.add(path)
        text = fetch(client, path)
        if text is None:
            continue
        shown[path] = text
        if "?" not in path and SEARCH.search(text):
            waiting += [f"{path}?{urlencode({'q': word})}" for word in words]
        for link in LINK.findall(text.replace("&amp;", "&")):
            if link not in met and not SKIPPED.search(link):
                route = route_of(link)
                followed[route] += 1
                if followed[route] <= MOST:
                    waiting.append(link)
    return shown


def route_of(link: str) -> str:
    try:
        return resolve(urlsplit(link).path).route
    except Resolver404:
        return link


def fetch(client: Client, path: str) -> str | None:
    """What the address shows, without what changes at every request; None for anything but a 200.

    Undone at once: what the log notes of this reading would be seen by the next, and so would what a redirect
    leaves to be told.
    """
    client.cookies.pop("messages", None)
    with transaction.atomic():
        answer = client.get(path)
        transaction.set_rollback(True)
    if answer.status_code != 200:
        assert answer.status_code < 500, path
        return None
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            names = sorted(name for name in parts.namelist() if not name.startswith("docProps/"))
            return "\n".join(f"{name} {parts.read(name).decode('utf-8', 'replace')}" for name in names)
    return PASSING.sub("", body.decode("utf-8", "replace"))


def differences(client: Client, shown: dict[str, str], *changes: Callable[[], None]) -> list[str]:
    """The addresses that look otherwise once the changes have been made; they are undone afterwards."""
    with transaction.atomic():
        for change in changes:
            change()
        found = [
            f"{path}: {first_difference(text, other)}"
            for path, text in shown.items()
            if (other := fetch(client, path)) != text
        ]
        transaction.set_rollback(True)
    return found


def first_difference(one: str, other: str | None) -> str:
    if other is None:
        return "gone"
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"…{one[max(0, at - 60) : at + 60]}… became …{other[max(0, at - 60) : at + 60]}…".replace(
        "\n", " "
    )
