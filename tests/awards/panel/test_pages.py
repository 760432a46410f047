import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from awards.campaign.models import Campaign
from awards.panel.actions.assigning import assign_entries
from awards.panel.models import Panel, Recusal
from awards.panel.rules.assignment import appearance_lot
from awards.states import State
from tests.confirming import by_two
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    MemberFactory,
    NominationFactory,
    OfficeFactory,
    PanelFactory,
    ReviewerFactory,
    ReviewerUserFactory,
    ScoreSheetFactory,
    SeatFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
)
from units.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel():
    """Five seats, one reserve, three entries; one seat's employer leads an entry."""
    panel = PanelFactory(unopened=True)
    seats = [SeatFactory(panel=panel) for _ in range(5)]
    SeatFactory(panel=panel, is_reserve=True, number=1)
    NominationFactory(
        campaign=panel.campaign, category=panel.category, qualified=True, unit=seats[0].reviewer.employer
    )
    NominationFactory.create_batch(2, campaign=panel.campaign, category=panel.category, qualified=True)
    return panel


@pytest.fixture
def office(client):
    user = OfficeFactory()
    client.force_login(user)
    return user


def page(panel, name, *more):
    return reverse(f"awards:{name}", args=[panel.campaign.code, panel.category.letter, panel.stage, *more])


READ = ["panel", "panel-minutes", "panel-assignments"]
ACT = ["panel-settings", "panel-draw", "panel-open", "panel-close"]
READ_ALL = [
    "panel-list",
    "reviewer-list",
    "recusal-list",
]
ACT_ALL = ["reviewer-new", "recusal-new"]


def every_url(panel):
    yield from ((page(panel, name), name) for name in READ + ACT)
    yield from ((reverse(f"awards:{name}", args=[panel.campaign.code]), name) for name in READ_ALL + ACT_ALL)
    seat = panel.seats.first()
    yield page(panel, "panel-replace", seat.reviewer.user.username), "panel-replace"
    yield reverse("awards:reviewer-edit", args=[panel.campaign.code, seat.reviewer.user.username]), "edit"


# --- who may come in -----------------------------------------------------------------------------


def test_a_stranger_is_sent_to_the_login(client, panel):
    for url, _ in every_url(panel):
        assert client.get(url).url.startswith("/accounts/login/"), url


@pytest.mark.parametrize("factory", [SecretaryFactory, ReviewerUserFactory, MemberFactory, SysadminFactory])
def test_other_roles_are_refused(client, panel, factory):
    client.force_login(factory())
    for url, _ in every_url(panel):
        assert client.get(url).status_code == 403, url


def test_the_office_of_another_committee_finds_nothing(client, panel):
    client.force_login(OfficeFactory(unit=CommitteeFactory(slug="other")))
    for url, _ in every_url(panel):
        assert client.get(url).status_code == 404, url


def test_the_supervisor_reads_and_does_not_act(client, panel):
    client.force_login(SupervisorFactory())
    for url, name in every_url(panel):
        assert client.get(url).status_code == (200 if name in READ + READ_ALL else 403), url
    assert client.post(page(panel, "panel-assign")).status_code == 403
    assert "抽取评委…" not in client.get(page(panel, "panel")).content.decode()


def test_the_office_opens_every_page(client, panel, office):
    for url, name in every_url(panel):
        assert client.get(url).status_code == (302 if name == "panel-draw" else 200), url


@pytest.mark.parametrize("where", [("Q", "written"), ("F", "live")])
def test_a_panel_outside_the_rule_is_not_found(client, panel, office, where):
    assert client.get(reverse("awards:panel", args=[panel.campaign.code, *where])).status_code == 404


# --- the way through the pages -------------------------------------------------------------------


def test_the_office_draws_assigns_opens_and_closes(client, office):
    campaign = CampaignFactory(panel_size=5)
    ReviewerFactory.create_batch(8, campaign=campaign)
    category = campaign.categories.first()
    NominationFactory.create_batch(2, campaign=campaign, category=category, qualified=True)
    panel = Panel(campaign=campaign, category=category, stage="written")
    closes_at = timezone.localtime() + timedelta(days=3)

    client.post(
        page(panel, "panel-draw"),
        {"seed": "20261101", "witness": SupervisorFactory().pk, "reserves": 2, "per_unit": 1},
    )
    client.post(page(panel, "panel-settings"), {"closes_at": f"{closes_at:%Y-%m-%dT%H:%M}"})
    client.post(page(panel, "panel-assign"))
    client.post(page(panel, "panel-open"))

    panel = Panel.objects.get()
    assert panel.is_running
    assert panel.assignments.live().count() == 10
    assert "提前关闭须写明理由" in by_two(client, page(panel, "panel-close"), {"reason": ""})
    assert "评审已关闭" in by_two(client, page(panel, "panel-close"), {"reason": "集中评审结束"})
    panel.refresh_from_db()
    assert panel.closed_at


