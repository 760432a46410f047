"""Every act of the selection that waits for its second person, on a real year: proposed, tried by everybody who is not
the second, refused, withdrawn, lapsed, exchanged on the way, confirmed, confirmed again; and its target changed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from awards import keys
from awards.campaign.models import Campaign, Extension, UnitQuota
from awards.decision.actions import prepare_list
from awards.nomination.models import Attachment, Nomination, PreparedDecision
from awards.notice.actions.cases import accept_objection, rule_on_objection
from awards.notice.actions.publishing import draft_notice
from awards.notice.models import Notice, NoticeEntry, Objection
from awards.panel.actions.assigning import assign_entries
from awards.panel.models import Panel, Recusal, Reviewer, Seat
from awards.ranking.actions import freeze_ranking
from awards.result.actions import announce_results
from awards.result.models import Result
from awards.screening.actions.decisions import prepare_decision
from awards.states import State
from tests.awards.decision.meetings import ready
from tests.awards.notice.rounds import decided, object_to, on_notice
from tests.awards.ranking.rounds import two_stage
from tests.awards.screening.support import answer_all
from tests.confirming import WHY, confirmed_by
from tests.factories import (
    AttachmentFactory,
    CampaignFactory,
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
    UnitFactory,
)
from tests.factories.units import AuditorFactory, CommitteeFactory, PostFactory, SecadminFactory
from units.audit.models import AuditEntry
from units.kit.keys import SecondKey, Tie
from units.pending.models import PendingAct, PendingState
from units.roles import Role

pytestmark = pytest.mark.django_db


@dataclass
class Case:
    """An act ready to be proposed. done: whether it has happened; meddle: changes what it is about; entry: one of the
    entries it is about."""

    campaign: Campaign
    page: str
    done: Callable[[], bool]
    meddle: Callable[[], object]
    typed: dict[str, str] = field(default_factory=dict)
    entry: Nomination | None = None


def url(name, campaign, *more):
    return reverse(f"awards:{name}", args=[campaign.code, *more])


def deadline_moved():
    campaign = CampaignFactory()
    row = campaign.timetable.get(phase="nomination")
    new = timezone.localtime(row.closes_at + timedelta(days=7))
    return Case(
        campaign, url("campaign-extend", campaign, "nomination"), Extension.objects.exists,
        lambda: campaign.timetable.filter(pk=row.pk).update(closes_at=row.closes_at + timedelta(hours=1)),
        {"new": f"{new:%Y-%m-%dT%H:%M}", "reason": "台风影响。"},
    )  # fmt: skip


def places_changed():
    campaign, unit = CampaignFactory(), UnitFactory()
    campaign.quotas.create(unit=unit, places=2, per_category=1)
    return Case(
        campaign, url("campaign-quota", campaign, unit.slug), UnitQuota.objects.filter(places=4).exists,
        lambda: campaign.quotas.update(places=3), {"places": "4", "per_category": "2", "reason": "承担试点。"},
    )  # fmt: skip


def verdicts_released():
    nomination = NominationFactory(full=True, submitted=True)
    campaign, office = nomination.campaign, OfficeFactory()
    answer_all(nomination, actor=office)
    prepare_decision(nomination, to=State.QUALIFIED, actor=office)
    return Case(
        campaign, url("screening-release", campaign), has(Nomination, state=State.QUALIFIED),
        lambda: PreparedDecision.objects.update(to_state=State.INELIGIBLE, reason="超出范围"), entry=nomination,
    )  # fmt: skip


def blind_changed():
    nomination = NominationFactory(full=True, qualified=True, reviewed_from=timezone.now())
    attachment = AttachmentFactory(nomination=nomination, blind_claimed=True, blind_ok=False)
    return Case(
        nomination.campaign, url("screening-blind", nomination.campaign, nomination.code, attachment.slug) + "?ok=1",
        has(Attachment, blind_ok=True), lambda: Attachment.objects.update(name="换过的.pdf"),
        {"ok": "1", "reason": "遮盖有误。"}, nomination,
    )  # fmt: skip


def panel():
    """Five seats and a reserve, three entries, the sheets given out and one of them in."""
    panel = PanelFactory()
    SeatFactory.create_batch(5, panel=panel)
    SeatFactory(panel=panel, is_reserve=True, number=1)
    NominationFactory.create_batch(3, campaign=panel.campaign, category=panel.category, qualified=True)
    assign_entries(panel, actor=OfficeFactory())
    ScoreSheetFactory(assignment=panel.assignments.live().first(), share=0.9, handed_in=True)
    return panel


def page_of(panel, name, *more):
    return url(name, panel.campaign, panel.category.letter, panel.stage, *more)


def pool_changed():
    here = panel()
    Panel.objects.update(drawn_at=timezone.now())
    reviewer = ReviewerFactory(campaign=here.campaign, expertise="财务")
    return Case(
        here.campaign, url("reviewer-edit", here.campaign, reviewer.user.username),
        has(Reviewer, expertise="法律"), lambda: Reviewer.objects.update(expertise="审计"),
        {"expertise": "法律", "is_active": "on", "employer": reviewer.employer.slug},
    )  # fmt: skip


def recusal_made():
    here = panel()
    line = here.assignments.live().last()
    return Case(
        here.campaign, url("recusal-new", here.campaign), has(Recusal, kind="declared_kin"),
        lambda: Nomination.objects.filter(pk=line.nomination_id).update(state=State.WITHDRAWN),
        {
            "code": line.nomination.code, "reviewer": line.seat.reviewer.user.username, "kind": "declared_kin",
            "reason": "配偶",
        },
        line.nomination,
    )  # fmt: skip


def reviewer_replaced():
    here = panel()
    seat = here.seats.judging().last()
    return Case(
        here.campaign, page_of(here, "panel-replace", seat.reviewer.user.username), has(Seat, left_at__isnull=False),
        lambda: Seat.objects.filter(is_reserve=True).delete(), {"reason": "因病"}, here.assignments.first().nomination,
    )  # fmt: skip


def panel_closed_early():
    here = panel()
    return Case(
        here.campaign, page_of(here, "panel-close"), has(Panel, closed_at__isnull=False),
        lambda: ScoreSheetFactory(assignment=here.assignments.live().last(), share=0.8, handed_in=True),
        {"reason": "集中评审结束"}, here.assignments.first().nomination,
    )  # fmt: skip


def shortlist_released():
    campaign, files = two_stage(6, advance=3)
    ranking = freeze_ranking(campaign, stage="written", actor=None)
    return Case(
        campaign, url("ranking-shortlist", campaign) + f"?record={ranking.key}", has(Nomination, state=State.SHORTLISTED),
        lambda: Nomination.objects.filter(pk=files[0].pk).update(title="改过的名称"), entry=files[0],
    )  # fmt: skip


def list_decided():
    campaign, files, meeting = ready()
    chosen = [file.code for file in files[:5]]
    meeting = prepare_list(meeting, chosen=chosen, reasons={}, version=meeting.version, actor=None)
    return Case(
        campaign, url("decision-decide", campaign), has(Nomination, state=State.PROPOSED),
        lambda: meeting.tallies.update(in_favour=5, abstained=1), entry=files[0],
    )  # fmt: skip


def notice_published():
    campaign, files, office = decided()
    notice = draft_notice(campaign, actor=office)
    return Case(
        campaign, url("notice-publish", campaign, notice.number), has(Notice, published_at__isnull=False),
        lambda: NoticeEntry.objects.update(title="改过的名称"), entry=files[0],
    )  # fmt: skip


def notice_extended():
    campaign, files, _, notice = on_notice()
    return Case(
        campaign, url("notice-extend", campaign, notice.number), has(Notice, extensions__isnull=False),
        lambda: Notice.objects.update(closes_at=notice.closes_at + timedelta(days=1)),
        {"days": "2", "reason": "临时放假顺延"}, files[0],
    )  # fmt: skip


def place_moved_up():
    campaign, files, office, notice = on_notice(8)
    case = accept_objection(object_to(notice, files[0]), actor=office)
    rule_on_objection(case, outcome="upheld", findings="属实", actor=office)
    return Case(
        campaign, url("notice-move-up", campaign), has(Nomination, pk=files[5].pk, state=State.PROPOSED),
        lambda: Nomination.objects.filter(pk=files[5].pk).update(state=State.WITHDRAWN),
        {"entry": files[5].code, "reason": "依次递补"}, files[5],
    )  # fmt: skip


def objection_decided():
    campaign, files, office, notice = on_notice()
    case = accept_objection(object_to(notice, files[0]), actor=office)
    Objection.objects.update(handler=None)
    return Case(
        campaign, url("case-act", campaign, case.receipt, "rule"), has(Objection, ruling__isnull=False),
        lambda: Objection.objects.update(state="withdrawn"), {"outcome": "not_upheld", "findings": "数据一致。"}, files[0],
    )  # fmt: skip


def ended(notice):
    past = timezone.now() - timedelta(days=3)
    Notice.objects.filter(pk=notice.pk).update(
        published_at=past - timedelta(days=9), first_day=(past - timedelta(days=7)).date(), last_day=past.date(),
        closes_at=past,
    )  # fmt: skip


NUMBER = "东区直工委〔2026〕12号"


def results_announced():
    campaign, files, _, notice = on_notice()
    ended(notice)
    return Case(
        campaign, url("result-announce", campaign), Result.objects.exists,
        lambda: Nomination.objects.filter(pk=files[4].pk).update(state=State.SUSPENDED), {"document_number": NUMBER},
        files[0],
    )  # fmt: skip


def result_revoked():
    campaign, files, office, notice = on_notice()
    ended(notice)
    announce_results(campaign, document_number=NUMBER, actor=office)
    return Case(
        campaign, url("result-revoke", campaign, files[0].code), has(Result, revoked_at__isnull=False),
        lambda: Result.objects.update(title="改过的名称"), {"reason": "材料造假"}, files[0],
    )  # fmt: skip


def has(model, **condition):
    return model.objects.filter(**condition).exists


CASES = [
    deadline_moved, places_changed, verdicts_released, blind_changed, pool_changed, recusal_made, reviewer_replaced,
    panel_closed_early, shortlist_released, list_decided, notice_published, notice_extended, place_moved_up,
    objection_decided, results_announced, result_revoked,
]  # fmt: skip


def row_of(make) -> SecondKey:
    return getattr(keys, make.__name__.upper())


def test_every_row_that_waits_is_tried_here():
    waiting = {row for row in vars(keys).values() if isinstance(row, SecondKey) and row.waits}
    assert {row_of(make) for make in CASES} == waiting


def session_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def proposed(case, office) -> PendingAct:
    answer = session_of(office).post(case.page, WHY | case.typed)
    assert answer.status_code == 302, answer.content.decode()
    return PendingAct.objects.get(state=PendingState.WAITING)


def second_of(row, campaign):
    colleague = Role.OFFICE in row.second
    return (OfficeFactory if colleague else SupervisorFactory)(unit=campaign.organiser)


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_one_person_never_does_it_and_two_do_it_once(make):
    row, case = row_of(make), make()
    office = OfficeFactory(unit=case.campaign.organiser)
    second = second_of(row, case.campaign)
    strangers = [
        office, SecretaryFactory(), MemberFactory(unit=case.campaign.organiser), ReviewerUserFactory(), AuditorFactory(),
        SysadminFactory(), SecadminFactory(), SupervisorFactory(unit=CommitteeFactory(slug="elsewhere")),
    ]  # fmt: skip
    if Role.OFFICE not in row.second:
        strangers.append(OfficeFactory(unit=case.campaign.organiser))

    act = proposed(case, office)
    assert act.row is row
    assert not case.done()
    for stranger in strangers:
        assert confirmed_by(stranger, act, digest=act.digest).status_code in (403, 404), stranger
        refusal = session_of(stranger).post(f"{act.get_absolute_url()}refuse/", {"reason": "不行"})
        assert refusal.status_code in (403, 404), stranger
    session_of(second).post(f"{act.get_absolute_url()}refuse/", {"reason": "理由不充分"})
    act = proposed(case, office)
    session_of(office).post(f"{act.get_absolute_url()}withdraw/")
    act = proposed(case, office)
    PendingAct.objects.filter(pk=act.pk).update(lapses_at=timezone.now())
    confirmed_by(second, act, digest=act.digest)
    act = proposed(case, office)
    shown = session_of(second).get(act.get_absolute_url()).context["form"].initial["digest"]
    PendingAct.objects.filter(pk=act.pk).update(payload={**act.payload, "reason": ["另一个理由"]})
    confirmed_by(second, act, digest=shown)
    PendingAct.objects.filter(pk=act.pk).update(payload=act.payload)
    assert not case.done()

    assert "已确认" in confirmed_by(second, act, follow=True).content.decode()

    assert case.done()
    assert "没有重复办理" in confirmed_by(second, act, digest=act.digest, follow=True).content.decode()
    states = PendingAct.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["refused", "withdrawn", "lapsed", "confirmed"]
    assert AuditEntry.objects.filter(actor=office, second_actor=second).exists()
    assert AuditEntry.objects.get(event="act_confirmed").actor == second


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_what_was_changed_meanwhile_is_not_done(make):
    case = make()
    act = proposed(case, OfficeFactory(unit=case.campaign.organiser))
    case.meddle()

    confirmed_by(second_of(row_of(make), case.campaign), act, digest=act.digest)

    act.refresh_from_db()
    assert act.state == PendingState.WAITING
    assert not case.done()


ABOUT_ENTRIES = [make for make in CASES if row_of(make).tie != Tie.NONE]


@pytest.mark.parametrize("make", ABOUT_ENTRIES, ids=lambda make: make.__name__)
def test_a_tie_bars_about_one_entry_and_is_written_down_about_a_list(make):
    row, case = row_of(make), make()
    second = second_of(row, case.campaign)
    PostFactory(user=second, unit=case.entry.unit, role=Role.CLERK)
    act = proposed(case, OfficeFactory(unit=case.campaign.organiser))

    shown = session_of(second).get(act.get_absolute_url()).content.decode()
    confirmed_by(second, act, digest=act.digest)

    assert "有利害关系" in shown
    assert case.done() == (row.tie == Tie.SHOWN)
    if row.tie == Tie.SHOWN:
        assert "有利害关系" in AuditEntry.objects.get(event="act_confirmed").reason
