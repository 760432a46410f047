"""Downloads: every list and paper that is downloaded is written to the log first."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse

from units.audit.events import Event
from units.audit.record import record
from units.downloads import attachment_response
from units.papers.document import OfficialPaper, docx_response
from units.papers.workbook import Sheet, export_line, workbook_response
from units.permissions import posts_of


class Exporting:
    """A view whose lists and papers are downloaded."""

    request: HttpRequest

    def exporting_unit(self) -> str:
        """Whose list it is, for the line under its title."""
        return next((post.unit.name for post in posts_of(self.request.user)), "")

    def exported_year(self) -> str:
        """The code of the year it belongs to; '' for none."""
        return ""

    def subtitle(self) -> str:
        """The line under an export's title: whose it is, of which day, who drew it."""
        return export_line(self.exporting_unit(), str(self.request.user))

    def log_export(self, target, event: Event = Event.EXPORTED, *, reason: str = "", **after) -> None:
        record(
            event, actor=self.request.user, target=target, campaign=self.exported_year(), reason=reason,
            after=after or None,
        )  # fmt: skip

    def export(self, name: str, sheets: Iterable[Sheet], **after) -> HttpResponse:
        """A workbook called `name` and the day. after: what the log says of it; `reason`: what was asked."""
        self.log_export(name, **after)
        return workbook_response(name, sheets, author=self.exporting_unit())

    def export_paper(
        self, name: str, document: OfficialPaper, *, target=None, event: Event = Event.EXPORTED, **after
    ) -> HttpResponse:
        """A Word paper called `name` and the day. event: a read of personal data, where it is one."""
        self.log_export(target or name, event, **after)
        return docx_response(name, document)

    def export_file(
        self, name: str, content: bytes, content_type: str, *, target=None, event=Event.EXPORTED, **after
    ) -> HttpResponse:
        """Any other file, under the name as it stands."""
        self.log_export(target or name, event, **after)
        return attachment_response(content, name, content_type)