def test_a_refused_draw_loses_nothing_that_was_typed(client, office):
    campaign = CampaignFactory(panel_size=5)
    ReviewerFactory.create_batch(2, campaign=campaign)
    panel = Panel(campaign=campaign, category=campaign.categories.first(), stage="written")
    witness = SupervisorFactory()

    answer = client.post(
        page(panel, "panel-draw"), {"seed": "种子甲", "witness": witness.pk, "reserves": 3}
    ).content.decode()

    assert "可抽取2人" in answer
    assert 'value="种子甲"' in answer
    assert not Panel.objects.filter(drawn_at__isnull=False).exists()


def test_the_draw_shows_each_ones_ties_before_it_is_made(client, office):
    campaign = CampaignFactory(panel_size=5)
    tied, _ = ReviewerFactory.create_batch(2, campaign=campaign)
    category = campaign.categories.first()
    NominationFactory(campaign=campaign, category=category, unit=tied.employer, qualified=True)

    answer = client.get(page(Panel(campaign=campaign, category=category, stage="written"), "panel-draw"))

    assert {row.user: row.ties for row in answer.context["pool"]} == {
        row.user: int(row == tied) for row in campaign.reviewers.all()
    }
    assert "不足评委名额5的3倍" in answer.content.decode()


def test_the_board_says_who_stays_away_before_and_after_assigning(client, panel, office):
    cells = lambda: [cell.label for cell in client.get(page(panel, "panel")).context["lines"][0].cells]  # noqa: E731

    assert cells() == ["应回避，本单位"] + ["未分配"] * 4
    client.post(page(panel, "panel-assign"))
    assert cells() == ["回避，本单位"] + ["已分配"] * 4


def test_the_board_warns_of_an_entry_with_too_few_reviewers(client, panel, office):
    client.post(page(panel, "panel-assign"))

    answer = client.get(page(panel, "panel")).content.decode()

    assert "有项目评委不足" in answer
    assert "差1人" in answer


def test_a_closed_board_keeps_its_entries_and_their_recusals(client, panel, office):
    assign_entries(panel, actor=office)
    panel.opened_at = panel.closed_at = timezone.now()
    panel.save()
    board = page(panel, "panel")
    before = [(line.nomination, line.cells) for line in client.get(board).context["lines"]]
    panel.category.nominations.update(state=State.PROPOSED)
    moved = panel.assignments.live().first()
    moved.seat.reviewer.employer = moved.nomination.unit
    moved.seat.reviewer.save()

    assert len(before) == 3
    assert [(line.nomination, line.cells) for line in client.get(board).context["lines"]] == before


def test_a_tie_found_after_the_assignment_is_marked(client, panel, office):
    assign_entries(panel, actor=office)
    entry = panel.assignments.live().exclude(nomination__recusals__isnull=False).first()
    entry.seat.reviewer.employer = entry.nomination.unit
    entry.seat.reviewer.save()

    assert "已分配，后查出本单位" in client.get(page(panel, "panel")).content.decode()


def test_a_seat_keeps_its_column_and_the_sheets_of_who_left_it(client, panel, office):
    seat = panel.seats.judging().get(number=1)
    assign_entries(panel, actor=office)
    judged = seat.assignments.first()
    ScoreSheetFactory(assignment=judged, share=0.9, handed_in=True)
    by_two(client, page(panel, "panel-replace", seat.reviewer.user.username), {"reason": "因公出差"})

    html = client.get(page(panel, "panel")).content.decode()

    assert re.findall(r">(\d)席</abbr>", html) == ["1", "2", "3", "4", "5"]
    row = next(row for row in html.split("<tr>") if judged.nomination.code in row).partition("</tr>")[0]
    assert re.findall(r'class="visually-hidden">([^<]+)</span>', row)[0] == "退出的评委已评"
    assert row.count("已分配") == 4 * 2  # the word and its tooltip
    assert "差" not in row


def test_categories_stand_in_the_order_of_the_year(client, office):
    campaign = CampaignFactory()
    for letter in "XZF":
        NominationFactory.create_batch(
            2, campaign=campaign, category=campaign.categories.get(letter=letter), qualified=True
        )
    html = client.get(reverse("awards:panel-list", args=[campaign.code])).content.decode()
    letters = list(campaign.categories.values_list("letter", flat=True))
    assert re.findall(rf"/panels/{campaign.code}/(\w)/written/", html) == letters == ["F", "Z", "X"]


