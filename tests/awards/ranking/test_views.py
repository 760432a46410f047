"""The ranking page and its files: who reads what and when, what it shows, what it costs."""

import io
import json
import re
import time

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from awards.campaign.models import ScoringRule
from awards.nomination.models import Nomination
from awards.panel.models import Panel
from awards.ranking.actions import freeze_ranking, release_shortlist
from awards.ranking.models import Ranking
from tests.awards.ranking.rounds import SEVEN, add_entries, add_round, judged, many, two_stage
from tests.confirming import by_two
from tests.factories import (
    AuditorFactory,
    CampaignFactory,
    ClerkFactory,
    CommitteeFactory,
    MemberFactory,
    OfficeFactory,
    ReviewerUserFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
)
from tests.reading import rows_of
from units.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

PAGES = (
    "ranking",
    "ranking-freeze",
    "ranking-shortlist",
    "ranking-versions",
    "ranking-record",
    "ranking-xlsx",
    "ranking-docx",
)


def url(name, campaign, query=""):
    return reverse(f"awards:{name}", args=[campaign.code]) + query


def as_(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def frozen():
    campaign, files = judged(8)
    return campaign, files, freeze_ranking(campaign, stage="final", actor=OfficeFactory())


# ---- who


@pytest.mark.parametrize("name", PAGES)
def test_strangers_units_reviewers_and_administrators_are_kept_out(client, frozen, name):
    campaign, files, _ = frozen
    assert client.get(url(name, campaign)).status_code == 302
    outsiders = [
        SecretaryFactory(unit=files[0].unit), ClerkFactory(unit=files[0].unit), ReviewerUserFactory(),
        SysadminFactory(), AuditorFactory(),
    ]  # fmt: skip
    for person in outsiders:
        assert as_(client, person).get(url(name, campaign)).status_code == 403
    other = CommitteeFactory(slug="other")
    for role in (OfficeFactory, MemberFactory, SupervisorFactory):
        assert as_(client, role(unit=other)).get(url(name, campaign)).status_code == 404


@pytest.mark.parametrize("name", ["ranking-freeze", "ranking-shortlist"])
def test_only_the_office_freezes_and_releases(client, frozen, name):
    campaign, _, ranking = frozen
    for role in (SupervisorFactory, MemberFactory):
        assert as_(client, role()).get(url(name, campaign)).status_code == 403
        assert client.post(url(name, campaign)).status_code == 403
    assert list(Ranking.objects.all()) == [ranking]


def test_before_the_panels_close_nobody_sees_a_mark(client):
    campaign, files = judged(4)
    Panel.objects.update(closed_at=None)
    for role in (OfficeFactory, SupervisorFactory):
        page = as_(client, role()).get(url("ranking", campaign)).content.decode()
        assert "评审尚未结束" in page
        assert files[0].code not in page
        assert "95.00" not in page
        for name in ("ranking-record", "ranking-xlsx", "ranking-docx"):
            assert client.get(url(name, campaign)).status_code == 404
    assert "评审组关闭" not in as_(client, MemberFactory()).get(url("ranking", campaign)).content.decode()


def test_members_read_the_final_ranking_in_force_and_no_other(client):
    campaign, files = two_stage(6, advance=3)
    written = freeze_ranking(campaign, stage="written", actor=None)
    member = MemberFactory()
    page = as_(client, member).get(url("ranking", campaign)).content.decode()
    assert "排名尚未形成" in page
    assert files[0].code not in page
    assert client.get(url("ranking", campaign, f"?record={written.key}")).status_code == 404
    add_round(campaign, files[:3], [[90] * 5] * 3, stage="live")
    Nomination.objects.filter(pk__in=[f.pk for f in files[3:]]).update(state="not_shortlisted")
    freeze_ranking(campaign, stage="final", actor=None)
    page = client.get(url("ranking", campaign)).content.decode()
    assert files[0].code in page
    assert "冻结排名" not in page
    assert client.get(url("ranking-record", campaign, f"?record={written.key}")).status_code == 404


# ---- what


def test_the_page_shows_places_the_line_and_the_reason(client, frozen):
    campaign, files, ranking = frozen
    page = as_(client, OfficeFactory()).get(url("ranking", campaign, "?view=totals")).content.decode()
    assert page.index(files[4].code) < page.index("入选线") < page.index(files[5].code)
    assert "5席，已排满" in page
    assert "最低91.00分" in page
    assert "与下一名差1.00分" in page
    assert "第1名，高出第2名1.00分，在5个名额内" in page
    assert page.count('class="scale"') == 8
    assert ranking.digest in page
    criteria = client.get(url("ranking", campaign)).content.decode()
    assert "服务实效" in criteria
    assert 'class="scale"' not in criteria


@pytest.mark.parametrize("query", ["", "?view=totals"])
def test_the_rule_below_the_table_ends_each_sentence_once(client, frozen, query):
    page = as_(client, OfficeFactory()).get(url("ranking", frozen[0], query))
    text = re.sub(r"<[^>]+>", "", page.content.decode())
    assert "四舍五入保留" in text
    assert re.findall(r".{9}[。，；：、][。，；、]", text) == []


def test_the_floor_has_a_line_of_its_own(client):
    campaign, files = judged(3, base=81)
    freeze_ranking(campaign, stage="final", actor=None)
    page = as_(client, SupervisorFactory()).get(url("ranking", campaign)).content.decode()
    assert (
        page.index(files[1].code)
        < page.index("入选线")
        < page.index("底分线 80.00")
        < page.index(files[2].code)
    )
    assert "排2席，空缺3席" in page
    assert "低于底分" in page


def test_a_rule_of_three_decimals_is_never_shown_with_two(client):
    """Two finals that differ in the third place would else look equal, and the gap like nothing."""
    campaign = CampaignFactory()
    files = add_entries(campaign, "F", 6)
    add_round(campaign, files, [[95] * 6] * 4 + [[90, 90, 90, 90.5, 90.5, 90.5], [90, 90, 90, 90, 90, 91.5]])
    rule = campaign.rules.get()
    rule.body |= {"places": 3, "trim": {"on": "totals", "high": 0, "low": 0}}
    rule.save()
    ranking = freeze_ranking(campaign, stage="final", actor=None)
    as_(client, OfficeFactory())

    page = client.get(url("ranking", campaign)).content.decode()

    finals = {s["entry"]: s["final"] for s in json.loads(ranking.record)["standings"]}
    assert finals[files[5].code] == "90.250"
    assert page.count("90.250") >= 2
    assert "底分线 80.000" not in page
    assert re.search(r"最低90\.250分", page)
    assert {row.final_text for row in ranking.entries.all()} == set(finals.values())


def test_blocked_entries_stand_below_with_their_reason(client):
    campaign, files = judged(2)
    short = add_entries(campaign, "F", 1)
    add_round(campaign, short, [SEVEN[:4]])
    freeze_ranking(campaign, stage="final", actor=None)
    page = as_(client, OfficeFactory()).get(url("ranking", campaign)).content.decode()
    assert page.index(files[1].code) < page.index(short[0].code)
    assert "有效4份，不足5份" in page
    assert "1件有效评分不足" in page


def test_after_the_first_stage_the_page_shows_who_goes_on(client):
    campaign, files = two_stage(6, advance=3)
    freeze_ranking(campaign, stage="written", actor=None)
    page = as_(client, OfficeFactory()).get(url("ranking", campaign)).content.decode()
    assert page.count("待现场答辩</span>") == 3
    assert page.index(files[2].code) < page.index("入围线") < page.index(files[3].code)
    assert "下达入围名单…" in page
    assert "有效评分不足" not in page


def test_a_finished_year_without_marks_says_so(client):
    campaign = CampaignFactory(announced_at="2020-12-31T12:00+08:00")
    page = as_(client, OfficeFactory()).get(url("ranking", campaign)).content.decode()
    assert "本年度没有评分记录" in page
    assert "冻结排名" not in page


# ---- acts


def test_freezing_asks_first_and_is_done_by_post(client):
    campaign, _ = judged(3)
    short = add_entries(campaign, "F", 1)
    add_round(campaign, short, [SEVEN[:4]])
    as_(client, OfficeFactory())
    assert "冻结排名…" in client.get(url("ranking", campaign)).content.decode()
    asked = client.get(url("ranking-freeze", campaign)).content.decode()
    assert not Ranking.objects.exists()
    assert "1件有效评分不足5份" in asked
    assert re.search(r"最佳服务举措</th><td class=\"num\">4</td><td class=\"num\">25</td>", asked)

    answer = client.post(url("ranking-freeze", campaign), follow=True).content.decode()

    assert "最终排名已冻结" in answer
    assert Ranking.objects.get().entries.count() == 4


def test_a_running_panel_leaves_no_button_and_refuses_the_post(client):
    campaign, _ = judged(3)
    Panel.objects.update(closed_at=None)
    as_(client, OfficeFactory())
    asked = client.get(url("ranking-freeze", campaign)).content.decode()
    assert "还不能冻结" in asked
    assert ">冻结</button>" not in asked
    assert "尚未关闭" in client.post(url("ranking-freeze", campaign), follow=True).content.decode()
    assert not Ranking.objects.exists()


def test_the_shortlist_shows_both_lists_before_it_is_released(client):
    campaign, files = two_stage(6, advance=3)
    ranking = freeze_ranking(campaign, stage="written", actor=None)
    as_(client, OfficeFactory())
    there = url("ranking-shortlist", campaign, f"?record={ranking.key}")
    asked = client.get(there).content.decode()
    assert asked.index(files[2].code) < asked.index("未入围</h2>") < asked.index(files[3].code)
    assert set(Nomination.objects.values_list("state", flat=True)) == {"qualified"}
    assert "入围名单已下达，6件的申报单位均可看到结果" in by_two(client, there)
    assert Nomination.objects.filter(state="shortlisted").count() == 3
    assert "下达入围名单…" not in client.get(url("ranking", campaign)).content.decode()


def test_two_versions_stand_side_by_side(client):
    campaign = CampaignFactory()
    files = add_entries(campaign, "F", 2)
    add_round(campaign, files, [[90, 90, 90, 80, 80], [88, 88, 88, 88, 89]])
    old = freeze_ranking(campaign, stage="final", actor=None)
    assert as_(client, OfficeFactory()).get(url("ranking-versions", campaign)).status_code == 404
    body = {**campaign.rules.get().body, "version": 2, "average": "median"}
    ScoringRule.objects.create(campaign=campaign, version=2, body=body, reason="改用中位数")
    freeze_ranking(campaign, stage="final", actor=None)

    page = client.get(url("ranking", campaign)).content.decode()
    assert "两版排名并存" in page
    assert f"?record={old.key}" in page
    table = client.get(url("ranking-versions", campaign)).content.decode()
    assert "改用中位数" in table
    assert re.search(r"<del>[^<]*平均[^<]*</del>", table)
    assert re.search(r"<ins>[^<]*中位[^<]*</ins>", table)
    moved = {cell for row in rows_of(table) for cell in row}
    assert {"升1", "降1"} <= moved, moved


# ---- what can be done next


def acts_on(client, campaign, query=""):
    """The acts that the ranking page offers, by the words on their buttons."""
    page = client.get(url("ranking", campaign, query)).content.decode()
    return re.findall(r">([^<>]*…)</a>", page.partition("</h1>")[2].partition('class="tabs"')[0]), page


def test_closed_panels_are_told_from_sealed_ones_before_a_freeze(client):
    campaign, _ = judged(3)
    judged(2, letter="Z", campaign=campaign)
    Panel.objects.filter(category__letter="Z").update(closed_at=None)
    for role in (SupervisorFactory, OfficeFactory):
        acts, page = acts_on(as_(client, role()), campaign)
        assert acts == []
        assert "2个，已关闭1个" in page
        assert "已关闭的评审组，分数已向评选办和监督员开放" in page
        assert f"{url('panel-list', campaign)}F/written/" in page
        assert "panel=F-written&amp;view=marks" in page
        assert "panel=Z-written&amp;view=marks" not in page
    Panel.objects.update(closed_at="2100-11-01T12:00+08:00")
    acts, page = acts_on(client, campaign)
    assert acts == ["冻结排名…"]
    assert "封存" not in page
    assert acts_on(as_(client, SupervisorFactory()), campaign)[0] == []


def test_each_act_is_offered_when_it_can_succeed_and_not_before(client):
    campaign, files = two_stage(6, advance=3)
    as_(client, OfficeFactory())
    ranking = freeze_ranking(campaign, stage="written", actor=None)
    assert acts_on(client, campaign)[0] == ["重新冻结…", "下达入围名单…"]

    Panel.objects.update(closed_at=None)  # 补评
    acts, page = acts_on(client, campaign)
    assert acts == []
    assert "关闭后才能重新冻结、下达入围名单：" in page
    Panel.objects.update(closed_at="2100-11-01T12:00+08:00")

    release_shortlist(ranking, actor=None)
    acts, page = acts_on(client, campaign)
    assert acts == []
    live = f"{url('panel-list', campaign)}F/live/"
    assert f'全部关闭后才能冻结最终排名：</b><a href="{live}">最佳服务举措现场答辩</a>（未抽取）' in page

    add_round(campaign, files[:3], [[90] * 5] * 3, stage="live")
    assert acts_on(client, campaign)[0] == ["冻结最终排名…"]
    freeze_ranking(campaign, stage="final", actor=None)
    assert acts_on(client, campaign)[0] == ["重新冻结…"]
    assert acts_on(client, campaign, f"?record={ranking.key}")[0] == []

    Nomination.objects.filter(pk=files[0].pk).update(state="proposed")
    assert acts_on(client, campaign)[0] == []
    asked = client.get(url("ranking-freeze", campaign)).content.decode()
    assert "不能再冻结" in asked
    assert ">冻结</button>" not in asked


def test_a_shortlist_with_an_entry_short_of_sheets_is_not_offered(client):
    campaign, _ = two_stage(4, advance=3)
    short = add_entries(campaign, "F", 1)
    add_round(campaign, short, [SEVEN[:4]])
    freeze_ranking(campaign, stage="written", actor=None)
    acts, page = acts_on(as_(client, OfficeFactory()), campaign)
    assert acts == ["重新冻结…"]
    assert "最佳服务举措1件有效评分不足，补评后重新冻结才能排名，不补评的不能列入名单" in page
    assert f'href="{url("panel-list", campaign)}"' in page


def test_there_is_nothing_to_freeze_in_a_year_without_a_rule(client):
    campaign = CampaignFactory()
    campaign.rules.all().delete()
    as_(client, OfficeFactory())
    assert client.get(url("ranking-freeze", campaign)).status_code == 404
    assert client.post(url("ranking-freeze", campaign)).status_code == 404


# ---- files


def test_the_record_is_served_byte_for_byte_and_logged(client, frozen):
    campaign, _, ranking = frozen
    answer = as_(client, SupervisorFactory()).get(url("ranking-record", campaign))
    assert answer.content.decode() == ranking.record
    assert json.loads(answer.content)["digest"] == ranking.digest
    assert AuditEntry.objects.latest("pk").event == "record_downloaded"


@pytest.mark.parametrize(("route", "name"), [("checker", "verify.py"), ("redraw", "redraw.py")])
def test_anybody_may_take_the_checkers(client, route, name):
    answer = client.get(reverse(f"awards:{route}"))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/x-python")
    assert name in answer["Content-Disposition"]
    assert f"python {name}".encode() in answer.content
    compile(answer.content, name, "exec")


def test_the_paper_has_every_entry_and_the_digest(client, frozen):
    campaign, files, ranking = frozen
    answer = as_(client, OfficeFactory()).get(url("ranking-docx", campaign))
    paper = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert all(file.code in cells for file in files)
    assert "95.00" in cells
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert ranking.digest in text
    assert "监督员" in text
    # The ranking gives seats; who is selected is said by the meeting.
    assert "席位内" in cells
    assert "拟入选" not in text + "".join(cells) + client.get(url("ranking", campaign)).content.decode()


FUNCTIONS = {
    "ROUND": lambda value, places: int(abs(value) * 10**places + 0.5 + 1e-9) / 10**places,
    "SUM": sum,
    "COUNT": len,
    "LARGE": lambda values, n: sorted(values, reverse=True)[n - 1],
    "SMALL": lambda values, n: sorted(values)[n - 1],
}


class Calculator:
    """As much of a spreadsheet program as the formulas need: cells, ranges, five functions."""

    def __init__(self, book):
        self.book = book

    def value(self, sheet, cell):
        found = self.book[sheet][cell].value
        return self.work_out(sheet, found[1:]) if isinstance(found, str) and found.startswith("=") else found

    def work_out(self, sheet, formula):
        def span(match):
            name, column, first, last = match.groups()
            return str([self.value(name, f"{column}{row}") for row in range(int(first), int(last) + 1)])

        formula = re.sub(r"'([^']+)'!([A-Z]+)(\d+):[A-Z]+(\d+)", span, formula)
        formula = re.sub(
            r"(?<![A-Z'\"])([A-Z]{1,2}\d+)", lambda m: str(self.value(sheet, m.group(1))), formula
        )
        return eval(formula, {"__builtins__": {}}, FUNCTIONS)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"average": "median"},
        {"trim": {"on": "criteria", "high": 1, "low": 1}},
        {"rounding": "final", "trim": {"on": "totals", "high": 2, "low": 0}, "average": "median"},
        {"combine": "weighted", "trim": {"on": "criteria", "high": 0, "low": 1}},
    ],
)
def test_the_formulas_of_the_workbook_arrive_at_the_published_figures(client, change):
    campaign, files = two_stage(4, advance=4)
    add_round(
        campaign,
        files,
        [[80, 88, 88, 88, 88.5, 95], [90, 91.5, 92, 93, 94.5, 95], SEVEN, SEVEN[1:]],
        stage="live",
    )
    rule = campaign.rules.get()
    rule.body |= change
    for line, weight in zip(
        rule.body["categories"]["F"]["criteria"], ("0.5", "1.5", "1", "1", "1.25"), strict=True
    ):
        line["weight"] = weight
    rule.save()
    ranking = freeze_ranking(campaign, stage="final", actor=None)

    answer = as_(client, OfficeFactory()).get(url("ranking-xlsx", campaign))

    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["排名表", "F评分", "F核算"]
    assert f"_{timezone.localdate():%Y%m%d}.xlsx" in answer["Content-Disposition"]
    sheet, calculator = book["F核算"], Calculator(book)
    heads = {cell.value: cell.column_letter for cell in sheet[3]}
    finals = {s["entry"]: float(s["final"]) for s in json.loads(ranking.record)["standings"]}
    for row in range(4, 8):
        code = sheet[f"A{row}"].value
        assert calculator.value("F核算", f"{heads['最终得分']}{row}") == pytest.approx(finals[code], abs=1e-9)
        assert sheet[f"{heads['公布得分']}{row}"].value == finals[code]
        assert sheet[f"{heads['公布得分']}{row}"].number_format == "0.00"
        assert sheet[f"{heads['核对']}{row}"].value.startswith("=IF(ABS(")


