import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from awards.nomination.models import Claim, Evidence, Nomination, PreparedDecision, Submission
from awards.nomination.queries.content import frozen_content
from awards.result.models import Result
from awards.screening.actions.checks import Opinion, save_checks
from awards.screening.actions.decisions import prepare_decision, release_decisions
from awards.screening.models import ScreeningCheck
from awards.screening.queries.file import file_of, files
from awards.screening.queries.findings import findings_of
from awards.screening.rules.checklist import Answer, checks_for
from awards.states import State
from tests.awards.screening.support import answer_all, return_nomination, save_check
from tests.confirming import by_two
from tests.factories import (
    ActivityFactory,
    AttachmentFactory,
    CampaignFactory,
    CommitteeFactory,
    MemberFactory,
    NominationFactory,
    OfficeFactory,
    PostFactory,
    ReviewerUserFactory,
    SecretaryFactory,
    SubmissionFactory,
    SupervisorFactory,
    SysadminFactory,
    UnitFactory,
)
from tests.filling import both_texts, carried, keeping, sent_back
from units.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    user = OfficeFactory()
    client.force_login(user)
    return user


@pytest.fixture
def nomination():
    return NominationFactory(full=True, submitted=True)


def page(nomination, name="screening-file", *more):
    return reverse(f"awards:{name}", args=[nomination.campaign.code, nomination.code, *more])


def of_campaign(campaign, name):
    return reverse(f"awards:{name}", args=[campaign.code])


def typed(nomination, version="1-0", **others):
    """The form filled with 通过 everywhere but in the questions named."""
    data = {"version": version}
    category = nomination.category.letter
    for check in checks_for(category):
        verdict, remark = others.get(check.code, ("pass", ""))
        data |= {f"{check.code}-verdict": verdict, f"{check.code}-remark": remark, f"{check.code}-part": ""}
    return data


def every_url(nomination):
    for name in ("screening-queue", "screening-release", "screening-results"):
        yield of_campaign(nomination.campaign, name), name
    yield page(nomination), "screening-file"


# --- who may come in -----------------------------------------------------------------------------


def test_a_stranger_is_sent_to_the_login(client, nomination):
    for url, _ in every_url(nomination):
        assert client.get(url).url.startswith("/accounts/login/")


@pytest.mark.parametrize("factory", [SecretaryFactory, ReviewerUserFactory, MemberFactory, SysadminFactory])
def test_other_roles_are_refused(client, nomination, factory):
    client.force_login(factory())
    for url, _ in every_url(nomination):
        assert client.get(url).status_code == 403, url
        assert client.post(url).status_code == 403, url


def test_the_office_of_another_committee_finds_nothing(client, nomination):
    client.force_login(OfficeFactory(unit=CommitteeFactory(slug="other")))
    for url, _ in every_url(nomination):
        assert client.get(url).status_code == 404, url


def test_an_office_elsewhere_does_not_see_its_own_units_file(client, nomination):
    user = OfficeFactory(unit=CommitteeFactory(slug="other"))
    PostFactory(user=user, unit=nomination.unit, role=Role.SECRETARY)
    client.force_login(user)

    assert client.get(page(nomination)).status_code == 404


def test_the_supervisor_reads_and_does_not_act(client, nomination):
    client.force_login(SupervisorFactory())

    answer = client.get(page(nomination))
    assert answer.status_code == 200
    assert answer.context["form"] is None
    assert client.post(page(nomination), typed(nomination)).status_code == 403
    assert client.post(page(nomination, "screening-discard")).status_code == 403
    assert client.get(of_campaign(nomination.campaign, "screening-release")).status_code == 403
    assert not ScreeningCheck.objects.exists()


def test_a_draft_has_no_page(client, office):
    draft = NominationFactory()

    assert (
        client.get(reverse("awards:screening-file", args=[draft.campaign.code, draft.slug])).status_code
        == 404
    )


# --- nothing leaks before the release ------------------------------------------------------------


