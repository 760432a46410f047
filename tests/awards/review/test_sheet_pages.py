import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from awards.campaign.models import Phase
from awards.nomination.models import Nomination, Submission
from awards.panel.models import Assignment, Recusal
from awards.review.actions import hand_in_sheet, save_marks
from awards.review.models import Score, ScoreSheet, SheetState
from awards.states import State
from tests.factories.awards import (
    FULL_TEXT,
    AssignmentFactory,
    AttachmentFactory,
    CampaignFactory,
    CategoryFactory,
    NominationFactory,
    PanelFactory,
    ReviewerFactory,
    ScoreSheetFactory,
    SeatFactory,
    SubmissionFactory,
)
from tests.factories.units import (
    AuditorFactory,
    ClerkFactory,
    MemberFactory,
    OfficeFactory,
    PostFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
    UnitFactory,
)
from tests.filling import both_texts, keeping, sent_back, sent_of
from units.audit.models import AuditEntry
from units.models import UnitAlias

MARKS = {"leadership": "12", "novelty": "17.5", "effect": "26", "satisfaction": "17", "spread": "12.5"}


@pytest.fixture
def desk(db):
    return AssignmentFactory()


@pytest.fixture
def reviewer(desk, client):
    client.force_login(desk.seat.reviewer.user)
    return desk.seat.reviewer.user


def url(desk, name="review-sheet"):
    panel = desk.panel
    return reverse(f"awards:{name}", args=[panel.campaign.code, panel.stage, desk.nomination.code])


def typed(marks=MARKS, version=0, comment="", **more):
    return {f"mark_{code}": mark for code, mark in marks.items()} | {
        "version": version, "comment": comment, **more,
    }  # fmt: skip


def with_content(desk, **content):
    """The entry's next submission, with these parts."""
    base = {name: FULL_TEXT[name] for name in FULL_TEXT}
    return SubmissionFactory(nomination=desk.nomination, content=base | content)


def another(desk, **kwargs):
    """A second entry on the same desk."""
    return AssignmentFactory(seat=desk.seat, **kwargs)


def fill_queue(seat, number, unit=None):
    """`number` more entries on a seat, by bulk inserts."""
    panel, start = seat.panel, seat.assignments.count()
    first, unit = Nomination.objects.count(), unit or UnitFactory()
    entries = Nomination.objects.bulk_create(
        Nomination(
            campaign=panel.campaign, category=panel.category, unit=unit, state=State.QUALIFIED,
            title="项目", code=f"{panel.campaign.code}-{panel.category.letter}-9{first + place:04d}",
        )
        for place in range(number)
    )  # fmt: skip
    Submission.objects.bulk_create(
        Submission(nomination=one, number=1, content={"title": "项目"}, sha256="0" * 64) for one in entries
    )
    return Assignment.objects.bulk_create(
        Assignment(panel=panel, seat=seat, nomination=one, order=start + place)
        for place, one in enumerate(entries, start=1)
    )


# ---- who may come here ----


def test_strangers_are_asked_to_sign_in(desk, client):
    for page in (reverse("awards:review-queue"), url(desk), url(desk, "review-abstain")):
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    "person",
    [
        SecretaryFactory, ClerkFactory, OfficeFactory, MemberFactory, SupervisorFactory, AuditorFactory,
        SysadminFactory,
    ],
)  # fmt: skip
def test_other_roles_have_no_desk(desk, client, person):
    client.force_login(person())

    assert client.get(reverse("awards:review-queue")).status_code == 403
    assert client.get(url(desk)).status_code == 404
    assert client.post(url(desk), typed()).status_code == 404
    assert client.post(url(desk, "review-save"), typed()).status_code == 404
    assert not ScoreSheet.objects.exists()


def closed_by_recusal(desk):
    Recusal.objects.create(
        nomination=desk.nomination, reviewer=desk.seat.reviewer, kind="own_unit", source="computed"
    )


