from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from awards.nomination.models import Nomination
from awards.panel.models import Assignment, Panel, Recusal
from awards.review.models import ScoreSheet, SheetState
from awards.review.queries.marks import StillSealed, entry_marks, sheet_marks
from awards.review.queries.progress import entries_page, panels_of, seats_progress
from awards.states import State
from tests.factories.awards import (
    AssignmentFactory,
    CampaignFactory,
    CategoryFactory,
    NominationFactory,
    PanelFactory,
    ReviewerFactory,
    ScoreSheetFactory,
    SeatFactory,
)
from tests.factories.units import (
    AuditorFactory,
    ClerkFactory,
    CommitteeFactory,
    MemberFactory,
    OfficeFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
    UnitFactory,
)
from tests.reading import row_of
from units.audit.models import AuditEntry


@pytest.fixture
def panel(db):
    return PanelFactory()


@pytest.fixture
def office(panel, client):
    user = OfficeFactory()
    client.force_login(user)
    return user


def address(panel, **query):
    base = reverse("awards:review-progress", args=[panel.campaign.code])
    return base + "?" + "&".join(f"{name}={value}" for name, value in query.items())


def detail(panel, entry):
    return reverse("awards:review-marks", args=[panel.campaign.code, panel.stage, entry.code])


def judged(panel, *totals, entry=None):
    """An entry with a handed-in sheet per total (its marks spread over the criteria), on seats 1, 2, …"""
    entry = entry or NominationFactory(
        campaign=panel.campaign, category=panel.category, full=True, qualified=True
    )
    for number, total in enumerate(totals, start=1):
        seat = panel.seats.filter(number=number).first() or SeatFactory(panel=panel, number=number)
        assignment = AssignmentFactory(seat=seat, nomination=entry)
        if total is not None:
            ScoreSheetFactory(assignment=assignment, marks=spread(total), handed_in=True)
    return entry


def spread(total):
    left, marks = Decimal(str(total)), {}
    for code, most in (
        ("leadership", 15), ("novelty", 20), ("effect", 30), ("satisfaction", 20), ("spread", 15),
    ):  # fmt: skip
        marks[code] = min(left, Decimal(most))
        left -= marks[code]
    return marks


def close(panel):
    Panel.objects.filter(pk=panel.pk).update(closed_at=timezone.now())


# ---- who may look ----


@pytest.mark.parametrize(
    "person", [SecretaryFactory, ClerkFactory, MemberFactory, AuditorFactory, SysadminFactory]
)
def test_other_roles_are_refused(panel, client, person):
    client.force_login(person())

    assert client.get(address(panel)).status_code == 403


def test_a_reviewer_is_refused_and_a_stranger_asked_to_sign_in(panel, client):
    assert client.get(address(panel)).status_code == 302
    client.force_login(ReviewerFactory(campaign=panel.campaign).user)
    assert client.get(address(panel)).status_code == 403


@pytest.mark.parametrize("person", [OfficeFactory, SupervisorFactory])
def test_another_committees_office_finds_nothing(panel, client, person):
    client.force_login(person(unit=CommitteeFactory(slug="elsewhere")))

    assert client.get(address(panel)).status_code == 404


@pytest.mark.parametrize("person", [OfficeFactory, SupervisorFactory])
def test_office_and_supervisor_see_states_and_counts(panel, client, person):
    entry = judged(panel, 83.5, None)
    drafting = AssignmentFactory(seat=SeatFactory(panel=panel, number=3), nomination=entry)
    ScoreSheetFactory(assignment=drafting, marks={"effect": 29.5})
    away = AssignmentFactory(seat=SeatFactory(panel=panel, number=4), nomination=entry)
    Assignment.objects.filter(pk=away.pk).update(abstained_at=timezone.now(), abstain_reason="不熟悉")
    barred = SeatFactory(panel=panel, number=5)
    Recusal.objects.create(nomination=entry, reviewer=barred.reviewer, kind="own_unit", source="computed")
    client.force_login(person())

    html = client.get(address(panel)).content.decode()

    for word in ("已交", "草稿", "未评", "弃评", "回避"):
        assert f'<span class="visually-hidden">{word}</span>' in html
    assert "<b>已交1份，应评3份</b>" in html
    row = row_of(html, entry.code)
    assert row["已交/应评"] == "1/3"
    assert "差4份" in row["有效份数"]
    assert "不熟悉" in html
    assert "本单位" in html


