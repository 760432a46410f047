"""Presses each kind of act that a person's pages offer."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from urllib.parse import urlsplit

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import timezone

from tests.flows.twice import rows_kept

LEFT_OUT = {"account_logout", "account_login"}  # the crawl's own session; the log-in has tests of its own
FILL = """([at, today, later]) => {
  const form = document.forms[at];
  for (const box of form.elements) {
    if (box.disabled || box.readOnly || box.type === 'hidden' || box.matches('button, fieldset, output')) continue;
    if (box.type === 'checkbox') { if (box.required || box.name === 'pick') box.checked = true; continue; }
    if (box.type === 'radio') {
      if (![...form.elements].some(one => one.name === box.name && one.checked)) box.checked = true;
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


@dataclass(frozen=True)
class Sent:
    """One press: the page and the button, the path and the body that were sent, the rows it added by table."""

    here: str
    action: str
    body: str
    added: Counter[str]


WAIT = 30_000  # as long as all other waits in the browser

# Pages ask for more while they are looked at, but one connection can do but one thing at a time.
TURN = Lock()


class Doors:
    """The acts of one person, and what happens when they are pressed."""

    def __init__(self, page, base: str, known: set):
        self.page, self.base, self.known = page, base, known
        self.findings: list[str] = []
        self.acts: list[tuple] = []  # not pressed by anybody before
        self.sent: list[Sent] = []
        self.offered: set[tuple] = set()

    def meet(self, pages: list[tuple[str, list[dict]]]) -> Doors:
        """Keep of the forms of these pages the acts that nobody has met before."""
        for path, forms in pages:
            for form in forms:
                for button in form["buttons"] if form["method"] == "post" else ():
                    self._meet(path, form, button)
        return self

    def _open(self, path: str) -> bool:
        try:
            answer = self.page.goto(self.base + path, wait_until="domcontentloaded")
        except Exception as error:
            if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
                return False
            raise
        return answer.status == 200 and "text/html" in answer.headers.get("content-type", "")

    def _meet(self, path, form, button) -> None:
        action = urlsplit(form["action"]).path
        try:
            match = resolve(action)
        except Resolver404:
            self.findings.append(f"{path} {button['text']} leads to {action}, which is no page")
            return
        act = (match.route, button["name"], button["value"] if button["name"] else "")
        if match.view_name in LEFT_OUT:
            return
        self.offered.add(act)
        if act in self.known:
            return
        self.known.add(act)
        self.acts.append((path, form["at"], button, action))

    def press_all(self) -> Doors:
        for path, at, button, action in self.acts:
            with self._undone():
                self._press(path, at, button, action)
        return self

    @contextmanager
    def _undone(self):
        """What happens within the block is taken back, between two requests."""
        block = transaction.atomic()
        with TURN:
            block.__enter__()
        try:
            yield
        finally:
            with TURN:
                transaction.set_rollback(True)
                block.__exit__(None, None, None)

    @staticmethod
    def _rows() -> Counter[str]:
        with TURN:
            return rows_kept()

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
        rows = self._rows()
        locator = self._locator(at, button)
        try:
            with self.page.expect_event("response", _arrives, timeout=WAIT) as arrived:
                locator.click()
            is_page = "text/html" in arrived.value.headers.get("content-type", "")
            if is_page:  # and not still the one before, whose loading ended long ago
                locator.wait_for(state="detached", timeout=WAIT)
            self.page.wait_for_load_state("domcontentloaded")
        except Exception as error:
            refusal = self.page.evaluate("document.querySelector(':invalid')?.name")
            self.findings.append(f"{here}: nothing happens ({refusal}; {str(error).splitlines()[0]})")
            return
        if arrived.value.status >= 400:
            self.findings.append(f"{here}: answers {arrived.value.status}")
            return
        if is_page and self.page.inner_text("body") == before:
            self.findings.append(f"{here}: the page says the same as before")
        self.sent.append(
            Sent(here, sent["action"].removeprefix(self.base), sent["body"], self._rows() - rows)
        )
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


def _arrives(answer) -> bool:
    """The answer that a press ends with, after all that only led on."""
    return answer.request.is_navigation_request() and not 300 <= answer.status < 400
