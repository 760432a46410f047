"""Files of a nomination: taken after inspection, kept as long as a submission lists them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from awards.errors import StageError
from awards.nomination.actions.opening import locked_for
from awards.nomination.models import Attachment, AttachmentKind, AttachmentReading, Nomination
from awards.nomination.queries.content import frozen_content
from awards.nomination.rules.freezing import digest_of_text
from units.audit.events import Event
from units.audit.record import record
from units.known import known
from units.models import User
from units.uploads import Upload


@transaction.atomic
def add_attachment(
    nomination: Nomination, *, upload: Upload, kind: str, actor: User, blind_claimed: bool = False
) -> Attachment:
    """Store an inspected file (units.uploads.receive) with the nomination.

    blind_claimed: the unit says that the file names neither unit nor people; the stamped form always does.
    """
    sealed = kind == AttachmentKind.SEALED
    nomination = locked_for(nomination, "sealed" if sealed else "attachments")
    limit = nomination.campaign.attachments_limit
    present = nomination.attachments.present()
    if not sealed and present.exclude(kind=AttachmentKind.SEALED).count() >= limit:
        raise StageError(f"附件已有{limit}个，达到上限。请先移除不需要的附件。")
    if present.filter(sha256_original=upload.facts.original_sha256).exists():
        raise StageError(f"“{upload.display_name}”已上传过，无须重复上传。")
    attachment = Attachment(
        nomination=nomination, kind=kind, file=upload.content, name=upload.display_name,
        content_type=upload.facts.content_type, size=upload.facts.size, sha256=upload.facts.sha256,
        sha256_original=upload.facts.original_sha256, blind_claimed=blind_claimed and not sealed,
        uploaded_by=actor,
    )  # fmt: skip
    if sealed:
        attachment.stamped_text = digest_of_text(frozen_content(nomination))
        attachment.stamped_version = nomination.version
    attachment.save(force_insert=True)
    keep_reading(attachment, upload)
    record(
        Event.ATTACHMENT_ADDED, actor=actor, target=nomination,
        after={"file": attachment.name, "sha256": attachment.sha256},
    )  # fmt: skip
    return attachment


def keep_reading(attachment: Attachment, upload: Upload) -> None:
    """What its reader found in the file, for the screening of what reviewers may open."""
    AttachmentReading.objects.create(
        attachment=attachment, text=upload.text, is_read=upload.is_read, traces=upload.traces
    )


@transaction.atomic
def remove_attachment(attachment: Attachment, *, actor: User) -> None:
    """Take a file off the nomination. One that was part of a submission is kept with it, out of use;
    any other goes with its row, its content after the commit."""
    nomination = locked_for(
        attachment.nomination, "sealed" if attachment.kind == AttachmentKind.SEALED else "attachments"
    )
    submitted = nomination.submissions.filter(content__attachments__contains=[{"slug": attachment.slug}])
    if submitted.exists():
        attachment.removed_at = timezone.now()
        attachment.save(update_fields=["removed_at"])
    else:
        storage, stored = attachment.file.storage, known(attachment.file.name)
        attachment.delete()
        transaction.on_commit(lambda: storage.delete(stored))
    record(
        Event.ATTACHMENT_REMOVED, actor=actor, target=nomination,
        before={"file": attachment.name, "sha256": attachment.sha256},
    )  # fmt: skip