def test_a_campaign_without_panels_says_so(client, office):
    campaign = CampaignFactory()

    assert (
        "还没有抽取评委"
        in client.get(reverse("awards:review-progress", args=[campaign.code])).content.decode()
    )


# ---- sealed until the panel closes ----

SECRETS = ("83.5", "83.50", "29.5", "58.5")


def test_no_mark_leaves_an_open_panel(panel, client, office):
    entry = judged(panel, 83.5, 58.5)
    ScoreSheet.objects.update(comment="封存的评语")
    drafting = AssignmentFactory(seat=SeatFactory(panel=panel, number=3), nomination=entry)
    ScoreSheetFactory(assignment=drafting, marks={"effect": 29.5}, comment="封存的评语")

    for query in ({}, {"order": "-total"}, {"q": "83.5"}, {"q": "封存"}, {"short": "1"}, {"page": "2"}):
        html = client.get(address(panel, **query)).content.decode().replace(f'value="{query.get("q")}"', "")
        assert not [secret for secret in (*SECRETS, "封存的评语") if secret in html], query
    assert client.get(address(panel, view="marks")).status_code == 404
    assert client.get(address(panel, view="marks", format="xlsx")).status_code == 404
    assert client.get(detail(panel, entry)).status_code == 404
    book = load_workbook(BytesIO(client.get(address(panel, format="xlsx")).content))
    cells = " ".join(str(cell.value) for page in book for row in page for cell in row)
    assert not [secret for secret in (*SECRETS, "封存的评语") if secret in cells]
    log = " ".join(str(entry.__dict__) for entry in AuditEntry.objects.all())
    assert not [secret for secret in SECRETS if secret in log]
    seats = seats_progress(panel)
    with pytest.raises(StillSealed):
        entry_marks(panel, seats, [], [entry])
    with pytest.raises(StillSealed):
        list(sheet_marks(panel, seats))


def test_the_order_of_an_open_panel_tells_nothing(panel, client, office):
    codes = [judged(panel, total).code for total in (95, 40, 70)]

    html = client.get(address(panel, order="-total")).content.decode()

    assert sorted(codes, key=html.index) == sorted(codes)


# ---- after it closed ----


@pytest.mark.parametrize("person", [OfficeFactory, SupervisorFactory])
def test_a_closed_panel_shows_its_marks_by_criterion_and_who_stands_apart(panel, client, person):
    entry = judged(panel, 92, 88, 90, 60)
    close(panel)
    client.force_login(person())

    html = client.get(address(panel, view="marks")).content.decode()
    page = client.get(detail(panel, entry)).content.decode()

    row = row_of(html, entry.code)
    assert row["平均"] == "82.50"  # (92 + 88 + 90 + 60) / 4
    assert row["最低—最高"] == "60—92"
    assert row["偏离"] == "评委D −22.50"
    assert html.count("state-warn") == 1
    assert row_of(page, "服务实效")["满分"] == "30.0"


def test_exactly_fifteen_points_are_not_apart(panel, client, office):
    judged(panel, 90, 60)  # mean 75
    close(panel)

    assert "评委A" not in client.get(address(panel, view="marks")).content.decode()


def test_void_and_withdrawn_sheets_are_nowhere(panel, client, office):
    entry = judged(panel, 92, 88)
    ScoreSheet.objects.filter(total=88).update(state=SheetState.VOID)
    gone = Assignment.objects.get(seat__number=1)
    Recusal.objects.create(
        nomination=entry, reviewer=gone.seat.reviewer, kind="declared_kin", source="declared"
    )
    close(panel)

    html = client.get(address(panel, view="marks")).content.decode()

    row = row_of(html, entry.code)
    assert (row["份数"], row["平均"], row["最低—最高"]) == ("0", "—", "—")
    assert "没有有效评分" in client.get(detail(panel, entry)).content.decode()


