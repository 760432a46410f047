"""Files of an activity: added and removed while it is open, read by whoever may read it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from services.actions.files import MOST_FILES, add_file, remove_file
from services.forms.around import FileForm
from services.permissions import can_change, can_log
from services.views.common import RegisterMixin
from units.audit.events import Event
from units.audit.record import record
from units.downloads import attachment_response
from units.kit.acts import ActPage


class FileMixin(RegisterMixin):
    @cached_property
    def file(self):
        files = self.row.files.select_related("activity__unit")
        return get_object_or_404(files, slug=self.kwargs["file"])


class FileView(FileMixin, View):
    """One file as a download; a read by others than the unit itself is recorded."""

    http_method_names = ["get"]

    def get(self, request, **kwargs):
        file = self.file
        if not can_log(request.user, self.row.unit):
            after = {"file": file.name}
            record(Event.ATTACHMENT_READ, actor=request.user, target=self.row, after=after)
        return attachment_response(file.file.open("rb"), file.name, file.content_type)


class FileAct(FileMixin, ActPage):
    def allowed(self) -> bool:
        return can_change(self.request.user, self.row)

    def back(self) -> str:
        return reverse("services:activity-files", args=[self.row.slug])


class FilesView(FileAct):
    """The list of files and one upload at a time; a refused file leaves everything else as it was."""

    template_name = "services/files.html"
    form_class, blamed = FileForm, "file"

    def act(self, file, nothing_secret):
        return add_file(self.row, upload=file, actor=self.request.user)

    def told(self, file) -> str:
        return f"已上传“{file.name}”。"

    def context(self, form):
        more = {"row": self.row, "files": self.row.files.all(), "most": MOST_FILES}
        return super().context(form) | more

    def trail(self):
        return [(self.register.label, self.register.list_url), (str(self.row), self.row.get_absolute_url())]


class FileRemoveView(FileAct):
    verb, danger = "移除附件", True
    text = "文件将从记录中移除，不能恢复。"

    @property
    def title(self) -> str:
        return f"移除“{self.file.name}”"

    def facts(self):
        return [("记录", str(self.row)), ("单位", self.row.unit.name)]

    def act(self):
        return remove_file(self.file, actor=self.request.user)

    def told(self, _) -> str:
        return f"已移除“{self.file.name}”。"
