"""Every list and every form that links lead to, as every role, on the demo season.

Each list is declared once: page, order, filter and workbook agree. No form lists what grows with the years.
"""

import re
from collections import Counter, defaultdict, deque
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from awards.campaign.models import Campaign
from awards.panel.models import Reviewer
from tests.flows.worlds import LINK, route_of
from units.models import Post, Unit, UnitKind, User
from units.roles import Role

pytestmark = pytest.mark.django_db

PEOPLE = (
    "office",
    "clerk01",
    "reviewer1",
    "sysadmin",
    "secadmin",
    "auditor",
)  # between them they see every list
MOST = 2  # pages of one route, and pages of one list in one order
HEAD = re.compile(r"<thead>(.*?)</thead>", re.S)
CELL = re.compile(r"<th[^>]*>(.*?)</th>", re.S)
SELECT = re.compile(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', re.S)
PASSED = re.compile(r"^/(static|accounts)/|\.(zip|svg|py)\b|export=|/export/")


def walk(client: Client) -> dict[str, object]:
    """Address → answer of the pages that links lead to, a few of each route; nothing is downloaded."""
    shown, met, followed = {}, {"/"}, Counter()
    waiting = deque(["/"])
    while waiting:
        path = waiting.popleft()
        answer = client.get(path)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        shown[path] = answer
        for link in LINK.findall(answer.content.decode().replace("&amp;", "&")):
            route = route_of(link)
            if link not in met and not PASSED.search(link) and followed[route] < MOST:
                met.add(link)
                followed[route] += 1
                waiting.append(link)
    return shown


def selects(answer) -> dict[str, int]:
    """Name of each list of choices on a page → how many it offers."""
    return {name: inner.count("<option") for name, inner in SELECT.findall(answer.content.decode())}


@pytest.fixture(scope="module")
def walked():
    return {}


@pytest.fixture(scope="module")
def known():
    """Per test the routes it has looked at already, as somebody else."""
    return defaultdict(set)


@pytest.fixture
def shown(demo, walked):
    """Person → a client, and the pages of a walk, done once for all tests."""

    def of(username: str) -> tuple[Client, dict[str, object]]:
        client = Client()
        client.force_login(User.objects.get(username=username))
        if username not in walked:
            walked[username] = walk(client)
        return client, walked[username]

    return of


def lists_of(pages: dict, known: set[str]) -> list[tuple[str, object]]:
    """The first page of each route that shows a list, unless somebody has looked at it already."""
    found = {}
    for path, answer in pages.items():
        if answer.context and "list" in answer.context and route_of(path) not in known:
            found.setdefault(route_of(path), (path, answer))
    known.update(found)
    return list(found.values())


def with_query(path: str, **query) -> str:
    return f"{path}{'&' if '?' in path else '?'}" + "&".join(
        f"{name}={value}" for name, value in query.items()
    )


def test_the_walk_meets_every_list(shown):
    met = set()
    for username in PEOPLE:
        lists_of(shown(username)[1], met)

    assert len(met) >= 20, sorted(met)


@pytest.mark.parametrize("username", PEOPLE)
def test_the_workbook_of_a_list_has_the_heads_of_its_page(username, shown, known):
    client, pages = shown(username)
    for path, answer in lists_of(pages, known["workbook"]):
        if not answer.context["export_url"]:
            continue
        listing = answer.context["list"]
        book = load_workbook(BytesIO(client.get(with_query(path, export="xlsx")).content)).active
        header = [cell.value for cell in book[3]]
        on_page = [column.header for column in listing.heads if column.in_book]

        assert [head for head in header if head in on_page] == on_page, path
        if listing.page.paginator.count:
            heads = HEAD.findall(answer.content.decode())
            drawn = [[re.sub("<[^>]+>", "", head).strip() for head in CELL.findall(row)] for row in heads]
            assert any([head for head in row if head in on_page] == on_page for row in drawn), path


@pytest.mark.parametrize("username", PEOPLE)
def test_each_order_of_a_list_keeps_its_rows_and_no_page_repeats_one(username, shown, known):
    client, pages = shown(username)
    for path, answer in lists_of(pages, known["order"]):
        for column in answer.context["list"].columns:
            for order in filter(None, (column.order, column.order and f"-{column.order}")):
                rows, number = [], 1
                while True:
                    page = client.get(with_query(path, order=order, page=number)).context["page_obj"]
                    rows += [getattr(row, "pk", id(row)) for row in page]
                    if not page.has_next() or number == MOST:
                        break
                    number += 1
                assert len(rows) == len(set(rows)) == min(page.paginator.count, number * 50), (path, order)


@pytest.fixture
def grown(demo):
    """Two thousand more units, a hundred 行动党支部 and three hundred reviewers in the pool of the year."""
    committee = Unit.objects.filter(parent=None).first()
    today = timezone.localdate()

    def unit(n, **more):
        name = f"增设第{n}党支部"
        return Unit(
            slug=f"more-{n}", name=name, short_name=name, parent=committee, path=f"{committee.path}more-{n}/",
            order=5000 + n, active_from=today, **({"kind": UnitKind.BRANCH} | more),
        )  # fmt: skip

    acting = {"kind": UnitKind.ACTION_BRANCH, "action_kind": "project", "task": "保障", "ends_on": today}
    units = [unit(n) for n in range(2000)] + [unit(n, **acting) for n in range(2000, 2100)]
    Unit.objects.bulk_create(units)
    people = User.objects.bulk_create(
        User(username=f"more{n}", name=f"增评委{n}", password="!") for n in range(600)
    )
    Post.objects.bulk_create(
        Post(user=person, unit=committee, role=Role.REVIEWER, from_on=today, confirmed_at=timezone.now())
        for person in people
    )
    campaign = Campaign.objects.get(code="2026")
    Reviewer.objects.bulk_create(Reviewer(campaign=campaign, user=person) for person in people[:300])


def test_no_form_lists_what_grows(shown, grown):
    seen = set()
    for username in ("office", "clerk01", "sysadmin"):
        client, pages = shown(username)
        offered = {path: selects(answer) for path, answer in pages.items() if selects(answer)}
        for path in (path for path in offered if route_of(path) not in seen):
            assert selects(client.get(path)) == offered[path], path
        seen.update(map(route_of, offered))
    assert len(seen) >= 15, sorted(seen)
