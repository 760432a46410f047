"""Files of an activity: who may add, read and remove them, and what becomes of what was stored."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from services.actions.files import MOST_FILES
from services.actions.rows import delete_row
from services.models.activities import ActivityFile
from tests.factories.services import ActivityFactory
from tests.factories.units import (
    ClerkFactory,
    OfficeFactory,
    ReviewerUserFactory,
    SecretaryFactory,
    UnitFactory,
)
from units.audit.events import Event
from units.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def picture(name="现场.png", colour="red"):
    out = BytesIO()
    Image.new("RGB", (4, 4), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


@pytest.fixture
def draft():
    return ActivityFactory()


@pytest.fixture
def clerk(client, draft):
    clerk = ClerkFactory(unit=draft.unit)
    client.force_login(clerk)
    return clerk


def upload(client, row, file, **more):
    url = reverse("services:activity-files", args=[row.slug])
    return client.post(url, {"file": file, "nothing_secret": "on"} | more)


def test_a_file_is_added_shown_read_and_removed(client, clerk, draft, django_capture_on_commit_callbacks):
    assert upload(client, draft, picture()).status_code == 302
    file = draft.files.get()
    assert "现场.png" in client.get(draft.get_absolute_url()).content.decode()
    answer = client.get(file.get_absolute_url())
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert not AuditEntry.objects.filter(event=Event.ATTACHMENT_READ).exists()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("services:activity-file-remove", args=[draft.slug, file.slug]))
    assert not draft.files.exists()
    assert not file.file.storage.exists(file.file.name)


def test_what_a_file_is_decides_its_content_and_no_secret_is_confirmed(client, clerk, draft):
    page = upload(client, draft, SimpleUploadedFile("照片.jpg", b"<script>"))
    assert "内容不是" in page.content.decode()
    page = upload(client, draft, picture(), nothing_secret="")
    assert "请确认文件不涉密" in page.content.decode()
    upload(client, draft, picture())
    assert "已上传过" in upload(client, draft, picture("别名.png")).content.decode()

    assert draft.files.count() == 1


def test_there_are_so_many_files_and_no_more(client, clerk, draft):
    for number in range(MOST_FILES):
        upload(client, draft, picture(f"{number}.png", (number, 0, 0)))

    assert "达到上限" in upload(client, draft, picture("多.png", "blue")).content.decode()
    assert draft.files.count() == MOST_FILES


def test_a_closed_activity_keeps_its_files_and_others_read_them_on_record(client, clerk, draft):
    partner = SecretaryFactory()
    draft.joint_units.create(unit=partner.posts.get().unit)
    upload(client, draft, picture())
    file = draft.files.get()
    draft.state = "reviewed"
    draft.save()

    assert upload(client, draft, picture("又.png", "blue")).status_code == 403
    remove = reverse("services:activity-file-remove", args=[draft.slug, file.slug])
    assert client.post(remove).status_code == 403
    for user, status in [
        (OfficeFactory(), 200),
        (partner, 200),
        (ClerkFactory(unit=UnitFactory()), 404),
        (ReviewerUserFactory(), 403),
    ]:
        client.force_login(user)
        assert client.get(file.get_absolute_url()).status_code == status
    client.logout()
    assert client.get(file.get_absolute_url()).status_code == 302
    assert AuditEntry.objects.filter(event=Event.ATTACHMENT_READ, target_key=draft.slug).count() == 2


def test_a_file_is_read_only_at_its_own_activity(client, clerk, draft):
    upload(client, draft, picture())
    other = ActivityFactory(unit=draft.unit)

    url = reverse("services:activity-file", args=[other.slug, draft.files.get().slug])

    assert client.get(url).status_code == 404


def test_a_draft_thrown_away_leaves_no_file_behind(client, clerk, draft, django_capture_on_commit_callbacks):
    upload(client, draft, picture())
    file = draft.files.get()

    with django_capture_on_commit_callbacks(execute=True):
        delete_row(draft, actor=clerk)

    assert not ActivityFile.objects.exists()
    assert not file.file.storage.exists(file.file.name)
