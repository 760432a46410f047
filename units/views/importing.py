"""The page of every import: template, preview with every fault and effect, then all rows or none."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views import View

from units.actions.importing import AlreadyImported, Confirmation, Outdated
from units.downloads import attachment_response
from units.errors import Refused
from units.forms import WorkbookForm
from units.papers.carried import carried, unpacked
from units.papers.intake import IntakeRefused
from units.papers.reading import PREVIEWED, Reading
from units.papers.template import template_bytes
from units.papers.workbook import CONTENT_TYPE

SHOWN_PROBLEMS = 100
LOST = "文件没有完整传回，请重新上传。"


class ImportView(View):
    """A subclass declares the columns, reads and takes; this one asks, shows and asks again.

    The file is read twice, for the preview and for saving: what is saved was checked a moment ago. Between the two
    it lies in the page, so that nothing is left behind when nobody confirms.

    name: what the book is (党组织名册). measure: what a row is (个党组织). back: the list it goes into, the label and
    the address. ready: what the note above a good preview says. tips: lines below the form.
    """

    name = measure = ready = ""
    tips: tuple[str, ...] = ()
    most_rows = 2000

    @property
    def back(self) -> tuple[str, str]:
        raise NotImplementedError

    def template_fields(self):
        raise NotImplementedError

    def read(self, file, name: str) -> Reading:
        raise NotImplementedError

    def recent(self) -> list:
        """The last books that were taken here, each with `undo_url`, or with `over`, why it stays."""
        return []

    def take(self, word: Confirmation, file_name: str):
        """Do it and answer, with the act's refusals let through."""
        raise NotImplementedError

    def get(self, request, **kwargs):
        return self.template() if "template" in request.GET else self.page(WorkbookForm())

    def template(self):
        title = f"{self.name}导入模板"
        return attachment_response(
            template_bytes(title, self.template_fields()), f"{title}.xlsx", CONTENT_TYPE
        )

    def post(self, request, **kwargs):
        if "content" in request.POST:
            return self.confirm(request.POST["content"], request.POST.get("name", "")[:120])
        form = WorkbookForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form)
        upload = form.cleaned_data["file"]
        try:
            reading = self.read(upload, upload.name)
        except IntakeRefused as refusal:
            form.add_error("file", str(refusal))
            return self.page(form)
        return self.preview(reading, carried(upload), upload.name)

    def confirm(self, content: str, name: str):
        try:
            file, ticket = unpacked(content), UUID(self.request.POST.get("ticket", ""))
            word = Confirmation(
                lambda: self.read(file, name), self.request.POST.get("shown", ""), ticket, self.request.user
            )
            return self.take(word, name)
        except AlreadyImported as refusal:
            messages.info(self.request, str(refusal))
            return redirect(self.back[1])
        except Outdated as outdated:
            return self.preview(outdated.reading, content, name, stale=str(outdated))
        except Refused as refusal:
            messages.error(self.request, str(refusal))
        except (ValueError, IntakeRefused):  # of the carried text, or of the reader
            messages.error(self.request, LOST)
        return redirect(self.request.path)

    def preview(self, reading: Reading, content: str, name: str, stale: str = ""):
        takes = reading.ok and reading.doing
        reading.tell_private_use()
        return self.page(
            WorkbookForm(),
            reading=reading,
            stale=stale,
            lines=reading.preview(),
            hidden=max(0, len(reading.intake.rows) - PREVIEWED),
            problems=sorted(reading.problems, key=lambda problem: problem.row)[:SHOWN_PROBLEMS],
            more=max(0, len(reading.problems) - SHOWN_PROBLEMS),
            skipped="、".join(map(str, reading.intake.skipped)),
            concealed="、".join(map(str, reading.intake.hidden)),
            unknown="、".join(reading.intake.unknown),
            content=content if takes else "",
            shown=reading.digest if takes else "",
            ticket=uuid4(),
            file_name=name,
        )

    def page(self, form, **more):
        context = {
            "form": form,
            "title": f"导入{self.name}",
            "trail": [self.back],
            "back_url": self.back[1],
            "measure": self.measure,
            "ready": self.ready,
            "tips": self.tips,
            "most": self.most_rows,
            "template_url": "?template",
            "recent": self.recent(),
        }
        return render(self.request, "components/import.html", context | more)
