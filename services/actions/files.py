"""Files of an activity: they come and go while it is open, then stay with it."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from services.models.activities import Activity, ActivityFile
from services.models.logged import OPEN_STATES
from units.audit.events import Event
from units.audit.record import record
from units.errors import Refused
from units.models import User
from units.uploads import Upload

MOST_FILES = 6


@transaction.atomic
def add_file(activity: Activity, *, upload: Upload, actor: User) -> ActivityFile:
    """Store an inspected file (units.uploads.receive) with an open activity.

    Raises Refused for a closed activity, the seventh file and the same file twice.
    """
    activity = _open(activity)
    if activity.files.count() >= MOST_FILES:
        raise Refused(f"附件已有{MOST_FILES}个，达到上限。请先移除不需要的附件。")
    if activity.files.filter(sha256_original=upload.facts.original_sha256).exists():
        raise Refused(f"“{upload.display_name}”已上传过，无须重复上传。")
    file = ActivityFile(
        activity=activity,
        file=upload.content,
        name=upload.display_name,
        content_type=upload.facts.content_type,
        size=upload.facts.size,
        sha256=upload.facts.sha256,
        sha256_original=upload.facts.original_sha256,
        uploaded_by=actor,
    )
    file.save(force_insert=True)
    after = {"file": file.name, "sha256": file.sha256}
    record(Event.ATTACHMENT_ADDED, actor=actor, target=activity, after=after)
    return file


@transaction.atomic
def remove_file(file: ActivityFile, *, actor: User) -> None:
    """Take a file off an open activity; its content goes after the commit. Raises Refused."""
    activity = _open(file.activity)
    before = {"file": file.name, "sha256": file.sha256}
    discard([file])
    record(Event.ATTACHMENT_REMOVED, actor=actor, target=activity, before=before)


def discard(files) -> None:
    """Delete rows now and, once that is certain, what they stored."""
    for file in files:
        storage, stored = file.file.storage, file.file.name
        file.delete()
        transaction.on_commit(partial(storage.delete, stored))


def _open(activity: Activity) -> Activity:
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    if activity.state not in OPEN_STATES:
        raise Refused(f"该记录{activity.get_state_display()}，附件不能再改动。")
    return activity
