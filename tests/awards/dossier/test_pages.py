"""One file, seen by each reader in a cut of its own."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from awards.dossier.cuts import Cut, cut_of
from awards.nomination.actions.submission import submit_nomination, withdraw_nomination
from awards.nomination.models import Correction, Nomination
from awards.states import State
from tests.factories.awards import (
    AttachmentFactory,
    CampaignFactory,
    NominationFactory,
    SubmissionFactory,
)
from tests.factories.services import ActivityFactory
from tests.factories.units import (
    AuditorFactory,
    ClerkFactory,
    CommitteeFactory,
    MemberFactory,
    OfficeFactory,
    ReviewerUserFactory,
    SecadminFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
    UnitFactory,
)
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.audit.record import record

pytestmark = pytest.mark.django_db

PHONE, MASKED = "13800000001", "138****0001"


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def secretary(unit):
    return SecretaryFactory(unit=unit)


@pytest.fixture
def nomination(unit, secretary):
    """Submitted by its unit, with a stamped form and a claim that is too high."""
    draft = NominationFactory(unit=unit, full=True, ready=True, state=State.UNIT_REVIEW)
    return submit_nomination(draft, actor=secretary)


def read(client, user, nomination, **query):
    client.force_login(user)
    return client.get(nomination.get_absolute_url(), query)


def set_state(nomination, state, **columns):
    Nomination.objects.filter(pk=nomination.pk).update(state=state, **columns)
    nomination.refresh_from_db()


def hand_in_again(nomination, secretary, **changes):
    due = timezone.now() + timedelta(days=3)
    correction = Correction.objects.create(nomination=nomination, number=1, due_at=due)
    correction.items.create(field="body", remark="成效请写明前后对比。")
    set_state(nomination, State.RETURNED, correction_due_at=due)
    for name, text in changes.items():
        setattr(nomination, name, text)
    nomination.save()
    return submit_nomination(nomination, actor=secretary)


# ---------------------------------------------------------------- who


@pytest.mark.parametrize(
    ("factory", "status"),
    [
        (OfficeFactory, 200), (SupervisorFactory, 200), (MemberFactory, 404), (SecretaryFactory, 404),
        (ClerkFactory, 404), (ReviewerUserFactory, 404), (SysadminFactory, 404), (SecadminFactory, 404),
        (AuditorFactory, 404),
    ],
)  # fmt: skip
def test_a_submitted_file_opens_for_the_committee_and_no_other_unit(client, nomination, factory, status):
    assert read(client, factory(), nomination).status_code == status


def test_a_stranger_is_sent_to_the_login_page(client, nomination):
    answer = client.get(nomination.get_absolute_url())

    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_another_committees_office_finds_nothing(client, nomination):
    other = OfficeFactory(unit=CommitteeFactory(slug="other"))

    assert read(client, other, nomination).status_code == 404
    assert (
        client.get(reverse("awards:attachment", args=[nomination.attachments.get().slug])).status_code == 404
    )


def test_the_file_is_found_by_its_code_and_still_by_the_slug_of_its_draft(client, secretary, nomination):
    client.force_login(secretary)

    for key in (nomination.code, nomination.slug):
        assert client.get(reverse("awards:nomination", args=[key])).status_code == 200


def test_each_reader_has_one_cut(unit, secretary, nomination):
    partner = UnitFactory()
    nomination.partners.create(unit=partner, confirmed_at=timezone.now())
    readers = {
        secretary: Cut.OWN, ClerkFactory(unit=unit): Cut.OWN, OfficeFactory(): Cut.OFFICE,
        SupervisorFactory(): Cut.SUPERVISOR, MemberFactory(): Cut.MEMBER,
        SecretaryFactory(unit=partner): Cut.PARTNER,
    }  # fmt: skip

    assert {user: cut_of(user, nomination) for user in readers} == readers


# ---------------------------------------------------------------- what


def test_the_own_unit_reads_its_phones_its_receipt_and_its_history(client, secretary, nomination):
    text = read(client, secretary, nomination).content.decode()

    assert PHONE in text
    assert "提交申报" in text
    assert "提交回执" in text
    assert "待资格审查" in text


def test_the_office_reads_phones_only_when_it_asks_and_that_is_recorded(client, nomination):
    office = OfficeFactory()
    text = read(client, office, nomination).content.decode()
    assert PHONE not in text
    assert MASKED in text
    assert not AuditEntry.objects.filter(event=Event.PERSONAL_DATA_READ).exists()

    text = read(client, office, nomination, contacts=1).content.decode()

    assert PHONE in text
    entry = AuditEntry.objects.get(event=Event.PERSONAL_DATA_READ)
    assert (entry.actor, entry.target_key) == (office, nomination.code)


def test_nobody_else_gets_phones_by_asking(client, nomination):
    partner = UnitFactory()
    nomination.partners.create(unit=partner, confirmed_at=timezone.now())
    set_state(nomination, State.ON_NOTICE)
    for user in (SupervisorFactory(), MemberFactory(), SecretaryFactory(unit=partner)):
        text = read(client, user, nomination, contacts=1).content.decode()
        assert PHONE not in text
        assert "0546-8000001" not in text
    assert not AuditEntry.objects.filter(event=Event.PERSONAL_DATA_READ).exists()


def test_a_member_reads_the_content_without_history_submissions_or_stamped_form(client, nomination):
    set_state(nomination, State.PROPOSED)

    text = read(client, MemberFactory(), nomination).content.decode()

    assert nomination.practice in text
    for word in ("办理经过", "提交记录", "盖章申报表", "申报表docx", "撤回…"):
        assert word not in text


@pytest.mark.parametrize("state", [State.PROPOSED, State.NOT_SELECTED])
def test_a_decision_stays_inside_until_the_notice(client, secretary, nomination, state):
    set_state(nomination, state)
    text = read(client, secretary, nomination).content.decode()
    assert "资格合格" in text
    assert State(state).label not in text
    inside = read(client, OfficeFactory(), nomination).content.decode()
    assert State(state).label in inside

    nomination.campaign.outcome_public_at = timezone.now()
    nomination.campaign.save()
    assert State(state).label in read(client, secretary, nomination).content.decode()


def test_the_history_tells_the_unit_nothing_of_the_office_or_the_panels(client, secretary, nomination):
    office = OfficeFactory()
    for event in (
        Event.DECISION_PREPARED,
        Event.REVIEWER_RECUSED,
        Event.SHEET_HANDED_IN,
        Event.ATTACHMENT_READ,
    ):
        record(event, actor=office, target=nomination, reason=f"内部{event.label}")

    own = read(client, secretary, nomination).content.decode()
    seen = read(client, office, nomination).content.decode()

    assert "内部" not in own
    assert "内部拟定审查结论" in seen
    assert "内部评委回避" not in seen
    assert "内部提交评分表" not in seen


def test_the_office_reads_what_was_submitted_not_what_the_unit_is_mending(client, secretary, nomination):
    set_state(nomination, State.RETURNED, correction_due_at=timezone.now() + timedelta(days=2))
    Nomination.objects.filter(pk=nomination.pk).update(practice="正在修改的做法")

    assert "正在修改的做法" not in read(client, OfficeFactory(), nomination).content.decode()
    assert "正在修改的做法" in read(client, secretary, nomination).content.decode()


def test_a_returned_file_says_what_to_mend_by_when_and_what_happens_else(client, secretary, nomination):
    due = timezone.now().replace(hour=9, minute=30, second=0, microsecond=0) + timedelta(days=3)
    correction = Correction.objects.create(nomination=nomination, number=1, due_at=due)
    correction.items.create(field="claims", remark="请注明数据来源。")
    correction.items.create(field="investment_done", remark="与台账不符。")
    set_state(nomination, State.RETURNED, correction_due_at=due)

    text = read(client, secretary, nomination).content.decode()

    day = timezone.localtime(due)
    assert f"{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）17:30" in text
    assert "量化成效：请注明数据来源。" in text
    assert "完成投资（万元）：与台账不符。" in text
    assert "逾期未提交视为撤回" in text
    assert "去补正" in text


def test_a_partner_asked_sees_the_way_to_answer_and_no_remarks(client, unit, secretary):
    draft = NominationFactory(unit=unit, full=True)
    other = UnitFactory()
    draft.partners.create(unit=other)

    text = read(client, SecretaryFactory(unit=other), draft).content.decode()

    assert "确认或谢绝" in text
    assert "继续填写" not in text
    assert "确认或谢绝" not in read(client, ClerkFactory(unit=other), draft).content.decode()


def test_every_state_has_its_words(client, secretary, nomination):
    for state in State:
        due = timezone.now() if state == State.RETURNED else None
        set_state(nomination, state, correction_due_at=due)
        nomination.campaign.outcome_public_at = timezone.now()
        nomination.campaign.save()
        answer = read(client, secretary, nomination)
        assert answer.status_code == 200
        assert answer.context["banner"].lead.endswith("。")


# ---------------------------------------------------------------- preview and changes


def test_the_preview_hides_every_name_of_unit_and_people(client, unit, secretary):
    unit.aliases.create(name="服务明星局")
    branch = UnitFactory(parent=unit, short_name="窗口支部")
    draft = NominationFactory(
        unit=unit,
        full=True,
        practice=f"{unit.name}牵头，{unit.short_name}与服务明 星局窗口支部联合，负责人甲跟办。",
    )
    client.force_login(secretary)

    answer = client.get(reverse("awards:nomination-preview", args=[draft.key]))

    main = answer.content.decode().split("<main", 1)[1]
    assert "某单位" in main
    for name in (unit.name, unit.short_name, "服务明 星局", branch.short_name, "负责人甲", PHONE):
        assert name not in main
    assert answer.context["hidden"] >= 3


def test_the_preview_is_for_the_unit_and_the_office_alone(client, nomination):
    url = reverse("awards:nomination-preview", args=[nomination.key])
    client.force_login(SupervisorFactory())
    assert client.get(url).status_code == 403
    client.force_login(SecretaryFactory())
    assert client.get(url).status_code == 404
    client.force_login(OfficeFactory())
    assert client.get(url).status_code == 200


def test_the_changes_of_a_second_submission_are_shown_part_by_part(client, secretary, nomination):
    again = hand_in_again(
        nomination, secretary, effect="办理时间由三天压减到半天。群众满意。", leader_phone="13911112222"
    )
    url = reverse("awards:nomination-changes", args=[again.key, 2])
    client.force_login(OfficeFactory())

    text = client.get(url).content.decode()

    assert "<ins>群众满意。</ins>" in text
    assert "办理时间由三天压减到半天。" in text
    assert "139****2222" in text
    assert "13911112222" not in text
    assert "主要做法" not in text
    assert "与上次对比" in read(client, OfficeFactory(), again).content.decode()
    for number in (1, 3):
        assert client.get(reverse("awards:nomination-changes", args=[again.key, number])).status_code == 404


def test_a_member_compares_no_submissions(client, secretary, nomination):
    again = hand_in_again(nomination, secretary, effect="改了。")
    set_state(again, State.PROPOSED)
    client.force_login(MemberFactory())

    assert client.get(reverse("awards:nomination-changes", args=[again.key, 2])).status_code == 403


# ---------------------------------------------------------------- files


def download(client, user, attachment):
    client.force_login(user)
    return client.get(reverse("awards:attachment", args=[attachment.slug]))


def test_a_file_comes_as_a_download_nobody_can_run(client, secretary, nomination):
    answer = download(client, secretary, nomination.attachments.get())

    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_reads_by_others_are_recorded_and_own_ones_are_not(client, secretary, nomination):
    file, office = nomination.attachments.get(), OfficeFactory()
    download(client, secretary, file)
    assert not AuditEntry.objects.filter(event=Event.ATTACHMENT_READ).exists()

    assert download(client, office, file).status_code == 200

    entry = AuditEntry.objects.get(event=Event.ATTACHMENT_READ)
    assert (entry.actor, entry.target_key, entry.after) == (office, nomination.code, {"file": file.name})


@pytest.mark.parametrize(
    "factory", [SecretaryFactory, ReviewerUserFactory, SysadminFactory, AuditorFactory, MemberFactory]
)
def test_a_file_is_not_there_for_those_without_the_nomination(client, nomination, factory):
    assert download(client, factory(), nomination.attachments.get()).status_code == 404


def test_the_stamped_form_is_not_for_members_and_a_removed_file_not_for_partners(client, nomination):
    partner = UnitFactory()
    nomination.partners.create(unit=partner, confirmed_at=timezone.now())
    set_state(nomination, State.PROPOSED)
    evidence, removed = AttachmentFactory.create_batch(2, nomination=nomination)
    SubmissionFactory(nomination=nomination)
    nomination.attachments.filter(pk=removed.pk).update(removed_at=timezone.now())
    member, joined = MemberFactory(), SecretaryFactory(unit=partner)

    sealed = nomination.attachments.get(kind="sealed")
    for reader, stamped in ((member, 404), (joined, 404), (OfficeFactory(), 200)):
        assert download(client, reader, evidence).status_code == 200
        assert download(client, reader, sealed).status_code == stamped
        assert download(client, reader, removed).status_code == stamped
        assert (sealed.slug in read(client, reader, nomination).content.decode()) == (stamped == 200)


def test_what_a_unit_adds_while_it_mends_is_nobody_elses_until_it_hands_in(client, secretary, nomination):
    partner = SecretaryFactory(unit=UnitFactory())
    nomination.partners.create(unit=partner.posts.get().unit, confirmed_at=timezone.now())
    set_state(nomination, State.RETURNED, correction_due_at=timezone.now())
    added = AttachmentFactory(nomination=nomination)

    for reader in (OfficeFactory(), SupervisorFactory(), partner):
        assert download(client, reader, added).status_code == 404
        assert added.slug not in read(client, reader, nomination).content.decode()
    assert download(client, secretary, added).status_code == 200
    assert added.slug in read(client, secretary, nomination).content.decode()


def test_an_invitation_nobody_answered_ends_with_the_submission(client, unit, secretary):
    draft = NominationFactory(unit=unit, full=True, ready=True, state=State.UNIT_REVIEW)
    other = SecretaryFactory(unit=UnitFactory())
    draft.partners.create(unit=other.posts.get().unit)
    assert read(client, other, draft).status_code == 200

    nomination = submit_nomination(draft, actor=secretary)

    assert read(client, other, nomination).status_code == 404
    assert download(client, other, nomination.attachments.get()).status_code == 404
    assert nomination.title not in client.get(reverse("awards:nomination-list")).content.decode()


# ---------------------------------------------------------------- cost


@pytest.mark.parametrize("who", ["own draft", "own", "office", "office twice"])
def test_the_page_costs_eight_statements(client, cost, unit, secretary, nomination, who):
    user = secretary if "own" in who else OfficeFactory()
    if who == "own draft":
        nomination = NominationFactory(unit=unit, full=True, ready=True)
        nomination.partners.create(unit=UnitFactory(), confirmed_at=timezone.now())
        for _ in range(3):
            nomination.evidence.create(activity=ActivityFactory(unit=unit, reviewed=True))
    if who == "office twice":
        nomination = hand_in_again(nomination, secretary, effect="改了。")
    read(client, user, nomination)
    with cost() as spent:
        assert client.get(nomination.get_absolute_url()).status_code == 200

    assert spent.queries <= 8, spent.statements


def test_a_withdrawn_draft_without_a_code_has_its_page(client, unit, secretary):
    draft = withdraw_nomination(NominationFactory(unit=unit), actor=secretary, reason="不报了")

    assert "已撤回" in read(client, secretary, draft).content.decode()


def test_the_head_names_the_campaign_of_the_file(client, secretary, nomination):
    CampaignFactory(year=2999)

    assert read(client, secretary, nomination).wsgi_request.campaign == nomination.campaign
