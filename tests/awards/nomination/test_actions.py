"""Drafts, submission, withdrawal, partners, files: what each act does, and what must not have happened."""

from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from awards.campaign.models import Deadline, Phase, UnitQuota
from awards.errors import StageError
from awards.nomination.actions.attachments import add_attachment, remove_attachment
from awards.nomination.actions.drafts import cite_activities, save_draft, start_nomination
from awards.nomination.actions.partners import (
    confirm_partner,
    decline_partner,
    invite_partner,
    remove_partner,
)
from awards.nomination.actions.submission import (
    AlreadySubmitted,
    send_back,
    send_to_unit_review,
    submit_nomination,
    withdraw_nomination,
)
from awards.nomination.models import Attachment, AttachmentKind, Correction, Metric, Nomination, Submission
from awards.nomination.queries.content import frozen_content, recorded_figures
from awards.nomination.rules.freezing import canonical_bytes
from awards.states import State
from tests.factories.awards import AttachmentFactory, CampaignFactory, NominationFactory
from tests.factories.services import ActivityFactory
from tests.factories.units import ClerkFactory, CommitteeFactory, SecretaryFactory, UnitFactory
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.errors import StaleVersion
from units.uploads import receive

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def secretary(unit):
    return SecretaryFactory(unit=unit)


@pytest.fixture
def clerk(unit):
    return ClerkFactory(unit=unit)


@pytest.fixture
def draft(unit):
    """In review at its unit, nothing missing."""
    return NominationFactory(unit=unit, full=True, ready=True, state=State.UNIT_REVIEW)


def events():
    return list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))


def return_for_correction(nomination, *fields, days=3):
    nomination.refresh_from_db()
    due = timezone.now() + timedelta(days=days)
    correction = Correction.objects.create(
        nomination=nomination, number=nomination.corrections.count() + 1, due_at=due
    )
    for field in fields:
        correction.items.create(field=field, remark="请补充。")
    code = nomination.code or f"{nomination.campaign.code}-F-900"
    columns = {"state": State.RETURNED, "correction_due_at": due, "code": code}
    Nomination.objects.filter(pk=nomination.pk).update(**columns)
    nomination.refresh_from_db()
    return correction


def upload(name="证明.pdf", content=PDF):
    return receive(ContentFile(content), name=name)


# ---------------------------------------------------------------- drafts


def test_a_draft_begins_blank_and_is_recorded(unit, clerk):
    campaign = CampaignFactory()
    category = campaign.categories.get(letter="Z")

    draft = start_nomination(campaign=campaign, category=category, unit=unit, actor=clerk)

    assert (draft.state, draft.code, draft.title, draft.created_by) == (State.DRAFT, None, "", clerk)
    assert events() == [Event.NOMINATION_STARTED]


def test_a_copy_brings_the_texts_and_claims_but_no_records_files_partners_or_pledge(unit, clerk):
    earlier = NominationFactory(unit=unit, full=True, ready=True, submitted=True)
    invite_partner_row(earlier)
    campaign = CampaignFactory()

    copy = start_nomination(
        campaign=campaign, category=campaign.categories.first(), unit=unit, actor=clerk, source=earlier
    )

    assert (copy.practice, copy.leader_phone) == (earlier.practice, earlier.leader_phone)
    assert copy.claims.get().value == earlier.claims.get().value
    assert (copy.pledged, copy.unit_notice_to, copy.code) == (False, None, None)
    assert not copy.evidence.exists()
    assert not copy.attachments.exists()
    assert not copy.partners.exists()


def invite_partner_row(nomination):
    return nomination.partners.create(unit=UnitFactory(), confirmed_at=timezone.now())


@pytest.mark.parametrize("now_in", [Phase.SCREENING, Phase.RESULT])
def test_no_draft_begins_after_the_nomination_dates(unit, clerk, now_in):
    campaign = CampaignFactory(now_in=now_in)

    with pytest.raises(StageError, match="已截止"):
        start_nomination(campaign=campaign, category=campaign.categories.first(), unit=unit, actor=clerk)

    assert not Nomination.objects.exists()