@pytest.mark.parametrize(
    "closing",
    [
        closed_by_recusal,
        lambda desk: Assignment.objects.filter(pk=desk.pk).update(revoked_at=timezone.now()),
        lambda desk: type(desk.panel).objects.update(opened_at=None),
        lambda desk: desk.seat.reviewer.user.posts.update(to_on=timezone.localdate() - timedelta(days=1)),
        lambda desk: PostFactory(user=desk.seat.reviewer.user, unit=desk.nomination.unit, role="clerk"),
    ],
)
def test_an_entry_that_is_closed_to_a_reviewer_does_not_exist(desk, reviewer, client, closing):
    sheet = ScoreSheetFactory(assignment=desk, share=0.9)
    file = AttachmentFactory(nomination=desk.nomination, blind_claimed=True, blind_ok=True)
    closing(desk)

    for name in ("review-sheet", "review-abstain", "review-recuse"):
        assert client.get(url(desk, name)).status_code == 404
    for name in ("review-sheet", "review-save", "review-abstain", "review-recuse", "review-renew"):
        assert client.post(url(desk, name), typed(version=1, reason="a")).status_code == 404
    assert client.get(reverse("awards:review-attachment", args=[file.slug])).status_code == 404
    sheet.refresh_from_db()
    assert (sheet.version, sheet.state) == (1, SheetState.DRAFT)


def test_a_recused_entry_leaves_no_trace_in_queue_counts_and_neighbours(desk, reviewer, client):
    second, third = another(desk), another(desk)
    ScoreSheetFactory(assignment=second, share=0.9, handed_in=True)
    closed_by_recusal(second)

    queue = client.get(reverse("awards:review-queue")).content.decode()
    sheet = client.get(url(desk)).content.decode()

    assert second.nomination.code not in queue + sheet
    assert "已交0件，共2件" in queue
    assert "第1件，共2件" in sheet
    assert f'data-key="j" href="{url(third)}"' in sheet
    ticks = re.findall(r'class="tick"', sheet)
    assert len(ticks) == 5  # own earlier marks stay on the scale: one per criterion


def test_nobody_sees_another_reviewers_mark(desk, reviewer, client):
    other = AssignmentFactory(seat=SeatFactory(panel=desk.panel), nomination=desk.nomination)
    marks = dict.fromkeys(MARKS, "9.5")
    ScoreSheetFactory(assignment=other, marks=marks, handed_in=True, comment="他人评语")
    pages = [reverse("awards:review-queue"), reverse("awards:review-grid"), url(desk), url(desk) + "?q=9.5"]

    for page in pages:
        html = client.get(page).content.decode()
        assert "9.5" not in html
        assert "他人评语" not in html
        assert "47.5" not in html
        assert 'class="tick"' not in html
    assert client.get(url(other) + "x").status_code == 404


# ---- the written stage is blind ----


def test_the_written_stage_hides_every_name(desk, reviewer, client):
    unit = desk.nomination.unit
    UnitAlias.objects.create(unit=unit, name="便民服务总站")
    partner = UnitFactory(name="测试区合作局机关党委", short_name="区合作局")
    with_content(
        desk,
        title=f"{unit.short_name}帮办",
        practice=f"由{unit.name}牵头，便民服务总站落实，负责人甲联系，\n电话0546-8000001。",
        effect="测试区合作局 参与。",
        unit={"slug": unit.slug, "name": unit.name},
        partners=[{"slug": partner.slug, "name": partner.name, "share": 50}],
        document_number="区文〔2026〕3号",
        claims=[{
            "metric": "attendance", "indicator": f"{unit.short_name}服务人次", "value": "110",
            "before": "区合作局未建台账", "measure": "负责人甲次", "source": "便民服务总站台账",
        }],
        recorded={"attendance": "100"},
        activities=[{
            "slug": "s", "kind": "people", "happened_on": "2026-03-01", "subject": f"{unit.short_name}走访",
            "unit": unit.name, "place": "阳光社区", "target": "居民", "attendance": 20,
        }],
    )  # fmt: skip
    AttachmentFactory(
        nomination=desk.nomination, name=f"{unit.short_name}台账.pdf", blind_claimed=True, blind_ok=True
    )
    AttachmentFactory(nomination=desk.nomination, name="扫描原件.pdf")

    html = client.get(url(desk)).content.decode()
    queue = client.get(reverse("awards:review-queue")).content.decode()

    for secret in (
        unit.name, unit.short_name, unit.slug, "便民服务总站", "合作局", "负责人甲", "联系人乙", "8000001",
        "13800000001", "阳光社区", "区文", "扫描原件",
    ):  # fmt: skip
        assert secret not in html
        assert secret not in queue
    assert html.count('<span class="blind">某单位</span>') >= 5
    assert '<span class="blind">某人</span>' in html
    assert "多于记录10.0%" in html
    assert "附件1 佐证材料（pdf）" in html
    assert "某单位帮办" in queue


