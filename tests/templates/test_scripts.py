"""The scripts on bare pages in a real browser, under the portal's own content security policy."""

import json
import re
import string

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from playwright.sync_api import expect

from units.counting import count_characters

HOST = "http://portal.test"
KINDS = {"js": "text/javascript", "css": "text/css", "html": "text/html; charset=utf-8"}
POLICY = "default-src 'self'; img-src 'self' data:"


class Site:
    """Answers a page's requests without a server; keeps what the page posted."""

    def __init__(self, page):
        self.page, self.posts, self.answers, self.complaints = page, [], [], []
        self.html = ""
        page.route("**/*", self.answer)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self.listen)

    def listen(self, message):
        if "Content Security Policy" in message.text or "Uncaught" in message.text:
            self.complaints.append(message.text)

    def answer(self, route):
        request = route.request
        path = request.url.removeprefix(HOST).split("?")[0]
        if request.method == "POST":
            self.posts.append(dict(re.findall(r'name="([^"]+)"\r\n\r\n(.*?)\r\n--', request.post_data, re.S)))
            status, body = self.answers.pop(0)
            route.fulfill(status=status, content_type="application/json", body=json.dumps(body))
        elif path.startswith("/static/vendor/"):
            self.file(route, settings.VAR / "vendor" / path.removeprefix("/static/vendor/"))
        elif path.startswith("/static/"):
            self.file(route, settings.BASE_DIR / "static" / path.removeprefix("/static/"))
        else:
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(content_type=KINDS["html"], headers=headers, body=self.html)

    def file(self, route, path):
        route.fulfill(content_type=KINDS[path.suffix[1:]], body=path.read_text())

    def show(self, body: str, *scripts: str, user: str = "u"):
        links = "".join(f'<script src="/static/{name}" defer></script>' for name in scripts)
        self.html = (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><link rel="icon" href="data:,">'
            f'<link rel="stylesheet" href="/static/css/theme.css">{links}<body data-user="{user}">{body}</body></html>'
        )
        self.page.goto(f"{HOST}/draft/")

    def let_pass(self, seconds: int):
        """So long on the page's clock, with all that it does in that time; what it sent has arrived."""
        self.page.clock.run_for(seconds * 1000)
        self.page.evaluate("fetch('/static/css/theme.css').then((answer) => answer.text())")


@pytest.fixture
def site(page):
    site = Site(page)
    yield site
    assert site.complaints == []


# ---------------------------------------------------------------- counter and double submit

ALPHABET = (
    "汉字，。“”—…·５Ａ㎡①　 \t\n\u00a0\u0085\u001c\u200b\ufeff\u3000ab12-.%é🙂𠀀가ｶ" + string.punctuation
)
TEXTS = st.lists(st.one_of(st.text(ALPHABET), st.text()), min_size=10, max_size=40)


KNOWN = ["", "建成5G基站1200座", "“拿地即开工”——", "it's", "it’s", "2026年 11月", "a\u200bb", "𠀀𠀁", "①②"]