def test_no_draft_begins_before_the_year_is_opened_nor_for_the_committee_itself(clerk):
    unopened, opened = CampaignFactory(opened_at=None), CampaignFactory()

    with pytest.raises(StageError, match="尚未启动"):
        start_nomination(
            campaign=unopened, category=unopened.categories.first(), unit=UnitFactory(), actor=clerk
        )
    with pytest.raises(StageError, match="申报范围"):
        start_nomination(
            campaign=opened, category=opened.categories.first(), unit=opened.organiser, actor=clerk
        )


def test_saving_writes_what_was_sent_and_raises_the_version_without_an_entry(draft, clerk):
    saved = save_draft(draft, {"summary": "改后的摘要"}, version=draft.version, actor=clerk)

    draft.refresh_from_db()
    assert (draft.summary, draft.version, saved.version) == ("改后的摘要", 2, 2)
    assert draft.background != ""
    assert not AuditEntry.objects.exists()


def test_saving_the_same_again_leaves_the_version_alone(draft, clerk):
    same = {"summary": draft.summary, "claims": list(draft.claims.values())}

    assert save_draft(draft, same, version=draft.version, actor=clerk).version == 1


def test_a_stale_form_overwrites_nothing(draft, clerk, secretary):
    save_draft(draft, {"summary": "书记改的"}, version=1, actor=secretary)

    with pytest.raises(StaleVersion):
        save_draft(draft, {"summary": "干事改的"}, version=1, actor=clerk)

    draft.refresh_from_db()
    assert draft.summary == "书记改的"


def test_claims_are_sent_as_a_whole_list(draft, clerk):
    rows = [
        {
            "metric": "other",
            "indicator": "平均用时",
            "value": Decimal("5"),
            "measure": "天",
            "source": "台账",
        },
        {"metric": "events", "indicator": "活动", "value": Decimal("12"), "before": "3"},
    ]

    save_draft(draft, {"claims": rows}, version=1, actor=clerk)

    assert list(draft.claims.values_list("indicator", "value", "before")) == [
        ("平均用时", Decimal(5), ""),
        ("活动", Decimal(12), "3"),
    ]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.QUALIFIED, State.WITHDRAWN, State.SELECTED])
def test_nothing_is_saved_once_the_office_has_it(clerk, unit, state):
    nomination = NominationFactory(unit=unit, full=True, state=state, code="2100-F-001")

    with pytest.raises(StageError, match="不能再修改"):
        save_draft(nomination, {"summary": "迟了"}, version=1, actor=clerk)

    nomination.refresh_from_db()
    assert nomination.summary != "迟了"


def test_the_category_changes_until_a_code_is_given(draft, clerk, secretary):
    other = draft.campaign.categories.get(letter="Z")
    save_draft(draft, {"category": other}, version=1, actor=clerk)
    submit_nomination(draft, actor=secretary)
    draft.refresh_from_db()
    return_for_correction(draft, "basics")

    assert draft.code.endswith("-Z-001")
    with pytest.raises(StageError, match="不能更改类别"):
        save_draft(
            draft, {"category": draft.campaign.categories.get(letter="F")}, version=draft.version, actor=clerk
        )


def test_a_returned_file_is_open_only_where_it_was_remarked(draft, clerk):
    return_for_correction(draft, "summary", "figures")

    save_draft(draft, {"summary": "补正后的摘要", "satisfaction_sample": 90}, version=1, actor=clerk)
    with pytest.raises(StageError, match=r"“主要做法”未列入补正意见"):
        save_draft(draft, {"practice": "顺手改改"}, version=2, actor=clerk)

    draft.refresh_from_db()
    assert (draft.summary, draft.satisfaction_sample) == ("补正后的摘要", 90)
    assert draft.practice != "顺手改改"


def test_a_returned_file_is_closed_after_its_deadline(draft, clerk):
    return_for_correction(draft, "summary", days=-1)

    with pytest.raises(StageError, match="补正期限已过"):
        save_draft(draft, {"summary": "迟了"}, version=1, actor=clerk)


