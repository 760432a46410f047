"""Nothing is cut on paper: every page with a print button is measured as it is laid out on A4, upright and across."""

from __future__ import annotations

from collections import Counter
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from tests.flows.worlds import LINK, route_of
from units.models import User

pytestmark = pytest.mark.django_db

TRIED = 2  # pages of a route that are asked until one has the button
PEOPLE = ["", "office", "reviewer1", "secretary01", "sysadmin", "auditor"]
BEGUN_AT = ["/ranking/2025/", "/results/2025/", "/appraisal/2025/", "/screening/2026/", "/review/grid/", "/"]
UPRIGHT, ACROSS = 656, 982  # CSS pixels between the margins of `@page` in theme.css
# The browser tells no page of the width of the paper: what listens for a new width hears nothing.
SILENT = "window.addEventListener('resize', (event) => event.stopImmediatePropagation(), true)"
CUT = """() => {
  const paper = document.documentElement.clientWidth, faults = [];
  const named = (e) => `<${e.tagName.toLowerCase()} class="${e.getAttribute('class') ?? ''}"> ` +
    e.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40);
  for (const e of document.querySelectorAll('body, body *')) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (!box.width || !box.height || style.visibility === 'hidden') continue;
    if (e.closest('.visually-hidden, .skip, .trap, svg *')) continue;
    if (box.right > paper + 1 || box.left < -1) faults.push(`beside the paper: ${named(e)}`);
    const shut = (way) => ['auto', 'scroll', 'hidden', 'clip'].includes(way);
    if (shut(style.overflowX) && e.scrollWidth > e.clientWidth + 1) faults.push(`cut at the right: ${named(e)}`);
    if (shut(style.overflowY) && e.scrollHeight > e.clientHeight + 1) faults.push(`cut below: ${named(e)}`);
  }
  return faults.slice(0, 3);
}"""
THIN = """() => [...document.querySelectorAll('th[scope=row], td.main, th.main')]
  .filter((e) => e.textContent.trim().length > 4 && e.clientWidth && e.clientWidth < 48 &&
    getComputedStyle(e).display === 'table-cell').map((e) => e.textContent.trim().slice(0, 20)).slice(0, 1)"""


def printed(username: str, known: set) -> list[str]:
    """Addresses of pages with a print button that nobody has looked at: one of each route, view and tab."""
    client, waiting, met, found = Client(), [*BEGUN_AT], set(), []
    tried: Counter = Counter()
    if username:
        client.force_login(User.objects.get(username=username))
    while waiting:
        path = waiting.pop(0)
        parts = urlsplit(path)
        cut = tuple(pair for pair in parse_qsl(parts.query) if pair[0] in ("view", "tab"))
        key = route_of(path), cut
        if (
            path in met
            or tried[key] == TRIED
            or "export" in path
            or path.startswith(("/static", "/accounts"))
        ):
            continue
        met.add(path)
        tried[key] += 1
        answer = client.get(path)
        if answer.status_code != 200 or "html" not in answer.headers.get("Content-Type", ""):
            continue
        text = answer.content.decode()
        if "data-print" in text and key not in known:
            found.append(path)
            known.add(key)
            tried[key] = TRIED
        base = parts.path
        links = (link.replace("&amp;", "&").partition("#")[0] for link in LINK.findall(text))
        waiting += [base + link if link.startswith("?") else link for link in links]
    return found


@pytest.fixture(scope="module")
def pages(demo, django_db_blocker):
    known: set = set()
    with django_db_blocker.unblock():
        return {username: printed(username, known) for username in PEOPLE}


def test_nothing_is_cut_on_paper(pages, demo_site, context):
    assert sum(map(len, pages.values())) > 25, pages
    context.add_init_script(SILENT)
    page, cut = context.new_page(), []
    for username, paths in pages.items():
        context.clear_cookies()
        if username:
            context.add_cookies(demo_site.cookies[username])
        for path in paths:
            page.emulate_media(media="screen")
            page.set_viewport_size({"width": 1366, "height": 768})
            page.goto(f"{demo_site.url}{path}")
            page.emulate_media(media="print")
            turned = page.evaluate("getComputedStyle(document.body).page") != "auto"
            for width in [ACROSS] if turned else [UPRIGHT, ACROSS]:
                page.set_viewport_size({"width": width, "height": 1000})
                cut += [f"{path} at {width}: {fault}" for fault in page.evaluate(CUT) + page.evaluate(THIN)]
    assert cut == [], "\n".join(cut)
