"""The second pass: own marks of a panel as a grid, and finding an entry by its code."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from awards.campaign.models import ScoringRule
from awards.panel.models import Assignment
from awards.review.models import ScoreSheet, SheetState
from tests.awards.review.test_sheet_pages import MARKS, fill_queue, typed, url, with_content
from tests.factories.awards import (
    AssignmentFactory,
    PanelFactory,
    ReviewerFactory,
    ScoreSheetFactory,
    SeatFactory,
)
from tests.factories.units import OfficeFactory, SecretaryFactory, SupervisorFactory, UnitFactory
from tests.reading import rows_of
from units.audit.models import AuditEntry

GRID = "/review/grid/"


@pytest.fixture
def desks(db):
    """Four entries on one seat: handed in at 90 %, two drafts at 80 %, one with a single mark."""
    first = AssignmentFactory()
    found = [first, *(AssignmentFactory(seat=first.seat) for _ in range(3))]
    ScoreSheetFactory(assignment=found[0], share=0.8, comment="有前后对比")
    ScoreSheetFactory(assignment=found[1], share=0.9, handed_in=True)
    ScoreSheetFactory(assignment=found[2], share=0.8)
    ScoreSheetFactory(assignment=found[3], marks={"effect": 21})
    return found


@pytest.fixture
def reviewer(desks, client):
    client.force_login(desks[0].seat.reviewer.user)
    return desks[0].seat.reviewer.user


def codes(html):
    return re.findall(r'<th scope="row" class="main"><a href="[^"]+">([^<]+)</a>', html)


def test_own_marks_stand_side_by_side_with_totals_and_own_places(desks, reviewer, client):
    html = client.get(GRID).content.decode()
    by_total = client.get(GRID + "?order=total").content.decode()

    shown = [desk.nomination.code for desk in desks]
    assert codes(html) == shown
    assert codes(by_total) == [shown[1], shown[0], shown[2], shown[3]]
    found = rows_of(html)[1:]
    assert [row[1].split()[0] for row in found] == shown
    assert found[0][2:9] == ["12", "16", "24", "16", "12", "80", "2"]
    assert found[1][2:9] == ["13.5", "18", "27", "18", "13.5", "90", "1"]
    assert found[2][8] == "2"  # equal totals share their place
    assert found[3][2:9] == ["", "", "21", "", "", "—", "—"]


def test_what_is_handed_in_stands_and_the_rest_is_edited_in_place(desks, reviewer, client):
    html = client.get(GRID).content.decode()
    editable = set(re.findall(r'form="row-([^"]+)"', html))
    assert editable == {desk.nomination.code for desk in (desks[0], desks[2], desks[3])}
    assert 'name="comment" value="有前后对比"' in html  # a row saved from the grid keeps its comment
    assert f'action="{url(desks[0])}"' in html

    answer = client.post(url(desks[0]), typed(version=1, comment="有前后对比", act="hand_in", back="grid"))

    assert answer.url.startswith(GRID)
    sheet = ScoreSheet.objects.get(assignment=desks[0])
    assert (sheet.state, sheet.total, sheet.comment) == (SheetState.HANDED_IN, Decimal("85"), "有前后对比")
    assert codes(client.get(answer.url).content.decode()) == codes(html)
    desks[0].panel.closed_at = timezone.now()
    desks[0].panel.save()
    assert "<input class" not in client.get(GRID).content.decode().partition("<tbody>")[2]


def test_a_second_click_on_hand_in_is_no_refusal(desks, reviewer, client):
    first = client.post(url(desks[0]), typed(version=1, act="hand_in"))
    again = client.post(url(desks[0]), typed(version=1, act="hand_in"))

    assert first.status_code == again.status_code == 302
    assert AuditEntry.objects.filter(event="sheet_handed_in").count() == 1
    other = client.post(url(desks[0]), typed(MARKS | {"effect": "1"}, version=1, act="hand_in"))
    assert "评分表已提交，不能再改。" in other.content.decode()
    assert ScoreSheet.objects.get(assignment=desks[0]).total == 85


def test_weighted_totals_are_exact(desks, reviewer, client):
    rule = ScoringRule.objects.get(campaign=desks[0].panel.campaign)
    rule.body |= {"combine": "weighted"}
    rule.save()
    desks[0].panel.category.criteria.update(weight=Decimal("0.3"))

    found = rows_of(client.get(GRID).content.decode())[1:]

    assert found[0][7:9] == ["24", "2"]
    assert found[1][7] == "27"


def test_the_grid_of_a_blind_stage_hides_names_and_says_when_an_entry_changed(desks, reviewer, client):
    unit = desks[0].nomination.unit
    with_content(desks[0], title=f"{unit.short_name}帮办")

    html = client.get(GRID).content.decode()

    assert unit.short_name not in html
    assert "某单位帮办" in html
    assert html.count("内容有更新") == 1


def test_nobody_else_has_a_grid(desks, client):
    assert client.get(GRID).url.startswith("/accounts/login/")
    for factory in (OfficeFactory, SupervisorFactory, SecretaryFactory):
        client.force_login(factory())
        assert client.get(GRID).status_code == 403
    other = ReviewerFactory(campaign=desks[0].panel.campaign)
    client.force_login(other.user)
    html = client.get(GRID).content.decode()
    assert "现在没有分给您的评审。" in html
    assert client.get(GRID + f"?panel={desks[0].panel.campaign.code}-F-written").status_code == 200


def test_a_code_leads_to_its_sheet_and_a_title_is_not_searched(desks, reviewer, client):
    queue = reverse("awards:review-queue")
    code = desks[2].nomination.code
    assert client.get(queue, {"q": code.lower()}).url == url(desks[2])
    several = client.get(queue, {"q": code[:6]}).content.decode()
    assert all(desk.nomination.code in several for desk in desks)
    foreign = AssignmentFactory(seat=SeatFactory(panel=desks[0].panel))
    for words in (
        foreign.nomination.code,
        desks[0].nomination.title[:4],
        desks[0].nomination.unit.short_name,
    ):
        html = client.get(queue, {"q": words}).content.decode()
        assert "没有这个编号的项目。" in html
    assert "data-find" in client.get(url(desks[0])).content.decode()


def test_the_grid_costs_the_same_with_one_and_three_20_and_300_entries(db, client, cost):
    panel, unit, spent = PanelFactory(), UnitFactory(), {}
    for number in (1, 3, 20, 300):
        reviewer = ReviewerFactory(campaign=panel.campaign, employer=None)
        seat = SeatFactory(panel=panel, reviewer=reviewer)
        fill_queue(seat, number, unit=unit)
        client.force_login(reviewer.user)
        client.get(GRID)
        with cost() as one:
            page = client.get(GRID + "?order=total")
        assert page.content.count(b"data-row-send") == min(number, 20)
        assert len(page.content) < 60_000
        spent[number] = one.queries, one.rows
    assert spent[1][0] == spent[3][0] == spent[20][0] <= 10, "\n".join(one.statements)
    assert spent[20] == spent[300]
    assert Assignment.objects.count() == 324
