"""No false doors: each kind of act on each page of the demo is pressed once in a real browser.

Everything pressed is rolled back, so that one act takes nothing away from the next: the server uses the
test's own connection, and one page is open at a time.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections, transaction
from django.test.testcases import LiveServerThread, _StaticFilesHandler
from django.urls import Resolver404, resolve
from django.utils import timezone

from tests.flows.crawl import route_of

pytestmark = pytest.mark.django_db

PEOPLE = {  # at least so many kinds of acts that nobody before has
    "reviewer1": 5,
    "secretary01": 12,
    "clerk01": 0,
    "member1": 0,
    "supervisor": 0,
    "office": 25,
    "secadmin": 0,
    "sysadmin": 4,
    "auditor": 0,
    "": 0,
}
LEFT_OUT = {"account_logout", "account_login"}  # the crawl's own session; the log-in has tests of its own
A_PATTERN = 2  # pages of one pattern that are searched for acts

FORMS = """() => [...document.querySelectorAll('form')].map((form, at) => ({
  at, method: form.method, action: form.action,
  buttons: [...form.elements].filter(e => e.matches('button:not([type=button]):not([type=reset]), input[type=submit]')
    && !e.disabled && e.getClientRects().length).map(b => ({name: b.name, value: b.value, text: b.textContent.trim()})),
}))"""
ORPHANS = """() => [...document.querySelectorAll('button, input[type=submit]')]
  .filter(b => b.type === 'submit' && !b.form).map(b => b.outerHTML.slice(0, 120))"""
LINKS = "[...document.querySelectorAll('a[href]')].filter(a => !a.download).map(a => a.href)"
FILL = """([at, today, later]) => {
  const form = document.forms[at];
  for (const box of form.elements) {
    if (box.disabled || box.readOnly || box.type === 'hidden' || box.matches('button, fieldset, output')) continue;
    if (box.type === 'checkbox') { if (box.required || box.name === 'pick') box.checked = true; continue; }
    if (box.type === 'radio') {
      if (![...form.elements[box.name]].some?.(one => one.checked)) box.checked = true;
      continue;
    }
    if (box.type === 'file' || box.value) continue;
    if (box.tagName === 'SELECT') {
      const first = [...box.options].find(option => option.value && !option.disabled);
      if (first) box.value = first.value;
    } else if (box.type === 'date') box.value = today;
    else if (box.type === 'datetime-local') box.value = later;
    else if (box.type === 'number') box.value = box.min || '1';
    else if (box.required || box.tagName === 'TEXTAREA') box.value = '核对材料后办理';
  }
}"""
BODY = """([at, button]) => {
  const form = document.forms[at];
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
  if (button.name) body.append(button.name, button.value);
  return {action: form.action, body: body.toString()};
}"""
AGAIN = """async ({action, body}) => {
  const answer = await fetch(action, {method: 'POST', body, redirect: 'follow',
    headers: {'Content-Type': 'application/x-www-form-urlencoded'}});
  return {status: answer.status, text: await answer.text()};
}"""


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


class Doors:
    """Every act that one person finds, and what happens when it is pressed."""

    def __init__(self, page, base: str, known: set):
        self.page, self.base, self.known = page, base, known
        self.findings: list[str] = []
        self.acts: list[tuple] = []

    def find(self) -> Doors:
        waiting, met, seen = ["/"], {"/"}, {}
        while waiting:
            path = waiting.pop(0)
            route = route_of(path)
            if route is None or seen.get(route, 0) >= A_PATTERN:
                continue
            seen[route] = seen.get(route, 0) + 1
            if not self._open(path):
                continue
            self.findings += [f"{path} button without a form: {html}" for html in self.page.evaluate(ORPHANS)]
            for form, button in self._buttons():
                self._meet(path, form, button)
            for link in self.page.evaluate(LINKS):
                inside = link.split("#")[0].removeprefix(self.base)
                if link.startswith(self.base + "/") and inside not in met:
                    met.add(inside)
                    waiting.append(inside)
        return self

    def _open(self, path: str) -> bool:
        try:
            answer = self.page.goto(self.base + path, wait_until="domcontentloaded")
        except Exception as error:
            if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
                return False
            raise
        return answer.status == 200 and "text/html" in answer.headers.get("content-type", "")

    def _buttons(self):
        for form in self.page.evaluate(FORMS):
            if form["method"] == "post":
                yield from ((form, button) for button in form["buttons"])

    def _meet(self, path, form, button) -> None:
        action = urlsplit(form["action"]).path
        try:
            match = resolve(action)
        except Resolver404:
            self.findings.append(f"{path} {button['text']} leads to {action}, which is no page")
            return
        act = (match.route, button["name"], button["value"] if button["name"] else "")
        if match.view_name in LEFT_OUT or act in self.known:
            return
        self.known.add(act)
        self.acts.append((path, form["at"], button, action))

    def press_all(self) -> Doors:
        for path, at, button, action in self.acts:
            with transaction.atomic():
                self._press(path, at, button, action)
                transaction.set_rollback(True)
        return self

    def _press(self, path, at, button, action) -> None:
        here = f"{path} “{button['text']}”"
        if not self._open(path):
            self.findings.append(f"{here}: the page is gone")
            return
        today = timezone.localdate().isoformat()
        later = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
        self.page.evaluate(FILL, [at, today, later])
        before = self.page.inner_text("body")
        sent = self.page.evaluate(BODY, [at, button])
        locator = self._locator(at, button)
        answers = []
        self.page.on(
            "response",
            lambda answer: answers.append(answer) if answer.request.is_navigation_request() else None,
        )
        try:
            with self.page.expect_event(
                "response", lambda answer: answer.request.is_navigation_request(), timeout=8000
            ):
                locator.click()
            self.page.wait_for_load_state("domcontentloaded")
        except Exception as error:
            refusal = self.page.evaluate("document.querySelector(':invalid')?.name")
            self.findings.append(f"{here}: nothing happens ({refusal}; {str(error).splitlines()[0]})")
            return
        bad = [answer.status for answer in answers if answer.status >= 400]
        if bad:
            self.findings.append(f"{here}: answers {bad}")
            return
        is_page = "text/html" in answers[-1].headers.get("content-type", "")
        if is_page and self.page.inner_text("body") == before:
            self.findings.append(f"{here}: the page says the same as before")
        again = self.page.evaluate(AGAIN, sent)
        if again["status"] >= 500 or (again["status"] >= 400 and "<h1" not in again["text"]):
            self.findings.append(f"{here}: sent again it answers {again['status']}")
        by_get = self.page.context.request.get(self.base + action)
        if by_get.status == 405:
            self.findings.append(f"{action}: opened by hand it is a blank page (405)")

    def _locator(self, at, button):
        marked = f"submit-{at}"
        self.page.evaluate(
            """([at, button, mark]) => [...document.forms[at].elements].find(e => e.matches('button, input') &&
            e.type === 'submit' && !e.disabled && e.name === button.name && e.value === button.value &&
            e.textContent.trim() === button.text).setAttribute('data-pressed', mark)""",
            [at, button, marked],
        )
        return self.page.locator(f"[data-pressed={marked}]")


@pytest.fixture(scope="module")
def known():
    return set()


@pytest.mark.parametrize("username", PEOPLE)
def test_every_act_does_something_or_says_why_not(username, demo_site, server, known, context):
    if username:
        context.add_cookies(demo_site.cookies[username])
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("dialog", lambda dialog: dialog.accept())

    doors = Doors(page, server, known).find().press_all()

    assert not doors.findings, "\n".join(["", *doors.findings])
    assert len(doors.acts) >= PEOPLE[username], doors.acts
