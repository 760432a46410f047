"""A workbook comes in: template, preview with every fault, then all rows or none."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.generic import View

from services.actions import import_rows
from services.forms import ImportForm
from services.intake import MOST_ROWS, Names, read_workbook
from services.permissions import logs
from services.register import fields_of
from services.views.common import RegisterMixin
from units.downloads import attachment_response
from units.papers.carried import carried, unpacked
from units.papers.intake import IntakeRefused
from units.papers.template import template_bytes
from units.papers.workbook import CONTENT_TYPE

SHOWN_PROBLEMS = 100


class LoggersMixin(RegisterMixin):
    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not logs(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ImportView(LoggersMixin, View):
    """The file is read twice, for the preview and for saving: what is saved was checked a moment ago.

    Between the two it lies in the page, so that nothing is left behind when nobody confirms.
    """

    def get(self, request, **kwargs):
        return self.page(ImportForm())

    def post(self, request, **kwargs):
        if "content" in request.POST:
            return self.save(request.POST["content"], request.POST.get("name", ""))
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form)
        upload = form.cleaned_data["file"]
        try:
            reading = self.read(upload, upload.name)
        except IntakeRefused as refusal:
            form.add_error("file", str(refusal))
            return self.page(form)
        return self.preview(reading, carried(upload), upload.name)

    def read(self, file, name: str):
        return read_workbook(file, self.register, name=name, user=self.request.user)

    def save(self, content: str, name: str):
        try:
            reading = self.read(unpacked(content), name)
        except (ValueError, IntakeRefused):  # of the carried text, or of the reader
            messages.error(self.request, "文件没有完整传回，请重新上传。")
            return redirect(self.register.url("import"))
        if not reading.ok:
            return self.preview(reading, content, name)
        rows = import_rows(reading.rows, file_name=name[:120], actor=self.request.user)
        messages.success(self.request, f"已导入{len(rows)}条，均为草稿，核对后报送。")
        return redirect(f"{self.register.list_url}?state=draft")

    def preview(self, reading, content: str, name: str):
        headers, rows = reading.preview()
        return self.page(
            ImportForm(),
            reading=reading,
            headers=headers,
            preview=rows,
            problems=reading.problems[:SHOWN_PROBLEMS],
            more=max(0, len(reading.problems) - SHOWN_PROBLEMS),
            skipped="、".join(map(str, reading.intake.skipped)),
            unknown="、".join(reading.intake.unknown),
            content=content if reading.ok else "",
            name=name,
        )

    def page(self, form, **more):
        context = {
            "form": form,
            "register": self.register,
            "title": f"导入{self.register.label}",
            "trail": [(self.register.label, self.register.list_url)],
            "most": MOST_ROWS,
            "template_url": self.register.url("template"),
        }
        return render(self.request, "services/import.html", context | more)


class TemplateView(LoggersMixin, View):
    """The empty workbook with the columns the import looks for."""

    def get(self, request, **kwargs):
        title = f"{self.register.label}导入模板"
        content = template_bytes(title, fields_of(self.register, Names(request.user)))
        return attachment_response(content, f"{title}.xlsx", CONTENT_TYPE)
