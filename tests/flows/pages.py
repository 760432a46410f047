"""People at their browsers: each signs in once, in a window of their own, and works through pages alone."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from tests.factories.units import PASSWORD


class Person:
    """One person's window. `do(verb)` presses the button or link of that name."""

    def __init__(self, browser: Browser, base: str, user=None):
        self.base = base
        context = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
        self.page: Page = context.new_page()
        if user is not None:
            self.open("/accounts/login/").fill("[name=login]", user.username)
            self.page.fill("[name=password]", PASSWORD)
            self.page.click("main button[type=submit]")
            self.page.wait_for_url(lambda url: "/accounts/login/" not in url)

    def open(self, path: str, status: int = 200) -> Page:
        answer = self.page.goto(path if path.startswith("http") else self.base + path)
        assert answer.status == status, f"{path} answered {answer.status}"
        return self.page

    def confirm(self, path: str, **fields: str) -> Page:
        """Open a page that asks, fill its fields, press its one button of the main part."""
        self.open(path)
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)
        return self.send()

    def propose(self, path: str, *, second: Person, **fields: str) -> Page:
        """The same for an act of two people: the other confirms it in an own window, from the list of what waits."""
        self.open(path)
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)
        return self.send_to(second)

    def send_to(self, second: Person) -> Page:
        """Say why, send the open form, and let the other person confirm it."""
        self.page.select_option("[name=proposal-why]", "planned")
        reason = self.page.locator("[name=proposal-reason]")
        if reason.count():
            reason.fill("按方案办理。")
        self.send()
        page = second.open("/pending/")
        page.locator("main tbody a").first.click()
        page.fill("[name=proof]", PASSWORD)
        second.send()
        assert "已确认" in second.text
        return self.page

    def send(self, button: str = "main form .form-actions button") -> Page:
        """Press the form's button; the page that follows must not have refused anything."""
        with self.page.expect_navigation() as following:
            self.page.locator(button).first.click()
        assert following.value.status < 400, self.text
        refusals = self.page.locator(".note-stop, .invalid-feedback:visible").all_inner_texts()
        assert not refusals, refusals
        return self.page

    @property
    def text(self) -> str:
        return self.page.inner_text("main")

    def download(self, path: str) -> bytes:
        answer = self.page.context.request.get(self.base + path)
        assert answer.status == 200
        return answer.body()