def test_only_reviewed_records_of_the_own_organization_are_cited(draft, unit, clerk):
    own = ActivityFactory(unit=unit, reviewed=True)
    below = ActivityFactory(unit=UnitFactory(parent=unit), reviewed=True)
    joint = ActivityFactory(reviewed=True)
    joint.joint_units.create(unit=unit)
    cited = draft.evidence.get().activity
    cite_activities(draft, add=[own.pk, below.pk, joint.pk, cited.pk], actor=clerk)

    assert draft.evidence.count() == 4
    for wrong in (ActivityFactory(unit=unit, sent=True), ActivityFactory(reviewed=True)):
        with pytest.raises(StageError, match="不能引用"):
            cite_activities(draft, add=[wrong.pk], drop=[cited.pk], actor=clerk)
    assert draft.evidence.count() == 4

    cite_activities(draft, drop=[own.pk, joint.pk], actor=clerk)
    assert draft.evidence.count() == 2


# ---------------------------------------------------------------- submission


def test_submitting_gives_the_code_freezes_the_content_and_records_its_digest(draft, secretary):
    nomination = submit_nomination(draft, actor=secretary)

    submission = Submission.objects.get()
    assert nomination.code == f"{draft.campaign.code}-F-001"
    assert (nomination.state, submission.number, submission.submitted_by) == (State.SUBMITTED, 1, secretary)
    assert submission.sha256 == sha256(canonical_bytes(submission.content)).hexdigest()
    entry = AuditEntry.objects.get()
    assert entry.event == Event.NOMINATION_SUBMITTED
    assert entry.after == {"state": "submitted", "submission": 1, "sha256": submission.sha256}
    assert entry.target_key == nomination.code


def test_the_digest_is_the_same_when_the_content_comes_back_from_the_database(draft, secretary):
    draft.satisfaction_percent = Decimal("98.60")
    draft.title = "“拿地即开工”：①试点"
    draft.save()
    submit_nomination(draft, actor=secretary)

    submission = Submission.objects.get()
    assert submission.content["satisfaction_percent"] == "98.6"
    assert submission.content["title"] == "“拿地即开工”：①试点"
    assert sha256(canonical_bytes(submission.content)).hexdigest() == submission.sha256


def test_the_frozen_content_holds_claims_records_confirmed_partners_and_files(draft, unit):
    confirmed = draft.partners.create(unit=UnitFactory(), confirmed_at=timezone.now())
    draft.partners.create(unit=UnitFactory())
    unreviewed = ActivityFactory(unit=unit, sent=True, beneficiaries=1000)
    draft.evidence.create(activity=unreviewed)

    content = frozen_content(draft)

    assert content["claims"][0] | {"source": ""} == {
        "metric": "problems_closed", "indicator": "协调解决诉求", "before": "", "value": "30",
        "measure": "件", "source": "", "explanation": "",
    }  # fmt: skip
    assert [row["beneficiaries"] for row in content["activities"]] == [120]
    assert content["recorded"]["beneficiaries"] == "120"
    assert content["recorded"]["events"] == "1"
    assert content["partners"] == [{"slug": confirmed.unit.slug, "name": confirmed.unit.name, "share": 50}]
    assert [file["name"] for file in content["attachments"]] == ["盖章申报表.pdf"]


def test_what_is_frozen_stays_when_the_records_change(draft, secretary):
    submit_nomination(draft, actor=secretary)
    activity = draft.evidence.get().activity
    type(activity).objects.filter(pk=activity.pk).update(beneficiaries=999, subject="改过的主题")

    content = Submission.objects.get().content
    assert content["recorded"]["beneficiaries"] == "120"
    assert content["activities"][0]["subject"] == activity.subject


def test_recorded_figures_count_each_reviewed_record_once(unit):
    rows = [ActivityFactory(unit=unit, reviewed=True, attendance=10, hours=Decimal("2.5")) for _ in range(2)]
    rows.append(ActivityFactory(unit=unit, sent=True, attendance=99))

    figures = recorded_figures([row.pk for row in rows] * 2)

    assert figures[Metric.EVENTS] == 2
    assert figures[Metric.ATTENDANCE] == 20
    assert figures[Metric.HOURS] == 5


def test_a_secretarys_own_draft_passes_the_units_review_on_the_way(unit, secretary):
    draft = NominationFactory(unit=unit, full=True, ready=True)

    submit_nomination(draft, actor=secretary)

    assert events() == [Event.NOMINATION_SENT, Event.NOMINATION_SUBMITTED]
    assert AuditEntry.objects.values("act_id").distinct().count() == 1