def test_a_reserve_on_the_seat_of_one_who_left_has_a_letter_of_its_own(panel, client, office):
    judged(panel, 92, 88)
    panel.seats.filter(number=2).update(left_at=timezone.now())
    reserve = SeatFactory(panel=panel, number=2)

    letters = {seat.seat: seat.letter for seat in seats_progress(panel)}

    assert letters[reserve.pk] == "B2"
    assert sorted(letters.values()) == ["A", "B", "B2"]


def test_the_workbook_has_every_criterion_and_every_reviewer(panel, client, office):
    entry = judged(panel, 92, 88.5)
    close(panel)

    answer = client.get(address(panel, view="marks", format="xlsx"))

    book = load_workbook(BytesIO(answer.content))
    lines = [[cell.value for cell in row] for row in book["评分表"]]
    head = next(row for row in lines if row[0] == "编号")
    assert [text for text in head if text and "（" in text] == [
        "党建统领、服务中心（15）", "举措创新性（创造性）（20）", "服务实效（30）", "服务对象满意度（20）",
        "典型性与可推广性（15）",
    ]  # fmt: skip
    sheets = [row for row in lines if row[0] == entry.code]
    assert [(row[3], float(row[9])) for row in sheets] == [("A", 92.0), ("B", 88.5)]
    totals = [[cell.value for cell in row] for row in book["总分"] if row[0].value == entry.code]
    assert [float(value) for value in totals[0][2:5]] == [92.0, 88.5, 90.25]
    assert AuditEntry.objects.filter(event="exported").count() == 1


# ---- what it costs ----


def fill(panel, seats, number):
    unit = UnitFactory()
    start = Nomination.objects.count()
    entries = Nomination.objects.bulk_create(
        Nomination(
            campaign=panel.campaign, category=panel.category, unit=unit, state=State.QUALIFIED,
            title="项目", code=f"{panel.campaign.code}-{panel.category.letter}-{start + place:05d}",
        )
        for place in range(number)
    )  # fmt: skip
    Assignment.objects.bulk_create(
        Assignment(panel=panel, seat=seat, nomination=entry, order=place)
        for seat in seats
        for place, entry in enumerate(entries, start=seat.assignments.count() + 1)
    )
    return entries


def test_the_page_costs_the_same_with_60_and_500_entries(db, client, cost):
    client.force_login(OfficeFactory())
    spent = []
    for number in (60, 500):
        panel = PanelFactory(category=CategoryFactory(campaign=CampaignFactory()))
        seats = [SeatFactory(panel=panel, number=place) for place in range(1, 8)]
        entry = fill(panel, seats, number)[0]
        for seat in seats[:3]:
            Recusal.objects.create(
                nomination=entry, reviewer=seat.reviewer, kind="own_unit", source="computed"
            )
        client.get(address(panel))
        with cost() as one:
            assert client.get(address(panel)).status_code == 200
        spent.append((one.queries, one.rows))
        size = len(client.get(address(panel)).content)
        assert size < 100_000, size

    assert spent[0] == spent[1]
    assert spent[0][0] <= 10


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("view", ["", "marks"])
def test_the_page_costs_the_same_with_few_entries(panel, client, office, cost, number, view):
    for _ in range(number):
        judged(panel, 92, 88)
    close(panel)
    client.get(address(panel))

    with cost() as spent:
        client.get(address(panel, view=view))

    assert spent.queries == 10, spent.statements


def test_search_and_the_filter_for_missing_sheets_page_alike(panel, client, office):
    short, enough = judged(panel, 90), judged(panel, 90, 91, 92, 93, 94)
    found = panels_of(panel.campaign)[0]

    assert [one.code for one in entries_page(found, search=short.code)[0]] == [short.code]
    assert [one.code for one in entries_page(found, only_short=True)[0]] == [short.code]
    html = client.get(address(panel, short="1")).content.decode()
    assert enough.code not in html
