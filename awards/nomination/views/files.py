"""Files of a nomination: upload and removal. Reading them is the dossier's."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property

from awards.errors import StageError
from awards.nomination.actions import add_attachment, remove_attachment
from awards.nomination.forms import AttachmentForm
from awards.nomination.models import AttachmentKind
from awards.nomination.permissions import can_edit
from awards.nomination.queries import open_parts
from awards.nomination.views.common import OwnNominationAct, OwnNominationView, page_of


class NominationFilesView(OwnNominationView):
    """The list of files and one upload at a time; a refused file leaves everything else as it was."""

    def get(self, request, key):
        self.require(can_edit(request.user, self.nomination))
        return self.show(self.form(initial={"kind": request.GET.get("kind", AttachmentKind.EVIDENCE)}))

    def post(self, request, key):
        self.require(can_edit(request.user, self.nomination))
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        values = form.cleaned_data
        try:
            file = add_attachment(
                self.nomination, upload=values["file"], kind=values["kind"], actor=request.user,
                blind_claimed=values["blind_claimed"],
            )  # fmt: skip
        except StageError as refusal:
            form.add_error("file", str(refusal))
            return self.show(form)
        messages.success(request, f"已上传“{file.name}”。")
        return self.to("nomination-files")

    def form(self, *args, **kwargs) -> AttachmentForm:
        opened = open_parts(self.nomination)
        kinds = [
            (value, label)
            for value, label in AttachmentKind.choices
            if ("sealed" if value == AttachmentKind.SEALED else "attachments") in opened
        ]
        return AttachmentForm(*args, kinds=kinds, **kwargs)

    def show(self, form):
        files = self.nomination.attachments.present().select_related("uploaded_by")
        files = files.defer("sha256_original")
        open_kinds = {value for value, _ in form.fields["kind"].choices}
        context = {"nomination": self.nomination, "form": form, "files": files, "open_kinds": open_kinds}
        return render(self.request, "awards/nomination/files.html", context)


class AttachmentRemoveView(OwnNominationAct):
    verb, danger = "移除附件", True
    text = "文件将从申报材料中移除。已随某次提交的文件仍留在那次提交的档案里。"

    @cached_property
    def file(self):
        return get_object_or_404(self.nomination.attachments.present(), slug=self.kwargs["slug"])

    @property
    def title(self) -> str:
        return f"移除“{self.file.name}”"

    def allowed(self) -> bool:
        return can_edit(self.request.user, self.nomination)

    def act(self):
        return remove_attachment(self.file, actor=self.request.user)

    def told(self, _) -> str:
        return f"已移除“{self.file.name}”。"

    def back(self) -> str:
        return page_of("nomination-files", self.nomination)

    def facts(self):
        return [("材料类型", self.file.get_kind_display()), ("项目", str(self.nomination))]