def test_the_unit_sees_no_difference_until_the_release(client, nomination):
    secretary, office = SecretaryFactory(unit=nomination.unit), OfficeFactory()
    client.force_login(secretary)
    urls = [reverse("awards:nomination-list"), nomination.get_absolute_url()]

    def seen():
        """The pages without what differs at every request: form tokens and the server's clock."""
        texts = [client.get(url).content.decode() for url in urls]
        return [re.sub(r'csrf\w*" value="\w+"|<time.*?</time>', "", text) for text in texts]

    before = seen()
    answer_all(nomination, actor=office, seal=("fix", "印章不清"))
    prepare_decision(nomination, to=State.RETURNED, actor=office)
    assert seen() == before

    release_decisions(nomination.campaign, actor=office)
    assert "印章不清" in seen()[1]


def test_results_hold_what_was_released_alone(client, nomination, office):
    answer_all(nomination, actor=office, seal=("fail", "没有盖章"))
    prepare_decision(nomination, to=State.INELIGIBLE, actor=office)

    answer = client.get(of_campaign(nomination.campaign, "screening-results"))

    sheet = load_workbook(BytesIO(answer.content)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert nomination.code in cells
    assert "待资格审查" in cells
    assert not [cell for cell in cells if "没有盖章" in cell]


# --- the way through the pages -------------------------------------------------------------------


def test_the_office_answers_prepares_and_releases(client, nomination, office):
    client.post(page(nomination), typed(nomination) | {"prepare": "1"})
    assert PreparedDecision.objects.get().to_state == State.QUALIFIED
    release = of_campaign(nomination.campaign, "screening-release")
    assert nomination.code in client.get(release).content.decode()

    assert "已统一下达1件" in by_two(client, release)

    nomination.refresh_from_db()
    assert nomination.state == State.QUALIFIED
    assert client.get(page(nomination)).status_code == 200


def test_saving_alone_prepares_nothing(client, nomination, office):
    client.post(page(nomination), typed(nomination))

    assert ScreeningCheck.objects.count() == 12
    assert not PreparedDecision.objects.exists()


def test_a_fault_without_a_reason_is_kept_and_said(client, nomination, office):
    answer = client.post(
        page(nomination), typed(nomination, seal=("fix", "")) | {"prepare": "1"}, follow=True
    )

    assert "须写明原因" in answer.content.decode()
    assert ScreeningCheck.objects.get(item="seal").verdict == "fix"
    assert not PreparedDecision.objects.exists()


def test_after_preparing_the_next_open_file_is_shown(client, nomination, office):
    other = NominationFactory(full=True, submitted=True, campaign=nomination.campaign)

    answer = client.post(page(nomination), typed(nomination) | {"prepare": "1"})

    assert answer.url == page(other)


def test_a_prepared_decision_is_taken_back(client, nomination, office):
    client.post(page(nomination), typed(nomination) | {"prepare": "1"})

    assert client.get(page(nomination)).context["form"] is None
    client.post(page(nomination, "screening-discard"))

    assert client.get(page(nomination)).context["form"] is not None


def test_two_officers_on_one_file_keep_each_others_answers(client, nomination, office):
    opened = sent_back(client.get(page(nomination)).context["fill"])
    theirs = {"seal-verdict": "fix", "seal-remark": "印章不清"}
    other = Client()
    other.force_login(OfficeFactory(name="另一人"))
    other.post(page(nomination), opened | theirs)

    mine = {"veto-verdict": "fail", "veto-remark": "有事故", "seal-verdict": "pass", "prepare": "1"}
    answer = client.post(page(nomination), opened | mine)

    fill = answer.context["fill"]
    text = answer.content.decode()
    assert [one[1:] for one in both_texts(fill) if one[0] == fill.filled.label("seal-verdict")] == [
        ("需补正", "通过")
    ]
    assert "另一人（" in text
    assert 'value="有事故"' in text
    found = dict(ScreeningCheck.objects.values_list("item", "verdict"))
    assert (found["seal"], found["veto"]) == ("fix", "fail")
    assert not nomination.prepared_decisions.exists()  # what the page did not show is not decided on

    client.post(page(nomination), sent_back(fill) | keeping("mine", fill))
    assert ScreeningCheck.objects.get(item="seal").verdict == "pass"


def test_after_a_correction_the_page_shows_what_changed(client, nomination, office):
    answer_all(nomination, actor=office, evidence=("fix", "请补充数据来源"))
    return_nomination(nomination, actor=office)
    nomination.refresh_from_db()
    old = nomination.effect
    nomination.effect, nomination.state = old + "另有回访记录。", State.SUBMITTED
    nomination.save()
    SubmissionFactory(nomination=nomination)

    answer = client.get(page(nomination)).content.decode()

    assert "<ins>另有回访记录。</ins>" in answer
    assert "上次：需补正，请补充数据来源" in answer
    assert "第2次提交" in answer


def test_the_office_reads_a_returned_file_as_it_was_submitted(client, nomination, office):
    answer_all(nomination, actor=office, evidence=("fix", "请补充数据来源"))
    return_nomination(nomination, actor=office)
    type(nomination).objects.filter(pk=nomination.pk).update(summary="单位正在修改的文字")

    assert "单位正在修改的文字" not in client.get(page(nomination)).content.decode()


def test_phones_are_masked_beside_the_checklist(client, nomination, office):
    text = client.get(page(nomination)).content.decode()

    assert "13800000001" not in text
    assert "138****0001" in text


def test_an_attachment_is_opened_to_reviewers_and_closed_again(client, nomination, office):
    attachment = AttachmentFactory(nomination=nomination, blind_claimed=True)
    url = page(nomination, "screening-blind", attachment.slug)

    for ok in (True, False):
        client.post(url, {"ok": "1" if ok else "0"})
        attachment.refresh_from_db()
        assert attachment.blind_ok is ok
    other = AttachmentFactory(blind_claimed=True)
    assert client.post(page(nomination, "screening-blind", other.slug), {"ok": "1"}).status_code == 404


# --- the queue -----------------------------------------------------------------------------------


def test_the_tabs_count_what_they_show(client, office):
    campaign = CampaignFactory()
    waiting, prepared = (NominationFactory(submitted=True, campaign=campaign) for _ in range(2))
    NominationFactory(qualified=True, campaign=campaign)
    NominationFactory(campaign=campaign)
    for state in (State.RETURNED, State.INELIGIBLE, State.LAPSED):
        NominationFactory(state=state, campaign=campaign)
    answer_all(prepared, actor=office)
    prepare_decision(prepared, to=State.QUALIFIED, actor=office)
    url = of_campaign(campaign, "screening-queue")

    shown = {}
    for tab in ("open", "prepared", "returned", "qualified", "refused", "all"):
        context = client.get(url, {"tab": tab}).context
        shown[tab] = context["paginator"].count
        assert {one["url"][5:]: one["count"] for one in context["tabs"]}[tab] == shown[tab]
    assert shown == {"open": 1, "prepared": 1, "returned": 1, "qualified": 1, "refused": 2, "all": 6}
    assert list(client.get(url).context["page_obj"]) == [waiting]


@pytest.mark.parametrize(
    ("query", "found"),
    [({"category": "F"}, 1), ({"category": "Z"}, 1), ({"q": "不存在"}, 0), ({"fault": "some"}, 1), ({}, 2)],
)
def test_the_queue_is_filtered(client, office, query, found):
    campaign = CampaignFactory()
    NominationFactory(submitted=True, campaign=campaign)
    faulty = NominationFactory(
        submitted=True, campaign=campaign, category=campaign.categories.get(letter="Z")
    )
    save_check(faulty, item="seal", verdict="fix", remark="印章不清", actor=office)

    assert client.get(of_campaign(campaign, "screening-queue"), query).context["paginator"].count == found


def test_the_queue_is_searched_by_unit_and_code(client, office):
    campaign = CampaignFactory()
    one, _ = (NominationFactory(submitted=True, campaign=campaign) for _ in range(2))
    url = of_campaign(campaign, "screening-queue")

    for words in (one.code, one.unit.name):
        assert list(client.get(url, {"q": words}).context["page_obj"]) == [one]


@pytest.mark.parametrize("tab", ["open", "all"])
def test_the_queue_costs_the_same_for_one_row_and_three(client, office, cost, tab):
    spent = []
    for rows in (1, 3):
        campaign = CampaignFactory()
        for nomination in NominationFactory.create_batch(rows, submitted=True, campaign=campaign):
            save_check(nomination, item="seal", verdict="pass", actor=office)
        url = of_campaign(campaign, "screening-queue")
        client.get(url)
        with cost() as one:
            client.get(url, {"tab": tab})
        spent.append(one.queries)
    assert spent[0] == spent[1] <= 10


def test_queue_and_file_fetch_as_many_rows_at_60_files_as_at_500(client, office, rows_fetched):
    """All titles and texts are alike: what looks for similar files is held to its candidates as well."""
    campaign = CampaignFactory()
    first = NominationFactory(full=True, submitted=True, campaign=campaign)
    urls = [of_campaign(campaign, "screening-queue"), page(first)]
    fetched = []
    for number in (60, 500):
        fill(campaign, first, number)
        fetched.append([(client.get(url), rows_fetched(client.get, url))[1] for url in urls])
    assert fetched[0] == fetched[1]


def fill(campaign, first, number):
    """Files like `first`, in bulk, until the year has `number` of them."""
    have, content = campaign.nominations.count(), first.submissions.get().content
    columns = {name: content[name] for name in ("title", "summary", "background")}
    rows = Nomination.objects.bulk_create(
        Nomination(
            campaign=campaign, category=first.category, unit=first.unit, state=State.SUBMITTED,
            code=f"{campaign.code}-F-9{place:03d}", submitted_at=timezone.now(), **columns,
        )
        for place in range(have, number)
    )  # fmt: skip
    Submission.objects.bulk_create(
        Submission(nomination=row, number=1, content=content, sha256="0" * 64) for row in rows
    )


def test_the_office_prepares_from_the_queue_and_the_supervisor_does_not(client, nomination):
    office, url = OfficeFactory(), of_campaign(nomination.campaign, "screening-prepare")
    answer_all(nomination, actor=office)
    client.force_login(SupervisorFactory())
    assert url not in client.get(of_campaign(nomination.campaign, "screening-queue")).content.decode()
    assert client.post(url).status_code == 403
    client.force_login(OfficeFactory(unit=CommitteeFactory(slug="elsewhere")))
    assert client.post(url).status_code == 404
    client.force_login(office)
    assert url in client.get(of_campaign(nomination.campaign, "screening-queue")).content.decode()
    assert "已拟定1件" in client.post(url, follow=True).content.decode()
    assert nomination.prepared_decisions.get().to_state == State.QUALIFIED


def test_a_files_page_costs_ten_statements_with_all_its_rows(client, office, cost):
    nomination = NominationFactory(full=True, submitted=True)
    spent = []
    for _ in range(2):
        AttachmentFactory.create_batch(3, nomination=nomination)
        client.get(page(nomination))
        with cost() as one:
            client.get(page(nomination))
        spent.append(one)
        answer_all(nomination, actor=office, seal=("fix", "印章不清"))
        return_nomination(nomination, actor=office)
        Nomination.objects.filter(pk=nomination.pk).update(state=State.SUBMITTED, correction_due_at=None)
        SubmissionFactory(nomination=nomination, number=len(spent) + 1)
        answer_all(nomination, actor=office)
    assert max(one.queries for one in spent) <= 10, "\n".join(spent[-1].statements)


# --- what the system finds by itself -------------------------------------------------------------


def found(nomination):
    return findings_of(file_of(files().get(pk=nomination.pk)))


def submit(nomination):
    """Freeze what stands, as the unit's own action does."""
    SubmissionFactory(nomination=nomination, content=frozen_content(nomination))
    return nomination


def test_a_file_with_nothing_amiss_is_proposed_to_pass(office):
    nomination = NominationFactory(
        full=True, submitted=True, satisfaction_sample=50, satisfaction_percent=96,
        started_on=date(timezone.localdate().year, 1, 5),
    )  # fmt: skip
    year = timezone.localdate().year
    for month in (1, 4, 5):
        activity = ActivityFactory(
            unit=nomination.unit, reviewed=True, happened_on=date(year, month, 10), beneficiaries=10
        )
        Evidence.objects.create(nomination=nomination, activity=activity)
    Claim.objects.create(nomination=nomination, metric="beneficiaries", indicator="受益人次", value=33)
    AttachmentFactory(nomination=nomination, kind="sealed")
    submit(nomination)

    findings, similar = found(nomination)

    answers = {item: finding.mark.answer for item, finding in findings.items() if finding.mark}
    assert answers.pop("year") in (Answer.PASS, Answer.FAIL)  # three months may not have passed in spring
    assert set(answers.values()) == {Answer.PASS}, findings
    assert not similar


def test_a_claim_a_tenth_above_the_records_is_flagged(office):
    nomination = NominationFactory(full=True, submitted=True)
    activity = ActivityFactory(unit=nomination.unit, reviewed=True, beneficiaries=100)
    Evidence.objects.create(nomination=nomination, activity=activity)
    Claim.objects.create(nomination=nomination, metric="beneficiaries", indicator="受益人次", value=111)
    submit(nomination)

    mark = found(nomination)[0]["records"].mark

    assert mark.answer == Answer.FIX
    assert "受益人次”申报数高于记录11.0%" in mark.reason
    assert "引用服务记录1条" in mark.reason


def test_a_claim_called_something_else_is_held_against_what_its_name_means(client, office):
    nomination = NominationFactory(full=True, submitted=True)
    activity = ActivityFactory(unit=nomination.unit, reviewed=True, beneficiaries=62)
    Evidence.objects.create(nomination=nomination, activity=activity)
    claim = Claim.objects.create(nomination=nomination, metric="other", indicator="受益群众", value=8000)
    submit(nomination)
    gap = "“受益群众”申报数高于记录12803.2%"

    finding = found(nomination)[0]["records"]
    assert (finding.mark.answer, gap in finding.mark.reason) == (Answer.FIX, True)
    assert "申报数高于记录12803.2%" in client.get(page(nomination)).text

    claim.explanation = "含线上服务平台的受益人，平台后台可查。"
    claim.save()
    submit(nomination)
    finding = found(nomination)[0]["records"]
    assert gap not in finding.mark.reason
    assert f"{gap}。申报单位说明：{claim.explanation}" in finding.hints
    read = client.get(page(nomination)).text, client.get(nomination.get_absolute_url()).text
    assert all(f"说明：{claim.explanation}" in text for text in read)


@pytest.mark.parametrize("letter", ["F", "Z", "X"])
def test_claims_and_records_are_shown_in_every_category(client, office, letter):
    campaign = CampaignFactory()
    nomination = NominationFactory(
        full=True, submitted=True, campaign=campaign, category=campaign.categories.get(letter=letter)
    )
    activity = ActivityFactory(unit=nomination.unit, reviewed=True, beneficiaries=100, subject="社区义诊")
    Evidence.objects.create(nomination=nomination, activity=activity)
    Claim.objects.create(nomination=nomination, metric="beneficiaries", indicator="受益群众", value=111)
    submit(nomination)

    text = client.get(page(nomination)).content.decode()

    for words in ("受益群众", "社区义诊", "申报数高于记录11.0%"):
        assert words in text.partition("h-check")[0]


def test_too_many_places_held_are_found(office):
    nomination = NominationFactory(full=True, submitted=True)
    NominationFactory(campaign=nomination.campaign, unit=nomination.unit, submitted=True)

    assert found(nomination)[0]["quota"].mark.answer == Answer.FAIL


def test_a_unit_that_no_longer_exists_is_found(office):
    unit = UnitFactory(active_to=timezone.localdate() - timedelta(days=1))
    nomination = NominationFactory(submitted=True, unit=unit)

    assert found(nomination)[0]["unit"].mark.answer == Answer.FAIL


@pytest.mark.parametrize(("last", "answer"), [("2026-11-06", Answer.PASS), ("2026-11-05", Answer.FIX)])
def test_the_units_own_notice_runs_five_working_days(office, last, answer):
    nomination = NominationFactory(
        full=True, submitted=True, unit_notice_from=date(2026, 11, 2), unit_notice_to=last
    )
    submit(nomination)

    assert found(nomination)[0]["unit_notice"].mark.answer == answer


def test_the_units_names_in_the_text_are_found(office):
    unit = UnitFactory(name="测试区水利局机关党委", short_name="区水利局")
    nomination = NominationFactory(full=True, submitted=True, unit=unit, practice="由 区水利局 牵头办理。")

    hints = found(nomination)[0]["blind"].hints

    assert len(hints) == 1
    assert hints[0].startswith("主要做法出现区水利局（1处）")


def test_last_years_winner_put_forward_again_is_found(office):
    old = NominationFactory(full=True, state=State.SELECTED, title="企业开办全程帮办服务")
    new = NominationFactory(full=True, submitted=True, unit=old.unit, title="企业开办全程帮办服务")

    findings, similar = found(new)

    assert [one.code for one in similar] == [old.code]
    assert findings["repeat"].mark.answer == Answer.FAIL
    assert old.code in findings["repeat"].mark.reason


def test_a_proposed_refusal_waits_for_a_person_to_tick_it(client, office):
    old = NominationFactory(full=True, state=State.SELECTED, title="企业开办全程帮办服务")
    new = NominationFactory(full=True, submitted=True, unit=old.unit, title="企业开办全程帮办服务")
    answer = client.get(page(new))
    form = answer.context["form"]
    assert not form["repeat-verdict"].value()
    assert old.code in form["repeat-remark"].value()

    client.post(page(new), carried(answer.context["fill"]) | {"prepare": "1"})

    assert not new.prepared_decisions.exists()


def test_a_copied_text_is_found_under_a_wholly_new_title(office):
    old = NominationFactory(full=True, submitted=True, title="企业开办全程帮办服务")
    new = NominationFactory(full=True, submitted=True, campaign=old.campaign, title="老旧小区充电桩改造")
    other = "秋季森林防火巡护，无人机与护林员协同，火点三分钟内上报。"
    texts = dict.fromkeys(("summary", "background", "practice", "innovation", "effect", "spread"), other)
    NominationFactory(full=True, submitted=True, campaign=old.campaign, title="林区巡护", **texts)

    similar = found(new)[1]

    assert [(one.code, one.text_percent) for one in similar] == [(old.code, 100)]


def test_a_revoked_work_put_forward_again_is_shown_with_its_ban(office):
    old = NominationFactory(full=True, submitted=True, title="企业开办全程帮办服务")
    Result.objects.create(
        campaign=old.campaign, nomination=old, category=old.category, title=old.title, unit_name="某局",
        revoked_at=timezone.now(), revoke_reason="材料造假", banned_until=date(2029, 11, 20),
    )  # fmt: skip
    new = NominationFactory(full=True, submitted=True, campaign=old.campaign, title="企业开办全程帮办服务")

    assert "同一成果限报至2029年11月20日" in found(new)[0]["repeat"].hints[0]


def test_another_units_text_is_a_hint_and_no_answer(office):
    old = NominationFactory(full=True, submitted=True, title="企业开办全程帮办服务")
    new = NominationFactory(full=True, submitted=True, campaign=old.campaign, title="企业开办全程帮办服务")

    findings, _ = found(new)

    assert findings["repeat"].mark.answer == Answer.PASS
    assert f"与{old.code}" in findings["repeat"].hints[0]
    assert "内容相似100%" in findings["repeat"].hints[0]


def test_drafts_of_others_are_never_compared(office):
    NominationFactory(full=True, title="企业开办全程帮办服务")
    new = NominationFactory(full=True, submitted=True, title="企业开办全程帮办服务")

    assert found(new)[1] == []


def test_the_reason_of_a_passed_question_is_dropped(client, nomination, office):
    save_checks(nomination, {"seal": Opinion("fix", "印章不清")}, actor=office)
    version = client.get(page(nomination)).context["fill"].version

    client.post(page(nomination), typed(nomination, version, seal=("pass", "印章不清")))

    assert ScreeningCheck.objects.get(item="seal").remark == ""
