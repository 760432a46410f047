"""Files on their way to reviewers who must not know whose work they read."""

import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from docx import Document

from awards.errors import StageError
from awards.nomination.actions.attachments import add_attachment, keep_reading
from awards.nomination.models import BlindCorrection
from awards.panel.actions.assigning import assign_entries
from awards.panel.actions.panels import open_panel
from awards.panel.queries.race import entries_of, wanting
from awards.review.queries.reading import read_submission
from awards.screening.actions.checks import confirm_blind
from awards.screening.rules.blindness import MAIL, PHONE, find_identity, mask
from tests.awards.panel.test_actions import panel_with
from tests.confirming import by_two
from tests.factories import (
    AssignmentFactory,
    AttachmentFactory,
    NominationFactory,
    OfficeFactory,
    SubmissionFactory,
)
from units.audit.models import AuditEntry
from units.uploads import receive

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------- any telephone number


@pytest.mark.parametrize(
    "text",
    [
        "电话05468200111。", "０５４６－８２００１１１", "（0546）8221234", "手机138 1234 5678", "+86 13812345678",
        "1\u200b3\u200b8\u200b1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7\u200b8", "2025年 13812345678", "400-811-2345",
        "联系电话：8200111", "办公电话 822 0111", "138.1234.5678", "0546.8221234",
        "138_1234_5678", "138/1234/5678", "138·1234·5678", "座机8221234", "拨打822-0111",
    ],
)  # fmt: skip
def test_any_telephone_number_is_found_however_it_is_typed(text):
    assert [span.name for span in find_identity(text, [])] == [PHONE]
    left = "".join(piece.text for piece in mask(text, find_identity(text, [])) if not piece.hidden)
    assert sum(character.isdigit() for character in left) <= 4


@pytest.mark.parametrize(
    "text",
    [
        "投入13800000000.50元",
        "3000000元",
        "服务8200111人次",
        "编号370502198001011234",
        "2026年3月12日",
        "12345热线",
        "增长0.5466",
        "完成138.1234万元",
        "文号138.1234.56789",
        "座机8台",
    ],
)
def test_figures_are_no_telephone_numbers(text):
    assert find_identity(text, []) == []


@pytest.mark.parametrize(
    "text", ["邮箱wsj@dongying.gov.cn。", "ＷＳＪ＠ｄｏｎｇｙｉｎｇ．ｇｏｖ．ｃｎ", "8200111_a@163.com"]
)
def test_a_mail_address_is_found(text):
    assert [span.name for span in find_identity(text, [])] == [MAIL]


@pytest.mark.parametrize("text", ["满意率@2026年", "A@B", "微信@所有人"])
def test_a_sign_alone_is_no_mail_address(text):
    assert find_identity(text, []) == []


# ---------------------------------------------------------------- what screening is shown


def handed_over(content, name="台账.docx", **unit):
    """A file as its unit handed it in, listed by the submission that is screened."""
    nomination = NominationFactory(submitted=True, **unit)
    upload = receive(ContentFile(content), name=name)
    file = AttachmentFactory(nomination=nomination, name=upload.display_name, blind_claimed=True)
    keep_reading(file, upload)
    SubmissionFactory(nomination=nomination)
    return nomination, file


def document(text):
    out, paper = io.BytesIO(), Document()
    paper.add_paragraph(text)
    paper.save(out)
    return out.getvalue()


def screening_page(client, nomination):
    client.force_login(OfficeFactory(unit=nomination.campaign.organiser))
    url = reverse("awards:screening-file", args=[nomination.campaign.code, nomination.code])
    return client.get(url).content.decode()


def test_names_and_numbers_inside_a_file_stand_beside_it(client):
    content = document("卫生健康局联系人的手机13812345678")
    nomination, _ = handed_over(content, unit__name="区卫生健康局", unit__short_name="卫健局")
    page = screening_page(client, nomination)
    assert "文字中出现卫生健康局（1处）" in page
    assert "文字中出现电话号码（1处）" in page


def test_what_a_file_says_is_kept_when_it_is_taken():
    draft = NominationFactory()
    upload = receive(ContentFile(document("东营区水利局")), name="台账.docx")
    file = add_attachment(draft, upload=upload, kind="evidence", blind_claimed=True, actor=None)
    assert (file.reading.text.strip(), file.reading.is_read, file.reading.traces) == (
        "东营区水利局",
        True,
        [],
    )


def test_a_file_that_nobody_could_read_says_so(client):
    nomination, _ = handed_over(b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "扫描.pdf")
    assert "无法自动检查，请打开核对" in screening_page(client, nomination)