def test_the_page_counts_any_text_like_the_server(site):
    site.show("", "js/form.js")

    counted = site.page.evaluate("texts => texts.map(countCharacters)", KNOWN)
    assert counted == [count_characters(text) for text in KNOWN]

    @trials(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(TEXTS)
    def agree(texts):
        counted = site.page.evaluate("texts => texts.map(countCharacters)", texts)
        assert counted == [count_characters(text) for text in texts]

    agree()


BOX = '<form method="post"><textarea id="id_t" name="t" data-limit="20">{}</textarea></form>'


def test_the_counter_speaks_late_and_cuts_nothing(site):
    site.show(BOX.format(""), "js/form.js")
    for length, words, invalid in [
        (17, "", "false"),
        (18, "还可写2字", "false"),
        (20, "还可写0字", "false"),
        (23, "已写23字，超出3字，提交前须删减", "true"),
    ]:
        site.page.fill("#id_t", "字" * length)
        assert site.page.text_content("#c-id_t") == words
        assert site.page.get_attribute("#id_t", "aria-invalid") == invalid
        assert site.page.input_value("#id_t") == "字" * length


def test_a_form_is_sent_once_however_often_it_is_clicked(site):
    site.show('<form method="post" action="/send/"><button type="submit">提交</button></form>', "js/form.js")
    site.page.evaluate(
        "() => { window.sent = 0; document.forms[0].addEventListener('submit',"
        " event => { if (!event.defaultPrevented) { window.sent += 1; event.preventDefault(); } }); }"
    )
    for _ in range(3):
        site.page.evaluate("document.querySelector('button').click()")
    assert site.page.evaluate("window.sent") == 1
    assert site.page.get_attribute("button", "aria-disabled") == "true"


KEPT = """<main><form method="post" action="/lost/">
  <input type="hidden" name="version" value="6"><input id="id_title" name="title"><textarea name="text"></textarea>
  <input type="checkbox" id="id_agree" name="agree"><button type="submit">保存</button></form></main>"""


def test_what_was_sent_to_an_ended_session_is_given_back_to_the_same_person_once(site):
    page = site.page
    site.show(KEPT, "js/form.js", user="甲")
    page.fill("#id_title", "写到一半")
    page.check("#id_agree")
    page.evaluate("document.forms[0].addEventListener('submit', event => event.preventDefault())")
    page.click("button")

    page.goto(f"{HOST}/accounts/login/")  # the log-in forgets nothing
    site.show(KEPT, "js/form.js", user="甲")
    assert (page.input_value("#id_title"), page.is_checked("#id_agree")) == ("写到一半", True)
    assert "已放回" in page.inner_text("[role=alert]")

    site.show(KEPT, "js/form.js", user="甲")
    assert page.input_value("#id_title") == ""
    page.fill("#id_title", "又一次")
    page.evaluate("document.forms[0].addEventListener('submit', event => event.preventDefault())")
    page.click("button")
    site.show(KEPT, "js/form.js", user="乙")
    assert page.input_value("#id_title") == ""


FORM = """<main><form method="post" action="/lost/"><input id="id_title" name="title" value="{title}">
  <button type="submit">保存</button></form></main>"""
FROM_MEMORY = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"


def test_a_page_shown_from_memory_is_fetched_anew_and_gives_back_what_was_typed(site):
    page = site.page
    site.show(FORM.format(title="旧名称"), "js/form.js")
    site.html = site.html.replace("旧名称", "他人改过的名称")
    with page.expect_navigation():
        page.evaluate(FROM_MEMORY)
    assert page.input_value("#id_title") == "他人改过的名称"

    page.fill("#id_title", "写到一半")
    with page.expect_navigation():
        page.evaluate(FROM_MEMORY)
    assert page.input_value("#id_title") == "写到一半"
    assert "已放回" in page.inner_text("[role=alert]")


def test_a_page_without_a_form_stays_as_it_is(site):
    site.show("<main>只读</main>", "js/form.js")
    site.page.evaluate("window.marked = true")
    site.page.evaluate(FROM_MEMORY)
    site.page.evaluate("new Promise((done) => setTimeout(done, 300))")
    assert site.page.evaluate("window.marked")


# ---------------------------------------------------------------- autosave

DRAFT = """<form method="post" id="draft" data-autosave-url="/draft/save/">
  <input type="hidden" name="csrfmiddlewaretoken" value="{token}">
  <input type="hidden" name="version" value="6">
  <span data-save-line data-state="idle" role="status"></span>
  <label for="id_title">项目名称</label><input id="id_title" name="title" value="{title}">
  <label for="id_text">摘要</label><textarea id="id_text" name="text"></textarea>
  <label><input type="checkbox" name="agree" id="id_agree">承诺</label>
  <input type="file" name="seal"></form>"""
SAVED = (200, {"saved_at": "10:32:05", "version": 7})
COPY = "Object.keys(localStorage).filter(key => key.startsWith('draft:')).length"


def draft(site, *answers, token="old", title="旧名称"):
    site.answers[:] = answers
    site.show(DRAFT.format(token=token, title=title), "js/form.js", "js/autosave.js")


def line(site, state: str) -> str:
    site.page.wait_for_selector(f'[data-save-line][data-state="{state}"]')
    return site.page.text_content("[data-save-line]")


def test_a_draft_saves_itself_and_says_when(site):
    draft(site, SAVED)
    site.page.fill("#id_title", "新名称")
    assert line(site, "saved") == "已保存 10:32:05"
    assert site.posts[0]["title"] == "新名称"
    assert site.posts[0]["version"] == "6"
    assert "seal" not in site.posts[0]
    assert site.page.input_value("[name=version]") == "7"
    assert site.page.evaluate(COPY) == 0


def test_leaving_a_field_saves_at_once_with_the_new_version(site):
    draft(site, SAVED, (200, {"saved_at": "10:33:00", "version": 8}))
    site.page.fill("#id_title", "一")
    site.page.locator("#id_title").blur()
    assert line(site, "saved") == "已保存 10:32:05"
    site.page.fill("#id_text", "二")
    site.page.locator("#id_text").blur()
    expect(site.page.locator("[data-save-line]")).to_have_text("已保存 10:33:00")
    assert [post["version"] for post in site.posts] == ["6", "7"]


def test_a_failed_save_is_kept_here_and_tried_again(site):
    draft(site, (500, {}), SAVED)
    site.page.fill("#id_title", "新名称")
    assert line(site, "retry") == "未保存，重试中。内容已留在本机"
    assert site.page.evaluate(COPY) == 1
    assert line(site, "saved") == "已保存 10:32:05"
    assert site.page.evaluate(COPY) == 0


def test_without_storage_the_line_promises_no_copy(site):
    site.page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    draft(site, (500, {}), SAVED)
    site.page.fill("#id_title", "新名称")
    assert line(site, "retry") == "未保存，重试中"
    line(site, "saved")


CLASH = """<section class="clash" id="draft-clash" data-clash><table><tr data-box="title" data-label-of="项目名称">
  <td data-side="theirs" data-label="张三（10:31）保存的版本"><div data-text>别人的名称</div>
    <label><input type="radio" name="answer:title" value="theirs:x" form="draft">留用这一份</label></td>
  <td data-side="mine" data-label="您填写的"><div data-text>我的名称</div>
    <label><input type="radio" name="answer:title" value="mine:x" form="draft">留用我的</label></td></tr></table></section>"""


def test_a_clash_shows_both_texts_and_overwrites_nothing_unasked(site):
    asked = {"saved_at": "", "version": "6", "asked": 1, "is_own": False, "clash": CLASH}
    site.page.clock.install()
    draft(
        site,
        (409, asked),
        (409, asked | {"saved_at": "10:39:00"}),
        (200, {"saved_at": "10:40:00", "version": 9, "taken": {"title": ["别人的名称"]}}),
    )
    site.page.fill("#id_title", "我的名称")
    assert line(site, "clash") == "他人已修改，请比较"
    site.let_pass(seconds=60)
    assert len(site.posts) == 1
    site.page.fill("#id_text", "又写了一句")
    site.let_pass(seconds=2)
    expect(site.page.locator("[data-save-line]")).to_have_text("其余已保存 10:39:00，他人已修改，请比较")
    assert "answer:title" not in site.posts[1]
    site.page.get_by_label("留用这一份").check()
    site.let_pass(seconds=2)
    assert line(site, "saved") == "已保存 10:40:00，并入了他人的修改"
    assert site.posts[2]["answer:title"] == "theirs:x"
    assert site.page.input_value("#id_title") == "别人的名称"
    assert site.page.query_selector("#draft-clash") is None
    # What was not kept is still there to be copied, after a new opening too.
    draft(site)
    site.page.click("text=没有留用的文字1处")
    assert "我的名称" in site.page.inner_text(".aside-texts")
    site.page.click("text=清除")
    assert site.page.query_selector(".aside-texts") is None


def test_one_s_own_other_window_is_called_so(site):
    draft(site, (409, {"saved_at": "", "asked": 1, "is_own": True, "clash": CLASH}))
    site.page.fill("#id_title", "我的名称")
    assert line(site, "clash") == "您在另一窗口已修改，请比较"


def test_what_is_good_is_saved_and_the_line_says_what_is_not(site):
    draft(site, (422, {"saved_at": "10:32:05", "version": 7, "errors": {"title": ["名称太长。"]}}))
    site.page.fill("#id_title", "很长的名称")
    assert line(site, "refused") == "其余已保存 10:32:05，有1处需要改正。内容已留在本机"
    assert site.page.input_value("[name=version]") == "7"
    assert site.page.evaluate(COPY) == 1


def test_a_refused_value_is_named_beside_its_field_and_not_sent_again(site):
    site.page.clock.install()
    draft(site, (422, {"errors": {"title": ["名称太长。"]}}), SAVED)
    site.page.fill("#id_title", "很长的名称")
    assert line(site, "refused") == "未保存，有1处需要改正。内容已留在本机"
    assert site.page.text_content("[data-autosave-error]") == "名称太长。"
    site.let_pass(seconds=60)
    assert len(site.posts) == 1
    site.page.fill("#id_title", "短名称")
    line(site, "saved")
    assert site.page.query_selector("[data-autosave-error]") is None
    assert site.page.get_attribute("#id_title", "aria-invalid") is None


def test_an_ended_session_loses_no_text_and_goes_on_after_the_next_log_in(site):
    draft(site, (403, {}), SAVED)
    site.page.fill("#id_title", "新名称")
    assert line(site, "expired") == "登录已过期，内容已保存在本机，请在新标签页登录后重试"
    assert site.page.input_value("#id_title") == "新名称"
    assert site.page.evaluate(COPY) == 1
    site.html = site.html.replace('value="old"', 'value="fresh"')
    site.page.evaluate("window.dispatchEvent(new Event('focus'))")
    assert line(site, "saved") == "已保存 10:32:05"
    assert site.posts[1]["csrfmiddlewaretoken"] == "fresh"
    assert site.posts[1]["title"] == "新名称"


def leave_unsaved(site):
    """Type, let the save fail, and come back to the page as the server still has it."""
    draft(site, (403, {}))
    site.page.fill("#id_title", "未存的名称")
    site.page.check("#id_agree")
    line(site, "expired")


def test_an_unsaved_copy_is_offered_and_restored_on_the_version_it_was_written_on(site):
    leave_unsaved(site)
    draft(site, SAVED)
    assert "项目名称、承诺" in site.page.text_content(".note")
    assert site.page.input_value("#id_title") == "旧名称"
    site.page.click("text=恢复")
    line(site, "saved")
    assert site.page.input_value("#id_title") == "未存的名称"
    assert site.page.is_checked("#id_agree")
    assert site.posts[-1]["version"] == "6"
    assert site.page.query_selector(".note") is None


def test_an_unsaved_copy_can_be_thrown_away(site):
    leave_unsaved(site)
    draft(site)
    site.page.click("text=丢弃")
    assert site.page.evaluate(COPY) == 0
    assert site.page.input_value("#id_title") == "旧名称"


def test_another_user_of_the_computer_is_offered_nothing(site):
    leave_unsaved(site)
    site.show(DRAFT.format(token="t", title="旧名称"), "js/form.js", "js/autosave.js", user="v")
    assert site.page.query_selector(".note") is None


# ---------------------------------------------------------------- score sheet

SHEET = """<section id="e1">甲</section><section id="e2">乙</section>
<form method="post" data-review data-combine="{combine}"><span data-marked></span><span data-total></span>
<div class="criterion" data-target="e1"><input id="id_a" data-max="30" data-weight="0.35">
  <ul><li data-from="27">优</li><li data-from="0">差</li></ul></div>
<div class="criterion" data-target="e2"><input id="id_b" data-max="70" data-weight="0.65"></div>
<button type="button" data-key="s">跳过</button></form>"""


@pytest.mark.parametrize(("combine", "total"), [("sum", "总分90"), ("weighted", "总分52.5")])
def test_the_total_appears_only_when_every_criterion_is_marked(site, combine, total):
    site.show(SHEET.format(combine=combine), "js/review.js")
    site.page.fill("#id_a", "20")
    assert site.page.text_content("[data-marked]") == "已评1/2"
    assert site.page.text_content("[data-total]") == "评完显示总分"
    site.page.fill("#id_b", "70")
    assert site.page.text_content("[data-total]") == total


def test_only_a_mark_on_the_scale_counts(site):
    site.show(SHEET.format(combine="sum"), "js/review.js")
    for typed, fine in [("27.5", True), ("２７。５", True), ("27.3", False), ("31", False), ("-1", False)]:
        site.page.fill("#id_a", typed)
        assert site.page.get_attribute("#id_a", "aria-invalid") == str(not fine).lower(), typed
        assert site.page.text_content("[data-marked]") == f"已评{int(fine)}/2", typed


def test_keys_move_on_and_letters_wait_while_a_box_has_the_focus(site):
    site.show(SHEET.format(combine="sum"), "js/review.js")
    site.page.evaluate(
        "() => { window.skips = 0; document.querySelector('[data-key=s]').onclick = () => { skips += 1; }; }"
    )
    site.page.keyboard.press("2")
    site.page.keyboard.press("8")
    assert site.page.input_value("#id_a") == "28"
    assert site.page.evaluate("document.querySelector('.hit').textContent") == "优"
    site.page.keyboard.press("Enter")
    assert site.page.evaluate("document.activeElement.id") == "id_b"
    assert site.page.evaluate("document.querySelector('.is-linked').id") == "e2"
    site.page.keyboard.press("s")
    assert site.page.evaluate("skips") == 0
    site.page.evaluate("document.activeElement.blur()")
    site.page.keyboard.press("s")
    assert site.page.evaluate("skips") == 1


# ---------------------------------------------------------------- lists, charts, frame


def test_ticking_rows_counts_them(site):
    rows = "".join(f'<tr><td><input type="checkbox" name="pick" value="{n}"></td></tr>' for n in range(3))
    site.show(
        '<form data-bulk><b data-picked></b><table><thead><tr><th><input type="checkbox" data-pick-all></th>'
        f"</tr></thead><tbody>{rows}</tbody></table></form>",
        "js/list.js",
    )
    site.page.check("tbody tr:nth-child(2) input")
    assert site.page.text_content("[data-picked]") == "1"
    assert site.page.evaluate("document.querySelector('[data-pick-all]').indeterminate")
    site.page.check("[data-pick-all]")
    assert site.page.text_content("[data-picked]") == "3"
    assert site.page.locator("tr.picked").count() == 3


def test_a_chart_draws_the_table_beside_it_without_the_sum(site):
    table = (
        '<table><thead><tr><th>月份</th><th class="num">当月</th></tr></thead><tbody>'
        "<tr><th>1月</th><td>1,118</td></tr><tr><th>2月</th><td>236</td></tr>"
        '<tr class="sum"><th>合计</th><td>1,354</td></tr></tbody></table>'
    )
    site.show(
        f'<div class="split chart-row" data-chart="column"><div class="chart"></div>{table}</div>',
        "vendor/echarts/echarts.min.js",
        "js/charts.js",
    )
    site.page.wait_for_selector(".chart svg text")
    drawn = site.page.locator(".chart svg text").all_text_contents()
    assert {"1月", "2月", "1,118", "236"} <= set(drawn)
    assert "1,354" not in drawn
    site.page.hover(".chart", position={"x": 200, "y": 200})  # a tooltip must not break the policy either


def test_large_type_is_remembered(site):
    site.show('<button type="button" data-big>大字版</button>', "js/shell.js")
    site.page.click("[data-big]")
    site.page.reload()
    assert "big" in site.page.get_attribute("html", "class")
    assert site.page.text_content("[data-big]") == "标准字号"