def test_a_member_is_replaced_by_the_reserve(client, panel, office):
    seat, bench = panel.seats.judging().first(), panel.seats.waiting().get()

    url = page(panel, "panel-replace", seat.reviewer.user.username)
    assert "递补" in client.get(url).content.decode()
    client.post(url, {"reason": "因病退出"})

    bench.refresh_from_db()
    assert (bench.is_reserve, bench.number) == (False, seat.number)
    assert "已退出" in client.get(page(panel, "panel")).content.decode()


# --- pool and recusals ---------------------------------------------------------------------------


def test_a_reviewer_is_listed_and_changed(client, office):
    campaign, user = CampaignFactory(), ReviewerUserFactory()
    new = reverse("awards:reviewer-new", args=[campaign.code])

    client.post(new, {"user": user.username, "expertise": "项目管理"})
    edit = reverse("awards:reviewer-edit", args=[campaign.code, user.username])
    client.post(edit, {"employer": campaign.organiser.slug, "expertise": "法律"})

    reviewer = campaign.reviewers.get()
    assert (reviewer.employer, reviewer.expertise, reviewer.is_active) == (campaign.organiser, "法律", False)
    assert user not in client.get(new).context["form"].fields["user"].rows


def test_people_are_found_by_name_for_the_office_alone(client, panel):
    url = reverse("awards:reviewer-find", args=[panel.campaign.code])
    waiting = ReviewerUserFactory(name="张评委", unit=panel.campaign.organiser)
    inside = panel.campaign.reviewers.first().user

    def found(words, among="new"):
        query = {"name": "user", "kind": "radio", "among": among, "user-words": words}
        answer = client.get(url, query)
        return (
            [key for key, _ in answer.context["found"].options]
            if answer.status_code == 200
            else answer.status_code
        )

    client.force_login(OfficeFactory(unit=panel.campaign.organiser))
    assert found("张") == [waiting.username]
    assert found(inside.username) == found("") == []
    assert found(inside.username, among="pool") == [inside.username]
    assert found("张", among="everybody") == 404
    for stranger, status in ((SupervisorFactory(), 403), (SecretaryFactory(), 403)):
        client.force_login(stranger)
        assert found("张") == status
    client.force_login(OfficeFactory(unit=CommitteeFactory(slug="other")))
    assert found("张") == 404


def test_without_script_a_reviewer_is_looked_for_by_the_button(client, panel, office):
    person = ReviewerUserFactory(name="张评委", unit=panel.campaign.organiser)
    url = reverse("awards:reviewer-new", args=[panel.campaign.code])

    answer = client.post(url, {"user-words": "张评委", "find": "user", "expertise": "财务"})

    page = answer.content.decode()
    assert f'value="{person.username}">' in page
    assert 'value="财务"' in page
    assert not panel.campaign.reviewers.filter(user=person).exists()


def test_the_office_writes_a_recusal_down_with_its_reason(client, panel, office):
    assign_entries(panel, actor=office)
    row = panel.assignments.live().first()
    url = reverse("awards:recusal-new", args=[panel.campaign.code])
    given = {
        "code": row.nomination.code, "reviewer": row.seat.reviewer.user.username, "kind": "declared_kin", "reason": "配偶",
    }  # fmt: skip

    assert "没有这个编号" in client.post(url, given | {"code": "2026-Q-999"}).content.decode()
    client.post(url, given)

    assert Recusal.objects.get(nomination=row.nomination, reviewer=row.seat.reviewer).source == "office"
    row.refresh_from_db()
    assert row.revoked_at


def test_recusals_are_filtered_counted_and_exported(client, panel, office):
    assign_entries(panel, actor=office)
    row = panel.assignments.live().first()
    Recusal.objects.create(
        nomination=row.nomination, reviewer=row.seat.reviewer, kind="declared_kin", source="declared"
    )
    url = reverse("awards:recusal-list", args=[panel.campaign.code])

    assert client.get(url).context["paginator"].count == 2
    answer = client.get(url, {"source": "declared"})
    assert [one.kind for one in answer.context["page_obj"]] == ["declared_kin"]
    assert answer.context["counts"] == [("亲属关系", 1)]
    export = client.get(url, {"export": "xlsx"})
    assert export["Content-Type"].startswith("application/vnd.openxml")
    assert AuditEntry.objects.filter(event="exported", campaign=panel.campaign.code).count() == 1


# --- what a page costs ---------------------------------------------------------------------------


