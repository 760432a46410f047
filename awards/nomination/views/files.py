"""Files of a nomination: upload and removal. Reading them is the dossier's."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from awards.nomination.actions.attachments import add_attachment, remove_attachment
from awards.nomination.forms.around import AttachmentForm
from awards.nomination.models import AttachmentKind
from awards.nomination.permissions import can_edit
from awards.nomination.queries.opening import open_parts
from awards.nomination.views.common import OwnNominationAct, page_of
from units.kit.acts import FormPage


class FilesAct(OwnNominationAct):
    def allowed(self) -> bool:
        return can_edit(self.request.user, self.nomination)

    def back(self) -> str:
        return page_of("nomination-files", self.nomination)


class NominationFilesView(FilesAct, FormPage):
    """The list of files and one upload at a time; a refused file leaves everything else as it was."""

    title, verb, blamed = "附件", "上传", "file"
    template_name = "awards/nomination/files.html"

    def make_form(self, *data) -> AttachmentForm:
        opened = open_parts(self.nomination)
        kinds = [
            (value, label)
            for value, label in AttachmentKind.choices
            if ("sealed" if value == AttachmentKind.SEALED else "attachments") in opened
        ]
        asked = self.request.GET.get("kind", AttachmentKind.EVIDENCE)
        return AttachmentForm(*data, kinds=kinds, initial={"kind": asked})

    def act(self, file, kind, blind_claimed, **rest):
        return add_attachment(
            self.nomination, upload=file, kind=kind, actor=self.request.user, blind_claimed=blind_claimed
        )

    def told(self, file) -> str:
        return f"已上传“{file.name}”。"

    def context(self, form) -> dict:
        files = self.nomination.attachments.present().select_related("uploaded_by")
        return super().context(form) | {
            "nomination": self.nomination,
            "files": files.defer("sha256_original"),
            "open_kinds": {value for value, _ in form.fields["kind"].choices},
        }


class AttachmentRemoveView(FilesAct):
    verb, danger = "移除附件", True
    text = "文件将从申报材料中移除。已随某次提交的文件仍留在那次提交的档案里。"

    @cached_property
    def file(self):
        return get_object_or_404(self.nomination.attachments.present(), slug=self.kwargs["slug"])

    @property
    def title(self) -> str:
        return f"移除“{self.file.name}”"

    def act(self):
        return remove_attachment(self.file, actor=self.request.user)

    def told(self, _) -> str:
        return f"已移除“{self.file.name}”。"

    def facts(self):
        return [("材料类型", self.file.get_kind_display()), ("项目", str(self.nomination))]