def test_a_title_like_a_formula_stays_a_title(client):
    campaign, files = judged(2)
    Nomination.objects.filter(pk=files[0].pk).update(title="=1+1")
    freeze_ranking(campaign, stage="final", actor=None)
    answer = as_(client, OfficeFactory()).get(url("ranking-xlsx", campaign))
    book = load_workbook(io.BytesIO(answer.content))
    cell = next(c for row in book["F核算"].iter_rows() for c in row if c.value == "=1+1")
    assert cell.data_type == "s"


# ---- cost


def test_sixty_and_two_thousand_entries_cost_the_same(client, cost):
    """The freeze in few statements and seconds; the page in eight statements and as many rows as it shows."""
    spent, office = {}, OfficeFactory()
    as_(client, office)
    for number in (60, 2000):
        campaign = CampaignFactory()
        many(campaign, number)
        began = time.process_time()
        with cost() as freezing:
            freeze_ranking(campaign, stage="final", actor=office)
        took = time.process_time() - began
        client.get(url("ranking", campaign))  # the session notes its time once a minute
        for view in ("criteria", "totals"):
            with cost() as paid:
                page = client.get(url("ranking", campaign, f"?view={view}"))
            assert len(page.content) < 90_000
            spent[number, view] = (paid.queries, paid.rows)
    assert took < 20, f"{took:.1f} s"  # measured: 1.6 s
    assert freezing.queries < 60
    assert spent[60, "criteria"][0] <= 8
    assert spent[60, "criteria"] == spent[2000, "criteria"]
    assert spent[60, "totals"] == spent[2000, "totals"]