def test_the_blind_page_asks_for_no_name_of_the_entry(desk, reviewer, client, cost):
    with cost() as spent:
        client.get(url(desk))

    asked = " ".join(spent.statements)
    for column in ("leader_name", "contact_phone", "leader_phone", "contact_name"):
        assert f'"awards_nomination"."{column}"' not in asked


def test_attachments_of_the_written_stage_are_the_cleared_ones_under_a_plain_name(desk, reviewer, client):
    clear = AttachmentFactory(
        nomination=desk.nomination, name="区第一局台账.pdf", blind_claimed=True, blind_ok=True
    )
    other = AttachmentFactory(nomination=desk.nomination, blind_claimed=True)

    answer = client.get(reverse("awards:review-attachment", args=[clear.slug]))

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert "%E5%8C%BA%E7%AC%AC%E4%B8%80%E5%B1%80" not in answer["Content-Disposition"]
    assert AuditEntry.objects.filter(event="attachment_read").count() == 1
    assert client.get(reverse("awards:review-attachment", args=[other.slug])).status_code == 404


@pytest.fixture
def live_desk(db):
    campaign = CampaignFactory(two_stages=True, now_in=Phase.LIVE)
    panel = PanelFactory(category=CategoryFactory(campaign=campaign), stage="live")
    entry = NominationFactory(campaign=campaign, category=panel.category, full=True, state=State.SHORTLISTED)
    return AssignmentFactory(seat=SeatFactory(panel=panel), nomination=entry)


def test_the_live_stage_shows_the_unit_and_is_marked_the_same_way(live_desk, client):
    client.force_login(live_desk.seat.reviewer.user)

    html = client.get(url(live_desk)).content.decode()
    answer = client.post(url(live_desk), typed())

    assert live_desk.nomination.unit.name in html
    assert "出场第1位" in html
    assert html.count('inputmode="decimal"') == 5
    assert answer.status_code == 302
    assert ScoreSheet.objects.get().total == Decimal("85")


# ---- saving and handing in ----


def test_the_page_saves_itself(desk, reviewer, client):
    first = client.post(url(desk, "review-save"), typed({"effect": "２６。５"}, comment="好"))
    second = client.post(url(desk, "review-save"), typed(version=first.json()["version"]))

    assert re.fullmatch(r"\d\d:\d\d:\d\d", first.json()["saved_at"])
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["version"] == 2
    page = client.get(url(desk)).content.decode()
    assert "已评5/5" in page
    assert "总分85" in page


def test_two_tabs_on_one_sheet_show_each_other(desk, reviewer, client):
    client.post(url(desk, "review-save"), typed({"effect": "20"}, comment="甲"))

    answer = client.post(url(desk, "review-save"), typed({"effect": "25"}, comment="乙"))

    assert answer.status_code == 409
    body = answer.json()
    assert (body["asked"], body["is_own"], body["saved_at"]) == (2, True, "")
    assert "您在另一窗口保存的版本" in body["clash"]
    assert ScoreSheet.objects.get().comment == "甲"


def test_two_tabs_in_different_boxes_keep_both(desk, reviewer, client):
    opened = sent_back(client.get(url(desk)).context["fill"])
    client.post(url(desk, "review-save"), opened | {"mark_effect": "20"})

    second = client.post(url(desk, "review-save"), opened | {"mark_leadership": "10", "comment": "乙"})

    assert second.status_code == 200
    assert second.json()["taken"] == {"mark_effect": ["20"]}
    page = client.get(url(desk)).context
    assert sent_of(page["form"]) == {"mark_effect": "20", "mark_leadership": "10", "comment": "乙"}


