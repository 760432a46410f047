"""Two people in one form, each in a browser of their own; and what nobody loses on the way in and out."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from awards.campaign.models import Campaign
from awards.notice.actions.publishing import draft_notice
from awards.review.models import ScoreSheet
from awards.states import State
from services.models.activities import Activity
from tests.awards.notice.rounds import decided
from tests.factories.awards import AssignmentFactory, CampaignFactory, NominationFactory
from tests.factories.services import ActivityFactory
from tests.factories.units import (
    PASSWORD,
    ClerkFactory,
    CommitteeFactory,
    OfficeFactory,
    SecretaryFactory,
    UnitFactory,
)
from tests.flows.conftest import signed_in
from units.models import Presence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.commits]

KEPT = re.compile(r"已暂存 \d\d:\d\d:\d\d，按“保存”后生效")


def saved_with(page, box, text):
    """Type, and wait until the server has answered."""
    with page.expect_response(re.compile("/save/$")) as answer:
        page.fill(box, text)
    assert answer.value.status == 200


def line(page):
    return page.locator("[data-save-line]").first


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def row(unit):
    return ActivityFactory(unit=unit, subject="原主题", place="原地点", kind="people")


def edit_of(row):
    return f"{row.get_absolute_url()}edit/"


def test_colleagues_in_one_form_see_each_other_while_they_are_there(open_as, unit, row):
    clerk, secretary = ClerkFactory(unit=unit, name="甲干事"), SecretaryFactory(unit=unit, name="乙书记")
    open_as(clerk, edit_of(row))
    second = open_as(secretary, edit_of(row))

    expect(second.locator(".others-here")).to_have_text(re.compile(r"甲干事正在编辑（\d\d:\d\d起）"))
    expect(second.locator(".others-here")).not_to_contain_text("乙书记")


def test_the_log_is_kept_by_both_and_asks_about_what_both_changed(open_as, unit, row):
    clerk, secretary = ClerkFactory(unit=unit, name="甲干事"), SecretaryFactory(unit=unit, name="乙书记")
    first, second = open_as(clerk, edit_of(row)), open_as(secretary, edit_of(row))
    for page, box, text in (
        (first, "place", "甲写的地点"), (first, "outcome", "解决三件"),
        (second, "summary", "乙写的做法"), (second, "outcome", "解决五件"),
    ):  # fmt: skip
        page.fill(f"[name={box}]", text)
    first.get_by_role("button", name="保存草稿").click()
    first.wait_for_url(re.compile(r"/activities/\w+/$"))
    second.get_by_role("button", name="保存草稿").click()

    clash = second.locator("[data-clash]")
    expect(clash).to_contain_text("甲干事（")
    expect(clash.locator("tr[data-box]")).to_have_count(1)
    assert clash.locator("ins").all_inner_texts() == ["三", "五"]
    assert second.input_value("[name=place]") == "甲写的地点"
    row.refresh_from_db()
    assert (row.place, row.summary, row.outcome) == ("甲写的地点", "乙写的做法", "解决三件")

    clash.get_by_label("留用我的").check()
    second.get_by_role("button", name="保存草稿").click()
    second.wait_for_url(re.compile(r"/activities/\w+/$"))
    row.refresh_from_db()
    assert row.outcome == "解决五件"
    second.goto(second.url + "edit/")
    second.get_by_text("没有留用的文字1处").click()
    expect(second.locator(".aside-texts")).to_contain_text("解决三件")


@pytest.mark.parametrize("width", [1366, 390])
def test_the_note_has_a_row_of_its_own_and_squeezes_no_form(open_as, width, tmp_path):
    draft = NominationFactory(full=True, ready=True, state=State.UNIT_REVIEW)
    secretary, clerk = SecretaryFactory(unit=draft.unit), ClerkFactory(unit=draft.unit)
    path = reverse("awards:nomination-edit", args=[draft.key])
    first = open_as(clerk, path, viewport={"width": width, "height": 768})
    second = open_as(secretary, path)
    before = first.locator("#nomination").bounding_box()
    saved_with(second, "#id_summary", "书记写的摘要")

    first.fill("#id_summary", "干事写的摘要")
    note = first.locator("#nomination-clash")
    expect(note).to_be_visible()
    form, box = first.locator("#nomination").bounding_box(), note.bounding_box()
    assert (form["x"], form["width"]) == (before["x"], before["width"])
    assert box["y"] + box["height"] <= form["y"]
    assert box["width"] >= form["width"]
    assert first.evaluate("document.documentElement.scrollWidth") <= width


def test_two_windows_of_one_reviewer_keep_both_marks_and_nobody_else_is_shown(open_as):
    desk = AssignmentFactory()
    reviewer = desk.seat.reviewer.user
    panel = desk.panel
    path = reverse("awards:review-sheet", args=[panel.campaign.code, panel.stage, desk.nomination.code])
    first, second = open_as(reviewer, path), open_as(reviewer, path)

    saved_with(first, "[name=mark_effect]", "20")
    saved_with(second, "[name=mark_leadership]", "10")
    expect(second.locator("[name=mark_effect]")).to_have_value("20")
    expect(line(second)).to_contain_text("并入了另一窗口的修改")

    saved_with(second, "[name=comment]", "乙窗口")
    first.fill("[name=comment]", "甲窗口")
    expect(line(first)).to_contain_text("您在另一窗口已修改")
    expect(first.locator("#sheet-clash")).to_contain_text("您在另一窗口保存的版本")
    assert ScoreSheet.objects.get().comment == "乙窗口"
    assert not Presence.objects.exists()
    assert first.locator("[data-here]").count() == 0


def test_the_notice_is_kept_by_both(open_as):
    campaign, _, office = decided()
    draft_notice(campaign, actor=office)
    path = reverse("awards:notice-edit", args=[campaign.code, 1])
    first, second = open_as(office, path), open_as(OfficeFactory(unit=campaign.organiser), path)
    first.fill("[name=postcode]", "257000")
    second.fill("[name=address]", "府前大街")
    for page in (first, second):
        page.get_by_role("button", name="保存并预览").click()
        page.wait_for_url(re.compile("/preview/$"))

    notice = campaign.notices.get()
    assert (notice.postcode, notice.address) == ("257000", "府前大街")


# ---------------------------------------------------------------- the text of a log that is not saved yet


def test_a_new_record_waits_for_its_writer_in_another_browser_and_counts_nowhere(open_as, unit):
    clerk, partner = ClerkFactory(unit=unit), UnitFactory(name="区水利局机关党委", short_name="区水利局")
    path = "/activities/new/?kind=people"
    page = open_as(clerk, path)
    page.fill("[name=subject]", "写到一半的走访")
    page.fill("[name=joint_units-words]", "水利局")
    page.get_by_label(re.compile("区水利局")).first.check()
    expect(line(page)).to_have_text(KEPT)
    assert not Activity.objects.exists()

    again = open_as(clerk, path)
    note = again.locator(".note", has_text="上次填写、尚未保存的内容")
    expect(note).to_contain_text("主题")
    note.get_by_role("button", name="恢复").click()
    expect(again.locator("[name=subject]")).to_have_value("写到一半的走访")
    again.fill("[name=place]", "社区")
    again.fill("[name=target]", "居民")
    again.fill("[name=summary]", "上门。")
    again.fill("[name=happened_on]", "2026-03-02")
    again.get_by_role("button", name="保存草稿").click()
    again.wait_for_url(re.compile(r"/activities/\w+/$"))
    row = Activity.objects.get()
    assert row.subject == "写到一半的走访"
    assert [joint.unit for joint in row.joint_units.all()] == [partner]

    third = open_as(clerk, path)
    third.wait_for_load_state("networkidle")
    expect(third.locator(".note", has_text="尚未保存")).to_have_count(0)


# ---------------------------------------------------------------- leaving


def leaves_asking(page):
    """Whether the browser asks before the page goes."""
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.close(run_before_unload=True)
    page.context.pages and page.context.pages[0].wait_for_event("close")
    return asked == ["beforeunload"]


def forms_with_text():
    """name → (path, box) of a form of each kind, and who opens it."""
    draft = NominationFactory(full=True, ready=True, state=State.UNIT_REVIEW)
    people = SecretaryFactory(unit=draft.unit), OfficeFactory(unit=draft.campaign.organiser)
    return {
        "an act": (people[0], reverse("awards:nomination-withdraw", args=[draft.key]), "[name=reason]"),
        "the log": (people[0], "/activities/new/?kind=people", "[name=subject]"),
        "a nomination": (people[0], reverse("awards:nomination-edit", args=[draft.key]), "#id_summary"),
        "the set-up": (
            people[1], reverse("awards:campaign-settings", args=[draft.campaign.code]), "[name=title]"
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["an act", "the log", "a nomination", "the set-up"])
def test_leaving_with_unsaved_text_asks_and_without_it_does_not(open_as, name):
    person, path, box = forms_with_text()[name]
    quiet = open_as(person, path)
    quiet.click("h1")
    assert not leaves_asking(quiet)

    page = open_as(person, path)
    page.route(re.compile("/(here|save)/$"), lambda route: route.abort())
    page.fill(box, "写到一半")
    if name != "an act":
        expect(line(page)).to_contain_text("未保存")
    assert leaves_asking(page)


# ---------------------------------------------------------------- Back


@pytest.fixture(params=["--enable-features=BackForwardCache", "--disable-features=BackForwardCache"])
def window(request, browser_type, browser_type_launch_args, browser_context_args):
    """A browser that may show left pages from memory, and one that may not. The headless one can do neither:
    what happens when a page comes back from memory is held in tests/templates/test_scripts.py."""
    args = [*browser_type_launch_args["args"], request.param]
    own = ["--disable-back-forward-cache"]  # playwright's
    browser = browser_type.launch(**browser_type_launch_args | {"args": args, "ignore_default_args": own})
    yield browser.new_context(**browser_context_args)
    browser.close()


def places():
    draft = NominationFactory(full=True, ready=True, state=State.UNIT_REVIEW)
    secretary = SecretaryFactory(unit=draft.unit)
    record = ActivityFactory(unit=draft.unit, kind="people")
    desk = AssignmentFactory()
    panel = desk.panel
    sheet = reverse("awards:review-sheet", args=[panel.campaign.code, panel.stage, desk.nomination.code])
    return {
        "nomination": (secretary, reverse("awards:nomination-edit", args=[draft.key]), "#id_summary"),
        "log": (secretary, edit_of(record), "[name=subject]"),
        "sheet": (desk.seat.reviewer.user, sheet, "[name=comment]"),
    }


@pytest.mark.parametrize("name", ["nomination", "log", "sheet"])
def test_back_never_shows_a_stale_form(window, open_as, live_server, name):
    person, path, box = places()[name]
    window.add_cookies(signed_in(person, live_server.url))
    page = window.new_page()
    for there in ("/my-log/", path, "/my-log/"):  # the first one sets the last cookie: pages differ by them
        page.goto(live_server.url + there)

    other = open_as(person, path)
    if name == "log":
        other.fill(box, "另一窗口保存的")
        other.get_by_role("button", name="保存草稿").click()
        other.wait_for_url(re.compile(r"/activities/\w+/$"))
    else:
        saved_with(other, box, "另一窗口保存的")

    page.go_back()
    expect(page.locator(box)).to_have_value("另一窗口保存的")


# ---------------------------------------------------------------- a log-in that ran out


def test_what_was_sent_after_the_session_ended_is_there_after_the_log_in(open_as, live_server):
    campaign = CampaignFactory(organiser=CommitteeFactory())
    office = OfficeFactory(unit=campaign.organiser)
    page = open_as(office, reverse("awards:campaign-settings", args=[campaign.code]))
    page.fill("[name=call]", "写了很久的通知")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    page.fill("[name=login]", office.username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/settings/"))

    expect(page.locator("[name=call]")).to_have_value("写了很久的通知")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    assert Campaign.objects.get().call == "写了很久的通知"
