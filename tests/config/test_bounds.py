"""What may be sent, kept and used up: the portal, its forms, the proxy before it and the units around it agree."""

import errno
import os
import re
import tempfile
import time
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from awards.nomination.forms.around import AttachmentForm
from awards.nomination.models import Attachment
from awards.notice import forms as objections
from awards.notice.actions.filing import MOST_FILES
from awards.notice.models import Objection
from services.forms.around import FileForm
from services.models.activities import ActivityFile
from tests.awards.notice.rounds import PDF, on_notice
from tests.factories import ClerkFactory, NominationFactory, SysadminFactory
from units.models import User
from units.papers.carried import MOST_BYTES
from units.uploads import apart
from units.uploads.facts import KINDS, LARGEST_REQUEST, MEGABYTE, NO_ROOM
from units.uploads.storage import KEPT_ASIDE, OLD, UploadStorage, sweep_orphans

DEPLOY = settings.BASE_DIR / "deploy"
FACTORS = {"k": 1024, "m": MEGABYTE, "g": 1024 * MEGABYTE}


def size(text):
    number, unit = re.fullmatch(r"(\d+)([kmgKMG])", text).groups()
    return int(number) * FACTORS[unit.lower()]


# ---------------------------------------------------------------- sizes


def test_proxy_portal_and_forms_agree_on_what_may_be_sent():
    said = re.findall(r"client_max_body_size (\w+);", (DEPLOY / "nginx.conf").read_text())
    assert [size(one) for one in said] == [LARGEST_REQUEST]
    one_file = max(
        KINDS[kind].max_bytes
        for form in (AttachmentForm, FileForm)
        for kind in form.base_fields["file"].allowed
    )
    largest = max(one_file, MOST_FILES * objections.FILE_LIMIT, MOST_BYTES * 4 // 3)
    assert largest + settings.DATA_UPLOAD_MAX_MEMORY_SIZE <= LARGEST_REQUEST
    pages = [settings.BASE_DIR / "templates" / "413.html", DEPLOY / "pages" / "413.html"]
    assert all(f"{LARGEST_REQUEST // MEGABYTE}MB" in page.read_text() for page in pages)


def test_what_is_larger_than_any_form_is_refused_before_it_is_read(client):
    answer = client.post("/notices/", data=b"", content_type="x/y", CONTENT_LENGTH=str(LARGEST_REQUEST + 1))
    assert answer.status_code == 413
    assert "文件过大" in answer.content.decode()


def test_pages_of_the_proxy_are_there_and_need_nothing_else():
    site = (DEPLOY / "nginx.conf").read_text()
    for page in re.findall(r"error_page [\d ]+ /(\S+);", site):
        text = (DEPLOY / "pages" / page).read_text()
        assert "utf-8" in text
        assert not re.search(r"src=|<style|<script|href=\"(?!/\")", text)


# ---------------------------------------------------------------- memory and time


def unit(name):
    return dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.service")), ids=lambda path: path.name)
def test_every_service_has_a_cap_of_memory_and_an_end_of_patience(path):
    said = unit(path.name)
    assert size(said["MemoryMax"]) <= 3 * FACTORS["g"]
    assert said["MemorySwapMax"] == "0"
    assert int(said["TasksMax"])
    assert "TimeoutStartSec" in said


def test_the_portals_cap_has_room_for_every_worker_reading_a_file():
    source = (DEPLOY / "gunicorn.conf.py").read_text()
    workers = int(re.search(r'"WEB_CONCURRENCY", "(\d+)"', source)[1])
    said = unit("portal.service")
    assert size(said["MemoryHigh"]) >= workers * (250 * MEGABYTE + apart.MEMORY)
    # The kernel ends the reader alone, which asked to be the first; the portal goes on.
    assert said["OOMPolicy"] == "continue"
    assert "statement_timeout" in source
    assert re.search(r"^timeout", source, re.MULTILINE)


# ---------------------------------------------------------------- pages of people who have left


@pytest.mark.django_db
def test_no_browser_keeps_a_page_of_somebody_signed_in(client):
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")
    client.force_login(SysadminFactory())
    for url in ("/", "/people/", "/notices/", "/no-such-page/"):
        assert "no-store" in client.get(url)["Cache-Control"], url
    left = client.post("/accounts/logout/")
    assert left["Clear-Site-Data"] == '"cache"'
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")


# ---------------------------------------------------------------- a full disk


@pytest.fixture
def full_disk(monkeypatch):
    def save(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", save)


def stored():
    return set(Path(settings.MEDIA_ROOT).glob("uploads/*/*"))


@pytest.mark.django_db
def test_a_full_disk_loses_no_word_of_an_objection_and_leaves_no_file(client, full_disk):
    _, files, _, notice = on_notice()
    url, before = reverse("awards:objection-new", args=[notice.slug]), stored()
    typed = {
        "entry": files[0].code, "ground": "facts", "facts": "办结数与记录不符。", "signed": "unsigned", "open_only": "on",
        "files": SimpleUploadedFile("a.pdf", PDF),
    }  # fmt: skip
    page = client.post(url, typed)
    assert page.status_code == 200
    assert NO_ROOM in page.content.decode()
    assert "办结数与记录不符。" in page.content.decode()
    assert not Objection.objects.exists()
    assert stored() == before


@pytest.mark.django_db
def test_a_full_disk_is_told_beside_the_file_of_a_nomination(client, full_disk):
    draft = NominationFactory()
    client.force_login(ClerkFactory(unit=draft.unit))
    typed = {"file": SimpleUploadedFile("a.pdf", PDF), "kind": "evidence", "no_secrets": "on"}
    page = client.post(reverse("awards:nomination-files", args=[draft.key]), typed)
    assert NO_ROOM in page.content.decode()
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_full_temporary_folder_is_told_beside_the_file(client, monkeypatch):
    draft = NominationFactory()
    client.force_login(ClerkFactory(unit=draft.unit))
    url = reverse("awards:nomination-files", args=[draft.key])

    class Full:
        def __init__(self, *args, **kwargs):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", Full)
    large = SimpleUploadedFile("a.pdf", PDF + b" " * 3 * MEGABYTE)
    page = client.post(url, {"file": large, "kind": "evidence", "no_secrets": "on"})
    assert NO_ROOM in page.content.decode()

    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    page = client.post(
        url, {"file": SimpleUploadedFile("a.pdf", PDF), "kind": "evidence", "no_secrets": "on"}
    )
    assert NO_ROOM in page.content.decode()


@pytest.mark.django_db
def test_files_that_no_row_names_are_put_aside_and_go_after_a_month(tmp_path):
    storage, hour = UploadStorage(location=tmp_path), 3600 * (int(time.time()) // 3600)
    names = [storage.save(f"uploads/ab/{name}.pdf", BytesIO(PDF)) for name in ("named", "orphan", "young")]
    for name in names[:2]:
        os.utime(storage.path(name), (hour - OLD - 1, hour - OLD - 1))
    Attachment.objects.create(nomination=NominationFactory(), file=names[0], name="a.pdf", size=1)
    assert not ActivityFile.objects.exists()

    assert sweep_orphans(storage, now=hour + 60) == 0
    assert sweep_orphans(storage, now=hour) == 1
    assert [storage.exists(name) for name in names] == [True, False, True]
    assert (tmp_path / "swept" / "orphan.pdf").exists()
    sweep_orphans(storage, now=hour + KEPT_ASIDE + 3600)
    assert not (tmp_path / "swept" / "orphan.pdf").exists()


# ---------------------------------------------------------------- two clicks


@pytest.mark.commits
def test_two_clicks_on_a_new_account_both_show_its_first_password():
    from tests.races import at_once

    boss = SysadminFactory()
    first = Client()
    first.force_login(boss)
    once = re.search(r'name="once" value="([^"]+)"', first.get("/people/new/").content.decode())[1]
    typed = {"username": "Secretary90", "name": "书记", "once": once}

    def press():
        browser = Client(raise_request_exception=False)
        browser.cookies = first.cookies
        return browser.post("/people/new/", typed)

    answers = at_once(press, press)
    told = [re.search(r"[A-Z]{4}-[a-z]{4}-\d{4}", answer.content.decode()) for answer in answers]
    assert all(told), [answer.status_code for answer in answers]
    assert told[0][0] == told[1][0]
    assert User.objects.get(username="Secretary90").check_password(told[0][0])