def filled(entries, seats=5):
    panel = PanelFactory()
    for _ in range(seats):
        SeatFactory(panel=panel)
    NominationFactory.create_batch(entries, campaign=panel.campaign, category=panel.category, qualified=True)
    assign_entries(panel, actor=OfficeFactory())
    for nomination in panel.category.nominations.all():
        Recusal.objects.create(
            nomination=nomination, reviewer=ReviewerFactory(campaign=panel.campaign), kind="own_unit",
            source="computed",
        )  # fmt: skip
    return panel


@pytest.mark.parametrize("name", ["panel-list", "reviewer-list", "recusal-list"])
def test_a_list_costs_the_same_for_one_row_and_three(client, office, cost, name):
    spent = []
    for entries in (1, 3):
        url = reverse(f"awards:{name}", args=[filled(entries).campaign.code])
        client.get(url)  # the first request of a session writes it
        with cost() as one:
            assert client.get(url).status_code == 200
        spent.append(one.queries)
    assert spent[0] == spent[1] <= 10


@pytest.mark.parametrize("is_open", [False, True])
def test_the_board_costs_the_same_for_one_entry_and_three(client, office, cost, is_open):
    spent = []
    for entries in (1, 3):
        panel = filled(entries)
        Panel.objects.filter(pk=panel.pk).update(opened_at=timezone.now() if is_open else None)
        client.get(page(panel, "panel"))
        with cost() as one:
            assert client.get(page(panel, "panel")).status_code == 200
        spent.append(one.queries)
    assert spent[0] == spent[1] <= 10, "\n".join(one.statements)


def test_the_board_fetches_as_many_rows_for_60_entries_as_for_120(client, office, rows_fetched):
    campaign, rows = CampaignFactory(), {}
    for entries, category in zip((60, 120), campaign.categories.all(), strict=False):
        panel = PanelFactory(category=category)
        for _ in range(3):
            SeatFactory(panel=panel)
        NominationFactory.create_batch(
            entries, campaign=panel.campaign, category=panel.category, qualified=True
        )
        assign_entries(panel, actor=office)
        rows[entries] = rows_fetched(client.get, page(panel, "panel"))
        Campaign.objects.filter(pk=panel.campaign_id).update(opened_at=None)  # the head names open years
    assert rows[60] == rows[120]


# --- the live stage ------------------------------------------------------------------------------


@pytest.fixture
def live(office):
    panel = PanelFactory(unopened=True, stage="live", seed="1118-27")
    seats = [SeatFactory(panel=panel) for _ in range(5)]
    away = seats[2].reviewer.employer
    shortlisted = {"campaign": panel.campaign, "category": panel.category, "state": State.SHORTLISTED}
    NominationFactory(qualified=True, unit=away, **shortlisted)
    NominationFactory.create_batch(3, qualified=True, **shortlisted)
    assign_entries(panel, actor=office)
    return panel


def drawn(panel):
    rows = panel.assignments.values_list("order", "nomination__code").distinct().order_by("order")
    return [code for _, code in rows]


def test_a_live_panel_lists_its_entries_as_they_appear(client, live):
    body = client.get(page(live, "panel")).content.decode()

    found = [body.index(f'<th scope="row" class="nowrap">{code}') for code in drawn(live)]
    assert found == sorted(found)
    assert '<th scope="col" class="num">出场</th>' in body


def test_the_order_of_appearance_is_the_first_sheet_of_a_live_panels_workbook(client, live):
    book = load_workbook(BytesIO(client.get(page(live, "panel-assignments")).content))

    assert book.sheetnames == ["出场顺序", "分配"]
    rows = [[cell.value for cell in row] for row in book["出场顺序"]]
    head = next(number for number, row in enumerate(rows) if row[0] == "出场")
    listed = rows[head + 1 : head + 5]
    assert [row[1] for row in listed] == drawn(live)
    assert [row[0] for row in listed] == [1, 2, 3, 4]
    assert all(row[4] == appearance_lot(row[1], "1118-27")[:16] for row in listed)
    recused = Recusal.objects.get().nomination.code
    assert {row[1]: row[5] for row in listed} == {
        code: "第3席" if code == recused else "无" for code in drawn(live)
    }


def test_the_board_keeps_what_was_judged_when_it_has_moved_on(client, office, panel):
    assign_entries(panel, actor=office)
    codes = list(panel.category.nominations.values_list("code", flat=True))
    panel.category.nominations.update(state=State.NOT_SHORTLISTED)

    body = client.get(page(panel, "panel")).content.decode()

    assert all(code in body for code in codes)
