"""The unit's pages as each person asks for them, what they cost, and that nothing typed is lost."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from awards.campaign.models import Deadline, Phase, UnitQuota
from awards.nomination.actions.partners import confirm_partner, invite_partner
from awards.nomination.actions.submission import submit_nomination
from awards.nomination.forms.draft import NominationForm, claim_rows
from awards.nomination.models import Attachment, Correction, Nomination
from awards.nomination.papers import application_paper
from awards.nomination.queries.content import frozen_content
from awards.nomination.rules.eligibility import questions_for
from awards.states import State
from tests.factories.awards import AttachmentFactory, CampaignFactory, NominationFactory, UnitQuotaFactory
from tests.factories.services import ActivityFactory
from tests.factories.units import (
    AuditorFactory,
    ClerkFactory,
    MemberFactory,
    OfficeFactory,
    ReviewerUserFactory,
    SecadminFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
    UnitFactory,
)
from tests.filling import both_texts, carried, keeping, sent_back, sent_of
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.counting import count_characters

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
STRANGERS = [SysadminFactory, SecadminFactory, AuditorFactory, ReviewerUserFactory]
COMMITTEE = [OfficeFactory, SupervisorFactory]


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def secretary(unit):
    return SecretaryFactory(unit=unit)


@pytest.fixture
def draft(unit):
    return NominationFactory(unit=unit, full=True, ready=True)


def page(name, nomination, *more):
    return reverse(f"awards:{name}", args=[nomination.key, *more])


def as_sent(nomination, **changes):
    """What a browser would send of the form as it stands, with some answers changed."""
    form = NominationForm(instance=nomination)
    rows = claim_rows(nomination.claims.all())
    data = {"version": nomination.version, "claims-TOTAL_FORMS": len(rows.forms), "claims-INITIAL_FORMS": 0}
    data |= sent_of(form, *rows.forms) | changes
    return {name: value for name, value in data.items() if value is not None}


def return_for_correction(nomination, *fields, days=3):
    due = timezone.now() + timedelta(days=days)
    correction = Correction.objects.create(nomination=nomination, number=1, due_at=due)
    for field in fields:
        correction.items.create(field=field, remark=f"{field}请补充。")
    Nomination.objects.filter(pk=nomination.pk).update(
        state=State.RETURNED,
        correction_due_at=due,
        code=nomination.code or f"{nomination.campaign.code}-F-900",
    )
    nomination.refresh_from_db()


# ---------------------------------------------------------------- who

OWN_PAGES = [
    "nomination-edit", "nomination-evidence", "nomination-files", "nomination-partners", "nomination-submit",
    "nomination-withdraw", "nomination-map",
]  # fmt: skip


@pytest.mark.parametrize("name", OWN_PAGES)
def test_the_units_pages_open_for_its_people_and_for_nobody_else(client, unit, secretary, draft, name):
    url = page(name, draft)
    assert client.get(url).status_code == 302
    assert "/accounts/login/" in client.get(url)["Location"]
    for factory in COMMITTEE:
        client.force_login(factory())
        assert client.get(url).status_code == 403
    for factory in [*STRANGERS, SecretaryFactory, ClerkFactory, MemberFactory]:
        client.force_login(factory())
        assert client.get(url).status_code == 404
    branch = UnitFactory(parent=unit)
    client.force_login(SecretaryFactory(unit=branch))
    assert client.get(url).status_code == 404
    client.force_login(secretary)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("name", ["nomination-submit", "nomination-send-back"])
def test_a_clerk_neither_submits_nor_sends_back(client, unit, name):
    draft = NominationFactory(unit=unit, full=True, ready=True, state=State.UNIT_REVIEW)
    client.force_login(ClerkFactory(unit=unit))

    assert client.get(page(name, draft)).status_code == 403
    assert client.post(page(name, draft), {"reason": "不该"}).status_code == 403
    draft.refresh_from_db()
    assert draft.state == State.UNIT_REVIEW


def test_a_partners_people_read_the_file_but_do_not_write_it(client, draft):
    other = UnitFactory()
    partner = invite_partner(draft, unit=other, actor=None)
    confirm_partner(partner, actor=None)
    client.force_login(SecretaryFactory(unit=other))

    assert client.get(draft.get_absolute_url()).status_code == 200
    for name in OWN_PAGES:
        assert client.get(page(name, draft)).status_code == 403
    assert client.post(page("nomination-save", draft), as_sent(draft)).status_code == 403


@pytest.mark.parametrize("factory", STRANGERS)
def test_the_list_is_closed_to_those_who_have_no_part_in_nominations(client, factory):
    client.force_login(factory())

    assert client.get(reverse("awards:nomination-list")).status_code == 403
    assert client.get(reverse("awards:nomination-list"), {"export": "xlsx"}).status_code == 403
    assert client.get(reverse("awards:nomination-new")).status_code == 403


def test_a_post_that_ended_opens_nothing(client, unit, draft):
    clerk = ClerkFactory(unit=unit)
    clerk.posts.update(to_on=timezone.localdate() - timedelta(days=1))
    client.force_login(clerk)

    assert client.get(page("nomination-edit", draft)).status_code == 404


# ---------------------------------------------------------------- beginning


def start_data(campaign, unit, **answers):
    data = {f"q_{question.code}": "yes" for question in questions_for(campaign.year)}
    return data | {"category": campaign.categories.get(letter="Z").pk, "unit": unit.pk} | answers


def test_a_draft_begins_when_every_question_is_answered_yes(client, unit, secretary):
    campaign = CampaignFactory()
    client.force_login(secretary)
    assert "申报资格" in client.get(reverse("awards:nomination-new")).content.decode()

    answer = client.post(reverse("awards:nomination-new"), start_data(campaign, unit))

    nomination = Nomination.objects.get()
    assert answer["Location"] == page("nomination-edit", nomination)
    assert (nomination.category.letter, nomination.unit, nomination.created_by) == ("Z", unit, secretary)


def test_a_no_stops_with_the_rule_and_whom_to_ask(client, unit, secretary):
    campaign = CampaignFactory(contact_phone="0546-8001234")
    client.force_login(secretary)

    answer = client.post(reverse("awards:nomination-new"), start_data(campaign, unit, q_running="no"))

    text = answer.content.decode()
    assert "运行不满3个月的工作成效尚难核实" in text
    assert "0546-8001234" in text
    assert not Nomination.objects.exists()


def test_an_open_question_keeps_what_was_chosen(client, unit, secretary):
    campaign = CampaignFactory()
    client.force_login(secretary)
    data = start_data(campaign, unit)
    del data["q_veto"]

    answer = client.post(reverse("awards:nomination-new"), data)

    assert answer.context["form"].errors.keys() == {"q_veto"}
    assert answer.context["form"]["category"].value() == str(data["category"])
    assert not Nomination.objects.exists()


def test_nobody_begins_for_another_unit_or_copies_its_text(client, unit, secretary):
    other, campaign = NominationFactory(full=True), CampaignFactory()
    client.force_login(secretary)

    answer = client.post(
        reverse("awards:nomination-new"), start_data(campaign, other.unit, source=other.slug)
    )

    assert set(answer.context["form"].errors) == {"unit", "source"}
    assert Nomination.objects.count() == 1


def test_an_own_file_is_copied_without_what_another_category_is_asked(client, unit, secretary):
    source = NominationFactory(
        full=True, unit=unit, innovation_kind="first", document_number="东区字〔2025〕3号"
    )
    client.force_login(secretary)
    data = start_data(source.campaign, unit, source=source.slug)
    data["category"] = source.campaign.categories.get(letter="X").pk

    answer = client.post(reverse("awards:nomination-new"), data)

    assert answer.status_code == 302, answer.context["form"].errors
    copy = Nomination.objects.exclude(pk=source.pk).get()
    assert (copy.title, copy.background) == (source.title, source.background)
    content = frozen_content(copy)
    assert (content["innovation_kind"], content["document_number"]) == ("", "")


def test_a_unit_without_a_place_left_is_told_before_it_begins(client, unit, secretary):
    quota = UnitQuotaFactory(unit=unit, places=1)
    client.force_login(secretary)
    assert "已用完" not in client.get(reverse("awards:nomination-new")).content.decode()
    NominationFactory(campaign=quota.campaign, unit=unit, submitted=True)
    assert "本单位名额（1个）已用完" in client.get(reverse("awards:nomination-new")).content.decode()


def test_the_places_of_each_category_are_told_before_one_is_chosen(client, unit, secretary):
    taken = NominationFactory(
        campaign=UnitQuotaFactory(unit=unit, places=2, per_category=1).campaign, unit=unit, submitted=True
    )
    client.force_login(secretary)

    text = client.get(reverse("awards:nomination-new")).text
    assert f"{taken.category.name}（名额已用完）" in text
    assert text.count("（还可报1件）") == 2
    assert "本单位合计限报2件，已报1件" in text
    sent = start_data(taken.campaign, unit, category=taken.category_id)
    begun = client.post(reverse("awards:nomination-new"), sent, follow=True)
    assert "本单位在该类别的名额（1个）已用完。可以先写草稿" in begun.text


def test_a_unit_without_places_reads_whom_to_ask_before_it_writes(client, unit, secretary):
    CampaignFactory(contact_phone="0546-8200100")
    client.force_login(secretary)

    text = client.get(reverse("awards:nomination-new")).text
    assert "本单位没有本次评选的申报名额" in text
    assert "0546-8200100" in text


def test_the_same_project_in_two_categories_is_remarked_at_the_copy_and_before_submitting(
    client, unit, secretary
):
    source = NominationFactory(full=True, unit=unit)
    UnitQuotaFactory(campaign=source.campaign, unit=unit)
    client.force_login(secretary)
    remark = f"与本单位已在{source.category.name}申报的“{source.title}”相近。同一项目只能申报一个类别"

    letter = "X" if source.category.letter != "X" else "Z"
    other = source.campaign.categories.get(letter=letter)
    sent = start_data(source.campaign, unit, source=source.slug, category=other.pk)
    assert remark in client.post(reverse("awards:nomination-new"), sent, follow=True).text
    copy = Nomination.objects.exclude(pk=source.pk).get()
    assert remark in client.get(page("nomination-submit", copy)).text

    copy.title, copy.summary = "另一个完全不同的项目", "做法、成效与前者没有关系，讲的是另一件工作。"
    copy.save()
    assert remark not in client.get(page("nomination-submit", copy)).text


@pytest.mark.parametrize(
    ("typed", "kept"), [("９８．６", "98.6"), ("98.6 %", "98.6"), ("1，200.50", None), ("约九成", None)]
)
def test_figures_are_taken_as_offices_type_them_and_never_swallowed(client, secretary, draft, typed, kept):
    client.force_login(secretary)

    answer = client.post(page("nomination-edit", draft), as_sent(draft, satisfaction_percent=typed))

    draft.refresh_from_db()
    if kept:
        assert (answer.status_code, str(draft.satisfaction_percent)) == (302, "98.60")
    else:
        assert answer.context["form"].errors["satisfaction_percent"]
        assert f'value="{typed}"' in answer.content.decode()
        assert "maxlength" not in answer.content.decode().partition("<main")[2]


def test_outside_the_dates_the_page_says_so(client, secretary):
    CampaignFactory(now_in=Phase.SCREENING)
    client.force_login(secretary)

    assert "现在不能新建申报" in client.get(reverse("awards:nomination-new")).content.decode()
    sent = client.post(reverse("awards:nomination-new"), {}, follow=True)
    assert "现在不能新建申报" in sent.content.decode()
    assert not Nomination.objects.exists()


# ---------------------------------------------------------------- the form


def test_the_form_counts_as_the_server_does(client, unit, secretary):
    draft = NominationFactory(unit=unit, full=True, background="建成5G基站1200座。")
    client.force_login(secretary)

    response = client.get(page("nomination-edit", draft))

    texts = [draft.background, draft.practice, draft.innovation, draft.effect, draft.spread]
    used = sum(count_characters(text) for text in texts)
    assert [part.used for part in response.context["form"].parts() if part.sum] == [used]
    assert f"已写{used}字" in response.content.decode()


def test_saving_by_hand_keeps_everything_and_returns_to_the_form(client, secretary, draft):
    client.force_login(secretary)

    answer = client.post(page("nomination-edit", draft), as_sent(draft, summary="改好的\r\n摘要"))

    assert answer["Location"] == page("nomination-edit", draft)
    draft.refresh_from_db()
    assert draft.summary == "改好的\n摘要"
    assert draft.claims.get().value == 30


def test_sending_the_form_unchanged_changes_nothing(client, secretary, draft):
    client.force_login(secretary)
    before = Nomination.objects.filter(pk=draft.pk).values().get()

    client.post(page("nomination-edit", draft), as_sent(draft))

    assert Nomination.objects.filter(pk=draft.pk).values().get() == before


def test_a_refused_form_shows_what_is_wrong_and_keeps_what_was_typed(client, secretary, draft):
    client.force_login(secretary)
    sent = as_sent(draft, summary="写了很久的摘要", satisfaction_percent="120", ended_on="2001-01-01")

    answer = client.post(page("nomination-edit", draft), sent)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "写了很久的摘要" in text
    assert set(answer.context["form"].errors) == {"satisfaction_percent", "ended_on"}
    assert "其余内容已保存，有2处需要改正。" in text
    draft.refresh_from_db()
    assert (draft.summary, draft.satisfaction_percent) == ("写了很久的摘要", Decimal("98.6"))


def test_a_stale_form_shows_both_texts_and_saves_what_is_chosen(client, secretary, draft):
    client.force_login(secretary)
    mine = as_sent(draft, summary="我的摘要")
    client.post(page("nomination-edit", draft), as_sent(draft, summary="他人的摘要"))

    answer = client.post(page("nomination-edit", draft), mine)

    draft.refresh_from_db()
    assert draft.summary == "他人的摘要"
    assert both_texts(answer.context["fill"]) == [("摘要", "他人的摘要", "我的摘要")]
    text = answer.content.decode()
    assert "<ins>他人</ins>的摘要" in text
    fill = answer.context["fill"]
    client.post(page("nomination-edit", draft), mine | carried(fill))
    draft.refresh_from_db()
    assert draft.summary == "他人的摘要"  # nobody has chosen yet
    chosen = mine | carried(fill) | keeping("mine", fill)
    assert client.post(page("nomination-edit", draft), chosen).status_code == 302
    draft.refresh_from_db()
    assert draft.summary == "我的摘要"


def test_rows_of_claims_are_added_changed_and_dropped(client, secretary, draft):
    client.force_login(secretary)
    sent = as_sent(draft) | {
        "claims-0-indicator": "", "claims-0-value": "", "claims-0-measure": "", "claims-0-metric": "other",
        "claims-1-indicator": "平均用时", "claims-1-value": "5.50", "claims-1-metric": "other",
    }  # fmt: skip

    client.post(page("nomination-edit", draft), sent)

    assert [str(claim) for claim in draft.claims.all()] == ["平均用时 5.50"]


def test_a_claim_without_its_figure_is_refused_beside_the_field(client, secretary, draft):
    client.force_login(secretary)
    answer = client.post(page("nomination-edit", draft), as_sent(draft) | {"claims-1-indicator": "只有名称"})

    assert "请填写数字" in answer.content.decode()
    assert draft.claims.count() == 1


def test_the_claimed_figure_stands_beside_the_recorded_one(client, secretary, draft):
    client.force_login(secretary)

    text = client.get(page("nomination-edit", draft)).content.decode()

    assert "申报数高于记录15.4%" in text


def test_the_map_lists_the_gaps_with_their_places(client, unit, secretary):
    client.force_login(secretary)
    draft = NominationFactory(unit=unit, full=True, spread="", summary="字" * 301)

    response = client.get(page("nomination-edit", draft))

    gaps = {gap.anchor: gap.text for gap in response.context["map"].gaps}
    assert gaps["id_spread"] == "推广价值未填"
    assert gaps["files"] == "盖章申报表未上传"
    assert "超出1字" in gaps["id_summary"]
    for anchor in gaps:
        assert f'id="{anchor}"' in response.content.decode()


@pytest.mark.parametrize("letter", "FZX")
def test_each_category_asks_its_own_questions(client, unit, secretary, letter):
    campaign = CampaignFactory()
    draft = NominationFactory(unit=unit, campaign=campaign, category=campaign.categories.get(letter=letter))
    client.force_login(secretary)

    form = client.get(page("nomination-edit", draft)).context["form"]

    asked = {"innovation_kind", "document_number", "project_kind", "investment_done"} & set(form.fields)
    expected = {"F": {"innovation_kind"}, "Z": {"innovation_kind", "document_number"}}
    assert asked == expected.get(letter, {"project_kind", "investment_done"})


def test_of_a_returned_file_only_the_remarked_parts_are_open(client, secretary, draft):
    return_for_correction(draft, "summary")
    client.force_login(secretary)
    response = client.get(page("nomination-edit", draft))
    form = response.context["form"]

    assert {name for name, field in form.fields.items() if not field.disabled} == {"summary"}
    assert "summary请补充" in response.content.decode()
    client.post(page("nomination-edit", draft), as_sent(draft, summary="补正了", practice="夹带的改动"))
    draft.refresh_from_db()
    assert draft.summary == "补正了"
    assert draft.practice != "夹带的改动"


def test_a_submitted_file_is_not_edited_and_nothing_pretends_it_was(client, secretary, draft):
    nomination = submit_nomination(draft, actor=secretary)
    client.force_login(secretary)

    assert client.get(page("nomination-edit", nomination))["Location"] == nomination.get_absolute_url()
    answer = client.post(page("nomination-edit", nomination), as_sent(draft, summary="迟了"), follow=True)
    assert "没有保存" in answer.content.decode()
    nomination.refresh_from_db()
    assert nomination.summary != "迟了"


# ---------------------------------------------------------------- saving by itself


def test_autosave_says_when_it_saved_and_which_version(client, secretary, draft):
    client.force_login(secretary)

    answer = client.post(page("nomination-save", draft), as_sent(draft, summary="自动保存的摘要"))

    assert answer.status_code == 200
    assert answer.json()["version"] == 2
    assert len(answer.json()["saved_at"]) == 8
    assert not AuditEntry.objects.filter(target_kind="nomination").exists()


def test_autosave_of_a_stale_version_gives_both_texts_back(client, secretary, draft):
    client.force_login(secretary)
    client.post(page("nomination-save", draft), as_sent(draft, summary="他人的摘要"))

    answer = client.post(page("nomination-save", draft), as_sent(draft, summary="我的摘要"))

    assert answer.status_code == 409
    body = answer.json()
    assert (body["asked"], body["version"], body["saved_at"]) == (1, "1", "")
    assert "<ins>他人</ins>的摘要" in body["clash"]
    assert "<ins>我</ins>的摘要" in body["clash"]


def opened_form(client, draft) -> dict:
    """What the form is opened with: every box, and what it carries for the merge."""
    return as_sent(draft) | carried(client.get(page("nomination-edit", draft)).context["fill"])


def test_two_people_in_different_boxes_keep_both_texts(client, secretary, draft):
    client.force_login(secretary)
    opened = opened_form(client, draft)
    client.post(page("nomination-edit", draft), opened | {"practice": "他人写的做法"})

    answer = client.post(page("nomination-edit", draft), opened | {"spread": "我写的推广价值"})

    draft.refresh_from_db()
    assert answer.status_code == 302
    assert (draft.practice, draft.spread, draft.version) == ("他人写的做法", "我写的推广价值", 3)


def test_only_the_box_that_both_changed_is_asked_about(client, secretary, draft):
    client.force_login(secretary)
    opened = opened_form(client, draft)
    client.post(page("nomination-edit", draft), opened | {"practice": "他人的做法", "summary": "他人的摘要"})

    answer = client.post(
        page("nomination-edit", draft), opened | {"spread": "我的推广价值", "summary": "我的摘要"}
    )

    assert both_texts(answer.context["fill"]) == [("摘要", "他人的摘要", "我的摘要")]
    draft.refresh_from_db()
    assert (draft.spread, draft.summary) == ("我的推广价值", "他人的摘要")
    shown = answer.context["form"]
    assert [shown[name].value() for name in ("practice", "spread", "summary")] == [
        "他人的做法",
        "我的推广价值",
        "我的摘要",
    ]
    fill = answer.context["fill"]
    again = opened | {"practice": "他人的做法", "spread": "我的推广价值", "summary": "我的摘要"}
    again |= carried(fill) | keeping("mine", fill)
    client.post(page("nomination-edit", draft), again)
    draft.refresh_from_db()
    assert (draft.practice, draft.spread, draft.summary) == ("他人的做法", "我的推广价值", "我的摘要")


def test_a_refused_page_sent_again_takes_nothing_from_who_saved_meanwhile(client, secretary, draft):
    client.force_login(secretary)
    opened = opened_form(client, draft)
    client.post(page("nomination-edit", draft), opened | {"practice": "他人写的做法"})

    wrong = opened | {"spread": "我写的推广价值", "satisfaction_percent": "120"}
    refused = client.post(page("nomination-edit", draft), wrong)
    again = sent_back(refused.context["fill"]) | {"satisfaction_percent": ""}
    assert client.post(page("nomination-edit", draft), again).status_code == 302

    draft.refresh_from_db()
    assert (draft.practice, draft.spread) == ("他人写的做法", "我写的推广价值")


def test_autosave_takes_what_others_filled_and_tells_it(client, secretary, draft):
    client.force_login(secretary)
    opened = opened_form(client, draft)
    client.post(page("nomination-save", draft), opened | {"practice": "他人写的做法"})

    first = client.post(page("nomination-save", draft), opened | {"spread": "我写的推广价值"}).json()

    assert first["taken"] == {"practice": ["他人写的做法"]}
    following = opened | {"practice": "他人写的做法", "spread": "我又写了一句"}
    following |= {name: first[name] for name in ("version", "base", "opened")}
    assert client.post(page("nomination-save", draft), following).status_code == 200
    draft.refresh_from_db()
    assert (draft.practice, draft.spread) == ("他人写的做法", "我又写了一句")


def test_rows_of_claims_are_one_box_of_the_merge(client, secretary, draft):
    client.force_login(secretary)
    opened = opened_form(client, draft)
    client.post(
        page("nomination-save", draft), opened | {"claims-1-indicator": "用时", "claims-1-value": "5"}
    )

    answer = client.post(page("nomination-save", draft), opened | {"spread": "我写的推广价值"})

    assert answer.status_code == 200
    assert [str(claim) for claim in draft.claims.all()] == ["协调解决诉求 30.00件", "用时 5.00"]
    clash = client.post(
        page("nomination-save", draft), opened | {"claims-1-indicator": "人次", "claims-1-value": "9"}
    )
    assert clash.status_code == 409
    assert "量化成效第2项" in clash.json()["clash"]
    assert "用时" in clash.json()["clash"]


def test_autosave_refuses_field_by_field(client, secretary, draft):
    client.force_login(secretary)

    wrong = as_sent(draft) | {"claims-1-indicator": "用时", "claims-1-value": "很多"}
    answer = client.post(page("nomination-save", draft), wrong)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["claims-1-value"]
    assert answer.json()["saved_at"] == ""
    draft.refresh_from_db()
    assert draft.version == 1


def test_good_boxes_are_saved_though_one_is_bad(client, secretary, draft):
    client.force_login(secretary)
    sent = opened_form(client, draft) | {"spread": "好的一句", "satisfaction_percent": "120"}

    by_itself = client.post(page("nomination-save", draft), sent).json()
    draft.refresh_from_db()
    assert (draft.spread, draft.version) == ("好的一句", 2)
    assert list(by_itself["errors"]) == ["satisfaction_percent"]
    assert by_itself["saved_at"]

    sent |= {name: by_itself[name] for name in ("version", "base")} | {"practice": "又一句"}
    by_hand = client.post(page("nomination-edit", draft), sent)
    draft.refresh_from_db()
    text = by_hand.content.decode()
    assert (draft.practice, draft.version) == ("又一句", 3)
    assert 'value="120"' in text
    assert "其余内容已保存，有1处需要改正。" in text
    assert (
        client.post(
            page("nomination-edit", draft),
            sent | carried(by_hand.context["fill"]) | {"satisfaction_percent": "97"},
        ).status_code
        == 302
    )
    draft.refresh_from_db()
    assert (draft.satisfaction_percent, draft.practice) == (97, "又一句")


def test_whose_the_other_version_is_is_told(client, secretary, draft):
    client.force_login(secretary)
    opened = opened_form(client, draft)
    client.post(page("nomination-save", draft), opened | {"summary": "在另一窗口写的"})
    own = client.post(page("nomination-save", draft), opened | {"summary": "在这里写的"}).json()
    assert own["is_own"]
    assert "您在另一窗口保存的版本" in own["clash"]

    colleague = SecretaryFactory(unit=draft.unit)
    client.force_login(colleague)
    other = client.post(page("nomination-save", draft), opened | {"summary": "同事写的"}).json()
    assert not other["is_own"]
    assert f"{secretary}（" in other["clash"]


def test_autosave_without_a_session_redirects_to_the_login_page(client, draft):
    answer = client.post(page("nomination-save", draft), as_sent(draft))

    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_autosave_of_a_file_at_the_office_saves_nothing(client, secretary, draft):
    sent = as_sent(draft, summary="迟了")
    submit_nomination(draft, actor=secretary)
    client.force_login(secretary)

    answer = client.post(reverse("awards:nomination-save", args=[draft.slug]), sent)

    assert answer.status_code == 422
    assert "不能再修改" in answer.content.decode("unicode_escape")


# ---------------------------------------------------------------- records


def test_the_picker_lists_own_records_and_marks_the_unreviewed(client, unit, secretary, draft):
    ActivityFactory(unit=unit, sent=True, subject="待审核的走访")
    ActivityFactory(reviewed=True, subject="别家的走访")
    client.force_login(secretary)

    text = client.get(page("nomination-evidence", draft)).content.decode()

    assert "待审核的走访" in text
    assert "不能引用 待审核的走访" in text
    assert "别家的走访" not in text


def test_ticks_of_one_page_leave_the_others_alone(client, unit, secretary, draft):
    first, second = (ActivityFactory(unit=unit, reviewed=True, beneficiaries=7) for _ in range(2))
    elsewhere = draft.evidence.get().activity_id
    client.force_login(secretary)
    url = page("nomination-evidence", draft)

    client.post(url, {"shown": [first.pk, second.pk], "pick": [first.pk]})
    assert set(draft.evidence.values_list("activity", flat=True)) == {elsewhere, first.pk}
    answer = client.post(
        url, {"shown": [first.pk, second.pk], "pick": [second.pk]}, headers={"HX-Request": "true"}
    )

    assert set(draft.evidence.values_list("activity", flat=True)) == {elsewhere, second.pk}
    assert "已引用2条" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_foreign_record_cannot_be_ticked_by_hand(client, secretary, draft):
    foreign = ActivityFactory(reviewed=True)
    client.force_login(secretary)

    answer = client.post(page("nomination-evidence", draft), {"pick": [foreign.pk, "x"]}, follow=True)

    assert "不能引用" in answer.content.decode()
    assert draft.evidence.count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "企业"}, 1),
        ({"kind": "project"}, 1),
        ({"year": str(timezone.localdate().year - 1)}, 0),
        ({"year": "2001"}, 3),
        ({"cited": "on"}, 1),
        ({}, 3),
    ],
)
def test_the_picker_filters(client, unit, secretary, draft, query, found):
    ActivityFactory(unit=unit, reviewed=True, subject="走访企业")
    ActivityFactory(unit=unit, reviewed=True, kind="project")
    client.force_login(secretary)

    response = client.get(page("nomination-evidence", draft), query)

    assert response.context["page_obj"].paginator.count == found


# ---------------------------------------------------------------- files


def upload(client, draft, name="证明.pdf", content=PDF, **changes):
    data = {"file": SimpleUploadedFile(name, content), "kind": "evidence", "no_secrets": "on"} | changes
    return client.post(page("nomination-files", draft), {k: v for k, v in data.items() if v is not None})


def test_a_file_is_uploaded_with_its_confirmation(client, secretary, draft):
    client.force_login(secretary)
    assert upload(client, draft, blind_claimed="on").status_code == 302

    file = draft.attachments.get(name="证明.pdf")
    assert (file.blind_claimed, file.uploaded_by) == (True, secretary)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"no_secrets": None}, "请确认文件不涉密"),
        ({"name": "病毒.exe"}, "不能上传"),
        ({"content": b"MZ not a pdf"}, "内容不是PDF文件"),
        ({"content": b""}, "空"),
        ({"file": None}, "file"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason_and_nothing_else_is_lost(
    client, secretary, draft, changes, words
):
    client.force_login(secretary)
    changes = {"kind": "policy", "blind_claimed": "on"} | changes
    name, content = changes.pop("name", "证明.pdf"), changes.pop("content", PDF)

    answer = upload(client, draft, name, content, **changes)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert answer.context["form"]["kind"].value() == "policy"
    assert answer.context["form"]["blind_claimed"].value() is True
    assert draft.attachments.count() == 1


def test_a_full_list_refuses_beside_the_field(client, secretary, draft):
    draft.campaign.attachments_limit = 0
    draft.campaign.save()
    client.force_login(secretary)

    assert "达到上限" in upload(client, draft).content.decode()


def test_a_returned_file_offers_to_remove_only_what_it_was_asked_for(client, secretary, draft):
    other = AttachmentFactory(nomination=draft)
    sealed = draft.attachments.get(kind="sealed")
    nomination = submit_nomination(draft, actor=secretary)
    return_for_correction(nomination, "sealed")
    client.force_login(secretary)

    text = client.get(page("nomination-files", nomination)).content.decode()

    assert reverse("awards:attachment-remove", args=[nomination.key, sealed.slug]) in text
    assert reverse("awards:attachment-remove", args=[nomination.key, other.slug]) not in text


def test_removing_asks_first(client, secretary, draft):
    client.force_login(secretary)
    upload(client, draft)
    file = draft.attachments.get(name="证明.pdf")
    url = page("attachment-remove", draft, file.slug)

    assert "移除附件" in client.get(url).content.decode()
    assert Attachment.objects.filter(pk=file.pk).exists()
    client.post(url)
    assert not Attachment.objects.filter(pk=file.pk).exists()


def test_a_file_of_another_nomination_is_not_removed_through_this_one(client, secretary, draft):
    other = NominationFactory(full=True, ready=True)
    client.force_login(secretary)

    assert client.post(page("attachment-remove", draft, other.attachments.get().slug)).status_code == 404
    assert other.attachments.present().count() == 1


# ---------------------------------------------------------------- partners


def test_a_partner_is_invited_and_answers_on_its_own_page(client, secretary, draft):
    other = UnitFactory()
    client.force_login(secretary)
    client.post(page("nomination-partners", draft), {"unit": other.slug, "share": 40})

    client.force_login(ClerkFactory(unit=other))
    assert client.post(page("nomination-invitation", draft), {"answer": "confirm"}).status_code == 403
    client.force_login(SecretaryFactory(unit=other))
    text = client.get(reverse("awards:nomination-list")).content.decode()
    assert "联合申报邀请" in text
    client.post(page("nomination-invitation", draft), {"answer": "confirm"})

    partner = draft.partners.get()
    assert (partner.share, partner.confirmed_at is not None) == (40, True)


def test_a_declined_invitation_closes_the_file_to_the_unit(client, draft):
    partner = invite_partner(draft, unit=UnitFactory(), actor=None)
    client.force_login(SecretaryFactory(unit=partner.unit))

    answer = client.post(page("nomination-invitation", draft), {"answer": "decline"})

    assert answer["Location"] == reverse("awards:nomination-list")
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_an_uninvited_unit_finds_no_invitation(client, draft):
    client.force_login(SecretaryFactory())

    assert client.get(page("nomination-invitation", draft)).status_code == 404


# ---------------------------------------------------------------- submission


def test_the_check_page_tells_what_is_missing_and_the_places(client, unit, secretary, draft):
    draft.spread = ""
    draft.save()
    client.force_login(secretary)

    text = client.get(page("nomination-submit", draft)).content.decode()

    assert "还不能提交，缺1项" in text
    assert "本单位共2个，已用0个" in text


def test_the_check_page_tells_what_screening_will_find_in_the_dates(client, secretary, draft):
    today = timezone.localdate()
    march = date(today.year - 2, 3, 7)  # a month without holidays
    monday = march - timedelta(days=march.weekday())
    draft.started_on = today - timedelta(days=20)
    draft.unit_notice_from, draft.unit_notice_to = monday, monday + timedelta(days=3)
    draft.save()
    client.force_login(secretary)
    text = client.get(page("nomination-submit", draft)).content.decode()
    assert "运行不满3个月" in text
    assert "本单位公示4个工作日，少于5个工作日。" in text

    draft.started_on = today - timedelta(days=200)
    draft.unit_notice_to = monday + timedelta(days=4)
    draft.save()
    text = client.get(page("nomination-submit", draft)).content.decode()
    assert "运行不满3个月" not in text
    assert "本单位公示" not in text.partition("审查时可能问到")[2]


def test_after_the_dates_the_check_page_offers_no_button(client, secretary, draft):
    Deadline.objects.update(opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now())
    client.force_login(secretary)

    answer = client.get(page("nomination-submit", draft))

    assert "不在申报时间内" in answer.content.decode()
    assert answer.context["may_go"] is False
    client.post(page("nomination-submit", draft))
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_submitting_twice_in_the_browser_gives_one_nomination_and_a_receipt(client, secretary, draft):
    client.force_login(secretary)
    url = page("nomination-submit", draft)

    first, second = client.post(url), client.post(url)

    nomination = Nomination.objects.get()
    assert first["Location"] == second["Location"] == page("nomination-receipt", nomination)
    assert nomination.submissions.count() == 1
    text = client.get(first["Location"]).content.decode()
    assert nomination.submissions.get().sha256 in text
    assert "没有重复提交" in text


def test_the_last_place_taken_is_told_on_the_check_page(client, unit, secretary, draft):
    UnitQuota.objects.update(places=1, per_category=1)
    NominationFactory(campaign=draft.campaign, unit=unit, submitted=True)
    client.force_login(secretary)

    assert "名额（1个）已用完" in client.get(page("nomination-submit", draft)).content.decode()
    client.post(page("nomination-submit", draft))
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_clerk_hands_to_the_secretary_who_sends_it_back(client, unit, secretary, draft):
    client.force_login(ClerkFactory(unit=unit))
    assert "报书记审核" in client.get(page("nomination-send", draft)).content.decode()
    client.post(page("nomination-send", draft))
    draft.refresh_from_db()
    assert draft.state == State.UNIT_REVIEW

    client.force_login(secretary)
    assert client.post(page("nomination-send-back", draft), {"reason": ""}).status_code == 200
    client.post(page("nomination-send-back", draft), {"reason": "数据请核对"})
    draft.refresh_from_db()
    assert (draft.state, draft.send_back_reason) == (State.DRAFT, "数据请核对")


def test_withdrawing_asks_for_the_reason(client, secretary, draft):
    nomination = submit_nomination(draft, actor=secretary)
    client.force_login(secretary)

    assert "不能恢复" in client.get(page("nomination-withdraw", nomination)).content.decode()
    client.post(page("nomination-withdraw", nomination), {"reason": ""})
    nomination.refresh_from_db()
    assert nomination.state == State.SUBMITTED
    client.post(page("nomination-withdraw", nomination), {"reason": "改报其他项目"})
    nomination.refresh_from_db()
    assert nomination.state == State.WITHDRAWN


def test_a_difference_is_explained_in_its_own_box_before_it_is_handed_over(client, secretary, draft):
    draft.claims.update(metric="other", indicator="办结诉求", value=900)
    client.force_login(secretary)
    asked = "“办结诉求”申报数高于记录"
    assert asked in client.get(page("nomination-submit", draft)).text

    sent = as_sent(draft, **{"claims-0-explanation": "含热线转办的诉求。"})
    assert client.post(page("nomination-edit", draft), sent).status_code == 302
    assert draft.claims.get().explanation == "含热线转办的诉求。"
    assert asked not in client.get(page("nomination-submit", draft)).text
    paper = application_paper(draft)
    texts = [paragraph.text for paragraph in Document(BytesIO(paper.to_bytes())).paragraphs]
    assert "办结诉求的说明：含热线转办的诉求。" in texts


def test_the_paper_holds_the_form_with_its_texts_and_figures(client, secretary, draft):
    client.force_login(secretary)
    attached = AttachmentFactory(nomination=draft)

    answer = client.get(page("nomination-paper", draft))

    document = Document(BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert draft.practice in texts
    assert draft.leader_phone in cells
    assert "本单位党组织意见" in cells
    assert sum("负责人（签字）：" in cell for cell in cells) == 3
    assert "30件" in cells
    assert attached.name in cells


def test_the_office_reads_the_paper_on_record_and_nobody_else_at_all(client, secretary, draft):
    nomination = submit_nomination(draft, actor=secretary)
    client.force_login(SupervisorFactory())
    assert client.get(page("nomination-paper", nomination)).status_code == 403
    client.force_login(OfficeFactory())

    assert client.get(page("nomination-paper", nomination)).status_code == 200
    assert AuditEntry.objects.filter(event=Event.PERSONAL_DATA_READ, target_key=nomination.code).count() == 1


# ---------------------------------------------------------------- lists


def test_a_units_list_holds_its_own_files_and_those_it_joins(client, unit, secretary):
    own, joint = NominationFactory(unit=unit, title="自己的"), NominationFactory(title="联合的")
    joint.partners.create(unit=unit, confirmed_at=timezone.now())
    NominationFactory(title="别家的")
    client.force_login(secretary)

    text = client.get(reverse("awards:nomination-list"), {"q": ""}).content.decode()

    assert own.title in text
    assert joint.title in text
    assert "别家的" not in text
    found = client.get(reverse("awards:nomination-list"), {"q": "别家"})
    assert found.context["page_obj"].paginator.count == 0


@pytest.mark.parametrize("state", [State.PROPOSED, State.NOT_SELECTED])
def test_the_list_keeps_the_meetings_decision_inside(client, unit, secretary, state):
    NominationFactory(unit=unit, state=state)
    client.force_login(secretary)
    url = reverse("awards:nomination-list")

    text = client.get(url).content.decode()
    table = text[text.index("<table") :]
    assert "资格合格" in table
    assert State(state).label not in table
    assert client.get(url, {"state": state}).context["page_obj"].paginator.count == 0
    assert client.get(url, {"state": State.QUALIFIED}).context["page_obj"].paginator.count == 1
    book = load_workbook(BytesIO(client.get(reverse("awards:nomination-list"), {"export": "xlsx"}).content))
    cells = [cell.value for row in book.active.iter_rows() for cell in row]
    assert "资格合格" in cells
    assert State(state).label not in cells
    client.force_login(OfficeFactory())
    assert client.get(url, {"state": state}).context["page_obj"].paginator.count == 1


def test_with_two_stages_the_decision_looks_like_the_shortlist(client, unit, secretary):
    NominationFactory(unit=unit, campaign=CampaignFactory(two_stages=True), state=State.PROPOSED)
    client.force_login(secretary)

    rows = client.get(reverse("awards:nomination-list")).context["page_obj"].object_list
    assert [row.shown_state for row in rows] == [State.SHORTLISTED]


def test_the_notice_tells_the_decision(client, unit, secretary):
    campaign = CampaignFactory(outcome_public_at=timezone.now())
    NominationFactory(unit=unit, campaign=campaign, state=State.NOT_SELECTED)
    client.force_login(secretary)

    rows = client.get(reverse("awards:nomination-list")).context["page_obj"].object_list
    assert [row.shown_state for row in rows] == [State.NOT_SELECTED]


def test_the_office_filters_sorts_and_exports_its_year(client):
    campaign = CampaignFactory(code="2199", year=2199)
    for letter in "FFZ":
        category = campaign.categories.get(letter=letter)
        NominationFactory(campaign=campaign, category=category, submitted=True)
    NominationFactory(submitted=True)
    client.force_login(OfficeFactory())
    url = reverse("awards:nomination-list")

    assert client.get(url).context["page_obj"].paginator.count == 3
    assert client.get(url, {"campaign": ""}).context["page_obj"].paginator.count == 4
    query = {"campaign": "2199", "category": "F", "order": "-code"}
    codes = [row.code for row in client.get(url, query).context["page_obj"]]
    assert codes == sorted(codes, reverse=True)
    assert len(codes) == 2
    book = load_workbook(
        BytesIO(client.get(reverse("awards:nomination-list"), query | {"export": "xlsx"}).content)
    )
    exported = [row[0].value for row in book.active.iter_rows(min_row=4) if row[0].value in codes]
    assert exported == codes
    assert AuditEntry.objects.filter(event=Event.EXPORTED).count() == 1


# ---------------------------------------------------------------- cost


@pytest.fixture
def warm(client):
    """Signed in, past the first request, which writes the session."""

    def sign_in(user):
        client.force_login(user)
        client.get("/healthz/")
        client.get(reverse("awards:nomination-list"))

    return sign_in


@pytest.mark.parametrize("factory", [SecretaryFactory, OfficeFactory])
def test_the_list_costs_the_same_for_one_row_and_three(client, warm, cost, factory):
    campaign, unit = CampaignFactory(), UnitFactory()
    user = factory(unit=unit) if factory is SecretaryFactory else factory()
    warm(user)
    spent = []
    for _ in range(2):
        with cost() as one:
            assert client.get(reverse("awards:nomination-list")).status_code == 200
        spent.append(one)
        NominationFactory.create_batch(2, campaign=campaign, unit=unit)
    with cost() as three:
        client.get(reverse("awards:nomination-list"))

    assert spent[1].queries == three.queries <= 10


def test_the_list_fetches_the_same_number_of_rows_from_sixty_and_from_five_hundred(
    client, warm, rows_fetched
):
    campaign, unit = CampaignFactory(), UnitFactory()
    category = campaign.categories.first()
    warm(OfficeFactory())

    def add(number):
        Nomination.objects.bulk_create(
            Nomination(campaign=campaign, category=category, unit=unit, title=f"第{n}件")
            for n in range(number)
        )

    add(60)
    few = rows_fetched(client.get, reverse("awards:nomination-list"))
    add(440)
    assert rows_fetched(client.get, reverse("awards:nomination-list")) == few


def test_the_form_costs_ten_statements_and_a_save_fourteen(client, warm, cost, secretary, draft):
    warm(secretary)
    for _ in range(3):
        draft.claims.create(indicator="更多", value=1)
        draft.evidence.create(activity=ActivityFactory(unit=draft.unit, reviewed=True))
    with cost() as form:
        assert client.get(page("nomination-edit", draft)).status_code == 200
    sent = as_sent(draft, summary="新的摘要") | {"claims-4-indicator": "再多", "claims-4-value": "2"}
    with cost() as save:
        assert client.post(page("nomination-save", draft), sent).status_code == 200
    with cost() as picker:
        assert client.get(page("nomination-evidence", draft)).status_code == 200

    assert form.queries <= 10, form.statements
    assert picker.queries <= 10, picker.statements
    assert save.queries <= 14, "\n".join(save.statements)


def test_the_deadline_stands_in_the_head_with_weekday_and_hour(client, secretary, draft):
    closes = timezone.now().replace(hour=9, minute=30, second=0, microsecond=0) + timedelta(days=3)
    Deadline.objects.filter(phase=Phase.NOMINATION).update(closes_at=closes)
    client.force_login(secretary)

    text = client.get(page("nomination-edit", draft)).content.decode()

    local = timezone.localtime(closes)
    assert f"{local.month}月{local.day}日（周{'一二三四五六日'[local.weekday()]}）17:30" in text
