"""What every import of a previewed workbook asks before it writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from units.audit.models import AuditEntry
from units.errors import Refused
from units.models import Unit, User
from units.papers.reading import Reading


@dataclass(frozen=True)
class Confirmation:
    """A person's word for a workbook that was previewed.

    read: reads and checks it again, against the stored organizations as they are now. shown: digest of the preview that was seen.
    ticket: given out with that preview; the act id of what is imported, so that a second click finds it in the log.
    """

    read: Callable[[], Reading]
    shown: str
    ticket: UUID
    actor: User


class AlreadyImported(Refused):
    """This very preview was confirmed before, by a second click."""


class Outdated(Refused):
    """The workbook would no longer do what was shown; `reading` is what it would do now."""

    def __init__(self, reading: Reading):
        super().__init__("预览之后资料有变化，请核对后再确认。")
        self.reading = reading


def wait_for_the_turn() -> None:
    """Imports go one after the other: they wait at the roots of the trees, and nothing else is held up by that."""
    list(Unit.objects.select_for_update(no_key=True).filter(parent=None).order_by("pk").values_list("pk"))


def confirmed(word: Confirmation) -> Reading:
    """Read the workbook again and give it, if it still does what was shown. Call inside the transaction that writes.

    Raises AlreadyImported and Outdated.
    """
    wait_for_the_turn()
    if AuditEntry.objects.filter(actor=word.actor, act_id=word.ticket).exists():
        raise AlreadyImported("这个文件刚才已经导入，没有再导入一次。")
    reading = word.read()
    if not reading.ok or reading.digest != word.shown:
        raise Outdated(reading)
    return reading
