"""A reviewer with a keyboard and nothing else."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from awards.review.models import ScoreSheet, SheetState
from tests.factories.awards import AssignmentFactory
from tests.factories.units import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.commits]


@pytest.fixture
def desk():
    return AssignmentFactory()


@pytest.fixture
def signed_in(desk, page, live_server):
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", desk.seat.reviewer.user.username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    return page


def address(live_server, desk):
    code = desk.panel.campaign.code
    return live_server.url + reverse("awards:review-sheet", args=[code, "written", desk.nomination.code])


def assert_side_by_side(page):
    """What autosave has to say leaves the sheet beside the entry."""
    entry, sheet = (page.locator(one).bounding_box() for one in ("#entry", "#sheet"))
    assert sheet["x"] >= entry["x"] + entry["width"]


def test_a_whole_entry_is_scored_and_handed_in_by_keyboard_alone(desk, signed_in, live_server):
    page, second = signed_in, AssignmentFactory(seat=desk.seat)
    page.goto(address(live_server, desk))
    line = page.locator("[data-save-line]")

    page.keyboard.press("1")  # a digit goes to the current criterion
    page.keyboard.type("2")
    expect(page.locator("#part-background")).to_have_class(re.compile("is-linked"))
    page.keyboard.press("Enter")
    page.keyboard.type("17.5")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("26")
    expect(page.locator("[data-total]")).to_have_text("评完显示总分")
    page.keyboard.press("Enter")
    page.keyboard.type("17")
    page.keyboard.press("Enter")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator("[data-total]")).to_have_text("总分84.5")
    expect(line).to_have_text(re.compile("已保存 \\d\\d:\\d\\d:\\d\\d"))
    page.keyboard.press("Control+Enter")

    page.wait_for_url(address(live_server, second))
    sheet = ScoreSheet.objects.get()
    assert (sheet.state, sheet.total) == (SheetState.HANDED_IN, 84.5)
    page.keyboard.press("k")
    page.wait_for_url(address(live_server, desk))
    page.keyboard.press("j")
    page.wait_for_url(address(live_server, second))
    page.keyboard.press("a")
    page.wait_for_url(re.compile("/abstain/$"))


def test_a_lone_letter_does_nothing_while_a_box_has_the_focus(desk, signed_in, live_server):
    signed_in.goto(address(live_server, desk))

    signed_in.focus("[name=comment]")
    signed_in.keyboard.type("sacjk?")
    expect(signed_in.locator("[data-save-line]")).to_have_text(re.compile("已保存"))

    assert signed_in.url == address(live_server, desk)
    assert ScoreSheet.objects.get().comment == "sacjk?"


def test_a_lost_connection_keeps_the_text_and_tries_again(desk, signed_in, live_server):
    page = signed_in
    page.goto(address(live_server, desk))
    page.route("**/save/", lambda route: route.abort())

    page.fill("[name=comment]", "有前后对比数据")
    line = page.locator("[data-save-line]")
    expect(line).to_have_attribute("data-state", "retry")
    expect(line).to_have_text(re.compile("未保存，重试中"))
    assert not ScoreSheet.objects.exists()
    page.unroute("**/save/")

    expect(line).to_have_attribute("data-state", "saved")
    assert ScoreSheet.objects.get().comment == "有前后对比数据"


def test_a_quick_hand_in_waits_for_the_save_under_way(desk, signed_in, live_server):
    page = signed_in
    page.goto(address(live_server, desk))
    waiting, sent = [], []
    page.route("**/save/", lambda route: waiting.append(route))
    page.on("request", lambda request: sent.append(request) if request.is_navigation_request() else None)
    for code, mark in (
        ("leadership", "12"), ("novelty", "17"), ("effect", "26"), ("satisfaction", "17"), ("spread", "12"),
    ):  # fmt: skip
        page.fill(f"[name=mark_{code}]", mark)
    expect(page.locator("[data-save-line]")).to_have_attribute("data-state", "saving")
    page.fill("[name=mark_spread]", "13")

    page.keyboard.press("Control+Enter")
    page.evaluate("fetch('/healthz/').then((answer) => answer.text())")  # what was sent before has gone out
    assert sent == []
    assert ScoreSheet.objects.count() == 0
    waiting[0].continue_()

    page.wait_for_url(re.compile("/review/$"))
    assert ScoreSheet.objects.get().total == 85


def test_two_tabs_are_told_of_each_other(desk, signed_in, context, live_server):
    one, other = signed_in, context.new_page()
    for tab in (one, other):
        tab.goto(address(live_server, desk))
    one.fill("[name=comment]", "甲页")
    expect(one.locator("[data-save-line]")).to_have_attribute("data-state", "saved")

    other.fill("[name=comment]", "乙页")

    expect(other.locator("[data-save-line]")).to_have_attribute("data-state", "clash")
    expect(other.locator(".clash")).to_contain_text("甲页")
    assert_side_by_side(other)
    assert ScoreSheet.objects.get().comment == "甲页"


def test_on_a_phone_the_two_halves_are_tabs_and_work_without_script(desk, signed_in, live_server, browser):
    signed_in.set_viewport_size({"width": 390, "height": 844})
    signed_in.goto(address(live_server, desk))

    expect(signed_in.locator("#sheet")).to_be_hidden()
    signed_in.click("[data-pane=sheet]")
    expect(signed_in.locator("#sheet")).to_be_visible()
    expect(signed_in.locator("#entry")).to_be_hidden()
    for control in signed_in.locator("#sheet button:visible, #sheet input:visible, .panes a").all():
        assert control.bounding_box()["height"] >= 44
    assert signed_in.evaluate("document.documentElement.scrollWidth") <= 390

    bare = browser.new_context(java_script_enabled=False, storage_state=signed_in.context.storage_state())
    page = bare.new_page()
    page.goto(address(live_server, desk))
    page.fill("[name=mark_effect]", "26")
    page.click("button:text('保存草稿')")
    assert ScoreSheet.objects.get().scores.get().mark == 26
    expect(page.locator("[name=mark_effect]")).to_have_value("26")
    bare.close()


def test_what_an_expired_session_kept_out_is_offered_again_after_the_log_in(desk, signed_in, live_server):
    page = signed_in
    page.goto(address(live_server, desk))
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.fill("[name=comment]", "写到一半的评语")
    expect(page.locator("[data-save-line]")).to_have_attribute("data-state", "expired")

    page.click("button[value=hand_in]")
    page.fill("[name=login]", desk.seat.reviewer.user.username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(address(live_server, desk))
    assert_side_by_side(page)
    page.click("button:text('恢复')")

    expect(page.locator("[data-save-line]")).to_have_attribute("data-state", "saved")
    assert ScoreSheet.objects.get().comment == "写到一半的评语"


def test_the_second_pass_is_typed_pasted_and_saved_row_by_row(desk, signed_in, live_server):
    page, second = signed_in, AssignmentFactory(seat=desk.seat)
    page.goto(live_server.url + reverse("awards:review-grid"))
    rows = page.locator("[data-grid] tbody tr")
    rows.nth(0).locator("input[data-max]").first.focus()
    page.keyboard.type("12")
    page.keyboard.press("ArrowDown")

    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text", "13\\t17.5\\t26\\t17\\t12\\n");
          const paste = { clipboardData: data, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", paste));
        }"""
    )

    expect(rows.nth(1).locator("[data-row-total]")).to_have_text("85.5")
    for row in (0, 1):
        expect(rows.nth(row).locator("[data-save-line]")).to_have_text(re.compile("已保存"))
    expect(rows.nth(0).locator("[data-row-send]")).to_be_hidden()
    assert ScoreSheet.objects.get(assignment=desk).scores.get().mark == 12
    rows.nth(1).locator("[data-row-send]").click()
    page.wait_for_url(re.compile("/review/grid/"))
    expect(rows.nth(1)).to_contain_text("已交")
    assert ScoreSheet.objects.get(assignment=second).total == 85.5