def test_a_second_submission_of_the_same_file_makes_no_second_one(draft, secretary):
    submit_nomination(draft, actor=secretary)

    with pytest.raises(AlreadySubmitted, match="没有重复提交"):
        submit_nomination(draft, actor=secretary)

    assert Submission.objects.count() == 1
    assert len(events()) == 1


def test_codes_run_on_within_a_category_past_a_withdrawn_file(secretary):
    campaign = CampaignFactory()
    codes = []
    for letter in "FFZF":
        nomination = NominationFactory(
            campaign=campaign, category=campaign.categories.get(letter=letter), full=True, ready=True
        )
        codes.append(submit_nomination(nomination, actor=secretary).code)
        if len(codes) == 2:
            withdraw_nomination(nomination, actor=secretary, reason="内容有误")

    assert [code.partition("-")[2] for code in codes] == ["F-001", "F-002", "Z-001", "F-003"]


def test_the_number_after_999_is_1000_and_then_1001(draft, secretary):
    campaign = draft.campaign
    for number in (999, 1000):
        NominationFactory(campaign=campaign, submitted=True, code=f"{campaign.code}-F-{number:03d}")

    assert submit_nomination(draft, actor=secretary).code == f"{campaign.code}-F-1001"


def test_a_gap_refuses_with_its_name_and_changes_nothing(draft, secretary):
    draft.spread, draft.pledged = "", False
    draft.save()

    with pytest.raises(StageError, match="推广价值未填；申报承诺未确认"):
        submit_nomination(draft, actor=secretary)

    draft.refresh_from_db()
    assert (draft.state, draft.code) == (State.UNIT_REVIEW, None)
    assert not Submission.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("field", "fits", "over"),
    [
        ("title", 30, "项目名称已写31字"),
        ("summary", 300, "摘要已写301字"),
        ("effect", 2000, "事迹材料已写2001字"),
    ],
)
def test_limits_hold_at_their_edge(draft, secretary, field, fits, over):
    if field == "effect":
        draft.background = draft.practice = draft.innovation = draft.spread = "一"
        fits -= 4
    setattr(draft, field, "字" * (fits + 1))
    draft.save()
    with pytest.raises(StageError, match=over):
        submit_nomination(draft, actor=secretary)

    setattr(draft, field, "字" * fits)
    draft.save()
    assert submit_nomination(draft, actor=secretary).state == State.SUBMITTED


@pytest.mark.parametrize(
    ("letters", "places", "problem"),
    [
        ("F", (2, 1), "该类别的名额（1个）已用完"),
        ("ZX", (2, 1), "本单位名额（2个）已用完"),
        ("F", (2, 2), None),
    ],
)
def test_places_are_counted_by_category_and_in_all_over_the_whole_organization(
    draft, unit, secretary, letters, places, problem
):
    """The others were put forward by a branch of the same organization: the place is the top's."""
    branch = UnitFactory(parent=unit)
    for letter in letters:
        category = draft.campaign.categories.get(letter=letter)
        NominationFactory(campaign=draft.campaign, category=category, unit=branch, submitted=True)
    UnitQuota.objects.filter(campaign=draft.campaign).update(places=places[0], per_category=places[1])

    if problem is None:
        assert submit_nomination(draft, actor=secretary).state == State.SUBMITTED
        return
    with pytest.raises(StageError, match=problem):
        submit_nomination(draft, actor=secretary)
    draft.refresh_from_db()
    assert draft.state == State.UNIT_REVIEW


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.INELIGIBLE, State.LAPSED])
def test_a_freed_place_is_free(draft, unit, secretary, state):
    NominationFactory(campaign=draft.campaign, unit=unit, state=state)

    assert submit_nomination(draft, actor=secretary).state == State.SUBMITTED


def test_places_of_others_and_of_other_years_do_not_count(draft, unit, secretary):
    NominationFactory(campaign=draft.campaign, submitted=True)
    NominationFactory(unit=unit, submitted=True)
    joint = NominationFactory(campaign=draft.campaign, submitted=True)
    joint.partners.create(unit=unit, confirmed_at=timezone.now())

    assert submit_nomination(draft, actor=secretary).state == State.SUBMITTED