def test_good_marks_are_saved_though_one_is_none(desk, reviewer, client):
    opened = sent_back(client.get(url(desk)).context["fill"])

    answer = client.post(url(desk, "review-save"), opened | {"mark_effect": "20", "mark_leadership": "15.5"})

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["mark_leadership"]
    assert [str(mark) for mark in Score.objects.values_list("mark", flat=True)] == ["20.0"]
    page = client.post(url(desk), opened | {"mark_effect": "20", "mark_leadership": "15.5"})
    assert 'value="15.5"' in page.content.decode()
    assert ScoreSheet.objects.get().state == SheetState.DRAFT


def test_a_hand_in_waits_until_the_marks_of_another_window_were_seen(desk, reviewer, client):
    opened = sent_back(client.get(url(desk)).context["fill"])
    client.post(url(desk, "review-save"), opened | {"mark_effect": "20"})

    rest = {f"mark_{code}": mark for code, mark in MARKS.items() if code != "effect"}
    answer = client.post(url(desk), opened | rest)

    assert "已并入您在另一窗口保存的版本中的修改：服务实效。" in answer.content.decode()
    assert ScoreSheet.objects.get().state == SheetState.DRAFT
    assert client.post(url(desk), sent_back(answer.context["fill"])).status_code == 302
    assert ScoreSheet.objects.get().state == SheetState.HANDED_IN


def test_a_stale_hand_in_shows_both_sides_and_overwrites_nothing(desk, reviewer, client):
    client.post(url(desk, "review-save"), typed(comment="甲"))

    answer = client.post(url(desk), typed(MARKS | {"effect": "25"}, comment="乙", act="hand_in"))

    assert answer.status_code == 200
    fill = answer.context["fill"]
    assert "您在另一窗口保存的版本" in answer.content.decode()
    assert sorted(both_texts(fill)) == [("服务实效", MARKS["effect"], "25"), ("评语", "甲", "乙")]
    sheet = ScoreSheet.objects.get()
    assert (sheet.state, sheet.comment) == (SheetState.DRAFT, "甲")
    again = client.post(url(desk), sent_back(fill) | keeping("mine", fill))
    assert again.status_code == 302
    assert ScoreSheet.objects.get().total == Decimal("84")


def test_a_hand_in_whose_last_save_lost_its_answer_goes_through(desk, reviewer, client):
    client.post(url(desk, "review-save"), typed(comment="甲"))

    assert client.post(url(desk), typed(comment="甲")).status_code == 302
    assert ScoreSheet.objects.get().state == SheetState.HANDED_IN


def test_what_is_wrong_is_said_beside_the_field(desk, reviewer, client):
    saved = client.post(url(desk, "review-save"), typed({"leadership": "15.5", "effect": "abc"}))
    shown = client.post(url(desk), typed({"leadership": "15.5"})).content.decode()

    assert saved.status_code == 422
    assert set(saved.json()["errors"]) == {"mark_leadership", "mark_effect"}
    assert 'value="15.5"' in shown
    assert "分数须在 0 到 15 之间。" in shown
    assert not ScoreSheet.objects.exists()


def test_handing_in_with_gaps_lists_them_and_keeps_the_draft(desk, reviewer, client):
    marks = {code: mark for code, mark in MARKS.items() if code != "effect"}

    html = client.post(url(desk), typed(marks)).content.decode()

    assert "还有1项未评：服务实效" in html
    sheet = ScoreSheet.objects.get()
    assert (sheet.state, sheet.scores.count()) == (SheetState.DRAFT, 4)
    assert 'name="version" value="1"' in html
    assert "总分" not in re.search(r"<span data-total>(.*?)</span>", html)[1].replace("评完显示总分", "")


def test_after_a_hand_in_the_next_open_entry_follows_and_skipped_ones_come_last(desk, reviewer, client):
    second, third, fourth = another(desk), another(desk), another(desk)
    gone_on = client.post(url(second), typed({}, act="skip"), follow=True)
    assert f"{second.nomination.code} 已跳过" in gone_on.text

    assert client.post(url(desk), typed()).url == url(third)
    assert client.post(url(fourth), typed()).url == url(third)
    assert client.post(url(third), typed()).url == url(second)
    last = client.post(url(second), typed(), follow=True)
    assert last.redirect_chain[-1][0] == reverse("awards:review-queue")
    assert "已交4件，共4件" in last.content.decode()