def test_a_file_that_keeps_its_makers_name_is_refused_to_reviewers_with_the_reason(client):
    signed = (
        b"%PDF-1.7\n1 0 obj<</Author(Zhang San)/ByteRange[0 1 2 3]>>endobj\ntrailer<</Info 1 0 R>>\n%%EOF\n"
    )
    nomination, file = handed_over(signed, "盖章.pdf")
    page = screening_page(client, nomination)
    assert "文档属性无法清除：Zhang San" in page
    assert "确认可供" not in page
    with pytest.raises(StageError, match="Zhang San"):
        confirm_blind(file, ok=True, actor=None)
    file.refresh_from_db()
    assert not file.blind_ok


# ---------------------------------------------------------------- settled before the panel opens


def test_a_panel_does_not_open_while_a_file_is_undecided():
    panel, office = panel_with(reviewers=5, entries=1), OfficeFactory()
    assign_entries(panel, actor=office)
    entries = list(entries_of(panel))
    file = AttachmentFactory(nomination=entries[0], blind_claimed=True)
    assert wanting(panel).unsettled == 1
    with pytest.raises(StageError, match="还有1件参评项目的附件没有确认"):
        open_panel(panel, actor=office)
    confirm_blind(file, ok=False, actor=office)
    open_panel(panel, actor=office)
    entries[0].refresh_from_db()
    assert entries[0].reviewed_from is not None


def under_review(**file):
    desk = AssignmentFactory()
    nomination = desk.nomination
    nomination.reviewed_from = timezone.now()
    nomination.save(update_fields=["reviewed_from"])
    if not nomination.submissions.exists():
        SubmissionFactory(nomination=nomination)
    attachment = AttachmentFactory(nomination=nomination, blind_claimed=True, blind_settled=True, **file)
    return desk, nomination, attachment


def test_a_later_change_is_a_correction_that_reviewers_see():
    desk, nomination, file = under_review()
    with pytest.raises(StageError, match="须写明原因"):
        confirm_blind(file, ok=True, actor=None)
    assert read_submission(desk).files == []

    confirm_blind(file, ok=True, actor=None, reason=f"{nomination.unit.short_name}补充说明后确认")
    reading = read_submission(desk)
    [correction] = reading.corrections
    assert [one.slug for one in reading.files] == [file.slug]
    assert correction.told == f"{reading.files[0].label}可以查看"
    said = "".join(piece.text for piece in correction.reason)
    assert said == "某单位补充说明后确认"
    assert BlindCorrection.objects.get().attachment == file
    assert AuditEntry.objects.get(event="blind_confirmed").reason


def test_the_same_answer_again_changes_nothing():
    _, _, file = under_review(blind_ok=True)
    confirm_blind(file, ok=True, actor=None)
    assert not BlindCorrection.objects.exists()


def test_the_correction_is_asked_for_on_a_page_of_its_own_and_shown_on_the_sheet(client):
    desk, nomination, file = under_review()
    office = OfficeFactory(unit=nomination.campaign.organiser)
    client.force_login(office)
    url = reverse("awards:screening-blind", args=[nomination.campaign.code, nomination.code, file.slug])
    assert "评委会看到这次更正和原因" in client.get(url, {"ok": "1"}).content.decode()
    assert client.post(url, {"ok": "1"}).status_code == 200
    by_two(client, f"{url}?ok=1", {"ok": "1", "reason": "申报单位更换了扫描件"})
    file.refresh_from_db()
    assert file.blind_ok
    client.force_login(desk.seat.reviewer.user)
    sheet = client.get(
        reverse("awards:review-sheet", args=[nomination.campaign.code, desk.panel.stage, nomination.code])
    ).content.decode()
    assert "附件有更正" in sheet
    assert "申报单位更换了扫描件" in sheet


# ---------------------------------------------------------------- the list on the blind sheet


def test_the_blind_sheet_lists_cleared_files_alone():
    """Claimed by the unit is not cleared by the office: such a file is neither listed nor counted."""
    desk, nomination, cleared = under_review(blind_ok=True)
    AttachmentFactory(nomination=nomination, blind_claimed=True, name="单位自称不含信息.pdf")
    AttachmentFactory(nomination=nomination, blind_claimed=True, blind_settled=True, name="评选办说不.pdf")
    AttachmentFactory(nomination=nomination, kind="sealed")
    assert [file.slug for file in read_submission(desk).files] == [cleared.slug]


# ---------------------------------------------------------------- one's own log


def test_a_reviewers_own_log_names_an_entry_by_its_code_alone(client):
    desk, nomination, file = under_review(blind_ok=True)
    type(nomination).objects.filter(pk=nomination.pk).update(title=f"{nomination.unit.short_name}能力提升")
    client.force_login(desk.seat.reviewer.user)
    assert client.get(reverse("awards:review-attachment", args=[file.slug])).status_code == 200
    page = client.get(reverse("units:my-log")).content.decode()
    assert nomination.code in page
    assert "能力提升" not in page
    for asked in ("能力提升", nomination.unit.short_name):
        found = client.get(reverse("units:my-log"), {"q": asked})
        assert not list(found.context["page_obj"])
    assert list(client.get(reverse("units:my-log"), {"q": nomination.code}).context["page_obj"])