def test_nothing_is_submitted_outside_the_dates_or_without_a_quota(draft, secretary):
    dates = Deadline.objects.filter(campaign=draft.campaign, phase=Phase.NOMINATION)
    dates.update(closes_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(StageError, match="不在申报时间内"):
        submit_nomination(draft, actor=secretary)

    UnitQuota.objects.all().delete()
    with pytest.raises(StageError, match="没有本次评选的申报名额"):
        submit_nomination(draft, actor=secretary)


def test_a_corrected_file_is_handed_in_again_after_the_nomination_dates(draft, secretary):
    code = submit_nomination(draft, actor=secretary).code
    correction = return_for_correction(draft, "summary")
    Deadline.objects.filter(phase=Phase.NOMINATION).update(closes_at=timezone.now() - timedelta(days=1))
    save_draft(draft, {"summary": "补正后"}, version=draft.version, actor=secretary)

    nomination = submit_nomination(draft, actor=secretary)

    correction.refresh_from_db()
    assert (nomination.code, nomination.correction_due_at) == (code, None)
    assert correction.answered_at is not None
    first, second = Submission.objects.order_by("number")
    assert (first.content["summary"] != "补正后", second.content["summary"]) == (True, "补正后")


def test_a_correction_comes_too_late_after_its_deadline(draft, secretary):
    submit_nomination(draft, actor=secretary)
    return_for_correction(draft, "summary", days=-1)

    with pytest.raises(StageError, match="补正期限已过"):
        submit_nomination(draft, actor=secretary)

    assert Submission.objects.count() == 1


@pytest.mark.parametrize("state", [State.QUALIFIED, State.WITHDRAWN, State.LAPSED, State.SELECTED])
def test_no_other_state_leads_to_a_submission(unit, secretary, state):
    nomination = NominationFactory(unit=unit, full=True, ready=True, state=state)

    with pytest.raises(StageError, match="不能转为"):
        submit_nomination(nomination, actor=secretary)


def test_review_in_the_unit_goes_there_and_back_with_a_reason(unit, clerk, secretary):
    draft = NominationFactory(unit=unit)
    send_to_unit_review(draft, actor=clerk)
    nomination = send_back(draft, reason="数据请再核对", actor=secretary)

    assert (nomination.state, nomination.send_back_reason) == (State.DRAFT, "数据请再核对")
    assert events() == [Event.NOMINATION_SENT, Event.NOMINATION_SENT_BACK]
    assert send_to_unit_review(draft, actor=clerk).send_back_reason == ""


def test_withdrawing_needs_a_reason_and_gives_the_place_back(draft, unit, secretary):
    submit_nomination(draft, actor=secretary)
    with pytest.raises(StageError, match="撤回理由"):
        withdraw_nomination(draft, actor=secretary, reason="  ")

    withdraw_nomination(draft, actor=secretary, reason="改报其他项目")

    assert not Nomination.objects.holding_a_place().filter(unit=unit).exists()
    assert AuditEntry.objects.latest("pk").reason == "改报其他项目"


def test_a_qualified_file_cannot_be_withdrawn(unit, secretary):
    nomination = NominationFactory(unit=unit, full=True, qualified=True)

    with pytest.raises(StageError, match="资格合格"):
        withdraw_nomination(nomination, actor=secretary, reason="反悔")


# ---------------------------------------------------------------- partners


def test_a_partner_joins_only_when_its_own_secretary_confirms(draft, secretary):
    other = UnitFactory()
    partner = invite_partner(draft, unit=other, actor=secretary)
    assert frozen_content(draft)["partners"] == []

    confirm_partner(partner, actor=SecretaryFactory(unit=other))

    assert frozen_content(draft)["partners"][0]["name"] == other.name
    assert events() == [Event.PARTNER_INVITED, Event.PARTNER_CONFIRMED]


def test_a_partner_may_decline_and_be_asked_anew(draft, secretary):
    partner = invite_partner(draft, unit=UnitFactory(), actor=secretary)
    decline_partner(partner, actor=secretary)
    with pytest.raises(StageError, match="已谢绝"):
        confirm_partner(partner, actor=secretary)

    invite_partner(draft, unit=partner.unit, actor=secretary)
    confirm_partner(partner, actor=secretary)
    decline_partner(partner, actor=secretary)

    assert not draft.partners.confirmed().exists()
    remove_partner(partner, actor=secretary)
    assert not draft.partners.exists()


def test_nobody_is_asked_twice_nor_the_own_organization_nor_beyond_the_limit(draft, unit, secretary):
    for _ in range(3):
        partner = invite_partner(draft, unit=UnitFactory(), actor=secretary)

    with pytest.raises(StageError, match="无须重复邀请"):
        invite_partner(draft, unit=partner.unit, actor=secretary)
    with pytest.raises(StageError, match="超过上限3个"):
        invite_partner(draft, unit=UnitFactory(), actor=secretary)
    remove_partner(partner, actor=secretary)
    with pytest.raises(StageError, match="牵头单位不能同时"):
        invite_partner(draft, unit=UnitFactory(parent=unit), actor=secretary)
    with pytest.raises(StageError, match="申报范围"):
        invite_partner(draft, unit=UnitFactory(parent=CommitteeFactory(slug="other")), actor=secretary)
    assert draft.partners.count() == 2


def test_partners_are_settled_once_the_office_has_the_file(draft, secretary):
    partner = invite_partner(draft, unit=UnitFactory(), actor=secretary)
    submit_nomination(draft, actor=secretary)

    for act in (confirm_partner, decline_partner, remove_partner):
        with pytest.raises(StageError, match="不能再修改"):
            act(partner, actor=secretary)
    partner.refresh_from_db()
    assert (partner.confirmed_at, partner.declined_at) == (None, None)


# ---------------------------------------------------------------- files


def test_a_file_is_stored_under_a_name_that_says_nothing(draft, clerk):
    file = add_attachment(
        draft, upload=upload("张三的证明.pdf"), kind=AttachmentKind.EVIDENCE, blind_claimed=True, actor=clerk
    )

    assert "张三" not in file.file.name
    assert file.file.read() == PDF
    assert (file.name, file.sha256, file.blind_claimed, file.blind_ok) == (
        "张三的证明.pdf", sha256(PDF).hexdigest(), True, False,
    )  # fmt: skip


def test_the_stamped_form_is_never_claimed_to_be_blind(draft, clerk):
    file = add_attachment(draft, upload=upload(), kind=AttachmentKind.SEALED, blind_claimed=True, actor=clerk)

    assert not file.blind_claimed


def test_files_are_limited_and_the_stamped_form_does_not_count(draft, clerk):
    draft.campaign.attachments_limit = 1
    draft.campaign.save()
    add_attachment(draft, upload=upload("一.pdf"), kind=AttachmentKind.EVIDENCE, actor=clerk)

    with pytest.raises(StageError, match="达到上限"):
        add_attachment(draft, upload=upload("二.pdf", PDF + b"%%EOF"), kind="evidence", actor=clerk)
    with pytest.raises(StageError, match="已上传过"):
        add_attachment(draft, upload=upload("三.pdf"), kind=AttachmentKind.SEALED, actor=clerk)
    assert draft.attachments.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.commits
def test_a_removed_file_goes_with_its_content_after_the_commit(draft, clerk):
    file = add_attachment(draft, upload=upload(), kind=AttachmentKind.EVIDENCE, actor=clerk)
    storage, stored = file.file.storage, file.file.name
    assert storage.exists(stored)

    remove_attachment(file, actor=clerk)

    assert not Attachment.objects.filter(slug=file.slug).exists()
    assert not storage.exists(stored)


@pytest.mark.django_db(transaction=True)
@pytest.mark.commits
def test_a_file_that_was_submitted_is_kept_with_its_submission(draft, secretary):
    file = add_attachment(draft, upload=upload(), kind=AttachmentKind.EVIDENCE, actor=secretary)
    submit_nomination(draft, actor=secretary)
    return_for_correction(draft, "attachments")

    remove_attachment(file, actor=secretary)

    file.refresh_from_db()
    assert file.removed_at is not None
    assert file.file.storage.exists(file.file.name)
    assert file not in draft.attachments.present()


def test_a_returned_file_takes_only_the_files_it_was_asked_for(draft, clerk):
    AttachmentFactory(nomination=draft)
    return_for_correction(draft, "sealed")

    with pytest.raises(StageError, match="“附件”未列入补正意见"):
        add_attachment(draft, upload=upload(), kind=AttachmentKind.EVIDENCE, actor=clerk)
    assert add_attachment(draft, upload=upload(), kind=AttachmentKind.SEALED, actor=clerk).pk