def test_a_skip_keeps_what_was_typed(desk, reviewer, client):
    client.post(url(desk), typed({"effect": "20"}, act="skip"))

    desk.refresh_from_db()
    assert desk.skipped_at
    assert ScoreSheet.objects.get().scores.get().mark == 20


def test_abstaining_asks_for_the_reason_first(desk, reviewer, client):
    away = client.post(url(desk), typed({"effect": "20"}, act="abstain"))
    assert away.url == url(desk, "review-abstain")
    assert "确认弃评" in client.get(away.url).content.decode()
    assert client.post(away.url, {"reason": ""}).status_code == 200

    client.post(away.url, {"reason": "不熟悉该领域"})

    desk.refresh_from_db()
    assert desk.abstain_reason == "不熟悉该领域"
    assert "您已弃评本件" in client.get(url(desk)).content.decode()


def test_a_declared_conflict_closes_the_entry_at_once(desk, reviewer, client):
    client.post(url(desk), typed(act="recuse"))
    page = url(desk, "review-recuse")
    assert client.post(page, {"kind": "own_unit", "reason": "x"}).status_code == 200
    assert not Recusal.objects.exists()

    client.post(page, {"kind": "declared_author", "reason": "参与过材料起草"})

    assert client.get(page).status_code == 404
    assert client.get(url(desk)).status_code == 404
    assert "现在没有分给您的评审" in client.get(reverse("awards:review-queue")).content.decode()


def test_a_sheet_handed_in_is_read_only(desk, reviewer, client):
    hand_in_sheet(
        desk, marks={c: Decimal(m) for c, m in MARKS.items()}, comment="", version=0, actor=reviewer
    )

    html = client.get(url(desk)).content.decode()
    answer = client.post(url(desk), typed(MARKS | {"effect": "20"}, version=1))

    assert "评分表已提交，不能再改。" in html
    assert "data-autosave-url" not in html
    assert html.count("readonly") == 6
    assert "评分表已提交" in answer.content.decode()


def test_a_change_of_the_entry_is_shown_and_answered(desk, reviewer, client):
    save_marks(desk, marks={"effect": Decimal(20)}, comment="", version=0, actor=reviewer)
    with_content(desk, effect="办理时间由三天压减到一天。")

    html = client.get(url(desk)).content.decode()
    assert "本件在您开始评分后更新过" in html
    assert "<ins>一</ins>" in html
    assert "<del>半</del>" in html
    client.post(url(desk, "review-renew"), {"version": 1, "act": "confirm"})

    assert "更新过" not in client.get(url(desk)).content.decode()
    assert ScoreSheet.objects.get().version == 2


def test_anchors_show_the_marks_each_band_spans(desk, reviewer, client):
    html = client.get(url(desk)).content.decode()

    for span in ("13.5—15", "12—13", "9—11.5", "0—8.5", "27—30", "24—26.5", "18—23.5", "0—17.5"):
        assert f"<span>{span}</span>" in html


# ---- what it costs ----


def test_the_sheet_and_its_save_keep_their_budgets(desk, reviewer, client, cost):
    fill_queue(desk.seat, 3)
    client.get(url(desk))
    with cost() as form:
        assert client.get(url(desk)).status_code == 200
    with cost() as first:
        assert client.post(url(desk, "review-save"), typed()).status_code == 200
    with cost() as save:
        assert client.post(url(desk, "review-save"), typed(version=1)).status_code == 200

    assert form.queries <= 10, form.statements
    assert first.queries <= 14, first.statements
    assert save.queries <= 14, save.statements


