"""The form in a real browser: it saves itself, tells the truth, and never overwrites a colleague."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from awards.nomination.actions.drafts import save_draft
from awards.nomination.models import Nomination
from awards.states import State
from tests.factories.awards import NominationFactory
from tests.factories.services import ActivityFactory
from tests.factories.units import PASSWORD, SecretaryFactory
from units.counting import count_characters

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.commits]

SAVED = re.compile(r"已保存 \d\d:\d\d:\d\d")


@pytest.fixture
def draft():
    return NominationFactory(full=True, ready=True, state=State.UNIT_REVIEW)


@pytest.fixture
def secretary(draft):
    return SecretaryFactory(unit=draft.unit)


def sign_in(page, live_server, user):
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


@pytest.fixture
def form(draft, secretary, page, live_server):
    """The form, open and quiet."""
    sign_in(page, live_server, secretary)
    page.goto(live_server.url + reverse("awards:nomination-edit", args=[draft.key]))
    return page


def line(page):
    return page.locator("[data-save-line]")


def test_what_is_typed_saves_itself_and_the_map_follows(draft, form):
    form.fill("#id_spread", "")
    expect(line(form)).to_have_text(SAVED)
    expect(form.locator("#map .todo-list")).to_contain_text("推广价值未填")

    form.fill("#id_spread", "流程成文，可在各窗口推广。")
    expect(form.locator("#map .todo-list")).to_have_count(0)

    draft.refresh_from_db()
    assert (draft.spread, draft.version) == ("流程成文，可在各窗口推广。", 3)


def test_a_new_claim_saves_itself_and_stands_beside_its_record(draft, form):
    form.fill("[name=claims-1-indicator]", "受益群众")
    form.select_option("[name=claims-1-metric]", "beneficiaries")
    form.fill("[name=claims-1-value]", "150")

    expect(form.locator("#claims-check")).to_contain_text("申报数高于记录25.0%")
    assert [str(claim) for claim in draft.claims.all()] == ["协调解决诉求 30.00件", "受益群众 150.00"]


def test_the_page_counts_as_the_server_does(form):
    text = "建成5G基站1200座，服务company A、B两家——“满意”。\n第２段"
    form.fill("#id_background", text)
    for name in ("practice", "innovation", "effect", "spread"):
        form.fill(f"#id_{name}", "")
    expect(form.locator("[data-sum-of=body]")).to_have_text(f"已写{count_characters(text)}字")

    form.fill("#id_summary", "字" * 312)
    expect(form.locator("#c-id_summary")).to_have_text("已写312字，超出12字，提交前须删减")
    expect(form.locator("#map .todo-list")).to_contain_text("超出12字")


def test_a_colleagues_text_is_never_overwritten_and_both_are_shown(draft, secretary, form):
    save_draft(draft, {"summary": "书记改过的摘要"}, version=1, actor=secretary)

    form.fill("#id_summary", "干事写的摘要")
    expect(line(form)).to_contain_text("他人已修改")
    clash = form.locator("#nomination-clash")
    expect(clash).to_contain_text("书记改过的摘要")
    expect(clash).to_contain_text("干事写的摘要")
    form.fill("#id_spread", "别处又写的一句")  # goes on being saved, what is asked about waits
    expect(line(form)).to_contain_text("其余已保存")
    draft.refresh_from_db()
    assert (draft.summary, draft.spread) == ("书记改过的摘要", "别处又写的一句")

    clash.get_by_label("留用我的").check()
    expect(line(form)).to_have_text(SAVED)
    expect(clash).to_have_count(0)
    draft.refresh_from_db()
    assert draft.summary == "干事写的摘要"
    form.get_by_text("没有留用的文字1处").click()
    expect(form.locator(".aside-texts")).to_contain_text("书记改过的摘要")


def saved_with(page, box, text):
    """Type, and wait until the server has answered."""
    with page.expect_response(re.compile("/save/$")) as answer:
        page.fill(box, text)
    assert answer.value.status == 200


def test_two_browsers_in_different_boxes_lose_nothing(draft, secretary, form, browser, live_server):
    second = browser.new_context().new_page()
    sign_in(second, live_server, SecretaryFactory(unit=draft.unit))
    second.goto(live_server.url + reverse("awards:nomination-edit", args=[draft.key]))

    saved_with(form, "#id_practice", "甲写的主要做法")
    saved_with(second, "#id_spread", "乙写的推广价值")
    expect(second.locator("#id_practice")).to_have_value("甲写的主要做法")
    saved_with(second, "#id_spread", "乙又写了一句")
    saved_with(form, "#id_practice", "甲又写了一句")
    expect(form.locator("#id_spread")).to_have_value("乙又写了一句")

    draft.refresh_from_db()
    assert (draft.practice, draft.spread) == ("甲又写了一句", "乙又写了一句")
    second.context.close()


def test_an_ended_session_keeps_the_text_here_and_saves_it_after_the_log_in(
    draft, secretary, form, context, live_server
):
    form.wait_for_load_state("networkidle")
    cookies = context.cookies()
    context.clear_cookies()
    # The map asks as well and is led to the log-in, which gives a new token to whoever has none.
    with form.expect_response(re.compile("/accounts/login/")):
        form.fill("#id_effect", "登录过期时写的成效")
    expect(line(form)).to_contain_text("登录已过期")
    draft.refresh_from_db()
    assert draft.effect != "登录过期时写的成效"

    other = context.new_page()
    sign_in(other, live_server, secretary)
    assert context.cookies() != cookies
    form.bring_to_front()
    form.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(line(form)).to_have_text(SAVED)
    draft.refresh_from_db()
    assert draft.effect == "登录过期时写的成效"


def test_a_lost_connection_says_so_and_saves_when_it_is_back(draft, form):
    form.route("**/save/", lambda route: route.abort())
    form.fill("#id_target", "断网时写的")
    expect(line(form)).to_contain_text("未保存，重试中")

    form.unroute("**/save/")
    expect(line(form)).to_have_text(SAVED)
    draft.refresh_from_db()
    assert draft.target == "断网时写的"


def test_a_tick_in_the_picker_changes_the_totals_at_once(draft, form, live_server):
    ActivityFactory(
        unit=draft.unit, reviewed=True, subject="又一次走访", problems_received=4, problems_closed=4
    )
    form.goto(live_server.url + reverse("awards:nomination-evidence", args=[draft.key]))
    expect(form.locator("#totals")).to_contain_text("已引用1条")

    form.get_by_label("引用 又一次走访", exact=True).check()

    expect(form.locator("#totals")).to_contain_text("已引用2条")
    expect(form.locator("#totals")).to_contain_text("相符")
    assert draft.evidence.count() == 2


def test_the_button_saves_checks_and_submits_once(draft, form):
    form.fill("#id_title", "改过名称的项目")
    form.get_by_role("button", name="检查并提交").click()
    expect(form.locator("h1")).to_have_text("提交申报")
    expect(form.locator("dl.facts")).to_contain_text("改过名称的项目")

    form.get_by_role("button", name="提交申报").dblclick()

    expect(form.locator("h1")).to_have_text("提交回执")
    nomination = Nomination.objects.get()
    assert (nomination.state, nomination.title) == (State.SUBMITTED, "改过名称的项目")
    assert nomination.submissions.count() == 1


def test_without_script_the_form_saves_and_the_picker_cites(draft, secretary, browser, live_server):
    other = ActivityFactory(unit=draft.unit, reviewed=True, subject="又一次走访")
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, live_server, secretary)
    page.goto(live_server.url + reverse("awards:nomination-edit", args=[draft.key]))
    page.fill("#id_summary", "没有脚本时的摘要")
    with page.expect_navigation():  # the box holds what was typed, saved or not
        page.get_by_role("button", name="保存").first.click()
    expect(page.locator("#id_summary")).to_have_value("没有脚本时的摘要")

    page.goto(live_server.url + reverse("awards:nomination-evidence", args=[draft.key]))
    page.get_by_label("引用 又一次走访", exact=True).check()
    page.get_by_role("button", name="保存引用").click()
    expect(page.locator("#totals")).to_contain_text("已引用2条")

    draft.refresh_from_db()
    assert draft.summary == "没有脚本时的摘要"
    assert draft.evidence.filter(activity=other).exists()
    context.close()