def test_the_freeze_page_counts_without_a_mark(client, cost):
    spent = []
    as_(client, OfficeFactory())
    for number in (60, 500):
        campaign = CampaignFactory()
        many(campaign, number)
        client.get(url("ranking-freeze", campaign))
        with cost() as paid:
            page = client.get(url("ranking-freeze", campaign))
        assert f">{number * 5:,}</td>" in page.content.decode()
        assert 'awards_score"' not in " ".join(paid.statements)
        spent.append((paid.queries, paid.rows))
    assert spent[0] == spent[1]
    assert paid.queries <= 10, "\n".join(paid.statements)


def test_one_and_three_categories_cost_the_same_before_and_after_a_freeze(client, cost):
    """A page that also tells what is still to be done: the open panels come in one question."""
    spent, office = {}, OfficeFactory()
    as_(client, office)
    for letters in ("F", "FZX"):
        campaign = CampaignFactory(two_stages=True)
        for letter in letters:
            judged(len(letters), letter=letter, campaign=campaign)
        for state in ("before", "after"):
            client.get(url("ranking", campaign))
            with cost() as paid:
                assert client.get(url("ranking", campaign)).status_code == 200
            spent[state, letters] = paid.queries
            if state == "before":
                release_shortlist(freeze_ranking(campaign, stage="written", actor=office), actor=office)
    for state in ("before", "after"):
        assert spent[state, "F"] == spent[state, "FZX"] <= 8, spent
