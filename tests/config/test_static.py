import os

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command

from config import settings as real


def test_production_finds_every_file_that_a_style_or_script_names_and_any_user_may_read_it(
    tmp_path, settings
):
    """The manifest storage stops at a reference to a file that is not there. Root collects, however closed
    its umask, and another user serves."""
    settings.STATIC_ROOT = tmp_path / "static"
    options = real.STORAGES["staticfiles"]["OPTIONS"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
            "OPTIONS": options,
        }
    }
    before = os.umask(0o077)
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
    finally:
        os.umask(before)

    found = {
        path.relative_to(settings.STATIC_ROOT).as_posix(): path for path in settings.STATIC_ROOT.rglob("*")
    }
    assert {"staticfiles.json", "vendor/echarts/echarts.min.js", "css/theme.css"} <= found.keys()
    closed = [name for name, path in found.items() if path.stat().st_mode & 0o004 == 0]
    assert closed == []


def test_uploads_are_closed_to_others(tmp_path, settings):
    settings.FILE_UPLOAD_PERMISSIONS = real.FILE_UPLOAD_PERMISSIONS
    settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS = real.FILE_UPLOAD_DIRECTORY_PERMISSIONS
    storage = FileSystemStorage(location=tmp_path)

    storage.save("2026/scan.pdf", ContentFile(b"x"))

    assert (tmp_path / "2026" / "scan.pdf").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "2026").stat().st_mode & 0o777 == 0o750