def test_queue_and_sheet_cost_the_same_with_60_and_500_entries(db, client, cost):
    panel, unit, spent = PanelFactory(), UnitFactory(), {}
    for number in (60, 500):
        reviewer = ReviewerFactory(campaign=panel.campaign, employer=None)
        seat = SeatFactory(panel=panel, reviewer=reviewer)
        desk = fill_queue(seat, number, unit=unit)[0]
        client.force_login(reviewer.user)
        client.get(url(desk))
        for name, page in (("queue", reverse("awards:review-queue")), ("sheet", url(desk))):
            with cost() as one:
                assert client.get(page).status_code == 200
            spent.setdefault(name, []).append((one.queries, one.rows))

    assert spent["queue"][0] == spent["queue"][1]
    assert spent["sheet"][0] == spent["sheet"][1]
    assert spent["queue"][0][0] <= 10


def test_a_panel_of_another_year_is_told_apart_by_its_year(desk, reviewer, client):
    earlier = CampaignFactory(year=desk.panel.campaign.year - 1, organiser=desk.panel.campaign.organiser)
    panel = PanelFactory(campaign=earlier, category=earlier.categories.get(letter=desk.panel.category.letter))
    fill_queue(SeatFactory(panel=panel, reviewer=ReviewerFactory(campaign=earlier, user=reviewer)), 1)

    labels = [tab["label"] for tab in client.get(reverse("awards:review-queue")).context["tabs"]]

    assert labels[1] == f"{earlier.year}年{labels[0]}"


@pytest.mark.parametrize("number", [1, 3])
def test_the_queue_costs_the_same_with_few_entries(desk, reviewer, client, cost, number):
    fill_queue(desk.seat, number - 1, unit=desk.nomination.unit)
    client.get(reverse("awards:review-queue"))

    with cost() as spent:
        client.get(reverse("awards:review-queue"))

    assert spent.queries == 9, spent.statements


def test_the_live_stage_counts_by_the_common_order_of_appearance(client, db):
    panel = PanelFactory(stage="live")
    seat = SeatFactory(panel=panel)
    entries = [
        NominationFactory(
            campaign=panel.campaign, category=panel.category, qualified=True, state=State.SHORTLISTED
        )
        for _ in range(2)
    ]
    desks = [
        AssignmentFactory(panel=panel, seat=seat, nomination=entry, order=order)
        for entry, order in zip(entries, (2, 5), strict=True)
    ]
    for entry in entries:
        SubmissionFactory(nomination=entry)
    client.force_login(seat.reviewer.user)

    queue = client.get(reverse("awards:review-queue")).content.decode()
    sheet = client.get(url(desks[1])).content.decode()

    assert re.findall(r'data-label="出场">(\d+)<', queue) == ["2", "5"]
    assert "出场顺序由抽签确定，各位评委相同" in queue
    assert "出场第5位，您评2件" in sheet
    assert re.findall(r"</span>(\d+)<span", sheet) == ["2", "5"]


@pytest.mark.parametrize(
    ("marks", "lead", "line"),
    [
        ({"leadership": "99"}, "没有提交，有1处需要改正。", "未保存"),
        ({"leadership": "12"}, "没有提交。", "已保存"),
    ],
)
def test_a_refused_hand_in_says_truly_what_was_saved(desk, reviewer, client, marks, lead, line):
    html = client.post(url(desk), typed(marks, act="hand_in")).content.decode()

    assert lead in html
    shown = re.search(r"data-save-line.*?</span></span>", html, re.S)[0]
    assert line in shown
    assert ScoreSheet.objects.filter(scores__mark="12").exists() == (line == "已保存")


def test_marks_given_before_a_reset_stay_closed_until_the_panel_is_closed(desk, reviewer, client):
    other = AssignmentFactory(seat=desk.seat)
    ScoreSheetFactory(assignment=desk, share=0.8, handed_in=True)
    reviewer.reset_at = timezone.now()
    reviewer.save()

    assert client.get(url(desk)).status_code == 404
    assert desk.nomination.code not in client.get("/review/").content.decode()
    assert client.get(url(other)).status_code in (200, 302)

    ScoreSheetFactory(assignment=other, share=0.8, handed_in=True)
    assert client.get(url(other)).status_code in (200, 302)
    desk.panel.closed_at = timezone.now()
    desk.panel.save()
    assert client.get(url(desk)).status_code in (200, 302)
