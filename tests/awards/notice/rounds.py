"""A year up to its notice: a judged round decided by the meeting, its list on notice or past it."""

from contextlib import contextmanager
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile

from awards.decision.actions import decide
from awards.notice.actions.filing import file_objection
from awards.notice.actions.publishing import draft_notice, publish_notice
from awards.notice.models import Notice
from tests.awards.decision.meetings import ready
from tests.factories import OfficeFactory
from units.uploads import receive

CONTACTS = {
    "contact_office": "区直机关工委办公室",
    "contact_phone": "0546-8000000",
    "contact_email": "office@example.gov.cn",
    "contact_address": "府前大街1号",
}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@contextmanager
def at(moment):
    """The clock stands at this moment for everything that asks django.utils.timezone."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield moment


def decided(number=7):
    """campaign, entries best first (five of them proposed), the office."""
    campaign, files, meeting = ready(number)
    for name, value in CONTACTS.items():
        setattr(campaign, name, value)
    campaign.save()
    decide(meeting, actor=None)
    return campaign, files, OfficeFactory(unit=campaign.organiser)


def on_notice(number=7):
    """campaign, entries, office, the published notice."""
    campaign, files, office = decided(number)
    notice = publish_notice(draft_notice(campaign, actor=office), actor=office)
    return campaign, files, office, notice


def over(notice):
    """The first moment at which nobody may object and everybody may be announced."""
    return Notice.objects.get(pk=notice.pk).closes_at


def object_to(notice, nomination, **changes):
    """A signed objection within the scope; the objection alone, its code dropped."""
    values = {
        "ground": "facts", "facts": "申报的办结数与实际不符，见所附台账。", "is_named": True,
        "name": "举报人张三", "contact": "13900001111",
    } | changes  # fmt: skip
    if not values["is_named"]:
        values |= {"name": "", "contact": ""}
    return file_objection(notice, nomination=nomination, **values)[0]


def pdf(name="台账.pdf"):
    return receive(SimpleUploadedFile(name, PDF, content_type="application/pdf"), name=name)
