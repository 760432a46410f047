"""The stamped page is tied to the text it confirms: its foot says which, and a change after the scan is said."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from docx import Document

from awards.nomination.actions.attachments import add_attachment
from awards.nomination.actions.drafts import save_draft
from awards.nomination.actions.submission import submit_nomination
from awards.nomination.models import AttachmentKind
from awards.nomination.papers import application_paper
from awards.nomination.queries.content import frozen_content
from awards.nomination.rules.freezing import digest_of_text, short_digest
from awards.screening.queries.file import file_of, files
from awards.screening.queries.findings import findings_of
from awards.screening.rules.checklist import Answer
from awards.states import State
from tests.awards.nomination.test_actions import PDF
from tests.factories import NominationFactory, OfficeFactory, SecretaryFactory, UnitFactory
from units.uploads import receive

pytestmark = pytest.mark.django_db
SAID = "其后内容有修改"


@pytest.fixture
def secretary():
    return SecretaryFactory(unit=UnitFactory())


@pytest.fixture
def draft(secretary):
    """Filled in, with a scan uploaded just now."""
    draft = NominationFactory(unit=secretary.posts.get().unit, full=True, ready=True, state=State.UNIT_REVIEW)
    draft.attachments.all().delete()
    upload = receive(ContentFile(PDF), name="盖章申报表.pdf")
    add_attachment(draft, upload=upload, kind=AttachmentKind.SEALED, actor=secretary)
    return draft


def feet(nomination) -> set[str]:
    section = Document(BytesIO(application_paper(nomination).to_bytes())).sections[0]
    return {footer.paragraphs[-1].text for footer in (section.footer, section.even_page_footer)}


def said_on(client, nomination, *pages) -> list[bool]:
    return [SAID in client.get(reverse(f"awards:{name}", args=[nomination.key])).text for name in pages]


def change(draft, actor, **values):
    return save_draft(draft, values, version=draft.version, actor=actor)


def test_the_foot_of_the_paper_names_version_digest_and_time(draft):
    (foot,) = feet(draft)
    assert f"草稿第{draft.version}稿" in foot
    assert short_digest(digest_of_text(frozen_content(draft))) in foot
    assert f"打印于{timezone.localtime():%Y-%m-%d}" in foot


def test_another_text_has_another_foot_and_the_submission_keeps_that_of_its_text(draft, secretary):
    digest = short_digest(digest_of_text(frozen_content(draft)))
    draft = change(draft, secretary, practice="换了一种写法。")
    (foot,) = feet(draft)
    assert digest not in foot
    digest = short_digest(digest_of_text(frozen_content(draft)))
    nomination = submit_nomination(draft, actor=secretary)
    (foot,) = feet(nomination)
    assert (digest in foot, "第1次提交" in foot) == (True, True)


def test_a_change_after_the_scan_is_said_until_a_new_one_is_there(client, draft, secretary):
    client.force_login(secretary)
    pages = ("nomination-edit", "nomination-submit")
    assert said_on(client, draft, *pages) == [False, False]

    draft = change(draft, secretary, practice="换了一种写法。")
    assert said_on(client, draft, *pages) == [True, True]

    upload = receive(ContentFile(PDF + b"%%EOF"), name="新盖章申报表.pdf")
    add_attachment(draft, upload=upload, kind=AttachmentKind.SEALED, actor=secretary)
    assert said_on(client, draft, *pages) == [False, False]


def test_a_text_put_back_as_it_was_is_confirmed_again(client, draft, secretary):
    client.force_login(secretary)
    before = draft.practice
    change(change(draft, secretary, practice="换了一种写法。"), secretary, practice=before)
    assert said_on(client, draft, "nomination-edit", "nomination-submit") == [False, False]


def test_a_record_more_after_the_scan_is_said_before_submitting(client, draft, secretary):
    client.force_login(secretary)
    draft.evidence.all().delete()
    assert said_on(client, draft, "nomination-submit") == [True]


@pytest.mark.parametrize("changed", [False, True])
def test_screening_is_told_what_the_page_should_read_and_that_the_text_was_changed(draft, secretary, changed):
    OfficeFactory()
    if changed:
        draft = change(draft, secretary, practice="换了一种写法。")
    nomination = submit_nomination(draft, actor=secretary)

    finding = findings_of(file_of(files().get(pk=nomination.pk)))[0]["seal"]

    expected = short_digest(digest_of_text(nomination.submissions.get().content))
    assert finding.hints == (f"盖章页的页脚应为“内容校验{expected}”。",)
    if changed:
        assert finding.mark.answer == Answer.FIX
        assert "上传后内容有修改" in finding.mark.reason
    else:
        assert finding.mark is None


def test_nothing_is_said_where_the_text_of_the_scan_is_not_known(client, secretary):
    """As for scans uploaded before the portal kept it."""
    draft = NominationFactory(unit=secretary.posts.get().unit, full=True, ready=True, version=9)
    client.force_login(secretary)
    assert said_on(client, draft, "nomination-edit", "nomination-submit") == [False, False]
