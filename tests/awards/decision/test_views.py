"""The meeting's pages and papers: who, when, what, and what a typed mistake costs (nothing)."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from awards.decision.actions import call_meeting, decide, prepare_list
from awards.decision.models import Departure, ListedEntry, Meeting
from awards.nomination.models import Nomination
from awards.ranking.actions import freeze_ranking
from awards.ranking.models import RankedEntry
from tests.awards.decision.meetings import meeting_on, members, ready
from tests.awards.ranking.rounds import judged, many
from tests.confirming import by_two
from tests.factories import (
    AuditorFactory,
    CampaignFactory,
    ClerkFactory,
    CommitteeFactory,
    MemberFactory,
    OfficeFactory,
    PostFactory,
    ReviewerUserFactory,
    SecretaryFactory,
    SupervisorFactory,
)
from tests.reading import words_of
from units.roles import Role

pytestmark = pytest.mark.django_db

PAGES = ("decision", "decision-meeting", "decision-list", "decision-decide")
FILES = ("decision-minutes", "decision-ballot", "decision-xlsx")


def url(name, campaign, query=""):
    return reverse(f"awards:{name}", args=[campaign.code]) + query


def as_(client, user):
    client.force_login(user)
    return client


# ---- who


@pytest.mark.parametrize("name", [*PAGES, *FILES])
def test_outsiders_are_kept_out(client, name):
    campaign, files, _ = ready(3)
    assert client.get(url(name, campaign)).status_code == 302
    for person in (
        SecretaryFactory(unit=files[0].unit), ClerkFactory(unit=files[0].unit), ReviewerUserFactory(), AuditorFactory(),
    ):  # fmt: skip
        assert as_(client, person).get(url(name, campaign)).status_code == 403
    other = CommitteeFactory(slug="other")
    for role in (OfficeFactory, MemberFactory, SupervisorFactory):
        assert as_(client, role(unit=other)).get(url(name, campaign)).status_code == 404


@pytest.mark.parametrize("name", PAGES[1:])
def test_only_the_office_types_and_decides(client, name):
    campaign, files, _ = ready(3)
    for role in (MemberFactory, SupervisorFactory):
        as_(client, role())
        assert client.get(url(name, campaign)).status_code == 403
        assert client.post(url(name, campaign)).status_code in (403, 405)
    assert set(Nomination.objects.values_list("state", flat=True)) == {"qualified"}
    assert files


def test_before_the_final_ranking_there_is_no_agenda(client):
    campaign, files = judged(3)
    for role in (OfficeFactory, SupervisorFactory, MemberFactory):
        page = as_(client, role()).get(url("decision", campaign)).content.decode()
        assert "议程尚未形成" in page
        assert files[0].code not in page
    assert client.get(url("decision-minutes", campaign)).status_code == 404


def test_members_read_the_agenda_and_not_the_prepared_list(client):
    campaign, files, meeting = ready(7)
    prepare_list(
        meeting, chosen=[f.code for f in files[:4]], reasons={files[4].code: "材料存疑"}, version=meeting.version,
        actor=None,
    )  # fmt: skip
    page = as_(client, MemberFactory()).get(url("decision", campaign)).content.decode()
    assert files[0].summary in page
    assert "第1名，高出第2名1.00分" in page
    assert "材料存疑" not in page
    assert "列入</span>" not in page
    for name in FILES:
        assert client.get(url(name, campaign)).status_code == 404
    assert "材料存疑" in as_(client, OfficeFactory()).get(url("decision", campaign)).content.decode()


def test_nobody_is_said_to_have_stayed_away_before_the_meeting_is_recorded(client):
    campaign, _ = judged(3)
    freeze_ranking(campaign, stage="final", actor=None)
    members(campaign)
    meeting = call_meeting(campaign, held_at=timezone.now(), place="会议室", chair="工委书记", actor=None)
    told = words_of(as_(client, OfficeFactory()).get(url("decision", campaign)).content.decode())
    assert "实到 未登记" in told
    assert "未到会" not in told

    Meeting.objects.update(present=meeting.entitled - 1)
    told = words_of(client.get(url("decision", campaign)).content.decode())
    assert f"实到 {meeting.entitled - 1} 人" in told
    assert "未到会" in told


def test_a_member_from_an_entry_s_own_unit_is_told_to_leave(client):
    campaign, files, _ = ready(3)
    member = MemberFactory()
    PostFactory(user=member, unit=files[1].unit, role=Role.SECRETARY)
    page = as_(client, member).get(url("decision", campaign)).content.decode()
    assert page.count("时请离席") == 1
    assert page.index(files[1].code) < page.index("时请离席") < page.index(files[2].code)
    assert "时请离席" not in as_(client, MemberFactory()).get(url("decision", campaign)).content.decode()
    # A post given up long ago ties nobody.
    old = MemberFactory()
    PostFactory(user=old, unit=files[1].unit, from_on="2010-01-01", to_on="2015-01-01")
    assert "时请离席" not in as_(client, old).get(url("decision", campaign)).content.decode()


def test_the_decision_leaks_nothing_to_the_unit(client):
    campaign, files, meeting = ready(3)
    decide(meeting, actor=None)
    secretary = SecretaryFactory(unit=files[0].unit)
    for name in ("ranking", *PAGES, *FILES):
        assert as_(client, secretary).get(url(name, campaign)).status_code == 403


# ---- acts


def form_of(meeting, came, **counts):
    people = list(meeting.attendance.order_by("member__username"))
    data = {"held_at": "2026-12-10T09:00", "place": "二楼会议室", "chair": "工委书记", "threshold": "entitled",
            "notes": "逐项审议。", "version": meeting.version}  # fmt: skip
    data |= {f"present_{row.member_id}": "on" for row in people[:came]}
    data |= {f"note_{row.member_id}": "公差" for row in people[came:]}
    return data | counts


def test_the_office_calls_records_lists_and_decides(client):
    campaign, files = judged(7)
    freeze_ranking(campaign, stage="final", actor=None)
    members(campaign)
    as_(client, OfficeFactory())
    call = {
        "held_at": "2026-12-10T09:00",
        "place": "一楼会议室",
        "chair": "工委书记",
        "threshold": "entitled",
    }
    assert client.post(url("decision-meeting", campaign), call).status_code == 302
    meeting = Meeting.objects.get()
    assert "未登记" in client.get(url("decision", campaign)).content.decode()
    assert "尚未登记票数" in client.get(url("decision-decide", campaign)).content.decode()

    saved = client.post(url("decision-meeting", campaign), form_of(meeting, 6, F_in_favour=5, F_against=1))
    assert saved.status_code == 302
    meeting.refresh_from_db()
    assert (meeting.place, meeting.present, meeting.notes) == ("二楼会议室", 6, "逐项审议。")
    assert meeting.attendance.filter(note="公差").count() == 1

    listing = client.get(url("decision-list", campaign)).content.decode()
    assert listing.count(" checked") == 5
    data = {"version": meeting.version, "digest": meeting.ranking.digest}
    data |= {f"take_{file.code}": "on" for file in [*files[:4], files[5]]}
    data |= {f"reason_{files[4].code}": "", f"reason_{files[5].code}": "依次递补"}
    client.post(url("decision-list", campaign), data)
    asked = client.get(url("decision-decide", campaign)).content.decode()
    assert "还不能审定" in asked
    assert f"{files[4].code}（排名内未列）须写明理由" in asked
    assert "须写明理由" in by_two(client, url("decision-decide", campaign))
    assert set(Nomination.objects.values_list("state", flat=True)) == {"qualified"}

    meeting.refresh_from_db()
    data |= {"version": meeting.version, f"reason_{files[4].code}": "牵头单位申请撤项"}
    client.post(url("decision-list", campaign), data)
    asked = client.get(url("decision-decide", campaign)).content.decode()
    assert "以下5项为拟入选" in asked
    done = by_two(client, url("decision-decide", campaign))

    assert "名单已审定：拟入选5项，未入选2项" in done
    assert "牵头单位申请撤项" in done
    states = dict(Nomination.objects.values_list("code", "state"))
    assert states[files[4].code] == "not_selected"
    assert states[files[5].code] == "proposed"
    assert "已经审定" in client.post(url("decision-list", campaign), data, follow=True).content.decode()


def test_a_stale_or_wrong_form_keeps_what_was_typed(client):
    campaign, _, meeting = ready(3)
    as_(client, OfficeFactory())
    stale = form_of(meeting, 5, F_in_favour=5) | {"version": meeting.version - 1, "place": "别的会议室"}
    page = client.post(url("decision-meeting", campaign), stale)
    assert page.status_code == 200
    assert "他人保存的版本与您填写的有" in page.content.decode()
    assert "别的会议室" in page.content.decode()
    wrong = form_of(meeting, 5, F_in_favour="-1")
    page = client.post(url("decision-meeting", campaign), wrong).content.decode()
    assert "invalid-feedback" in page
    assert "逐项审议。" in page
    meeting.refresh_from_db()
    assert meeting.place == "机关第一会议室"


def test_an_entry_far_below_the_line_can_be_added_by_its_code(client):
    campaign, files, meeting = ready(20)
    as_(client, OfficeFactory())
    there = url("decision-list", campaign)
    assert files[18].code not in client.get(there).content.decode()
    query = f"?add={files[18].code}"
    assert files[18].code in client.get(there + query).content.decode()
    data = {
        "version": meeting.version,
        "digest": meeting.ranking.digest,
        f"reason_{files[18].code}": "市里试点",
    }
    data |= {f"take_{file.code}": "on" for file in [*files[:4], files[18]]} | {
        f"reason_{files[4].code}": "让出"
    }
    client.post(there + query, data)
    assert ListedEntry.objects.get(nomination=files[18]).taken_in
    assert files[18].code in client.get(there).content.decode()  # from now on among the candidates
    assert "不在排名中" in client.get(there + "?add=nothing").content.decode()


# ---- papers


def text_of(answer):
    paper = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join(line.text for line in paper.paragraphs), cells


def test_the_minutes_tell_attendance_votes_list_and_departures(client):
    campaign, files, meeting = ready(7, tally={"in_favour": 5, "against": 0, "abstained": 1})
    chosen = [file.code for file in [*files[:4], files[5]]]
    reasons = {files[4].code: "牵头单位申请撤项", files[5].code: "依次递补"}
    prepare_list(meeting, chosen=chosen, reasons=reasons, version=meeting.version, actor=None)
    meeting.refresh_from_db()
    decide(meeting, actor=None)

    text, cells = text_of(as_(client, MemberFactory()).get(url("decision-minutes", campaign)))

    assert "会议纪要" in text
    assert "应到7人，实到6人，须到会5人以上，符合规定" in text
    assert "机关第一会议室" in text
    assert "工委书记主持" in text
    assert meeting.ranking.digest in text
    assert "主持人（签名）" in text
    row = cells.index("最佳服务举措")
    assert cells[row : row + 7] == ["最佳服务举措", "0", "5", "0", "1", "0", "通过"]
    assert cells.count("未到会") == 1
    assert files[5].code in cells
    assert "牵头单位申请撤项" in cells
    assert files[6].code not in cells


def test_the_minutes_name_each_member_beside_the_duty(client):
    """Several members may share a duty; one has none."""
    campaign, _, meeting = ready(7)
    people = [row.member for row in meeting.attendance.select_related("member")[:3]]
    for person, name, duty in zip(
        people, ("王甲", "李乙", "赵丙"), ("主任科员", "主任科员", ""), strict=True
    ):
        type(person).objects.filter(pk=person.pk).update(name=name, duty=duty)

    _, cells = text_of(
        as_(client, OfficeFactory(unit=campaign.organiser)).get(url("decision-minutes", campaign))
    )

    for name, duty in (("王甲", "主任科员"), ("李乙", "主任科员"), ("赵丙", "—")):
        start = cells.index(name)
        assert cells[start + 1 : start + 3] == [duty, "到会"]


def test_the_ballot_lists_the_seats_and_the_count(client):
    campaign, files, _ = ready(7)
    text, cells = text_of(as_(client, SupervisorFactory()).get(url("decision-ballot", campaign)))
    assert "票决单" in text
    assert "计票单" in text
    assert "监票人" in text
    assert [file.code in cells for file in files] == [True] * 5 + [False] * 2


def test_the_ballot_keeps_a_list_and_its_box_on_one_page(client):
    campaign, _, _ = ready(7)
    ballot = Document(
        io.BytesIO(as_(client, SupervisorFactory()).get(url("decision-ballot", campaign)).content)
    )
    body = list(ballot.element.body)
    listed, box = (table._tbl for table in ballot.tables[:2])
    between = [line for part in body[body.index(listed) : body.index(box)] for line in part.iter(qn("w:p"))]
    head = [line for cell in box.tr_lst[0].tc_lst for line in cell.iter(qn("w:p"))]
    assert all(line.find(f".//{qn('w:keepNext')}") is not None for line in between + head)


def test_the_list_leaves_as_a_workbook(client):
    campaign, files, meeting = ready(7)
    decide(meeting, actor=None)
    answer = as_(client, OfficeFactory()).get(url("decision-xlsx", campaign))
    rows = [
        [cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows()
    ]
    marked = {row[2]: row[6] for row in rows if row[2] and row[2].startswith(campaign.code)}
    assert [marked[file.code] for file in files] == ["列入"] * 5 + ["未列入"] * 2


def test_an_entry_of_a_member_s_unit_is_counted_by_itself_on_the_page_and_on_paper(client):
    campaign, files, meeting = ready(7)
    PostFactory(user=meeting.attendance.first().member, unit=files[1].unit, role=Role.SECRETARY)
    chosen = [file.code for file in files[:5]]
    meeting = prepare_list(meeting, chosen=chosen, reasons={}, version=meeting.version, actor=None)
    office = as_(client, OfficeFactory())
    assert f"{files[1].code}单独表决" in office.get(url("decision-meeting", campaign)).content.decode()
    assert "尚未登记票数" in office.get(url("decision-decide", campaign)).content.decode()
    text, cells = text_of(office.get(url("decision-ballot", campaign)))
    assert "单独表决的项目" in text
    assert f"{files[1].code} {files[1].title}" in cells

    counts = {"F_in_favour": 6, f"{files[1].code}_in_favour": 5}
    assert office.post(url("decision-meeting", campaign), form_of(meeting, 6, **counts)).status_code == 302

    assert "回避1" in office.get(url("decision", campaign)).content.decode()
    assert "名单已审定" in by_two(office, url("decision-decide", campaign))
    text, cells = text_of(office.get(url("decision-minutes", campaign)))
    row = cells.index(f"{files[1].code}单独表决")
    assert cells[row + 1 : row + 7] == ["1", "5", "0", "0", "0", "通过"]
    assert "离席" in text


# ---- cost


def test_the_agenda_costs_the_same_with_sixty_and_six_hundred_entries(client, cost):
    spent = {}
    office = OfficeFactory()
    for number in (60, 600):
        campaign = CampaignFactory()
        many(campaign, number)
        freeze_ranking(campaign, stage="final", actor=None)
        meeting_on(campaign, came=6) if number == 60 else call_with_former_members(campaign)
        prepare_list(campaign.meetings.get(), chosen=seated(campaign), reasons={}, version=None, actor=None)
        Departure.objects.all().delete()  # how many share the last seat hangs on the marks
        for name in ("decision", "decision-list"):
            as_(client, office).get(url(name, campaign))
            with cost() as paid:
                assert client.get(url(name, campaign)).status_code == 200
            spent[number, name] = (paid.queries, paid.rows)
    assert spent[60, "decision"][0] <= 10
    assert spent[60, "decision"] == spent[600, "decision"]
    assert spent[60, "decision-list"][0] <= 11
    assert spent[60, "decision-list"] == spent[600, "decision-list"]


def seated(campaign):
    return set(RankedEntry.objects.filter(ranking__campaign=campaign, seat=True).values_list(
        "nomination__code", flat=True))  # fmt: skip


def call_with_former_members(campaign):
    meeting = call_meeting(campaign, held_at=timezone.now(), actor=None)
    meeting.tallies.create(category=campaign.categories.get(letter="F"), in_favour=6)
    return meeting
