"""A walk through every page that links lead to, as one person, in a real browser."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection
from functools import cache
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WIDE = {"width": 1366, "height": 768}
A_PATTERN = 2  # pages of one pattern that are looked at: the first, and one that may differ
LINKS = "[...document.querySelectorAll('a[href]')].filter(a => !a.download).map(a => a.href)"
FORMS = """() => [...document.querySelectorAll('form')].map((form, at) => ({
  at, method: form.method, action: form.action,
  buttons: [...form.elements].filter(e => e.matches('button:not([type=button]):not([type=reset]), input[type=submit]')
    && !e.disabled && e.getClientRects().length).map(b => ({name: b.name, value: b.value, text: b.textContent.trim()})),
}))"""
ORPHANS = """() => [...document.querySelectorAll('button, input[type=submit]')]
  .filter(b => b.type === 'submit' && !b.form).map(b => b.outerHTML.slice(0, 120))"""
FRAME = """() => ({
  title: document.title.trim(),
  headings: document.querySelectorAll('h1').length,
  heading: document.querySelector('h1')?.textContent.trim() ?? '',
  language: document.documentElement.lang,
})"""
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return '';
  const clips = (e) => e && e !== document.body &&
    (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(e).overflowX) || clips(e.parentElement));
  const out = [...document.querySelectorAll('body *')].filter(
    (e) => e.getBoundingClientRect().right > wide + 1 && !clips(e.parentElement));
  const last = out.at(-1);
  return `${document.documentElement.scrollWidth - wide} px` +
    (last ? ` by <${last.tagName.toLowerCase()} class="${last.className}">` : '');
}"""
CHECK = """async () => {
  const found = await axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    resultTypes: ['violations'],
  });
  return found.violations
    .filter((v) => ['serious', 'critical'].includes(v.impact))
    .map((v) => `${v.id} (${v.impact}) ${v.nodes.length}×: ${v.nodes[0].html.slice(0, 160)}`
      + ` – ${v.nodes[0].failureSummary.split('\\n').slice(1, 2).join(' ').trim()}`);
}"""


@cache
def axe_source() -> str:
    return AXE.read_text()


class Walk:
    """Walks with `page` from `starts`; afterwards `findings` has a line per fault, `seen` a count per route,
    `forms` what each page can send.

    known: routes that walks before this one have looked at. Of those one page is opened, to see that this
    person's cut of it is whole too. The first page of a route is put before axe and seen at three widths,
    every other page at the narrowest alone.
    """

    def __init__(self, page: Page, base: str, known: Collection[str]):
        self.page, self.base, self.known = page, base, frozenset(known)
        self.findings: list[str] = []
        self.seen: Counter[str] = Counter()
        self.forms: list[tuple[str, list[dict]]] = []
        self._path = ""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._find(f"script error: {error}"))
        page.on("request", self._watch)

    def walk(self, *starts: str) -> Walk:
        waiting, met = deque(starts), set(starts)
        while waiting:
            path = waiting.popleft()
            route = route_of(path)
            if route is None or self.seen[route] >= (1 if route in self.known else A_PATTERN):
                continue
            self.seen[route] += 1
            for link in self._visit(path, route):
                if link not in met:
                    met.add(link)
                    waiting.append(link)
        return self

    def _visit(self, path: str, route: str) -> list[str]:
        """Look at one page; returns the paths it links to."""
        page, self._path = self.page, path
        page.set_viewport_size(WIDE)
        try:
            answer = page.goto(self.base + path)
        except Error as error:
            if "Download is starting" not in error.message and "ERR_ABORTED" not in error.message:
                raise
            self._fetch(path)
            return []
        if answer.status >= 400:
            self._find(f"status {answer.status}")
            return []
        if "text/html" not in answer.headers.get("content-type", ""):
            return []
        frame, links = page.evaluate(FRAME), page.evaluate(LINKS)
        self.forms.append((path, page.evaluate(FORMS)))
        for button in page.evaluate(ORPHANS):
            self._find(f"button without a form: {button}")
        if (
            not frame["title"]
            or frame["headings"] != 1
            or not frame["heading"]
            or frame["language"] != "zh-CN"
        ):
            self._find(f"frame {frame}")
        if route not in self.known and self.seen[route] == 1:
            page.evaluate(axe_source())
            for violation in page.evaluate(CHECK):
                self._find(violation)
            self._look_for_overflow(1366)
            self._look_for_overflow(390)
        self._look_for_overflow(320)
        return [found for link in links if (found := self._inside(link))]

    def _fetch(self, path: str) -> None:
        """A download is not opened, but it must be there."""
        answer = self.page.context.request.get(self.base + path)
        if answer.status >= 400:
            self._find(f"status {answer.status}")

    def _look_for_overflow(self, width: int) -> None:
        if width != WIDE["width"]:
            self.page.set_viewport_size({"width": width, "height": 844})
        if overflow := self.page.evaluate(OVERFLOW):
            self._find(f"overflow at {width}: {overflow}")

    def _inside(self, link: str) -> str | None:
        link = urldefrag(link).url
        return link.removeprefix(self.base) if link.startswith(self.base + "/") else None

    def _hear(self, message) -> None:
        if message.type in ("error", "warning"):
            self._find(f"console: {message.text}")

    def _watch(self, request) -> None:
        if urlsplit(request.url).scheme in ("http", "https") and not request.url.startswith(self.base + "/"):
            self._find(f"request leaves the site: {request.url}")

    def _find(self, what: str) -> None:
        self.findings.append(f"{self._path} {what}")


def route_of(path: str) -> str | None:
    """The pattern a path belongs to; None for what no walk opens."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return path  # a dead link: let it be found
    return None if match.view_name == "account_logout" else match.route
