"""Where uploads lie, and what happens when there is no room for them: a plain refusal beside the form, never an error
page that takes the typed text along."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from django.apps import apps
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db.models import FileField

from units.errors import Refused
from units.uploads.facts import FULL, NO_ROOM

OLD = 24 * 3600  # seconds; a younger file may belong to a row that is being written
KEPT_ASIDE = 30 * 24 * 3600


class UploadStorage(FileSystemStorage):
    """The file system; Refused where it is full or read-only, with nothing half-written left."""

    def _save(self, name, content):
        try:
            return super()._save(name, content)
        except OSError as error:
            if error.errno not in FULL:
                raise
            with suppress(OSError):
                Path(self.path(name)).unlink(missing_ok=True)
            raise Refused(NO_ROOM) from error


class RoomyUploadHandler(TemporaryFileUploadHandler):
    """A large upload on its way through the temporary folder; where that is full, the form learns it by the file."""

    def new_file(self, *args, **kwargs):
        self.is_lost = False
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._lose(error)

    def receive_data_chunk(self, raw_data, start):
        if not self.is_lost:
            try:
                self.file.write(raw_data)
            except OSError as error:
                self._lose(error)

    def file_complete(self, file_size):
        if not self.is_lost:
            return super().file_complete(file_size)
        lost = SimpleUploadedFile(self.file_name, b"?")
        lost.has_no_room = True
        return lost

    def _lose(self, error):
        if error.errno not in FULL:
            raise error
        self.is_lost = True


def sweep_orphans(storage=default_storage, *, now: float | None = None) -> int:
    """Once an hour, put aside the files that no row names: of a transaction undone after its file was written.

    They stay in `swept` for a month: where two databases were given one folder by mistake, nothing is lost at once.
    """
    now = now or time.time()
    if now // 60 % 60:
        return 0
    root = Path(storage.location)
    known, aside = _named(), root / "swept"
    orphans = [
        path
        for path in (root / "uploads").glob("*/*")
        if path.is_file() and path.stat().st_mtime < now - OLD and str(path.relative_to(root)) not in known
    ]
    if orphans:
        aside.mkdir(mode=0o750, exist_ok=True)
    for path in orphans:
        os.utime(path.rename(aside / path.name), (now, now))
    for path in aside.glob("*"):
        if path.stat().st_mtime < now - KEPT_ASIDE:
            path.unlink(missing_ok=True)
    return len(orphans)


def _named() -> set[str]:
    """Every file that a row of any model names."""
    known: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileField):
                known.update(model._base_manager.values_list(field.name, flat=True))
    return known
