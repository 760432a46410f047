"""Files of an activity: added and removed while it is open, read by whoever may read it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from services.actions import MOST_FILES, add_file, remove_file
from services.forms import FileForm
from services.permissions import can_change, can_log
from services.views.common import RegisterMixin
from units.audit.events import Event
from units.audit.record import record
from units.errors import Refused
from units.uploads import attachment_response


class FileView(RegisterMixin, View):
    """One file as a download; a read by others than the unit itself is recorded."""

    http_method_names = ["get"]

    @cached_property
    def file(self):
        files = self.row.files.select_related("activity__unit")
        return get_object_or_404(files, slug=self.kwargs["file"])

    def get(self, request, **kwargs):
        file = self.file
        if not can_log(request.user, self.row.unit):
            after = {"file": file.name}
            record(Event.ATTACHMENT_READ, actor=request.user, target=self.row, after=after)
        return attachment_response(file.file.open("rb"), file.name, file.content_type)


class FilesView(RegisterMixin, View):
    """The list of files and one upload at a time; a refused file leaves everything else as it was."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not can_change(request.user, self.row):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, **kwargs):
        return self.page(FileForm())

    def post(self, request, **kwargs):
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form)
        try:
            file = add_file(self.row, upload=form.cleaned_data["file"], actor=request.user)
        except Refused as refusal:
            form.add_error("file", str(refusal))
            return self.page(form)
        messages.success(request, f"已上传“{file.name}”。")
        return redirect("services:activity-files", self.row.slug)

    def page(self, form):
        context = {
            "row": self.row,
            "files": self.row.files.all(),
            "form": form,
            "most": MOST_FILES,
            "trail": [
                (self.register.label, self.register.list_url),
                (str(self.row), self.row.get_absolute_url()),
            ],
        }
        return render(self.request, "services/files.html", context)


class FileRemoveView(FileView):
    http_method_names = ["get", "post"]

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not can_change(request.user, self.row):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, **kwargs):
        context = {
            "title": f"移除“{self.file.name}”",
            "text": "文件将从记录中移除，不能恢复。",
            "verb": "移除附件",
            "danger": True,
            "facts": [("记录", str(self.row)), ("单位", self.row.unit.name)],
            "cancel_url": reverse("services:activity-files", args=[self.row.slug]),
        }
        return render(request, "components/confirm.html", context)

    def post(self, request, **kwargs):
        try:
            remove_file(self.file, actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"已移除“{self.file.name}”。")
        return redirect("services:activity-files", self.row.slug)
