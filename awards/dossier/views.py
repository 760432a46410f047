"""The file's own page in each reader's cut, its preview, its changes, its attachments."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views import View

from awards.campaign.rules.wording import left_text
from awards.catalogue import label_of, typed
from awards.dossier.cuts import SIGHTS, Cut, can_open, cut_of
from awards.dossier.queries import (
    content_for,
    facts_of,
    figures_of,
    history_of,
    masked_texts,
    remarks_on,
)
from awards.dossier.words import banner_of
from awards.nomination.models import Attachment, AttachmentKind, Nomination
from awards.nomination.permissions import (
    can_edit,
    can_send_back,
    can_submit,
    can_withdraw,
    is_of_the_lead,
)
from awards.nomination.queries.answers import changes
from awards.nomination.queries.content import files_handed_over, files_of
from awards.nomination.views.common import visible_nomination
from awards.states import State
from units.audit.events import Event
from units.audit.record import record
from units.downloads import attachment_response
from units.permissions import units_of
from units.roles import Role


class DossierView(View):
    http_method_names = ["get"]

    def get(self, request, key):
        nomination = visible_nomination(request, key)
        cut = cut_of(request.user, nomination)
        sight = SIGHTS[cut]
        phones = sight.phones or (sight.may_ask_phones and "contacts" in request.GET)
        if phones and not sight.phones:
            record(
                Event.PERSONAL_DATA_READ, actor=request.user, target=nomination, after={"fields": "联系方式"}
            )
        submissions = list(nomination.submissions.all()) if nomination.code else []
        content = content_for(nomination, cut, submissions)
        state = State(nomination.shown_state)
        files = files_of(nomination, removed=sight.removed)
        if submissions and cut != Cut.OWN:
            files = files_handed_over(nomination, submissions, removed=sight.removed)
        context = {
            "nomination": nomination, "cut": cut, "sight": sight, "content": content,
            "banner": banner_of(nomination, state, nomination.closes_at),
            "texts": [(one.code, one.label, content.get(one.code, "")) for one in typed(kind="text")],
            "facts": facts_of(content, phones=phones), "phones": phones, "figures": figures_of(content),
            "files": [file for file in files if sight.stamped or file["kind"] != AttachmentKind.SEALED],
            "submissions": submissions if sight.submissions else [],
            "history": history_of(nomination, sight) if sight.events else [],
            **self.corrections(nomination, state, sight), **self.steps(request.user, nomination),
        }  # fmt: skip
        return render(request, "awards/dossier/file.html", context)

    def corrections(self, nomination: Nomination, state: State, sight) -> dict:
        """The remarks of the open return for the banner, those answered for the record."""
        items = remarks_on(nomination) if sight.remarks and nomination.code else []
        lines = [(item.correction, label_of(item.field), item.remark) for item in items]
        waiting = state == State.RETURNED
        return {
            "remarks": [line for line in lines if waiting and line[0].answered_at is None],
            "earlier": [line for line in lines if not waiting or line[0].answered_at],
            "left": left_text(timezone.now(), nomination.correction_due_at) if waiting else "",
        }

    def steps(self, user, nomination: Nomination) -> dict:
        """Which buttons this person has."""
        asked = next(
            (
                row
                for row in nomination.partner_rows
                if not row["declined"]
                and any(row["path"].startswith(unit.path) for unit in units_of(user, Role.SECRETARY))
            ),
            None,
        )
        return {
            "may_edit": can_edit(user, nomination), "may_submit": can_submit(user, nomination),
            "may_send_back": can_send_back(user, nomination), "may_withdraw": can_withdraw(user, nomination),
            "asked": asked if nomination.is_with_the_unit else None, "of_the_lead": is_of_the_lead(user, nomination),
        }  # fmt: skip


class PreviewView(View):
    """按评委视角预览: the texts as the written stage will show them."""

    http_method_names = ["get"]

    def get(self, request, key):
        nomination = visible_nomination(request, key)
        cut = cut_of(request.user, nomination)
        if cut not in (Cut.OWN, Cut.OFFICE):
            raise PermissionDenied
        submissions = list(nomination.submissions.all()[:1])
        content = content_for(nomination, cut, submissions)
        texts = masked_texts(content, nomination.campaign.organiser)
        context = {
            "nomination": nomination, "title": texts[0][2], "texts": texts[1:], "figures": figures_of(content),
            "content": content, "hidden": sum(piece.hidden for _, _, pieces in texts for piece in pieces),
            "files": [file for file in files_of(nomination) if file["blind_claimed"]],
        }  # fmt: skip
        return render(request, "awards/dossier/preview.html", context)


class ChangesView(View):
    """What one submission changed against the one before it."""

    http_method_names = ["get"]

    def get(self, request, key, number):
        nomination = visible_nomination(request, key)
        sight = SIGHTS[cut_of(request.user, nomination)]
        if not sight.submissions:
            raise PermissionDenied
        found = {one.number: one for one in nomination.submissions.filter(number__in=[number, number - 1])}
        if number not in found or number - 1 not in found:
            raise Http404
        told = changes(found[number - 1].content, found[number].content, phones=sight.phones)
        context = {"nomination": nomination, "submission": found[number], "changes": told}
        return render(request, "awards/dossier/changes.html", context)


class AttachmentView(View):
    """One file as a download; every read by others than the lead unit is recorded."""

    http_method_names = ["get"]

    def get(self, request, slug):
        files = Attachment.objects.select_related("nomination__campaign", "nomination__unit")
        visible = Nomination.objects.visible_to(request.user).values("pk")
        attachment = get_object_or_404(files, slug=slug, nomination__in=visible)
        if not can_open(request.user, attachment):
            raise Http404
        if not is_of_the_lead(request.user, attachment.nomination):
            record(
                Event.ATTACHMENT_READ, actor=request.user, target=attachment.nomination,
                after={"file": attachment.name},
            )  # fmt: skip
        return attachment_response(attachment.file.open("rb"), attachment.name, attachment.content_type)
